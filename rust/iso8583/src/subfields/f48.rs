//! F48: totals of a settlement and details of a batch upload (spec 8.1 and 8.3).

use std::fmt;

use zeroize::Zeroizing;

use super::{Reader, SubfieldError, put_number};
use crate::describe;

const F48: u8 = 48;

/// Sums of one card organisation; amounts in minor units below 10^12, counts below 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sum of all debits.
    pub debit_amount: u64,
    /// Count of debits.
    pub debit_count: u16,
    /// Sum of all credits.
    pub credit_amount: u64,
    /// Count of credits.
    pub credit_count: u16,
}

/// What the host says about the sums of one organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// 0: nothing said; what a request carries.
    #[default]
    None,
    /// 1: balanced (对账平).
    Balanced,
    /// 2: not balanced (对账不平).
    NotBalanced,
    /// 3: error (对账错).
    Error,
    /// Another digit: the settlement failed.
    Failed(u8),
}

impl Verdict {
    const fn from_digit(digit: u8) -> Self {
        match digit {
            0 => Self::None,
            1 => Self::Balanced,
            2 => Self::NotBalanced,
            3 => Self::Error,
            other => Self::Failed(other),
        }
    }

    const fn digit(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Balanced => 1,
            Self::NotBalanced => 2,
            Self::Error => 3,
            Self::Failed(digit) => digit,
        }
    }
}

/// F48 of 0500 and 0510, 62 digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Domestic cards (内卡).
    pub domestic: Totals,
    /// Verdict on them, digit 30.
    pub domestic_verdict: Verdict,
    /// Foreign cards (外卡).
    pub foreign: Totals,
    /// Verdict on them, digit 61.
    pub foreign_verdict: Verdict,
}

impl Settlement {
    /// Reads the value of F48.
    ///
    /// # Errors
    /// Anything but 62 digits.
    pub fn parse(value: &[u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(F48, value);
        let domestic = Totals::read(&mut reader)?;
        let domestic_verdict = Verdict::from_digit(reader.small(1, "verdict, 1 digit")?);
        let foreign = Totals::read(&mut reader)?;
        let foreign_verdict = Verdict::from_digit(reader.small(1, "verdict, 1 digit")?);
        reader.end("62 digits")?;
        Ok(Self {
            domestic,
            domestic_verdict,
            foreign,
            foreign_verdict,
        })
    }

    /// The value of F48.
    ///
    /// # Errors
    /// A sum or count with too many digits.
    pub fn to_value(&self) -> Result<String, SubfieldError> {
        let mut out = String::with_capacity(62);
        let halves = [
            (self.domestic, self.domestic_verdict),
            (self.foreign, self.foreign_verdict),
        ];
        for (totals, verdict) in halves {
            totals.write(&mut out)?;
            put_number(&mut out, F48, verdict.digit().into(), 1, "verdict, 1 digit")?;
        }
        Ok(out)
    }
}

impl Totals {
    fn read(reader: &mut Reader<'_>) -> Result<Self, SubfieldError> {
        Ok(Self {
            debit_amount: reader.number(12, "amount, 12 digits")?,
            debit_count: reader.small(3, "count, 3 digits")?,
            credit_amount: reader.number(12, "amount, 12 digits")?,
            credit_count: reader.small(3, "count, 3 digits")?,
        })
    }

    fn write(&self, out: &mut String) -> Result<(), SubfieldError> {
        put_number(out, F48, self.debit_amount, 12, "amount, 12 digits")?;
        put_number(out, F48, self.debit_count.into(), 3, "count, 3 digits")?;
        put_number(out, F48, self.credit_amount, 12, "amount, 12 digits")?;
        put_number(out, F48, self.credit_count.into(), 3, "count, 3 digits")
    }
}

/// One transaction in a batch upload (0320/201). The account is hidden in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchDetail {
    /// True for a foreign card.
    pub foreign: bool,
    /// Trace number, at most 999999.
    pub trace: u32,
    /// Card number or payment code, at most 20 digits, without leading zeros.
    pub account: Zeroizing<String>,
    /// Amount in minor units, below 10^12.
    pub amount: u64,
}

impl fmt::Debug for BatchDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchDetail")
            .field("foreign", &self.foreign)
            .field("trace", &self.trace)
            .field("account", &describe::mask_account(self.account.as_bytes()))
            .field("amount", &self.amount)
            .finish()
    }
}

/// Most details that one message can carry.
pub const DETAILS_MAX: usize = 8;

/// Reads F48 of a batch detail message.
///
/// # Errors
/// A count above eight, details cut short or followed by more, an unknown organisation.
pub fn parse_details(value: &[u8]) -> Result<Vec<BatchDetail>, SubfieldError> {
    let mut reader = Reader::new(F48, value);
    let rule = "count of details, 01 to 08";
    let error = reader.error(rule);
    let count: u8 = reader.small(2, rule)?;
    if usize::from(count) > DETAILS_MAX {
        return Err(error);
    }
    let mut details = Vec::with_capacity(DETAILS_MAX);
    for _ in 0..count {
        details.push(BatchDetail::read(&mut reader)?);
    }
    reader.end("end after the last detail")?;
    Ok(details)
}

/// F48 of a batch detail message.
///
/// # Errors
/// More than eight details, or a part with too many digits.
pub fn details_value(details: &[BatchDetail]) -> Result<Zeroizing<String>, SubfieldError> {
    if details.len() > DETAILS_MAX {
        return Err(SubfieldError {
            field: F48,
            at: 0,
            rule: "at most 8 details",
        });
    }
    let mut out = Zeroizing::new(String::with_capacity(2 + 40 * DETAILS_MAX));
    put_number(
        &mut out,
        F48,
        details.len().try_into().unwrap_or(u64::MAX),
        2,
        "count",
    )?;
    for detail in details {
        out.push_str(if detail.foreign { "01" } else { "00" });
        put_number(&mut out, F48, detail.trace.into(), 6, "trace, 6 digits")?;
        let (at, account) = (out.len(), detail.account.as_str());
        if account.len() > 20 || !account.bytes().all(|c| c.is_ascii_digit()) {
            return Err(SubfieldError {
                field: F48,
                at,
                rule: "account, at most 20 digits",
            });
        }
        out.extend(std::iter::repeat_n('0', 20 - account.len()));
        out.push_str(account);
        put_number(&mut out, F48, detail.amount, 12, "amount, 12 digits")?;
    }
    Ok(out)
}

impl BatchDetail {
    fn read(reader: &mut Reader<'_>) -> Result<Self, SubfieldError> {
        let rule = "organisation, 00 or 01";
        let error = reader.error(rule);
        let foreign = match reader.digits(2, rule)? {
            "00" => false,
            "01" => true,
            _ => return Err(error),
        };
        let trace = reader.small(6, "trace, 6 digits")?;
        let account = reader
            .digits(20, "account, 20 digits")?
            .trim_start_matches('0');
        Ok(Self {
            foreign,
            trace,
            account: Zeroizing::new(account.to_owned()),
            amount: reader.number(12, "amount, 12 digits")?,
        })
    }
}

/// F48 of the message that ends a batch upload: how many records were sent, 0000 for none.
///
/// # Errors
/// More than 9999 records.
pub fn end_value(records: u32) -> Result<String, SubfieldError> {
    let mut out = String::with_capacity(4);
    put_number(&mut out, F48, records.into(), 4, "record count, 4 digits")?;
    Ok(out)
}

/// Reads F48 of the message that ends a batch upload.
///
/// # Errors
/// Anything but four digits.
pub fn parse_end(value: &[u8]) -> Result<u32, SubfieldError> {
    let mut reader = Reader::new(F48, value);
    let records = reader.small(4, "record count, 4 digits")?;
    reader.end("4 digits")?;
    Ok(records)
}
