//! The judgement over what a card said: may it be charged, by which track, checked how.

use std::fmt;

use zeroize::Zeroizing;

use crate::facts::Facts;
use crate::failure::ReadFailure;
use crate::field55;
use crate::terminal::{Application, Payment, TerminalData, Told, holder_check_due};

/// How the holder is to be checked before the sale goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderCheck {
    /// Not at all (spec 6.3: small amounts).
    None,
    /// A PIN, entered on the terminal's PIN pad and checked by the host.
    OnlinePin,
    /// A signature.
    Signature,
    /// Done: the phone or watch checked its owner.
    ByDevice,
}

/// A card that can be charged online. `Debug` shows neither number nor track.
pub struct CardRead {
    /// The application that the card took, tag 84.
    pub application: Vec<u8>,
    /// Track 2 as `number=YYMM…`, at most 37 characters, without filler.
    pub track2: Zeroizing<String>,
    /// Card sequence number, three digits (field 23), when the card has one.
    pub sequence: Option<String>,
    /// How the holder is to be checked.
    pub holder_check: HolderCheck,
    /// Field 55 (spec 8): exactly what the card was told and what it said.
    pub field55: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for CardRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (check, len) = (self.holder_check, self.field55.len());
        write!(f, "CardRead({check:?}, {len} bytes of chip data)")
    }
}

/// Judges a finished conversation.
///
/// # Errors
/// Why this card cannot be charged by this reading.
pub(crate) fn judge(
    facts: &Facts,
    application: (&[u8], &Application),
    terminal: &TerminalData,
    payment: &Payment,
    told: &[Told],
) -> Result<CardRead, ReadFailure> {
    online(facts)?;
    let track2 = track(facts.need(0x57)?).ok_or(ReadFailure::Malformed { tag: 0x57 })?;
    same_number(&track2, facts.get(0x5A))?;
    let qualifiers = facts.fixed::<2>(0x9F6C)?.unwrap_or_default();
    not_expired(facts, &track2, payment, qualifiers)?;
    let sequence = facts.fixed::<1>(0x5F34)?;
    let sequence = sequence.map(|[number]| format!("0{:X}{:X}", number >> 4, number & 0xF));
    if sequence
        .as_ref()
        .is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(ReadFailure::Malformed { tag: 0x5F34 });
    }
    let holder_check = holder_check(terminal, payment, qualifiers);
    let field55 = field55::build(facts, application, terminal, told, holder_check)?;
    Ok(CardRead {
        application: application.0.to_vec(),
        track2,
        sequence,
        holder_check,
        field55,
    })
}

/// The card must ask for the host (spec 6, step 6). Without a cryptogram here, or with contactless
/// magnetic stripe only, the transaction needs more than this reader does.
fn online(facts: &Facts) -> Result<(), ReadFailure> {
    let [_, second] = facts
        .fixed::<2>(0x82)?
        .ok_or(ReadFailure::Missing { tag: 0x82 })?;
    if facts.fixed::<8>(0x9F26)?.is_none() || second & 0x80 != 0 {
        return Err(ReadFailure::NeedsKernel);
    }
    let kind = match facts.fixed::<1>(0x9F27)? {
        Some([kind]) => kind & 0xC0,
        None => from_history(facts.need(0x9F10)?)?,
    };
    match kind {
        0x80 => Ok(()),
        0x40 => Err(ReadFailure::ApprovedWithoutHost),
        0x00 => Err(ReadFailure::Declined),
        _ => Err(ReadFailure::Malformed { tag: 0x9F27 }),
    }
}

/// The kind of cryptogram by bits 6 and 5 of the fifth byte of tag 9F10, as tag 9F27 would say it.
fn from_history(issuer_data: &[u8]) -> Result<u8, ReadFailure> {
    match issuer_data.get(4).map(|byte| byte & 0x30) {
        Some(0x20) => Ok(0x80),
        Some(0x10) => Ok(0x40),
        Some(0x00) => Ok(0x00),
        _ => Err(ReadFailure::Malformed { tag: 0x9F10 }),
    }
}

/// Track 2 from its packed form: number, D, YYMM, service code, rest, at most one filling F.
fn track(packed: &[u8]) -> Option<Zeroizing<String>> {
    // Never grown: a growing text leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(packed.len().saturating_mul(2)));
    let mut filled = false;
    let nibbles = packed.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    for nibble in nibbles {
        match nibble {
            _ if filled => return None,
            0..=9 => text.push(char::from(b'0' + nibble)),
            0xD if !text.contains('=') => text.push('='),
            0xF => filled = true,
            _ => return None,
        }
    }
    let (number, rest) = text.split_once('=')?;
    let month = rest.get(2..4)?.parse::<u8>().ok()?;
    let fits = (8..=19).contains(&number.len())
        && (1..=12).contains(&month)
        && rest.len() >= 7
        && text.len() <= 37;
    fits.then_some(text)
}

/// Tag 5A, where the card gives it, must be the number of the track.
fn same_number(track2: &str, packed: Option<&[u8]>) -> Result<(), ReadFailure> {
    let Some(packed) = packed else { return Ok(()) };
    let number = track2.split('=').next().unwrap_or_default();
    let mut wanted = number.bytes().map(|digit| digit & 0xF);
    let nibbles = packed.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    let same = nibbles.into_iter().all(|nibble| match wanted.next() {
        Some(digit) => digit == nibble,
        None => nibble == 0xF,
    });
    if same && wanted.next().is_none() {
        Ok(())
    } else {
        Err(ReadFailure::Contradiction { tag: 0x5A })
    }
}

/// By tag 5F24 to the day, else by the track to the month. An expired card goes on only when its
/// issuer wants to be asked (tag 9F6C, byte 1 bit 4).
fn not_expired(
    facts: &Facts,
    track2: &str,
    payment: &Payment,
    [first, _]: [u8; 2],
) -> Result<(), ReadFailure> {
    let expired = match facts.fixed::<3>(0x5F24)? {
        Some(last_day) => last_day < payment.date,
        None => {
            let month = track2.split_once('=').and_then(|(_, rest)| rest.get(..4));
            let [year, this_month, _] = payment.date;
            month.unwrap_or_default() < format!("{year:02X}{this_month:02X}").as_str()
        }
    };
    if expired && first & 0x08 == 0 {
        return Err(ReadFailure::Expired);
    }
    Ok(())
}

/// Spec 6.2 and 6.3: the card's wish, and the amount's. A wish for a PIN is always granted.
const fn holder_check(
    terminal: &TerminalData,
    payment: &Payment,
    [first, second]: [u8; 2],
) -> HolderCheck {
    let by_device = second & 0x80 != 0;
    let due = holder_check_due(terminal, payment);
    if by_device && (terminal.device_check_suffices || !due) {
        HolderCheck::ByDevice
    } else if first & 0x80 != 0 || due {
        HolderCheck::OnlinePin
    } else if first & 0x40 != 0 {
        HolderCheck::Signature
    } else {
        HolderCheck::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_are_unpacked_or_refused() {
        let good = [
            0x62, 0x31, 0x20, 0x01, 0, 0, 0, 0, 0x21, 0x7D, 0x30, 0x12, 0x22, 0x06, 0x9F,
        ];
        assert_eq!(
            track(&good).unwrap().as_str(),
            "6231200100000000217=30122206 9".replace(' ', "")
        );
        let two_separators = [0x62, 0x31, 0x20, 0x01, 0xD3, 0x01, 0x22, 0x2D, 0x06];
        let no_month = [0x62, 0x31, 0x20, 0x01, 0xD3, 0x01, 0x32, 0x20];
        let filler_inside = [0x62, 0x31, 0x20, 0x01, 0xD3, 0x01, 0x2F, 0x20, 0x00];
        for bad in [
            &two_separators[..],
            &no_month,
            &filler_inside,
            &[0x62; 20],
            &[],
        ] {
            assert!(track(bad).is_none());
        }
    }

    #[test]
    fn the_number_must_be_the_track_s() {
        assert!(same_number("62312001=3012", Some(&[0x62, 0x31, 0x20, 0x01])).is_ok());
        assert!(same_number("623120012=3012", Some(&[0x62, 0x31, 0x20, 0x01, 0x2F])).is_ok());
        for bad in [
            &[0x62, 0x31, 0x20, 0x02][..],
            &[0x62, 0x31],
            &[0x62, 0x31, 0x20, 0x01, 0x10],
        ] {
            assert!(same_number("62312001=3012", Some(bad)).is_err());
        }
    }
}
