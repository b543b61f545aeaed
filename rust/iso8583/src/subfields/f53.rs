//! F53 security control, and F54 balances (spec 2.2 and 2.6).

use super::{Reader, SubfieldError};

/// How the PIN block was made, digit 1 of F53.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinFormat {
    /// 0: no PIN.
    None,
    /// 1: without the card number.
    WithoutPan,
    /// 2: with the card number.
    WithPan,
}

/// The cipher, digit 2 of F53.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// 0: DES.
    Des,
    /// 6: triple DES.
    TripleDes,
    /// 3: SM4.
    Sm4,
}

/// F53, 16 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityControl {
    /// Digit 1.
    pub pin: PinFormat,
    /// Digit 2.
    pub cipher: Cipher,
    /// Digit 3: true when tracks are encrypted.
    pub track_encrypted: bool,
}

impl SecurityControl {
    /// Reads the value of F53; digits 4 to 16 are not looked at.
    ///
    /// # Errors
    /// Fewer than three digits or a digit without a meaning.
    pub fn parse(value: &[u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(53, value);
        let error = |at, rule| SubfieldError {
            field: 53,
            at,
            rule,
        };
        Ok(Self {
            pin: match reader.digits(1, "PIN format, 1 digit")? {
                "0" => PinFormat::None,
                "1" => PinFormat::WithoutPan,
                "2" => PinFormat::WithPan,
                _ => return Err(error(0, "PIN format 0, 1 or 2")),
            },
            cipher: match reader.digits(1, "cipher, 1 digit")? {
                "0" => Cipher::Des,
                "3" => Cipher::Sm4,
                "6" => Cipher::TripleDes,
                _ => return Err(error(1, "cipher 0, 3 or 6")),
            },
            track_encrypted: match reader.digits(1, "track encryption, 1 digit")? {
                "0" => false,
                "1" => true,
                _ => return Err(error(2, "track encryption 0 or 1")),
            },
        })
    }

    /// The value of F53.
    #[must_use]
    pub fn to_value(self) -> String {
        let pin = match self.pin {
            PinFormat::None => '0',
            PinFormat::WithoutPan => '1',
            PinFormat::WithPan => '2',
        };
        let cipher = match self.cipher {
            Cipher::Des => '0',
            Cipher::Sm4 => '3',
            Cipher::TripleDes => '6',
        };
        let track = if self.track_encrypted { '1' } else { '0' };
        format!("{pin}{cipher}{track}0000000000000")
    }
}

/// F54: one balance.
#[derive(Clone, PartialEq, Eq)]
pub struct Balance {
    /// Account type, two digits.
    pub account_type: String,
    /// Amount type, two digits.
    pub amount_type: String,
    /// Currency, three digits.
    pub currency: String,
    /// True for a debit balance.
    pub debit: bool,
    /// Amount in minor units.
    pub amount: u64,
}

impl Balance {
    /// Reads the value of F54, 20 characters.
    ///
    /// # Errors
    /// Another length, or parts that are not what they should be.
    pub fn parse(value: &[u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(54, value);
        let account_type = reader.digits(2, "account type, 2 digits")?.to_owned();
        let amount_type = reader.digits(2, "amount type, 2 digits")?.to_owned();
        let currency = reader.digits(3, "currency, 3 digits")?.to_owned();
        let error = reader.error("sign C or D");
        let debit = match reader.take(1, "sign C or D")? {
            b"C" => false,
            b"D" => true,
            _ => return Err(error),
        };
        let amount = reader.number(12, "amount, 12 digits")?;
        reader.end("20 characters")?;
        Ok(Self {
            account_type,
            amount_type,
            currency,
            debit,
            amount,
        })
    }
}

impl std::fmt::Debug for Balance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Balance(currency {})", self.currency)
    }
}
