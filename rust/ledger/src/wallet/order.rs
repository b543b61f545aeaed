//! An order over the web: its number, its method, and what the counter was told of it.

use pos_domain::status::{ObligationKind, ObligationStatus, OriginalKind};
use pos_domain::{
    Amount, Code, Currency, Entry, Id, Moment, Rail, SaleStatus, ToldUnpaid, WallTime, WebMethod,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::obligation::Obligation;
use crate::row::{id, parsed};
use crate::{LedgerError, Query, Tx};

/// A new order, before its first byte.
#[derive(Clone, Debug)]
pub struct NewWebOrder<'a> {
    /// Its identifier.
    pub id: &'a Id,
    /// Whose money it is.
    pub rail: Rail,
    /// How it is paid.
    pub method: WebMethod,
    /// Our number, at most 64 characters; never used for anything else.
    pub number: &'a str,
    /// How much.
    pub amount: Amount,
    /// This terminal's number.
    pub terminal: &'a str,
    /// This merchant's number.
    pub merchant: &'a str,
    /// Its first status.
    pub status: SaleStatus,
    /// Why, when the first status is already an end.
    pub code: Option<&'a Code>,
    /// Until when it can be voided, in trusted time when there is one, else on the wall clock.
    pub deadline: WallTime,
    /// Until when an unproven payment can be taken back, as `deadline`.
    pub revoke_until: WallTime,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// An order over the web as stored, beside its original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrder {
    /// The original.
    pub original: Id,
    /// How it is paid.
    pub method: WebMethod,
    /// What the counter was told while it is unknown.
    pub told: ToldUnpaid,
    /// The text of our QR.
    pub qr: Option<String>,
    /// The wallet's number, once paid.
    pub transaction: Option<String>,
    /// When it was paid, as the wallet writes it.
    pub paid_at: Option<String>,
    /// When it was submitted, milliseconds since the boot `boot`.
    pub submitted: i64,
    /// The boot that `submitted` counts in.
    pub boot: String,
    /// Until when an unproven payment can be taken back.
    pub revoke_until: WallTime,
    /// Whether a byte of a take-back may have left.
    pub take_back_sent: bool,
    /// The number of the refund that a take-back became.
    pub give_back: Option<String>,
    /// When it was made.
    pub created: WallTime,
}

impl WebOrder {
    /// Milliseconds since it was submitted; none after a reboot.
    #[must_use]
    pub fn age_ms(&self, now: &Moment) -> Option<i64> {
        (self.boot == now.boot_id).then(|| now.since_boot.saturating_sub(self.submitted))
    }
}

const COLUMNS: &str = "w.original, w.method, w.told, w.qr, w.transaction_id, w.paid_at,
    w.submitted, w.boot, w.revoke_until, w.take_back_sent, w.give_back, o.created";

fn from_row(row: &Row<'_>) -> rusqlite::Result<WebOrder> {
    Ok(WebOrder {
        original: id(row, 0)?,
        method: parsed(row, 1)?,
        told: parsed(row, 2)?,
        qr: row.get(3)?,
        transaction: row.get(4)?,
        paid_at: row.get(5)?,
        submitted: row.get(6)?,
        boot: row.get(7)?,
        revoke_until: WallTime(row.get(8)?),
        take_back_sent: row.get(9)?,
        give_back: row.get(10)?,
        created: WallTime(row.get(11)?),
    })
}

impl Query<'_> {
    /// The web side of an original; none for one that went another way.
    ///
    /// # Errors
    /// Those of the database.
    pub fn web_order(&self, original: &Id) -> Result<Option<WebOrder>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM web_order w JOIN original o ON o.id = w.original
             WHERE w.original = ?1"
        );
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row([original.as_str()], from_row)
            .optional()?)
    }

    /// Orders over the web that are not proven either way, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn waiting_web_orders(&self) -> Result<Vec<WebOrder>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM original o JOIN web_order w ON w.original = o.id
             WHERE o.status IN ('sending', 'unknown') ORDER BY o.seq"
        );
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The obligation of this kind about a web order itself, not about an undo of it; one that was
    /// cleared is none.
    ///
    /// # Errors
    /// Those of the database.
    pub fn web_obligation(
        &self,
        original: &Id,
        kind: ObligationKind,
    ) -> Result<Option<Obligation>, LedgerError> {
        let all = self.obligations_of(original)?;
        Ok(all.into_iter().find(|owed| {
            let given_up = owed.status == ObligationStatus::Cleared;
            owed.web && owed.undo.is_none() && owed.kind == kind && !given_up
        }))
    }

    /// What is owed over the web and is of this kind, neither held nor escalated, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn owed_web(&self, kind: ObligationKind) -> Result<Vec<Obligation>, LedgerError> {
        self.obligations(
            "status = 'owed' AND web = 1 AND kind = ?1 ORDER BY seq",
            [kind.as_str()],
        )
    }
}

impl Tx<'_> {
    /// Stores a new order with its number.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] for a number that was used before.
    pub fn insert_web_order(&self, new: &NewWebOrder<'_>) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO original (id, kind, rail, status, amount, currency, operator, entry,
                 terminal, merchant, order_no, code, created, deadline, request)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)",
            )?
            .execute(params![
                new.id.as_str(),
                OriginalKind::Sale.as_str(),
                new.rail.as_str(),
                new.status.as_str(),
                new.amount.minor(),
                Currency::CNY.numeric(),
                self.stamp.operator,
                Entry::Code.as_str(),
                new.terminal,
                new.merchant,
                new.number,
                new.code.map(Code::to_string),
                self.now(),
                new.deadline.0,
                new.request,
            ])?;
        self.inner
            .prepare_cached(
                "INSERT INTO web_order (original, method, told, submitted, boot, revoke_until)
                 VALUES (?1,?2,?3,?4,?5,?6)",
            )?
            .execute(params![
                new.id.as_str(),
                new.method.as_str(),
                ToldUnpaid::Waiting.as_str(),
                self.stamp.at.since_boot,
                self.stamp.at.boot_id,
                new.revoke_until.0,
            ])?;
        let status = new.status.as_str();
        self.audit(
            OriginalKind::Sale.as_str(),
            new.id.as_str(),
            None,
            Some(status),
        )?;
        self.event("sale", new.id.as_str(), status)
    }

    /// Notes what the counter is told of an unproven order; shown only after the commit.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when what was told before stands.
    pub fn tell(&self, original: &Id, told: ToldUnpaid) -> Result<(), LedgerError> {
        let before = self.web_order_or_missing(original)?;
        if before.told == told {
            return Ok(());
        }
        self.inner
            .prepare_cached("UPDATE web_order SET told = ?2 WHERE original = ?1")?
            .execute(params![original.as_str(), told.as_str()])?;
        let (from, to) = (before.told.as_str(), told.as_str());
        self.audit("told", original.as_str(), Some(from), Some(to))?;
        self.event("told", original.as_str(), to)
    }

    /// Keeps the text of our QR, so that it can be shown again.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_web_qr(&self, original: &Id, qr: &str) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE web_order SET qr = ?2 WHERE original = ?1")?
            .execute(params![original.as_str(), qr])?;
        self.event("qr", original.as_str(), "shown")
    }

    /// Keeps the wallet's number of a payment and when it was made.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_web_payment(
        &self,
        original: &Id,
        transaction: Option<&str>,
        paid_at: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "UPDATE web_order SET transaction_id = COALESCE(?2, transaction_id),
                 paid_at = COALESCE(?3, paid_at) WHERE original = ?1",
            )?
            .execute(params![original.as_str(), transaction, paid_at])?;
        Ok(())
    }

    /// Notes that from now on a byte of a take-back may have left.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_take_back_sent(&self, original: &Id) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE web_order SET take_back_sent = 1 WHERE original = ?1")?
            .execute([original.as_str()])?;
        Ok(())
    }

    /// Notes the number of the refund that a take-back becomes.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when it has one already.
    pub fn set_give_back(&self, original: &Id, number: &str) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE web_order SET give_back = ?2 WHERE original = ?1")?
            .execute(params![original.as_str(), number])?;
        self.audit("give_back", original.as_str(), None, Some(number))
    }

    /// Sets when an obligation is due without counting a try.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_due(&self, obligation: &Id, wait_ms: i64) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE obligation SET next_try = ?2, next_boot = ?3 WHERE id = ?1")?
            .execute(params![
                obligation.as_str(),
                self.stamp.at.since_boot.saturating_add(wait_ms),
                self.stamp.at.boot_id,
            ])?;
        Ok(())
    }

    fn web_order_or_missing(&self, original: &Id) -> Result<WebOrder, LedgerError> {
        self.query()
            .web_order(original)?
            .ok_or_else(|| LedgerError::Missing {
                what: "order",
                id: original.to_string(),
            })
    }
}
