//! Slips of what stands in the ledger.

use pos_diagnosis::Situation;
use pos_domain::receipt::Line;
use pos_domain::{Id, Lang, UndoKind, WallTime};
use pos_ledger::{Event, LedgerError, Original, Stamp};

use super::reader::Reader;
use super::settlement::total;
use super::{Counter, Failure, id};
pub use crate::receipt::Copy;
use crate::receipt::{DayEnd, Facts, What, day_end_slip, slip};
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
    /// The settlement of a batch.
    Settlement {
        /// Six digits.
        batch: String,
    },
}

impl SlipOf {
    fn subject(&self) -> Result<Id, Failure> {
        match self {
            Self::Sale { sale } => id(sale),
            Self::Undo { undo } => id(undo),
            Self::Settlement { batch } => id(batch),
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
            let mut paper = reader.paper(of, &subject)?;
            let ledger = reader.terminal.ledger();
            let events = ledger.read(|query| query.events_of(subject.as_str()))?;
            let name = name(copy, paper.status());
            let again = |e: &Event| e.kind == "slip" && e.payload == name;
            paper.facts_mut().again = events.iter().any(again);
            Ok(paper.lines(copy, reader.lang))
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
            let name = name(copy, reader.paper(of, &subject)?.status());
            let written = reader.terminal.ledger().write(stamp, |tx| {
                tx.audit("slip", subject.as_str(), None, Some(&name))?;
                tx.event("slip", subject.as_str(), &name)
            });
            Ok(written?)
        })
    }
}

/// A slip before it is in words.
enum Paper {
    /// Of a sale or a void.
    Money(Facts, What),
    /// Of a settlement.
    Day(DayEnd),
}

impl Paper {
    const fn status(&self) -> &'static str {
        match self {
            Self::Money(_, What::Sale { status }) => status.as_str(),
            Self::Money(_, What::Void { status, .. }) => status.as_str(),
            Self::Day(day) if day.settled => "settled",
            Self::Day(_) => "open",
        }
    }

    const fn facts_mut(&mut self) -> &mut Facts {
        match self {
            Self::Money(facts, _) => facts,
            Self::Day(day) => &mut day.facts,
        }
    }

    fn lines(&self, copy: Copy, lang: Lang) -> Vec<Line> {
        match self {
            Self::Money(facts, what) => slip(facts, what, copy, lang),
            Self::Day(day) => day_end_slip(day, copy, lang),
        }
    }
}

impl Reader<'_> {
    fn paper(&self, of: &SlipOf, subject: &Id) -> Result<Paper, EngineError> {
        let ledger = self.terminal.ledger();
        match of {
            SlipOf::Sale { .. } => {
                let original = ledger.read(|query| query.original(subject))?;
                let status = original.status;
                Ok(Paper::Money(
                    self.sale_facts(original),
                    What::Sale { status },
                ))
            }
            SlipOf::Undo { .. } => self.void_paper(subject),
            SlipOf::Settlement { batch } => self.day_paper(batch),
        }
    }

    fn void_paper(&self, subject: &Id) -> Result<Paper, EngineError> {
        let (undo, original, attempts) = self.terminal.ledger().read(|query| {
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
        Ok(Paper::Money(facts, what))
    }

    fn day_paper(&self, batch: &str) -> Result<Paper, EngineError> {
        let (begun, originals) = self.terminal.ledger().read(|query| {
            let originals = query.originals_of_batch(batch)?;
            Ok::<_, LedgerError>((query.settlement(batch)?, originals))
        })?;
        // Numbers and operator are those of its last sale: a batch without one has no slip.
        let Some(last) = originals.into_iter().next_back() else {
            let id = batch.to_owned();
            return Err(LedgerError::Missing { what: "batch", id }.into());
        };
        let cleared = begun.as_ref().and_then(|begun| begun.cleared);
        let records = match begun.as_ref().filter(|begun| !begun.records.is_empty()) {
            Some(begun) => begun.records.clone(),
            None => self
                .terminal
                .ledger()
                .read(|query| query.batch_records(batch))?,
        };
        let sum = |debit| {
            let total = total(&records, debit);
            (total.count, total.amount)
        };
        let verdict = begun.as_ref().and_then(|begun| begun.verdict.as_deref());
        Ok(Paper::Day(DayEnd {
            settled: cleared.is_some(),
            // One digit for domestic and one for foreign cards: 1 says equal (§8.1).
            balanced: verdict.is_some_and(|verdict| verdict.bytes().all(|digit| digit == b'1')),
            taken: sum(true),
            returned: sum(false),
            cleared: self
                .cleared()?
                .into_iter()
                .map(|item| (item.voucher, item.amount))
                .collect(),
            facts: Facts {
                at: cleared.unwrap_or_else(|| self.terminal.now().wall),
                ..self.sale_facts(last)
            },
        }))
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
            training: self.terminal.is_training(),
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
