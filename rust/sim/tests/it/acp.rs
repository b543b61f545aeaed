//! UnionPay's online interface: sale by code, shown code, void, return, reversal, query.

use pos_sim::Customer;

use crate::shop::{Shop, UNIONPAY_CODE};
use crate::shop_forms::AcpAnswer;

const NO: &str = "T20260101000001";
const VOID: (&str, &str) = ("31", "00");
const REFUND: (&str, &str) = ("04", "00");
const REVERSE: (&str, &str) = ("99", "01");

fn codes(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[test]
fn a_sale_is_paid_once_and_its_answer_is_signed() {
    let mut shop = Shop::acp();
    let sale = [("txnAmt", "880"), ("qrNo", UNIONPAY_CODE)];
    let answer = shop.acp_call(("01", "06"), NO, &sale);
    assert_eq!(answer.get("respCode"), "00");
    assert_eq!(answer.get("txnAmt"), "880");
    assert_eq!(answer.get("orderId"), NO);
    assert!(!answer.get("queryId").is_empty());
    assert_eq!(shop.acp_query(NO), codes("00", "00"));
    assert_eq!(shop.acp_sale(NO, "880", UNIONPAY_CODE), "12");
    assert_eq!(shop.acp_sale("T2026010100002", "880", UNIONPAY_CODE), "61");
    assert_eq!(shop.sale(NO), ("approved".into(), 880));
    assert!(shop.rules().is_empty());
}

#[test]
fn a_wrong_signature_moves_nothing() {
    let mut shop = Shop::acp();
    let sale = [("txnAmt", "880"), ("qrNo", UNIONPAY_CODE)];
    let good = shop.acp_request(("01", "06"), NO, &sale);
    let text = String::from_utf8(good.body.clone()).unwrap();
    for (from, to, wanted) in [
        ("txnAmt=880", "txnAmt=881", "11"),
        ("termId=10000001", "termId=", "11"),
        ("signature=", "signature=A", "11"),
        ("merId=8", "merId=9", "11"),
        ("certId=2", "certId=1", "11"),
        ("version=5%2E1%2E0", "version=5%2E0%2E0", "10"),
        ("signMethod=01", "signMethod=11", "10"),
        ("txnType=01", "txnType=77", "10"),
        ("txnTime=20261124182000", "txnTime=", "13"),
    ] {
        let mut bad = good.clone();
        bad.body = text.replacen(from, to, 1).into_bytes();
        assert_ne!(bad.body, good.body, "{from}");
        let answer = AcpAnswer::read(&shop.exchange(&bad).unwrap());
        assert_eq!(answer.get("respCode"), wanted, "{from}");
    }
    let mut elsewhere = good.clone();
    elsewhere.target = "/gateway/api/queryTrans.do".into();
    let answer = AcpAnswer::read(&shop.exchange(&elsewhere).unwrap());
    assert_eq!(answer.get("respCode"), "10");
    assert_eq!(shop.acp_query(NO), codes("34", ""));
}

#[test]
fn scripts_of_the_customer() {
    for (number, first, then) in [
        (1, "05", ["05", "00"]),
        (2, "05", ["05", "05"]),
        (3, "05", ["05", "60"]),
        (4, "64", ["64", "64"]),
        (5, "61", ["61", "61"]),
        (7, "03", ["00", "00"]),
        (9, "03", ["", ""]),
    ] {
        let mut shop = Shop::acp();
        let code = format!("62{number:017}");
        assert_eq!(shop.acp_sale(NO, "880", &code), first);
        for state in then {
            assert_eq!(shop.acp_query(NO).1, state, "{number}");
        }
    }
}

#[test]
fn a_void_takes_the_whole_sale_of_the_day_once() {
    let mut shop = Shop::acp();
    shop.acp_sale(NO, "880", UNIONPAY_CODE);
    let original = [("origOrderId", NO), ("origTxnTime", "20261124182000")];
    let mut void = |no: &str, amount: &str| {
        let mut more = original.to_vec();
        more.push(("txnAmt", amount));
        shop.acp_call(VOID, no, &more).get("respCode")
    };
    assert_eq!(void("V2026010100001", "879"), "36");
    assert_eq!(void("V2026010100001", "880"), "00");
    assert_eq!(void("V2026010100001", "880"), "12");
    assert_eq!(void("V2026010100002", "880"), "36");
    assert_eq!(shop.sale(NO), ("voided".into(), 0));
    assert_eq!(shop.acp_query("V2026010100001"), codes("00", "00"));
    assert_eq!(shop.rules(), ["second_undo"]);

    let code = "6236098835899996544";
    shop.acp_sale("T2026010100002", "880", code);
    shop.wait(86_400);
    let late = [
        ("txnAmt", "880"),
        ("origOrderId", "T2026010100002"),
        ("origTxnTime", "20261124182000"),
    ];
    let answer = shop.acp_call(VOID, "V2026010100003", &late);
    assert_eq!(answer.get("respCode"), "35");
    let answer = shop.acp_call(REFUND, "R2026010100001", &late);
    assert_eq!(answer.get("respCode"), "00");
    assert_eq!(shop.sale("T2026010100002"), ("refunded".into(), 0));
}

#[test]
fn returns_are_partial_and_named_by_the_hosts_number() {
    let mut shop = Shop::acp();
    let sale = [("txnAmt", "880"), ("qrNo", UNIONPAY_CODE)];
    let id = shop.acp_call(("01", "06"), NO, &sale).get("queryId");
    let mut refund = |no: &str, amount: &str, id: &str| {
        let more = [("txnAmt", amount), ("origQryId", id)];
        shop.acp_call(REFUND, no, &more).get("respCode")
    };
    assert_eq!(refund("R2026010100001", "300", &id), "00");
    assert_eq!(refund("R2026010100002", "600", &id), "36");
    assert_eq!(refund("R2026010100003", "580", &id), "00");
    assert_eq!(refund("R2026010100004", "1", "0"), "34");
    assert_eq!(shop.sale(NO), ("refunded".into(), 0));
}

#[test]
fn a_reversal_repeats_number_and_time() {
    let mut shop = Shop::acp();
    let mut reverse = |no: &str, time: &str| {
        let more = [("txnAmt", "880"), ("txnTime", time)];
        shop.acp_call(REVERSE, no, &more).get("respCode")
    };
    // Never seen: closed, so that a late sale cannot succeed.
    assert_eq!(reverse("T2026010100009", "20261124182000"), "34");
    assert_eq!(shop.acp_sale("T2026010100009", "880", UNIONPAY_CODE), "12");
    shop.acp_sale(NO, "880", UNIONPAY_CODE);
    let mut reverse = |no: &str, time: &str| {
        let more = [("txnAmt", "880"), ("txnTime", time)];
        shop.acp_call(REVERSE, no, &more).get("respCode")
    };
    assert_eq!(reverse(NO, "20261124182001"), "34");
    assert_eq!(reverse(NO, "20261124182000"), "00");
    assert_eq!(reverse(NO, "20261124182000"), "00");
    assert_eq!(shop.acp_query(NO), codes("00", "35"));
    assert_eq!(shop.sale(NO), ("reversed".into(), 0));

    // The customer pays between the last query and the reversal.
    shop.acp_sale("T2026010100002", "880", "6200000000000000006");
    let more = [("txnAmt", "880")];
    let answer = shop.acp_call(REVERSE, "T2026010100002", &more);
    assert_eq!(answer.get("respCode"), "00");
    assert_eq!(shop.undos("T2026010100002").len(), 1);
    assert!(shop.rules().is_empty());
}

#[test]
fn a_shown_code_waits_for_its_customer() {
    let mut shop = Shop::acp();
    let answer = shop.acp_call(("01", "07"), NO, &[("txnAmt", "880")]);
    let shown = answer.get("qrCode");
    assert!(shown.starts_with("https://qr.95516.com/"), "{shown}");
    assert_eq!(shop.acp_query(NO), codes("00", "05"));
    shop.customer(Customer::Pays);
    assert_eq!(shop.acp_query(NO), codes("00", "00"));
}
