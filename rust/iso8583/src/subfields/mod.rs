//! What the private fields hold inside (spec 2.6 to 2.11, 8.1 and 8.3).
//!
//! All functions work on the *value form* of a field and never look past its end.

pub mod f48;
pub mod f53;
pub mod f55;
pub mod f59;
pub mod f60;
pub mod f61;
pub mod f62;
pub mod f63;

use thiserror::Error;

/// Content of a field that does not have the form it should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("F{field} at position {at}: {rule}")]
pub struct SubfieldError {
    /// The field.
    pub field: u8,
    /// Position in the value, from 0.
    pub at: usize,
    /// What should be there.
    pub rule: &'static str,
}

/// Reads a value from left to right.
struct Reader<'a> {
    field: u8,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    const fn new(field: u8, bytes: &'a [u8]) -> Self {
        Self {
            field,
            bytes,
            at: 0,
        }
    }

    const fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    const fn error(&self, rule: &'static str) -> SubfieldError {
        SubfieldError {
            field: self.field,
            at: self.at,
            rule,
        }
    }

    fn take(&mut self, size: usize, rule: &'static str) -> Result<&'a [u8], SubfieldError> {
        let error = self.error(rule);
        let end = self.at.checked_add(size).ok_or(error)?;
        let taken = self.bytes.get(self.at..end).ok_or(error)?;
        self.at = end;
        Ok(taken)
    }

    /// Up to `size` bytes: fewer when the value ends.
    fn take_up_to(&mut self, size: usize) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..size).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    fn digits(&mut self, size: usize, rule: &'static str) -> Result<&'a str, SubfieldError> {
        let error = self.error(rule);
        let taken = self.take(size, rule)?;
        if !taken.iter().all(u8::is_ascii_digit) {
            return Err(error);
        }
        std::str::from_utf8(taken).map_err(|_| error)
    }

    /// A decimal number of `size` digits, at most 19.
    fn number(&mut self, size: usize, rule: &'static str) -> Result<u64, SubfieldError> {
        let error = self.error(rule);
        self.digits(size, rule)?.parse().map_err(|_| error)
    }

    /// A number of `size` digits that fits a smaller type.
    fn small<T: TryFrom<u64>>(
        &mut self,
        size: usize,
        rule: &'static str,
    ) -> Result<T, SubfieldError> {
        let error = self.error(rule);
        T::try_from(self.number(size, rule)?).map_err(|_| error)
    }

    fn end(&self, rule: &'static str) -> Result<(), SubfieldError> {
        if self.is_done() {
            Ok(())
        } else {
            Err(self.error(rule))
        }
    }
}

/// Appends a number with leading zeros; an error when it does not fit `width` digits.
fn put_number(
    out: &mut String,
    field: u8,
    number: u64,
    width: usize,
    rule: &'static str,
) -> Result<(), SubfieldError> {
    let at = out.len();
    let text = format!("{number:0width$}");
    if text.len() > width {
        return Err(SubfieldError { field, at, rule });
    }
    out.push_str(&text);
    Ok(())
}

/// Appends text of exactly `width` digits.
fn put_digits(
    out: &mut String,
    field: u8,
    digits: &str,
    width: usize,
    rule: &'static str,
) -> Result<(), SubfieldError> {
    if digits.len() != width || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(SubfieldError {
            field,
            at: out.len(),
            rule,
        });
    }
    out.push_str(digits);
    Ok(())
}
