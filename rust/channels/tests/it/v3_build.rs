//! APIv3 requests: the signed lines, the headers, the bodies.

use pos_channels::http::{HttpRequest, Method};
use pos_channels::wallet::{Nonce, Order, OrderNumber};
use pos_channels::wechat::SubMerchant;
use pos_channels::wechat::v3::{Native, Refund, Stamp, V3, request_message};
use pos_domain::WallTime;
use serde_json::{Value, json};

use crate::common::{NOW, NUMBER, REFUND, fen, merchant_signed, nonce, number, refund_number, v3};
use crate::vector;

fn provider() -> V3 {
    let mut v3 = v3();
    v3.merchant.sub = Some(SubMerchant {
        mch_id: "1900000109".into(),
        app_id: Some("wx8888888888888888".into()),
    });
    v3
}

/// The value of one part of the Authorization header.
fn part(authorization: &str, name: &str) -> String {
    let (_, rest) = authorization.split_once(&format!("{name}=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Checks the headers and the signature by the rule's text, and gives the body.
fn received(request: &HttpRequest, method: &str, target: &str) -> Value {
    assert_eq!(request.method.as_str(), method);
    assert_eq!(request.target.as_str(), target);
    assert!(!request.needs_client_cert);
    let header = |name| {
        &request
            .headers
            .iter()
            .find(|(own, _)| *own == name)
            .unwrap()
            .1
    };
    let authorization = header("Authorization");
    assert!(authorization.starts_with("WECHATPAY2-SHA256-RSA2048 mchid="));
    assert_eq!(part(authorization, "mchid"), "10000100");
    assert_eq!(part(authorization, "serial_no"), "3A0F55C7D1");
    assert_eq!(
        header("Wechatpay-Serial"),
        "PUB_KEY_ID_0114232134912410000000000000"
    );
    assert_eq!(header("Accept"), "application/json");
    let body = std::str::from_utf8(&request.body).unwrap();
    let time = part(authorization, "timestamp");
    let nonce = part(authorization, "nonce_str");
    let message = format!("{method}\n{target}\n{time}\n{nonce}\n{body}\n");
    assert!(merchant_signed(
        message.as_bytes(),
        &part(authorization, "signature")
    ));
    match method {
        "GET" => {
            assert!(body.is_empty());
            Value::Null
        }
        _ => serde_json::from_str(body).unwrap(),
    }
}

#[test]
fn the_published_messages() {
    let published = |name: &str| {
        let lines = vector!("rsa.txt").lines();
        let row = lines
            .map(|l| l.split('\t').collect::<Vec<_>>())
            .find(|row| row[0] == name);
        row.unwrap()[2].replace('⏎', "\n")
    };
    let message = |method, target, seconds, nonce: &str, body| {
        let nonce: Nonce = nonce.parse().unwrap();
        let stamp = Stamp {
            seconds,
            nonce: &nonce,
        };
        request_message(method, target, stamp, body)
    };
    let target = "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1230000109";
    let nonce = "eBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u";
    let own = message(Method::Get, target, 1_652_750_623, nonce, "");
    assert_eq!((own.len(), own), (119, published("V3")));

    let nonce = "A1B2C3D4E5F6G7";
    let own = message(
        Method::Post,
        "/v3/certificates",
        1_624_523_846,
        nonce,
        "Hello World!\n",
    );
    assert!(own.ends_with("!\n\n"));
    assert_eq!(own, published("V4"));

    let body = concat!(
        r#"{"appid":"wxd930ea5d5a258f4f","mchid":"1230000109","description":"test","#,
        r#""out_trade_no":"T20260101000001","notify_url":"https://example.com/n","#,
        r#""amount":{"total":1,"currency":"CNY"}}"#,
    );
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let target = "/v3/pay/transactions/native";
    let own = message(Method::Post, target, 1_554_208_460, nonce, body);
    assert_eq!((own.len(), own), (258, published("V5")));
}

const REFUNDS: &str = "/v3/refund/domestic/refunds";

fn stamped(nonce: &Nonce) -> Stamp<'_> {
    Stamp {
        seconds: NOW,
        nonce,
    }
}

fn sale(order: &OrderNumber) -> Native<'_> {
    Native {
        order,
        amount: fen(880),
        description: "茶 & 糕",
        notify_url: "https://example.com/n",
        expires: Some(WallTime(NOW * 1000)),
        device: Some("10000001"),
        ip: "192.168.0.10".parse().unwrap(),
    }
}

fn part_back<'a>(order: &'a Order, number: &'a OrderNumber) -> Refund<'a> {
    Refund {
        order,
        number,
        total: fen(880),
        amount: fen(300),
        reason: Some("退货"),
    }
}

/// The body of `sale`, without the names of who sells.
fn sale_body() -> Value {
    json!({
        "description": "茶 & 糕", "out_trade_no": NUMBER, "notify_url": "https://example.com/n",
        "time_expire": "2026-01-01T12:00:00+08:00", "amount": {"total": 880, "currency": "CNY"},
        "scene_info": {"payer_client_ip": "192.168.0.10", "device_id": "10000001"},
    })
}

/// The body of `part_back`, for a merchant.
fn refund_body() -> Value {
    json!({
        "out_trade_no": NUMBER, "out_refund_no": REFUND, "reason": "退货",
        "amount": {"refund": 300, "total": 880, "currency": "CNY"},
    })
}

fn with(mut base: Value, more: &Value) -> Value {
    base.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    base
}

#[test]
fn each_request_of_a_merchant() {
    let (number, refund_number, nonce) = (number(), refund_number(), nonce());
    let (v3, stamp) = (v3(), stamped(&nonce));
    let order = Order::Ours(number.clone());
    let base = "/v3/pay/transactions";
    let body = received(
        &v3.native(&sale(&number), stamp).unwrap(),
        "POST",
        &format!("{base}/native"),
    );
    let own = json!({"appid": "wxd930ea5d5a258f4f", "mchid": "10000100"});
    assert_eq!(body, with(sale_body(), &own));
    let target = format!("{base}/out-trade-no/{NUMBER}?mchid=10000100");
    received(&v3.query(&order, stamp).unwrap(), "GET", &target);
    let theirs = Order::Theirs("4200001234202611240000000001".into());
    let target = format!("{base}/id/4200001234202611240000000001?mchid=10000100");
    received(&v3.query(&theirs, stamp).unwrap(), "GET", &target);
    let target = format!("{base}/out-trade-no/{NUMBER}/close");
    let body = received(&v3.close(&number, stamp).unwrap(), "POST", &target);
    assert_eq!(body, json!({"mchid": "10000100"}));
    let refund = part_back(&order, &refund_number);
    assert_eq!(
        received(&v3.refund(&refund, stamp).unwrap(), "POST", REFUNDS),
        refund_body()
    );
    let target = format!("{REFUNDS}/{REFUND}");
    received(
        &v3.refund_query(&refund_number, stamp).unwrap(),
        "GET",
        &target,
    );
}

#[test]
fn each_request_of_a_provider() {
    let (number, refund_number, nonce) = (number(), refund_number(), nonce());
    let (v3, stamp) = (provider(), stamped(&nonce));
    let order = Order::Ours(number.clone());
    let base = "/v3/pay/partner/transactions";
    let body = received(
        &v3.native(&sale(&number), stamp).unwrap(),
        "POST",
        &format!("{base}/native"),
    );
    let own = json!({
        "sp_appid": "wxd930ea5d5a258f4f", "sub_appid": "wx8888888888888888",
        "sp_mchid": "10000100", "sub_mchid": "1900000109",
    });
    assert_eq!(body, with(sale_body(), &own));
    let target = format!("{base}/out-trade-no/{NUMBER}?sp_mchid=10000100&sub_mchid=1900000109");
    received(&v3.query(&order, stamp).unwrap(), "GET", &target);
    let target = format!("{base}/out-trade-no/{NUMBER}/close");
    let body = received(&v3.close(&number, stamp).unwrap(), "POST", &target);
    assert_eq!(
        body,
        json!({"sp_mchid": "10000100", "sub_mchid": "1900000109"})
    );
    let refund = part_back(&order, &refund_number);
    let body = received(&v3.refund(&refund, stamp).unwrap(), "POST", REFUNDS);
    let own = json!({"sub_mchid": "1900000109"});
    assert_eq!(body, with(refund_body(), &own));
    let target = format!("{REFUNDS}/{REFUND}?sub_mchid=1900000109");
    received(
        &v3.refund_query(&refund_number, stamp).unwrap(),
        "GET",
        &target,
    );
}

#[test]
fn facts_that_do_not_fit_are_refused() {
    let (number, refund_number, nonce) = (number(), refund_number(), nonce());
    let (v3, stamp) = (provider(), stamped(&nonce));
    let order = Order::Ours(number.clone());
    let refund = Refund {
        amount: fen(881),
        ..part_back(&order, &refund_number)
    };
    assert!(v3.refund(&refund, stamp).is_err());
    let sale = Native {
        description: "",
        ..sale(&number)
    };
    assert!(v3.native(&sale, stamp).is_err());
    assert!(v3.query(&Order::Theirs("../x".into()), stamp).is_err());
}
