//! Voids, refunds and reversals: every row of the dialect's table of related transactions.

use crate::desk::{Desk, OTHER_CARD};

#[test]
fn a_void_takes_the_whole_sale_back() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let void = desk.void_of(&sale, &answer);
    let answer = desk.send(&void);
    assert_eq!(answer.code(), "00");
    assert!(desk.mac_is_right(&answer));
    assert!(answer.has(38) && !answer.has(54));
    assert_eq!(desk.sale_state(&sale), ("voided".into(), 0));
    let undo = &desk.ledger()["sales"][0]["undos"][0];
    assert_eq!(
        undo.to_string(),
        r#"{"kind":"void","key":"000001:000003","amount":1234,"state":"effective"}"#
    );
    assert_eq!(desk.ledger()["net"], 0);
}

#[test]
fn rows_of_a_wrong_void() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let declined = desk.sale(9_000_051);
    let refused = desk.send(&declined);
    let (ok, rows) = {
        let mut void = |sale, answer| desk.void_of(sale, answer);
        let rows = [
            (
                "unknown trace",
                void(&sale, &answer).set(61, "000001000999"),
                "25",
            ),
            (
                "unknown batch",
                void(&sale, &answer).set(61, "000009000002"),
                "25",
            ),
            (
                "other reference",
                void(&sale, &answer).set(37, "112400000099"),
                "25",
            ),
            (
                "other authorization",
                void(&sale, &answer).set(38, "XXXXXX"),
                "25",
            ),
            (
                "never approved",
                void(&declined, &refused).without(38),
                "12",
            ),
            ("other card", void(&sale, &answer).set(2, OTHER_CARD), "14"),
            (
                "other amount",
                void(&sale, &answer).set(4, "000000001233"),
                "64",
            ),
            ("no card at all", void(&sale, &answer).without(2), "30"),
        ];
        (void(&sale, &answer), rows)
    };
    for (why, draft, code) in rows {
        assert_eq!(desk.send(&draft).code(), code, "{why}");
    }
    assert_eq!(desk.sale_state(&sale), ("approved".into(), 1234));
    assert_eq!(desk.send(&ok).code(), "00");
}

#[test]
fn a_void_from_another_terminal_is_58() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    desk.terminal = "10000002".into();
    desk.sign_in("003");
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "58");
}

#[test]
fn void_twice_is_22_and_a_reused_trace_94() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "00");
    assert_eq!(desk.send(&void).code(), "94");
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "22");
    assert_eq!(desk.send(&sale).code(), "94");
    assert_eq!(desk.ledger()["net"], 0);
}

#[test]
fn after_a_cut_over_a_void_is_12_and_so_is_a_reversal() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    desk.host.cutover(desk.now, 120_000);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "90");
    assert_eq!(desk.send(&sale.reversal()).code(), "90");
    desk.now = desk.now.plus(120_000);
    let answer = desk.send(&void);
    assert_eq!(
        (answer.code(), answer.text(15), answer.text(13)),
        ("12", "1125", "1124")
    );
    assert_eq!(desk.send(&sale.reversal()).code(), "12");
    assert_eq!(desk.sale_state(&sale), ("approved".into(), 1234));
}

#[test]
fn a_void_by_payment_code_needs_no_card() {
    let mut desk = Desk::signed_in();
    let sale = desk
        .sale(200)
        .without(2)
        .without(14)
        .set(22, "032")
        .set(59, "A30196212345678901234567");
    let answer = desk.send(&sale);
    let bare = desk
        .void_of(&sale, &answer)
        .without(2)
        .without(14)
        .set(22, "032");
    let wrong = bare.clone().set(59, format!("A4020{:0>20}", 1));
    assert_eq!(desk.send(&wrong).code(), "25");
    let right = desk
        .void_of(&sale, &answer)
        .without(2)
        .without(14)
        .set(22, "032");
    let right = right.set(59, answer.text(59));
    assert_eq!(desk.send(&right).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("voided".into(), 0));
}

#[test]
fn a_reversal_takes_a_sale_back_once() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let reversal = sale.reversal();
    let done = desk.send(&reversal);
    assert_eq!(
        (done.code(), done.0.mti.to_string().as_str()),
        ("00", "0410")
    );
    assert!(desk.mac_is_right(&done));
    assert!(!done.has(63) && !done.has(38));
    assert_eq!(desk.sale_state(&sale), ("reversed".into(), 0));
    assert_eq!(desk.send(&reversal).code(), "22");
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "22");
}

#[test]
fn a_reversal_of_nothing_is_25_and_of_a_decline_12() {
    let mut desk = Desk::signed_in();
    let unsent = desk.sale(100);
    assert_eq!(desk.send(&unsent.reversal()).code(), "25");
    let declined = desk.sale(9_000_051);
    desk.send(&declined);
    assert_eq!(desk.send(&declined.reversal()).code(), "12");
    assert!(desk.rules().is_empty());
}

#[test]
fn a_reversed_void_lets_the_sale_stand_again() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let void = desk.void_of(&sale, &answer);
    desk.send(&void);
    assert_eq!(desk.send(&sale.reversal()).code(), "22");
    assert_eq!(desk.send(&void.reversal()).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("approved".into(), 1234));
    assert_eq!(desk.ledger()["sales"][0]["undos"][0]["state"], "reversed");
    let again = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&again).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("voided".into(), 0));
    assert!(desk.rules().is_empty(), "{:?}", desk.rules());
}

#[test]
fn refunds_take_parts_until_nothing_is_left() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1000);
    let part = desk.refund_of(&answer, 400);
    let done = desk.send(&part);
    assert_eq!((done.code(), done.has(38)), ("00", false));
    assert_eq!(desk.sale_state(&sale), ("partly_refunded".into(), 600));
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "22");
    let wrong_card = desk.refund_of(&answer, 1).set(2, OTHER_CARD);
    assert_eq!(desk.send(&wrong_card).code(), "14");
    let unknown = desk.refund_of(&answer, 1).set(37, "112400000099");
    assert_eq!(desk.send(&unknown).code(), "25");
    let wrong_date = desk.refund_of(&answer, 1).set(61, "0000000000001123");
    assert_eq!(desk.send(&wrong_date).code(), "25");
    let rest = desk.refund_of(&answer, 600);
    assert_eq!(desk.send(&rest).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("refunded".into(), 0));
    assert_eq!(desk.send(&sale.reversal()).code(), "22");
}

#[test]
fn a_refund_works_after_the_day_and_from_another_terminal() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1000);
    desk.host.cutover(desk.now, 0);
    desk.terminal = "10000002".into();
    desk.sign_in("003");
    let refund = desk.refund_of(&answer, 1000);
    assert_eq!(desk.send(&refund).code(), "00");
    desk.terminal = "10000001".into();
    assert_eq!(desk.sale_state(&sale), ("refunded".into(), 0));
}
