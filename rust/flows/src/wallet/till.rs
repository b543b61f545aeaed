//! The till: everything a flow over the web needs, and the small reads and stamps they share.

use std::sync::Arc;

use pos_channels::wallet::{BuildError, Nonce, OrderNumber};
use pos_domain::ports::{Clock, Random, Storage};
use pos_domain::{Id, LocalCode, Moment, WallTime};
use pos_ledger::{Ledger, LedgerError, Original, Query, Stamp as Who, Tx, WebOrder};

use super::rail::{Rails, Stamp, Subject, Wire};
use super::rules::WebRules;
use crate::error::{FlowError, refuse};

/// One terminal at work on its wallets.
#[derive(Clone)]
pub struct Till {
    /// The memory.
    pub ledger: Arc<Ledger>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Random bytes for numbers and nonces.
    pub random: Arc<dyn Random>,
    /// The disk.
    pub storage: Arc<dyn Storage>,
    /// The shop's rules.
    pub rules: Arc<WebRules>,
    /// The wallets.
    pub rails: Arc<Rails>,
}

/// Which local code stands for a request that could not be built.
pub(super) const fn build_code(error: &BuildError) -> LocalCode {
    match error {
        BuildError::ForeignCode => LocalCode::CodeUnfit,
        BuildError::Field { .. } => LocalCode::PackingFailed,
        BuildError::Key(_) => LocalCode::KeysLost,
    }
}

impl Till {
    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(super) fn write<T>(
        &self,
        who: &str,
        work: impl FnOnce(&Tx<'_>) -> Result<T, FlowError>,
    ) -> Result<T, FlowError> {
        let stamp = Who {
            at: self.now(),
            operator: who.to_owned(),
        };
        self.ledger.write(stamp, work)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(Query<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, FlowError> {
        Ok(self.ledger.read(work)?)
    }

    /// A number for a new order or refund.
    pub(super) fn new_number(&self) -> Result<OrderNumber, FlowError> {
        use pos_channels::wallet::NumberError;
        OrderNumber::generate(self.random.as_ref(), "").map_err(|error| match error {
            NumberError::Random(error) => error.into(),
            NumberError::Malformed | NumberError::Prefix => {
                FlowError::Ledger(LedgerError::Value("order number"))
            }
        })
    }

    /// Trusted time where there is one, else the wall clock.
    pub(super) fn best_time(&self, query: Query<'_>) -> Result<WallTime, LedgerError> {
        let now = self.now();
        Ok(trusted(query, &now)?.unwrap_or(now.wall))
    }

    pub(super) fn stamp(&self) -> Result<Stamp, FlowError> {
        let nonce = Nonce::generate(self.random.as_ref())?;
        let now = self.read(|query| self.best_time(query))?;
        Ok(Stamp { now, nonce })
    }

    /// The interface of an order; refused when its wallet is not configured any more.
    pub(super) fn wire(&self, order: &WebOrder) -> Result<Box<dyn Wire + '_>, FlowError> {
        self.rails
            .wire(order.method)
            .ok_or_else(|| FlowError::Refused(LocalCode::RailOff.into()))
    }

    /// An original that goes over the web, and its order.
    pub(super) fn order(query: Query<'_>, sale: &Id) -> Result<(Original, WebOrder), FlowError> {
        let original = query.original(sale)?;
        match query.web_order(sale)? {
            Some(order) => Ok((original, order)),
            None => refuse(LocalCode::NotInThisState),
        }
    }
}

/// Trusted time; none since a reboot until a host or wallet spoke.
pub(super) fn trusted(query: Query<'_>, now: &Moment) -> Result<Option<WallTime>, LedgerError> {
    Ok(query.trusted_time()?.and_then(|trusted| trusted.at(now)))
}

/// The order's number and amount, as every message about it needs them.
pub(super) fn subject_of(original: &Original) -> Result<Subject, FlowError> {
    let number = original.order_no.as_deref().unwrap_or_default().parse();
    Ok(Subject {
        number: number.map_err(|_| LedgerError::Value("order number"))?,
        amount: original.amount,
        at: original.created,
    })
}
