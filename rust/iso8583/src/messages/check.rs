//! Checks of a message against its transaction.

use thiserror::Error;

use super::{Code, Kind, Presence, TRANSACTIONS, Transaction, transaction};
use crate::fields::Fields;
use crate::header::Mti;
use crate::subfields::f60::Private;

/// Why a message is not the transaction that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// A mandatory field, or one that another field calls for, is not there.
    #[error("F{field} is missing")]
    Missing {
        /// The field.
        field: u8,
    },
    /// A field that this transaction does not have.
    #[error("F{field} does not belong here")]
    Unexpected {
        /// The field.
        field: u8,
    },
    /// F3, F25, 60.1 or 60.3 is not the transaction's.
    #[error("F{field} has a code of another transaction in part {part}")]
    Code {
        /// The field: 3, 25 or 60.
        field: u8,
        /// The part of F60, or 0.
        part: u8,
    },
}

const MAC: u8 = 64;

/// Checks a request. F64 is not looked at: it is made when the message is sent.
///
/// # Errors
/// The first problem: missing fields, then fields that do not belong, then codes.
pub fn check(kind: Kind, fields: &Fields) -> Result<(), Problem> {
    let row = transaction(kind);
    check_presence(&row.request, fields)?;
    check_companions(fields)?;
    check_code(row.processing_code, fields.text(3), 3, 0)?;
    check_code(row.condition_code, fields.text(25), 25, 0)?;
    check_private(row, fields)
}

/// Checks the fields of an answer. F64 is not looked at, and what must be equal to the request is
/// not known here.
///
/// # Errors
/// The first missing field, or one that does not belong.
pub fn check_response(kind: Kind, fields: &Fields) -> Result<(), Problem> {
    check_presence(&transaction(kind).response, fields)
}

/// The transaction that a request or answer belongs to, by type, F3, F22, F25 and F60. A code
/// that an answer leaves out counts as matching.
#[must_use]
pub fn identify(mti: Mti, fields: &Fields) -> Option<Kind> {
    let is_code = fields.get(22).is_some_and(|mode| mode.starts_with(b"03"));
    let matches = |result: Result<(), Problem>, field| {
        result.is_ok() || (mti.is_response() && !fields.contains(field))
    };
    TRANSACTIONS
        .iter()
        .filter(|row| row.mti == mti || row.mti.response() == mti)
        .filter(|row| is_code || !row.kind.is_qr())
        .find(|row| {
            matches(check_code(row.processing_code, fields.text(3), 3, 0), 3)
                && matches(check_code(row.condition_code, fields.text(25), 25, 0), 25)
                && matches(check_private(row, fields), 60)
        })
        .map(|row| row.kind)
}

impl Kind {
    /// True for the transactions with a payment code.
    #[must_use]
    pub const fn is_qr(self) -> bool {
        matches!(self, Self::QrSale | Self::QrVoid | Self::QrRefund)
    }
}

fn check_presence(presence: &Presence, fields: &Fields) -> Result<(), Problem> {
    if let Some(&field) = presence
        .mandatory
        .iter()
        .find(|&&field| !fields.contains(field))
    {
        return Err(Problem::Missing { field });
    }
    match fields
        .iter()
        .find(|&(field, _)| field != MAC && !presence.allows(field))
    {
        Some((field, _)) => Err(Problem::Unexpected { field }),
        None => Ok(()),
    }
}

/// F26 and F52 come together; both, and tracks, call for F53. A QR sale may leave F53 out.
fn check_companions(fields: &Fields) -> Result<(), Problem> {
    let has = |field| fields.contains(field);
    if has(26) != has(52) {
        return Err(Problem::Missing {
            field: if has(26) { 52 } else { 26 },
        });
    }
    if (has(35) || has(36) || (has(52) && !has(59))) && !has(53) {
        return Err(Problem::Missing { field: 53 });
    }
    Ok(())
}

fn check_code(code: Code, value: Option<&str>, field: u8, part: u8) -> Result<(), Problem> {
    let good = match (code, value) {
        (Code::Absent, value) => value.is_none(),
        (Code::Original | Code::Any, _) => true,
        (Code::Is(wanted), Some(value)) => value == wanted,
        (Code::OneOf(wanted), Some(value)) => wanted.contains(&value),
        (Code::Is(_) | Code::OneOf(_), None) => false,
    };
    if good {
        Ok(())
    } else {
        Err(Problem::Code { field, part })
    }
}

/// 60.1 and 60.3. QR messages may end after the batch (spec 2.3).
fn check_private(row: &Transaction, fields: &Fields) -> Result<(), Problem> {
    let value = fields.get(60).ok_or(Problem::Missing { field: 60 })?;
    let private = Private::parse(value).map_err(|_| Problem::Code { field: 60, part: 1 })?;
    check_code(row.transaction_type, private.transaction_type(), 60, 1)?;
    match private.network_code() {
        None if row.network_code == Code::Is("000") => Ok(()),
        code => check_code(row.network_code, code, 60, 3),
    }
}
