//! Settlement as persisted phases.

use pos_domain::WallTime;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

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

/// One taking or giving back of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRecord {
    /// Whether money was taken; else it was given back.
    pub debit: bool,
    /// What the message was: `sale`, `void`, `refund`, …
    pub purpose: String,
    /// The original.
    pub original: String,
    /// The attempt that was carried out.
    pub attempt: String,
    /// Its trace number, six digits.
    pub trace: String,
    /// How much, minor units.
    pub amount: i64,
    /// Field 63.1 of the original's answer.
    pub card_org: Option<String>,
    /// Whether a chip made it.
    #[serde(default)]
    pub chip: bool,
    /// Whether the chip's second cryptogram is here, so that it can go up.
    #[serde(default)]
    pub certified: bool,
}

/// The settlement of one batch as stored.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The batch, six digits.
    pub batch: String,
    /// How far it is.
    pub phase: Phase,
    /// The totals as sent: field 48's digits.
    pub request: Option<String>,
    /// What the totals were made of, as it was then.
    pub records: Vec<BatchRecord>,
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

const COLUMNS: &str = "batch, phase, request, verdict, uploaded, failed, started, cleared, records";

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
        records: row
            .get::<_, Option<String>>(8)?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
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

/// Takings of a batch, then what was given back in it. An undo counts in the batch of the attempt
/// that was carried out.
const RECORDS: &str = "
    SELECT 1, a.purpose, o.id, a.id, a.trace, o.amount, o.card_org,
        a.purpose = 'sale' AND o.entry IN ('chip', 'contactless'),
        EXISTS (SELECT 1 FROM chip_result c WHERE c.original = o.id AND c.has_cryptogram = 1)
            AND a.purpose = 'sale'
    FROM original o JOIN attempt a ON a.seq = (SELECT MAX(seq) FROM attempt
        WHERE original = o.id AND undo IS NULL
        AND purpose IN ('sale', 'completion', 'completion_advice'))
    WHERE o.batch = ?1 AND o.status = 'approved' AND o.kind IN ('sale', 'completion')
    UNION ALL
    SELECT 0, a.purpose, o.id, a.id, a.trace, u.amount, o.card_org, 0, 0
    FROM undo u JOIN original o ON o.id = u.original
    JOIN attempt a ON a.seq = (SELECT MAX(seq) FROM attempt
        WHERE undo = u.id AND purpose <> 'reversal' AND state <> 'reversed')
    WHERE u.status IN ('voided', 'refunded') AND a.batch = ?1 AND o.kind <> 'preauth'";

impl Query<'_> {
    /// What the totals of a batch are made of.
    ///
    /// # Errors
    /// Those of the database.
    pub fn batch_records(&self, batch: &str) -> Result<Vec<BatchRecord>, LedgerError> {
        let mut statement = self.inner.prepare_cached(RECORDS)?;
        let rows = statement.query_map([batch], |row| {
            Ok(BatchRecord {
                debit: row.get(0)?,
                purpose: row.get(1)?,
                original: row.get(2)?,
                attempt: row.get(3)?,
                trace: row.get(4)?,
                amount: row.get(5)?,
                card_org: row.get(6)?,
                chip: row.get(7)?,
                certified: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Batches that hold messages and were not cleared, oldest first; the current one is last.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_batches(&self) -> Result<Vec<String>, LedgerError> {
        let current = self.batch()?;
        let mut statement = self.inner.prepare_cached(
            "SELECT DISTINCT batch FROM original WHERE trace IS NOT NULL AND batch <> ?1
             AND batch NOT IN (SELECT batch FROM settlement WHERE phase = 'cleared')
             ORDER BY seq",
        )?;
        let rows = statement.query_map([&current], |row| row.get(0))?;
        let mut batches = rows.collect::<Result<Vec<String>, _>>()?;
        batches.push(current);
        Ok(batches)
    }
}

impl Tx<'_> {
    /// Stores what the totals of a batch are made of, before they are sent.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_batch_records(
        &self,
        batch: &str,
        records: &[BatchRecord],
    ) -> Result<(), LedgerError> {
        let text = serde_json::to_string(records).map_err(|_| LedgerError::Value("record"))?;
        self.inner.execute(
            "UPDATE settlement SET records = ?2 WHERE batch = ?1",
            params![batch, text],
        )?;
        Ok(())
    }

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
