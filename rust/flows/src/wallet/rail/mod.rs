//! What is asked of a wallet and what it can say, whichever wallet it is.

mod acp;
mod alipay;
mod wechat;

use std::time::Duration;

use pos_channels::acp::Acp;
use pos_channels::alipay::Alipay;
use pos_channels::http::{HttpRequest, HttpResponse};
use pos_channels::wallet::{BuildError, Checked, Nonce, OrderNumber, PaymentCode, Sent};
use pos_channels::wechat::v2::V2;
use pos_channels::wechat::v3::V3;
use pos_domain::{Amount, Rail, UndoMethod, WallTime, WebMethod};

use super::link::WebLink;
use super::rules::WebRules;

/// WeChat Pay as this terminal reaches it.
pub struct WeChatRail {
    /// The way to its server.
    pub link: std::sync::Arc<dyn WebLink>,
    /// How long to wait for a connection, and again for an answer.
    pub timeout: Duration,
    /// The interface for payment codes.
    pub v2: V2,
    /// The interface for a QR of ours; none where the merchant has no APIv3 key.
    pub v3: Option<V3>,
    /// Where the merchant's back end hears of payments; mandatory for a QR of ours.
    pub notify_url: String,
    /// For how many days after the payment money can be given back.
    pub refund_days: u16,
}

/// Alipay as this terminal reaches it.
pub struct AlipayRail {
    /// The way to its gateway.
    pub link: std::sync::Arc<dyn WebLink>,
    /// How long to wait for a connection, and again for an answer.
    pub timeout: Duration,
    /// Builds and checks messages.
    pub driver: Alipay,
    /// For how many days after the payment money can be given back (in the merchant's contract).
    pub refund_days: u16,
}

/// UnionPay's all-channel gateway as this terminal reaches it.
pub struct AcpRail {
    /// The way to it.
    pub link: std::sync::Arc<dyn WebLink>,
    /// How long to wait for a connection, and again for an answer.
    pub timeout: Duration,
    /// Builds and checks messages.
    pub driver: Acp,
}

/// The wallets that are configured.
#[derive(Default)]
pub struct Rails {
    /// WeChat Pay.
    pub wechat: Option<WeChatRail>,
    /// Alipay.
    pub alipay: Option<AlipayRail>,
    /// UnionPay QR by the all-channel gateway.
    pub acp: Option<AcpRail>,
}

impl std::fmt::Debug for Rails {
    /// Which there are; never what they hold.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rails")
            .field("wechat", &self.wechat.is_some())
            .field("alipay", &self.alipay.is_some())
            .field("acp", &self.acp.is_some())
            .finish()
    }
}

/// The order that a request is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub number: OrderNumber,
    pub amount: Amount,
    /// When it was made.
    pub at: WallTime,
}

/// Money that goes back under a number of its own.
#[derive(Clone, Debug)]
pub(crate) struct Return {
    pub number: OrderNumber,
    pub amount: Amount,
    pub method: UndoMethod,
    /// When it was asked for.
    pub at: WallTime,
}

/// What is asked of a wallet about one order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask<'a> {
    /// Take the money; the code is none for a QR of ours.
    Submit(Option<&'a PaymentCode>),
    /// What became of it.
    Query,
    /// Close it, or give the money back: whatever it came to.
    TakeBack,
    /// Give money back.
    Refund(&'a Return),
    /// What became of money given back.
    RefundQuery(&'a Return),
    /// How much went back in all.
    Returned,
}

impl Ask<'_> {
    /// The purpose under which the attempt is stored.
    pub(crate) const fn purpose(&self) -> &'static str {
        match self {
            Self::Submit(_) => "sale",
            Self::Query => "query",
            Self::TakeBack => "take_back",
            Self::Refund(_) => "refund",
            Self::RefundQuery(_) | Self::Returned => "refund_query",
        }
    }
}

/// What a request is signed with that makes it unlike any other.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub now: WallTime,
    pub nonce: Nonce,
}

impl Stamp {
    /// Unix time in seconds.
    pub(crate) const fn seconds(&self) -> i64 {
        self.now.0.div_euclid(1000)
    }
}

/// A payment as the wallet names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Payment {
    /// The wallet's own number.
    pub number: Option<String>,
    /// When it was made, as the wallet writes it.
    pub at: Option<String>,
}

/// What a query says of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Paid, nothing given back.
    Paid(Payment),
    /// Not paid yet.
    Waiting,
    /// No such order, or not yet.
    NotFound,
    /// The payment failed; it is taken back all the same.
    Failed,
    /// Closed for ever without a payment that stands.
    Closed,
    /// Taken back.
    Revoked,
    /// Was paid; all or part went back.
    Returned,
}

/// What became of money given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Back {
    /// The customer has it.
    Done,
    /// Taken; a question has to follow.
    Taken,
    /// On its way.
    UnderWay,
    /// It cannot reach the customer.
    Stuck,
    /// No such refund, or not yet.
    NotFound,
}

/// What an answer proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Paid(Payment),
    /// The text of a QR to show.
    Shown(String),
    Seen(Seen),
    /// The take-back was accepted, which proves nothing; whether to call it again.
    TakenBack {
        again: bool,
    },
    Back(Back),
    /// Fen that the customer has back.
    Returned(i64),
}

/// One wallet's interface for one method of payment.
pub(crate) trait Wire: Send + Sync {
    fn link(&self) -> &dyn WebLink;

    fn timeout(&self) -> Duration;

    fn request(
        &self,
        rules: &WebRules,
        subject: &Subject,
        ask: Ask<'_>,
        stamp: &Stamp,
    ) -> Result<HttpRequest, BuildError>;

    /// Checks an answer. `now` is trusted Unix time in seconds.
    fn read(
        &self,
        subject: &Subject,
        ask: Ask<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: i64,
    ) -> Checked<Fact>;
}

impl Rails {
    /// The interface for orders of this method; none when it is not configured.
    pub(crate) fn wire(&self, method: WebMethod) -> Option<Box<dyn Wire + '_>> {
        match method {
            WebMethod::Micropay => {
                let rail = self.wechat.as_ref()?;
                Some(Box::new(wechat::ByCode(rail)))
            }
            WebMethod::Native => {
                let rail = self.wechat.as_ref()?;
                Some(Box::new(wechat::ByQr(rail, rail.v3.as_ref()?)))
            }
            WebMethod::Pay | WebMethod::Precreate => {
                let rail = self.alipay.as_ref()?;
                Some(Box::new(alipay::Both(rail)))
            }
            WebMethod::AcpScan | WebMethod::AcpShow => {
                let rail = self.acp.as_ref()?;
                Some(Box::new(acp::Both(rail)))
            }
        }
    }

    /// For how many days after the payment money can be given back.
    pub(crate) fn refund_days(&self, rail: Rail) -> i64 {
        const USUAL: u16 = 365;
        let days = match rail {
            Rail::WeChat => self.wechat.as_ref().map(|rail| rail.refund_days),
            Rail::Alipay => self.alipay.as_ref().map(|rail| rail.refund_days),
            Rail::UnionPay => None,
        };
        i64::from(days.unwrap_or(USUAL))
    }
}

/// The interface has no such question.
pub(crate) const fn not_asked<T>() -> Result<T, BuildError> {
    Err(BuildError::Field {
        field: "refunds",
        why: "this interface does not list them",
    })
}

/// Maps what was proven, keeping what was not.
pub(crate) fn map<T, U>(checked: Checked<T>, proven: impl FnOnce(T) -> U) -> Checked<U> {
    match checked {
        Checked::Yes(facts) => Checked::Yes(proven(facts)),
        Checked::No(reason) => Checked::No(reason),
        Checked::Curable(reason) => Checked::Curable(reason),
        Checked::Unknown(reason) => Checked::Unknown(reason),
    }
}
