//! Interface v2: its two layers and its signature (§1, §2).

use pos_domain::WallTime;
use serde_json::Value;

use super::{WeChat, kinds, xml};
use crate::fault::Kind;
use crate::wallet::{Book, Call, Draft, Form, Order, Tamper, hmac_hex, md5_hex, same_text};
use crate::web::{WebRequest, WebResponse};

/// The children of a request.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A value that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Fen, at least 1.
    pub(super) fn fen(&self, name: &str) -> Option<i64> {
        let text = self.get(name)?;
        let plain = text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok())?.filter(|fen| *fen > 0)
    }

    fn hmac(&self) -> Option<bool> {
        match self.text("sign_type") {
            "" | "MD5" => Some(false),
            "HMAC-SHA256" => Some(true),
            _ => None,
        }
    }

    /// What a repetition must repeat.
    pub(super) fn content(&self) -> String {
        let mut parts: Vec<String> = self
            .0
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "nonce_str" | "sign"))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        parts.sort();
        md5_hex(&parts.join("&"))
    }
}

fn read(request: &WebRequest) -> Option<Fields> {
    std::str::from_utf8(&request.body)
        .ok()
        .and_then(xml::read)
        .map(Fields)
}

fn kind_of(path: &str) -> Kind {
    match path {
        "/pay/micropay" => Kind::Sale,
        "/pay/orderquery" => Kind::Query,
        "/secapi/pay/reverse" => Kind::Reverse,
        "/secapi/pay/refund" => Kind::Refund,
        "/pay/refundquery" => Kind::RefundQuery,
        "/pay/closeorder" => Kind::Close,
        _ => Kind::Other,
    }
}

pub(super) fn call(request: &WebRequest, book: &Book) -> Call {
    let kind = kind_of(request.path());
    let fields = read(request).unwrap_or(Fields(Vec::new()));
    let undo = fields
        .get("out_refund_no")
        .or(fields.get("refund_id"))
        .unwrap_or_default();
    let by_refund = || book.refund(undo).map(|(order, _)| order.no.clone());
    let order = named(book, &fields).or_else(by_refund);
    let order = order.unwrap_or_else(|| fields.text("out_trade_no").to_owned());
    let amount = fields.fen("refund_fee").unwrap_or_default();
    let all = book.get(&order).is_some_and(|own| own.amount == amount);
    Call {
        kinds: kinds(kind, kind == Kind::Reverse || (kind == Kind::Refund && all)),
        order,
        undo: undo.to_owned(),
        amount,
    }
}

/// The number of the order that a request names; the wallet's own number wins.
pub(super) fn named(book: &Book, fields: &Fields) -> Option<String> {
    match fields.get("transaction_id") {
        Some(id) => book.by_id(id),
        None => fields.get("out_trade_no").map(str::to_owned),
    }
}

/// The order itself, if it belongs to the same sub-merchant.
pub(super) fn find<'a>(book: &'a Book, fields: &Fields) -> Option<&'a Order> {
    let order = book.get(&named(book, fields)?)?;
    (order.sub_merchant == fields.text("sub_mch_id")).then_some(order)
}

/// `return_code` FAIL: no signature, a text only (§1).
pub(super) fn refused(why: &str) -> Draft {
    let mut draft = Draft::new(Form::Xml { hmac: false })
        .with("return_code", "FAIL")
        .with("return_msg", why);
    draft.signed = false;
    draft.left_open()
}

/// The digest over all children with a value but `sign` (§2).
fn signature<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, key: &str, hmac: bool) -> String {
    let mut pairs: Vec<_> = pairs
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
        .collect();
    pairs.sort_unstable();
    let mut text = String::new();
    for (name, value) in pairs {
        text.push_str(&format!("{name}={value}&"));
    }
    text.push_str(&format!("key={key}"));
    if hmac {
        hmac_hex(key, &text)
    } else {
        md5_hex(&text)
    }
}

impl WeChat {
    pub(super) fn answer_v2(
        &mut self,
        request: &WebRequest,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let fields = match self.admit_v2(request) {
            Ok(fields) => fields,
            Err(why) => return refused(why),
        };
        match kind_of(request.path()) {
            Kind::Sale => self.micropay(&fields, book, now),
            Kind::Query => self.order_query(&fields, book, now),
            Kind::Reverse => self.reverse(&fields, book, now),
            Kind::Refund => self.refund_v2(&fields, book, now),
            Kind::RefundQuery => self.refund_query_v2(&fields, book),
            _ => self.close_v2(&fields, book, now),
        }
    }

    /// Checks form, merchant and signature; an error is the text of `return_msg`.
    fn admit_v2(&self, request: &WebRequest) -> Result<Fields, &'static str> {
        if kind_of(request.path()) == Kind::Other {
            return Err("PARAM_ERROR");
        }
        if request.method != "POST" {
            return Err("REQUIRE_POST_METHOD");
        }
        let text = std::str::from_utf8(&request.body).map_err(|_| "NOT_UTF8")?;
        let fields = xml::read(text).map(Fields).ok_or("XML格式错误")?;
        let must = ["appid", "mch_id", "nonce_str", "sign"];
        if must.iter().any(|name| fields.get(name).is_none()) {
            return Err("缺少参数");
        }
        if fields.text("nonce_str").len() > 32 {
            return Err("参数格式校验错误");
        }
        if fields.text("mch_id") != self.settings.wechat_mch_id {
            return Err("mch_id不存在");
        }
        if fields.text("appid") != self.settings.wechat_app_id {
            return Err("appid和mch_id不匹配");
        }
        let hmac = fields.hmac().ok_or("签名错误")?;
        let pairs = fields.0.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let wanted = signature(pairs, &self.settings.wechat_api_key, hmac);
        if same_text(&wanted, fields.text("sign")) {
            Ok(fields)
        } else {
            Err("签名错误")
        }
    }

    /// An accepted request's answer, which names the merchant.
    fn heard(&self, fields: &Fields) -> Draft {
        let hmac = fields.hmac().unwrap_or_default();
        Draft::new(Form::Xml { hmac })
            .with("return_code", "SUCCESS")
            .with("return_msg", "OK")
            .with("appid", self.settings.wechat_app_id.as_str())
            .with("mch_id", self.settings.wechat_mch_id.as_str())
            .with_some("sub_mch_id", fields.get("sub_mch_id"))
            .with_some("device_info", fields.get("device_info"))
    }

    pub(super) fn done(&self, fields: &Fields) -> Draft {
        self.heard(fields).with("result_code", "SUCCESS")
    }

    pub(super) fn failed(&self, fields: &Fields, code: &str) -> Draft {
        let draft = self
            .heard(fields)
            .with("result_code", "FAIL")
            .with("err_code", code)
            .with("err_code_des", words(code));
        match code {
            "SYSTEMERROR" | "BANKERROR" | "USERPAYING" => draft.left_open(),
            _ => draft,
        }
    }

    pub(super) fn v2_code(&self, request: &WebRequest, code: &str) -> Draft {
        match read(request) {
            Some(fields) if code != "FAIL" => self.failed(&fields, code),
            _ => refused("系统繁忙"),
        }
    }

    pub(super) fn seal_v2(
        &self,
        draft: &Draft,
        nonce: &str,
        hmac: bool,
        tamper: Tamper,
    ) -> WebResponse {
        let mut fields: Vec<(String, String)> = draft
            .fields
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name.clone(), text.clone()),
                other => (name.clone(), other.to_string()),
            })
            .collect();
        if draft.signed && tamper != Tamper::Unsigned {
            fields.push(("nonce_str".to_owned(), nonce.to_owned()));
            let pairs = fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
            let mut sign = signature(pairs, &self.settings.wechat_api_key, hmac);
            if tamper == Tamper::WrongSignature {
                let last = sign.pop();
                sign.push(if last == Some('0') { '1' } else { '0' });
            }
            fields.push(("sign".to_owned(), sign));
        }
        let body = xml::write(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        WebResponse::new(200, "text/xml; charset=utf-8", body)
    }
}

/// The text beside a code.
fn words(code: &str) -> &'static str {
    match code {
        "SYSTEMERROR" => "接口返回错误，系统超时",
        "BANKERROR" => "银行系统异常",
        "USERPAYING" => "需要用户输入支付密码",
        "AUTHCODEEXPIRE" => "二维码已过期，请用户刷新再试",
        "AUTH_CODE_ERROR" => "授权码参数错误",
        "AUTH_CODE_INVALID" => "101 付款码无效，请重新扫码",
        "NOTENOUGH" => "余额不足",
        "ORDERPAID" => "订单已支付",
        "ORDERCLOSED" => "订单已关闭",
        "ORDERREVERSED" => "订单已撤销",
        "ORDERNOTEXIST" => "订单不存在",
        "OUT_TRADE_NO_USED" => "商户订单号重复",
        "TRADE_ERROR" => "交易失败",
        "REVERSE_EXPIRE" => "订单无法撤销",
        "FREQUENCY_LIMITED" => "频率限制，请一分钟后再试",
        "TRADE_OVERDUE" => "订单已经超过退款期限",
        "REFUNDNOTEXIST" => "退款订单查询失败",
        _ => "请求未通过",
    }
}
