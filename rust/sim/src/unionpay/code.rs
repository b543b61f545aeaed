//! Answer codes, field 39.

use std::fmt;

/// A field 39: two digits or capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerCode([u8; 2]);

impl AnswerCode {
    /// Approved.
    pub const APPROVED: Self = Self(*b"00");
    /// Partly approved.
    pub const PARTLY: Self = Self(*b"10");
    /// Invalid related transaction: never approved, or of an earlier day.
    pub const INVALID: Self = Self(*b"12");
    /// Invalid amount or currency.
    pub const BAD_AMOUNT: Self = Self(*b"13");
    /// Invalid card number, or not the original's.
    pub const BAD_CARD: Self = Self(*b"14");
    /// The original is voided or reversed already.
    pub const ALREADY: Self = Self(*b"22");
    /// No such original.
    pub const NOT_FOUND: Self = Self(*b"25");
    /// Format error.
    pub const FORMAT: Self = Self(*b"30");
    /// Function not supported.
    pub const UNSUPPORTED: Self = Self(*b"40");
    /// Not enough money.
    pub const POOR: Self = Self(*b"51");
    /// Expired card, or expiry wrong.
    pub const EXPIRED: Self = Self(*b"54");
    /// Wrong PIN.
    pub const WRONG_PIN: Self = Self(*b"55");
    /// Not the terminal of the original.
    pub const OTHER_TERMINAL: Self = Self(*b"58");
    /// Not the amount of the original.
    pub const OTHER_AMOUNT: Self = Self(*b"64");
    /// Sign in first, or the batch number differs.
    pub const SIGN_IN: Self = Self(*b"77");
    /// Cut-over is running.
    pub const CUTOVER: Self = Self(*b"90");
    /// Duplicate.
    pub const DUPLICATE: Self = Self(*b"94");
    /// PIN block cannot be read.
    pub const PIN_FORMAT: Self = Self(*b"99");
    /// Wrong MAC.
    pub const BAD_MAC: Self = Self(*b"A0");

    /// From two digits or capital letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            .then_some(Self(bytes))
    }

    /// The code of two decimal digits for 0 to 99.
    #[must_use]
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        (0..100)
            .contains(&number)
            .then(|| Self::parse(&format!("{number:02}")))
            .flatten()
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// True for the codes with which a terminal hands over goods (spec 7).
    #[must_use]
    pub fn approves(self) -> bool {
        ["00", "10", "11", "A2", "A4", "A5", "A6"].contains(&self.as_str())
    }

    /// True for the codes after which a terminal owes a reversal no more (spec 5.5, and the codes
    /// of a repetition).
    #[must_use]
    pub fn ends_a_reversal(self) -> bool {
        ["00", "12", "22", "25", "94"].contains(&self.as_str())
    }

    /// True for codes that leave open whether the request was executed.
    #[must_use]
    pub fn leaves_open(self) -> bool {
        ["09", "68", "91", "92", "96", "98"].contains(&self.as_str())
    }
}

impl fmt::Display for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
