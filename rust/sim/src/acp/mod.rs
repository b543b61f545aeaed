//! Simulated online interface of UnionPay for QR payments (spec qr-and-emv §2.2): form in, form
//! out, RSA over a digest both ways.

mod trades;

use std::fmt;

use pos_domain::WallTime;

use crate::fault::Kind;
use crate::wallet::{
    Book, Call, Checker, Draft, Form, Order, Protocol, Signer, Tamper, UndoKind, WalletKeyError,
    WalletSettings, sha256_hex,
};
use crate::web::{WebRequest, WebResponse, decode_form, encode_form};

const TRADES: &str = "/gateway/api/backTransReq.do";
const QUERIES: &str = "/gateway/api/queryTrans.do";

/// UnionPay's gateway as seen by one merchant.
pub(crate) struct Acp {
    settings: WalletSettings,
    signer: Signer,
    merchant: Checker,
}

impl fmt::Debug for Acp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acp(…)")
    }
}

/// The pairs of a request.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn read(request: &WebRequest) -> Self {
        let text = std::str::from_utf8(&request.body).unwrap_or_default();
        Self(decode_form(text).unwrap_or_default())
    }

    /// A value; empty when absent.
    fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    fn kind(&self) -> Kind {
        match (self.get("txnType"), self.get("txnSubType")) {
            ("01", "06") => Kind::Sale,
            ("01", "07") => Kind::Show,
            ("31", "00") => Kind::Void,
            ("04", "00") => Kind::Refund,
            ("99", "01") => Kind::Reverse,
            ("00", "00") => Kind::Query,
            _ => Kind::Other,
        }
    }

    /// Fen, at least 1.
    fn amount(&self) -> Option<i64> {
        let text = self.get("txnAmt");
        let plain = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok())?.filter(|fen| *fen > 0)
    }
}

/// The order that a void or a return names: by the host's number, or by its own and its time.
fn original<'a>(book: &'a Book, pairs: &Pairs) -> Option<&'a Order> {
    match pairs.get("origQryId") {
        "" => {
            let order = book.get(pairs.get("origOrderId"))?;
            (time_of(order) == pairs.get("origTxnTime")).then_some(order)
        }
        id => book.get(&book.by_id(id)?),
    }
}

/// The order that a query or a reversal repeats: both its number and its time must be right.
fn repeated<'a>(book: &'a Book, pairs: &Pairs) -> Option<&'a Order> {
    let order = book.get(pairs.get("orderId"))?;
    (time_of(order) == pairs.get("txnTime")).then_some(order)
}

fn time_of(order: &Order) -> &str {
    let found = order.echo.iter().find(|(name, _)| *name == "txnTime");
    found.map(|(_, time)| time.as_str()).unwrap_or_default()
}

impl Acp {
    pub(crate) fn new(settings: &WalletSettings) -> Result<Self, WalletKeyError> {
        Ok(Self {
            signer: Signer::from_pem(&settings.wallet_key)?,
            merchant: Checker::from_pem(&settings.merchant_public_key)?,
            settings: settings.clone(),
        })
    }

    /// The answer's head: what it repeats, and a code.
    fn answer(pairs: &Pairs, code: &str) -> Draft {
        let mut draft = Draft::new(Form::Pairs);
        for name in [
            "version",
            "encoding",
            "signMethod",
            "txnType",
            "txnSubType",
            "bizType",
            "accessType",
            "merId",
            "orderId",
            "txnTime",
            "txnAmt",
            "currencyCode",
        ] {
            let value = Some(pairs.get(name)).filter(|value| !value.is_empty());
            draft = draft.with_some(name, value);
        }
        let draft = draft.with("respCode", code).with("respMsg", words(code));
        if matches!(code, "03" | "04" | "05") {
            draft.left_open()
        } else {
            draft
        }
    }

    /// Checks address, form and signature; an error is the code.
    fn admit(&self, request: &WebRequest, pairs: &Pairs) -> Result<(), &'static str> {
        let path = match pairs.kind() {
            Kind::Other => return Err("10"),
            Kind::Query => QUERIES,
            _ => TRADES,
        };
        if request.method != "POST" || request.path() != path {
            return Err("10");
        }
        let must = [
            "version", "encoding", "merId", "orderId", "txnTime", "certId",
        ];
        if must.iter().any(|name| pairs.get(name).is_empty()) {
            return Err("13");
        }
        let fits = pairs.get("version") == "5.1.0"
            && pairs.get("encoding") == "UTF-8"
            && pairs.get("signMethod") == "01"
            && pairs.get("txnTime").len() == 14
            && is_order_number(pairs.get("orderId"));
        if !fits {
            return Err("10");
        }
        let known = pairs.get("merId") == self.settings.acp_merchant
            && pairs.get("certId") == self.settings.acp_merchant_serial;
        let pairs_of = pairs.0.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let digest = sha256_hex(&signed_text(pairs_of));
        let verified = self
            .merchant
            .verifies(digest.as_bytes(), pairs.get("signature"));
        if known && verified { Ok(()) } else { Err("11") }
    }
}

impl Protocol for Acp {
    fn call(&self, request: &WebRequest, book: &Book) -> Call {
        let pairs = Pairs::read(request);
        let kind = pairs.kind();
        let amount = pairs.amount().unwrap_or_default();
        let own = pairs.get("orderId").to_owned();
        if matches!(kind, Kind::Void | Kind::Refund) {
            let order = original(book, &pairs);
            let whole = order.is_some_and(|order| order.amount == amount);
            return Call {
                kinds: match (kind, whole) {
                    (Kind::Refund, true) => vec![Kind::Refund, Kind::Void],
                    _ => vec![kind],
                },
                order: order.map(|order| order.no.clone()).unwrap_or_default(),
                undo: own,
                amount,
            };
        }
        Call {
            kinds: match kind {
                Kind::Reverse => vec![Kind::Reverse, Kind::Void],
                _ => vec![kind],
            },
            order: own,
            undo: String::new(),
            amount,
        }
    }

    fn answer(&mut self, request: &WebRequest, book: &mut Book, now: WallTime) -> Draft {
        let pairs = Pairs::read(request);
        if let Err(code) = self.admit(request, &pairs) {
            return Self::answer(&pairs, code);
        }
        match pairs.kind() {
            Kind::Sale => Self::sale(&pairs, book, now),
            Kind::Show => Self::show(&pairs, book, now),
            Kind::Void => Self::void(&pairs, book, now),
            Kind::Refund => Self::give_back(&pairs, UndoKind::Refund, book, now),
            Kind::Reverse => self.reverse(&pairs, book, now),
            _ => Self::query(&pairs, book, now),
        }
    }

    fn code(&self, request: &WebRequest, code: &str) -> Draft {
        Self::answer(&Pairs::read(request), code)
    }

    fn unsigned_request(&self, request: &WebRequest) -> Draft {
        Self::answer(&Pairs::read(request), "11")
    }

    fn seal(&self, draft: &Draft, _nonce: &str, _now: WallTime, tamper: Tamper) -> WebResponse {
        let mut pairs: Vec<(String, String)> = draft
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let mut set = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        set("certId", &self.settings.acp_serial);
        set("signPubKeyCert", &self.settings.wallet_certificate);
        if tamper != Tamper::Unsigned {
            let mut text = signed_text(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            if tamper == Tamper::WrongSignature {
                text.push(' ');
            }
            let signature = self.signer.sign(sha256_hex(&text).as_bytes());
            pairs.push(("signature".to_owned(), signature));
        }
        let body = encode_form(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        WebResponse::new(200, "text/html;charset=utf-8", body)
    }

    fn cancelled(&self) -> &'static str {
        "60"
    }
}

/// Everything with a value but `signature`, in byte order.
fn signed_text<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<String> = pairs
        .filter(|(name, value)| *name != "signature" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort_unstable();
    pairs.join("&")
}

/// Eight to forty letters and digits.
fn is_order_number(text: &str) -> bool {
    (8..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn words(code: &str) -> &'static str {
    match code {
        "00" => "成功[0000000]",
        "03" | "04" | "05" => "交易状态未明，请查询",
        "10" => "报文格式错误",
        "11" => "验证签名失败",
        "12" => "重复交易",
        "13" => "报文交易要素缺失",
        "34" => "查无此交易",
        "35" => "原交易不存在或状态不正确",
        "36" => "与原交易信息不符",
        "61" => "二维码无效",
        "64" => "余额不足",
        _ => "交易失败",
    }
}
