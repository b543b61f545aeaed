//! The pre-auth family.

use pos_iso8583::Mti;

use crate::desk::{Answer, Desk, Draft, OTHER_CARD};

fn preauth(desk: &mut Desk, amount: i64) -> (Draft, Answer) {
    let draft = desk
        .financial(Mti::AUTHORIZATION, "030000", "10", amount)
        .set(25, "06");
    let answer = desk.send(&draft);
    assert_eq!(
        (answer.code(), answer.0.mti.to_string().as_str()),
        ("00", "0110")
    );
    assert!(desk.mac_is_right(&answer));
    (draft, answer)
}

fn follow_up(desk: &mut Desk, mti: Mti, code: &str, kind: &str, held: &Answer, fen: i64) -> Draft {
    desk.financial(mti, code, kind, fen)
        .set(25, "06")
        .set(38, held.text(38))
        .set(61, format!("000000000000{}", held.text(13)))
}

fn complete(desk: &mut Desk, held: &Answer, fen: i64) -> Draft {
    follow_up(desk, Mti::FINANCIAL, "000000", "20", held, fen)
}

fn void_hold(desk: &mut Desk, held: &Answer, fen: i64) -> Draft {
    follow_up(desk, Mti::AUTHORIZATION, "200000", "11", held, fen)
}

fn void_completion(desk: &mut Desk, completion: &Draft, answer: &Answer) -> Draft {
    let amount = completion.fields.text(4).unwrap().parse().unwrap();
    desk.financial(Mti::FINANCIAL, "200000", "21", amount)
        .set(25, "06")
        .set(37, answer.text(37))
        .set(38, answer.text(38))
        .set(
            61,
            format!("000001{}{}", completion.trace(), answer.text(13)),
        )
}

fn hold_state(desk: &Desk) -> String {
    desk.ledger()["holds"][0]["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_hold_is_completed_and_the_completion_voided() {
    let mut desk = Desk::signed_in();
    let (_, held) = preauth(&mut desk, 1000);
    assert_eq!(
        (desk.ledger()["net"].as_i64(), hold_state(&desk).as_str()),
        (Some(0), "approved")
    );
    let too_much = complete(&mut desk, &held, 1151);
    assert_eq!(desk.send(&too_much).code(), "13");
    let completion = complete(&mut desk, &held, 1150);
    let done = desk.send(&completion);
    assert_eq!((done.code(), done.text(38)), ("00", held.text(38)));
    assert_eq!(desk.sale_state(&completion), ("approved".into(), 1150));
    assert_eq!(hold_state(&desk), "completed");
    let again = complete(&mut desk, &held, 10);
    assert_eq!(desk.send(&again).code(), "22");
    let void = void_completion(&mut desk, &completion, &done);
    assert_eq!(desk.send(&void).code(), "00");
    assert_eq!(desk.sale_state(&completion), ("voided".into(), 0));
    assert_eq!(hold_state(&desk), "approved");
    assert_eq!(desk.send(&void.reversal()).code(), "00");
    assert_eq!(desk.sale_state(&completion), ("approved".into(), 1150));
    assert_eq!(hold_state(&desk), "completed");
    assert_eq!(desk.send(&completion.reversal()).code(), "00");
    assert_eq!(
        (
            desk.sale_state(&completion).0.as_str(),
            hold_state(&desk).as_str()
        ),
        ("reversed", "approved")
    );
    assert!(desk.rules().is_empty(), "{:?}", desk.rules());
}

#[test]
fn a_hold_is_voided_and_the_void_reversed() {
    let mut desk = Desk::signed_in();
    let (draft, held) = preauth(&mut desk, 1000);
    let part = void_hold(&mut desk, &held, 999);
    assert_eq!(desk.send(&part).code(), "64");
    let void = void_hold(&mut desk, &held, 1000);
    assert_eq!(desk.send(&void).code(), "00");
    assert_eq!(hold_state(&desk), "voided");
    let late = complete(&mut desk, &held, 1000);
    assert_eq!(desk.send(&late).code(), "22");
    let reversal = void
        .reversal()
        .set(61, format!("000001{}0000", void.trace()));
    assert_eq!(desk.send(&reversal).code(), "00");
    assert_eq!(hold_state(&desk), "approved");
    assert_eq!(desk.send(&draft.reversal()).code(), "00");
    assert_eq!(hold_state(&desk), "reversed");
}

#[test]
fn rows_of_a_wrong_follow_up() {
    let mut desk = Desk::signed_in();
    let (_, held) = preauth(&mut desk, 1000);
    let other_card = complete(&mut desk, &held, 10).set(2, OTHER_CARD);
    assert_eq!(desk.send(&other_card).code(), "14");
    let other_auth = complete(&mut desk, &held, 10).set(38, "XXXXXX");
    assert_eq!(desk.send(&other_auth).code(), "25");
    let other_date = complete(&mut desk, &held, 10).set(61, "0000000000001123");
    assert_eq!(desk.send(&other_date).code(), "25");
    for _ in 0..31 {
        desk.host.cutover(desk.now, 0);
    }
    let old = complete(&mut desk, &held, 10);
    assert_eq!(desk.send(&old).code(), "22", "more than thirty days");
}

#[test]
fn a_hold_can_be_completed_from_another_terminal_on_another_day() {
    let mut desk = Desk::signed_in();
    let (_, held) = preauth(&mut desk, 1000);
    desk.host.cutover(desk.now, 0);
    desk.terminal = "10000002".into();
    desk.sign_in("003");
    let completion = complete(&mut desk, &held, 900);
    assert_eq!(desk.send(&completion).code(), "00");
    assert_eq!(desk.ledger()["net"], 900);
}

#[test]
fn a_completion_advice_is_repeated_and_cannot_be_voided() {
    let mut desk = Desk::signed_in();
    let (_, held) = preauth(&mut desk, 1000);
    let advice = follow_up(&mut desk, Mti::NOTICE, "000000", "24", &held, 900);
    let done = desk.send(&advice);
    assert_eq!(
        (done.code(), done.0.mti.to_string().as_str()),
        ("00", "0230")
    );
    assert_eq!(desk.send(&advice).code(), "94");
    assert!(desk.rules().is_empty());
    let void = void_completion(&mut desk, &advice, &done).without(38);
    assert_eq!(desk.send(&void).code(), "12");
    assert_eq!(desk.ledger()["net"], 900);
}

#[test]
fn a_declined_notice_stays_declined() {
    let mut desk = Desk::signed_in();
    let (_, held) = preauth(&mut desk, 1000);
    let advice = follow_up(&mut desk, Mti::NOTICE, "000000", "24", &held, 1151);
    assert_eq!(desk.send(&advice).code(), "13");
    assert_eq!(desk.send(&advice).code(), "13");
}

#[test]
fn offline_sales_are_booked_once() {
    let mut desk = Desk::signed_in();
    let chip = desk.financial(Mti::FINANCIAL, "000000", "36", 100);
    let keyed = desk.financial(Mti::NOTICE, "000000", "30", 50);
    for (draft, code) in [(&chip, "00"), (&chip, "94"), (&keyed, "00"), (&keyed, "94")] {
        assert_eq!(desk.send(draft).code(), code);
    }
    assert_eq!(desk.ledger()["net"], 150);
    assert!(desk.rules().is_empty());
}

#[test]
fn a_balance_inquiry_books_nothing() {
    let mut desk = Desk::signed_in();
    let inquiry = desk.financial(Mti::FINANCIAL, "310000", "01", 1).without(4);
    let answer = desk.send(&inquiry);
    assert_eq!(
        (answer.code(), answer.text(54)),
        ("00", "1002156C999999999999")
    );
    assert!(!answer.has(4) && !answer.has(15) && !answer.has(38));
    assert_eq!(desk.ledger()["sales"].as_array().unwrap().len(), 0);
}
