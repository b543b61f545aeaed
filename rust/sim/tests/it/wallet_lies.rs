//! What a terminal must not believe, in every language: a wrong or missing signature, another
//! order, another amount, a code that hides what was done.

use pos_sim::{Customer, WebRequest, WebResponse};
use serde_json::{Value, json};

use crate::shop::{ALIPAY_CODE, Shop, UNIONPAY_CODE, WECHAT_CODE, micropay_fields, v3_signed};
use crate::shop_forms::{AcpAnswer, node_of, pay_business, post};

const NO: &str = "T20260101000001";

/// What an answer says: is it signed, for which order, about how much, with which code.
type Said = (bool, String, String, String);

/// A shop with a request that moves or tells of 8.80, and how its answer is read.
struct Talk {
    name: &'static str,
    shop: Shop,
    request: WebRequest,
    read: fn(&Shop, &WebResponse) -> Said,
    /// The code of success, and one that a fault may give in its place.
    codes: [&'static str; 2],
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn read_v2(shop: &Shop, answer: &WebResponse) -> Said {
    let (fields, signed) = shop.v2_read(answer);
    let get = |name| fields.get(name).map(text).unwrap_or_default();
    let code = match get("err_code") {
        code if code.is_empty() => get("result_code"),
        code => code,
    };
    (signed, get("out_trade_no"), get("total_fee"), code)
}

fn read_v3(_: &Shop, answer: &WebResponse) -> Said {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let signed = answer.header("Wechatpay-Signature").is_some() && v3_signed(answer);
    let code = match &body["code"] {
        Value::Null => answer.status.to_string(),
        code => text(code),
    };
    let amount = text(&body["amount"]["total"]);
    (signed, text(&body["out_trade_no"]), amount, code)
}

fn read_alipay(_: &Shop, answer: &WebResponse) -> Said {
    let (node, signed) = node_of(answer, "alipay.trade.pay");
    let get = |name| node.get(name).map(text).unwrap_or_default();
    let code = match get("sub_code") {
        code if code.is_empty() => get("code"),
        code => code,
    };
    (signed, get("out_trade_no"), get("total_amount"), code)
}

fn read_acp(_: &Shop, answer: &WebResponse) -> Said {
    let answer = AcpAnswer::read(answer);
    let code = answer.get("respCode");
    let signed = answer.is_signed();
    (signed, answer.get("orderId"), answer.get("txnAmt"), code)
}

fn talks() -> Vec<Talk> {
    let mut v2 = Shop::wechat();
    let v2_sale = v2.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
    let mut v3 = Shop::wechat();
    v3.native(NO, 880);
    v3.customer(Customer::Pays);
    let body = json!({
        "out_trade_no": NO, "out_refund_no": "R1",
        "amount": {"total": 880, "refund": 880, "currency": "CNY"},
    });
    let v3_refund = v3.v3_request("POST", "/v3/refund/domestic/refunds", &body);
    let alipay = Shop::alipay();
    let pairs = alipay.alipay_pairs("alipay.trade.pay", &pay_business(NO, "8.80", ALIPAY_CODE));
    let acp = Shop::acp();
    let more = [("txnAmt", "880"), ("qrNo", UNIONPAY_CODE)];
    let acp_sale = acp.acp_request(("01", "06"), NO, &more);
    vec![
        Talk {
            name: "v2",
            shop: v2,
            request: v2_sale,
            read: read_v2,
            codes: ["SUCCESS", "SYSTEMERROR"],
        },
        Talk {
            name: "v3",
            shop: v3,
            request: v3_refund,
            read: read_v3,
            codes: ["200", "SYSTEM_ERROR"],
        },
        Talk {
            name: "alipay",
            shop: alipay,
            request: post(&pairs),
            read: read_alipay,
            codes: ["10000", "ACQ.SYSTEM_ERROR"],
        },
        Talk {
            name: "acp",
            shop: acp,
            request: acp_sale,
            read: read_acp,
            codes: ["00", "03"],
        },
    ]
}

#[test]
fn each_lie_differs_from_the_truth_in_one_thing() {
    for lie in [
        "none",
        "wrong_mac",
        "unsigned",
        "foreign_answer",
        "other_amount",
        "code",
    ] {
        for at in ["request_read", "after_booking"] {
            for mut talk in talks() {
                let why = format!("{lie} {at} {}", talk.name);
                let arg = match lie {
                    "code" => format!("arg=\"{}\"\n", talk.codes[1]),
                    _ => String::new(),
                };
                if lie != "none" {
                    let fault = format!("[[fault]]\non=\"any\"\nat=\"{at}\"\ndo=\"{lie}\"\n{arg}");
                    talk.shop.faults(&fault);
                }
                let before = talk.shop.wallet.ledger()["net"].clone();
                let answer = talk.shop.exchange(&talk.request).unwrap();
                let (signed, order, amount, code) = (talk.read)(&talk.shop, &answer);
                let moved = talk.shop.wallet.ledger()["net"] != before;
                let struck_early = at == "request_read" && lie != "none";
                assert_eq!(moved, !struck_early, "{why}");
                if lie == "wrong_mac" && struck_early {
                    // The request was spoilt, not the answer.
                    assert_ne!(code, talk.codes[0], "{why}");
                    continue;
                }
                assert_eq!(signed, !matches!(lie, "wrong_mac" | "unsigned"), "{why}");
                let wanted = usize::from(lie == "code");
                assert_eq!(code, talk.codes[wanted], "{why}");
                if lie != "code" {
                    assert_eq!(order != NO, lie == "foreign_answer", "{why}: {order}");
                    let right = ["880", "8.80"].contains(&amount.as_str());
                    assert_eq!(!right, lie == "other_amount", "{why}: {amount}");
                }
            }
        }
    }
}
