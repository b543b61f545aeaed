//! Who has to consent to what, and whose consent counts.

use pos_domain::LocalCode;
use pos_policy::lockout::LOCK_MS;
use pos_policy::{Act, Crew, Limits, Lock, Needed, needed_for};

use crate::support::{NOW, Shop, fen};

const STAFFED: Crew = Crew {
    operators: 3,
    supervisors: 1,
};
const ALONE: Crew = Crew {
    operators: 1,
    supervisors: 0,
};
const BOSS: (&str, Option<&str>) = ("09", Some("260909"));
const DEPUTY: (&str, Option<&str>) = ("08", Some("260808"));
const TILL: (&str, Option<&str>) = ("01", Some("260101"));

fn needed(act: Act, crew: Crew) -> Needed {
    needed_for(act, Some(fen(500)), crew, &Limits::default())
}

#[test]
fn each_act_needs_its_consent() {
    for act in Act::ALL {
        let wanted = match act {
            Act::Sell | Act::Hold | Act::Settle => Needed::Nobody,
            Act::Resolve | Act::Clear => Needed::TwoPeople,
            _ => Needed::Supervisor,
        };
        assert_eq!(needed(*act, STAFFED), wanted, "{act}");
    }
}

#[test]
fn a_home_without_a_supervisor_asks_for_none_but_never_lets_one_person_resolve() {
    for act in Act::ALL {
        let wanted = match act {
            Act::Resolve | Act::Clear => Needed::TwoPeople,
            _ => Needed::Nobody,
        };
        assert_eq!(needed(*act, ALONE), wanted, "{act}");
    }
}

#[test]
fn a_small_void_may_be_free_of_approval_and_nothing_else() {
    let limits = Limits {
        void_approval_over: Some(500),
        ..Limits::default()
    };
    for (act, minor, wanted) in [
        (Act::Void, 500, Needed::Nobody),
        (Act::Void, 501, Needed::Supervisor),
        (Act::Withdraw, 500, Needed::Nobody),
        (Act::Withdraw, 501, Needed::Supervisor),
        (Act::Refund, 1, Needed::Supervisor),
        (Act::Resolve, 1, Needed::TwoPeople),
    ] {
        let found = needed_for(act, Some(fen(minor)), STAFFED, &limits);
        assert_eq!(found, wanted, "{act} {minor}");
    }
    let unsized_void = needed_for(Act::Void, None, STAFFED, &limits);
    assert_eq!(unsized_void, Needed::Supervisor);
}

#[test]
fn one_supervisor_is_enough_where_one_is_needed() {
    let shop = Shop::new();
    let consent = shop.consent(Needed::Supervisor, &[BOSS]);
    assert_eq!((consent.approver.as_str(), consent.second), ("09", None));
    assert_eq!(consent.original.unwrap().as_str(), "S1");
    assert_eq!(
        (consent.act, consent.amount),
        (Act::Resolve, Some(fen(500)))
    );
    assert_eq!(shop.ask(Needed::Nobody, &[]).verdict, Ok(None));
    let nobody = shop.refusal(Needed::Supervisor, &[]);
    assert_eq!(nobody, LocalCode::ApprovalNeeded);
}

#[test]
fn a_cashier_cannot_approve_and_their_pin_is_not_even_tried() {
    let check = Shop::new().ask(Needed::Supervisor, &[TILL]);
    assert_eq!(check.verdict, Err(LocalCode::ApprovalNotSupervisor));
    assert!(check.notes.is_empty());
}

#[test]
fn i04_two_different_people_one_a_supervisor_resolve_and_no_one_alone() {
    let shop = Shop::new();
    for people in [[BOSS, TILL], [TILL, BOSS], [BOSS, DEPUTY]] {
        let check = shop.ask(Needed::TwoPeople, &people);
        assert_eq!(check.notes.len(), 2);
        let consent = check.verdict.unwrap().unwrap();
        assert_eq!(consent.approver, "09");
        assert!(consent.second.is_some_and(|second| second != "09"));
    }
    let refusal = |people: &[_]| shop.refusal(Needed::TwoPeople, people);
    assert_eq!(refusal(&[BOSS]), LocalCode::TwoPeopleNeeded);
    assert_eq!(refusal(&[BOSS, BOSS]), LocalCode::ApprovalSamePerson);
    let demoted = Shop::new().edit("09", |m| m.role = pos_policy::Role::Cashier);
    assert_eq!(
        demoted.refusal(Needed::TwoPeople, &[TILL, BOSS]),
        LocalCode::ApprovalNotSupervisor
    );
    let (wrong, missing) = (("01", Some("260102")), ("01", None));
    assert_eq!(refusal(&[BOSS, wrong]), LocalCode::ApprovalPinWrong);
    assert_eq!(refusal(&[BOSS, missing]), LocalCode::ApprovalPinWrong);
}

#[test]
fn a_wrong_approval_pin_is_counted_and_locks() {
    let wrong = [("09", Some("260808"))];
    let check = Shop::new().ask(Needed::Supervisor, &wrong);
    assert_eq!(check.verdict, Err(LocalCode::ApprovalPinWrong));
    assert_eq!(
        (check.notes[0].failures, check.notes[0].locked_until),
        (1, None)
    );
    let nearly = Shop::new().edit("09", |m| m.failures = 4);
    let check = nearly.ask(Needed::Supervisor, &wrong);
    assert_eq!(check.verdict, Err(LocalCode::OperatorLocked));
    assert_eq!(check.notes[0].locked_until, Some(NOW + LOCK_MS));
}

#[test]
fn locked_disabled_unknown_and_pinless_people_approve_nothing() {
    let lock = Lock {
        until: NOW + 1,
        boot_id: "a".into(),
    };
    let locked = Shop::new().edit("09", |m| m.lock = Some(lock));
    let disabled = Shop::new().edit("09", |m| m.disabled = true);
    let pinless = Shop::new().edit("09", |m| m.pin_hash = None);
    for (shop, code) in [
        (locked, LocalCode::OperatorLocked),
        (disabled, LocalCode::OperatorDisabled),
        (pinless, LocalCode::ApprovalPinWrong),
    ] {
        assert_eq!(shop.refusal(Needed::Supervisor, &[BOSS]), code);
        assert_eq!(shop.refusal(Needed::TwoPeople, &[TILL, BOSS]), code);
    }
    let stranger = [("77", Some("260909"))];
    assert_eq!(
        Shop::new().refusal(Needed::Supervisor, &stranger),
        LocalCode::OperatorUnknown
    );
}

#[test]
fn i11_no_pin_shows_in_a_check() {
    let shown = format!("{:?}", Shop::new().ask(Needed::TwoPeople, &[BOSS, TILL]));
    assert!(!shown.contains("2609") && !shown.contains("2601") && !shown.contains("argon2"));
}
