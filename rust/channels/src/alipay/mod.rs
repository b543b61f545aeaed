//! Alipay face-to-face payment (spec alipay): form requests signed with the merchant's RSA key,
//! JSON answers whose signature covers the exact text of one node.

mod answer;
pub mod codes;
mod gateway;
mod node;
mod refunds;
mod trades;

pub use node::{NodeError, split as split_nodes};
pub use refunds::{Refund, RefundState, Refunded};
pub use trades::{Action, Cancelled, Paid, Pay, Precreate, Shop, Trade, TradeState};

use std::fmt;

use crate::http::Method;
use crate::wallet::{PublicKey, SigningKey};

/// Builds the requests of one application and checks their answers.
pub struct Alipay {
    /// The gateway's path, such as `/gateway.do`.
    pub path: String,
    /// `app_id`.
    pub app_id: String,
    /// The application's private key.
    pub key: SigningKey,
    /// Alipay's public key, which is not the application's own.
    pub alipay_key: PublicKey,
    /// Set in certificate mode (§5).
    pub certificates: Option<Serials>,
    /// The merchant's token when a provider's application acts for it (§2); the same for all
    /// requests about a trade.
    pub app_auth_token: Option<String>,
    /// `sys_service_provider_id` (§6).
    pub provider: Option<String>,
    /// How requests travel. One with a payment code is always a POST: addresses end up in logs.
    pub method: Method,
}

impl fmt::Debug for Alipay {
    /// Neither keys nor the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alipay")
            .field("path", &self.path)
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

/// The names of certificates in certificate mode (§5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serials {
    /// The application's certificate.
    pub app: String,
    /// The bundle of roots.
    pub root: String,
    /// Alipay's certificate, whose key is `alipay_key`.
    pub alipay: String,
}
