//! v2 answers to reverse, close, refund and refund query.

use pos_channels::http::HttpResponse;
use pos_channels::wallet::{Checked, Fault, Order, OrderNumber};
use pos_channels::wechat::RefundState;
use pos_channels::wechat::v2::{Recall, Refund};
use pos_domain::Amount;

use crate::common::{
    NUMBER, REFUND, again, fault, fen, first, number, refund_number, v2, v2_answer, verdict,
};
use crate::v2_check::{HMAC, changed, failed};

#[test]
fn a_reverse_says_whether_to_call_again() {
    let order = Order::Ours(number());
    let check = |answer: &HttpResponse| v2(HMAC).check_reverse(&order, answer, again());
    let recall = |value| v2_answer(&[("result_code", "SUCCESS"), ("recall", value)], HMAC);
    assert_eq!(check(&recall("N")), Checked::Yes(Recall::Done));
    assert_eq!(check(&recall("Y")), Checked::Yes(Recall::Again));
    assert_eq!(fault(&check(&recall(""))), Fault::Incomplete);
    for (code, word) in [
        ("SYSTEMERROR", "unknown"),
        ("USERPAYING", "curable"),
        ("REVERSE_EXPIRE", "no"),
        ("TRADE_ERROR", "no"),
        ("INVALID_REQUEST", "unknown"),
        ("SIGNERROR", "unknown"),
        ("NEW_CODE", "unknown"),
    ] {
        assert_eq!(verdict(&check(&failed(code))), (word, code.to_owned()));
    }
}

#[test]
fn a_close_is_done_when_the_order_is_closed_already() {
    let check = |answer: &HttpResponse| v2(HMAC).check_close(&number(), answer, first());
    assert_eq!(
        check(&v2_answer(&[("result_code", "SUCCESS")], HMAC)),
        Checked::Yes(())
    );
    assert_eq!(check(&failed("ORDERCLOSED")), Checked::Yes(()));
    assert_eq!(verdict(&check(&failed("ORDERPAID"))).0, "unknown");
}

#[test]
fn a_refund_is_taken_and_then_asked_for() {
    let (order, refund_number) = (Order::Ours(number()), refund_number());
    let refund = refund(&order, &refund_number, fen(300));
    let taken: &[(&str, &str)] = &[
        ("result_code", "SUCCESS"),
        ("transaction_id", "4200001234202611240000000001"),
        ("out_trade_no", NUMBER),
        ("out_refund_no", REFUND),
        ("refund_id", "50300001232026112400000000001"),
        ("total_fee", "880"),
        ("refund_fee", "300"),
    ];
    let check = |answer: &HttpResponse| v2(HMAC).check_refund(&refund, answer, again());
    assert!(check(&v2_answer(taken, HMAC)).yes().is_some());
    for (changes, why) in [
        (("refund_fee", "301"), Fault::OtherAmount),
        (("total_fee", "300"), Fault::OtherAmount),
        (("out_refund_no", NUMBER), Fault::OtherOrder),
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("refund_id", ""), Fault::Incomplete),
    ] {
        assert_eq!(
            fault(&check(&changed(taken, &[changes]))),
            why,
            "{changes:?}"
        );
    }
    for (code, word) in [
        ("SYSTEMERROR", "unknown"),
        ("BIZERR_NEED_RETRY", "unknown"),
        ("FREQUENCY_LIMITED", "curable"),
        ("INVALID_REQ_TOO_MUCH", "curable"),
        ("NOTENOUGH", "curable"),
        ("TRADE_OVERDUE", "no"),
        ("USER_ACCOUNT_ABNORMAL", "no"),
        ("ERROR", "no"),
        ("PARAM_ERROR", "unknown"),
    ] {
        assert_eq!(verdict(&check(&failed(code))), (word, code.to_owned()));
    }
}

#[test]
fn a_refund_query_finds_its_own_line() {
    let (order, refund_number) = (Order::Ours(number()), refund_number());
    let refund = refund(&order, &refund_number, fen(300));
    let page: &[(&str, &str)] = &[
        ("result_code", "SUCCESS"),
        ("out_trade_no", NUMBER),
        ("total_fee", "880"),
        ("refund_count", "2"),
        ("out_refund_no_0", NUMBER),
        ("refund_fee_0", "100"),
        ("refund_status_0", "SUCCESS"),
        ("out_refund_no_1", REFUND),
        ("refund_fee_1", "300"),
        ("refund_status_1", "PROCESSING"),
    ];
    let check = |answer: &HttpResponse| v2(HMAC).check_refund_query(&refund, answer, first());
    for (wire, state) in [
        ("SUCCESS", RefundState::Success),
        ("PROCESSING", RefundState::Processing),
        ("REFUNDCLOSE", RefundState::Closed),
        ("CHANGE", RefundState::Abnormal),
    ] {
        let answer = changed(page, &[("refund_status_1", wire)]);
        assert_eq!(check(&answer), Checked::Yes(state));
    }
    let none = check(&failed("REFUNDNOTEXIST"));
    assert_eq!(none, Checked::Yes(RefundState::NotFound));
    for (changes, why) in [
        (("refund_fee_1", "100"), Fault::OtherAmount),
        (("out_refund_no_1", "X"), Fault::OtherOrder),
        (("refund_status_1", "NEW"), Fault::Incomplete),
        (("out_trade_no", REFUND), Fault::OtherOrder),
    ] {
        assert_eq!(
            fault(&check(&changed(page, &[changes]))),
            why,
            "{changes:?}"
        );
    }
}

fn refund<'a>(order: &'a Order, number: &'a OrderNumber, amount: Amount) -> Refund<'a> {
    Refund {
        order,
        number,
        total: fen(880),
        amount,
        reason: None,
    }
}
