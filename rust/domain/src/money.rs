//! Money: whole minor units and a currency, never a float.

use std::fmt;
use std::str::FromStr;

/// The largest amount of one sale that field 4 can carry: twelve digits of fen.
pub const MAX_MINOR: i64 = 999_999_999_999;

/// A currency by its ISO 4217 numeric code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(u16);

impl Currency {
    /// Chinese yuan renminbi, 156.
    pub const CNY: Self = Self(156);

    /// From the three-digit numeric code.
    #[must_use]
    pub const fn from_numeric(code: u16) -> Option<Self> {
        if code <= 999 { Some(Self(code)) } else { None }
    }

    /// The numeric code, 0 to 999.
    #[must_use]
    pub const fn numeric(self) -> u16 {
        self.0
    }
}

/// An amount that can be sold: 1 to [`MAX_MINOR`] minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Why a text or a number is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point.
    #[error("an amount is digits with at most two decimals, such as 12.34")]
    Malformed,
    /// More than two digits behind the point.
    #[error("an amount has at most two decimals")]
    TooPrecise,
    /// Zero or negative.
    #[error("an amount must be more than zero")]
    NotPositive,
    /// More than twelve digits of minor units.
    #[error("an amount has at most twelve digits of fen")]
    TooLarge,
}

impl Amount {
    /// From minor units (fen).
    ///
    /// # Errors
    /// Zero, negative, or more than [`MAX_MINOR`].
    pub const fn from_minor(minor: i64) -> Result<Self, AmountError> {
        if minor <= 0 {
            Err(AmountError::NotPositive)
        } else if minor > MAX_MINOR {
            Err(AmountError::TooLarge)
        } else {
            Ok(Self(minor))
        }
    }

    /// Minor units (fen).
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Twelve digits, right-justified, zero-filled: field 4.
    #[must_use]
    pub fn twelve_digits(self) -> String {
        format!("{:012}", self.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Yuan with up to two decimals: `12`, `12.3`, `12.34`.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (yuan, fen) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(yuan) || !all_digits(fen) {
            return Err(AmountError::Malformed);
        }
        if fen.len() > 2 {
            return Err(AmountError::TooPrecise);
        }
        let yuan: i64 = yuan.parse().map_err(|_| AmountError::TooLarge)?;
        let hundredths: i64 = fen.parse().map_err(|_| AmountError::Malformed)?;
        let hundredths = if fen.len() == 1 {
            hundredths * 10
        } else {
            hundredths
        };
        yuan.checked_mul(100)
            .and_then(|whole| whole.checked_add(hundredths))
            .ok_or(AmountError::TooLarge)
            .and_then(Self::from_minor)
    }
}

/// An amount in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i14_amounts_are_whole_minor_units() {
        for (text, minor) in [("12.34", 1234), ("12.3", 1230), ("12", 1200), ("0.01", 1)] {
            assert_eq!(text.parse::<Amount>().unwrap().minor(), minor, "{text}");
        }
        assert_eq!(
            "9999999999.99".parse::<Amount>().unwrap().minor(),
            MAX_MINOR
        );
        assert_eq!("12.3".parse::<Amount>().unwrap().to_string(), "12.30");
        assert_eq!(
            "12.34".parse::<Amount>().unwrap().twelve_digits(),
            "000000001234"
        );
    }

    #[test]
    fn absurd_amounts_are_refused_with_the_reason() {
        for (text, error) in [
            ("", AmountError::Malformed),
            ("-1", AmountError::Malformed),
            ("1e3", AmountError::Malformed),
            ("1.", AmountError::Malformed),
            ("1.234", AmountError::TooPrecise),
            ("0", AmountError::NotPositive),
            ("0.00", AmountError::NotPositive),
            ("10000000000.00", AmountError::TooLarge),
            ("99999999999999999999", AmountError::TooLarge),
        ] {
            assert_eq!(text.parse::<Amount>(), Err(error), "{text}");
        }
    }
}
