//! APIv3 answers: what proves what, and what proves nothing.

use std::sync::LazyLock;

use pos_channels::http::HttpResponse;
use pos_channels::wallet::{Checked, Fault, Order, Sent};
use pos_channels::wechat::v3::{Refund, V3};
use pos_channels::wechat::{RefundState, SubMerchant, Trade, TradeState};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{
    NOW, NUMBER, REFUND, again, fault, fen, first, number, refund_number, v3, v3_answer,
    v3_answer_at, v3_unsigned, verdict,
};

static SETTINGS: LazyLock<V3> = LazyLock::new(v3);
static PAID_ANSWER: LazyLock<HttpResponse> = LazyLock::new(|| v3_answer(200, &paid().to_string()));

fn paid() -> Value {
    json!({
        "appid": "wxd930ea5d5a258f4f", "mchid": "10000100", "out_trade_no": NUMBER,
        "transaction_id": "4200001234202611240000000001", "trade_type": "NATIVE",
        "trade_state": "SUCCESS", "success_time": "2026-01-01T12:00:00+08:00",
        "amount": {"total": 880, "payer_total": 800, "currency": "CNY"},
    })
}

fn refunded() -> Value {
    json!({
        "refund_id": "50300001232026112400000000001", "out_refund_no": REFUND,
        "out_trade_no": NUMBER, "transaction_id": "4200001234202611240000000001",
        "status": "PROCESSING", "amount": {"total": 880, "refund": 300, "currency": "CNY"},
    })
}

/// `value` with one member, named by its path, changed; null removes it.
fn but(mut value: Value, path: &str, to: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if to.is_null() {
        parent.remove(name).unwrap();
    } else {
        parent.insert(name.to_owned(), to);
    }
    value
}

fn query(answer: &HttpResponse) -> Checked<Trade> {
    SETTINGS.check_query(&Order::Ours(number()), fen(880), answer, first(), NOW)
}

fn native(answer: &HttpResponse, sent: Sent) -> Checked<String> {
    SETTINGS.check_native(answer, sent, NOW)
}

fn error(code: &str) -> String {
    json!({"code": code, "message": "说明"}).to_string()
}

#[test]
fn a_query_tells_the_state_and_compares_everything() {
    let trade = query(&PAID_ANSWER).yes().unwrap();
    assert_eq!(trade.state, TradeState::Success);
    assert_eq!(
        trade.transaction_id.as_deref(),
        Some("4200001234202611240000000001")
    );
    let waiting = json!({"appid": "wxd930ea5d5a258f4f", "mchid": "10000100",
        "out_trade_no": NUMBER, "trade_state": "NOTPAY"});
    let state = query(&v3_answer(200, &waiting.to_string()))
        .yes()
        .unwrap()
        .state;
    assert_eq!(state, TradeState::NotPay);
    let none = query(&v3_answer(404, &error("ORDER_NOT_EXIST")));
    assert_eq!(none.yes().unwrap().state, TradeState::NotFound);
    assert_eq!(
        verdict(&query(&v3_unsigned(404, &error("ORDER_NOT_EXIST")))).0,
        "unknown"
    );
    for (path, to, why) in [
        ("/out_trade_no", json!(REFUND), Fault::OtherOrder),
        ("/mchid", json!("10000101"), Fault::OtherMerchant),
        ("/appid", json!("wx0"), Fault::OtherApp),
        ("/amount/total", json!(881), Fault::OtherAmount),
        ("/amount/total", json!("880"), Fault::Incomplete),
        ("/amount/total", json!(880.0), Fault::Incomplete),
        ("/amount/currency", json!("HKD"), Fault::OtherCurrency),
        ("/amount", Value::Null, Fault::Incomplete),
        ("/transaction_id", Value::Null, Fault::Incomplete),
        ("/trade_state", json!("NEW"), Fault::Incomplete),
        ("/out_trade_no", Value::Null, Fault::Incomplete),
    ] {
        let body = but(paid(), path, to).to_string();
        assert_eq!(fault(&query(&v3_answer(200, &body))), why, "{path}");
    }
}

#[test]
fn a_providers_query_must_name_both() {
    let mut v3 = v3();
    v3.merchant.sub = Some(SubMerchant {
        mch_id: "1900000109".into(),
        app_id: None,
    });
    let check = |body: Value| {
        let answer = v3_answer(200, &body.to_string());
        v3.check_query(&Order::Ours(number()), fen(880), &answer, first(), NOW)
    };
    let mut body = but(but(paid(), "/appid", Value::Null), "/mchid", Value::Null);
    for (name, value) in [
        ("/sp_appid", "wxd930ea5d5a258f4f"),
        ("/sp_mchid", "10000100"),
        ("/sub_mchid", "1900000109"),
    ] {
        body = but(body, name, json!(value));
    }
    assert!(check(body.clone()).yes().is_some());
    let other = but(body, "/sub_mchid", json!("1900000110"));
    assert_eq!(fault(&check(other)), Fault::OtherMerchant);
}

#[test]
fn i04_unsigned_stale_and_wrongly_signed_answers_prove_nothing() {
    let body = paid().to_string();
    assert_eq!(fault(&query(&v3_unsigned(200, &body))), Fault::Unsigned);
    for off in [300, -300] {
        assert!(query(&v3_answer_at(200, &body, NOW + off)).yes().is_some());
    }
    for off in [301, -301, i64::MAX - NOW, i64::MIN] {
        let answer = v3_answer_at(200, &body, NOW.wrapping_add(off));
        assert_eq!(fault(&query(&answer)), Fault::Stale, "{off}");
    }
    let with = |name: &str, value: &str| {
        let mut answer = PAID_ANSWER.clone();
        for header in &mut answer.headers {
            if header.0.eq_ignore_ascii_case(name) {
                value.clone_into(&mut header.1);
            }
        }
        assert_ne!(answer, *PAID_ANSWER);
        fault(&query(&answer))
    };
    assert_eq!(with("Wechatpay-Serial", "3A0F55C7D1"), Fault::ForeignKey);
    assert_eq!(with("Wechatpay-Serial", ""), Fault::Incomplete);
    assert_eq!(with("Wechatpay-Nonce", "abc124"), Fault::BadSignature);
    assert_eq!(
        with("Wechatpay-Timestamp", &(NOW + 1).to_string()),
        Fault::BadSignature
    );
    assert_eq!(
        with("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
        Fault::ForeignKey
    );
    assert_eq!(with("Wechatpay-Signature", ""), Fault::Unsigned);
    assert_eq!(
        with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/AAAA"),
        Fault::BadSignature
    );
    let mut twice = PAID_ANSWER.clone();
    let signature = twice.headers[4].clone();
    twice.headers.push(signature);
    assert_eq!(fault(&query(&twice)), Fault::Unsigned);
}

#[test]
fn i04_http_oddities_are_unknown_never_declined() {
    for (status, body, why) in [
        (502, "<html>502</html>", Fault::Status(502)),
        (302, "", Fault::Status(302)),
        (202, "{}", Fault::Status(202)),
        (404, "<html>404</html>", Fault::Garbled),
        (200, "", Fault::Unsigned),
    ] {
        assert_eq!(fault(&native(&v3_unsigned(status, body), first())), why);
    }
    // A server fault is no refusal, even signed and with a code that would be one.
    for status in [500, 503, 202] {
        let checked = native(&v3_answer(status, &error("PARAM_ERROR")), first());
        assert_eq!(verdict(&checked), ("unknown", "PARAM_ERROR".to_owned()));
    }
}

#[test]
fn each_refusal_has_its_verdict() {
    let url = r#"{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}"#;
    assert!(native(&v3_answer(200, url), first()).yes().is_some());
    let web = r#"{"code_url":"https://example.com"}"#;
    assert_eq!(
        fault(&native(&v3_answer(200, web), first())),
        Fault::Incomplete
    );
    for (code, word) in [
        ("SYSTEM_ERROR", "unknown"),
        ("ORDERPAID", "unknown"),
        ("OUT_TRADE_NO_USED", "unknown"),
        ("SOMETHING_NEW", "unknown"),
        ("FREQUENCY_LIMITED", "curable"),
        ("ORDER_CLOSED", "no"),
        ("PARAM_ERROR", "no"),
    ] {
        let answer = v3_answer(400, &error(code));
        assert_eq!(verdict(&native(&answer, first())), (word, code.to_owned()));
        assert_ne!(verdict(&native(&answer, again())).0, "no", "{code}");
    }
    let plain = Sent {
        first: true,
        verified_tls: false,
    };
    let unsigned = v3_unsigned(401, &error("SIGN_ERROR"));
    assert_eq!(verdict(&native(&unsigned, first())).0, "no");
    assert_eq!(verdict(&native(&unsigned, plain)).0, "unknown");
    assert_eq!(verdict(&native(&unsigned, again())).0, "unknown");
    let closed = v3_unsigned(400, &error("ORDER_CLOSED"));
    assert_eq!(verdict(&native(&closed, first())).0, "unknown");
    for (number, word) in [
        ("268447840", "curable"),
        ("268435461", "no"),
        ("1", "unknown"),
    ] {
        let mut answer = v3_answer(403, &error("NEW"));
        answer
            .headers
            .push(("Request-ID".into(), format!("08F5-0A-{number}")));
        assert_eq!(verdict(&native(&answer, first())).0, word, "{number}");
    }
}

#[test]
fn a_close_is_a_signed_204() {
    let check = |answer: HttpResponse| SETTINGS.check_close(&answer, first(), NOW);
    assert_eq!(check(v3_answer(204, "")), Checked::Yes(()));
    assert_eq!(fault(&check(v3_unsigned(204, ""))), Fault::Unsigned);
    assert_eq!(
        check(v3_answer(400, &error("ORDER_CLOSED"))),
        Checked::Yes(())
    );
    assert_eq!(
        verdict(&check(v3_answer(400, &error("ORDERPAID")))).0,
        "unknown"
    );
}

#[test]
fn a_refund_and_its_query_tell_the_state() {
    let (order, refund_number) = (Order::Ours(number()), refund_number());
    let refund = Refund {
        order: &order,
        number: &refund_number,
        total: fen(880),
        amount: fen(300),
        reason: None,
    };
    let taken = |answer: &HttpResponse| SETTINGS.check_refund(&refund, answer, again(), NOW);
    let asked = |answer: &HttpResponse| SETTINGS.check_refund_query(&refund, answer, first(), NOW);
    for (wire, state) in [
        ("SUCCESS", RefundState::Success),
        ("PROCESSING", RefundState::Processing),
        ("CLOSED", RefundState::Closed),
        ("ABNORMAL", RefundState::Abnormal),
    ] {
        let answer = v3_answer(200, &but(refunded(), "/status", json!(wire)).to_string());
        assert_eq!(taken(&answer), Checked::Yes(state));
        assert_eq!(asked(&answer), Checked::Yes(state));
    }
    for (path, to, why) in [
        ("/out_refund_no", json!(NUMBER), Fault::OtherOrder),
        ("/out_trade_no", json!(REFUND), Fault::OtherOrder),
        ("/amount/refund", json!(301), Fault::OtherAmount),
        ("/amount/total", json!(300), Fault::OtherAmount),
        ("/status", json!("NEW"), Fault::Incomplete),
    ] {
        let answer = v3_answer(200, &but(refunded(), path, to).to_string());
        assert_eq!(fault(&taken(&answer)), why, "{path}");
    }
    for (code, word) in [
        ("NOT_ENOUGH", "curable"),
        ("USER_ACCOUNT_ABNORMAL", "no"),
        ("SYSTEM_ERROR", "unknown"),
        ("PARAM_ERROR", "unknown"),
    ] {
        let answer = v3_answer(403, &error(code));
        assert_eq!(verdict(&taken(&answer)), (word, code.to_owned()));
    }
    let none = v3_answer(404, &error("RESOURCE_NOT_EXISTS"));
    assert_eq!(asked(&none), Checked::Yes(RefundState::NotFound));
}

proptest! {
    #[test]
    fn no_answer_panics_or_pays(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        status: u16,
        header in "\\PC{0,40}",
    ) {
        let mut answer = PAID_ANSWER.clone();
        (answer.status, answer.body) = (status, body);
        prop_assert!(query(&answer).yes().is_none());
        for name in ["Wechatpay-Timestamp", "Wechatpay-Signature", "Request-ID"] {
            answer.headers.retain(|(own, _)| own != name);
            answer.headers.push((name.to_owned(), header.clone()));
        }
        prop_assert!(query(&answer).yes().is_none());
    }

    #[test]
    fn i06_one_changed_byte_never_pays(at: prop::sample::Index, to: u8) {
        let mut answer = PAID_ANSWER.clone();
        let at = at.index(answer.body.len());
        answer.body[at] = to;
        prop_assert!(query(&answer).yes().is_none() || answer == *PAID_ANSWER);
    }

    #[test]
    fn i06_any_other_amount_or_number_is_refused(
        minor in 1_i64..1_000_000,
        text in "[0-9A-Za-z]{24,32}",
    ) {
        let ours = Order::Ours(number());
        let checked = SETTINGS.check_query(&ours, fen(minor), &PAID_ANSWER, first(), NOW);
        prop_assert_eq!(checked.yes().is_some(), minor == 880);
        let other = Order::Ours(text.parse().unwrap());
        let checked = SETTINGS.check_query(&other, fen(880), &PAID_ANSWER, first(), NOW);
        prop_assert_eq!(checked.yes().is_some(), text == NUMBER);
    }
}
