//! WeChat v2: every row of the spec's list of simulator cases, and its error tables.

use pos_sim::{Customer, WalletSettings};

use crate::shop::{Shop, WECHAT_CODE, code_of, micropay_fields, v2_body};

const NO: &str = "T20260101000001";

/// A payment code of a script.
fn script(number: u8) -> String {
    format!("13{:016}", number)
}

#[test]
fn a_sale_is_paid_once_in_both_ways_to_sign() {
    for hmac in [false, true] {
        let mut shop = Shop::wechat();
        shop.hmac = hmac;
        let answer = shop.micropay(NO, 880, WECHAT_CODE);
        assert_eq!(code_of(&answer), "SUCCESS");
        for (name, value) in [
            ("out_trade_no", NO),
            ("total_fee", "880"),
            ("trade_type", "MICROPAY"),
            ("mch_id", "1900000109"),
            ("time_end", "20261124182000"),
            ("device_info", "10000001"),
        ] {
            assert_eq!(answer[name], value, "{name}");
        }
        assert_eq!(shop.trade_state(NO), "SUCCESS");
        assert_eq!(shop.sold(NO, 880, WECHAT_CODE), "ORDERPAID");
        assert_eq!(shop.sale(NO), ("approved".into(), 880));
        assert!(shop.rules().is_empty());
        let by_id = [("transaction_id", answer["transaction_id"].as_str().unwrap())];
        assert_eq!(shop.v2("/pay/orderquery", &by_id)["out_trade_no"], NO);
    }
}

#[test]
fn a_wrong_signature_moves_nothing() {
    let mut shop = Shop::wechat();
    let good = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
    let text = String::from_utf8(good.body.clone()).unwrap();
    let sign = text.split("<sign><![CDATA[").nth(1).unwrap()[..32].to_owned();
    for (from, to) in [
        ("[880]", "[881]"),
        ("测试商品", "测试商"),
        ("<device_info><![CDATA[10000001]]></device_info>", ""),
        (&sign, &sign.to_lowercase()),
        (&sign, &format!("{sign}0")),
        ("</xml>", "<extra>1</extra></xml>"),
    ] {
        let mut bad = good.clone();
        bad.body = text.replacen(from, to, 1).into_bytes();
        assert_ne!(bad.body, good.body, "{from}");
        let answer = shop.exchange(&bad).unwrap();
        let (fields, signed) = shop.v2_read(&answer);
        assert!(!signed && !fields.contains_key("result_code"));
        assert_eq!(code_of(&fields), "unsigned: 签名错误", "{from}");
    }
    assert_eq!(shop.wallet.ledger()["orders"].as_array().unwrap().len(), 0);
    let answer = shop.exchange(&good).unwrap();
    assert_eq!(code_of(&shop.v2_read(&answer).0), "SUCCESS");
}

#[test]
fn a_request_that_is_none_gets_a_text_without_signature() {
    let mut shop = Shop::wechat();
    let mut get = shop.v2_request("/pay/orderquery", &[("out_trade_no", NO)]);
    get.method = "GET".into();
    let no_nonce = v2_body(
        "/pay/orderquery",
        &[("appid", "a"), ("mch_id", "m"), ("sign", "s")],
    );
    let strange = [
        ("appid", "wx0"),
        ("mch_id", "1"),
        ("nonce_str", "n"),
        ("sign", "s"),
    ];
    let mut no_xml = v2_body("/pay/orderquery", &[]);
    no_xml.body = b"<!DOCTYPE x><xml></xml>".to_vec();
    let mut no_text = v2_body("/pay/orderquery", &[]);
    no_text.body = vec![0xB4, 0xED];
    for (request, text) in [
        (get, "REQUIRE_POST_METHOD"),
        (no_nonce, "缺少参数"),
        (v2_body("/pay/orderquery", &strange), "mch_id不存在"),
        (no_xml, "XML格式错误"),
        (no_text, "NOT_UTF8"),
    ] {
        let answer = shop.exchange(&request).unwrap();
        let (fields, signed) = shop.v2_read(&answer);
        assert!(!signed);
        assert_eq!(code_of(&fields), format!("unsigned: {text}"));
    }
}

#[test]
fn parameters_are_checked() {
    let mut shop = Shop::wechat();
    for (no, amount, code, wanted) in [
        (NO, "0", WECHAT_CODE, "PARAM_ERROR"),
        (NO, "8.80", WECHAT_CODE, "PARAM_ERROR"),
        (NO, "-1", WECHAT_CODE, "PARAM_ERROR"),
        ("order 1", "1", WECHAT_CODE, "PARAM_ERROR"),
        (NO, "1", "283876543210987654", "AUTH_CODE_ERROR"),
        (NO, "1", "13465020123456789", "AUTH_CODE_ERROR"),
        (NO, "1", "163465020123456789", "AUTH_CODE_ERROR"),
        (NO, "1", "", "LACK_PARAMS"),
    ] {
        let answer = shop.v2("/pay/micropay", &micropay_fields(no, amount, code));
        assert_eq!(code_of(&answer), wanted, "{no} {amount} {code}");
    }
    assert_eq!(shop.trade_state(NO), "ORDERNOTEXIST");
}

#[test]
fn a_number_stands_for_one_order_and_a_code_for_one_payment() {
    let mut shop = Shop::wechat();
    assert_eq!(shop.sold(NO, 880, WECHAT_CODE), "SUCCESS");
    assert_eq!(shop.sold(NO, 881, WECHAT_CODE), "OUT_TRADE_NO_USED");
    assert_eq!(shop.sold("T2", 880, WECHAT_CODE), "AUTH_CODE_INVALID");
    assert_eq!(shop.rules(), ["number_reused"]);
    assert_eq!(shop.sold("T3", 880, &script(2)), "USERPAYING");
    assert_eq!(shop.sold("T4", 880, &script(2)), "AUTH_CODE_INVALID");
    assert_eq!(shop.rules(), ["number_reused", "code_resent"]);
}

#[test]
fn the_customer_pays_late_fails_or_cancels() {
    for (number, states, net) in [
        (1, ["USERPAYING", "SUCCESS"], 880),
        (3, ["USERPAYING", "PAYERROR"], 0),
        (10, ["USERPAYING", "PAYERROR"], 0),
        (2, ["USERPAYING", "USERPAYING"], 0),
    ] {
        let mut shop = Shop::wechat();
        assert_eq!(shop.sold(NO, 880, &script(number)), "USERPAYING");
        for state in states {
            assert_eq!(shop.trade_state(NO), state, "{number}");
        }
        assert_eq!(shop.sale(NO).1, net);
    }
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, &script(2));
    shop.customer(Customer::Pays);
    assert_eq!(shop.trade_state(NO), "SUCCESS");
    shop.sold("T3", 9_001_002, WECHAT_CODE);
    assert!(shop.wallet.execute(Customer::Cancels, Some("T3"), shop.now));
    assert_eq!(shop.trade_state("T3"), "PAYERROR");
    assert!(!shop.wallet.execute(Customer::Pays, Some("T3"), shop.now));
}

#[test]
fn definite_refusals_and_system_errors() {
    for (number, answer, state) in [
        (4, "NOTENOUGH", "PAYERROR"),
        (5, "AUTHCODEEXPIRE", "PAYERROR"),
        (7, "SYSTEMERROR", "SUCCESS"),
        (8, "SYSTEMERROR", "USERPAYING"),
        (9, "SYSTEMERROR", "ORDERNOTEXIST"),
    ] {
        let mut shop = Shop::wechat();
        assert_eq!(shop.sold(NO, 880, &script(number)), answer);
        assert_eq!(shop.trade_state(NO), state, "{number}");
    }
}

#[test]
fn a_reversal_returns_money_or_closes_the_number() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, WECHAT_CODE);
    shop.wait(15);
    assert_eq!(shop.reverse(NO), "N");
    assert_eq!(shop.trade_state(NO), "REVOKED");
    assert_eq!(shop.reverse(NO), "N");
    assert_eq!(shop.sale(NO), ("reversed".into(), 0));
    assert_eq!(
        shop.undos(NO),
        [("reverse".into(), 880, "effective".into())]
    );
    assert_eq!(shop.sold(NO, 880, WECHAT_CODE), "ORDERREVERSED");

    shop.sold("T2", 880, &script(2));
    shop.wait(15);
    assert_eq!(shop.reverse("T2"), "N");
    assert_eq!(shop.trade_state("T2"), "REVOKED");
    assert!(!shop.wallet.execute(Customer::Pays, Some("T2"), shop.now));
    assert_eq!(shop.sale("T2").0, "none");

    // A number that nobody has seen: success all the same, and closed for good.
    assert_eq!(shop.reverse("T3"), "N");
    assert_eq!(shop.trade_state("T3"), "ORDERNOTEXIST");
    assert_eq!(shop.sold("T3", 880, "130000000000000103"), "ORDERREVERSED");
    assert!(shop.rules().is_empty());
}

#[test]
fn a_reversal_of_an_unknown_number_may_leave_it_open() {
    let mut shop = Shop::wechat_with(&WalletSettings {
        undo_closes_unknown: false,
        wechat_reversed_state: "REFUND".into(),
        ..WalletSettings::default()
    });
    assert_eq!(shop.reverse(NO), "N");
    assert_eq!(shop.sold(NO, 880, WECHAT_CODE), "SUCCESS");
    assert_eq!(shop.reverse(NO), "N");
    assert_eq!(shop.trade_state(NO), "REFUND");
}

#[test]
fn reversals_that_do_not_end_at_once() {
    let answers = |number: u8, times: usize| {
        let mut shop = Shop::wechat();
        shop.sold(NO, 9_001_000 + i64::from(number), WECHAT_CODE);
        shop.wait(15);
        let said: Vec<_> = (0..times).map(|_| shop.reverse(NO)).collect();
        (said.join(" "), shop.trade_state(NO), shop.sale(NO).1)
    };
    let paid = |number: i64| 9_001_000 + number;
    assert_eq!(answers(11, 3), ("Y Y N".into(), "REVOKED".into(), 0));
    assert_eq!(answers(12, 2), ("USERPAYING N".into(), "REVOKED".into(), 0));
    let late = ("REVERSE_EXPIRE".into(), "SUCCESS".into(), paid(13));
    assert_eq!(answers(13, 1), late);
    // Success, and nothing done: only a query tells.
    assert_eq!(answers(19, 1), ("N".into(), "SUCCESS".into(), paid(19)));
    assert_eq!(answers(19, 2), ("N N".into(), "REVOKED".into(), 0));
}

#[test]
fn the_customer_pays_between_the_last_query_and_the_reversal() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, &script(6));
    assert_eq!(shop.trade_state(NO), "USERPAYING");
    shop.wait(45);
    assert_eq!(shop.reverse(NO), "N");
    assert_eq!(shop.trade_state(NO), "REVOKED");
    assert_eq!(
        shop.undos(NO),
        [("reverse".into(), 880, "effective".into())]
    );
}

#[test]
fn a_week_later_a_reversal_is_too_late() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, WECHAT_CODE);
    shop.wait(7 * 86_400);
    assert_eq!(shop.reverse("T2"), "N");
    shop.wait(1);
    assert_eq!(shop.reverse(NO), "REVERSE_EXPIRE");
    assert_eq!(shop.sale(NO).1, 880);
}

#[test]
fn refunds_are_done_once_for_a_number() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, WECHAT_CODE);
    assert_eq!(shop.refund_state("R1"), "REFUNDNOTEXIST");
    assert_eq!(shop.refund(NO, "R1", 880, 300), "SUCCESS");
    assert_eq!(shop.refund(NO, "R1", 880, 300), "SUCCESS");
    assert_eq!(shop.sale(NO), ("partly_refunded".into(), 580));
    assert_eq!(shop.refund_state("R1"), "SUCCESS");
    assert_eq!(shop.trade_state(NO), "REFUND");
    shop.sold("T2", 880, "134650201234567891");
    assert_eq!(shop.refund("T2", "R1", 880, 300), "ERROR");
    assert_eq!(shop.sale("T2").1, 880);
    assert!(shop.rules().is_empty());

    assert_eq!(shop.refund(NO, "R2", 880, 100), "FREQUENCY_LIMITED");
    shop.wait(60);
    assert_eq!(shop.refund(NO, "R2", 880, 580), "SUCCESS");
    assert_eq!(shop.sale(NO), ("refunded".into(), 0));
    shop.wait(60);
    assert_eq!(shop.refund(NO, "R1", 880, 299), "ERROR");
    assert_eq!(shop.refund(NO, "R3", 880, 1), "ERROR");
    assert_eq!(shop.rules(), ["refund_altered", "second_undo"]);
    assert_eq!(shop.reverse(NO), "INVALID_REQUEST");
    assert_eq!(shop.sale(NO).1, 0);
}

#[test]
fn refunds_that_do_not_end_at_once() {
    let mut shop = Shop::wechat();
    let sold = |shop: &mut Shop, no: &str, number: i64| {
        let code = format!("1346502012345678{number:02}");
        assert_eq!(shop.sold(no, 9_001_000 + number, &code), "SUCCESS");
    };
    let total = |number: i64| 9_001_000 + number;
    sold(&mut shop, "T14", 14);
    let again = |shop: &mut Shop, no: &str, number: i64| {
        shop.refund(no, &format!("R{no}"), total(number), total(number))
    };
    assert_eq!(again(&mut shop, "T14", 14), "NOTENOUGH");
    assert_eq!(again(&mut shop, "T14", 14), "SUCCESS");

    sold(&mut shop, "T15", 15);
    assert_eq!(again(&mut shop, "T15", 15), "SUCCESS");
    assert_eq!(shop.refund_state("RT15"), "PROCESSING");
    assert_eq!(shop.sale("T15").1, total(15));
    assert_eq!(shop.refund_state("RT15"), "PROCESSING");
    assert_eq!(shop.refund_state("RT15"), "SUCCESS");
    assert_eq!(shop.sale("T15").1, 0);

    sold(&mut shop, "T16", 16);
    assert_eq!(again(&mut shop, "T16", 16), "SUCCESS");
    assert_eq!(shop.refund_state("RT16"), "CHANGE");
    assert_eq!(shop.undos("T16")[0].2, "abnormal");

    sold(&mut shop, "T17", 17);
    assert_eq!(again(&mut shop, "T17", 17), "SYSTEMERROR");
    assert_eq!(again(&mut shop, "T17", 17), "SUCCESS");
    assert_eq!(shop.undos("T17").len(), 1);

    sold(&mut shop, "T18", 18);
    assert_eq!(again(&mut shop, "T18", 18), "FREQUENCY_LIMITED");
    assert_eq!(again(&mut shop, "T18", 18), "SUCCESS");
    assert!(shop.rules().is_empty());
}

#[test]
fn refunds_of_what_is_not_there() {
    let mut shop = Shop::wechat();
    assert_eq!(shop.refund(NO, "R1", 880, 880), "ORDERNOTEXIST");
    shop.sold(NO, 880, &script(2));
    assert_eq!(shop.refund(NO, "R1", 880, 880), "ERROR");
    shop.customer(Customer::Pays);
    assert_eq!(shop.refund(NO, "R1", 881, 880), "ERROR");
    assert_eq!(shop.refund(NO, "", 880, 880), "PARAM_ERROR");
    assert!(shop.rules().is_empty());
    assert_eq!(shop.refund(NO, "R1", 880, 881), "ERROR");
    assert_eq!(shop.rules(), ["refund_above"]);
    shop.wait(366 * 86_400);
    assert_eq!(shop.refund(NO, "R1", 880, 880), "TRADE_OVERDUE");
}

#[test]
fn a_sub_merchant_sees_only_its_own() {
    let mut shop = Shop::wechat();
    let mut fields = micropay_fields(NO, "880", WECHAT_CODE).to_vec();
    fields.push(("sub_mch_id", "1900000110"));
    let answer = shop.v2("/pay/micropay", &fields);
    assert_eq!(answer["sub_mch_id"], "1900000110");
    assert_eq!(shop.trade_state(NO), "ORDERNOTEXIST");
    let own = [("out_trade_no", NO), ("sub_mch_id", "1900000110")];
    assert_eq!(shop.v2("/pay/orderquery", &own)["trade_state"], "SUCCESS");
}

#[test]
fn a_scanned_order_is_not_closed() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, &script(2));
    let close = |shop: &mut Shop, no| code_of(&shop.v2("/pay/closeorder", &[("out_trade_no", no)]));
    assert_eq!(close(&mut shop, NO), "TRADE_STATE_ERROR");
    assert_eq!(close(&mut shop, "T2"), "ORDERNOTEXIST");
    shop.native("T3", 100);
    assert_eq!(close(&mut shop, "T3"), "SUCCESS");
    assert_eq!(close(&mut shop, "T3"), "ORDERCLOSED");
    shop.native("T4", 100);
    assert!(shop.wallet.execute(Customer::Pays, Some("T4"), shop.now));
    assert_eq!(close(&mut shop, "T4"), "ORDERPAID");
    assert_eq!(shop.reverse("T4"), "INVALID_REQUEST");
}

#[test]
fn an_open_order_is_not_reversed_too_early() {
    let mut shop = Shop::wechat();
    shop.sold(NO, 880, &script(2));
    shop.wait(14);
    shop.reverse(NO);
    assert_eq!(shop.rules(), ["early_reverse"]);
}
