//! UnionPay payment codes through 8583: sale, void, refund and reversal by F59.

use pos_sim::Settings;

use crate::desk::{Answer, Desk, Draft};

const DIGITS: &str = "A30196212345678901234567";

fn by_code(desk: &mut Desk, code: &str) -> Draft {
    let sale = desk.sale(880).without(2).without(14);
    sale.set(22, "032").set(59, code)
}

fn void(desk: &mut Desk, sale: &Draft, answer: &Answer) -> Draft {
    let void = desk.void_of(sale, answer).without(2).without(14);
    void.set(22, "032").set(59, answer.text(59))
}

#[test]
fn digits_and_a_picture_of_emvco_are_both_taken() {
    let mut desk = Desk::signed_in();
    let picture = concat!(
        "hQVDUFYwMWFWTwigAAADMwEBAlcRYmNgAQBxNnLSMSIBAAABiAFfNAEAYzOfJghWite85mtxi58nAYCfEBEHAAED",
        "oAAAAQgwMDAwMDAwMZ82AhEiggIAAJ83BCJgSI4="
    );
    let picture = format!("A3{:03}{picture}", picture.len());
    for (code, wanted) in [
        (DIGITS, "00"),
        (&picture, "00"),
        ("A3018621234567890123456", "14"),
        ("A3019621234567890123456X", "14"),
        ("A10196212345678901234567", "30"),
    ] {
        let sale = by_code(&mut desk, code);
        assert_eq!(desk.send(&sale).code(), wanted, "{code}");
    }
    assert!(desk.rules().is_empty());
}

#[test]
fn a_refund_needs_the_voucher_and_a_reversal_the_code() {
    let mut desk = Desk::signed_in();
    let sale = by_code(&mut desk, DIGITS);
    let answer = desk.send(&sale);
    let refund = desk.refund_of(&answer, 300).without(2).without(14);
    let refund = refund.set(22, "032");
    let other = refund.clone().set(59, format!("A4020{:0>20}", 1));
    assert_eq!(desk.send(&other).code(), "25");
    let trace = desk.next_trace();
    let right = refund.set(11, trace).set(59, answer.text(59));
    assert_eq!(desk.send(&right).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("partly_refunded".into(), 580));

    let second = by_code(&mut desk, DIGITS);
    desk.send(&second);
    assert_eq!(desk.send(&second.reversal()).code(), "00");
    assert_eq!(desk.sale_state(&second), ("reversed".into(), 0));
    assert!(desk.rules().is_empty());
}

#[test]
fn the_reversal_of_a_void_is_a_matter_of_the_acquirer() {
    for (allowed, code, state) in [(true, "00", "approved"), (false, "40", "voided")] {
        let mut desk = Desk::with(Settings {
            code_void_reversal: allowed,
            ..Settings::default()
        });
        desk.sign_in("003");
        let sale = by_code(&mut desk, DIGITS);
        let answer = desk.send(&sale);
        let void = void(&mut desk, &sale, &answer);
        assert_eq!(desk.send(&void).code(), "00");
        let reversal = void.reversal().without(59);
        let said = desk.try_send(&reversal).unwrap();
        assert_eq!(said.code(), code);
        assert_eq!(desk.sale_state(&sale).0, state);
        assert_eq!(desk.rules().is_empty(), allowed);
    }
}
