//! F61: the message that this one is about (spec 2.7).

use super::{Reader, SubfieldError, put_digits, put_number};

const F61: u8 = 61;

/// The original message. Parts are left out from the right: 12, 16, 18 or up to 29 digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// 61.1 batch; 0 when unknown or not the current one.
    pub batch: u32,
    /// 61.2 trace; 0 when unknown.
    pub trace: u32,
    /// 61.3 date, MMDD; `0000` when unknown.
    pub date: Option<String>,
    /// 61.4 how it was authorized, two digits.
    pub method: Option<String>,
    /// 61.5 who authorized it, 1 to 11 digits.
    pub institution: Option<String>,
}

impl Original {
    /// Batch and trace alone: a void, or the reversal of one.
    #[must_use]
    pub fn numbered(batch: u32, trace: u32) -> Self {
        Self {
            batch,
            trace,
            ..Self::default()
        }
    }

    /// The date alone, batch and trace zero: a refund, a pre-auth void, a completion.
    #[must_use]
    pub fn dated(date: &str) -> Self {
        Self {
            date: Some(date.to_owned()),
            ..Self::default()
        }
    }

    /// Reads the value of F61.
    ///
    /// # Errors
    /// A part cut short, a character that is no digit, or more than 29 digits.
    pub fn parse(value: &[u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(F61, value);
        let batch = reader.small(6, "batch, 6 digits")?;
        let trace = reader.small(6, "trace, 6 digits")?;
        let mut part = |size: usize, rule| -> Result<Option<String>, SubfieldError> {
            if reader.is_done() {
                return Ok(None);
            }
            reader
                .digits(size, rule)
                .map(|digits| Some(digits.to_owned()))
        };
        let date = part(4, "date, 4 digits")?;
        let method = part(2, "method, 2 digits")?;
        let last = value.len().saturating_sub(18).min(11);
        let institution = part(last, "institution, at most 11 digits")?;
        reader.end("at most 29 digits")?;
        Ok(Self {
            batch,
            trace,
            date,
            method,
            institution,
        })
    }

    /// The value of F61.
    ///
    /// # Errors
    /// A part that does not have its digits, or one that follows a missing one.
    pub fn to_value(&self) -> Result<String, SubfieldError> {
        let mut out = String::with_capacity(29);
        put_number(&mut out, F61, self.batch.into(), 6, "batch, 6 digits")?;
        put_number(&mut out, F61, self.trace.into(), 6, "trace, 6 digits")?;
        let last = self
            .institution
            .as_ref()
            .map_or(0, |digits| digits.len().clamp(1, 11));
        let parts = [
            (&self.date, 4, "date, 4 digits"),
            (&self.method, 2, "method, 2 digits"),
            (&self.institution, last, "institution, 1 to 11 digits"),
        ];
        let mut ended = false;
        for (part, width, rule) in parts {
            match part {
                Some(_) if ended => {
                    let rule = "no part after a missing one";
                    return Err(SubfieldError {
                        field: F61,
                        at: out.len(),
                        rule,
                    });
                }
                Some(digits) => put_digits(&mut out, F61, digits, width, rule)?,
                None => ended = true,
            }
        }
        Ok(out)
    }
}
