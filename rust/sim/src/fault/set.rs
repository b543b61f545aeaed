//! The faults that are still to come, common to all hosts of one process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pos_domain::Rail;

use super::{Action, Fault, Kind, Moment};

/// Who meets a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Counterpart {
    /// 8583.
    #[default]
    Acquirer,
    WeChat,
    Alipay,
    /// UnionPay's online interface.
    Acp,
}

impl Counterpart {
    pub(crate) const fn rail(self) -> Rail {
        match self {
            Self::Acquirer | Self::Acp => Rail::UnionPay,
            Self::WeChat => Rail::WeChat,
            Self::Alipay => Rail::Alipay,
        }
    }
}

/// The faults that are still to come, in the order in which they were given, as one host sees them.
/// A copy stands alone.
#[derive(Debug, Default)]
pub struct FaultSet {
    faults: Arc<Mutex<Vec<Fault>>>,
    host: Counterpart,
}

impl Clone for FaultSet {
    fn clone(&self) -> Self {
        Self {
            faults: Arc::new(Mutex::new(self.locked().clone())),
            host: self.host,
        }
    }
}

impl FaultSet {
    /// A set of its own for this host.
    pub(crate) fn of(host: Counterpart) -> Self {
        Self {
            host,
            ..Self::default()
        }
    }

    /// Sees the faults of that set from now on: what strikes one host is gone for both.
    pub(crate) fn join(&mut self, other: &Self) {
        self.faults = Arc::clone(&other.faults);
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds faults behind those that wait already.
    pub fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.locked().extend(faults);
    }

    /// Forgets all faults.
    pub fn clear(&mut self) {
        self.locked().clear();
    }

    /// True when no fault is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    /// The faults that are left.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.locked().clone()
    }

    /// What strikes a request of these kinds at this host now: the first fault that matches and has
    /// nothing to skip. Every other match that still skips counts this request. No kind while
    /// connecting.
    pub(crate) fn fire(&mut self, kinds: &[Kind], at: Moment) -> Option<Action> {
        let host = self.host;
        let mut faults = self.locked();
        let mut struck = None;
        for fault in faults.iter_mut() {
            let matches = fault.at == at
                && fault.on.is_none_or(|on| kinds.contains(&on))
                && fault.rail.is_none_or(|rail| rail == host.rail())
                && fault.action.suits(host);
            if !matches {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if struck.is_none() && fault.times > 0 {
                fault.times -= 1;
                struck = Some(fault.action.clone());
            }
        }
        faults.retain(|fault| fault.times > 0);
        struck
    }
}
