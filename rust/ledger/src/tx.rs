//! One transaction, with who and when, so that no state changes without its audit entry.

use std::cell::RefCell;

use pos_domain::Id;
use pos_domain::Moment;
use pos_domain::ports::Random;
use rusqlite::{Connection, Transaction};

use crate::audit::Head;
use crate::{LedgerError, Sealer};

/// Who does something, and when.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The clocks at the start of the transaction.
    pub at: Moment,
    /// The operator's number, or `system`.
    pub operator: String,
}

/// An open write transaction. All state changes go through its methods.
pub struct Tx<'a> {
    pub(crate) inner: Transaction<'a>,
    pub(crate) stamp: Stamp,
    pub(crate) sealer: &'a Sealer,
    pub(crate) random: &'a dyn Random,
    /// The last entry of the audit, once this transaction has added one.
    pub(crate) head: RefCell<Option<Head>>,
}

impl Tx<'_> {
    /// Who and when.
    #[must_use]
    pub const fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// A new identifier whose first letter says what it is for.
    ///
    /// # Errors
    /// [`LedgerError::Port`] without random bytes.
    pub fn new_id(&self, kind: char) -> Result<Id, LedgerError> {
        let mut random = [0; 10];
        self.random.fill(&mut random)?;
        Ok(Id::from_random(kind, random))
    }

    /// Reading within the transaction.
    #[must_use]
    pub fn query(&self) -> Query<'_> {
        Query {
            inner: &self.inner,
            sealer: self.sealer,
        }
    }

    pub(crate) const fn now(&self) -> i64 {
        self.stamp.at.wall.0
    }
}

/// Reading; sees what is committed, and inside a transaction also that transaction's changes.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    pub(crate) inner: &'a Connection,
    pub(crate) sealer: &'a Sealer,
}

impl Query<'_> {
    /// A keyed hash that shows equality and nothing else, as the ledger's own columns use it.
    #[must_use]
    pub fn hash(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.sealer.hash(purpose, bytes)
    }
}
