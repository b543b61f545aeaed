//! Card data. Every type here masks itself in `Debug` and wipes itself when dropped.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::text_enum;

/// How the card's data came in, which decides field 22 and whether track 2 is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// Number and expiry keyed in, or taken from the stored original.
    Manual,
    /// Magnetic stripe.
    Swipe,
    /// Contact chip.
    Chip,
    /// Contactless card, phone or wristband.
    Contactless,
    /// A customer's payment code.
    Code,
}

text_enum!(Entry {
    Manual => "manual",
    Swipe => "swipe",
    Chip => "chip",
    Contactless => "contactless",
    Code => "code",
});

/// Why card data cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The card number is not 12 to 19 digits.
    #[error("a card number has 12 to 19 digits")]
    Length,
    /// The check digit does not fit.
    #[error("the card number's check digit does not fit")]
    CheckDigit,
    /// The expiry date is not YYMM.
    #[error("an expiry date is YYMM")]
    Expiry,
    /// Track 2 is not number, separator, expiry, service code.
    #[error("track 2 is number=YYMM…, at most 37 characters")]
    Track2,
    /// A PIN is not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Pin,
}

/// A primary account number with a correct check digit.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pan(String);

impl Pan {
    /// From 12 to 19 digits.
    ///
    /// # Errors
    /// Wrong length, other characters, or a check digit that does not fit (Luhn).
    pub fn parse(digits: &str) -> Result<Self, CardError> {
        if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CardError::Length);
        }
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit.wrapping_sub(b'0'));
                let doubled = if place % 2 == 1 { digit * 2 } else { digit };
                doubled / 10 + doubled % 10
            })
            .sum();
        if sum.is_multiple_of(10) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(CardError::CheckDigit)
        }
    }

    /// All digits, for the wire and the sealed store only.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The last four digits, for screens and slips.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0
            .get(self.0.len().saturating_sub(4)..)
            .unwrap_or_default()
    }

    /// First six and last four digits, stars between (spec unionpay-8583 §9.2).
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.0.get(..6).unwrap_or_default();
        let stars = self.0.len().saturating_sub(10);
        format!("{first}{}{}", "*".repeat(stars), self.last_four())
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pan(…)")
    }
}

/// An expiry date, YYMM.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Expiry(String);

impl Expiry {
    /// From four digits, month 01 to 12.
    ///
    /// # Errors
    /// [`CardError::Expiry`].
    pub fn parse(yymm: &str) -> Result<Self, CardError> {
        let digits = yymm.len() == 4 && yymm.bytes().all(|b| b.is_ascii_digit());
        let month: u8 = yymm.get(2..).and_then(|m| m.parse().ok()).unwrap_or(0);
        if digits && (1..=12).contains(&month) {
            Ok(Self(yymm.to_owned()))
        } else {
            Err(CardError::Expiry)
        }
    }

    /// The four digits.
    #[must_use]
    pub fn yymm(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expiry(…)")
    }
}

/// Track 2 as read: number, `=`, expiry, service code, discretionary data. Never stored.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Track2(String);

impl Track2 {
    /// From at most 37 characters; `D` is taken for `=`, sentinels `;` and `?` are dropped.
    ///
    /// # Errors
    /// [`CardError::Track2`], or the number's own error.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        let mut track = text
            .trim_start_matches(';')
            .trim_end_matches('?')
            .replace(['D', 'd'], "=");
        let fits = track.len() <= 37
            && track.bytes().all(|b| b.is_ascii_digit() || b == b'=')
            && track
                .split_once('=')
                .is_some_and(|(_, rest)| rest.len() >= 4);
        if !fits {
            track.zeroize();
            return Err(CardError::Track2);
        }
        let track = Self(track);
        Pan::parse(track.parts().0)?;
        Ok(track)
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('=').unwrap_or((&self.0, ""))
    }

    /// The number before the separator.
    ///
    /// # Errors
    /// The number's own error.
    pub fn pan(&self) -> Result<Pan, CardError> {
        Pan::parse(self.parts().0)
    }

    /// The expiry date behind the separator.
    ///
    /// # Errors
    /// [`CardError::Expiry`] when the month is none.
    pub fn expiry(&self) -> Result<Expiry, CardError> {
        Expiry::parse(self.parts().1.get(..4).unwrap_or_default())
    }

    /// The whole track with `=`, for the wire only.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Track2(…)")
    }
}

/// A cardholder's PIN. In memory for one attempt, never stored.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pin(String);

impl Pin {
    /// From 4 to 12 digits.
    ///
    /// # Errors
    /// [`CardError::Pin`].
    pub fn parse(digits: &str) -> Result<Self, CardError> {
        if (4..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err(CardError::Pin)
        }
    }

    /// The digits, for the PIN block only.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A card as presented for one attempt.
#[derive(Clone, Debug)]
pub struct CardInput {
    /// How it came in.
    pub entry: Entry,
    /// The number.
    pub pan: Pan,
    /// The expiry date when known.
    pub expiry: Option<Expiry>,
    /// Track 2 when the card was read.
    pub track2: Option<Track2>,
    /// Field 55 (BER-TLV) of a chip or contactless reading.
    pub field55: Option<Vec<u8>>,
    /// Card sequence number, three digits, when the chip gave one.
    pub sequence: Option<String>,
    /// The PIN when one was entered.
    pub pin: Option<Pin>,
}

impl CardInput {
    /// A number and expiry date keyed in by hand.
    #[must_use]
    pub const fn keyed(pan: Pan, expiry: Option<Expiry>) -> Self {
        let entry = Entry::Manual;
        Self {
            entry,
            pan,
            expiry,
            track2: None,
            field55: None,
            sequence: None,
            pin: None,
        }
    }

    /// A swiped card.
    ///
    /// # Errors
    /// The track's own errors.
    pub fn swiped(track2: Track2) -> Result<Self, CardError> {
        let (pan, expiry) = (track2.pan()?, track2.expiry().ok());
        let track2 = Some(track2);
        let entry = Entry::Swipe;
        Ok(Self {
            entry,
            pan,
            expiry,
            track2,
            field55: None,
            sequence: None,
            pin: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luhn_valid() -> String {
        (0..10)
            .map(|d| format!("622202000000000001{d}"))
            .find(|p| Pan::parse(p).is_ok())
            .unwrap()
    }

    #[test]
    fn a_wrong_check_digit_is_refused() {
        let good = luhn_valid();
        assert_eq!(
            (0..10)
                .filter(|d| Pan::parse(&format!("{}{d}", good.get(..18).unwrap())).is_ok())
                .count(),
            1
        );
        assert_eq!(Pan::parse("123"), Err(CardError::Length));
        assert_eq!(Pan::parse("62220200000000000a"), Err(CardError::Length));
    }

    #[test]
    fn i11_secrets_do_not_show_themselves() {
        let pan = Pan::parse(&luhn_valid()).unwrap();
        let track = Track2::parse(&format!("{}=30121010000", pan.digits())).unwrap();
        let mut card = CardInput::swiped(track.clone()).unwrap();
        card.pin = Some(Pin::parse("123456").unwrap());
        let shown = format!("{pan:?} {track:?} {card:?}");
        assert!(
            !shown.contains("622202000000") && !shown.contains("123456") && !shown.contains("3012")
        );
        assert_eq!(pan.masked().len(), 19);
        assert!(pan.masked().starts_with("622202***"));
    }

    #[test]
    fn track_2_is_taken_apart() {
        let pan = luhn_valid();
        let track = Track2::parse(&format!(";{pan}D30121010000?")).unwrap();
        assert_eq!(track.pan().unwrap().digits(), pan);
        assert_eq!(track.expiry().unwrap().yymm(), "3012");
        for bad in [
            "",
            "6222",
            &format!("{pan}=30"),
            &format!("{pan}=3012{}", "0".repeat(30)),
        ] {
            assert!(Track2::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_expiry_has_a_month() {
        assert!(Expiry::parse("3012").is_ok());
        for bad in ["3013", "3000", "301", "30a1", "30125"] {
            assert_eq!(Expiry::parse(bad), Err(CardError::Expiry), "{bad}");
        }
    }
}
