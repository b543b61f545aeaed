//! What a terminal must never do is noticed, and what it may do is not.

use crate::desk::Desk;

const LOST: &str = "at=\"after_booking\"\ndo=\"drop\"\n";

fn lose(desk: &mut Desk, kind: &str) {
    desk.faults(&format!("[[fault]]\non=\"{kind}\"\n{LOST}"));
}

#[test]
fn a_second_void_of_a_voided_sale() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    for _ in 0..2 {
        let void = desk.void_of(&sale, &answer);
        desk.send(&void);
    }
    assert_eq!(desk.rules(), ["second_undo"]);
    let violation = &desk.ledger()["violations"][0];
    assert_eq!(
        violation.to_string(),
        r#"{"rule":"second_undo","terminal":"10000001","key":"000001:000004"}"#
    );
}

#[test]
fn a_refund_of_a_voided_sale() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    let void = desk.void_of(&sale, &answer);
    desk.send(&void);
    let refund = desk.refund_of(&answer, 100);
    assert_eq!(desk.send(&refund).code(), "22");
    assert_eq!(desk.rules(), ["second_undo"]);
}

#[test]
fn more_refunds_than_the_sale_has_money() {
    let mut desk = Desk::signed_in();
    let (_, answer) = desk.approved_sale(100);
    for (amount, code) in [(60, "00"), (60, "64")] {
        let refund = desk.refund_of(&answer, amount);
        assert_eq!(desk.send(&refund).code(), code);
    }
    assert_eq!(desk.rules(), ["second_undo"]);
    assert_eq!(desk.ledger()["net"], 40);
}

#[test]
fn another_terminal_cannot_know_that_a_sale_is_voided() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    let void = desk.void_of(&sale, &answer);
    desk.send(&void);
    desk.terminal = "10000002".into();
    desk.sign_in("003");
    let refund = desk.refund_of(&answer, 100);
    assert_eq!(desk.send(&refund).code(), "22");
    assert!(desk.rules().is_empty());
}

#[test]
fn a_card_void_under_a_new_trace_before_its_reversal() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    lose(&mut desk, "void");
    let void = desk.void_of(&sale, &answer);
    assert!(desk.try_send(&void).is_none());
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "22");
    assert_eq!(desk.rules(), ["reversal_skipped", "void_resent"]);
}

#[test]
fn a_card_void_after_its_reversal_is_right() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    lose(&mut desk, "void");
    let void = desk.void_of(&sale, &answer);
    assert!(desk.try_send(&void).is_none());
    assert_eq!(desk.send(&void.reversal()).code(), "00");
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "00");
    assert!(desk.rules().is_empty());
}

#[test]
fn a_void_after_a_reversal_whose_answer_was_lost() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    lose(&mut desk, "void");
    lose(&mut desk, "reversal_void");
    let void = desk.void_of(&sale, &answer);
    assert!(desk.try_send(&void).is_none());
    assert!(desk.try_send(&void.reversal()).is_none());
    let again = desk.void_of(&sale, &answer);
    desk.send(&again);
    assert_eq!(desk.rules(), ["reversal_skipped"]);
}

#[test]
fn a_reversal_that_was_refused_does_not_free_the_void() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    lose(&mut desk, "void");
    desk.faults("[[fault]]\non=\"reversal_void\"\nat=\"request_read\"\ndo=\"code\"\narg=\"96\"\n");
    let void = desk.void_of(&sale, &answer);
    assert!(desk.try_send(&void).is_none());
    assert_eq!(desk.send(&void.reversal()).code(), "96");
    desk.approved_sale(200);
    assert!(
        desk.rules().is_empty(),
        "the queue goes on: {:?}",
        desk.rules()
    );
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "22");
    assert_eq!(desk.rules(), ["void_resent"]);
}

#[test]
fn an_honest_98_leaves_a_reversal_owed_too() {
    let mut desk = Desk::signed_in();
    let sale = desk.sale(9_000_098);
    assert_eq!(desk.send(&sale).code(), "98");
    desk.approved_sale(100);
    assert_eq!(desk.rules(), ["reversal_skipped"]);
    assert_eq!(desk.send(&sale.reversal()).code(), "12");
    desk.approved_sale(100);
    assert_eq!(desk.rules().len(), 1);
}

#[test]
fn a_late_void_that_its_reversal_missed_is_no_breach() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    desk.faults("[[fault]]\non=\"void\"\nat=\"request_read\"\ndo=\"late\"\n");
    let void = desk.void_of(&sale, &answer);
    assert!(desk.try_send(&void).is_none());
    assert_eq!(desk.send(&void.reversal()).code(), "25");
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "22");
    assert!(desk.rules().is_empty(), "{:?}", desk.rules());
}

#[test]
fn a_void_by_payment_code_may_be_sent_again() {
    let mut desk = Desk::signed_in();
    let sale = desk
        .sale(200)
        .without(2)
        .without(14)
        .set(22, "032")
        .set(59, "A30196212345678901234567");
    let answer = desk.send(&sale);
    lose(&mut desk, "void");
    for _ in 0..2 {
        let void = desk
            .void_of(&sale, &answer)
            .without(2)
            .without(14)
            .set(22, "032");
        desk.try_send(&void.set(59, answer.text(59)));
    }
    assert_eq!(desk.answers()[0].code(), "22");
    assert!(desk.rules().is_empty());
}

#[test]
fn a_lie_that_a_void_was_declined_frees_the_terminal() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    desk.faults("[[fault]]\non=\"void\"\nat=\"after_booking\"\ndo=\"code\"\narg=\"51\"\n");
    for code in ["51", "22"] {
        let void = desk.void_of(&sale, &answer);
        assert_eq!(desk.send(&void).code(), code);
    }
    assert!(desk.rules().is_empty());
}

#[test]
fn a_code_that_leaves_it_open_frees_nobody() {
    for at in ["request_read", "after_booking"] {
        let mut desk = Desk::signed_in();
        desk.faults(&format!(
            "[[fault]]\non=\"sale\"\nat=\"{at}\"\ndo=\"code\"\narg=\"98\"\n"
        ));
        let sale = desk.sale(100);
        assert_eq!(desk.send(&sale).code(), "98");
        desk.approved_sale(200);
        assert_eq!(desk.rules(), ["reversal_skipped"], "{at}");
    }
}

#[test]
fn a_new_sale_past_an_owed_reversal() {
    for action in ["drop", "cut", "corrupt", "wrong_mac"] {
        let mut desk = Desk::signed_in();
        desk.faults(&format!(
            "[[fault]]\non=\"sale\"\nat=\"after_booking\"\ndo=\"{action}\"\n"
        ));
        let lost = desk.sale(100);
        desk.try_send(&lost);
        desk.approved_sale(200);
        assert_eq!(desk.rules(), ["reversal_skipped"], "{action}");
        desk.send(&lost.reversal());
        desk.approved_sale(200);
        assert_eq!(desk.rules().len(), 1, "{action}");
    }
}

#[test]
fn a_request_dropped_unread_still_owes_a_reversal() {
    let mut desk = Desk::signed_in();
    desk.faults("[[fault]]\non=\"sale\"\nat=\"request_read\"\ndo=\"cut\"\n");
    let lost = desk.sale(100);
    desk.try_send(&lost);
    desk.approved_sale(200);
    assert_eq!(desk.rules(), ["reversal_skipped"]);
}

#[test]
fn a_refund_sent_again_after_its_answer_was_lost() {
    let mut desk = Desk::signed_in();
    let (_, answer) = desk.approved_sale(100);
    lose(&mut desk, "refund");
    let refund = desk.refund_of(&answer, 40);
    assert!(desk.try_send(&refund).is_none());
    assert_eq!(desk.send(&refund).code(), "94");
    assert_eq!(desk.rules(), ["refund_resent"]);
    let again = desk.refund_of(&answer, 40);
    desk.send(&again);
    assert_eq!(desk.rules(), ["refund_resent", "refund_resent"]);
}

#[test]
fn two_answered_refunds_of_one_amount_are_right() {
    let mut desk = Desk::signed_in();
    let (_, answer) = desk.approved_sale(100);
    for _ in 0..2 {
        let refund = desk.refund_of(&answer, 50);
        assert_eq!(desk.send(&refund).code(), "00");
    }
    assert!(desk.rules().is_empty());
}

#[test]
fn a_trace_used_twice() {
    let mut desk = Desk::signed_in();
    let (sale, _) = desk.approved_sale(100);
    assert_eq!(desk.send(&sale).code(), "94");
    assert_eq!(desk.send(&sale.clone().set(4, "000000000200")).code(), "94");
    assert_eq!(desk.rules(), ["trace_reused", "trace_reused"]);
}

#[test]
fn a_network_that_doubles_a_request_is_no_breach() {
    let mut desk = Desk::signed_in();
    desk.faults("[[fault]]\non=\"sale\"\nat=\"request_read\"\ndo=\"duplicate\"\n");
    let sale = desk.sale(100);
    desk.send(&sale);
    assert!(desk.rules().is_empty());
}

#[test]
fn a_missing_mac() {
    let mut desk = Desk::signed_in();
    let sale = desk.sale(100);
    assert_eq!(desk.send_plain(&sale).unwrap().code(), "A0");
    assert_eq!(desk.rules(), ["mac_missing"]);
    assert_eq!(desk.ledger()["net"], 0);
}

#[test]
fn a_reversal_of_a_reversal() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    let void = desk.void_of(&sale, &answer);
    desk.send(&void);
    desk.send(&void.reversal());
    let trace = desk.next_trace();
    let second = void.reversal().set(11, trace);
    assert_eq!(desk.send(&second).code(), "25");
    assert_eq!(desk.rules(), ["reversal_of_reversal"]);
}

#[test]
fn a_reversal_of_a_refund() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    let refund = desk.refund_of(&answer, 100);
    desk.send(&refund);
    assert_eq!(desk.send(&refund.reversal()).code(), "12");
    assert_eq!(desk.rules(), ["reversal_not_allowed"]);
    assert_eq!(desk.sale_state(&sale).0, "refunded");
}

#[test]
fn a_reversal_that_differs_from_its_original() {
    let mut desk = Desk::signed_in();
    let (sale, _) = desk.approved_sale(100);
    assert_eq!(
        desk.send(&sale.reversal().set(4, "000000000099")).code(),
        "64"
    );
    assert_eq!(desk.rules(), ["reversal_altered"]);
    assert_eq!(desk.sale_state(&sale).0, "approved");
}
