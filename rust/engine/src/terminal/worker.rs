//! The outbox worker: delivers what is owed, in the background, for as long as the engine lives.

use std::time::Duration;

use pos_domain::LocalCode;
use pos_flows::{FlowError, PassReport};
use tokio::time::timeout;

use super::turn::Line;
use super::{EngineError, Terminal};

/// Who acts in the ledger's eyes when the worker delivers.
const WORKER: &str = "system";
/// How long the worker sleeps when nothing waits for a time, or at most.
const LONGEST_SLEEP_MS: u64 = 300_000;
/// How long it sleeps at least, so that a failing ledger does not spin it.
const SHORTEST_SLEEP_MS: u64 = 500;

impl Terminal {
    /// Starts delivering in the background: at once, then whenever an item is due or [`nudge`]d.
    ///
    /// [`nudge`]: Terminal::nudge
    ///
    /// # Errors
    /// [`EngineError::Refused`] when no rail is on.
    pub fn start_worker(&self) -> Result<(), EngineError> {
        if self.desk.is_none() && self.rails.is_empty() {
            return Err(EngineError::Refused(LocalCode::RailOff.into()));
        }
        if let Some(desk) = self.desk.clone() {
            self.keep_delivering(self.line.clone(), move |line| {
                let desk = desk.clone();
                async move { desk.pass_until(WORKER, &|| line.is_wanted()).await }
            });
        }
        // The wallets do not wait for the card line.
        if let Some(till) = self.till.clone() {
            self.keep_delivering(self.web_line.clone(), move |line| {
                let till = till.clone();
                async move { till.pass_until(WORKER, &|| line.is_wanted()).await }
            });
        }
        Ok(())
    }

    /// Makes one pass after the other on a line, for as long as the engine lives.
    fn keep_delivering<F>(&self, line: Line, pass: impl Fn(Line) -> F + Send + 'static)
    where
        F: Future<Output = Result<PassReport, FlowError>> + Send,
    {
        self.runtime.spawn(async move {
            loop {
                let report = {
                    let _held = line.spare_turn().await;
                    pass(line.clone()).await
                };
                pause(report, &line).await;
            }
        });
    }

    /// Has the worker look again now: the network came back, or something became owed.
    pub fn nudge(&self) {
        self.line.nudge();
        self.web_line.nudge();
    }

    /// Begins a new round of everything owed, due at once, and has the worker deliver it.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn retry_all(&self, who: &str) -> Result<(), EngineError> {
        self.begin_round(who)?;
        self.nudge();
        Ok(())
    }
}

/// Sleeps until something is due, or somebody nudges; either way the next pass looks at everything.
async fn pause(report: Result<PassReport, FlowError>, line: &Line) {
    let due = match report {
        Ok(report) => report.next_due_ms,
        Err(error) => {
            log::error!("worker: {error}");
            None
        }
    };
    let wait = due
        .and_then(|ms| u64::try_from(ms).ok())
        .unwrap_or(LONGEST_SLEEP_MS);
    let wait = wait.clamp(SHORTEST_SLEEP_MS, LONGEST_SLEEP_MS);
    let jittered = Duration::from_millis(wait.saturating_add(jitter(wait)));
    let _ = timeout(jittered, line.nudged()).await;
}

/// Up to a tenth of the wait, so that many terminals do not come back in step.
fn jitter(wait: u64) -> u64 {
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        return 0;
    }
    u64::from_be_bytes(bytes)
        .checked_rem((wait / 10).max(1))
        .unwrap_or(0)
}
