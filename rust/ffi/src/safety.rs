//! Safety copies, the check of the ledger, and whether to update now.

use std::sync::Arc;

use pos_engine::Secret;
use pos_engine::copies::CopyFacts;
use pos_engine::counter::{Approval, Copies, CoreState, LedgerCheck};
use pos_engine::terminal::UpdateAnswer;

use crate::core::{Answer, Core};
use crate::ports::{CopyPlace, ForeignCopies};

#[uniffi::export]
impl Core {
    /// Where safety copies go from now on.
    pub fn keep_copies_in(&self, place: Arc<dyn CopyPlace>) {
        self.counter.keep_copies_in(Arc::new(ForeignCopies(place)));
    }

    /// Whether safety copies are kept, and how that went.
    pub fn copies(&self) -> Answer<Copies> {
        self.counter.copies()
    }

    /// Switches safety copies on under a passphrase, or changes it.
    pub fn begin_copies(&self, passphrase: Secret, approval: Approval) -> Answer<Copies> {
        self.counter.begin_copies(&passphrase, &approval)
    }

    /// Switches safety copies off; those that were made stay.
    pub fn end_copies(&self, approval: Approval) -> Answer<Copies> {
        self.counter.end_copies(&approval)
    }

    /// Makes a safety copy now and waits for it.
    pub fn copy_now(&self) -> Answer<Copies> {
        self.counter.copy_now()
    }

    /// Opens a safety copy and tells whose it is; changes nothing.
    pub fn look_at_copy(&self, file: String, passphrase: Secret) -> Answer<CopyFacts> {
        self.counter.look_at_copy(&file, &passphrase)
    }

    /// Goes on from a safety copy on a terminal that is not set up.
    pub fn restore_copy(&self, file: String, passphrase: Secret) -> Answer<CoreState> {
        self.counter.restore_copy(&file, &passphrase)
    }

    /// Checks audit chain and rules of the whole ledger; takes a while on a large one.
    pub fn verify_ledger(&self) -> Answer<LedgerCheck> {
        self.counter.verify_ledger()
    }

    /// Whether it is a good moment to update the app; needs nothing opened and asks no host.
    pub fn ready_to_update(&self) -> UpdateAnswer {
        self.counter.ready_to_update()
    }
}
