//! What the simulated wallets have in common: orders and their money, customers with scripts,
//! faults, keys. Web requests in, answers and pauses out: no socket, no clock, no thread.

mod book;
mod keys;
mod money;
mod order;
mod playback;
mod protocol;
mod script;
mod settings;
mod violation;

use pos_domain::WallTime;
use serde_json::Value;

pub use book::Customer;
pub use keys::WalletKeyError;
pub use settings::{
    MERCHANT_CERTIFICATE, MERCHANT_KEY, ROOT_CERTIFICATES, WALLET_CERTIFICATE, WALLET_PUBLIC_KEY,
    WalletSettings,
};
pub use violation::{WalletRule, WalletViolation};

pub(crate) use book::{Book, Call};
pub(crate) use keys::{Checker, Signer, hmac_hex, md5_hex, pem_bytes, same_text, sha256_hex};
pub(crate) use money::{NewOrder, RefundRefusal, RefundRules, Refunded, Taken, TakenBack};
pub(crate) use order::{How, Order, OrderState, Undo, UndoKind, UndoState};
pub(crate) use protocol::{Draft, Form, Protocol, Tamper};
pub(crate) use script::Turn;

use crate::acp::Acp;
use crate::alipay::Alipay;
use crate::fault::{Counterpart, Fault, FaultSet, Moment};
use crate::unionpay::Connect;
use crate::wechat::WeChat;

/// One simulated wallet with its orders and pending faults.
#[derive(Debug)]
pub struct Wallet {
    protocol: Box<dyn Protocol>,
    book: Book,
    faults: FaultSet,
    held: Vec<playback::Held>,
    offline: bool,
}

impl Wallet {
    fn new(protocol: Box<dyn Protocol>, host: Counterpart) -> Self {
        Self {
            protocol,
            book: Book::default(),
            faults: FaultSet::of(host),
            held: Vec::new(),
            offline: false,
        }
    }

    /// WeChat Pay, interfaces v2 and v3.
    ///
    /// # Errors
    /// A key of the settings cannot be used.
    pub fn wechat(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        let protocol = Box::new(WeChat::new(settings)?);
        Ok(Self::new(protocol, Counterpart::WeChat))
    }

    /// Alipay.
    ///
    /// # Errors
    /// A key of the settings cannot be used.
    pub fn alipay(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        let protocol = Box::new(Alipay::new(settings)?);
        Ok(Self::new(protocol, Counterpart::Alipay))
    }

    /// UnionPay's online interface for QR payments.
    ///
    /// # Errors
    /// A key of the settings cannot be used.
    pub fn acp(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        let protocol = Box::new(Acp::new(settings)?);
        Ok(Self::new(protocol, Counterpart::Acp))
    }

    /// A terminal wants to connect.
    pub fn on_connect(&mut self, _now: WallTime) -> Connect {
        let struck = self.faults.fire(&[], Moment::BeforeConnect);
        if self.offline || struck.is_some() {
            Connect::Refuse
        } else {
            Connect::Accept
        }
    }

    /// Refuses connections, or takes them again.
    pub const fn set_offline(&mut self, offline: bool) {
        self.offline = offline;
    }

    /// True while connections are refused.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        self.offline
    }

    /// Adds faults.
    pub fn add_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.add(faults);
    }

    /// The faults that have not struck yet.
    #[must_use]
    pub const fn faults(&self) -> &FaultSet {
        &self.faults
    }

    pub(crate) fn join_faults(&mut self, set: &FaultSet) {
        self.faults.join(set);
    }

    /// Carries out what a customer does with the order of this number, or with the newest that
    /// fits. False when there is none.
    pub fn execute(&mut self, what: Customer, order: Option<&str>, now: WallTime) -> bool {
        let cancelled = self.protocol.cancelled();
        self.book.customer(what, order, now, cancelled)
    }

    /// When the order was made that a customer would act on.
    pub(crate) fn newest(&self, what: Customer, order: Option<&str>) -> Option<WallTime> {
        self.book.newest(what, order)
    }

    /// What terminals did that they must never do.
    #[must_use]
    pub fn violations(&self) -> &[WalletViolation] {
        self.book.breaches()
    }

    /// The money ledger: `sales`, `net`, `violations`; beside them all `orders`, paid or not.
    #[must_use]
    pub fn ledger(&self) -> Value {
        self.book.ledger()
    }
}
