//! The audit: every state change, each entry chained to the one before by its hash.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::{LedgerError, Query, Tx};

/// One state change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Position in the chain, from 1.
    pub seq: i64,
    /// Wall clock, milliseconds.
    pub wall: i64,
    /// Milliseconds since boot.
    pub since_boot: i64,
    /// Which boot.
    pub boot_id: String,
    /// Who; `system` for the terminal itself.
    pub operator: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The state before.
    pub before: Option<String>,
    /// The state after.
    pub after: Option<String>,
}

/// The newest entry of the chain: its position and hash.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    seq: i64,
    hash: Vec<u8>,
}

/// The hash that the first entry is chained to.
const GENESIS: [u8; 32] = [0; 32];

impl AuditEntry {
    fn hash(&self, previous: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(previous);
        for number in [self.seq, self.wall, self.since_boot] {
            hash.update(number.to_be_bytes());
        }
        let texts = [&self.boot_id, &self.operator, &self.action, &self.subject];
        let optional = [&self.before, &self.after];
        let all = texts
            .into_iter()
            .map(Some)
            .chain(optional.map(Option::as_ref));
        for text in all {
            match text {
                // Lengths in front, so that two texts cannot be shifted into each other.
                Some(text) => {
                    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
                    hash.update([1]);
                    hash.update(length.to_be_bytes());
                    hash.update(text.as_bytes());
                }
                None => hash.update([0]),
            }
        }
        hash.finalize().into()
    }
}

impl Tx<'_> {
    /// Adds an entry. The row-changing functions of this crate call it themselves; flows call it
    /// for what is not a row, such as a sign-in.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit(
        &self,
        action: &str,
        subject: &str,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<(), LedgerError> {
        let last = self.head.borrow_mut().take();
        let last = last.map_or_else(|| self.query().audit_head(), Ok)?;
        let previous = last.hash;
        let entry = AuditEntry {
            seq: last.seq.saturating_add(1),
            wall: self.now(),
            since_boot: self.stamp.at.since_boot,
            boot_id: self.stamp.at.boot_id.clone(),
            operator: self.stamp.operator.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let hash = entry.hash(&previous);
        self.inner
            .prepare_cached(
                "INSERT INTO audit (seq, wall, since_boot, boot_id, operator, action, subject,
                 before, after, previous, hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)",
            )?
            .execute(params![
                entry.seq,
                entry.wall,
                entry.since_boot,
                entry.boot_id,
                entry.operator,
                entry.action,
                entry.subject,
                entry.before,
                entry.after,
                previous,
                hash,
            ])?;
        self.head.replace(Some(Head {
            seq: entry.seq,
            hash: hash.to_vec(),
        }));
        Ok(())
    }

    /// Marks where the chain ends, once a transaction, under the ledger's key.
    pub(crate) fn mark_audit_head(&self) -> Result<(), LedgerError> {
        let Some(head) = self.head.borrow_mut().take() else {
            return Ok(());
        };
        self.inner
            .prepare_cached(
                "INSERT INTO audit_head (one, seq, mark) VALUES (1, ?1, ?2)
                 ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, mark = excluded.mark",
            )?
            .execute(params![head.seq, self.query().mark(&head)])?;
        Ok(())
    }
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        seq: row.get(0)?,
        wall: row.get(1)?,
        since_boot: row.get(2)?,
        boot_id: row.get(3)?,
        operator: row.get(4)?,
        action: row.get(5)?,
        subject: row.get(6)?,
        before: row.get(7)?,
        after: row.get(8)?,
    })
}

const COLUMNS: &str =
    "seq, wall, since_boot, boot_id, operator, action, subject, before, after, previous, hash";

impl Query<'_> {
    /// The entries about `subject`, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit_of(&self, subject: &str) -> Result<Vec<AuditEntry>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE subject = ?1 ORDER BY seq");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map([subject], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many entries there are: it grows with every change.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit_length(&self) -> Result<i64, LedgerError> {
        Ok(self.audit_head()?.seq)
    }

    fn audit_head(&self) -> Result<Head, LedgerError> {
        let last = self
            .inner
            .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| {
                let (seq, hash) = (row.get(0)?, row.get(1)?);
                Ok(Head { seq, hash })
            })
            .optional()?;
        Ok(last.unwrap_or_else(|| Head {
            seq: 0,
            hash: GENESIS.to_vec(),
        }))
    }

    fn mark(&self, head: &Head) -> [u8; 32] {
        let text = [&head.seq.to_be_bytes(), head.hash.as_slice()].concat();
        self.sealer.hash("audit head", &text)
    }

    /// Walks the chain; gives the number of entries and the places where it is broken.
    pub(crate) fn check_audit(&self) -> Result<(u64, Vec<String>), LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM audit ORDER BY seq");
        let mut statement = self.inner.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let (mut count, mut broken) = (0u64, Vec::new());
        let mut last = Head {
            seq: 0,
            hash: GENESIS.to_vec(),
        };
        while let Some(row) = rows.next()? {
            count = count.saturating_add(1);
            let entry = from_row(row)?;
            let (previous, hash): (Vec<u8>, Vec<u8>) = (row.get(9)?, row.get(10)?);
            let expected = last.seq.saturating_add(1);
            if entry.seq > expected {
                let before = entry.seq.saturating_sub(1);
                broken.push(match before == expected {
                    true => format!("entry {expected} is missing"),
                    false => format!("entries {expected} to {before} are missing"),
                });
            } else if previous != last.hash {
                broken.push(format!(
                    "entry {} does not follow the one before",
                    entry.seq
                ));
            }
            if hash != entry.hash(&previous) {
                broken.push(format!("entry {} was changed", entry.seq));
            }
            last = Head {
                seq: entry.seq,
                hash,
            };
        }
        broken.extend(self.check_audit_head(&last)?);
        Ok((count, broken))
    }

    fn check_audit_head(&self, last: &Head) -> Result<Option<String>, LedgerError> {
        let marked: Option<(i64, Vec<u8>)> = self
            .inner
            .prepare_cached("SELECT seq, mark FROM audit_head")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((seq, mark)) = marked else {
            let begun = last.seq > 0;
            return Ok(begun.then(|| "the mark of the last entry is missing".to_owned()));
        };
        let end = last.seq.saturating_add(1);
        Ok(if seq > last.seq {
            Some(format!("entries {end} to {seq} are missing"))
        } else if seq < last.seq || mark != self.mark(last) {
            Some(format!(
                "entry {} is not the one that was marked as last",
                last.seq
            ))
        } else {
            None
        })
    }
}
