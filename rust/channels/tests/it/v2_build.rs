//! v2 requests: what stands in them, and what is refused before anything is sent.

use std::collections::BTreeMap;

use pos_channels::http::{HttpRequest, Method};
use pos_channels::wallet::{BuildError, Order, OrderNumber};
use pos_channels::wechat::SubMerchant;
use pos_channels::wechat::read_xml;
use pos_channels::wechat::v2::{Micropay, Refund, SignType, V2};
use pos_codes::PaymentCode;

use crate::common::{
    Counting, NUMBER, REFUND, fen, nonce, number, payment_code, refund_number, v2, v2_signature,
};

const CODE: &str = "134650201234567890";

fn sale<'a>(order: &'a OrderNumber, code: &'a PaymentCode) -> Micropay<'a> {
    Micropay {
        order,
        amount: fen(880),
        code,
        body: "示例商户-茶 & <糕>",
        ip: "192.168.0.10".parse().unwrap(),
        device: Some("10000001"),
        scene: None,
        information: None,
        no_credit: false,
    }
}

/// The fields of a request, after its signature was checked by the other implementation.
fn fields(request: &HttpRequest, sign_type: SignType) -> BTreeMap<String, String> {
    let pairs = read_xml(std::str::from_utf8(&request.body).unwrap()).unwrap();
    let borrowed: Vec<_> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let all: BTreeMap<String, String> = pairs.iter().cloned().collect();
    assert_eq!(all["sign"], v2_signature(&borrowed, sign_type));
    all
}

fn expect(request: &HttpRequest, sign_type: SignType, own: &[(&str, &str)]) {
    let mut own: BTreeMap<String, String> = own
        .iter()
        .chain(&[
            ("appid", "wxd930ea5d5a258f4f"),
            ("mch_id", "10000100"),
            ("nonce_str", "ibuaiVcKdpRxkhJA"),
        ])
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    if sign_type == SignType::HmacSha256 {
        own.insert("sign_type".into(), "HMAC-SHA256".into());
    }
    let mut theirs = fields(request, sign_type);
    theirs.remove("sign");
    assert_eq!(theirs, own);
}

#[test]
fn every_request_about_a_payment_holds_exactly_its_fields_and_the_certificate_rule() {
    let code = payment_code(CODE);
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let v2 = v2(sign_type);
        let number = number();
        let order = Order::Ours(number.clone());
        let by_number = [("out_trade_no", NUMBER)];

        let request = v2.micropay(&sale(&number, &code), &nonce()).unwrap();
        assert_eq!(
            (request.method, request.path()),
            (Method::Post, "/pay/micropay")
        );
        assert!(!request.needs_client_cert);
        let own = [
            ("out_trade_no", NUMBER),
            ("total_fee", "880"),
            ("auth_code", CODE),
            ("body", "示例商户-茶 & <糕>"),
            ("spbill_create_ip", "192.168.0.10"),
            ("device_info", "10000001"),
        ];
        expect(&request, sign_type, &own);

        let request = v2.query(&order, &nonce()).unwrap();
        assert_eq!(
            (request.path(), request.needs_client_cert),
            ("/pay/orderquery", false)
        );
        expect(&request, sign_type, &by_number);

        let request = v2.reverse(&order, &nonce()).unwrap();
        assert_eq!(
            (request.path(), request.needs_client_cert),
            ("/secapi/pay/reverse", true)
        );
        expect(&request, sign_type, &by_number);

        let request = v2.close(&number, &nonce());
        assert_eq!(
            (request.path(), request.needs_client_cert),
            ("/pay/closeorder", false)
        );
        expect(&request, sign_type, &by_number);
    }
}

#[test]
fn every_request_about_a_refund_holds_exactly_its_fields_and_the_certificate_rule() {
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let v2 = v2(sign_type);
        let refund_number = refund_number();
        let refund = Refund {
            order: &Order::Theirs("4200001234202611240000000001".into()),
            number: &refund_number,
            total: fen(880),
            amount: fen(300),
            reason: Some("退货"),
        };
        let request = v2.refund(&refund, &nonce()).unwrap();
        assert_eq!(
            (request.path(), request.needs_client_cert),
            ("/secapi/pay/refund", true)
        );
        let own = [
            ("transaction_id", "4200001234202611240000000001"),
            ("out_refund_no", REFUND),
            ("total_fee", "880"),
            ("refund_fee", "300"),
            ("refund_desc", "退货"),
        ];
        expect(&request, sign_type, &own);

        let request = v2.refund_query(&refund_number, &nonce());
        assert_eq!(
            (request.path(), request.needs_client_cert),
            ("/pay/refundquery", false)
        );
        expect(&request, sign_type, &[("out_refund_no", REFUND)]);
    }
}

#[test]
fn a_service_provider_names_its_shop() {
    let mut v2: V2 = v2(SignType::HmacSha256);
    v2.merchant.sub = Some(SubMerchant {
        mch_id: "1900000109".into(),
        app_id: Some("wx8888888888888888".into()),
    });
    let request = v2.query(&Order::Ours(number()), &nonce()).unwrap();
    let own = [
        ("out_trade_no", NUMBER),
        ("sub_mch_id", "1900000109"),
        ("sub_appid", "wx8888888888888888"),
    ];
    expect(&request, SignType::HmacSha256, &own);
}

#[test]
fn facts_that_do_not_fit_are_refused_by_name() {
    let v2 = v2(SignType::Md5);
    let number = number();
    let code = payment_code(CODE);
    let field = |sale: Micropay<'_>| match v2.micropay(&sale, &nonce()) {
        Err(BuildError::Field { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let sale = sale(&number, &code);
    assert_eq!(field(Micropay { body: "", ..sale }), "body");
    assert_eq!(
        field(Micropay {
            body: &"茶".repeat(128),
            ..sale
        }),
        "body"
    );
    assert_eq!(
        field(Micropay {
            body: "a\u{1}",
            ..sale
        }),
        "body"
    );
    assert_eq!(
        field(Micropay {
            device: Some(&"1".repeat(33)),
            ..sale
        }),
        "device_info"
    );
    let alipay = payment_code("283876543210987654");
    let foreign = Micropay {
        code: &alipay,
        ..sale
    };
    assert_eq!(
        v2.micropay(&foreign, &nonce()),
        Err(BuildError::ForeignCode)
    );
    let order = Order::Theirs("42 00".into());
    assert!(v2.query(&order, &nonce()).is_err());
    let refund = Refund {
        order: &Order::Ours(number.clone()),
        number: &refund_number(),
        total: fen(880),
        amount: fen(881),
        reason: None,
    };
    assert!(v2.refund(&refund, &nonce()).is_err());
}

#[test]
fn i11_no_debug_text_holds_the_code_or_the_key() {
    let v2 = v2(SignType::Md5);
    let number = number();
    let code = payment_code(CODE);
    let sale = sale(&number, &code);
    let request = v2.micropay(&sale, &nonce()).unwrap();
    let text = format!("{request:?} {v2:?} {sale:?}");
    assert!(
        !text.contains(CODE) && !text.contains("192006250b4c"),
        "{text}"
    );
}

#[test]
fn own_numbers_are_long_and_random() {
    let made = OrderNumber::generate(&Counting::from(0), "10000001").unwrap();
    assert_eq!(made.as_str(), "10000001000G40R40M30E209185GR38E");
    assert_eq!(made.as_str().parse(), Ok(made.clone()));
    assert_ne!(
        made,
        OrderNumber::generate(&Counting::from(1), "10000001").unwrap()
    );
    assert_eq!(
        OrderNumber::generate(&Counting::from(7), "")
            .unwrap()
            .as_str()
            .len(),
        24
    );
    assert!(OrderNumber::generate(&Counting::from(0), "123456789").is_err());
    assert!(OrderNumber::generate(&Counting::from(0), "1-").is_err());
    for bad in [
        "",
        "T20260101000001",
        &"A".repeat(33),
        "10000001ABCDEFGHJKMNPQRSTVWXYZ_3",
    ] {
        assert!(bad.parse::<OrderNumber>().is_err(), "{bad}");
    }
}
