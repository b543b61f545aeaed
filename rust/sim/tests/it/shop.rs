//! A shop of the simplest kind that speaks to the wallets, for one test: it builds and signs
//! requests, reads answers, and remembers nothing on its own.

use base64ct::{Base64, Encoding};
use md5::{Digest, Md5};
use pos_domain::WallTime;
use pos_sim::{
    Customer, MERCHANT_KEY, WALLET_PUBLIC_KEY, Wallet, WalletSettings, WebRequest, WebResponse,
    WebStep, fault,
};
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use serde_json::{Map, Value, json};

pub use crate::desk::NOW;

pub const WECHAT_CODE: &str = "134650201234567890";
pub const ALIPAY_CODE: &str = "283876543210987654";
pub const UNIONPAY_CODE: &str = "6236098835899996543";

pub struct Shop {
    pub wallet: Wallet,
    pub settings: WalletSettings,
    pub now: WallTime,
    /// What the host did last.
    pub steps: Vec<WebStep>,
    pub hmac: bool,
    nonces: u64,
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&body).unwrap()
}

/// RSA PKCS#1 v1.5 with SHA-256 by the merchant's key.
pub fn sign(message: &[u8]) -> String {
    let key = RsaKeyPair::from_pkcs8(&der(MERCHANT_KEY)).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .unwrap();
    Base64::encode_string(&signature)
}

/// True when the wallet's key made this signature.
pub fn wallet_signed(message: &[u8], signature: &str) -> bool {
    let info = der(WALLET_PUBLIC_KEY);
    // A 2048-bit key: 24 bytes of frame, then the key itself.
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &info[24..]);
    let signature = Base64::decode_vec(signature).unwrap();
    key.verify(message, &signature).is_ok()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

impl Shop {
    fn with(settings: &WalletSettings, wallet: Wallet) -> Self {
        Self {
            wallet,
            settings: settings.clone(),
            now: NOW,
            steps: Vec::new(),
            hmac: false,
            nonces: 0,
        }
    }

    pub fn wechat() -> Self {
        Self::wechat_with(&WalletSettings::default())
    }

    pub fn wechat_with(settings: &WalletSettings) -> Self {
        Self::with(settings, Wallet::wechat(settings).unwrap())
    }

    pub fn alipay() -> Self {
        let settings = WalletSettings::default();
        Self::with(&settings, Wallet::alipay(&settings).unwrap())
    }

    pub fn acp() -> Self {
        let settings = WalletSettings::default();
        Self::with(&settings, Wallet::acp(&settings).unwrap())
    }

    pub fn faults(&mut self, toml: &str) {
        self.wallet.add_faults(fault::parse(toml).unwrap());
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus(seconds * 1000);
    }

    pub fn customer(&mut self, what: Customer) {
        assert!(self.wallet.execute(what, None, self.now));
    }

    /// The first whole answer, if one came.
    pub fn exchange(&mut self, request: &WebRequest) -> Option<WebResponse> {
        self.steps = self.wallet.on_request(request, self.now);
        self.steps.iter().find_map(|step| match step {
            WebStep::Answer(answer) | WebStep::Rest(answer) => Some(answer.clone()),
            _ => None,
        })
    }

    pub fn rules(&self) -> Vec<&'static str> {
        let violations = self.wallet.violations().iter();
        violations.map(|breach| breach.rule.as_str()).collect()
    }

    /// `state` and `net` of an order in the money ledger.
    pub fn sale(&self, no: &str) -> (String, i64) {
        let ledger = self.wallet.ledger();
        let sales = ledger["sales"].as_array().unwrap();
        let found = sales.iter().find(|sale| sale["key"] == no);
        found.map_or(("none".into(), 0), |sale| {
            let state = sale["state"].as_str().unwrap().to_owned();
            (state, sale["net"].as_i64().unwrap())
        })
    }

    pub fn undos(&self, no: &str) -> Vec<(String, i64, String)> {
        let ledger = self.wallet.ledger();
        let sales = ledger["sales"].as_array().unwrap();
        let sale = sales.iter().find(|sale| sale["key"] == no).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let undos = sale["undos"].as_array().unwrap().iter();
        undos
            .map(|u| {
                (
                    text(&u["kind"]),
                    u["amount"].as_i64().unwrap(),
                    text(&u["state"]),
                )
            })
            .collect()
    }

    fn nonce(&mut self) -> String {
        self.nonces += 1;
        format!("nonce{:020}", self.nonces)
    }
}

/// WeChat v2.
impl Shop {
    pub fn v2_sign(&self, pairs: &[(&str, &str)]) -> String {
        let key = &self.settings.wechat_api_key;
        let mut pairs: Vec<_> = pairs.iter().filter(|(_, v)| !v.is_empty()).collect();
        pairs.sort();
        let text: String = pairs.iter().map(|(n, v)| format!("{n}={v}&")).collect();
        let text = format!("{text}key={key}");
        if self.hmac {
            use hmac::{KeyInit, Mac};
            let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes())
        } else {
            hex(&Md5::digest(text.as_bytes()))
        }
    }

    pub fn v2_request(&mut self, path: &str, fields: &[(&str, &str)]) -> WebRequest {
        let nonce = self.nonce();
        let (app, mch) = (
            self.settings.wechat_app_id.clone(),
            self.settings.wechat_mch_id.clone(),
        );
        let mut pairs = vec![
            ("appid", app.as_str()),
            ("mch_id", &mch),
            ("nonce_str", &nonce),
        ];
        pairs.extend_from_slice(fields);
        if self.hmac {
            pairs.push(("sign_type", "HMAC-SHA256"));
        }
        let sign = self.v2_sign(&pairs);
        pairs.push(("sign", &sign));
        v2_body(path, &pairs)
    }

    /// Sends and gives the answer's fields, whose signature is checked where there is one.
    pub fn v2(&mut self, path: &str, fields: &[(&str, &str)]) -> Map<String, Value> {
        let request = self.v2_request(path, fields);
        let answer = self.exchange(&request).expect("an answer");
        let (fields, signed) = self.v2_read(&answer);
        assert!(signed || fields["return_code"] == "FAIL", "{fields:?}");
        fields
    }

    /// The fields of an answer, and whether its signature is right.
    pub fn v2_read(&self, answer: &WebResponse) -> (Map<String, Value>, bool) {
        let text = std::str::from_utf8(&answer.body).unwrap();
        let mut fields = Map::new();
        for part in text
            .trim_start_matches("<xml>")
            .split("]]></")
            .filter(|part| part.contains("<![CDATA["))
        {
            let (name, value) = part.split_once("><![CDATA[").unwrap();
            let name = name.rsplit('<').next().unwrap();
            fields.insert(name.to_owned(), value.into());
        }
        let pairs: Vec<_> = fields
            .iter()
            .filter(|(name, _)| *name != "sign")
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let signed = fields.get("sign") == Some(&Value::from(self.v2_sign(&pairs)));
        (fields, signed)
    }

    pub fn micropay(&mut self, no: &str, amount: i64, code: &str) -> Map<String, Value> {
        let amount = amount.to_string();
        self.v2("/pay/micropay", &micropay_fields(no, &amount, code))
    }

    /// `result_code`, or the code of the failure.
    pub fn sold(&mut self, no: &str, amount: i64, code: &str) -> String {
        code_of(&self.micropay(no, amount, code))
    }

    pub fn trade_state(&mut self, no: &str) -> String {
        let answer = self.v2("/pay/orderquery", &[("out_trade_no", no)]);
        match answer.get("trade_state") {
            Some(state) => state.as_str().unwrap().to_owned(),
            None => code_of(&answer),
        }
    }

    /// `recall`, or the code of the failure.
    pub fn reverse(&mut self, no: &str) -> String {
        let answer = self.v2("/secapi/pay/reverse", &[("out_trade_no", no)]);
        match answer.get("recall") {
            Some(again) => again.as_str().unwrap().to_owned(),
            None => code_of(&answer),
        }
    }

    pub fn refund(&mut self, no: &str, refund: &str, total: i64, amount: i64) -> String {
        let (total, amount) = (total.to_string(), amount.to_string());
        let fields = [
            ("out_trade_no", no),
            ("out_refund_no", refund),
            ("total_fee", &total),
            ("refund_fee", &amount),
        ];
        code_of(&self.v2("/secapi/pay/refund", &fields))
    }

    pub fn refund_state(&mut self, refund: &str) -> String {
        let answer = self.v2("/pay/refundquery", &[("out_refund_no", refund)]);
        match answer.get("refund_status_0") {
            Some(state) => state.as_str().unwrap().to_owned(),
            None => code_of(&answer),
        }
    }
}

pub fn v2_body(path: &str, pairs: &[(&str, &str)]) -> WebRequest {
    let children: String = pairs
        .iter()
        .map(|(name, value)| format!("<{name}><![CDATA[{value}]]></{name}>"))
        .collect();
    WebRequest {
        method: "POST".into(),
        target: path.into(),
        headers: Vec::new(),
        body: format!("<xml>{children}</xml>").into_bytes(),
    }
}

pub fn micropay_fields<'a>(no: &'a str, amount: &'a str, code: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("body", "测试商品"),
        ("out_trade_no", no),
        ("total_fee", amount),
        ("spbill_create_ip", "192.168.0.10"),
        ("auth_code", code),
        ("device_info", "10000001"),
    ]
}

pub fn code_of(answer: &Map<String, Value>) -> String {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    match (text("return_code"), text("result_code")) {
        ("SUCCESS", "SUCCESS") => "SUCCESS".into(),
        ("SUCCESS", _) => text("err_code").to_owned(),
        _ => format!("unsigned: {}", text("return_msg")),
    }
}

/// WeChat v3.
impl Shop {
    pub fn v3_request(&mut self, method: &str, target: &str, body: &Value) -> WebRequest {
        let nonce = self.nonce();
        let at = self.now.0 / 1000;
        let body = match body {
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let message = format!("{method}\n{target}\n{at}\n{nonce}\n{body}\n");
        let authorization = format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",timestamp=\"{at}\",\
             serial_no=\"{}\",signature=\"{}\"",
            self.settings.wechat_mch_id,
            self.settings.wechat_merchant_serial,
            sign(message.as_bytes())
        );
        WebRequest {
            method: method.into(),
            target: target.into(),
            headers: vec![("Authorization".into(), authorization)],
            body: body.into_bytes(),
        }
    }

    /// Status and members of the answer, whose signature is checked.
    pub fn v3(&mut self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let request = self.v3_request(method, target, body);
        let answer = self.exchange(&request).expect("an answer");
        assert!(v3_signed(&answer), "{answer:?}");
        let members = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        (answer.status, members)
    }

    pub fn native(&mut self, no: &str, amount: i64) -> (u16, Value) {
        let body = json!({
            "appid": self.settings.wechat_app_id,
            "mchid": self.settings.wechat_mch_id,
            "description": "测试商品",
            "out_trade_no": no,
            "notify_url": "https://shop.example/paid",
            "amount": {"total": amount, "currency": "CNY"},
            "scene_info": {"device_id": "10000001", "payer_client_ip": "127.0.0.1"},
        });
        self.v3("POST", "/v3/pay/transactions/native", &body)
    }

    pub fn v3_query(&mut self, no: &str) -> (u16, Value) {
        let mch = &self.settings.wechat_mch_id;
        let target = format!("/v3/pay/transactions/out-trade-no/{no}?mchid={mch}");
        self.v3("GET", &target, &Value::Null)
    }

    pub fn v3_close(&mut self, no: &str) -> (u16, Value) {
        let body = json!({"mchid": self.settings.wechat_mch_id});
        let target = format!("/v3/pay/transactions/out-trade-no/{no}/close");
        self.v3("POST", &target, &body)
    }

    pub fn v3_refund(&mut self, no: &str, refund: &str, total: i64, amount: i64) -> (u16, Value) {
        let body = json!({
            "out_trade_no": no,
            "out_refund_no": refund,
            "amount": {"total": total, "refund": amount, "currency": "CNY"},
        });
        self.v3("POST", "/v3/refund/domestic/refunds", &body)
    }

    pub fn v3_refund_query(&mut self, refund: &str) -> (u16, Value) {
        let target = format!("/v3/refund/domestic/refunds/{refund}");
        self.v3("GET", &target, &Value::Null)
    }
}

pub fn v3_signed(answer: &WebResponse) -> bool {
    let header = |name| answer.header(name).unwrap_or_default();
    let message = [
        header("Wechatpay-Timestamp").as_bytes(),
        b"\n",
        header("Wechatpay-Nonce").as_bytes(),
        b"\n",
        &answer.body,
        b"\n",
    ]
    .concat();
    header("Wechatpay-Signature-Type") == "WECHATPAY2-SHA256-RSA2048"
        && wallet_signed(&message, header("Wechatpay-Signature"))
}
