//! v2 answers: what proves what, and what proves nothing.

use pos_channels::http::HttpResponse;
use pos_channels::wallet::{Checked, Fault, Kind, Order, Sent};
use pos_channels::wechat::v2::{Paid, SignType};
use pos_channels::wechat::{SubMerchant, TradeState};
use proptest::prelude::*;

use crate::common::{
    NUMBER, REFUND, again, fault, fen, first, number, ok, v2, v2_answer, verdict, xml,
};

const PAID: &[(&str, &str)] = &[
    ("result_code", "SUCCESS"),
    ("openid", "onqOjjrXT-776SpHnfexGm1_P7iE"),
    ("trade_type", "MICROPAY"),
    ("bank_type", "CMB_DEBIT"),
    ("fee_type", "CNY"),
    ("total_fee", "880"),
    ("cash_fee", "880"),
    ("transaction_id", "4200001234202611240000000001"),
    ("out_trade_no", NUMBER),
    ("time_end", "20261124102000"),
    ("a_field_of_tomorrow", "x"),
];

pub const HMAC: SignType = SignType::HmacSha256;

fn micropay(response: &HttpResponse, sent: Sent) -> Checked<Paid> {
    v2(HMAC).check_micropay(&number(), fen(880), response, sent)
}

/// PAID with some fields changed; an empty value removes the field.
fn paid_but(changes: &[(&str, &str)]) -> HttpResponse {
    changed(PAID, changes)
}

pub fn changed(fields: &[(&str, &str)], changes: &[(&str, &str)]) -> HttpResponse {
    let mut all = fields.to_vec();
    for (name, value) in changes {
        all.retain(|(own, _)| own != name);
        all.push((name, value));
    }
    v2_answer(&all, HMAC)
}

pub fn failed(code: &str) -> HttpResponse {
    v2_answer(
        &[
            ("result_code", "FAIL"),
            ("err_code", code),
            ("err_code_des", "余额不足"),
        ],
        HMAC,
    )
}

#[test]
fn a_signed_success_about_this_sale_is_paid() {
    for sign_type in [SignType::Md5, HMAC] {
        let answer = v2_answer(PAID, sign_type);
        let checked = v2(sign_type).check_micropay(&number(), fen(880), &answer, first());
        let paid = Paid {
            transaction_id: "4200001234202611240000000001".into(),
            paid_at: Some("20261124102000".into()),
            bank_type: Some("CMB_DEBIT".into()),
        };
        assert_eq!(checked, Checked::Yes(paid));
    }
}

#[test]
fn i06_an_answer_about_anything_else_proves_nothing() {
    for (changes, why) in [
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("total_fee", "881"), Fault::OtherAmount),
        (("total_fee", "0880"), Fault::OtherAmount),
        (("total_fee", ""), Fault::Incomplete),
        (("fee_type", "HKD"), Fault::OtherCurrency),
        (("appid", "wx0000000000000000"), Fault::OtherApp),
        (("mch_id", "10000101"), Fault::OtherMerchant),
        (("out_trade_no", ""), Fault::Incomplete),
        (("transaction_id", ""), Fault::Incomplete),
        (("result_code", ""), Fault::Incomplete),
        (("result_code", "MAYBE"), Fault::Incomplete),
    ] {
        assert_eq!(
            fault(&micropay(&paid_but(&[changes]), first())),
            why,
            "{changes:?}"
        );
    }
    let foreign = changed(
        &[("result_code", "FAIL"), ("err_code", "NOTENOUGH")],
        &[("out_trade_no", REFUND)],
    );
    assert_eq!(fault(&micropay(&foreign, first())), Fault::OtherOrder);
}

#[test]
fn a_service_providers_answer_must_name_the_shop() {
    let mut v2 = v2(HMAC);
    v2.merchant.sub = Some(SubMerchant {
        mch_id: "1900000109".into(),
        app_id: None,
    });
    let check = |answer| v2.check_micropay(&number(), fen(880), &answer, first());
    assert!(
        check(paid_but(&[("sub_mch_id", "1900000109")]))
            .yes()
            .is_some()
    );
    let other = check(paid_but(&[("sub_mch_id", "1900000110")]));
    assert_eq!(fault(&other), Fault::OtherMerchant);
    assert_eq!(fault(&check(paid_but(&[]))), Fault::Incomplete);
}

#[test]
fn i04_unsigned_and_wrongly_signed_answers_prove_nothing() {
    let mut unsigned = vec![("return_code", "SUCCESS")];
    unsigned.extend(PAID);
    assert_eq!(
        fault(&micropay(&ok(&xml(&unsigned)), first())),
        Fault::Unsigned
    );
    let other_way = v2_answer(PAID, SignType::Md5);
    assert_eq!(fault(&micropay(&other_way, first())), Fault::BadSignature);
    let body = String::from_utf8(v2_answer(PAID, HMAC).body).unwrap();
    let (before, rest) = body.split_once("<sign><![CDATA[").unwrap();
    let (digest, _) = rest.split_once("]]>").unwrap();
    let lower = format!("{before}<sign>{}</sign></xml>", digest.to_lowercase());
    assert_eq!(fault(&micropay(&ok(&lower), first())), Fault::BadSignature);
    let dropped = body.replace("<cash_fee><![CDATA[880]]></cash_fee>", "");
    assert_ne!(dropped, body);
    assert_eq!(
        fault(&micropay(&ok(&dropped), first())),
        Fault::BadSignature
    );
}

#[test]
fn i04_http_oddities_are_unknown_never_declined() {
    for (status, body, why) in [
        (
            502,
            "<html><h1>502 Bad Gateway</h1></html>".as_bytes(),
            Fault::Status(502),
        ),
        (302, b"".as_slice(), Fault::Status(302)),
        (200, b"<html>login</html>".as_slice(), Fault::Garbled),
        (200, b"".as_slice(), Fault::Garbled),
        (200, b"<xml><return_code>SUCC".as_slice(), Fault::Garbled),
        (
            200,
            b"<xml><a>\xC4\xE3\xBA\xC3</a></xml>".as_slice(),
            Fault::Garbled,
        ),
        (200, b"<xml></xml>".as_slice(), Fault::Incomplete),
    ] {
        let answer = HttpResponse {
            status,
            headers: Vec::new(),
            body: body.to_vec(),
        };
        assert_eq!(fault(&micropay(&answer, first())), why);
    }
}

#[test]
fn each_code_of_micropay_has_its_verdict() {
    for (code, word) in [
        ("SYSTEMERROR", "unknown"),
        ("BANKERROR", "unknown"),
        ("USERPAYING", "unknown"),
        ("ORDERPAID", "unknown"),
        ("OUT_TRADE_NO_USED", "unknown"),
        ("INVALID_REQUEST", "unknown"),
        ("NEVER_HEARD_OF", "unknown"),
        ("AUTHCODEEXPIRE", "no"),
        ("AUTH_CODE_ERROR", "no"),
        ("AUTH_CODE_INVALID", "no"),
        ("NOTENOUGH", "no"),
        ("NOTSUPORTCARD", "no"),
        ("ORDERCLOSED", "no"),
        ("ORDERREVERSED", "no"),
        ("BUYER_MISMATCH", "no"),
        ("TRADE_ERROR", "no"),
        ("NOAUTH", "no"),
        ("SIGNERROR", "no"),
        ("APPID_MCHID_NOT_MATCH", "no"),
    ] {
        let checked = micropay(&failed(code), first());
        assert_eq!(verdict(&checked), (word, code.to_owned()));
        assert_eq!(checked.reason().unwrap().text, "余额不足");
        // A repeated sale that is refused says nothing about the earlier one.
        assert_eq!(
            verdict(&micropay(&failed(code), again())).0,
            "unknown",
            "{code}"
        );
    }
    let config = micropay(&failed("NOAUTH"), first());
    assert_eq!(config.reason().unwrap().kind, Kind::Configuration);
}

#[test]
fn i04_an_unsigned_refusal_is_final_only_first_over_tls_and_for_the_form() {
    let refusal = |text| ok(&xml(&[("return_code", "FAIL"), ("return_msg", text)]));
    let plain = Sent {
        first: true,
        verified_tls: false,
    };
    let form = refusal("签名错误");
    assert_eq!(
        verdict(&micropay(&form, first())),
        ("no", "SIGNERROR".to_owned())
    );
    assert_eq!(verdict(&micropay(&form, again())).0, "unknown");
    assert_eq!(verdict(&micropay(&form, plain)).0, "unknown");
    for text in ["系统繁忙", "SYSTEMERROR", "余额不足", ""] {
        let checked = micropay(&refusal(text), first());
        assert_eq!(verdict(&checked), ("unknown", "FAIL".to_owned()), "{text}");
    }
}

#[test]
fn a_query_tells_the_state_and_compares_the_amount() {
    let order = Order::Ours(number());
    let check = |answer: &HttpResponse| v2(HMAC).check_query(&order, fen(880), answer, first());
    for (wire, state) in [
        ("SUCCESS", TradeState::Success),
        ("REFUND", TradeState::Refund),
        ("REVOKED", TradeState::Revoked),
    ] {
        let checked = check(&paid_but(&[("trade_state", wire)]));
        assert_eq!(checked.yes().unwrap().state, state);
    }
    for (wire, state) in [
        ("NOTPAY", TradeState::NotPay),
        ("CLOSED", TradeState::Closed),
        ("USERPAYING", TradeState::UserPaying),
        ("PAYERROR", TradeState::PayError),
        ("ACCEPT", TradeState::Accept),
    ] {
        let fields = [
            ("result_code", "SUCCESS"),
            ("trade_state", wire),
            ("out_trade_no", NUMBER),
        ];
        assert_eq!(check(&v2_answer(&fields, HMAC)).yes().unwrap().state, state);
    }
    let state = check(&failed("ORDERNOTEXIST")).yes().unwrap().state;
    assert_eq!(state, TradeState::NotFound);
    assert_eq!(verdict(&check(&failed("SYSTEMERROR"))).0, "unknown");
    assert_eq!(verdict(&check(&failed("SIGNERROR"))).0, "unknown");

    for (changes, why) in [
        (("total_fee", "879"), Fault::OtherAmount),
        (("total_fee", ""), Fault::Incomplete),
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("trade_state", "PARTLY"), Fault::Incomplete),
    ] {
        let answer = changed(PAID, &[("trade_state", "SUCCESS"), changes]);
        assert_eq!(fault(&check(&answer)), why, "{changes:?}");
    }
    let theirs = Order::Theirs("4200001234202611240000000002".into());
    let answer = paid_but(&[("trade_state", "SUCCESS")]);
    let checked = v2(HMAC).check_query(&theirs, fen(880), &answer, first());
    assert_eq!(fault(&checked), Fault::OtherOrder);
}

proptest! {
    #[test]
    fn no_body_panics_or_pays(body in proptest::collection::vec(any::<u8>(), 0..200), status: u16) {
        let answer = HttpResponse { status, headers: Vec::new(), body };
        prop_assert!(micropay(&answer, first()).yes().is_none());
    }

    #[test]
    fn i06_any_other_amount_is_refused(minor in 1_i64..1_000_000) {
        let answer = v2_answer(PAID, HMAC);
        let checked = v2(HMAC).check_micropay(&number(), fen(minor), &answer, first());
        prop_assert_eq!(checked.yes().is_some(), minor == 880);
    }

    #[test]
    fn i06_any_other_number_is_refused(text in "[0-9A-Za-z]{24,32}") {
        let own = text.parse().unwrap();
        let checked = v2(HMAC).check_micropay(&own, fen(880), &v2_answer(PAID, HMAC), first());
        prop_assert_eq!(checked.yes().is_some(), text == NUMBER);
    }

    #[test]
    fn i06_one_changed_byte_never_pays(at: prop::sample::Index, to: u8) {
        let mut answer = v2_answer(PAID, HMAC);
        let at = at.index(answer.body.len());
        let whole = answer.clone();
        answer.body[at] = to;
        let checked = micropay(&answer, first());
        // White space between the elements carries no meaning and is not signed.
        let blank = |b: u8| b" \t\r\n".contains(&b);
        let same = blank(to) && blank(whole.body[at]);
        prop_assert!(checked.yes().is_none() || whole == answer || same);
    }
}
