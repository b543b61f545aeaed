//! Requests to the gateway: what is signed, what is posted, what is refused.

use std::collections::BTreeMap;

use pos_channels::alipay::{Alipay, Pay, Precreate, Refund, Serials, Shop};
use pos_channels::http::{HttpRequest, Method};
use pos_channels::wallet::{BuildError, Order, OrderNumber};
use pos_codes::PaymentCode;
use pos_domain::WallTime;
use serde_json::{Value, json};

use crate::common::{
    NUMBER, REFUND, alipay, fen, merchant_signed, number, payment_code, refund_number,
};

const CODE: &str = "283876543210987654";

/// 2026-01-01 12:00:00 in UTC+8.
const NOON: WallTime = WallTime(1_767_240_000_000);

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            assert!(
                first.is_ascii_alphanumeric() || b"-_.~".contains(first),
                "{text}"
            );
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn form(text: &str) -> BTreeMap<String, String> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), percent_decoded(value)))
        .collect()
}

/// All parameters as a server gathers them, after the signature was checked by the rule's text.
fn received(request: &HttpRequest) -> BTreeMap<String, String> {
    let (_, query) = request.target.split_once('?').unwrap();
    let body = form(std::str::from_utf8(&request.body).unwrap());
    let mut all = form(query);
    match request.method {
        Method::Get => assert!(body.is_empty()),
        Method::Post => {
            assert_eq!(body.keys().collect::<Vec<_>>(), ["biz_content"]);
            assert!(query.contains("charset=utf-8") && !query.contains("biz_content"));
        }
    }
    all.extend(body);
    let signature = all.remove("sign").unwrap();
    let text: Vec<String> = all.iter().map(|(n, v)| format!("{n}={v}")).collect();
    assert!(merchant_signed(text.join("&").as_bytes(), &signature));
    all
}

fn business(request: &HttpRequest) -> Value {
    serde_json::from_str(&received(request)["biz_content"]).unwrap()
}

fn sale<'a>(order: &'a OrderNumber, code: &'a PaymentCode) -> Pay<'a> {
    Pay {
        order,
        amount: fen(880),
        code,
        subject: "测试\"商品\"",
        timeout_minutes: Some(3),
        information: None,
        shop: Shop {
            store: Some("S-1"),
            terminal: Some("10000001"),
            operator: Some("01"),
        },
    }
}

#[test]
fn a_payment_holds_exactly_its_fields() {
    let (number, code) = (number(), payment_code(CODE));
    let request = alipay().pay(&sale(&number, &code), NOON).unwrap();
    assert_eq!(
        (request.method, request.path()),
        (Method::Post, "/gateway.do")
    );
    let mut all = received(&request);
    let business: Value = serde_json::from_str(&all.remove("biz_content").unwrap()).unwrap();
    let own = json!({
        "out_trade_no": NUMBER, "scene": "bar_code", "auth_code": CODE, "total_amount": "8.80",
        "subject": "测试\"商品\"", "timeout_express": "3m", "store_id": "S-1",
        "terminal_id": "10000001", "operator_id": "01",
    });
    assert_eq!(business, own);
    let common = [
        ("app_id", "2014072300007148"),
        ("charset", "utf-8"),
        ("format", "JSON"),
        ("method", "alipay.trade.pay"),
        ("sign_type", "RSA2"),
        ("timestamp", "2026-01-01 12:00:00"),
        ("version", "1.0"),
    ];
    let common: BTreeMap<_, _> = common.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    assert_eq!(all, common);
}

#[test]
fn certificate_and_provider_mode_add_their_names() {
    let mut alipay: Alipay = alipay();
    alipay.certificates = Some(Serials {
        app: "75852781c31e6a29e6551915a592dcb3".into(),
        root: "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6".into(),
        alipay: "abe4af5e686f52544fcd9d5592fce1f3".into(),
    });
    alipay.app_auth_token = Some("201510BBaabdb44d8fd04607abf8d5931ec75D84".into());
    alipay.provider = Some("2088511833207846".into());
    let (number, code) = (number(), payment_code(CODE));
    let request = alipay.pay(&sale(&number, &code), NOON).unwrap();
    let all = received(&request);
    assert_eq!(all["app_cert_sn"], "75852781c31e6a29e6551915a592dcb3");
    assert!(all["alipay_root_cert_sn"].ends_with("02941eef3187dddf3d3b83462e1dfcf6"));
    assert!(all["app_auth_token"].starts_with("201510BB"));
    let own = json!({"sys_service_provider_id": "2088511833207846"});
    assert_eq!(business(&request)["extend_params"], own);
}

#[test]
fn each_other_method_by_get_and_by_post() {
    let (number, refund_number) = (number(), refund_number());
    let ours = Order::Ours(number.clone());
    let theirs = Order::Theirs("2026112422001432790585537960".into());
    for method in [Method::Get, Method::Post] {
        let mut alipay = alipay();
        alipay.method = method;
        let precreate = Precreate {
            order: &number,
            amount: fen(1),
            subject: "茶",
            timeout_minutes: None,
            shop: Shop::default(),
        };
        let refund = Refund {
            order: &ours,
            number: &refund_number,
            total: fen(880),
            amount: fen(300),
            reason: Some("退货"),
            shop: Shop::default(),
        };
        let by_number = json!({"out_trade_no": NUMBER});
        for (request, name, own) in [
            (
                alipay.precreate(&precreate, NOON),
                "alipay.trade.precreate",
                json!({"out_trade_no": NUMBER, "total_amount": "0.01", "subject": "茶"}),
            ),
            (
                alipay.query(&ours, NOON),
                "alipay.trade.query",
                by_number.clone(),
            ),
            (
                alipay.query(&theirs, NOON),
                "alipay.trade.query",
                json!({"trade_no": "2026112422001432790585537960"}),
            ),
            (
                alipay.cancel(&ours, NOON),
                "alipay.trade.cancel",
                by_number.clone(),
            ),
            (alipay.close(&ours, NOON), "alipay.trade.close", by_number),
            (
                alipay.refund(&refund, NOON),
                "alipay.trade.refund",
                json!({"out_trade_no": NUMBER, "refund_amount": "3.00",
                    "out_request_no": REFUND, "refund_reason": "退货"}),
            ),
            (
                alipay.refund_query(&refund, NOON),
                "alipay.trade.fastpay.refund.query",
                json!({"out_trade_no": NUMBER, "out_request_no": REFUND}),
            ),
        ] {
            let request = request.unwrap();
            assert_eq!(request.method, method);
            assert_eq!(received(&request)["method"], name);
            assert_eq!(business(&request), own, "{name}");
        }
    }
}

#[test]
fn facts_that_do_not_fit_are_refused_by_name() {
    let (number, code, alipay) = (number(), payment_code(CODE), alipay());
    let sale = sale(&number, &code);
    let field = |sale: Pay<'_>| match alipay.pay(&sale, NOON) {
        Err(BuildError::Field { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    for subject in ["a/b", "a=b", "a&b", "", &"茶".repeat(257)] {
        assert_eq!(field(Pay { subject, ..sale }), "subject");
    }
    assert_eq!(
        field(Pay {
            amount: fen(10_000_000_001),
            ..sale
        }),
        "total_amount"
    );
    assert!(
        alipay
            .pay(
                &Pay {
                    amount: fen(10_000_000_000),
                    ..sale
                },
                NOON
            )
            .is_ok()
    );
    assert_eq!(
        field(Pay {
            timeout_minutes: Some(0),
            ..sale
        }),
        "timeout_express"
    );
    assert_eq!(
        field(Pay {
            timeout_minutes: Some(21_601),
            ..sale
        }),
        "timeout_express"
    );
    let shop = Shop {
        store: Some(""),
        ..Shop::default()
    };
    assert_eq!(field(Pay { shop, ..sale }), "store_id");
    let wechat = payment_code("134650201234567890");
    let foreign = Pay {
        code: &wechat,
        ..sale
    };
    assert_eq!(alipay.pay(&foreign, NOON), Err(BuildError::ForeignCode));
    let order = Order::Ours(number.clone());
    let refund = Refund {
        order: &order,
        number: &refund_number(),
        total: fen(880),
        amount: fen(881),
        reason: None,
        shop: Shop::default(),
    };
    assert!(alipay.refund(&refund, NOON).is_err());
}

#[test]
fn i11_a_payment_code_is_never_in_an_address_or_a_debug_text() {
    let (number, code) = (number(), payment_code(CODE));
    let mut alipay = alipay();
    alipay.method = Method::Get;
    alipay.app_auth_token = Some("201510BBaabdb44d".into());
    let sale = sale(&number, &code);
    let request = alipay.pay(&sale, NOON).unwrap();
    assert_eq!(request.method, Method::Post);
    assert!(!request.target.contains(CODE));
    let text = format!("{request:?} {alipay:?} {sale:?}");
    assert!(!text.contains(CODE) && !text.contains("201510BB"), "{text}");
}
