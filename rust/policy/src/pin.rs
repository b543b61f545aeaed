//! Operators' PINs: their form, and which ones are too easy to guess.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Role;

/// Fewest digits of a PIN.
pub const MIN_DIGITS: usize = 4;
/// Most digits of a PIN.
pub const MAX_DIGITS: usize = 12;

/// Why a PIN cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    /// Not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Form,
    /// One digit again and again, a run, a repeated block, or a well-known number.
    #[error("this PIN is too easy to guess for a supervisor")]
    Trivial,
    /// The operator's own number is in it.
    #[error("a PIN must not be the operator's number")]
    OwnNumber,
}

/// An operator's PIN as entered. In memory for one check, never stored.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct OperatorPin(String);

impl OperatorPin {
    /// From 4 to 12 ASCII digits.
    ///
    /// # Errors
    /// [`PinFault::Form`].
    pub fn parse(digits: &str) -> Result<Self, PinFault> {
        let length = (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len());
        if length && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(PinFault::Form)
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it may become the PIN of operator `no`. Nobody takes their own number; a supervisor
    /// takes nothing that a customer would try first.
    ///
    /// # Errors
    /// [`PinFault::OwnNumber`] or [`PinFault::Trivial`].
    pub fn check_choice(&self, no: &str, role: Role) -> Result<(), PinFault> {
        let digits = self.bytes();
        if is_blocks_of(digits, no.as_bytes()) || self.0.trim_start_matches('0') == no {
            return Err(PinFault::OwnNumber);
        }
        if role == Role::Supervisor && is_trivial(digits) {
            return Err(PinFault::Trivial);
        }
        Ok(())
    }
}

impl fmt::Debug for OperatorPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorPin(…)")
    }
}

/// Figures on the key pad and numbers that read as words in Chinese.
const WELL_KNOWN: &[&[u8]] = &[
    b"2580",
    b"0852",
    b"1314",
    b"5201314",
    b"1314520",
    b"147258",
    b"147258369",
    b"159753",
    b"789456123",
    b"112233",
    b"110119",
    b"110120",
];

fn is_trivial(digits: &[u8]) -> bool {
    let repeats = (1..=digits.len() / 2)
        .any(|length| is_blocks_of(digits, digits.get(..length).unwrap_or_default()));
    repeats || is_run(digits) || WELL_KNOWN.contains(&digits)
}

/// Whether `digits` is nothing but `block` again and again.
fn is_blocks_of(digits: &[u8], block: &[u8]) -> bool {
    !block.is_empty()
        && digits.len().is_multiple_of(block.len())
        && digits.chunks(block.len()).all(|chunk| chunk == block)
}

/// Whether each digit is the one before plus one, or minus one, 9 and 0 being neighbours.
fn is_run(digits: &[u8]) -> bool {
    let steps_by = |step: u8| {
        digits.iter().zip(digits.iter().skip(1)).all(|(one, next)| {
            let (one, next) = (one.wrapping_sub(b'0'), next.wrapping_sub(b'0'));
            (one + step) % 10 == next
        })
    };
    steps_by(1) || steps_by(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(pin: &str, role: Role) -> Result<(), PinFault> {
        OperatorPin::parse(pin).unwrap().check_choice("07", role)
    }

    #[test]
    fn a_pin_is_4_to_12_digits() {
        for good in ["8264", "826405713926"] {
            assert!(OperatorPin::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "826",
            "8264057139264",
            "82a4",
            "８２６４",
            "82 64",
            "-826",
        ] {
            assert_eq!(OperatorPin::parse(bad), Err(PinFault::Form), "{bad}");
        }
    }

    #[test]
    fn a_supervisor_takes_no_pin_that_is_tried_first() {
        for trivial in [
            "0000", "888888", "1234", "123456", "6543", "7890", "8901", "0987", "1212", "123123",
            "2580", "5201314", "112233",
        ] {
            assert_eq!(
                choice(trivial, Role::Supervisor),
                Err(PinFault::Trivial),
                "{trivial}"
            );
            assert_eq!(choice(trivial, Role::Cashier), Ok(()), "{trivial}");
        }
        for good in ["8264", "1235", "12341", "121213", "0001", "1357"] {
            assert_eq!(choice(good, Role::Supervisor), Ok(()), "{good}");
        }
    }

    #[test]
    fn nobody_takes_their_own_number() {
        for role in [Role::Cashier, Role::Supervisor] {
            assert_eq!(choice("0707", role), Err(PinFault::OwnNumber));
        }
        let pin = OperatorPin::parse("008261").unwrap();
        assert_eq!(
            pin.check_choice("8261", Role::Cashier),
            Err(PinFault::OwnNumber)
        );
        assert_eq!(pin.check_choice("01", Role::Supervisor), Ok(()));
    }

    #[test]
    fn i11_a_pin_does_not_show_itself() {
        let pin = OperatorPin::parse("8264").unwrap();
        assert!(!format!("{pin:?}").contains("8264"));
        for fault in [PinFault::Form, PinFault::Trivial, PinFault::OwnNumber] {
            assert!(!format!("{fault} {fault:?}").contains("8264"));
        }
    }
}
