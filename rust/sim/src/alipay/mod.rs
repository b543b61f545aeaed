//! Simulated Alipay gateway: one address, form parameters, RSA2 both ways (spec alipay).

mod gateway;
mod refunds;
mod trades;

use std::fmt;

use pos_domain::WallTime;
use serde_json::{Map, Value};

use crate::fault::Kind;
use crate::wallet::{
    Book, Call, Checker, Draft, Form, Protocol, Signer, Tamper, WalletKeyError, WalletSettings,
};
use crate::web::{WebRequest, WebResponse};
use gateway::{Invalid, Parameters};

/// Alipay as seen by one application.
pub(crate) struct Alipay {
    settings: WalletSettings,
    signer: Signer,
    app: Checker,
}

impl fmt::Debug for Alipay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alipay(…)")
    }
}

impl Alipay {
    pub(crate) fn new(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        Ok(Self {
            signer: Signer::from_pem(&settings.wallet_key)?,
            app: Checker::from_pem(&settings.merchant_public_key)?,
            settings: settings.clone(),
        })
    }
}

fn kind_of(method: &str) -> Kind {
    match method {
        "alipay.trade.pay" => Kind::Sale,
        "alipay.trade.precreate" => Kind::Show,
        "alipay.trade.query" => Kind::Query,
        "alipay.trade.cancel" => Kind::Cancel,
        "alipay.trade.refund" => Kind::Refund,
        "alipay.trade.fastpay.refund.query" => Kind::RefundQuery,
        "alipay.trade.close" => Kind::Close,
        "alipay.open.app.alipaycert.download" => Kind::Certificates,
        _ => Kind::Other,
    }
}

impl Protocol for Alipay {
    fn call(&self, request: &WebRequest, book: &Book) -> Call {
        let parameters = Parameters::read(request);
        let business = parameters.business();
        let kind = kind_of(parameters.get("method"));
        let order = named(book, &business).unwrap_or_default();
        let amount = yuan(&business, "refund_amount").unwrap_or_default();
        let undo = match (kind, text(&business, "out_request_no")) {
            (Kind::Refund, "") => order.clone(),
            (_, no) => no.to_owned(),
        };
        let whole = match kind {
            Kind::Cancel => true,
            Kind::Refund => book.get(&order).is_some_and(|own| own.amount == amount),
            _ => false,
        };
        let mut kinds = vec![kind];
        if whole {
            kinds.push(Kind::Void);
        }
        Call {
            kinds,
            order,
            undo,
            amount,
        }
    }

    fn answer(&mut self, request: &WebRequest, book: &mut Book, now: WallTime) -> Draft {
        let parameters = Parameters::read(request);
        if let Err(invalid) = self.admit(&parameters, now) {
            return invalid.draft();
        }
        let form = parameters.form();
        let business = parameters.business();
        match kind_of(parameters.get("method")) {
            Kind::Sale => self.pay(&business, form, book, now),
            Kind::Show => self.precreate(&business, form, book, now),
            Kind::Query => self.query(&business, form, book, now),
            Kind::Cancel => self.cancel(&business, form, book, now),
            Kind::Close => self.close(&business, form, book, now),
            Kind::Refund => self.refund(&business, form, book, now),
            Kind::RefundQuery => self.refund_query(&business, form, book),
            _ => self.certificate(&business, form),
        }
    }

    fn code(&self, request: &WebRequest, code: &str) -> Draft {
        let form = Parameters::read(request).form();
        match code {
            "20000" => unavailable(form),
            "10003" => waiting(form),
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => answer(form, digits, "Fault"),
            sub => refused(form, sub),
        }
    }

    fn unsigned_request(&self, request: &WebRequest) -> Draft {
        let invalid = Invalid {
            form: Parameters::read(request).form(),
            code: "40002",
            sub_code: "isv.invalid-signature",
        };
        invalid.draft()
    }

    fn seal(&self, draft: &Draft, _nonce: &str, _now: WallTime, tamper: Tamper) -> WebResponse {
        let Form::Node {
            name,
            by_certificate,
        } = &draft.form
        else {
            return WebResponse::new(500, "text/plain", "");
        };
        let node = Value::Object(draft.fields.clone()).to_string();
        let mut body = format!("{{\"{name}\":{node}");
        if draft.signed && tamper != Tamper::Unsigned {
            let signed = match tamper {
                Tamper::WrongSignature => format!("{node} "),
                _ => node,
            };
            if *by_certificate {
                let serial = &self.settings.alipay_wallet_serial;
                body.push_str(&format!(",\"alipay_cert_sn\":\"{serial}\""));
            }
            let sign = self.signer.sign(signed.as_bytes());
            body.push_str(&format!(",\"sign\":\"{sign}\""));
        }
        body.push('}');
        WebResponse::new(200, "text/html;charset=utf-8", body)
    }

    fn cancelled(&self) -> &'static str {
        "ACQ.PAYMENT_FAIL"
    }
}

/// A text of the business parameters; empty when absent.
fn text<'a>(business: &'a Map<String, Value>, name: &str) -> &'a str {
    business
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// An amount in yuan with at most two decimals, as fen, at least 1.
fn yuan(business: &Map<String, Value>, name: &str) -> Option<i64> {
    let written = match business.get(name)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, part) = written.split_once('.').unwrap_or((&written, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 9) || !digits(part, 2) {
        return None;
    }
    let fen = whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?;
    (1..=10_000_000_000).contains(&fen).then_some(fen)
}

/// Fen as yuan with two decimals.
fn in_yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The number of the order that a request names; Alipay's own number wins (§6).
fn named(book: &Book, business: &Map<String, Value>) -> Option<String> {
    match text(business, "trade_no") {
        "" => Some(text(business, "out_trade_no").to_owned()).filter(|no| !no.is_empty()),
        id => book.by_id(id),
    }
}

/// Time as Alipay writes it: yyyy-MM-dd HH:mm:ss, UTC+8.
fn clock(at: WallTime) -> String {
    at.rfc3339().replace('T', " ").chars().take(19).collect()
}

fn answer(form: Form, code: &str, message: &str) -> Draft {
    Draft::new(form).with("code", code).with("msg", message)
}

fn success(form: Form) -> Draft {
    answer(form, "10000", "Success")
}

fn waiting(form: Form) -> Draft {
    answer(form, "10003", "order success pay inprocess").left_open()
}

fn unavailable(form: Form) -> Draft {
    answer(form, "20000", "Service Currently Unavailable")
        .with("sub_code", "aop.unknow-error")
        .with("sub_msg", "系统繁忙")
        .left_open()
}

/// A business failure (§4).
fn refused(form: Form, sub_code: &str) -> Draft {
    let draft = answer(form, "40004", "Business Failed")
        .with("sub_code", sub_code)
        .with("sub_msg", words(sub_code));
    if sub_code == "ACQ.SYSTEM_ERROR" {
        draft.left_open()
    } else {
        draft
    }
}

fn words(sub_code: &str) -> &'static str {
    match sub_code {
        "ACQ.SYSTEM_ERROR" => "系统错误",
        "ACQ.PAYMENT_AUTH_CODE_INVALID" => {
            "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款"
        }
        "ACQ.BUYER_BALANCE_NOT_ENOUGH" => "余额不足",
        "ACQ.TRADE_HAS_SUCCESS" => "交易已被支付",
        "ACQ.TRADE_HAS_CLOSE" => "交易已经关闭",
        "ACQ.TRADE_NOT_EXIST" => "交易不存在",
        "ACQ.CONTEXT_INCONSISTENT" => "交易信息被篡改",
        "ACQ.TRADE_CANCEL_TIME_OUT" => "撤销超时",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH" => "商户的可打款余额不足",
        _ => "业务处理失败",
    }
}
