//! Slips of what stands in the ledger.

use pos_diagnosis::Situation;
use pos_domain::receipt::Line;
use pos_domain::{Id, UndoKind, WallTime};
use pos_ledger::{LedgerError, Original, Stamp};

use super::reader::Reader;
use super::terminal::is_training;
use super::{Counter, Failure, id};
pub use crate::receipt::Copy;
use crate::receipt::{Facts, What, slip};
use crate::terminal::EngineError;

/// What a slip is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlipOf {
    /// A sale.
    Sale {
        /// Which.
        sale: String,
    },
    /// A void.
    Undo {
        /// Which.
        undo: String,
    },
}

impl SlipOf {
    fn subject(&self) -> Result<Id, Failure> {
        match self {
            Self::Sale { sale } => id(sale),
            Self::Undo { undo } => id(undo),
        }
    }
}

/// The name of a slip in the ledger: whose copy, at which status.
fn name(copy: Copy, status: &str) -> String {
    match copy {
        Copy::Merchant => format!("merchant.{status}"),
        Copy::Customer => format!("customer.{status}"),
    }
}

impl Counter {
    /// The lines of a slip as things stand now.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn receipt(&self, of: &SlipOf, copy: Copy) -> Result<Vec<Line>, Failure> {
        let subject = of.subject()?;
        self.ask(Situation::Other, |reader| {
            let (mut facts, what) = reader.slip_facts(of, &subject)?;
            let ledger = reader.terminal.ledger();
            let events = ledger.read(|query| query.events_of(subject.as_str()))?;
            let name = name(copy, status(&what));
            facts.again = events.iter().any(|e| e.kind == "slip" && e.payload == name);
            Ok(slip(&facts, &what, copy, reader.lang))
        })
    }

    /// Notes that this slip came out, as things stand now: the next one is a duplicate.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn slip_printed(&self, of: &SlipOf, copy: Copy) -> Result<(), Failure> {
        let subject = of.subject()?;
        let operator = self.who().unwrap_or_else(|_| "system".to_owned());
        let stamp = Stamp {
            at: self.ports.clock.now(),
            operator,
        };
        self.ask(Situation::Other, |reader| {
            let (_, what) = reader.slip_facts(of, &subject)?;
            let name = name(copy, status(&what));
            let written = reader.terminal.ledger().write(stamp, |tx| {
                tx.audit("slip", subject.as_str(), None, Some(&name))?;
                tx.event("slip", subject.as_str(), &name)
            });
            Ok(written?)
        })
    }
}

const fn status(what: &What) -> &'static str {
    match what {
        What::Sale { status } => status.as_str(),
        What::Void { status, .. } => status.as_str(),
    }
}

impl Reader<'_> {
    fn slip_facts(&self, of: &SlipOf, subject: &Id) -> Result<(Facts, What), EngineError> {
        let ledger = self.terminal.ledger();
        match of {
            SlipOf::Sale { .. } => {
                let original = ledger.read(|query| query.original(subject))?;
                let status = original.status;
                Ok((self.sale_facts(original), What::Sale { status }))
            }
            SlipOf::Undo { .. } => {
                let (undo, original, attempts) = ledger.read(|query| {
                    let undo = query.undo(subject)?;
                    let original = query.original(&undo.original)?;
                    Ok::<_, LedgerError>((undo, original, query.attempts_at(subject)?))
                })?;
                if undo.kind != UndoKind::Void {
                    let id = undo.id.to_string();
                    return Err(LedgerError::Missing { what: "void", id }.into());
                }
                let own = attempts.iter().rfind(|a| a.purpose != "reversal");
                let what = What::Void {
                    status: undo.status,
                    original: original.trace.clone(),
                };
                let facts = Facts {
                    operator: undo.operator,
                    voucher: own.map(|attempt| attempt.trace.clone()),
                    auth_code: None,
                    reference: original.facts.reference.clone(),
                    at: undo.created,
                    amount: undo.amount,
                    ..self.sale_facts(original)
                };
                Ok((facts, what))
            }
        }
    }

    fn sale_facts(&self, original: Original) -> Facts {
        let profile = self.terminal.profile();
        let at = host_time(&original).unwrap_or(original.created);
        Facts {
            merchant_name: profile.merchant.name.clone(),
            merchant_id: original.merchant.trim_end().to_owned(),
            terminal_id: original.terminal.trim_end().to_owned(),
            operator: original.operator,
            card: original.card_mask,
            entry: original.entry,
            batch: original.batch,
            voucher: original.trace,
            auth_code: original.facts.auth_code,
            reference: original.facts.reference,
            at,
            amount: original.amount,
            training: is_training(profile),
            again: false,
        }
    }
}

/// The host's date and time, with the terminal's year.
fn host_time(original: &Original) -> Option<WallTime> {
    let (date, time) = (&original.facts.host_date, &original.facts.host_time);
    original
        .created
        .nearest_host_time(date.as_deref()?, time.as_deref()?)
}
