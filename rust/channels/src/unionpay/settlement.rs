//! Settlement and batch upload (spec §8).

use pos_domain::Amount;
use pos_iso8583::{Fields, Mti};

use super::draft::Draft;
use super::management::operator_field;
use super::terminal::Identity;

/// Whose card it was: 63.1 = CUP or missing is domestic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Org {
    /// 内卡.
    Domestic,
    /// 外卡.
    Foreign,
}

impl Org {
    /// From field 63.1 as stored.
    #[must_use]
    pub fn of(card_org: Option<&str>) -> Self {
        match card_org.map(str::trim) {
            None | Some("" | "CUP" | "000") => Self::Domestic,
            Some(_) => Self::Foreign,
        }
    }

    const fn digits(self) -> &'static str {
        match self {
            Self::Domestic => "00",
            Self::Foreign => "01",
        }
    }
}

/// Sums of one organisation: minor units and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Money taken.
    pub debit_amount: i64,
    /// How many takings.
    pub debit_count: u32,
    /// Money given back.
    pub credit_amount: i64,
    /// How many.
    pub credit_count: u32,
}

impl Totals {
    /// Adds one taking.
    pub const fn add_debit(&mut self, amount: Amount) {
        self.debit_amount = self.debit_amount.saturating_add(amount.minor());
        self.debit_count = self.debit_count.saturating_add(1);
    }

    /// Adds one giving back.
    pub const fn add_credit(&mut self, amount: Amount) {
        self.credit_amount = self.credit_amount.saturating_add(amount.minor());
        self.credit_count = self.credit_count.saturating_add(1);
    }

    /// Thirty digits: debit amount 12, count 3, credit amount 12, count 3.
    fn digits(&self) -> String {
        format!(
            "{:012}{:03}{:012}{:03}",
            self.debit_amount, self.debit_count, self.credit_amount, self.credit_count
        )
    }
}

/// Settlement request 0500: the totals of both organisations, verdict digits zero (§8.1).
#[must_use]
pub fn settlement(
    identity: &Identity,
    trace: &str,
    batch: &str,
    operator: &str,
    domestic: &Totals,
    foreign: &Totals,
) -> Draft {
    let mut message = identity.message(Mti::SETTLEMENT);
    message
        .fields
        .set(11, trace)
        .set(48, format!("{}0{}0", domestic.digits(), foreign.digits()))
        .set(49, "156")
        .set(60, format!("00{batch}201"))
        .set(63, operator_field(operator));
    Draft::plain(message, false)
}

/// One record of a batch upload (§8.3).
#[derive(Clone, Debug)]
pub struct Detail {
    /// Whose card.
    pub org: Org,
    /// Trace of the record, six digits.
    pub trace: String,
    /// The card number's digits.
    pub pan: zeroize::Zeroizing<String>,
    /// How much.
    pub amount: Amount,
}

/// Batch details 0320/201: at most eight records a message.
#[must_use]
pub fn batch_details(identity: &Identity, trace: &str, batch: &str, details: &[Detail]) -> Draft {
    let mut text = zeroize::Zeroizing::new(format!("{:02}", details.len()));
    for detail in details {
        text.push_str(detail.org.digits());
        text.push_str(&detail.trace);
        text.push_str(&format!("{:0>20}", detail.pan.as_str()));
        text.push_str(&detail.amount.twelve_digits());
    }
    let mut message = identity.message(Mti::BATCH_UPLOAD);
    message
        .fields
        .set(11, trace)
        .set(48, text.as_str())
        .set(60, format!("00{batch}201"));
    Draft::plain(message, false)
}

/// A notice of the batch once more, as 0320: its fields without field 64 (§3.4).
#[must_use]
pub fn notice_copy(identity: &Identity, notice: &Fields) -> Draft {
    let mut message = identity.message(Mti::BATCH_UPLOAD);
    for (field, value) in notice.iter().filter(|(field, _)| *field != 64) {
        message.fields.set(field, value);
    }
    Draft::plain(message, false)
}

/// End of batch upload: how many records went up, and whether the totals agreed (207) or not (202).
#[must_use]
pub fn batch_end(
    identity: &Identity,
    trace: &str,
    batch: &str,
    count: u32,
    balanced: bool,
) -> Draft {
    let code = if balanced { "207" } else { "202" };
    let mut message = identity.message(Mti::BATCH_UPLOAD);
    message
        .fields
        .set(11, trace)
        .set(48, format!("{count:04}"))
        .set(60, format!("00{batch}{code}"));
    Draft::plain(message, false)
}
