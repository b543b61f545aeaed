//! The gateway's answers to cancel, close, refund and refund query.

use pos_channels::alipay::{Action, Cancelled, Refund, RefundState, Refunded, Shop};
use pos_channels::wallet::{Checked, Fault, Order, OrderNumber};

use crate::common::{
    NUMBER, REFUND, again, alipay, alipay_answer, but, fault, fen, first, json, number,
    refund_number, verdict,
};

const TRADE: &str = "2026112422001432790585537960";

fn failure(sub_code: &str) -> String {
    json(&[
        ("code", "40004"),
        ("msg", "Business Failed"),
        ("sub_code", sub_code),
    ])
}

fn cancel(node: &str) -> Checked<Cancelled> {
    let answer = alipay_answer("trade_cancel", node);
    alipay().check_cancel(&Order::Ours(number()), &answer, again())
}

fn part<'a>(order: &'a Order, number: &'a OrderNumber) -> Refund<'a> {
    Refund {
        order,
        number,
        total: fen(880),
        amount: fen(300),
        reason: None,
        shop: Shop::default(),
    }
}

fn refund(node: &str) -> Checked<Refunded> {
    let (order, number) = (Order::Ours(number()), refund_number());
    let answer = alipay_answer("trade_refund", node);
    alipay().check_refund(&part(&order, &number), &answer, again())
}

fn refund_query(node: &str) -> Checked<RefundState> {
    let (order, number) = (Order::Ours(number()), refund_number());
    let answer = alipay_answer("trade_fastpay_refund_query", node);
    alipay().check_refund_query(&part(&order, &number), &answer, first())
}

#[test]
fn a_cancel_says_what_it_did_and_whether_to_call_again() {
    let fields = [
        ("code", "10000"),
        ("out_trade_no", NUMBER),
        ("trade_no", TRADE),
    ];
    for (flag, action, own) in [
        (
            "N",
            "close",
            Cancelled {
                again: false,
                action: Some(Action::Close),
            },
        ),
        (
            "N",
            "refund",
            Cancelled {
                again: false,
                action: Some(Action::Refund),
            },
        ),
        (
            "N",
            "",
            Cancelled {
                again: false,
                action: None,
            },
        ),
        (
            "Y",
            "",
            Cancelled {
                again: true,
                action: None,
            },
        ),
    ] {
        let node = json(&but(&fields, &[("retry_flag", flag), ("action", action)]));
        assert_eq!(cancel(&node), Checked::Yes(own));
    }
    for (changes, why) in [
        ([("retry_flag", ""), ("action", "close")], Fault::Incomplete),
        (
            [("retry_flag", "N"), ("action", "other")],
            Fault::Incomplete,
        ),
        (
            [("retry_flag", "N"), ("out_trade_no", REFUND)],
            Fault::OtherOrder,
        ),
    ] {
        assert_eq!(
            fault(&cancel(&json(&but(&fields, &changes)))),
            why,
            "{changes:?}"
        );
    }
}

#[test]
fn a_cancel_that_failed_is_judged_by_its_sub_code() {
    for (sub_code, word) in [
        ("ACQ.SYSTEM_ERROR", "unknown"),
        ("AQC.SYSTEM_ERROR", "unknown"),
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "curable"),
        ("ACQ.TRADE_CANCEL_TIME_OUT", "no"),
        ("ACQ.TRADE_HAS_FINISHED", "no"),
        ("ACQ.CANCEL_NOT_ALLOWED", "no"),
        ("ACQ.REASON_TRADE_REFUND_FEE_ERR", "unknown"),
        ("ACQ.NEW", "unknown"),
    ] {
        assert_eq!(
            verdict(&cancel(&failure(sub_code))),
            (word, sub_code.to_owned())
        );
    }
}

#[test]
fn a_close_needs_a_trade_that_is_unpaid() {
    let (alipay, order) = (alipay(), Order::Ours(number()));
    let check =
        |node: &str| alipay.check_close(&order, &alipay_answer("trade_close", node), first());
    let done = json(&[
        ("code", "10000"),
        ("out_trade_no", NUMBER),
        ("trade_no", TRADE),
    ]);
    assert_eq!(check(&done), Checked::Yes(()));
    assert_eq!(
        verdict(&check(&failure("ACQ.TRADE_STATUS_ERROR"))).0,
        "unknown"
    );
    assert_eq!(verdict(&check(&failure("ACQ.TRADE_NOT_EXIST"))).0, "no");
}

#[test]
fn a_refund_is_proven_by_moved_money() {
    let moved = [
        ("code", "10000"),
        ("out_trade_no", NUMBER),
        ("trade_no", TRADE),
        ("refund_fee", "5.00"),
        ("fund_change", "Y"),
    ];
    assert_eq!(
        refund(&json(&moved)),
        Checked::Yes(Refunded { in_all: fen(500) })
    );
    let repeat = refund(&json(&but(&moved, &[("fund_change", "N")])));
    assert_eq!(verdict(&repeat), ("unknown", "FUND_CHANGE_N".to_owned()));
    for (change, why) in [
        (("refund_fee", "2.99"), Fault::OtherAmount),
        (("refund_fee", "8.81"), Fault::OtherAmount),
        (("refund_fee", ""), Fault::Incomplete),
        (("fund_change", ""), Fault::Incomplete),
        (("out_trade_no", REFUND), Fault::OtherOrder),
    ] {
        assert_eq!(
            fault(&refund(&json(&but(&moved, &[change])))),
            why,
            "{change:?}"
        );
    }
}

#[test]
fn a_refund_that_failed_is_judged_by_its_sub_code() {
    for (sub_code, word) in [
        ("ACQ.SYSTEM_ERROR", "unknown"),
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "curable"),
        ("ACQ.DISCORDANT_REPEAT_REQUEST", "unknown"),
        ("ACQ.TRADE_HAS_CLOSE", "unknown"),
        ("ACQ.TRADE_HAS_FINISHED", "no"),
        ("ACQ.TRADE_NOT_ALLOW_REFUND", "no"),
        ("ACQ.BUYER_ERROR", "no"),
        ("ACQ.TRADE_NOT_EXIST", "unknown"),
        ("ACQ.NEW", "unknown"),
    ] {
        assert_eq!(
            verdict(&refund(&failure(sub_code))),
            (word, sub_code.to_owned())
        );
    }
}

#[test]
fn a_refund_is_proven_by_its_query() {
    let done = [
        ("code", "10000"),
        ("out_trade_no", NUMBER),
        ("out_request_no", REFUND),
        ("total_amount", "8.80"),
        ("refund_amount", "3.00"),
        ("refund_status", "REFUND_SUCCESS"),
    ];
    assert_eq!(
        refund_query(&json(&done)),
        Checked::Yes(RefundState::Success)
    );
    let none = json(&[("code", "10000"), ("msg", "Success")]);
    assert_eq!(refund_query(&none), Checked::Yes(RefundState::NotFound));
    for (change, why) in [
        (("refund_amount", "3.01"), Fault::OtherAmount),
        (("out_request_no", NUMBER), Fault::OtherOrder),
        (("out_trade_no", REFUND), Fault::OtherOrder),
        (("total_amount", "8.00"), Fault::OtherAmount),
        (("refund_status", "REFUND_NEW"), Fault::Incomplete),
    ] {
        assert_eq!(
            fault(&refund_query(&json(&but(&done, &[change])))),
            why,
            "{change:?}"
        );
    }
    assert_eq!(
        verdict(&refund_query(&failure("ACQ.TRADE_NOT_EXIST"))).0,
        "unknown"
    );
}
