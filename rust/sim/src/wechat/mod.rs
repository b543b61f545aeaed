//! Simulated WeChat Pay: interface v2 with XML and a shared key, interface v3 with JSON and RSA,
//! over the same orders (spec wechat-pay).

mod v2;
mod v2_orders;
mod v2_refunds;
mod v3;
mod v3_orders;
mod v3_refunds;
mod xml;

use std::collections::BTreeSet;
use std::fmt;

use pos_domain::WallTime;

use crate::fault::Kind;
use crate::wallet::{
    Book, Call, Checker, Draft, Form, How, Order, OrderState, Protocol, RefundRules, Signer,
    Tamper, WalletKeyError, WalletSettings,
};
use crate::web::{WebRequest, WebResponse};

const DAY_MS: i64 = 86_400_000;
/// How long after payment an order can be reversed (§5).
const REVERSE_WINDOW_MS: i64 = 7 * DAY_MS;
/// How long after payment a refund is possible, and how many of one order (§6).
const REFUND_PERIOD_MS: i64 = 365 * DAY_MS;
const MOST_REFUNDS: usize = 50;

/// WeChat Pay as seen by one merchant.
pub(crate) struct WeChat {
    settings: WalletSettings,
    signer: Signer,
    merchant: Checker,
    /// Nonces of v3 requests that were taken.
    nonces: BTreeSet<String>,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeChat(…)")
    }
}

impl WeChat {
    pub(crate) fn new(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        Ok(Self {
            signer: Signer::from_pem(&settings.wallet_key)?,
            merchant: Checker::from_pem(&settings.merchant_public_key)?,
            settings: settings.clone(),
            nonces: BTreeSet::new(),
        })
    }

    const fn refund_rules(&self) -> RefundRules {
        RefundRules {
            period_ms: REFUND_PERIOD_MS,
            gap_ms: self.settings.wechat_refund_gap_ms,
            most: MOST_REFUNDS,
        }
    }

    /// `trade_state` and its text (§4).
    fn trade_state(&self, order: &Order) -> (&str, &'static str) {
        match order.state {
            OrderState::Waiting if order.how == How::Scanned => {
                ("USERPAYING", "需要用户输入支付密码")
            }
            OrderState::Waiting | OrderState::Unscanned => ("NOTPAY", "订单未支付"),
            OrderState::Paid if !order.undos.is_empty() => ("REFUND", "订单发生过退款"),
            OrderState::Paid => ("SUCCESS", "支付成功"),
            OrderState::Closed => ("CLOSED", "订单已关闭"),
            OrderState::Reversed if order.paid_at.is_some() => {
                (&self.settings.wechat_reversed_state, "订单已撤销")
            }
            OrderState::Reversed => ("REVOKED", "订单已撤销"),
            OrderState::Failed => ("PAYERROR", "支付失败，请撤销订单重新支付"),
        }
    }
}

impl Protocol for WeChat {
    fn call(&self, request: &WebRequest, book: &Book) -> Call {
        if is_v3(request) {
            v3::call(request, book)
        } else {
            v2::call(request, book)
        }
    }

    fn answer(&mut self, request: &WebRequest, book: &mut Book, now: WallTime) -> Draft {
        if is_v3(request) {
            self.answer_v3(request, book, now)
        } else {
            self.answer_v2(request, book, now)
        }
    }

    fn code(&self, request: &WebRequest, code: &str) -> Draft {
        if is_v3(request) {
            self.v3_code(request, code)
        } else {
            self.v2_code(request, code)
        }
    }

    fn unsigned_request(&self, request: &WebRequest) -> Draft {
        if is_v3(request) {
            v3::signature_error(self.json_form(request))
        } else {
            v2::refused("签名错误")
        }
    }

    fn seal(&self, draft: &Draft, nonce: &str, now: WallTime, tamper: Tamper) -> WebResponse {
        match draft.form {
            Form::Xml { hmac } => self.seal_v2(draft, nonce, hmac, tamper),
            _ => self.seal_v3(draft, nonce, now, tamper),
        }
    }

    fn cancelled(&self) -> &'static str {
        "TRADE_ERROR"
    }
}

fn is_v3(request: &WebRequest) -> bool {
    request.path().starts_with("/v3/")
}

/// What a request is, where giving a whole order back is a void as well.
fn kinds(kind: Kind, whole: bool) -> Vec<Kind> {
    if whole {
        vec![kind, Kind::Void]
    } else {
        vec![kind]
    }
}

/// Time as v2 writes it: yyyyMMddHHmmss, UTC+8.
fn digits(at: WallTime) -> String {
    format!("{}{}", at.yyyymmdd(), at.hhmmss())
}

/// An order number has 1 to 32 of these characters (§8).
fn is_order_number(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-|*@".contains(&b))
}

/// A refund number has 1 to 64 of them.
fn is_refund_number(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-|*@".contains(&b))
}

/// True when a refund number, which is unique for a merchant, belongs to another order.
fn is_of_another(book: &Book, refund: &str, order: &str) -> bool {
    let found = book.refund(refund);
    found.is_some_and(|(own, undo)| undo.no == refund && own.no != order)
}
