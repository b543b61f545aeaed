//! The gateway's answers: what proves what, and what proves nothing.

use std::sync::LazyLock;

use pos_channels::alipay::{Alipay, Paid, Serials, TradeState};
use pos_channels::http::HttpResponse;
use pos_channels::wallet::{Checked, Fault, Kind, Order, PublicKey, Sent};
use proptest::prelude::*;

use crate::common::{
    NUMBER, REFUND, again, alipay, alipay_answer, alipay_unsigned, but, fault, fen, first, json,
    number, ok, verdict, wallet_signature,
};
use crate::vector;

const PAID: &[(&str, &str)] = &[
    ("code", "10000"),
    ("msg", "Success"),
    ("trade_no", "2026112422001432790585537960"),
    ("out_trade_no", NUMBER),
    ("buyer_logon_id", "159****5620"),
    ("total_amount", "8.80"),
    ("receipt_amount", "8.30"),
    ("gmt_payment", "2026-11-24 10:20:00"),
];

static SETTINGS: LazyLock<Alipay> = LazyLock::new(alipay);
static PAID_ANSWER: LazyLock<HttpResponse> =
    LazyLock::new(|| alipay_answer("trade_pay", &json(PAID)));

fn pay(response: &HttpResponse, sent: Sent) -> Checked<Paid> {
    SETTINGS.check_pay(&number(), fen(880), response, sent)
}

fn node(code: &str, sub_code: &str) -> String {
    let all = [
        ("code", code),
        ("msg", "Business Failed"),
        ("sub_code", sub_code),
        ("sub_msg", "说明"),
    ];
    json(&but(&all, &[("sub_code", sub_code)]))
}

fn failed(sub_code: &str) -> HttpResponse {
    alipay_answer("trade_pay", &node("40004", sub_code))
}

#[test]
fn a_signed_success_about_this_sale_is_paid() {
    let paid = Paid {
        trade_no: "2026112422001432790585537960".into(),
        paid_at: Some("2026-11-24 10:20:00".into()),
        receipt: Some(fen(830)),
    };
    assert_eq!(pay(&PAID_ANSWER, first()), Checked::Yes(paid.clone()));
    // The signed text keeps its blanks and escapes; members may stand in any order.
    let spaced = json(PAID)
        .replace("\":", "\" : ")
        .replace("159", "\\u0031\\/59");
    let signature = wallet_signature(spaced.as_bytes());
    let body = format!(
        "{{\n \"sign\": \"{}\", \"alipay_trade_pay_response\" : {spaced} }}",
        signature.replace('/', "\\/")
    );
    assert_eq!(pay(&ok(&body), first()), Checked::Yes(paid.clone()));
    // A server that escaped slashes after signing.
    let plain = json(&but(PAID, &[("store_name", "a/b")]));
    let signature = wallet_signature(plain.as_bytes());
    let sent = plain.replace('/', "\\/");
    let body = format!(r#"{{"alipay_trade_pay_response":{sent},"sign":"{signature}"}}"#);
    assert_eq!(pay(&ok(&body), first()), Checked::Yes(paid));
}

#[test]
fn the_published_answer_is_believed_and_belongs_to_another_sale() {
    let [text, signature, key] = vector!("alipay-a1.txt").lines().collect::<Vec<_>>()[..] else {
        panic!();
    };
    let mut alipay = alipay();
    alipay.alipay_key = PublicKey::from_text(key).unwrap();
    let body = format!(r#"{{"alipay_trade_pay_response":{text},"sign":"{signature}"}}"#);
    let checked = alipay.check_pay(&number(), fen(1), &ok(&body), first());
    assert_eq!(fault(&checked), Fault::OtherOrder);
    let changed = body.replace("GZ201901301040361012", NUMBER);
    let checked = alipay.check_pay(&number(), fen(1), &ok(&changed), first());
    assert_eq!(fault(&checked), Fault::BadSignature);
}

#[test]
fn i06_an_answer_about_anything_else_proves_nothing() {
    for (change, why) in [
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("out_trade_no", ""), Fault::Incomplete),
        (("total_amount", "8.81"), Fault::OtherAmount),
        (("total_amount", "880"), Fault::OtherAmount),
        (("total_amount", "8.8e0"), Fault::Incomplete),
        (("total_amount", ""), Fault::Incomplete),
        (("trade_no", ""), Fault::Incomplete),
        (("code", ""), Fault::Incomplete),
    ] {
        let answer = alipay_answer("trade_pay", &json(&but(PAID, &[change])));
        assert_eq!(fault(&pay(&answer, first())), why, "{change:?}");
    }
    let other_method = alipay_answer("trade_query", &json(PAID));
    assert_eq!(fault(&pay(&other_method, first())), Fault::Garbled);
    let error_node = json(PAID);
    let signature = wallet_signature(error_node.as_bytes());
    let body = format!(r#"{{"error_response":{error_node},"sign":"{signature}"}}"#);
    assert_eq!(fault(&pay(&ok(&body), first())), Fault::Garbled);
}

#[test]
fn i04_unsigned_and_wrongly_signed_answers_prove_nothing() {
    let unsigned = alipay_unsigned("trade_pay", &json(PAID));
    assert_eq!(fault(&pay(&unsigned, first())), Fault::Unsigned);
    let body = String::from_utf8(PAID_ANSWER.body.clone()).unwrap();
    let empty = body.split(r#""sign":""#).next().unwrap().to_owned() + r#""sign":""}"#;
    assert_eq!(fault(&pay(&ok(&empty), first())), Fault::Unsigned);
    for (from, to) in [
        ("\"msg\":\"Success\"", "\"msg\": \"Success\""),
        ("8.30", "8.80"),
        (
            "\"code\":\"10000\",\"msg\":\"Success\"",
            "\"msg\":\"Success\",\"code\":\"10000\"",
        ),
    ] {
        let changed = body.replacen(from, to, 1);
        assert_ne!(changed, body);
        assert_eq!(
            fault(&pay(&ok(&changed), first())),
            Fault::BadSignature,
            "{to}"
        );
    }
    // A second node that a lenient reader would take, and one hidden inside the first.
    let twice = body.replacen(
        '{',
        &format!("{{\"alipay_trade_pay_response\":{},", json(PAID)),
        1,
    );
    assert_eq!(fault(&pay(&ok(&twice), first())), Fault::Garbled);
    let both = body.replacen('{', "{\"error_response\":{},", 1);
    assert_eq!(fault(&pay(&ok(&both), first())), Fault::Garbled);
    let sealed = format!(
        r#"{{"alipay_trade_pay_response":"c2VhbGVk","sign":"{}"}}"#,
        wallet_signature(b"\"c2VhbGVk\"")
    );
    assert_eq!(fault(&pay(&ok(&sealed), first())), Fault::Garbled);
}

#[test]
fn i04_http_oddities_are_unknown_never_declined() {
    for (status, body, why) in [
        (502, b"<html>502</html>".as_slice(), Fault::Status(502)),
        (302, b"".as_slice(), Fault::Status(302)),
        (200, b"<html>login</html>".as_slice(), Fault::Garbled),
        (200, b"".as_slice(), Fault::Garbled),
        (200, b"{}".as_slice(), Fault::Garbled),
        (
            200,
            b"{\"alipay_trade_pay_response\":{\"code\":\"1".as_slice(),
            Fault::Garbled,
        ),
        (
            200,
            b"{\"error_response\":{\"msg\":\"\xC4\xE3\xBA\xC3\"}}".as_slice(),
            Fault::Garbled,
        ),
    ] {
        let answer = HttpResponse {
            status,
            headers: Vec::new(),
            body: body.to_vec(),
        };
        assert_eq!(fault(&pay(&answer, first())), why);
    }
}

#[test]
fn each_layer_has_its_verdict() {
    for (sub_code, word) in [
        ("ACQ.SYSTEM_ERROR", "unknown"),
        ("ACQ.TRADE_HAS_SUCCESS", "unknown"),
        ("ACQ.CONTEXT_INCONSISTENT", "unknown"),
        ("ACQ.SOMETHING_NEW", "unknown"),
        ("ACQ.PAYMENT_AUTH_CODE_INVALID", "no"),
        ("ACQ.BUYER_BALANCE_NOT_ENOUGH", "no"),
        ("ACQ.BEYOND_PAY_SINGLE_RESTRICTION", "no"),
        ("ACQ.TRADE_HAS_CLOSE", "no"),
        ("ACQ.SUB_MERCHANT_STATUS_ERROR", "no"),
        ("ACQ.SELLER_BEEN_BLOCKED", "no"),
    ] {
        let answer = failed(sub_code);
        let checked = pay(&answer, first());
        assert_eq!(verdict(&checked), (word, sub_code.to_owned()));
        assert_eq!(checked.reason().unwrap().text, "说明");
        assert_eq!(verdict(&pay(&answer, again())).0, "unknown", "{sub_code}");
    }
    for (code, word) in [
        ("10003", "unknown"),
        ("20000", "unknown"),
        ("40004", "unknown"),
        ("99999", "unknown"),
        ("20001", "no"),
        ("40001", "no"),
        ("40002", "no"),
        ("40006", "no"),
    ] {
        let checked = pay(&alipay_answer("trade_pay", &node(code, "")), first());
        assert_eq!(verdict(&checked), (word, code.to_owned()));
        let config = checked.reason().unwrap().kind == Kind::Configuration;
        assert_eq!(config, word == "no");
    }
}

#[test]
fn i04_an_unsigned_refusal_is_final_only_first_over_tls_and_for_the_form() {
    let plain = Sent {
        first: true,
        verified_tls: false,
    };
    let body = concat!(
        r#"{"error_response":{"code":"40002","msg":"Invalid Arguments","#,
        r#""sub_code":"isv.code-invalid","sub_msg":"x"},"sign":""}"#,
    );
    let form = ok(body);
    assert_eq!(
        verdict(&pay(&form, first())),
        ("no", "isv.code-invalid".to_owned())
    );
    assert_eq!(verdict(&pay(&form, again())).0, "unknown");
    assert_eq!(verdict(&pay(&form, plain)).0, "unknown");
    let business = alipay_unsigned("trade_pay", &node("40004", "ACQ.BUYER_BALANCE_NOT_ENOUGH"));
    assert_eq!(verdict(&pay(&business, first())).0, "unknown");
}

#[test]
fn in_certificate_mode_the_answer_names_the_certificate() {
    let mut alipay = alipay();
    let serial = "411909bbc18695b596a258f96420c7af";
    alipay.certificates = Some(Serials {
        app: "a".into(),
        root: "r".into(),
        alipay: serial.into(),
    });
    let check = |answer: &HttpResponse| alipay.check_pay(&number(), fen(880), answer, first());
    assert_eq!(fault(&check(&PAID_ANSWER)), Fault::ForeignKey);
    let body = String::from_utf8(PAID_ANSWER.body.clone()).unwrap();
    let named = |serial| ok(&body.replacen('{', &format!("{{\"alipay_cert_sn\":\"{serial}\","), 1));
    assert!(check(&named(serial)).yes().is_some());
    let other = check(&named("abe4af5e686f52544fcd9d5592fce1f3"));
    assert_eq!(fault(&other), Fault::ForeignKey);
}

#[test]
fn a_precreated_qr_and_its_query() {
    let fields = [
        ("code", "10000"),
        ("out_trade_no", NUMBER),
        ("qr_code", "https://qr.alipay.com/bax"),
    ];
    let check = |answer: &HttpResponse| SETTINGS.check_precreate(&number(), answer, first());
    let answer = alipay_answer("trade_precreate", &json(&fields).replace('/', "\\/"));
    // Signed with the escapes in it: the raw text verifies at once.
    assert_eq!(
        check(&answer),
        Checked::Yes("https://qr.alipay.com/bax".into())
    );
    let other = but(&fields, &[("out_trade_no", REFUND)]);
    assert_eq!(
        fault(&check(&alipay_answer("trade_precreate", &json(&other)))),
        Fault::OtherOrder
    );

    let order = Order::Ours(number());
    let query = |node: &str| {
        SETTINGS.check_query(
            &order,
            fen(880),
            &alipay_answer("trade_query", node),
            first(),
        )
    };
    for (wire, state) in [
        ("WAIT_BUYER_PAY", TradeState::Waiting),
        ("TRADE_SUCCESS", TradeState::Success),
        ("TRADE_FINISHED", TradeState::Finished),
        ("TRADE_CLOSED", TradeState::Closed),
    ] {
        let checked = query(&json(&but(PAID, &[("trade_status", wire)])));
        assert_eq!(checked.yes().unwrap().state, state);
    }
    let none = query(&node("40004", "ACQ.TRADE_NOT_EXIST"));
    assert_eq!(none.yes().unwrap().state, TradeState::NotFound);
    let unsigned = alipay_unsigned("trade_query", &node("40004", "ACQ.TRADE_NOT_EXIST"));
    let checked = SETTINGS.check_query(&order, fen(880), &unsigned, first());
    assert_eq!(verdict(&checked).0, "unknown");
    assert_eq!(
        verdict(&query(&node("40002", "isv.invalid-signature"))).0,
        "unknown"
    );
    for (change, why) in [
        (("total_amount", "8.79"), Fault::OtherAmount),
        (("total_amount", ""), Fault::Incomplete),
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("trade_status", "NEW"), Fault::Incomplete),
    ] {
        let changed = but(PAID, &[("trade_status", "TRADE_SUCCESS"), change]);
        assert_eq!(fault(&query(&json(&changed))), why, "{change:?}");
    }
}

proptest! {
    #[test]
    fn no_body_panics_or_pays(body in proptest::collection::vec(any::<u8>(), 0..200), status: u16) {
        let answer = HttpResponse { status, headers: Vec::new(), body };
        prop_assert!(pay(&answer, first()).yes().is_none());
    }

    #[test]
    fn i06_any_other_amount_or_number_is_refused(
        minor in 1_i64..1_000_000,
        text in "[0-9A-Za-z]{24,32}",
    ) {
        let checked = SETTINGS.check_pay(&number(), fen(minor), &PAID_ANSWER, first());
        prop_assert_eq!(checked.yes().is_some(), minor == 880);
        let checked = SETTINGS.check_pay(&text.parse().unwrap(), fen(880), &PAID_ANSWER, first());
        prop_assert_eq!(checked.yes().is_some(), text == NUMBER);
    }

    #[test]
    fn i06_one_changed_byte_never_pays(at: prop::sample::Index, to: u8) {
        let mut answer = PAID_ANSWER.clone();
        let at = at.index(answer.body.len());
        answer.body[at] = to;
        prop_assert!(pay(&answer, first()).yes().is_none() || answer == *PAID_ANSWER);
    }
}
