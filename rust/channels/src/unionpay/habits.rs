//! What acquirers do differently where the sources are single or disagree (spec marks S and U).

use pos_iso8583::subfields::SubfieldError;
use pos_iso8583::subfields::f59::{self, Entry, LengthWidth};

/// Settings of one acquirer's dialect. The default is what most sources say.
#[derive(Clone, Debug)]
pub struct Habits {
    /// How many digits a length in field 59 has (§2.9).
    pub f59_lengths: LengthWidth,
    /// What field 59 tag A2 says of the terminal; none leaves it out.
    pub terminal_information: Option<TerminalInformation>,
    /// 60.3 of a signature upload, three digits (§2.3).
    pub signature_code: String,
    /// Whether a signature upload and its answer carry field 64 (§6.6).
    pub signature_mac: bool,
    /// Bytes of each downloaded terminal parameter, by its two-digit code (§2.10).
    pub parameter_sizes: Vec<(String, usize)>,
    /// Field 62 of a status upload: the coding of the states is the acquirer's.
    pub status_report: String,
    /// Tag DF31 of a script notice while no card told its result: script not run.
    pub script_not_run: Vec<u8>,
    /// Field 26 where a PIN was entered, two digits (§2.2).
    pub pin_capture: String,
    /// How many digits of field 3 an answer shares with its request, from the first: all 6, or 2
    /// where the rest is the acquirer's (§1.5).
    pub processing_code_digits: usize,
    /// Whether the reversal of a sale or a pre-authorisation names it in field 61 (§2.7).
    pub sale_reversal_f61: bool,
}

/// Sizes as the published layouts suggest; only that of 22, the merchant's name, is certain.
const PARAMETER_SIZES: [(&str, usize); 17] = [
    ("11", 2),
    ("12", 2),
    ("13", 1),
    ("14", 14),
    ("15", 14),
    ("16", 14),
    ("17", 14),
    ("18", 1),
    ("19", 2),
    ("20", 1),
    ("21", 1),
    ("22", 40),
    ("23", 1),
    ("24", 1),
    ("25", 1),
    ("26", 4),
    ("27", 2),
];

impl Default for Habits {
    fn default() -> Self {
        Self {
            f59_lengths: LengthWidth::Three,
            terminal_information: None,
            signature_code: "800".to_owned(),
            signature_mac: true,
            parameter_sizes: PARAMETER_SIZES
                .iter()
                .map(|(code, size)| ((*code).to_owned(), *size))
                .collect(),
            // Five hardware states, each its code and 0 for in order.
            status_report: "010020030040050".to_owned(),
            script_not_run: vec![0; 5],
            pin_capture: "12".to_owned(),
            processing_code_digits: 6,
            sale_reversal_f61: false,
        }
    }
}

/// Field 59 tag A2 (§2.9): kind of device, hardware serial and application version. The encrypted
/// serial (sub-tags 03 and 04) needs a key that no public source describes; it is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalInformation(Vec<u8>);

impl TerminalInformation {
    /// From the device type (`02` POS, `04` smart POS), the hardware serial (at most 50
    /// characters) and the application's version (8 characters), with sub-tag lengths of `lengths`.
    ///
    /// # Errors
    /// [`SubfieldError`] for a value that the length cannot say.
    pub fn new(
        device: &str,
        serial: &str,
        version: &str,
        lengths: LengthWidth,
    ) -> Result<Self, SubfieldError> {
        let parts = [("01", device), ("02", serial), ("05", version)];
        let entries = parts.map(|(tag, text)| Entry {
            tag,
            value: text.as_bytes(),
        });
        f59::to_value(&entries, lengths).map(Self)
    }

    /// The value of tag A2.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.0
    }
}

impl Habits {
    /// Field 59 of a request as far as it may be stored; none when nothing is said.
    pub(crate) fn private_field(&self) -> Option<Vec<u8>> {
        let information = self.terminal_information.as_ref()?;
        let entry = Entry {
            tag: f59::TERMINAL,
            value: information.value(),
        };
        f59::to_value(&[entry], self.f59_lengths).ok()
    }
}

/// Field 59 of a request with the SM4 PIN block (tag A1) before what it already says.
pub(crate) fn with_pin_block(
    field59: Option<&[u8]>,
    block: &[u8],
    lengths: LengthWidth,
) -> Result<Vec<u8>, SubfieldError> {
    let entry = Entry {
        tag: f59::SM4_PIN,
        value: block,
    };
    let mut value = f59::to_value(&[entry], lengths)?;
    value.extend_from_slice(field59.unwrap_or_default());
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_information_lies_in_tag_a2_with_lengths_of_its_own() {
        let info =
            TerminalInformation::new("04", "0000430123", "00010000", LengthWidth::Two).unwrap();
        assert_eq!(info.value(), b"01020402100000430123050800010000");
        let habits = Habits {
            terminal_information: Some(info.clone()),
            ..Habits::default()
        };
        let field = habits.private_field().unwrap();
        assert_eq!(
            f59::find(&field, LengthWidth::Three, "A2"),
            Some(info.value())
        );
        assert_eq!(Habits::default().private_field(), None);
        let long = "x".repeat(100);
        assert!(TerminalInformation::new("04", &long, "", LengthWidth::Two).is_err());
    }

    #[test]
    fn a_pin_block_goes_before_the_rest() {
        let value = with_pin_block(Some(b"A2003abc"), &[7; 16], LengthWidth::Three).unwrap();
        assert!(value.starts_with(b"A1016"));
        assert_eq!(
            f59::find(&value, LengthWidth::Three, "A2"),
            Some(&b"abc"[..])
        );
    }
}
