//! What the terminal tells a card held to it. Sources disagree or are single (spec qr-and-emv 6.1,
//! 6.3, 8), so all of it is the acquirer's to set.

use std::str::FromStr;

use pos_emv::{Application, HolderWords, TerminalData};

use super::habits::{HexBytes, NotThat};
use super::{SettingError, Settings};

/// Payment applications that are taken, written `A000000333010101=0020, …`, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TapApplications(Vec<Application>);

impl FromStr for TapApplications {
    type Err = NotThat;

    fn from_str(text: &str) -> Result<Self, NotThat> {
        let one = |part: &str| {
            let (id, version) = part.trim().split_once('=').ok_or(NotThat)?;
            let HexBytes(id) = id.parse()?;
            let HexBytes(version) = version.parse()?;
            let version = version.try_into().map_err(|_| NotThat)?;
            if !(5..=16).contains(&id.len()) {
                return Err(NotThat);
            }
            Ok(Application { id, version })
        };
        let all = text.split(',').map(one).collect::<Result<_, _>>()?;
        Ok(Self(all))
    }
}

/// Tag 9F1E: the last eight characters of the terminal's serial number, zeros before a shorter one.
fn serial(text: &str) -> [u8; 8] {
    let mut serial = *b"00000000";
    for (to, from) in serial.iter_mut().rev().zip(text.bytes().rev()) {
        *to = from;
    }
    serial
}

/// The settings of the contactless reader.
pub(super) fn terminal_data(s: &Settings) -> Result<TerminalData, SettingError> {
    let TapApplications(applications) = s.read("unionpay.tap_applications")?;
    let [kind] = fixed(s, "unionpay.tap_terminal_type")?;
    Ok(TerminalData {
        qualifiers: fixed(s, "unionpay.tap_qualifiers")?,
        capabilities: fixed(s, "unionpay.tap_capabilities")?,
        kind,
        serial: serial(s.text("terminal.serial")?),
        country: fixed(s, "unionpay.tap_country")?,
        verification_results: fixed(s, "unionpay.tap_verification_results")?,
        holder_check_from: s.read("unionpay.tap_check_from")?,
        device_check_suffices: s.read("unionpay.tap_device_check")?,
        holder_words: HolderWords {
            none: fixed(s, "unionpay.tap_check_none")?,
            online_pin: fixed(s, "unionpay.tap_check_pin")?,
            signature: fixed(s, "unionpay.tap_check_signature")?,
            device: fixed(s, "unionpay.tap_check_device")?,
        },
        applications,
    })
}

fn fixed<const N: usize>(s: &Settings, key: &str) -> Result<[u8; N], SettingError> {
    let HexBytes(bytes) = s.read(key)?;
    bytes.try_into().map_err(|_| SettingError {
        key: key.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_are_ids_with_versions() {
        let two: TapApplications = "A000000333010101=0020,A0000003330101=0030".parse().unwrap();
        assert_eq!(two.0.len(), 2);
        assert_eq!(two.0[1].version, [0x00, 0x30]);
        assert_eq!(two.0[1].id, [0xA0, 0, 0, 3, 0x33, 1, 1]);
        for wrong in [
            "",
            "A000000333",
            "A0000003=0020",
            "A000000333=20",
            "A000000333=0020,",
        ] {
            assert!(wrong.parse::<TapApplications>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_serial_keeps_its_end() {
        assert_eq!(&serial("00004301234567890123"), b"67890123");
        assert_eq!(&serial("S1"), b"000000S1");
        assert_eq!(&serial(""), b"00000000");
    }
}
