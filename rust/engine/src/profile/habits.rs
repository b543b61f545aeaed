//! What acquirers do differently, as settings: the sources are single or disagree about it.

use std::str::FromStr;

use super::{SettingError, Settings};

/// Habits of one acquirer's dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireHabits {
    /// Requests tell of the terminal in field 59 tag A2.
    pub terminal_information: bool,
    /// Digits of a length inside that tag: 2 or 3.
    pub terminal_information_lengths: u8,
    /// Digits of a length in field 59: 2 or 3.
    pub f59_lengths: u8,
    /// 60.3 of a signature upload, three digits.
    pub signature_code: String,
    /// A signature upload and its answer carry a MAC.
    pub signature_mac: bool,
    /// Sizes of downloaded parameters that differ from the usual ones.
    pub parameter_sizes: ParameterSizes,
    /// Field 62 of a status upload.
    pub status_report: String,
    /// Tag DF31 of a script notice when no card told its result.
    pub script_not_run: HexBytes,
    /// Field 26 where a PIN was entered.
    pub pin_capture: u8,
    /// How many digits of field 3 an answer repeats: 2 to 6.
    pub processing_code_digits: usize,
    /// The reversal of a sale names it in field 61.
    pub sale_reversal_f61: bool,
}

impl WireHabits {
    pub(super) fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        Ok(Self {
            terminal_information: s.read("unionpay.terminal_information")?,
            terminal_information_lengths: s.read("unionpay.terminal_information_lengths")?,
            f59_lengths: s.read("unionpay.f59_lengths")?,
            signature_code: s.text("unionpay.signature_code")?.to_owned(),
            signature_mac: s.read("unionpay.signature_mac")?,
            parameter_sizes: s.read("unionpay.parameter_sizes")?,
            status_report: s.text("unionpay.status_report")?.to_owned(),
            script_not_run: s.read("unionpay.script_not_run")?,
            pin_capture: s.read("unionpay.pin_capture")?,
            processing_code_digits: s.read("unionpay.processing_code_digits")?,
            sale_reversal_f61: s.read("unionpay.sale_reversal_f61")?,
        })
    }
}

/// A text that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotThat;

/// Bytes of downloaded terminal parameters by their two-digit code, written `14=14, 22=40`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterSizes(pub Vec<(String, usize)>);

impl FromStr for ParameterSizes {
    type Err = NotThat;

    fn from_str(text: &str) -> Result<Self, NotThat> {
        let mut sizes: Vec<(String, usize)> = Vec::new();
        for part in text.split(',').map(str::trim) {
            if part.is_empty() && text.trim().is_empty() {
                break;
            }
            let (code, size) = part.split_once('=').ok_or(NotThat)?;
            let (code, size) = (code.trim(), size.trim());
            let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_digit());
            let is_number = !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit());
            let size: usize = size.parse().map_err(|_| NotThat)?;
            let twice = sizes.iter().any(|(known, _)| known == code);
            if !is_code || !is_number || !(1..=999).contains(&size) || twice {
                return Err(NotThat);
            }
            sizes.push((code.to_owned(), size));
        }
        Ok(Self(sizes))
    }
}

impl ParameterSizes {
    /// The usual sizes with these put over them.
    #[must_use]
    pub fn over(&self, mut usual: Vec<(String, usize)>) -> Vec<(String, usize)> {
        for (code, size) in &self.0 {
            match usual.iter_mut().find(|(known, _)| known == code) {
                Some((_, known)) => *known = *size,
                None => usual.push((code.clone(), *size)),
            }
        }
        usual
    }
}

/// Bytes, written in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexBytes(pub Vec<u8>);

impl FromStr for HexBytes {
    type Err = NotThat;

    fn from_str(text: &str) -> Result<Self, NotThat> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.is_empty() || !rest.is_empty() {
            return Err(NotThat);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let byte = |[high, low]: &[u8; 2]| {
            let value = digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?;
            u8::try_from(value).ok()
        };
        let bytes = pairs.iter().map(byte).collect::<Option<Vec<_>>>();
        bytes.map(Self).ok_or(NotThat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_put_over_the_usual_ones() {
        let sizes: ParameterSizes = " 14=20, 99=7".parse().unwrap();
        let usual = vec![("11".to_owned(), 2), ("14".to_owned(), 14)];
        let all = sizes.over(usual.clone());
        let shown: Vec<_> = all
            .iter()
            .map(|(code, size)| (code.as_str(), *size))
            .collect();
        assert_eq!(shown, [("11", 2), ("14", 20), ("99", 7)]);
        assert_eq!(
            "".parse::<ParameterSizes>().unwrap().over(usual.clone()),
            usual
        );
        for wrong in [
            "14",
            "14=",
            "1=2",
            "14=0",
            "14=1000",
            "14=+2",
            "14=2,,",
            "14=2,14=3",
            "x4=2",
        ] {
            assert!(wrong.parse::<ParameterSizes>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn bytes_are_pairs_of_hexadecimal_digits() {
        assert_eq!("00fF".parse(), Ok(HexBytes(vec![0, 255])));
        for wrong in ["", "0", "+1", "0g", "000"] {
            assert_eq!(wrong.parse::<HexBytes>(), Err(NotThat), "{wrong}");
        }
    }
}
