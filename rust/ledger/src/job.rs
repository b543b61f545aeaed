//! Jobs that a host asked for, and what they brought.

use pos_domain::{Code, Moment, Rail};
use rusqlite::{OptionalExtension, Row, params};
use zeroize::Zeroizing;

use crate::row::{code, parsed};
use crate::{LedgerError, Query, Tx};

/// What a host can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Terminal parameters.
    Parameters,
    /// The terminal's status, told to the host.
    Status,
    /// Public keys of card organisations.
    CaKeys,
    /// Parameters of chip applications.
    ChipParameters,
    /// Parameters of the terminal management system.
    Management,
    /// The blacklist of cards.
    Blacklist,
}

pos_domain::text_enum!(JobKind {
    Parameters => "parameters",
    Status => "status",
    CaKeys => "ca_keys",
    ChipParameters => "chip_parameters",
    Management => "management",
    Blacklist => "blacklist",
});

/// Which message of a job comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobStep {
    /// Ask what there is.
    List,
    /// Get one thing, or tell it.
    Fetch,
    /// Say that all is here.
    End,
}

pos_domain::text_enum!(JobStep { List => "list", Fetch => "fetch", End => "end" });

/// A job as stored.
#[derive(Clone, Debug)]
pub struct Job {
    /// Order of asking.
    pub seq: i64,
    /// What it is.
    pub kind: JobKind,
    /// Which message comes next.
    pub step: JobStep,
    /// Tries without an answer since the last step that was done.
    pub tries: u32,
    /// Answers that were no use, in all.
    pub refused: u32,
    /// Why the last try came to nothing.
    pub code: Option<Code>,
    next_try: Option<i64>,
    next_boot: Option<String>,
}

impl Job {
    /// Milliseconds until its next try; zero when it is due. A reboot makes it due.
    #[must_use]
    pub fn wait_ms(&self, now: &Moment) -> i64 {
        match (self.next_try, &self.next_boot) {
            (Some(at), Some(boot)) if *boot == now.boot_id => {
                at.saturating_sub(now.since_boot).max(0)
            }
            _ => 0,
        }
    }
}

/// Something a job listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobItem {
    /// Its place in the list, from 0.
    pub place: u32,
    /// Its name in the host's own form.
    pub name: Vec<u8>,
    /// Whether its content came.
    pub is_here: bool,
}

/// One thing that a finished job brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Its name: a parameter's code, a key's or application's TLV, or the number of a part.
    pub name: Vec<u8>,
    /// Its content as the host gave it.
    pub value: Zeroizing<Vec<u8>>,
}

const COLUMNS: &str = "seq, kind, step, tries, refused, code, next_try, next_boot";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        seq: row.get(0)?,
        kind: parsed(row, 1)?,
        step: parsed(row, 2)?,
        tries: row.get(3)?,
        refused: row.get(4)?,
        code: code(row, 5, Rail::UnionPay)?,
        next_try: row.get(6)?,
        next_boot: row.get(7)?,
    })
}

fn seal_place(kind: JobKind) -> String {
    format!("download:{kind}")
}

impl Query<'_> {
    /// Jobs that are not done, in the order in which they were asked for.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_jobs(&self) -> Result<Vec<Job>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE closed IS NULL ORDER BY seq");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest job of a kind, done or not.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_job(&self, kind: JobKind) -> Result<Option<Job>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE kind = ?1 ORDER BY seq DESC LIMIT 1");
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row([kind.as_str()], from_row)
            .optional()?)
    }

    /// What a job listed so far, in the host's order.
    ///
    /// # Errors
    /// Those of the database.
    pub fn job_items(&self, job: i64) -> Result<Vec<JobItem>, LedgerError> {
        let mut statement = self.inner.prepare_cached(
            "SELECT place, name, sealed IS NOT NULL FROM job_item WHERE job = ?1 ORDER BY place",
        )?;
        let rows = statement.query_map([job], |row| {
            Ok(JobItem {
                place: row.get(0)?,
                name: row.get(1)?,
                is_here: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the last finished job of a kind brought, in the host's order.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn downloads(&self, kind: JobKind) -> Result<Vec<Download>, LedgerError> {
        let mut statement = self
            .inner
            .prepare_cached("SELECT name, sealed FROM download WHERE kind = ?1 ORDER BY place")?;
        let rows = statement.query_map([kind.as_str()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let place = seal_place(kind);
        rows.map(|row| {
            let (name, sealed) = row?;
            let value = self.sealer.open(&place, &sealed)?;
            Ok(Download { name, value })
        })
        .collect()
    }
}

impl Tx<'_> {
    /// Remembers that a host asked for a job. One that is open already stays as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub fn add_job(&self, kind: JobKind, first: JobStep) -> Result<(), LedgerError> {
        let added = self.inner.execute(
            "INSERT INTO job (kind, step, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![kind.as_str(), first.as_str(), self.now()],
        )?;
        if added == 0 {
            return Ok(());
        }
        self.audit("job", kind.as_str(), None, Some(first.as_str()))
    }

    /// Adds to what a job listed, each with its content when that came with the list.
    ///
    /// # Errors
    /// Those of the database.
    pub fn add_job_items(
        &self,
        job: &Job,
        items: &[(Vec<u8>, Option<Vec<u8>>)],
    ) -> Result<(), LedgerError> {
        let place = seal_place(job.kind);
        for (name, value) in items {
            let sealed = value
                .as_ref()
                .map(|value| self.sealer.seal(&place, value))
                .transpose()?;
            self.inner.execute(
                "INSERT INTO job_item (job, place, name, sealed)
                 SELECT ?1, COUNT(*), ?2, ?3 FROM job_item WHERE job = ?1",
                params![job.seq, name, sealed],
            )?;
        }
        Ok(())
    }

    /// Stores the content of something that a job listed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_job_item(&self, job: &Job, place: u32, value: &[u8]) -> Result<(), LedgerError> {
        let sealed = self.sealer.seal(&seal_place(job.kind), value)?;
        self.inner.execute(
            "UPDATE job_item SET sealed = ?3 WHERE job = ?1 AND place = ?2",
            params![job.seq, place, sealed],
        )?;
        Ok(())
    }

    /// A message of a job was answered well; `step` comes next, at once.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_job_step(&self, job: &Job, step: JobStep) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE job SET step = ?2, tries = 0, next_try = NULL, next_boot = NULL
             WHERE seq = ?1",
            params![job.seq, step.as_str()],
        )?;
        Ok(())
    }

    /// A message of a job came to nothing; it is tried again after `wait_ms` milliseconds.
    ///
    /// # Errors
    /// Those of the database.
    pub fn put_off_job(
        &self,
        job: &Job,
        code: &Code,
        answered: bool,
        wait_ms: i64,
    ) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE job SET tries = tries + 1, refused = refused + ?2, code = ?3, next_try = ?4,
             next_boot = ?5 WHERE seq = ?1",
            params![
                job.seq,
                answered,
                code.to_string(),
                self.stamp.at.since_boot.saturating_add(wait_ms),
                self.stamp.at.boot_id,
            ],
        )?;
        Ok(())
    }

    /// A job is done. What it brought takes the place of what an earlier one brought; a job that
    /// brought nothing leaves that as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub fn finish_job(&self, job: &Job) -> Result<(), LedgerError> {
        let (seq, kind) = (job.seq, job.kind.as_str());
        self.inner.execute(
            "DELETE FROM download WHERE kind = ?2
             AND EXISTS (SELECT 1 FROM job_item WHERE job = ?1 AND sealed IS NOT NULL)",
            params![seq, kind],
        )?;
        self.inner.execute(
            "INSERT INTO download (kind, place, name, sealed, received)
             SELECT ?2, place, name, sealed, ?3 FROM job_item
             WHERE job = ?1 AND sealed IS NOT NULL",
            params![seq, kind, self.now()],
        )?;
        self.close_job(job, None, "done")
    }

    /// A job is given up until a host asks for it again; what it brought so far is dropped.
    ///
    /// # Errors
    /// Those of the database.
    pub fn give_up_job(&self, job: &Job, code: &Code) -> Result<(), LedgerError> {
        self.close_job(job, Some(code), "given_up")
    }

    fn close_job(&self, job: &Job, code: Option<&Code>, end: &str) -> Result<(), LedgerError> {
        self.inner
            .execute("DELETE FROM job_item WHERE job = ?1", [job.seq])?;
        self.inner.execute(
            "UPDATE job SET closed = ?2, code = ?3 WHERE seq = ?1",
            params![job.seq, self.now(), code.map(Code::to_string)],
        )?;
        let from = Some(job.step.as_str());
        self.audit("job", job.kind.as_str(), from, Some(end))?;
        self.event("job", job.kind.as_str(), end)
    }
}
