//! Attempts: what is committed before the first byte of a message, and what came of it.

use pos_domain::status::AttemptState;
use pos_domain::{Code, Id, WallTime};
use rusqlite::{OptionalExtension, Row, params};
use zeroize::Zeroizing;

use crate::row::{code, id, optional_id, parsed, rail_or_card};
use crate::{LedgerError, Query, Tx};

/// A message about to be sent.
#[derive(Clone, Debug)]
pub struct NewAttempt<'a> {
    /// Its identifier.
    pub id: &'a Id,
    /// The original it is about.
    pub original: Option<&'a Id>,
    /// The undo it is an attempt at.
    pub undo: Option<&'a Id>,
    /// What it is for: `sale`, `void`, `reversal`, …
    pub purpose: &'a str,
    /// Message type, four digits.
    pub mti: &'a str,
    /// Batch number it names.
    pub batch: &'a str,
    /// Trace number.
    pub trace: &'a str,
    /// The generation of working keys that its MAC is made with.
    pub key_generation: u32,
    /// The host's business day as last told, MMDD.
    pub host_day: Option<&'a str>,
    /// All fields but 35, 36, 52 and 64, in a form that the flow can read back; sealed here.
    pub fields: &'a [u8],
    /// The frame as sent but for field 64; only its keyed hash is kept.
    pub frame: &'a [u8],
}

/// An attempt as stored.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Order of making.
    pub seq: i64,
    /// Its identifier.
    pub id: Id,
    /// The original it is about.
    pub original: Option<Id>,
    /// The undo it is an attempt at.
    pub undo: Option<Id>,
    /// What it is for.
    pub purpose: String,
    /// Message type, four digits, or [`WEB`].
    pub mti: String,
    /// Batch number it names.
    pub batch: String,
    /// Trace number.
    pub trace: String,
    /// The generation of working keys that it was made with.
    pub key_generation: u32,
    /// The host's business day when it was made, MMDD.
    pub host_day: Option<String>,
    /// How far it is known to have come.
    pub state: AttemptState,
    /// Why.
    pub code: Option<Code>,
    /// When it was made.
    pub created: WallTime,
}

/// An answer that came when nobody waited for it.
#[derive(Clone, Debug)]
pub struct LateAnswer<'a> {
    /// The attempt it answers, when one is found.
    pub attempt: Option<&'a Id>,
    /// Message type, four digits.
    pub mti: &'a str,
    /// Its trace number.
    pub trace: Option<&'a str>,
    /// Its answer code.
    pub code: Option<&'a str>,
    /// Whether its MAC and fields fit that attempt.
    pub checked: bool,
    /// The frame without fields 35, 36 and 52; sealed here.
    pub frame: &'a [u8],
}

/// The message type of an attempt over the web, which has neither batch nor trace.
pub const WEB: &str = "web";

impl Attempt {
    /// Whether it went over the web.
    #[must_use]
    pub fn is_web(&self) -> bool {
        self.mti == WEB
    }
}

const COLUMNS: &str = "seq, id, original, undo, purpose, mti, batch, trace, key_generation,
    host_day, state, code, created,
    (SELECT rail FROM original WHERE original.id = attempt.original)";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        seq: row.get(0)?,
        id: id(row, 1)?,
        original: optional_id(row, 2)?,
        undo: optional_id(row, 3)?,
        purpose: row.get(4)?,
        mti: row.get(5)?,
        batch: row.get(6)?,
        trace: row.get(7)?,
        key_generation: row.get(8)?,
        host_day: row.get(9)?,
        state: parsed(row, 10)?,
        code: code(row, 11, rail_or_card(row, 13)?)?,
        created: WallTime(row.get(12)?),
    })
}

impl Query<'_> {
    /// The attempt with this identifier.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn attempt(&self, id: &Id) -> Result<Attempt, LedgerError> {
        self.attempts("id = ?1", params![id.as_str()])?
            .pop()
            .ok_or_else(|| LedgerError::Missing {
                what: "attempt",
                id: id.to_string(),
            })
    }

    /// All attempts about an original, its undos' included, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn attempts_of(&self, original: &Id) -> Result<Vec<Attempt>, LedgerError> {
        self.attempts("original = ?1 ORDER BY seq", params![original.as_str()])
    }

    /// All attempts at an undo, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn attempts_at(&self, undo: &Id) -> Result<Vec<Attempt>, LedgerError> {
        self.attempts("undo = ?1 ORDER BY seq", params![undo.as_str()])
    }

    /// Attempts that were committed and have neither an answer nor a proof that nothing left.
    ///
    /// # Errors
    /// Those of the database.
    pub fn interrupted_attempts(&self) -> Result<Vec<Attempt>, LedgerError> {
        self.attempts(
            "state IN ('intended', 'no_answer') AND state = 'intended' ORDER BY seq",
            [],
        )
    }

    /// The newest attempts with this trace number, newest first; reversals share their original's.
    ///
    /// # Errors
    /// Those of the database.
    pub fn attempts_by_trace(&self, trace: &str) -> Result<Vec<Attempt>, LedgerError> {
        self.attempts("trace = ?1 ORDER BY seq DESC LIMIT 8", params![trace])
    }

    fn attempts(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Attempt>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM attempt WHERE {condition}");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map(values, from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The fields that an attempt was made of.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], or [`LedgerError::Seal`] when they cannot be opened any more.
    pub fn attempt_fields(&self, id: &Id) -> Result<Zeroizing<Vec<u8>>, LedgerError> {
        let sealed: Vec<u8> = self
            .inner
            .prepare_cached("SELECT fields FROM attempt WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .ok_or_else(|| LedgerError::Missing {
                what: "attempt",
                id: id.to_string(),
            })?;
        self.sealer.open(&format!("attempt.fields:{id}"), &sealed)
    }

    /// The answer that was stored with an attempt, without fields 35, 36 and 52.
    ///
    /// # Errors
    /// [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn attempt_answer(&self, id: &Id) -> Result<Option<Zeroizing<Vec<u8>>>, LedgerError> {
        let sealed: Option<Vec<u8>> = self
            .inner
            .prepare_cached("SELECT answer FROM attempt WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .flatten();
        let place = format!("attempt.answer:{id}");
        sealed
            .map(|sealed| self.sealer.open(&place, &sealed))
            .transpose()
    }

    /// Whether an undo has an attempt that was sent and is not proven either way.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_unproven_attempt(&self, undo: &Id) -> Result<bool, LedgerError> {
        Ok(self
            .inner
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM attempt WHERE undo = ?1
                 AND state IN ('intended', 'no_answer')
                 AND purpose NOT IN ('reversal', 'query', 'refund_query'))",
            )?
            .query_row([undo.as_str()], |row| row.get(0))?)
    }
}

impl Tx<'_> {
    /// Stores an attempt before its first byte: from the commit on it counts as sent and unproven.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert_attempt(&self, new: &NewAttempt<'_>) -> Result<(), LedgerError> {
        let fields = self
            .sealer
            .seal(&format!("attempt.fields:{}", new.id), new.fields)?;
        let hash = self.sealer.hash("frame", new.frame);
        self.inner
            .prepare_cached(
                "INSERT INTO attempt (id, original, undo, purpose, mti, batch, trace,
                 key_generation, host_day, fields, frame_hash, state, created)
                 VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
            )?
            .execute(params![
                new.id.as_str(),
                new.original.map(Id::as_str),
                new.undo.map(Id::as_str),
                new.purpose,
                new.mti,
                new.batch,
                new.trace,
                new.key_generation,
                new.host_day,
                fields,
                hash,
                AttemptState::Intended.as_str(),
                self.now(),
            ])?;
        self.audit(
            new.purpose,
            new.id.as_str(),
            None,
            Some(AttemptState::Intended.as_str()),
        )
    }

    /// Notes how far an attempt came, why, and the answer when there is one (without fields 35,
    /// 36 and 52; sealed here).
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is no such attempt.
    pub fn close_attempt(
        &self,
        id: &Id,
        state: AttemptState,
        code: Option<&Code>,
        answer: Option<&[u8]>,
    ) -> Result<(), LedgerError> {
        let before = self.query().attempt(id)?;
        let place = format!("attempt.answer:{id}");
        let answer = answer
            .map(|answer| self.sealer.seal(&place, answer))
            .transpose()?;
        self.inner
            .prepare_cached(
                "UPDATE attempt SET state = ?2, code = COALESCE(?3, code),
                 answer = COALESCE(?4, answer), closed = ?5 WHERE id = ?1",
            )?
            .execute(params![
                id.as_str(),
                state.as_str(),
                code.map(Code::to_string),
                answer,
                self.now(),
            ])?;
        self.audit(
            "attempt",
            id.as_str(),
            Some(before.state.as_str()),
            Some(state.as_str()),
        )
    }

    /// Keeps an answer that nobody waited for.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert_late_answer(&self, late: &LateAnswer<'_>) -> Result<(), LedgerError> {
        let subject = late.attempt.map_or("terminal", Id::as_str);
        let sealed = self
            .sealer
            .seal(&format!("late_answer:{subject}"), late.frame)?;
        self.inner.execute(
            "INSERT INTO late_answer (attempt, mti, trace, code, checked, frame, received)
             VALUES (?1,?2,?3,?4,?5,?6,?7)",
            params![
                late.attempt.map(Id::as_str),
                late.mti,
                late.trace,
                late.code,
                late.checked,
                sealed,
                self.now(),
            ],
        )?;
        self.audit("late_answer", subject, None, late.code)
    }
}
