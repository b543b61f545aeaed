//! Payment codes whose customers follow a script, and what requests ask for.

use pos_codes::Recognised;
use pos_flows::wallet::PaymentCode;

/// A WeChat payment code; the last two digits say what its customer does.
pub fn wechat_code(script: u8) -> PaymentCode {
    code(&format!("13{script:016}"))
}

/// An Alipay payment code; the last two digits say what its customer does.
pub fn alipay_code(script: u8) -> PaymentCode {
    code(&format!("28{script:016}"))
}

/// A UnionPay payment code; the last two digits say what its customer does.
pub fn unionpay_code(script: u8) -> PaymentCode {
    code(&format!("62{script:017}"))
}

/// A payment code from its text.
pub fn code(text: &str) -> PaymentCode {
    match pos_codes::recognise(text) {
        Recognised::Payment(code) => code,
        Recognised::Refused { why } => panic!("{text}: {why:?}"),
    }
}

/// The operation of a request: the last part of WeChat's path, or Alipay's method.
pub fn asked_for(request: &pos_sim::WebRequest) -> String {
    let method = request
        .target
        .split(['?', '&'])
        .find_map(|part| part.strip_prefix("method="));
    let form = String::from_utf8_lossy(&request.body);
    if let Some((_, rest)) = form.split_once("txnType=") {
        let kind = rest.get(..2).unwrap_or_default();
        let sub = form
            .split_once("txnSubType=")
            .and_then(|(_, rest)| rest.get(..2));
        return format!("{kind}/{}", sub.unwrap_or_default());
    }
    match method {
        Some(method) => method.trim_start_matches("alipay.trade.").to_owned(),
        None => request
            .path()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}
