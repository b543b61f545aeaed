//! Undos: voids and refunds. The database's triggers hold the undo rule.

use pos_domain::{Amount, Code, Id, UndoKind, UndoStatus, WallTime};
use rusqlite::{OptionalExtension, Row, params};

use crate::row::{amount, code, id, optional_id, parsed, rail_or_card};
use crate::status::UNDO;
use crate::{LedgerError, Query, Tx};

/// A new undo.
#[derive(Clone, Debug)]
pub struct NewUndo<'a> {
    /// Its identifier, also that of its obligation.
    pub id: &'a Id,
    /// What it takes back.
    pub original: &'a Id,
    /// Void or refund.
    pub kind: UndoKind,
    /// How much; a void takes all.
    pub amount: Amount,
    /// Its first status.
    pub status: UndoStatus,
    /// Why it has that status.
    pub code: Option<&'a Code>,
    /// What the person at the counter gave as reason.
    pub reason: Option<&'a str>,
    /// The void that this refund follows.
    pub follows: Option<&'a Id>,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// An undo as stored.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Order of making.
    pub seq: i64,
    /// Its identifier.
    pub id: Id,
    /// What it takes back.
    pub original: Id,
    /// Void or refund.
    pub kind: UndoKind,
    /// How much.
    pub amount: Amount,
    /// How far it is.
    pub status: UndoStatus,
    /// Why it has that status.
    pub code: Option<Code>,
    /// The counter's reason.
    pub reason: Option<String>,
    /// Who asked for it.
    pub operator: String,
    /// Whether the card must be read again before the next attempt.
    pub needs_card: bool,
    /// The void that this refund follows.
    pub follows: Option<Id>,
    /// When it was asked for.
    pub created: WallTime,
    /// Whether it goes over the web, beside the line to the acquirer.
    pub web: bool,
}

const COLUMNS: &str = "seq, id, original, kind, amount, status, code, reason, operator, needs_card,
    follows, created, (SELECT rail FROM original WHERE original.id = undo.original),
    (SELECT order_no IS NOT NULL FROM original WHERE original.id = undo.original)";

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Undo> {
    Ok(Undo {
        seq: row.get(0)?,
        id: id(row, 1)?,
        original: id(row, 2)?,
        kind: parsed(row, 3)?,
        amount: amount(row, 4)?,
        status: parsed(row, 5)?,
        code: code(row, 6, rail_or_card(row, 12)?)?,
        reason: row.get(7)?,
        operator: row.get(8)?,
        needs_card: row.get(9)?,
        follows: optional_id(row, 10)?,
        created: WallTime(row.get(11)?),
        web: row.get(13)?,
    })
}

impl Query<'_> {
    /// The undo with this identifier.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn undo(&self, id: &Id) -> Result<Undo, LedgerError> {
        self.undos("id = ?1", params![id.as_str()])?
            .pop()
            .ok_or_else(|| LedgerError::Missing {
                what: "undo",
                id: id.to_string(),
            })
    }

    /// All undos of an original, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn undos_of(&self, original: &Id) -> Result<Vec<Undo>, LedgerError> {
        self.undos("original = ?1 ORDER BY seq", params![original.as_str()])
    }

    /// All undos that are neither proven done nor proven failed, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_undos(&self) -> Result<Vec<Undo>, LedgerError> {
        self.undos(
            "status NOT IN ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered')
             AND status IN ('queued', 'sending', 'needs_card', 'on_hold', 'unknown', 'escalated')
             ORDER BY seq",
            [],
        )
    }

    /// The undo that this command made.
    ///
    /// # Errors
    /// Those of the database.
    pub fn undo_of_request(&self, request: &str) -> Result<Option<Undo>, LedgerError> {
        Ok(self.undos("request = ?1", params![request])?.pop())
    }

    fn undos(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Undo>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM undo WHERE {condition}");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map(values, from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What is left of an original: its amount minus every undo not proven failed, minor units.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is no such original.
    pub fn remaining(&self, original: &Id) -> Result<i64, LedgerError> {
        self.inner
            .prepare_cached(
                "SELECT amount - (SELECT COALESCE(SUM(amount), 0) FROM undo WHERE original = o.id
                 AND status NOT IN ('refused', 'withdrawn', 'refund_offered'))
                 FROM original o WHERE id = ?1",
            )?
            .query_row([original.as_str()], |row| row.get(0))
            .optional()?
            .ok_or_else(|| LedgerError::Missing {
                what: "sale",
                id: original.to_string(),
            })
    }
}

impl Tx<'_> {
    /// Stores a new undo.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when it would break the undo rule.
    pub fn insert_undo(&self, new: &NewUndo<'_>) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO undo (id, original, kind, amount, status, code, reason, operator,
                 follows, created, request) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)",
            )?
            .execute(params![
                new.id.as_str(),
                new.original.as_str(),
                new.kind.as_str(),
                new.amount.minor(),
                new.status.as_str(),
                new.code.map(Code::to_string),
                new.reason,
                self.stamp.operator,
                new.follows.map(Id::as_str),
                self.now(),
                new.request,
            ])?;
        self.audit(
            new.kind.as_str(),
            new.id.as_str(),
            None,
            Some(new.status.as_str()),
        )?;
        self.event("undo", new.id.as_str(), new.status.as_str())
    }

    /// Changes an undo's status, with the reason.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when it is already closed.
    pub fn set_undo_status(
        &self,
        id: &Id,
        status: UndoStatus,
        code: Option<&Code>,
    ) -> Result<(), LedgerError> {
        self.set_status(&UNDO, id, status.as_str(), code)
    }

    /// Notes whether the card must be read again before the next attempt.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is no such undo.
    pub fn set_undo_needs_card(&self, id: &Id, needs_card: bool) -> Result<(), LedgerError> {
        let before = self.query().undo(id)?.needs_card;
        if before == needs_card {
            return Ok(());
        }
        self.inner
            .prepare_cached("UPDATE undo SET needs_card = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), needs_card])?;
        let text = |needs| if needs { "yes" } else { "no" };
        let (from, to) = (text(before), text(needs_card));
        self.audit("needs_card", id.as_str(), Some(from), Some(to))
    }
}
