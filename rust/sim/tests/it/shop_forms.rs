//! The shop's side of Alipay and of UnionPay's online interface.

use pos_sim::{WebRequest, WebResponse};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::shop::{Shop, hex, sign, wallet_signed};

pub fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

pub fn form(pairs: &[(String, String)]) -> String {
    let parts: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    parts.join("&")
}

fn joined(pairs: &[(String, String)]) -> String {
    let mut parts: Vec<_> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort();
    parts.join("&")
}

fn own(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Alipay.
impl Shop {
    /// The parameters of a request, signed.
    pub fn alipay_pairs(&self, method: &str, business: &Value) -> Vec<(String, String)> {
        let time: String = self
            .now
            .rfc3339()
            .replace('T', " ")
            .chars()
            .take(19)
            .collect();
        let pairs = [
            ("app_id", self.settings.alipay_app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", "utf-8"),
            ("sign_type", "RSA2"),
            ("timestamp", &time),
            ("version", "1.0"),
            ("biz_content", &business.to_string()),
        ];
        signed_alipay(own(&pairs))
    }

    /// The node of the answer, whose signature is checked.
    pub fn alipay_call(&mut self, method: &str, business: &Value) -> Map<String, Value> {
        let pairs = self.alipay_pairs(method, business);
        let answer = self.exchange(&post(&pairs)).expect("an answer");
        let (node, signed) = node_of(&answer, method);
        assert!(signed, "{node:?}");
        node
    }

    /// The code of a payment, or its sub-code.
    pub fn pay(&mut self, no: &str, amount: &str, code: &str) -> String {
        let business = pay_business(no, amount, code);
        sub_code(&self.alipay_call("alipay.trade.pay", &business))
    }

    pub fn status(&mut self, no: &str) -> String {
        let node = self.alipay_call("alipay.trade.query", &json!({"out_trade_no": no}));
        match node.get("trade_status") {
            Some(status) => status.as_str().unwrap().to_owned(),
            None => sub_code(&node),
        }
    }

    /// `retry_flag` and `action`, or the sub-code.
    pub fn cancel(&mut self, no: &str) -> (String, String) {
        let node = self.alipay_call("alipay.trade.cancel", &json!({"out_trade_no": no}));
        let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("retry_flag") {
            "" => (sub_code(&node), String::new()),
            again => (again.to_owned(), text("action").to_owned()),
        }
    }

    /// `fund_change` and `refund_fee`, or the sub-code.
    pub fn give_back(&mut self, no: &str, refund: &str, amount: &str) -> (String, String) {
        let business = json!({
            "out_trade_no": no,
            "out_request_no": refund,
            "refund_amount": amount,
        });
        let node = self.alipay_call("alipay.trade.refund", &business);
        let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("fund_change") {
            "" => (sub_code(&node), String::new()),
            change => (change.to_owned(), text("refund_fee").to_owned()),
        }
    }

    /// `refund_status`; empty when the field is absent.
    pub fn refund_status(&mut self, no: &str, refund: &str) -> String {
        let business = json!({"out_trade_no": no, "out_request_no": refund});
        let node = self.alipay_call("alipay.trade.fastpay.refund.query", &business);
        let status = node.get("refund_status").and_then(Value::as_str);
        status.unwrap_or_default().to_owned()
    }
}

pub fn pay_business(no: &str, amount: &str, code: &str) -> Value {
    json!({
        "out_trade_no": no,
        "scene": "bar_code",
        "auth_code": code,
        "subject": "测试商品",
        "total_amount": amount,
        "terminal_id": "10000001",
    })
}

pub fn signed_alipay(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let signature = sign(joined(&pairs).as_bytes());
    pairs.push(("sign".into(), signature));
    pairs
}

/// The business parameters in the body, the others in the address.
pub fn post(pairs: &[(String, String)]) -> WebRequest {
    let (body, query): (Vec<_>, Vec<_>) = pairs
        .iter()
        .cloned()
        .partition(|(name, _)| name == "biz_content");
    WebRequest {
        method: "POST".into(),
        target: format!("/gateway.do?{}", form(&query)),
        headers: Vec::new(),
        body: form(&body).into_bytes(),
    }
}

pub fn get(pairs: &[(String, String)]) -> WebRequest {
    WebRequest {
        method: "GET".into(),
        target: format!("/gateway.do?{}", form(pairs)),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// The node of a method, or the error node, and whether the signature over it is right.
pub fn node_of(answer: &WebResponse, method: &str) -> (Map<String, Value>, bool) {
    let text = std::str::from_utf8(&answer.body).unwrap();
    let name = format!("{}_response", method.replace('.', "_"));
    let raw = text
        .strip_prefix(&format!("{{\"{name}\":"))
        .or(text.strip_prefix("{\"error_response\":"))
        .unwrap_or_else(|| panic!("{text}"));
    let mut values = serde_json::Deserializer::from_str(raw).into_iter();
    let node: Map<String, Value> = values.next().unwrap().unwrap();
    let signed_part = &raw[..values.byte_offset()];
    let whole: Value = serde_json::from_str(text).unwrap();
    let signed = whole["sign"]
        .as_str()
        .is_some_and(|sign| wallet_signed(signed_part.as_bytes(), sign));
    (node, signed)
}

/// The code, and of a business failure its sub-code.
pub fn sub_code(node: &Map<String, Value>) -> String {
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("code") {
        "40001" | "40002" | "40004" => text("sub_code").to_owned(),
        code => code.to_owned(),
    }
}

/// UnionPay online.
impl Shop {
    pub fn acp_request(&self, kind: (&str, &str), no: &str, more: &[(&str, &str)]) -> WebRequest {
        let mut pairs = own(&[
            ("version", "5.1.0"),
            ("encoding", "UTF-8"),
            ("signMethod", "01"),
            ("bizType", "000000"),
            ("channelType", "08"),
            ("accessType", "0"),
            ("txnType", kind.0),
            ("txnSubType", kind.1),
            ("merId", &self.settings.acp_merchant),
            ("certId", &self.settings.acp_merchant_serial),
            ("orderId", no),
            ("currencyCode", "156"),
            ("termId", "10000001"),
        ]);
        if !more.iter().any(|(name, _)| *name == "txnTime") {
            pairs.extend(own(&[("txnTime", "20261124182000")]));
        }
        pairs.extend(own(more));
        let digest = hex(&Sha256::digest(joined(&pairs).as_bytes())).to_lowercase();
        pairs.push(("signature".into(), sign(digest.as_bytes())));
        let path = if kind.0 == "00" {
            "queryTrans"
        } else {
            "backTransReq"
        };
        WebRequest {
            method: "POST".into(),
            target: format!("/gateway/api/{path}.do"),
            headers: Vec::new(),
            body: form(&pairs).into_bytes(),
        }
    }

    /// The answer's pairs, whose signature is checked.
    pub fn acp_call(&mut self, kind: (&str, &str), no: &str, more: &[(&str, &str)]) -> AcpAnswer {
        let request = self.acp_request(kind, no, more);
        let answer = self.exchange(&request).expect("an answer");
        let answer = AcpAnswer::read(&answer);
        assert!(answer.is_signed());
        answer
    }

    /// `respCode` of a sale by code.
    pub fn acp_sale(&mut self, no: &str, amount: &str, code: &str) -> String {
        let more = [("txnAmt", amount), ("qrNo", code)];
        self.acp_call(("01", "06"), no, &more).get("respCode")
    }

    /// `respCode`, and `origRespCode`.
    pub fn acp_query(&mut self, no: &str) -> (String, String) {
        let answer = self.acp_call(("00", "00"), no, &[]);
        (answer.get("respCode"), answer.get("origRespCode"))
    }
}

pub struct AcpAnswer(pub Vec<(String, String)>);

impl AcpAnswer {
    pub fn read(answer: &WebResponse) -> Self {
        let text = std::str::from_utf8(&answer.body).unwrap();
        let unescaped = |text: &str| {
            let mut out = Vec::new();
            let mut parts = text.split('%');
            out.extend_from_slice(parts.next().unwrap().as_bytes());
            for part in parts {
                out.push(u8::from_str_radix(&part[..2], 16).unwrap());
                out.extend_from_slice(&part.as_bytes()[2..]);
            }
            String::from_utf8(out).unwrap()
        };
        let pairs = text.split('&').map(|part| part.split_once('=').unwrap());
        Self(pairs.map(|(n, v)| (n.to_owned(), unescaped(v))).collect())
    }

    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    pub fn is_signed(&self) -> bool {
        let rest: Vec<_> = self
            .0
            .iter()
            .filter(|(name, _)| name != "signature")
            .cloned()
            .collect();
        let digest = hex(&Sha256::digest(joined(&rest).as_bytes())).to_lowercase();
        let signature = self.get("signature");
        !signature.is_empty() && wallet_signed(digest.as_bytes(), &signature)
    }
}
