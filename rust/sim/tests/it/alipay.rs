//! Alipay: every row of the spec's list of simulator cases, and its error tables.

use pos_sim::{Customer, WebRequest};
use serde_json::{Value, json};

use crate::shop::{ALIPAY_CODE, Shop};
use crate::shop_forms::{get, node_of, pay_business, post, signed_alipay, sub_code};

const NO: &str = "T20260101000001";

/// A payment code of a script.
fn script(number: u8) -> String {
    format!("28{number:016}")
}

#[test]
fn a_sale_is_paid_once_by_get_and_by_post() {
    let mut shop = Shop::alipay();
    let pairs = shop.alipay_pairs("alipay.trade.pay", &pay_business(NO, "8.80", ALIPAY_CODE));
    for (request, code) in [
        (get(&pairs), "10000"),
        (post(&pairs), "ACQ.TRADE_HAS_SUCCESS"),
    ] {
        let answer = shop.exchange(&request).unwrap();
        let (node, signed) = node_of(&answer, "alipay.trade.pay");
        assert!(signed);
        assert_eq!(sub_code(&node), code);
        if code == "10000" {
            assert_eq!(node["total_amount"], "8.80");
            assert_eq!(node["gmt_payment"], "2026-11-24 18:20:00");
        }
    }
    assert_eq!(shop.status(NO), "TRADE_SUCCESS");
    assert_eq!(shop.sale(NO), ("approved".into(), 880));
    assert!(shop.rules().is_empty());
}

#[test]
fn a_wrong_signature_moves_nothing() {
    let mut shop = Shop::alipay();
    let pairs = shop.alipay_pairs("alipay.trade.pay", &pay_business(NO, "8.80", ALIPAY_CODE));
    let with = |name: &str, value: &str| {
        let mut pairs = pairs.clone();
        match pairs.iter_mut().find(|(own, _)| own == name) {
            Some(pair) => value.clone_into(&mut pair.1),
            None => pairs.push((name.to_owned(), value.to_owned())),
        }
        pairs
    };
    let business = pay_business(NO, "0.01", ALIPAY_CODE).to_string();
    let spaced = pay_business(NO, "8.80", ALIPAY_CODE)
        .to_string()
        .replacen(':', ": ", 1);
    let cases = [
        (with("biz_content", &business), "isv.invalid-signature"),
        (with("biz_content", &spaced), "isv.invalid-signature"),
        (with("extra", "1"), "isv.invalid-signature"),
        (with("sign", "AAAA"), "isv.invalid-signature"),
        (with("sign", ""), "isv.missing-signature"),
        (with("sign_type", "RSA"), "isv.invalid-signature-type"),
        (with("charset", "gbk"), "isv.invalid-charset"),
        (with("app_id", "1"), "isv.invalid-app-id"),
        (with("method", "alipay.trade.play"), "isv.invalid-method"),
        (with("timestamp", "2026-11-24"), "isv.invalid-timestamp"),
    ];
    for (pairs, wanted) in cases {
        let answer = shop.exchange(&post(&pairs)).unwrap();
        let (node, signed) = node_of(&answer, "alipay.trade.pay");
        assert!(!signed);
        assert_eq!(sub_code(&node), wanted);
    }
    assert_eq!(shop.status(NO), "ACQ.TRADE_NOT_EXIST");
    // The error node has another name where the method cannot be trusted.
    let answer = shop.exchange(&post(&with("app_id", "1"))).unwrap();
    assert!(
        answer
            .body
            .starts_with(b"{\"error_response\":{\"code\":\"40002\"")
    );
    shop.wait(15 * 60 + 1);
    let answer = shop.exchange(&post(&pairs)).unwrap();
    let (node, _) = node_of(&answer, "alipay.trade.pay");
    assert_eq!(sub_code(&node), "isv.invalid-timestamp");
}

#[test]
fn a_request_that_is_none() {
    let mut shop = Shop::alipay();
    let pairs = shop.alipay_pairs("alipay.trade.query", &json!({"out_trade_no": NO}));
    let mut elsewhere = get(&pairs);
    elsewhere.target = elsewhere.target.replacen("gateway.do", "gateway", 1);
    let mut doubled = get(&pairs);
    doubled.target.push_str("&app_id=1");
    let mut both = post(&pairs);
    both.body.extend_from_slice(b"&app_id=1");
    let mut put = get(&pairs);
    put.method = "PUT".into();
    let empty = WebRequest {
        method: "GET".into(),
        target: "/gateway.do".into(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    for request in [elsewhere, doubled, both, put, empty] {
        let answer = shop.exchange(&request).unwrap();
        assert!(
            answer
                .body
                .starts_with(b"{\"error_response\":{\"code\":\"4000")
        );
        assert!(!node_of(&answer, "error").1);
    }
    // Signed, and no object inside.
    let mut bare = shop.alipay_pairs("alipay.trade.query", &Value::Null);
    bare.retain(|(name, _)| name != "sign");
    let answer = shop.exchange(&post(&signed_alipay(bare))).unwrap();
    let (node, _) = node_of(&answer, "alipay.trade.query");
    assert_eq!(sub_code(&node), "isv.invalid-parameter");
}

#[test]
fn certificate_mode_wants_both_serials_and_names_its_own() {
    let mut shop = Shop::alipay();
    let own = shop.settings.clone();
    let mut request = |app: &str, root: &str| {
        let mut pairs = shop.alipay_pairs("alipay.trade.query", &json!({"out_trade_no": NO}));
        pairs.retain(|(name, _)| name != "sign");
        pairs.push(("app_cert_sn".into(), app.into()));
        pairs.push(("alipay_root_cert_sn".into(), root.into()));
        let answer = shop.exchange(&post(&signed_alipay(pairs))).unwrap();
        let (node, signed) = node_of(&answer, "alipay.trade.query");
        let whole: Value = serde_json::from_slice(&answer.body).unwrap();
        (sub_code(&node), signed, whole["alipay_cert_sn"].clone())
    };
    let good = request(&own.alipay_app_serial, &own.alipay_root_serial);
    let named = json!(own.alipay_wallet_serial);
    assert_eq!(good, ("ACQ.TRADE_NOT_EXIST".into(), true, named));
    let bad = request("0", &own.alipay_root_serial);
    assert_eq!(bad, ("isv.invalid-app-cert-sn".into(), false, Value::Null));
    let asked = json!({"alipay_cert_sn": own.alipay_wallet_serial});
    let node = shop.alipay_call("alipay.open.app.alipaycert.download", &asked);
    assert_eq!(node["code"], "10000");
}

#[test]
fn parameters_are_checked() {
    let mut shop = Shop::alipay();
    for (no, amount, code, wanted) in [
        (NO, "0.00", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        (NO, "1.234", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        (NO, "1e2", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        (NO, "100000000.01", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        ("a-b", "1.00", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        ("", "1.00", ALIPAY_CODE, "ACQ.INVALID_PARAMETER"),
        (
            NO,
            "1.00",
            "134650201234567890",
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
        ),
        (
            NO,
            "1.00",
            "283876543210987",
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
        ),
        (
            NO,
            "1.00",
            "313876543210987654",
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
        ),
    ] {
        assert_eq!(shop.pay(no, amount, code), wanted, "{no} {amount} {code}");
    }
    let mut business = pay_business(NO, "1.00", ALIPAY_CODE);
    business["subject"] = json!("a&b");
    let node = shop.alipay_call("alipay.trade.pay", &business);
    assert_eq!(sub_code(&node), "ACQ.INVALID_PARAMETER");
    assert_eq!(shop.status(NO), "ACQ.TRADE_NOT_EXIST");
    assert_eq!(shop.pay(NO, "1", ALIPAY_CODE), "10000");
    assert_eq!(shop.sale(NO).1, 100);
}

#[test]
fn a_number_stands_for_one_trade_and_a_code_for_one_payment() {
    let mut shop = Shop::alipay();
    assert_eq!(
        shop.pay(NO, "8.80", &script(4)),
        "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    );
    // A failed attempt has spent the code.
    assert_eq!(
        shop.pay("T2", "8.80", &script(4)),
        "ACQ.PAYMENT_AUTH_CODE_INVALID"
    );
    assert_eq!(
        shop.pay(NO, "8.81", ALIPAY_CODE),
        "ACQ.CONTEXT_INCONSISTENT"
    );
    assert_eq!(shop.rules(), ["number_reused"]);
    assert_eq!(shop.pay("T3", "8.80", &script(2)), "10003");
    assert_eq!(
        shop.pay("T4", "8.80", &script(2)),
        "ACQ.PAYMENT_AUTH_CODE_INVALID"
    );
    assert_eq!(shop.rules(), ["number_reused", "code_resent"]);
}

#[test]
fn the_customer_pays_late_fails_or_cancels() {
    for (number, first, states) in [
        (1, "10003", ["WAIT_BUYER_PAY", "TRADE_SUCCESS"]),
        (2, "10003", ["WAIT_BUYER_PAY", "WAIT_BUYER_PAY"]),
        (3, "10003", ["WAIT_BUYER_PAY", "TRADE_CLOSED"]),
        (10, "10003", ["WAIT_BUYER_PAY", "TRADE_CLOSED"]),
        (
            4,
            "ACQ.BUYER_BALANCE_NOT_ENOUGH",
            ["TRADE_CLOSED", "TRADE_CLOSED"],
        ),
        (
            5,
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
            ["TRADE_CLOSED", "TRADE_CLOSED"],
        ),
        (7, "20000", ["TRADE_SUCCESS", "TRADE_SUCCESS"]),
        (8, "20000", ["WAIT_BUYER_PAY", "TRADE_SUCCESS"]),
        (9, "20000", ["ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_NOT_EXIST"]),
    ] {
        let mut shop = Shop::alipay();
        assert_eq!(shop.pay(NO, "8.80", &script(number)), first);
        for state in states {
            assert_eq!(shop.status(NO), state, "{number}");
        }
        assert_eq!(shop.sale(NO).1 > 0, states[1] == "TRADE_SUCCESS");
    }
}

#[test]
fn cancelling_closes_or_returns_or_asks_for_more() {
    let mut shop = Shop::alipay();
    shop.pay(NO, "8.80", &script(2));
    let said = |again: &str, action: &str| (again.to_owned(), action.to_owned());
    assert_eq!(shop.cancel(NO), said("N", "close"));
    assert_eq!(shop.cancel(NO), said("N", "close"));
    assert_eq!(shop.status(NO), "TRADE_CLOSED");
    shop.pay("T2", "8.80", ALIPAY_CODE);
    assert_eq!(shop.cancel("T2"), said("N", "refund"));
    assert_eq!(shop.cancel("T2"), said("N", "refund"));
    assert_eq!(shop.status("T2"), "TRADE_CLOSED");
    assert_eq!(shop.sale("T2"), ("reversed".into(), 0));
    // Nothing found: no action, and the number is closed for good.
    assert_eq!(shop.cancel("T3"), said("N", ""));
    assert_eq!(shop.status("T3"), "ACQ.TRADE_NOT_EXIST");
    assert_eq!(
        shop.pay("T3", "8.80", "283876543210987655"),
        "ACQ.TRADE_HAS_CLOSE"
    );
    // The customer pays between the last query and this.
    shop.pay("T4", "8.80", &script(6));
    assert_eq!(shop.cancel("T4"), said("N", "refund"));
    assert_eq!(
        shop.undos("T4"),
        [("cancel".into(), 880, "effective".into())]
    );

    shop.pay("T5", "90010.11", "283876543210987656");
    assert_eq!(shop.cancel("T5"), said("Y", ""));
    assert_eq!(shop.cancel("T5"), said("Y", ""));
    assert_eq!(shop.cancel("T5"), said("N", "refund"));
    shop.pay("T6", "90010.13", "283876543210987657");
    assert_eq!(shop.cancel("T6"), said("ACQ.TRADE_CANCEL_TIME_OUT", ""));
    assert_eq!(
        shop.give_back("T6", "R6", "90010.13"),
        said("Y", "90010.13")
    );
    shop.pay("T7", "90010.19", "283876543210987658");
    assert_eq!(shop.cancel("T7"), said("N", "refund"));
    assert_eq!(shop.status("T7"), "TRADE_SUCCESS");
    assert!(shop.rules().is_empty());

    shop.pay("T8", "8.80", "283876543210987659");
    shop.wait(86_401);
    assert_eq!(shop.cancel("T8"), said("ACQ.TRADE_CANCEL_TIME_OUT", ""));
}

#[test]
fn refunds_are_done_once_for_a_number() {
    let mut shop = Shop::alipay();
    let said = |change: &str, fee: &str| (change.to_owned(), fee.to_owned());
    assert_eq!(
        shop.give_back(NO, "R1", "1.00"),
        said("ACQ.TRADE_NOT_EXIST", "")
    );
    shop.pay(NO, "8.80", ALIPAY_CODE);
    assert_eq!(shop.refund_status(NO, "R1"), "");
    assert_eq!(shop.give_back(NO, "R1", "3.00"), said("Y", "3.00"));
    assert_eq!(shop.give_back(NO, "R1", "3.00"), said("N", "3.00"));
    assert_eq!(shop.refund_status(NO, "R1"), "REFUND_SUCCESS");
    assert_eq!(shop.status(NO), "TRADE_SUCCESS");
    assert_eq!(shop.give_back(NO, "R2", "5.80"), said("Y", "8.80"));
    assert_eq!(shop.status(NO), "TRADE_CLOSED");
    assert_eq!(shop.sale(NO), ("refunded".into(), 0));
    assert!(shop.rules().is_empty());
    let altered = said("ACQ.DISCORDANT_REPEAT_REQUEST", "");
    assert_eq!(shop.give_back(NO, "R1", "2.99"), altered);
    let too_much = said("ACQ.REASON_TRADE_REFUND_FEE_ERR", "");
    assert_eq!(shop.give_back(NO, "R3", "0.01"), too_much);
    assert_eq!(shop.rules(), ["refund_altered", "second_undo"]);
    assert_eq!(shop.cancel(NO).0, "ACQ.REASON_TRADE_REFUND_FEE_ERR");
    assert_eq!(shop.sale(NO).1, 0);
}

#[test]
fn refunds_without_a_number_take_the_orders() {
    let mut shop = Shop::alipay();
    shop.pay(NO, "8.80", ALIPAY_CODE);
    let business = json!({"out_trade_no": NO, "refund_amount": "8.80"});
    let node = shop.alipay_call("alipay.trade.refund", &business);
    assert_eq!(node["fund_change"], "Y");
    assert_eq!(shop.refund_status(NO, NO), "REFUND_SUCCESS");
}

#[test]
fn refunds_that_do_not_end_at_once() {
    let amount = |number: i64| format!("90010.{number:02}");
    for (number, first, then, status) in [
        (14, "ACQ.SELLER_BALANCE_NOT_ENOUGH", "Y", "REFUND_SUCCESS"),
        (15, "N", "N", ""),
        (16, "Y", "N", ""),
        (17, "20000", "N", "REFUND_SUCCESS"),
    ] {
        let mut shop = Shop::alipay();
        shop.pay(NO, &amount(number), ALIPAY_CODE);
        let back = amount(number);
        assert_eq!(shop.give_back(NO, "R1", &back).0, first, "{number}");
        assert_eq!(shop.give_back(NO, "R1", &back).0, then, "{number}");
        assert_eq!(shop.refund_status(NO, "R1"), status, "{number}");
        assert_eq!(shop.undos(NO).len(), 1);
        assert!(shop.rules().is_empty());
    }
    let mut shop = Shop::alipay();
    shop.pay(NO, &amount(15), ALIPAY_CODE);
    shop.give_back(NO, "R1", &amount(15));
    let states: Vec<_> = (0..3).map(|_| shop.refund_status(NO, "R1")).collect();
    assert_eq!(states, ["", "", "REFUND_SUCCESS"]);
    assert_eq!(shop.sale(NO).1, 0);
}

#[test]
fn refunds_of_what_was_not_paid() {
    let mut shop = Shop::alipay();
    shop.pay(NO, "8.80", &script(2));
    assert_eq!(shop.give_back(NO, "R1", "8.80").0, "ACQ.TRADE_STATUS_ERROR");
    shop.cancel(NO);
    assert_eq!(shop.give_back(NO, "R1", "8.80").0, "ACQ.TRADE_HAS_CLOSE");
    shop.pay("T2", "8.80", ALIPAY_CODE);
    shop.wait(366 * 86_400);
    assert_eq!(
        shop.give_back("T2", "R1", "8.80").0,
        "ACQ.TRADE_HAS_FINISHED"
    );
}

#[test]
fn a_shown_code_is_no_trade_until_it_is_scanned() {
    let mut shop = Shop::alipay();
    let show = |shop: &mut Shop, no: &str, amount: &str| {
        let business = json!({"out_trade_no": no, "subject": "茶", "total_amount": amount});
        shop.alipay_call("alipay.trade.precreate", &business)
    };
    let close = |shop: &mut Shop, no: &str| {
        sub_code(&shop.alipay_call("alipay.trade.close", &json!({"out_trade_no": no})))
    };
    let shown = show(&mut shop, NO, "8.80");
    let url = shown["qr_code"].as_str().unwrap();
    assert!(url.starts_with("https://qr.alipay.com/"), "{url}");
    assert_eq!(shop.status(NO), "ACQ.TRADE_NOT_EXIST");
    assert_eq!(close(&mut shop, NO), "ACQ.TRADE_NOT_EXIST");
    shop.customer(Customer::Scans);
    assert_eq!(shop.status(NO), "WAIT_BUYER_PAY");
    shop.customer(Customer::Pays);
    assert_eq!(shop.status(NO), "TRADE_SUCCESS");
    assert_eq!(close(&mut shop, NO), "ACQ.TRADE_STATUS_ERROR");
    let again = show(&mut shop, NO, "8.80");
    assert_eq!(sub_code(&again), "ACQ.TRADE_HAS_SUCCESS");

    show(&mut shop, "T2", "8.80");
    shop.customer(Customer::Scans);
    assert_eq!(close(&mut shop, "T2"), "10000");
    assert_eq!(shop.status("T2"), "TRADE_CLOSED");
    // Cancelled before anyone scanned: nobody can pay any more.
    show(&mut shop, "T3", "8.80");
    assert_eq!(shop.cancel("T3"), ("N".into(), String::new()));
    assert!(!shop.wallet.execute(Customer::Pays, Some("T3"), shop.now));
    show(&mut shop, "T4", "90010.06");
    assert_eq!(close(&mut shop, "T4"), "ACQ.TRADE_STATUS_ERROR");
}
