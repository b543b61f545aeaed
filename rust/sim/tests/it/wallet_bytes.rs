//! No bytes stop a wallet, and none that were not signed with the merchant's key move money.

use pos_sim::WebRequest;
use proptest::prelude::*;
use serde_json::json;

use crate::shop::{ALIPAY_CODE, Shop, UNIONPAY_CODE, WECHAT_CODE, micropay_fields};
use crate::shop_forms::{get, pay_business, post};

const TARGETS: &[&str] = &[
    "/pay/micropay",
    "/secapi/pay/refund",
    "/v3/pay/transactions/native",
    "/v3/refund/domestic/refunds/",
    "/gateway.do?method=alipay.trade.pay&biz_content=%7B",
    "/gateway/api/backTransReq.do",
    "//",
    "",
];

fn shops() -> [Shop; 3] {
    [Shop::wechat(), Shop::alipay(), Shop::acp()]
}

/// A request that would move money, for each wallet in turn.
fn good(which: usize) -> (Shop, WebRequest) {
    let mut wechat = Shop::wechat();
    let alipay = Shop::alipay();
    match which {
        0 => {
            let fields = micropay_fields("T1", "880", WECHAT_CODE);
            let request = wechat.v2_request("/pay/micropay", &fields);
            (wechat, request)
        }
        1 => {
            wechat.micropay("T1", 880, WECHAT_CODE);
            let body = json!({
                "out_trade_no": "T1", "out_refund_no": "R1",
                "amount": {"total": 880, "refund": 880, "currency": "CNY"},
            });
            let request = wechat.v3_request("POST", "/v3/refund/domestic/refunds", &body);
            (wechat, request)
        }
        2 | 3 => {
            let pairs =
                alipay.alipay_pairs("alipay.trade.pay", &pay_business("T1", "8.80", ALIPAY_CODE));
            let request = if which == 2 {
                get(&pairs)
            } else {
                post(&pairs)
            };
            (alipay, request)
        }
        _ => {
            let shop = Shop::acp();
            let more = [("txnAmt", "880"), ("qrNo", UNIONPAY_CODE)];
            let request = shop.acp_request(("01", "06"), "T2026010100001", &more);
            (shop, request)
        }
    }
}

proptest! {
    #[test]
    fn random_requests(
        method in "GET|POST|[A-Z]{0,6}",
        target in prop::sample::select(TARGETS),
        tail in "[ -~]{0,40}",
        header in "[ -~]{0,80}",
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        for mut shop in shops() {
            let request = WebRequest {
                method: method.clone(),
                target: format!("{target}{tail}"),
                headers: vec![("Authorization".into(), header.clone())],
                body: body.clone(),
            };
            prop_assert!(shop.exchange(&request).is_some());
            prop_assert_eq!(&shop.wallet.ledger()["orders"], &json!([]));
        }
    }

    /// Random text where a wallet looks for its own forms.
    #[test]
    fn random_forms(body in "(<xml>)?([<>&;=%+a-c\"{}\\[\\]!CDAT/ -]{0,60})(</xml>)?") {
        for mut shop in shops() {
            for target in TARGETS {
                let request = WebRequest {
                    method: "POST".into(),
                    target: (*target).into(),
                    headers: Vec::new(),
                    body: body.clone().into_bytes(),
                };
                prop_assert!(shop.exchange(&request).is_some());
            }
        }
    }

    /// One changed byte of body, address or signature header: nothing is booked, unless the change
    /// is one that a form does not see.
    #[test]
    fn damaged_requests(
        which in 0_usize..5,
        at in any::<prop::sample::Index>(),
        mask in 1_u8..128,
    ) {
        let (mut shop, mut request) = good(which);
        let before = shop.wallet.ledger();
        let damaged = |bytes: &mut Vec<u8>| {
            let place = at.index(bytes.len());
            bytes[place] ^= mask;
            bytes.iter().all(u8::is_ascii)
        };
        let text = match which {
            1 => {
                let mut header = request.headers[0].1.clone().into_bytes();
                let fits = damaged(&mut header);
                request.headers[0].1 = String::from_utf8_lossy(&header).into_owned();
                fits
            }
            2 => {
                let mut target = request.target.clone().into_bytes();
                let fits = damaged(&mut target);
                request.target = String::from_utf8_lossy(&target).into_owned();
                fits
            }
            _ => {
                damaged(&mut request.body);
                true
            }
        };
        prop_assume!(text);
        shop.exchange(&request);
        let after = shop.wallet.ledger();
        let harmless = after == before;
        // Upper and lower case of a hexadecimal escape, or another way to write the same text.
        let (mut twin, good) = good(which);
        twin.exchange(&good);
        prop_assert!(harmless || after == twin.wallet.ledger());
    }
}
