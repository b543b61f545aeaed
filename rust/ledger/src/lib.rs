//! The terminal's memory: one SQLite file with originals (sales, pre-authorisations, completions),
//! undos, attempts, obligations, events and a hash-chained audit.
//!
//! The undo rule (at most one effective undo per unit of money) and the rule that nothing with
//! money is deleted stand in the database itself, as triggers.
//!
//! This crate must not know a wire format, a link or a flow. Calls are synchronous and short; no
//! transaction is open while a flow waits for a host. A writing function needs a [`Tx`], and a
//! [`Tx`] is only to be had inside [`Ledger::write`], which commits once.

mod account;
mod attempt;
mod audit;
mod chip;
mod cleared;
mod counter;
mod error;
mod event;
mod evidence;
mod job;
mod journal;
mod migrate;
mod obligation;
mod open;
mod operator;
mod original;
mod preauth;
mod row;
mod seal;
mod setting;
mod settlement;
mod signature;
mod status;
mod tx;
mod undo;
mod verify;
mod wallet;

pub use account::Account;
pub use attempt::{Attempt, LateAnswer, NewAttempt, WEB};
pub use audit::AuditEntry;
pub use cleared::Tombstone;
pub use error::LedgerError;
pub use event::Event;
pub use job::{Download, Job, JobItem, JobKind, JobStep};
pub use journal::{JournalFilter, Net, SaleView, UndoView};
pub use migrate::{SCHEMA_VERSION, free_bytes};
pub use obligation::{NewObligation, Obligation};
pub use open::{Ledger, LedgerOptions, Watcher};
pub use operator::{Approval, Operator, Role};
pub use original::{AnswerFacts, NewOriginal, Original};
pub use seal::{DataKey, Sealer};
pub use settlement::{BatchRecord, Phase, Settlement};
pub use signature::Signature;
pub use tx::{Query, Stamp, Tx};
pub use undo::{NewUndo, Undo};
pub use verify::{Problem, Verification};
pub use wallet::{NewWebOrder, NewWebUndo, WebOrder, WebUndo};
