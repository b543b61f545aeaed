//! The outbox worker: delivers what is owed, in the background, for as long as the engine lives.

use std::sync::Arc;
use std::time::Duration;

use pos_domain::LocalCode;
use pos_flows::{FlowError, PassReport};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::{EngineError, Terminal};

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
            let (line, wake) = (Arc::clone(&self.line), Arc::clone(&self.wake));
            let turns = self.turns.clone();
            self.runtime.spawn(async move {
                loop {
                    let report = {
                        let _line = line.lock().await;
                        desk.pass_until("system", &|| turns.is_wanted()).await
                    };
                    pause(report, &wake).await;
                }
            });
        }
        // The wallets do not wait for the card line.
        if let Some(till) = self.till.clone() {
            let (line, wake) = (Arc::clone(&self.web_line), Arc::clone(&self.web_wake));
            let turns = self.web_turns.clone();
            self.runtime.spawn(async move {
                loop {
                    let report = {
                        let _line = line.lock().await;
                        till.pass_until("system", &|| turns.is_wanted()).await
                    };
                    pause(report, &wake).await;
                }
            });
        }
        Ok(())
    }

    /// Has the worker look again now: the network came back, or something became owed.
    pub fn nudge(&self) {
        self.wake.notify_one();
        self.web_wake.notify_one();
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
async fn pause(report: Result<PassReport, FlowError>, wake: &Notify) {
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
    let _ = timeout(jittered, wake.notified()).await;
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
