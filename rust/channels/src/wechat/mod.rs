//! WeChat Pay (spec wechat-pay): the v2 interface in XML for payment codes, and APIv3 for the QR
//! that the shop shows.

pub mod codes;
pub mod v2;
pub mod v3;
mod xml;

pub use xml::{XmlError, read as read_xml};

/// Who takes the money. In service-provider mode (§9) the first two are the provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// `appid`.
    pub app_id: String,
    /// `mch_id`.
    pub mch_id: String,
    /// The shop behind a service provider.
    pub sub: Option<SubMerchant>,
}

/// The shop behind a service provider (§9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubMerchant {
    /// `sub_mch_id`.
    pub mch_id: String,
    /// `sub_appid`, when the shop has one.
    pub app_id: Option<String>,
}

/// What a query says of an order (§4, §10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// Paid.
    Success,
    /// Was paid; all or part went back.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed unpaid.
    Closed,
    /// Reversed.
    Revoked,
    /// The customer is typing the password.
    UserPaying,
    /// Payment failed; reverse it all the same.
    PayError,
    /// Accepted, waiting for the debit.
    Accept,
    /// No such order, or not yet: right after a time-out this proves nothing.
    NotFound,
}

impl TradeState {
    /// From the wire; [`TradeState::NotFound`] has no wire form.
    fn from_wire(text: &str) -> Option<Self> {
        Some(match text {
            "SUCCESS" => Self::Success,
            "REFUND" => Self::Refund,
            "NOTPAY" => Self::NotPay,
            "CLOSED" => Self::Closed,
            "REVOKED" => Self::Revoked,
            "USERPAYING" => Self::UserPaying,
            "PAYERROR" => Self::PayError,
            "ACCEPT" => Self::Accept,
            _ => return None,
        })
    }
}

/// An order as a query shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Its state.
    pub state: TradeState,
    /// The wallet's number, once paid.
    pub transaction_id: Option<String>,
    /// When it was paid, as the wallet writes it.
    pub paid_at: Option<String>,
}

impl Trade {
    const NOT_FOUND: Self = Self {
        state: TradeState::NotFound,
        transaction_id: None,
        paid_at: None,
    };
}

/// What became of a refund (§6, §10.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The customer has the money.
    Success,
    /// On its way.
    Processing,
    /// Closed without effect.
    Closed,
    /// The customer's card or account cannot take it; a person has to act in the back office.
    Abnormal,
    /// No such refund, or not yet.
    NotFound,
}
