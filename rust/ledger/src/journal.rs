//! Reading for people: sales with what undos did to them.

use pos_domain::status::AttemptState;
use pos_domain::{Amount, Id, OriginalKind, SaleStatus, UndoKind, UndoStatus};
use rusqlite::{OptionalExtension, params};

use crate::{LedgerError, Original, Query, Undo};

/// What a sale is worth after its proven undos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    /// Minor units. Never above nothing for a sale that was made elsewhere and given back here.
    Known(i64),
    /// A sale or an undo was sent and is not proven either way.
    Unknown,
}

/// The newest undo of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoView {
    /// Its identifier.
    pub id: Id,
    /// Void or refund.
    pub kind: UndoKind,
    /// How far it is.
    pub status: UndoStatus,
    /// How much.
    pub amount: Amount,
}

impl UndoView {
    fn of(undo: &Undo) -> Self {
        Self {
            id: undo.id.clone(),
            kind: undo.kind,
            status: undo.status,
            amount: undo.amount,
        }
    }
}

/// A sale as people see it.
#[derive(Clone, Debug)]
pub struct SaleView {
    /// The original.
    pub original: Original,
    /// Its status with its undos taken in.
    pub status: SaleStatus,
    /// What it is worth now.
    pub net: Net,
    /// Its newest undo.
    pub undo: Option<UndoView>,
}

/// Which sales to list.
#[derive(Clone, Debug, Default)]
pub struct JournalFilter {
    /// Only those made at or after this wall-clock time, milliseconds.
    pub since: Option<i64>,
    /// Only those before this one in order (for paging back from the newest).
    pub before_seq: Option<i64>,
    /// Only those whose voucher number, last four digits or amount equals this text.
    pub text: Option<String>,
    /// At most this many, newest first.
    pub limit: u32,
}

impl Query<'_> {
    /// Sales, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sales(&self, filter: &JournalFilter) -> Result<Vec<SaleView>, LedgerError> {
        let before = filter.before_seq.unwrap_or(i64::MAX);
        let since = filter.since.unwrap_or(i64::MIN);
        let from = self.first_since(filter.since)?;
        let limit = filter.limit;
        let originals = match filter.text.as_deref() {
            None => self.originals(
                "seq < ?1 AND seq >= ?4 AND created >= ?2 ORDER BY seq DESC LIMIT ?3",
                params![before, since, limit, from],
            )?,
            // One search for each meaning of the text, each by its own index.
            Some(text) => {
                let minor = text.parse::<Amount>().map_or(-1, Amount::minor);
                self.originals(
                    "seq IN (SELECT seq FROM original WHERE trace = ?4 UNION
                     SELECT seq FROM original WHERE last_four = ?4 UNION
                     SELECT seq FROM original WHERE amount = ?5)
                     AND seq < ?1 AND seq >= ?6 AND created >= ?2 ORDER BY seq DESC LIMIT ?3",
                    params![before, since, limit, text, minor, from],
                )?
            }
        };
        originals
            .into_iter()
            .map(|original| self.view(original))
            .collect()
    }

    /// The first original, in order of making, of the hour that `since` is in, or of the first hour
    /// after it. All before it are older; the clock may have been set back, so later ones may be.
    fn first_since(&self, since: Option<i64>) -> Result<i64, LedgerError> {
        let Some(since) = since else {
            return Ok(i64::MIN);
        };
        let sql = "SELECT seq FROM original_hour WHERE hour >= ?1 / 3600000 ORDER BY hour LIMIT 1";
        let mut statement = self.inner.prepare_cached(sql)?;
        let first = statement.query_row([since], |row| row.get(0)).optional()?;
        Ok(first.unwrap_or(i64::MAX))
    }

    /// One sale.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn sale(&self, id: &Id) -> Result<SaleView, LedgerError> {
        self.view(self.original(id)?)
    }

    fn view(&self, original: Original) -> Result<SaleView, LedgerError> {
        let undos = self.undos_of(&original.id)?;
        let done: i64 = undos
            .iter()
            .filter(|undo| undo.status.is_proven_done())
            .map(|undo| undo.amount.minor())
            .sum();
        let net = self.net(&original, &undos, done)?;
        let completed =
            original.kind == OriginalKind::Preauth && self.is_completed(&original.id)?;
        let status = status_with(&original, &undos, done, completed);
        let undo = undos.last().map(UndoView::of);
        Ok(SaleView {
            original,
            status,
            net,
            undo,
        })
    }

    fn net(&self, original: &Original, undos: &[Undo], done: i64) -> Result<Net, LedgerError> {
        match original.status {
            SaleStatus::Declined | SaleStatus::NotSent => return Ok(Net::Known(0)),
            SaleStatus::Reversed if self.is_at_risk(&original.id)? => return Ok(Net::Unknown),
            SaleStatus::Reversed => return Ok(Net::Known(0)),
            SaleStatus::Sending | SaleStatus::Unknown => return Ok(Net::Unknown),
            _ => {}
        }
        for undo in undos {
            let shown_unknown = matches!(
                undo.status,
                UndoStatus::Sending | UndoStatus::Unknown | UndoStatus::Escalated
            );
            if shown_unknown || (undo.status.is_open() && self.has_unproven_attempt(&undo.id)?) {
                return Ok(Net::Unknown);
            }
            if undo.status == UndoStatus::Withdrawn && self.is_at_risk(&original.id)? {
                return Ok(Net::Unknown);
            }
        }
        Ok(Net::Known(taken_here(original).saturating_sub(done)))
    }

    /// Whether the host could not confirm what it acknowledged as undone: the money may be taken,
    /// or given back, all the same.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_at_risk(&self, original: &Id) -> Result<bool, LedgerError> {
        Ok(self
            .inner
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM at_risk WHERE original = ?1)")?
            .query_row([original.as_str()], |row| row.get(0))?)
    }

    /// Whether a pre-authorisation was taken: its completion is proven made and not proven voided.
    fn is_completed(&self, preauth: &Id) -> Result<bool, LedgerError> {
        Ok(self
            .inner
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM live_completion JOIN original USING (id)
                 WHERE live_completion.parent = ?1 AND status = 'approved')",
            )?
            .query_row([preauth.as_str()], |row| row.get(0))?)
    }

    /// Whether a pre-authorisation has a completion that is neither proven failed nor proven
    /// voided.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_live_completion(&self, preauth: &Id) -> Result<bool, LedgerError> {
        Ok(self
            .inner
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM live_completion WHERE parent = ?1)")?
            .query_row([preauth.as_str()], |row| row.get(0))?)
    }

    /// The state of the newest attempt at an undo.
    ///
    /// # Errors
    /// Those of the database.
    pub fn newest_attempt_state(&self, undo: &Id) -> Result<Option<AttemptState>, LedgerError> {
        let attempts = self.attempts_at(undo)?;
        Ok(attempts
            .iter()
            .rev()
            .find(|a| a.purpose != "reversal")
            .map(|a| a.state))
    }
}

/// What this terminal took by an original, minor units. The sale that a refund by reference gives
/// back was made elsewhere: the money of it never came in here, and only the refund goes out.
fn taken_here(original: &Original) -> i64 {
    match original.kind {
        OriginalKind::Unmatched => 0,
        OriginalKind::Sale | OriginalKind::Preauth | OriginalKind::Completion => {
            original.amount.minor()
        }
    }
}

fn status_with(original: &Original, undos: &[Undo], done: i64, completed: bool) -> SaleStatus {
    if completed {
        return SaleStatus::Completed;
    }
    if !matches!(original.status, SaleStatus::Approved | SaleStatus::Held) || done == 0 {
        return original.status;
    }
    if undos.iter().any(|undo| undo.status == UndoStatus::Voided) {
        SaleStatus::Voided
    } else if done >= original.amount.minor() {
        SaleStatus::Refunded
    } else {
        SaleStatus::PartlyRefunded
    }
}
