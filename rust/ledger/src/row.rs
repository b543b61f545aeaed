//! Columns read as our types.

use pos_domain::{Amount, Code, Id, Rail};
use rusqlite::Row;

use crate::LedgerError;

/// A column's text turned into one of our types.
pub(crate) fn parsed<T: std::str::FromStr>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    text.parse().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            at,
            rusqlite::types::Type::Text,
            Box::new(LedgerError::Value("state")),
        )
    })
}

pub(crate) fn id(row: &Row<'_>, at: usize) -> rusqlite::Result<Id> {
    optional_id(row, at)?.ok_or(rusqlite::Error::InvalidColumnType(
        at,
        "id".into(),
        rusqlite::types::Type::Text,
    ))
}

pub(crate) fn optional_id(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Id>> {
    let text: Option<String> = row.get(at)?;
    Ok(text.and_then(|text| Id::parse(&text).ok()))
}

pub(crate) fn amount(row: &Row<'_>, at: usize) -> rusqlite::Result<Amount> {
    let minor: i64 = row.get(at)?;
    Amount::from_minor(minor).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, minor))
}

pub(crate) fn code(row: &Row<'_>, at: usize, rail: Rail) -> rusqlite::Result<Option<Code>> {
    let text: Option<String> = row.get(at)?;
    Ok(text.and_then(|text| Code::parse(&text, rail).ok()))
}

/// The rail whose codes a row's code is one of; the card rail's for what has no original.
pub(crate) fn rail_or_card(row: &Row<'_>, at: usize) -> rusqlite::Result<Rail> {
    let text: Option<String> = row.get(at)?;
    Ok(text
        .and_then(|text| text.parse().ok())
        .unwrap_or(Rail::UnionPay))
}
