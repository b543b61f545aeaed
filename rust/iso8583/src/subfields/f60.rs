//! F60: transaction type, batch and network management code (spec 2.3).

use super::{Reader, SubfieldError, put_digits, put_number};

const F60: u8 = 60;

/// F60 as it came; parts behind its end are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Private<'a>(&'a str);

impl<'a> Private<'a> {
    /// Reads the value of F60.
    ///
    /// # Errors
    /// A character that is no digit.
    pub fn parse(value: &'a [u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(F60, value);
        Ok(Self(reader.digits(value.len(), "digits")?))
    }

    /// 60.1 transaction type, two digits.
    #[must_use]
    pub fn transaction_type(self) -> Option<&'a str> {
        self.0.get(..2)
    }

    /// 60.2 batch number.
    #[must_use]
    pub fn batch(self) -> Option<u32> {
        self.0.get(2..8)?.parse().ok()
    }

    /// 60.3 network management code, three digits; `000` for financial messages.
    #[must_use]
    pub fn network_code(self) -> Option<&'a str> {
        self.0.get(8..11)
    }

    /// 60.4 terminal entry capability, one digit.
    #[must_use]
    pub fn entry_capability(self) -> Option<&'a str> {
        self.0.get(11..12)
    }

    /// 60.5 chip condition: `2` is a fallback swipe.
    #[must_use]
    pub fn chip_condition(self) -> Option<&'a str> {
        self.0.get(12..13)
    }

    /// 60.6: true when partial approval and balance are supported.
    #[must_use]
    pub fn partial_approval(self) -> Option<bool> {
        self.0.get(13..14).map(|digit| digit == "1")
    }

    /// 60.7 account type for points, three digits.
    #[must_use]
    pub fn account_type(self) -> Option<&'a str> {
        self.0.get(14..17)
    }
}

/// What to write into F60. Parts are left out from the right: 8, 11, 12, 13, 14 or 17 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// 60.1, two digits.
    pub transaction_type: &'a str,
    /// 60.2, at most 999999.
    pub batch: u32,
    /// 60.3 (three digits), 60.4, 60.5, 60.6 (one each) and 60.7 (three), as many as are sent.
    pub rest: &'a [&'a str],
}

impl Parts<'_> {
    /// The value of F60.
    ///
    /// # Errors
    /// A part that does not have its digits, or more than five in `rest`.
    pub fn to_value(&self) -> Result<String, SubfieldError> {
        const WIDTHS: [usize; 5] = [3, 1, 1, 1, 3];
        let mut out = String::with_capacity(17);
        put_digits(
            &mut out,
            F60,
            self.transaction_type,
            2,
            "transaction type, 2 digits",
        )?;
        put_number(&mut out, F60, self.batch.into(), 6, "batch, 6 digits")?;
        if self.rest.len() > WIDTHS.len() {
            return Err(SubfieldError {
                field: F60,
                at: 17,
                rule: "no part after 60.7",
            });
        }
        for (part, width) in self.rest.iter().zip(WIDTHS) {
            put_digits(
                &mut out,
                F60,
                part,
                width,
                "part of 60.3 to 60.7 with its digits",
            )?;
        }
        Ok(out)
    }
}
