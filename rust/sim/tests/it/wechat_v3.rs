//! WeChat v3: signatures both ways, Native orders, refunds, certificates.

use base64ct::{Base64, Encoding};
use pos_sim::{Customer, WALLET_CERTIFICATE, WebRequest};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};

use crate::shop::{Shop, WECHAT_CODE, v3_signed};

const NO: &str = "T20260101000001";

fn state(answer: &(u16, Value)) -> &str {
    answer.1["trade_state"].as_str().unwrap_or_default()
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

#[test]
fn a_native_order_is_shown_scanned_and_paid() {
    let mut shop = Shop::wechat();
    let shown = shop.native(NO, 880);
    let url = shown.1["code_url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("weixin://wxpay/bizpayurl?pr="));
    assert_eq!(shop.native(NO, 880).1["code_url"], url.as_str());
    assert_eq!(code(&shop.native(NO, 881)), (403, "OUT_TRADE_NO_USED"));
    assert_eq!(shop.rules(), ["number_reused"]);
    assert_eq!(state(&shop.v3_query(NO)), "NOTPAY");
    shop.customer(Customer::Scans);
    assert_eq!(state(&shop.v3_query(NO)), "NOTPAY");
    shop.customer(Customer::Pays);
    let paid = shop.v3_query(NO);
    assert_eq!(state(&paid), "SUCCESS");
    assert_eq!(paid.1["trade_type"], "NATIVE");
    assert_eq!(paid.1["amount"]["total"], 880);
    assert_eq!(paid.1["success_time"], "2026-11-24T18:20:00+08:00");
    let target = format!(
        "/v3/pay/transactions/id/{}?mchid={}",
        paid.1["transaction_id"].as_str().unwrap(),
        shop.settings.wechat_mch_id
    );
    assert_eq!(shop.v3("GET", &target, &Value::Null), paid);
    assert_eq!(code(&shop.native(NO, 880)), (400, "ORDERPAID"));
    let ledger = shop.wallet.ledger();
    assert_eq!(ledger["sales"][0]["terminal"], "10000001");
}

#[test]
fn a_wrong_signature_an_old_time_or_a_used_nonce_is_refused() {
    let mut shop = Shop::wechat();
    let body = json!({"mchid": shop.settings.wechat_mch_id});
    let good = shop.v3_request("POST", "/v3/pay/transactions/out-trade-no/X/close", &body);
    let changed = |from: &str, to: &str| {
        let mut bad = good.clone();
        bad.headers[0].1 = bad.headers[0].1.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        bad
    };
    let mut other_body = good.clone();
    other_body.body.push(b' ');
    let mut other_path = good.clone();
    other_path.target.push('?');
    let mut bare = good.clone();
    bare.headers.clear();
    let mut twice = good.clone();
    twice.headers[0].1.push_str(",mchid=\"1900000109\"");
    let wrong = [
        changed("signature=\"", "signature=\"A"),
        changed("serial_no=\"3A", "serial_no=\"3B"),
        changed("mchid=\"19", "mchid=\"18"),
        changed("nonce_str=\"n", "nonce_str=\"m"),
        changed("WECHATPAY2-SHA256-RSA2048 ", "WECHATPAY2-SM2-WITH-SM3 "),
        other_body,
        other_path,
        bare,
        twice,
    ];
    let status = |shop: &mut Shop, request: &WebRequest| {
        let answer = shop.exchange(request).unwrap();
        assert_eq!(v3_signed(&answer), answer.status != 401);
        (
            answer.status,
            answer.header("Request-ID").unwrap().to_owned(),
        )
    };
    for request in &wrong {
        let (got, id) = status(&mut shop, request);
        assert_eq!(got, 401);
        assert!(id.ends_with("-268443699"));
    }
    assert_eq!(status(&mut shop, &good).0, 404);
    assert_eq!(status(&mut shop, &good).0, 401, "its nonce is used");
    for (seconds, wanted) in [(301, 401), (300, 404), (-300, 404), (-301, 401)] {
        let request = shop.v3_request("POST", "/v3/pay/transactions/out-trade-no/X/close", &body);
        let now = shop.now;
        shop.wait(seconds);
        assert_eq!(status(&mut shop, &request).0, wanted, "{seconds}");
        shop.now = now;
    }
}

#[test]
fn an_order_is_closed_or_paid_never_both() {
    let mut shop = Shop::wechat();
    shop.native(NO, 880);
    assert_eq!(shop.v3_close(NO).0, 204);
    assert_eq!(shop.v3_close(NO).0, 204);
    assert_eq!(state(&shop.v3_query(NO)), "CLOSED");
    assert!(!shop.wallet.execute(Customer::Pays, None, shop.now));
    assert_eq!(code(&shop.native(NO, 880)), (400, "ORDER_CLOSED"));
    shop.native("T2", 9_001_006);
    assert_eq!(code(&shop.v3_close("T2")), (400, "ORDERPAID"));
    assert_eq!(state(&shop.v3_query("T2")), "SUCCESS");
    assert_eq!(code(&shop.v3_close("T3")), (404, "ORDER_NOT_EXIST"));
    assert_eq!(code(&shop.v3_query("T3")), (404, "ORDER_NOT_EXIST"));
}

#[test]
fn both_interfaces_see_the_same_orders() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, WECHAT_CODE);
    assert_eq!(state(&shop.v3_query(NO)), "SUCCESS");
    assert_eq!(code(&shop.v3_close(NO)), (400, "INVALID_REQUEST"));
    assert_eq!(shop.v3_refund(NO, "R1", 880, 880).1["status"], "SUCCESS");
    assert_eq!(shop.refund_state("R1"), "SUCCESS");
    assert_eq!(shop.trade_state(NO), "REFUND");
}

#[test]
fn refunds_are_done_once_for_a_number() {
    let mut shop = Shop::wechat();
    shop.native(NO, 880);
    assert_eq!(
        code(&shop.v3_refund(NO, "R1", 880, 880)),
        (400, "INVALID_REQUEST")
    );
    shop.customer(Customer::Pays);
    assert_eq!(
        code(&shop.v3_refund_query("R1")),
        (404, "RESOURCE_NOT_EXISTS")
    );
    let first = shop.v3_refund(NO, "R1", 880, 300);
    assert_eq!((first.0, &first.1["status"]), (200, &json!("SUCCESS")));
    assert_eq!(first.1["amount"]["refund"], 300);
    assert_eq!(shop.v3_refund(NO, "R1", 880, 300), first);
    assert_eq!(shop.v3_refund_query("R1"), first);
    let refused = |answer: &(u16, Value)| (answer.0, answer.1["code"].as_str().unwrap().to_owned());
    let soon = refused(&shop.v3_refund(NO, "R2", 880, 100));
    assert_eq!(soon, (429, "FREQUENCY_LIMITED".into()));
    let altered = refused(&shop.v3_refund(NO, "R1", 880, 301));
    assert_eq!(altered, (400, "INVALID_REQUEST".into()));
    let other_total = refused(&shop.v3_refund(NO, "R3", 881, 100));
    assert_eq!(other_total, (400, "INVALID_REQUEST".into()));
    let unknown = refused(&shop.v3_refund("T9", "R3", 881, 100));
    assert_eq!(unknown, (404, "RESOURCE_NOT_EXISTS".into()));
    assert_eq!(shop.rules(), ["refund_altered"]);
    assert_eq!(shop.sale(NO), ("partly_refunded".into(), 580));
}

#[test]
fn refunds_that_do_not_end_at_once() {
    for (number, first, then) in [
        (14, (403, "NOT_ENOUGH"), "SUCCESS"),
        (15, (200, ""), "PROCESSING"),
        (16, (200, ""), "ABNORMAL"),
        (17, (500, "SYSTEM_ERROR"), "SUCCESS"),
    ] {
        let mut shop = Shop::wechat();
        let total = 9_001_000 + number;
        shop.native(NO, total);
        shop.customer(Customer::Pays);
        assert_eq!(code(&shop.v3_refund(NO, "R1", total, total)), first);
        let again = shop.v3_refund(NO, "R1", total, total);
        assert_eq!(again.1["status"], then, "{number}");
        assert!(shop.undos(NO).len() == 1 && shop.rules().is_empty());
    }
    let mut shop = Shop::wechat();
    shop.native(NO, 9_001_015);
    shop.customer(Customer::Pays);
    shop.v3_refund(NO, "R1", 9_001_015, 9_001_015);
    assert_eq!(shop.sale(NO).1, 9_001_015);
    shop.customer(Customer::RefundsArrive);
    assert_eq!(shop.v3_refund_query("R1").1["status"], "SUCCESS");
    assert_eq!(shop.sale(NO).1, 0);
}

#[test]
fn a_service_provider_has_paths_of_its_own() {
    let mut shop = Shop::wechat();
    let (app, mch) = (
        shop.settings.wechat_app_id.clone(),
        shop.settings.wechat_mch_id.clone(),
    );
    let body = json!({
        "sp_appid": app, "sp_mchid": mch, "sub_mchid": "1900000110", "description": "茶",
        "out_trade_no": NO, "notify_url": "https://shop.example/paid", "amount": {"total": 1},
    });
    let shown = shop.v3("POST", "/v3/pay/partner/transactions/native", &body);
    assert_eq!(shown.0, 200);
    let ask = |sub: &str| {
        format!("/v3/pay/partner/transactions/out-trade-no/{NO}?sp_mchid={mch}&sub_mchid={sub}")
    };
    let seen = shop.v3("GET", &ask("1900000110"), &Value::Null);
    assert_eq!((seen.0, &seen.1["sp_mchid"]), (200, &json!(mch)));
    assert_eq!(shop.v3("GET", &ask("1900000111"), &Value::Null).0, 404);
}

#[test]
fn the_certificate_opens_with_the_v3_key_and_signs_when_asked_for() {
    let mut shop = Shop::wechat();
    let (status, members) = shop.v3("GET", "/v3/certificates", &Value::Null);
    let certificate = &members["data"][0];
    let sealed = &certificate["encrypt_certificate"];
    assert_eq!(
        (status, &certificate["serial_no"]),
        (200, &json!("D7CE59D1F522D701"))
    );
    let mut text = Base64::decode_vec(sealed["ciphertext"].as_str().unwrap()).unwrap();
    let key = UnboundKey::new(&AES_256_GCM, shop.settings.wechat_api_v3_key.as_bytes());
    let nonce = sealed["nonce"].as_str().unwrap().as_bytes();
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let plain = LessSafeKey::new(key.unwrap())
        .open_in_place(nonce, Aad::from(b"certificate"), &mut text)
        .unwrap();
    assert_eq!(plain, WALLET_CERTIFICATE.as_bytes());

    for serial in [
        "D7CE59D1F522D701",
        "PUB_KEY_ID_0119000001092026112400000000000001",
    ] {
        let mut request = shop.v3_request("GET", "/v3/certificates", &Value::Null);
        request
            .headers
            .push(("wechatpay-serial".into(), serial.into()));
        let answer = shop.exchange(&request).unwrap();
        assert_eq!(answer.header("Wechatpay-Serial"), Some(serial));
        assert!(v3_signed(&answer));
    }
}

#[test]
fn parameters_are_checked() {
    let mut shop = Shop::wechat();
    let whole = json!({
        "appid": shop.settings.wechat_app_id, "mchid": shop.settings.wechat_mch_id,
        "description": "茶", "out_trade_no": NO, "notify_url": "https://shop.example/paid",
        "amount": {"total": 1, "currency": "CNY"},
    });
    for (name, value) in [
        ("description", json!("")),
        ("out_trade_no", json!("a b")),
        ("notify_url", Value::Null),
        ("amount", json!({"total": 0})),
        ("amount", json!({"total": 1.5})),
        ("amount", json!({"total": 1, "currency": "USD"})),
        ("appid", json!("wx0")),
        ("mchid", json!("1")),
    ] {
        let mut body = whole.clone();
        body[name] = value;
        let answer = shop.v3("POST", "/v3/pay/transactions/native", &body);
        assert_eq!(answer.0, 400, "{name}");
    }
    assert_eq!(shop.v3("GET", "/v3/nothing", &Value::Null).0, 404);
    assert_eq!(
        shop.v3("POST", "/v3/pay/transactions/native", &whole).0,
        200
    );
}
