//! Obligations: what the terminal owes a host, until it is closed with its proof.

use pos_domain::status::ObligationKind;
use pos_domain::{Code, Id, Moment, ObligationStatus, WallTime};
use rusqlite::{Row, params};

use crate::row::{code, id, optional_id, parsed, rail_or_card};
use crate::{LedgerError, Query, Tx};

/// A new obligation.
#[derive(Clone, Debug)]
pub struct NewObligation<'a> {
    /// Its identifier; a void's obligation has the void's.
    pub id: &'a Id,
    /// What is owed.
    pub kind: ObligationKind,
    /// The original it is about.
    pub original: Option<&'a Id>,
    /// The undo it is about.
    pub undo: Option<&'a Id>,
    /// The attempt that a reversal undoes.
    pub attempt: Option<&'a Id>,
    /// Armed, or owed at once.
    pub status: ObligationStatus,
}

/// An obligation as stored.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// Order of making.
    pub seq: i64,
    /// Its identifier.
    pub id: Id,
    /// What is owed.
    pub kind: ObligationKind,
    /// The original it is about.
    pub original: Option<Id>,
    /// The undo it is about.
    pub undo: Option<Id>,
    /// The attempt that a reversal undoes.
    pub attempt: Option<Id>,
    /// How far it is.
    pub status: ObligationStatus,
    /// A reversal's reason for field 39: 98, A0 or 06.
    pub reason: Option<String>,
    /// Rounds used up.
    pub rounds: u32,
    /// Tries in this round.
    pub tries: u32,
    /// Tries of this round that the host answered.
    pub answered: u32,
    /// Tries in all.
    pub attempts: u32,
    /// When to try next, milliseconds since the boot `next_boot`; another boot means now.
    pub next_try: Option<i64>,
    /// The boot that `next_try` counts in.
    pub next_boot: Option<String>,
    /// What the last try ended with.
    pub code: Option<Code>,
    /// What closed it.
    pub proof: Option<String>,
    /// When it was made.
    pub created: WallTime,
    /// Whether it is delivered over the web, beside the line to the acquirer.
    pub web: bool,
}

impl Obligation {
    /// Whether its next try is due. A reboot makes everything due.
    #[must_use]
    pub fn is_due(&self, now: &Moment) -> bool {
        match (self.next_try, &self.next_boot) {
            (Some(at), Some(boot)) => *boot != now.boot_id || now.since_boot >= at,
            _ => true,
        }
    }

    /// The wall-clock time of its next try, for showing; now when it is due.
    #[must_use]
    pub fn next_try_at(&self, now: &Moment) -> WallTime {
        let wait = match self.next_try {
            Some(at) if !self.is_due(now) => at.saturating_sub(now.since_boot),
            _ => 0,
        };
        now.wall.plus(wait)
    }
}

const COLUMNS: &str = "seq, id, kind, original, undo, attempt, status, reason, rounds, tries,
    answered, attempts, next_try, next_boot, code, proof, created, web,
    (SELECT rail FROM original WHERE original.id = obligation.original)";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Obligation> {
    let rail = rail_or_card(row, 18)?;
    Ok(Obligation {
        seq: row.get(0)?,
        id: id(row, 1)?,
        kind: parsed(row, 2)?,
        original: optional_id(row, 3)?,
        undo: optional_id(row, 4)?,
        attempt: optional_id(row, 5)?,
        status: parsed(row, 6)?,
        reason: row.get(7)?,
        rounds: row.get(8)?,
        tries: row.get(9)?,
        answered: row.get(10)?,
        attempts: row.get(11)?,
        next_try: row.get(12)?,
        next_boot: row.get(13)?,
        code: code(row, 14, rail)?,
        proof: row.get(15)?,
        created: WallTime(row.get(16)?),
        web: row.get(17)?,
    })
}

impl Query<'_> {
    /// The obligation with this identifier.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn obligation(&self, id: &Id) -> Result<Obligation, LedgerError> {
        self.obligations("id = ?1", params![id.as_str()])?
            .pop()
            .ok_or_else(|| LedgerError::Missing {
                what: "obligation",
                id: id.to_string(),
            })
    }

    /// Everything that is not closed and not merely armed, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_obligations(&self) -> Result<Vec<Obligation>, LedgerError> {
        self.obligations(
            "status <> 'closed' AND status IN ('owed', 'on_hold', 'escalated') ORDER BY seq",
            [],
        )
    }

    /// What is owed to a host and counts as left: confirmations do not, unless one showed that
    /// money may stay taken.
    ///
    /// # Errors
    /// Those of the database.
    pub fn left(&self) -> Result<Vec<Obligation>, LedgerError> {
        self.obligations(
            "status <> 'closed' AND status IN ('owed', 'on_hold', 'escalated')
             AND (kind <> 'confirmation' OR status = 'escalated') ORDER BY seq",
            [],
        )
    }

    /// How many obligations a host closed, ever: intents that never became owed do not count.
    ///
    /// # Errors
    /// Those of the database.
    pub fn delivered_count(&self) -> Result<i64, LedgerError> {
        Ok(self
            .inner
            .prepare_cached(
                "SELECT COUNT(*) FROM obligation WHERE status = 'closed' AND attempts > 0
                 AND kind <> 'confirmation' AND proof <> 'superseded'",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// What is owed of one kind on the line to the acquirer, neither held nor escalated, oldest
    /// first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn owed(&self, kind: ObligationKind) -> Result<Vec<Obligation>, LedgerError> {
        self.obligations(
            "status = 'owed' AND web = 0 AND kind = ?1 ORDER BY seq",
            [kind.as_str()],
        )
    }

    /// Owed reversals that stand in the gate, oldest first: escalated ones left it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn gate_reversals(&self) -> Result<Vec<Obligation>, LedgerError> {
        self.owed(ObligationKind::Reversal)
    }

    /// The reversal of an attempt, when it has one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reversal_of(&self, attempt: &Id) -> Result<Option<Obligation>, LedgerError> {
        Ok(self
            .obligations(
                "attempt = ?1 AND kind = 'reversal'",
                params![attempt.as_str()],
            )?
            .pop())
    }

    /// All obligations about an original, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn obligations_of(&self, original: &Id) -> Result<Vec<Obligation>, LedgerError> {
        self.obligations("original = ?1 ORDER BY seq", params![original.as_str()])
    }

    pub(crate) fn obligations(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Obligation>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM obligation WHERE {condition}");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map(values, from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Stores a new obligation.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert_obligation(&self, new: &NewObligation<'_>) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO obligation (id, kind, original, undo, attempt, status, created, web)
                 VALUES (?1,?2,?3,?4,?5,?6,?7, EXISTS (SELECT 1 FROM original WHERE id = ?3
                 AND order_no IS NOT NULL))",
            )?
            .execute(params![
                new.id.as_str(),
                new.kind.as_str(),
                new.original.map(Id::as_str),
                new.undo.map(Id::as_str),
                new.attempt.map(Id::as_str),
                new.status.as_str(),
                self.now(),
            ])?;
        // Its own word: an undo's obligation has the undo's identifier.
        self.audit(
            &format!("owed_{}", new.kind),
            new.id.as_str(),
            None,
            Some(new.status.as_str()),
        )
    }

    /// Moves an obligation to another status that is not `closed`.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when it is already closed.
    pub fn set_obligation_status(
        &self,
        id: &Id,
        status: ObligationStatus,
        code: Option<&Code>,
    ) -> Result<(), LedgerError> {
        let before = self.query().obligation(id)?;
        self.inner
            .prepare_cached(
                "UPDATE obligation SET status = ?2, code = COALESCE(?3, code) WHERE id = ?1",
            )?
            .execute(params![
                id.as_str(),
                status.as_str(),
                code.map(Code::to_string)
            ])?;
        self.audit(
            "owed",
            id.as_str(),
            Some(before.status.as_str()),
            Some(status.as_str()),
        )?;
        self.event("obligation", id.as_str(), status.as_str())
    }

    /// Makes an armed reversal owed, for the reason that field 39 will carry.
    ///
    /// # Errors
    /// Those of the database.
    pub fn owe_reversal(
        &self,
        id: &Id,
        reason: &str,
        code: Option<&Code>,
    ) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("UPDATE obligation SET reason = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), reason])?;
        self.set_obligation_status(id, ObligationStatus::Owed, code)
    }

    /// Closes an obligation with its proof. One that is closed keeps its first proof.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] for an empty proof.
    pub fn close_obligation(&self, id: &Id, proof: &str) -> Result<(), LedgerError> {
        let before = self.query().obligation(id)?;
        if before.status == ObligationStatus::Closed {
            return Ok(());
        }
        self.inner
            .prepare_cached(
                "UPDATE obligation SET status = 'closed', proof = ?2, closed = ?3 WHERE id = ?1",
            )?
            .execute(params![id.as_str(), proof, self.now()])?;
        self.audit(
            "closed",
            id.as_str(),
            Some(before.status.as_str()),
            Some(proof),
        )?;
        self.event("obligation", id.as_str(), ObligationStatus::Closed.as_str())
    }

    /// Notes one more try: what it ended with, whether the host answered, and how many
    /// milliseconds to wait before the next one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn note_try(
        &self,
        id: &Id,
        code: Option<&Code>,
        answered: bool,
        wait_ms: i64,
    ) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "UPDATE obligation SET tries = tries + 1, attempts = attempts + 1,
                 answered = answered + ?2, code = COALESCE(?3, code), next_try = ?4,
                 next_boot = ?5 WHERE id = ?1",
            )?
            .execute(params![
                id.as_str(),
                answered,
                code.map(Code::to_string),
                self.stamp.at.since_boot.saturating_add(wait_ms),
                self.stamp.at.boot_id,
            ])?;
        self.audit(
            "try",
            id.as_str(),
            None,
            code.map(Code::to_string).as_deref(),
        )
    }

    /// Begins a new round: tries count from nothing, the debt stays.
    ///
    /// # Errors
    /// Those of the database.
    pub fn new_round(&self, id: &Id) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "UPDATE obligation SET rounds = rounds + 1, tries = 0, answered = 0 WHERE id = ?1",
            )?
            .execute([id.as_str()])?;
        self.audit("round", id.as_str(), None, None)
    }

    /// Begins a new round of everything owed, due at once: what `sync` does. A confirmation keeps
    /// its time: sent before the late window is over it would prove nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn make_all_due(&self) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE obligation SET tries = 0, answered = 0, next_try = NULL, next_boot = NULL
             WHERE status <> 'closed' AND status = 'owed' AND kind <> 'confirmation'",
            [],
        )?;
        Ok(())
    }
}
