//! Interface v3: paths, signatures, certificates (§10).

use base64ct::{Base64, Encoding};
use pos_domain::WallTime;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Map, Value, json};

use super::{WeChat, kinds};
use crate::fault::Kind;
use crate::wallet::{Book, Call, Draft, Form, Tamper};
use crate::web::{WebRequest, WebResponse};

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// How far a request's time may be off, in seconds.
const LARGEST_SKEW: i64 = 300;
const REFUNDS: &str = "/v3/refund/domestic/refunds";

/// Internal error numbers of the `Request-ID` header (§10.4).
pub(super) mod number {
    pub(in super::super) const NONE: &str = "0";
    pub(super) const SIGNATURE: &str = "268443699";
    pub(in super::super) const ABSENT: &str = "268512771";
    pub(in super::super) const PAID: &str = "268449538";
    pub(in super::super) const EXPIRED: &str = "268447914";
    pub(in super::super) const ONLY_REVERSE: &str = "268449641";
    pub(in super::super) const OTHER_CONTENT: &str = "268498688";
    pub(in super::super) const TOO_FAST: &str = "268447840";
    pub(in super::super) const PARAMETER: &str = "268435461";
}

/// What a path asks for.
enum Route<'a> {
    Native,
    Query { by_id: bool, no: &'a str },
    Close(&'a str),
    Refund,
    RefundQuery(&'a str),
    Certificates,
    Other,
}

fn route<'a>(method: &str, path: &'a str) -> Route<'a> {
    if path == "/v3/certificates" && method == "GET" {
        return Route::Certificates;
    }
    if let Some(rest) = path.strip_prefix(REFUNDS) {
        return match (method, rest.strip_prefix('/')) {
            ("POST", None) if rest.is_empty() => Route::Refund,
            ("GET", Some(no)) => Route::RefundQuery(no),
            _ => Route::Other,
        };
    }
    let rest = path
        .strip_prefix("/v3/pay/partner/transactions/")
        .or(path.strip_prefix("/v3/pay/transactions/"));
    let mut parts = rest.unwrap_or_default().split('/');
    match (method, parts.next(), parts.next(), parts.next()) {
        ("POST", Some("native"), None, None) => Route::Native,
        ("GET", Some("id"), Some(no), None) => Route::Query { by_id: true, no },
        ("GET", Some("out-trade-no"), Some(no), None) => Route::Query { by_id: false, no },
        ("POST", Some("out-trade-no"), Some(no), Some("close")) => Route::Close(no),
        _ => Route::Other,
    }
}

/// The members of a request's body; none when it is no JSON object.
pub(super) fn body(request: &WebRequest) -> Map<String, Value> {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> &'a str {
    members
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A sum inside `amount`, in fen, at least 1, of CNY.
pub(super) fn fen(members: &Map<String, Value>, name: &str) -> Option<i64> {
    let amount = members.get("amount")?;
    let cny = amount.get("currency").is_none_or(|own| own == "CNY");
    amount.get(name)?.as_i64().filter(|fen| *fen > 0 && cny)
}

pub(super) fn call(request: &WebRequest, book: &Book) -> Call {
    let call = |kinds, order: String| Call {
        kinds,
        order,
        ..Call::default()
    };
    match route(&request.method, request.path()) {
        Route::Native => {
            let members = body(request);
            call(vec![Kind::Show], text(&members, "out_trade_no").to_owned())
        }
        Route::Query { by_id: true, no } => {
            call(vec![Kind::Query], book.by_id(no).unwrap_or_default())
        }
        Route::Query { no, .. } => call(vec![Kind::Query], no.to_owned()),
        Route::Close(no) => call(vec![Kind::Close], no.to_owned()),
        Route::Refund => {
            let members = body(request);
            let order = named(book, &members).unwrap_or_default();
            let amount = fen(&members, "refund").unwrap_or_default();
            let whole = book.get(&order).is_some_and(|own| own.amount == amount);
            Call {
                kinds: kinds(Kind::Refund, whole),
                order,
                undo: text(&members, "out_refund_no").to_owned(),
                amount,
            }
        }
        Route::RefundQuery(no) => {
            let order = book.refund(no).map(|(order, _)| order.no.clone());
            call(vec![Kind::RefundQuery], order.unwrap_or_default())
        }
        Route::Certificates => call(vec![Kind::Certificates], String::new()),
        Route::Other => call(vec![Kind::Other], String::new()),
    }
}

/// The number of the order that a body names; the wallet's own number wins.
pub(super) fn named(book: &Book, members: &Map<String, Value>) -> Option<String> {
    match text(members, "transaction_id") {
        "" => Some(text(members, "out_trade_no").to_owned()),
        id => book.by_id(id),
    }
}

pub(super) fn error(form: Form, status: u16, code: &str, number: &'static str) -> Draft {
    let mut draft = Draft::new(form)
        .with("code", code)
        .with("message", code.to_lowercase().replace('_', " "));
    draft.status = status;
    draft.number = number;
    draft.open = status >= 500 || status == 202;
    draft
}

/// The answer to a wrong signature; it has none itself.
pub(super) fn signature_error(form: Form) -> Draft {
    let mut draft = error(form, 401, "SIGN_ERROR", number::SIGNATURE);
    draft.signed = false;
    draft.left_open()
}

impl WeChat {
    pub(super) fn json_form(&self, request: &WebRequest) -> Form {
        let asked = request.header("Wechatpay-Serial");
        Form::Json {
            by_certificate: asked == Some(&self.settings.wechat_platform_serial),
        }
    }

    pub(super) fn answer_v3(
        &mut self,
        request: &WebRequest,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let form = self.json_form(request);
        if !self.admit_v3(request, now) {
            return signature_error(form);
        }
        match route(&request.method, request.path()) {
            Route::Native => self.native(request, form, book, now),
            Route::Query { by_id, no } => {
                let no = if by_id {
                    book.by_id(no)
                } else {
                    Some(no.to_owned())
                };
                self.query(&no.unwrap_or_default(), request, form, book, now)
            }
            Route::Close(no) => self.close_v3(no, request, form, book, now),
            Route::Refund => self.refund_v3(request, form, book, now),
            Route::RefundQuery(no) => self.refund_query_v3(no, form, book),
            Route::Certificates => self.certificates(form, &book.next_nonce(), now),
            Route::Other => error(form, 404, "NOT_FOUND", number::NONE),
        }
    }

    /// Checks signature, time and nonce (§10.1).
    fn admit_v3(&mut self, request: &WebRequest, now: WallTime) -> bool {
        let given = request.header("Authorization").unwrap_or_default();
        let Some(parts) = authorization(given) else {
            return false;
        };
        let part = |name: &str| {
            let found = parts.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| *value).unwrap_or_default()
        };
        let (nonce, timestamp) = (part("nonce_str"), part("timestamp"));
        let fresh = timestamp
            .parse::<i64>()
            .is_ok_and(|at| (at - now.0.div_euclid(1000)).abs() <= LARGEST_SKEW);
        let known = part("mchid") == self.settings.wechat_mch_id
            && part("serial_no") == self.settings.wechat_merchant_serial;
        let nonce_fits = (1..=32).contains(&nonce.len()) && !self.nonces.contains(nonce);
        if !(fresh && known && nonce_fits) {
            return false;
        }
        let head = format!(
            "{}\n{}\n{timestamp}\n{nonce}\n",
            request.method, request.target
        );
        let message = [head.as_bytes(), &request.body, b"\n"].concat();
        let verified = self.merchant.verifies(&message, part("signature"));
        if verified {
            self.nonces.insert(nonce.to_owned());
        }
        verified
    }

    /// True when the members, or the query of a GET, name this merchant.
    pub(super) fn names_us(&self, pairs: &Map<String, Value>) -> bool {
        let own = Some(self.settings.wechat_mch_id.as_str());
        ["mchid", "sp_mchid"]
            .into_iter()
            .any(|name| pairs.get(name).and_then(Value::as_str) == own)
    }

    /// The platform's certificate, sealed under the v3 key (§10.3).
    fn certificates(&self, form: Form, unique: &str, now: WallTime) -> Draft {
        let nonce = unique.as_bytes().last_chunk::<12>().copied();
        let nonce = nonce.unwrap_or_default();
        let mut sealed = self.settings.wallet_certificate.clone().into_bytes();
        let key = UnboundKey::new(&AES_256_GCM, self.settings.wechat_api_v3_key.as_bytes());
        let done = key.is_ok_and(|key| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            LessSafeKey::new(key)
                .seal_in_place_append_tag(nonce, Aad::from(b"certificate"), &mut sealed)
                .is_ok()
        });
        if !done {
            return error(form, 500, "SYSTEM_ERROR", number::NONE);
        }
        let certificate = json!({
            "serial_no": self.settings.wechat_platform_serial,
            "effective_time": now.plus(-super::DAY_MS).rfc3339(),
            "expire_time": now.plus(365 * super::DAY_MS).rfc3339(),
            "encrypt_certificate": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": String::from_utf8_lossy(&nonce),
                "associated_data": "certificate",
                "ciphertext": Base64::encode_string(&sealed),
            },
        });
        Draft::new(form).with("data", json!([certificate]))
    }

    pub(super) fn v3_code(&self, request: &WebRequest, code: &str) -> Draft {
        let status = match code {
            "SYSTEM_ERROR" | "BANK_ERROR" => 500,
            "FREQUENCY_LIMITED" | "RATELIMIT_EXCEEDED" => 429,
            "ORDER_NOT_EXIST" | "RESOURCE_NOT_EXISTS" => 404,
            "NOT_ENOUGH" | "NO_AUTH" | "OUT_TRADE_NO_USED" | "RULE_LIMIT" => 403,
            _ => 400,
        };
        error(self.json_form(request), status, code, number::NONE)
    }

    pub(super) fn seal_v3(
        &self,
        draft: &Draft,
        nonce: &str,
        now: WallTime,
        tamper: Tamper,
    ) -> WebResponse {
        let body = match draft.status {
            204 => String::new(),
            _ => Value::Object(draft.fields.clone()).to_string(),
        };
        let mut answer = WebResponse::new(draft.status, "application/json; charset=utf-8", "");
        let mut set = |name: &str, value: String| answer.headers.push((name.to_owned(), value));
        set("Request-ID", format!("08F5D3C5-{}", draft.number));
        if draft.signed && tamper != Tamper::Unsigned {
            let timestamp = now.0.div_euclid(1000).to_string();
            let mut message = format!("{timestamp}\n{nonce}\n{body}\n");
            if tamper == Tamper::WrongSignature {
                message.push('\n');
            }
            let serial = match draft.form {
                Form::Json {
                    by_certificate: true,
                } => &self.settings.wechat_platform_serial,
                _ => &self.settings.wechat_public_key_id,
            };
            set("Wechatpay-Timestamp", timestamp);
            set("Wechatpay-Nonce", nonce.to_owned());
            set("Wechatpay-Serial", serial.clone());
            set("Wechatpay-Signature-Type", SCHEME.to_owned());
            set("Wechatpay-Signature", self.signer.sign(message.as_bytes()));
        }
        answer.body = body.into_bytes();
        answer
    }
}

/// The named values of an `Authorization` header of this scheme, each once and in quotes.
fn authorization(header: &str) -> Option<Vec<(&str, &str)>> {
    let rest = header.strip_prefix(SCHEME)?.strip_prefix(' ')?;
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        if parts.iter().any(|(own, _)| *own == name) {
            return None;
        }
        parts.push((name, value));
    }
    Some(parts)
}
