//! Settlement as persisted phases.

use pos_domain::WallTime;
use rusqlite::{OptionalExtension, Row, params};

use crate::row::parsed;
use crate::{LedgerError, Query, Tx};

/// How far the settlement of a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Queued voids are sent first.
    Draining,
    /// The totals are committed and on their way; no void of this batch any more.
    Closing,
    /// Details go up one by one.
    Uploading,
    /// Done; the next batch is open.
    Cleared,
}

pos_domain::text_enum!(Phase {
    Draining => "draining",
    Closing => "closing",
    Uploading => "uploading",
    Cleared => "cleared",
});

/// The settlement of one batch as stored.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The batch, six digits.
    pub batch: String,
    /// How far it is.
    pub phase: Phase,
    /// The totals as sent: field 48's digits.
    pub request: Option<String>,
    /// The host's two verdict digits.
    pub verdict: Option<String>,
    /// Details uploaded so far.
    pub uploaded: u32,
    /// Details that the host refused.
    pub failed: u32,
    /// When it began.
    pub started: WallTime,
    /// When it was cleared.
    pub cleared: Option<WallTime>,
}

const COLUMNS: &str = "batch, phase, request, verdict, uploaded, failed, started, cleared";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Settlement> {
    Ok(Settlement {
        batch: row.get(0)?,
        phase: parsed(row, 1)?,
        request: row.get(2)?,
        verdict: row.get(3)?,
        uploaded: row.get(4)?,
        failed: row.get(5)?,
        started: WallTime(row.get(6)?),
        cleared: row.get::<_, Option<i64>>(7)?.map(WallTime),
    })
}

impl Query<'_> {
    /// The settlement of a batch, when one was begun.
    ///
    /// # Errors
    /// Those of the database.
    pub fn settlement(&self, batch: &str) -> Result<Option<Settlement>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM settlement WHERE batch = ?1");
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row([batch], from_row)
            .optional()?)
    }

    /// The oldest settlement that is past draining and not cleared: it has to be finished first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn interrupted_settlement(&self) -> Result<Option<Settlement>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM settlement WHERE phase IN ('closing', 'uploading')
             ORDER BY started LIMIT 1"
        );
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row([], from_row)
            .optional()?)
    }
}

impl Tx<'_> {
    /// Begins or moves on a settlement.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_settlement_phase(
        &self,
        batch: &str,
        phase: Phase,
        request: Option<&str>,
        verdict: Option<&str>,
    ) -> Result<(), LedgerError> {
        let before = self.query().settlement(batch)?;
        let cleared = (phase == Phase::Cleared).then_some(self.now());
        self.inner.execute(
            "INSERT INTO settlement (batch, phase, request, verdict, started, cleared)
             VALUES (?1,?2,?3,?4,?5,?6) ON CONFLICT (batch) DO UPDATE SET phase = excluded.phase,
             request = COALESCE(excluded.request, request),
             verdict = COALESCE(excluded.verdict, verdict), cleared = excluded.cleared",
            params![batch, phase.as_str(), request, verdict, self.now(), cleared],
        )?;
        let from = before.map(|settlement| settlement.phase.as_str());
        self.audit("settlement", batch, from, Some(phase.as_str()))?;
        self.event("settlement", batch, phase.as_str())
    }

    /// Notes how many details went up and how many the host refused, so far.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_uploaded(&self, batch: &str, sent: u32, failed: u32) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE settlement SET uploaded = ?2, failed = ?3 WHERE batch = ?1",
            params![batch, sent, failed],
        )?;
        Ok(())
    }
}
