//! Originals: sales, pre-authorisations, completions, and refunds' unmatched sales.

use pos_domain::{
    Amount, Code, Currency, Entry, Id, OriginalKind, Pan, Rail, SaleStatus, WallTime,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::row::{amount, code, id, optional_id, parsed};
use crate::status::ORIGINAL;
use crate::{Account, LedgerError, Query, Tx};

/// A new original, before its first byte.
#[derive(Clone, Debug)]
pub struct NewOriginal<'a> {
    /// Its identifier.
    pub id: &'a Id,
    /// What it is.
    pub kind: OriginalKind,
    /// How it is paid.
    pub rail: Rail,
    /// How much.
    pub amount: Amount,
    /// How the card's data came in.
    pub entry: Entry,
    /// The card, when there is one.
    pub account: Option<&'a Account>,
    /// The batch it is made in.
    pub batch: &'a str,
    /// Its trace number; none when it is refused before it got one.
    pub trace: Option<&'a str>,
    /// This terminal's number.
    pub terminal: &'a str,
    /// This merchant's number.
    pub merchant: &'a str,
    /// Its first status.
    pub status: SaleStatus,
    /// Why, when the first status is already an end.
    pub code: Option<&'a Code>,
    /// The pre-authorisation that a completion completes.
    pub parent: Option<&'a Id>,
    /// Until when it can be voided, in trusted time when there is one, else on the wall clock.
    pub deadline: Option<WallTime>,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// What an approving answer adds.
#[derive(Clone, Debug, Default)]
pub struct AnswerFacts {
    /// Field 37.
    pub reference: Option<String>,
    /// Field 38.
    pub auth_code: Option<String>,
    /// Field 13, MMDD.
    pub host_date: Option<String>,
    /// Field 12, hhmmss.
    pub host_time: Option<String>,
    /// Field 15, MMDD.
    pub settle_date: Option<String>,
    /// Field 63.1.
    pub card_org: Option<String>,
    /// Field 59 tag A4.
    pub voucher: Option<String>,
    /// Until when it can be voided, by the host's time.
    pub deadline: Option<WallTime>,
}

/// An original as stored, without its account data.
#[derive(Clone, Debug)]
pub struct Original {
    /// Order of making.
    pub seq: i64,
    /// Its identifier.
    pub id: Id,
    /// What it is.
    pub kind: OriginalKind,
    /// How it is paid.
    pub rail: Rail,
    /// Its own status; what undos did to it is not in here.
    pub status: SaleStatus,
    /// How much.
    pub amount: Amount,
    /// Who made it.
    pub operator: String,
    /// How the card's data came in.
    pub entry: Entry,
    /// First six and last four digits.
    pub card_mask: Option<String>,
    /// Last four digits.
    pub last_four: Option<String>,
    /// Batch number, six digits.
    pub batch: Option<String>,
    /// Trace number, six digits; also the voucher number.
    pub trace: Option<String>,
    /// Terminal number.
    pub terminal: String,
    /// Merchant number.
    pub merchant: String,
    /// What the answer added.
    pub facts: AnswerFacts,
    /// The wallet's order number.
    pub order_no: Option<String>,
    /// Why it has its status.
    pub code: Option<Code>,
    /// The pre-authorisation that it completes.
    pub parent: Option<Id>,
    /// When it was made.
    pub created: WallTime,
}

impl Original {
    /// Whether it goes over the web, beside the line to the acquirer.
    #[must_use]
    pub const fn is_web(&self) -> bool {
        self.order_no.is_some()
    }
}

const COLUMNS: &str = "seq, id, kind, rail, status, amount, operator, entry, card_mask, last_four,
    batch, trace, terminal, merchant, reference, auth_code, voucher, order_no, host_date,
    host_time, settle_date, card_org, code, parent, created, deadline";

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Original> {
    let rail: Rail = parsed(row, 3)?;
    Ok(Original {
        seq: row.get(0)?,
        id: id(row, 1)?,
        kind: parsed(row, 2)?,
        rail,
        status: parsed(row, 4)?,
        amount: amount(row, 5)?,
        operator: row.get(6)?,
        entry: parsed(row, 7)?,
        card_mask: row.get(8)?,
        last_four: row.get(9)?,
        batch: row.get(10)?,
        trace: row.get(11)?,
        terminal: row.get(12)?,
        merchant: row.get(13)?,
        facts: AnswerFacts {
            reference: row.get(14)?,
            auth_code: row.get(15)?,
            voucher: row.get(16)?,
            host_date: row.get(18)?,
            host_time: row.get(19)?,
            settle_date: row.get(20)?,
            card_org: row.get(21)?,
            deadline: row.get::<_, Option<i64>>(25)?.map(WallTime),
        },
        order_no: row.get(17)?,
        code: code(row, 22, rail)?,
        parent: optional_id(row, 23)?,
        created: WallTime(row.get(24)?),
    })
}

impl Query<'_> {
    /// The original with this identifier.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn original(&self, id: &Id) -> Result<Original, LedgerError> {
        self.find_original("id = ?1", params![id.as_str()])?
            .ok_or_else(|| LedgerError::Missing {
                what: "sale",
                id: id.to_string(),
            })
    }

    /// The newest original with this voucher (trace) number in the newest batch that has it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn original_by_voucher(&self, trace: &str) -> Result<Option<Original>, LedgerError> {
        self.find_original("trace = ?1 ORDER BY seq DESC", params![trace])
    }

    /// The newest sale attempt, whatever became of it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_original(&self) -> Result<Option<Original>, LedgerError> {
        self.find_original("1 ORDER BY seq DESC", [])
    }

    /// The newest original with this host reference (field 37).
    ///
    /// # Errors
    /// Those of the database.
    pub fn original_by_reference(&self, reference: &str) -> Result<Option<Original>, LedgerError> {
        self.find_original("reference = ?1 ORDER BY seq DESC", params![reference])
    }

    /// The original that this command made.
    ///
    /// # Errors
    /// Those of the database.
    pub fn original_of_request(&self, request: &str) -> Result<Option<Original>, LedgerError> {
        self.find_original("request = ?1", params![request])
    }

    fn find_original(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Option<Original>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM original WHERE {condition} LIMIT 1");
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row(values, from_row)
            .optional()?)
    }

    /// Originals that satisfy `condition`, in its order.
    pub(crate) fn originals(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Original>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM original WHERE {condition}");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map(values, from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Originals that were recorded and of which no message was ever committed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn unsent_originals(&self) -> Result<Vec<Original>, LedgerError> {
        self.originals(
            "status IN ('sending', 'unknown') AND status = 'sending' AND NOT EXISTS
             (SELECT 1 FROM attempt WHERE attempt.original = original.id) ORDER BY seq",
            [],
        )
    }

    /// How many originals the batch holds that were not refused or unsent.
    ///
    /// # Errors
    /// Those of the database.
    pub fn batch_size(&self, batch: &str) -> Result<i64, LedgerError> {
        Ok(self
            .inner
            .prepare_cached(
                "SELECT COUNT(*) FROM original WHERE batch = ?1
                 AND status NOT IN ('declined', 'not_sent')",
            )?
            .query_row([batch], |row| row.get(0))?)
    }

    /// The originals of one batch, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn originals_of_batch(&self, batch: &str) -> Result<Vec<Original>, LedgerError> {
        self.originals("batch = ?1 ORDER BY seq", params![batch])
    }
}

impl Tx<'_> {
    /// Stores a new original.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Rule`] for a second completion of a pre-authorisation.
    pub fn insert_original(&self, new: &NewOriginal<'_>) -> Result<(), LedgerError> {
        let account = new
            .account
            .map(|account| self.seal_account(new.id, account))
            .transpose()?;
        let pan = new.account.map(|account| &account.pan);
        let card_hash = pan.map(|pan| self.sealer.hash("card", pan.digits().as_bytes()));
        self.inner
            .prepare_cached(
                "INSERT INTO original (id, kind, rail, status, amount, currency, operator, entry,
                 card_mask, last_four, card_hash, account, batch, trace, terminal, merchant, code,
                 parent, created, deadline, request) VALUES
                 (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)",
            )?
            .execute(params![
                new.id.as_str(),
                new.kind.as_str(),
                new.rail.as_str(),
                new.status.as_str(),
                new.amount.minor(),
                Currency::CNY.numeric(),
                self.stamp.operator,
                new.entry.as_str(),
                pan.map(Pan::masked),
                pan.map(Pan::last_four),
                card_hash,
                account,
                new.batch,
                new.trace,
                new.terminal,
                new.merchant,
                new.code.map(Code::to_string),
                new.parent.map(Id::as_str),
                self.now(),
                new.deadline.map(|at| at.0),
                new.request,
            ])?;
        self.audit(
            new.kind.as_str(),
            new.id.as_str(),
            None,
            Some(new.status.as_str()),
        )?;
        self.event("sale", new.id.as_str(), new.status.as_str())
    }

    /// Changes an original's status, with the reason.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn set_original_status(
        &self,
        id: &Id,
        status: SaleStatus,
        code: Option<&Code>,
    ) -> Result<(), LedgerError> {
        self.set_status(&ORIGINAL, id, status.as_str(), code)
    }

    /// Gives an original the trace number and batch that it goes out with.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_original_trace(&self, id: &Id, trace: &str, batch: &str) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE original SET trace = ?2, batch = ?3 WHERE id = ?1")?
            .execute(params![id.as_str(), trace, batch])?;
        Ok(())
    }

    /// Stores what an answer added.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_answer_facts(&self, id: &Id, facts: &AnswerFacts) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "UPDATE original SET reference = COALESCE(?2, reference),
                 auth_code = COALESCE(?3, auth_code), host_date = COALESCE(?4, host_date),
                 host_time = COALESCE(?5, host_time), settle_date = COALESCE(?6, settle_date),
                 card_org = COALESCE(?7, card_org), voucher = COALESCE(?8, voucher),
                 deadline = COALESCE(?9, deadline) WHERE id = ?1",
            )?
            .execute(params![
                id.as_str(),
                facts.reference,
                facts.auth_code,
                facts.host_date,
                facts.host_time,
                facts.settle_date,
                facts.card_org,
                facts.voucher,
                facts.deadline.map(|at| at.0),
            ])?;
        Ok(())
    }
}
