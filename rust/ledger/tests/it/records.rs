//! Trusted time, events, operators, settlement, and the schedule of debts.

use pos_domain::status::AttemptState;
use pos_domain::{LocalCode, ObligationKind, ObligationStatus, WallTime};
use pos_ledger::{LedgerError, Phase, Role};

use crate::support::{Home, NOW, add_void_with_attempt, home_with_sale, id, moment, owed, stamp};

#[test]
fn i09_trusted_time_runs_on_the_monotonic_clock_and_ends_with_the_boot() {
    let home = Home::new();
    assert_eq!(home.read(|query| query.trusted_time()), None);
    home.write(|tx| tx.set_trusted_time(WallTime(NOW + 7)))
        .unwrap();
    let home = home.reopened();
    let told = home.read(|query| query.trusted_time()).unwrap();
    let mut later = moment(61_000, "boot-a");
    later.wall = WallTime(0);
    assert_eq!(told.at(&later), Some(WallTime(NOW + 7 + 60_000)));
    assert_eq!(told.at(&moment(61_000, "boot-b")), None);
}

#[test]
fn i09_malformed_stored_time_is_an_error_not_a_guess() {
    let home = Home::new();
    home.write(|tx| tx.set_setting("time.host", "soon"))
        .unwrap();
    let read = home.ledger.read(|query| query.trusted_time());
    assert!(matches!(read, Err(LedgerError::Value("time"))));
}

#[test]
fn settings_are_listed_by_their_beginning() {
    let home = Home::new();
    home.write(|tx| {
        for (key, value) in [("b.y", "2"), ("a.x", "1"), ("b.x", "3"), ("b%", "4")] {
            tx.set_setting(key, value)?;
        }
        tx.set_setting("b.x", "5")
    })
    .unwrap();
    let found = home.read(|query| query.settings("b."));
    assert_eq!(
        found,
        [("b.x".into(), "5".into()), ("b.y".into(), "2".into())]
    );
    assert_eq!(home.read(|query| query.setting("c")), None);
}

#[test]
fn i01_events_are_told_until_they_are_acknowledged() {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    let waiting = |home: &Home| home.read(|query| query.waiting_events(10));
    let first = waiting(&home);
    let told: Vec<_> = first
        .iter()
        .map(|e| (e.subject.as_str(), e.payload.as_str()))
        .collect();
    assert_eq!(told, [("S1", "approved"), ("V1", "queued")]);
    let home = home.reopened();
    assert_eq!(waiting(&home), first);
    assert_eq!(home.read(|query| query.waiting_events(1)), first[..1]);
    home.write(|tx| tx.acknowledge_events(first[0].seq))
        .unwrap();
    assert_eq!(waiting(&home), first[1..]);
    home.write(|tx| tx.acknowledge_events(i64::MAX)).unwrap();
    let home = home.reopened();
    assert!(waiting(&home).is_empty());
    // What comes later was not acknowledged by that, nor does an old number take one back.
    home.write(|tx| tx.event("sale", "S2", "approved")).unwrap();
    home.write(|tx| tx.acknowledge_events(1)).unwrap();
    let left: Vec<_> = waiting(&home).into_iter().map(|e| e.subject).collect();
    assert_eq!(left, ["S2"]);
}

#[test]
fn i01_an_event_is_there_only_with_the_change_it_tells_of() {
    let home = home_with_sale();
    let failed: Result<(), LedgerError> = home.write(|tx| {
        tx.event("sale", "S1", "voided")?;
        Err(LedgerError::Value("test"))
    });
    assert!(failed.is_err());
    assert_eq!(home.read(|query| query.events_of("S1")).len(), 1);
}

#[test]
fn operators_are_kept_with_their_wrong_pins() {
    let home = Home::new();
    assert!(!home.read(|query| query.has_supervisor()));
    home.write(|tx| {
        tx.put_operator("01", "甲", Role::Cashier, None)?;
        tx.put_operator("09", "店长", Role::Supervisor, Some("hash"))
    })
    .unwrap();
    assert!(home.read(|query| query.has_supervisor()));
    home.write(|tx| tx.note_pin_try("09", 5, Some(901_000)))
        .unwrap();
    let home = home.reopened();
    let boss = home.read(|query| query.operator("09")).unwrap();
    assert_eq!((boss.failures, boss.locked_until), (5, Some(901_000)));
    assert_eq!(boss.locked_boot.as_deref(), Some("boot-a"));
    assert_eq!(boss.pin_hash.as_deref(), Some("hash"));
    home.write(|tx| tx.disable_operator("09")).unwrap();
    assert!(!home.read(|query| query.has_supervisor()));
    let all = home.read(|query| query.operators());
    let numbers: Vec<_> = all.iter().map(|o| (o.no.as_str(), o.disabled)).collect();
    assert_eq!(numbers, [("01", false), ("09", true)]);
    let nobody = home.write(|tx| tx.disable_operator("77"));
    assert!(matches!(nobody, Err(LedgerError::Missing { .. })));
    home.write(|tx| tx.put_operator("09", "店长", Role::Supervisor, Some("new")))
        .unwrap();
    let back = home.read(|query| query.operator("09")).unwrap();
    assert_eq!(
        (back.failures, back.locked_until, back.disabled),
        (0, None, false)
    );
}

#[test]
fn i08_settlement_goes_on_where_it_stopped() {
    let home = Home::new();
    let set = |phase, request| {
        home.write(|tx| tx.set_settlement_phase("000001", phase, request, None))
            .unwrap();
    };
    set(Phase::Draining, None);
    assert!(home.read(|query| query.interrupted_settlement()).is_none());
    set(Phase::Closing, Some("0001"));
    set(Phase::Uploading, None);
    home.write(|tx| tx.set_uploaded("000001", 3, 1)).unwrap();
    let home = home.reopened();
    let found = home.read(|query| query.interrupted_settlement()).unwrap();
    assert_eq!(
        (found.phase, found.request.as_deref()),
        (Phase::Uploading, Some("0001"))
    );
    assert_eq!((found.uploaded, found.failed), (3, 1));
    home.write(|tx| tx.set_settlement_phase("000001", Phase::Cleared, None, Some("11")))
        .unwrap();
    assert!(home.read(|query| query.interrupted_settlement()).is_none());
    let done = home.read(|query| query.settlement("000001")).unwrap();
    assert_eq!(
        (done.phase, done.verdict.as_deref()),
        (Phase::Cleared, Some("11"))
    );
    assert!(done.cleared.is_some());
}

#[test]
fn an_unknown_phase_is_refused() {
    let home = Home::new();
    let raw = "INSERT INTO settlement (batch, phase, started) VALUES ('000001', 'lost', 0)";
    assert!(home.sql(raw).unwrap_err().contains("CHECK"));
}

#[test]
fn i10_reversals_stand_in_the_gate_oldest_first_until_they_are_escalated() {
    let home = home_with_sale();
    home.write(|tx| {
        for (name, kind) in [
            ("R1", ObligationKind::Reversal),
            ("Q1", ObligationKind::Query),
            ("R2", ObligationKind::Reversal),
            ("R3", ObligationKind::Reversal),
        ] {
            tx.insert_obligation(&owed(&id(name), kind, &id("S1")))?;
        }
        let (r4, s1) = (id("R4"), id("S1"));
        let mut armed = owed(&r4, ObligationKind::Reversal, &s1);
        armed.status = ObligationStatus::Armed;
        tx.insert_obligation(&armed)?;
        tx.set_obligation_status(&id("R1"), ObligationStatus::Escalated, None)?;
        tx.close_obligation(&id("R3"), "answered 00")
    })
    .unwrap();
    let names = |list: Vec<pos_ledger::Obligation>| -> Vec<String> {
        list.iter().map(|o| o.id.to_string()).collect()
    };
    let gate = home.read(|query| query.gate_reversals());
    assert_eq!(names(gate), ["R2"]);
    let open = home.read(|query| query.open_obligations());
    assert_eq!(names(open), ["R1", "Q1", "R2"]);
    home.write(|tx| tx.owe_reversal(&id("R4"), "98", None))
        .unwrap();
    let gate = home.read(|query| query.gate_reversals());
    assert_eq!(gate[1].reason.as_deref(), Some("98"));
    assert_eq!(names(gate), ["R2", "R4"]);
}

#[test]
fn i09_a_debts_next_try_waits_on_the_monotonic_clock_and_a_reboot_makes_it_due() {
    let home = home_with_sale();
    let r1 = id("R1");
    home.write(|tx| {
        tx.insert_obligation(&owed(&r1, ObligationKind::Reversal, &id("S1")))?;
        tx.note_try(&r1, Some(&LocalCode::Interrupted.into()), false, 30_000)?;
        tx.note_try(&r1, None, true, 60_000)
    })
    .unwrap();
    let debt = home.reopened().read(|query| query.obligation(&r1));
    assert_eq!((debt.tries, debt.answered, debt.attempts), (2, 1, 2));
    assert_eq!(debt.code, Some(LocalCode::Interrupted.into()));
    let begun = stamp().at.since_boot;
    assert!(!debt.is_due(&moment(begun + 59_999, "boot-a")));
    assert!(debt.is_due(&moment(begun + 60_000, "boot-a")));
    assert!(debt.is_due(&moment(0, "boot-b")));
    let shown = debt.next_try_at(&moment(begun, "boot-a"));
    assert_eq!(shown, WallTime(NOW + begun + 60_000));
}

#[test]
fn a_new_round_forgets_tries_and_never_the_debt() {
    let home = home_with_sale();
    let r1 = id("R1");
    home.write(|tx| {
        tx.insert_obligation(&owed(&r1, ObligationKind::Reversal, &id("S1")))?;
        tx.note_try(&r1, None, true, 30_000)?;
        tx.new_round(&r1)
    })
    .unwrap();
    let debt = home.read(|query| query.obligation(&r1));
    assert_eq!(
        (debt.rounds, debt.tries, debt.answered, debt.attempts),
        (1, 0, 0, 1)
    );
    assert_eq!(debt.status, ObligationStatus::Owed);
    home.write(|tx| tx.make_all_due()).unwrap();
    let debt = home.read(|query| query.obligation(&r1));
    assert!(debt.is_due(&stamp().at));
}

#[test]
fn i02_an_attempt_counts_as_sent_until_it_is_proven_otherwise() {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    let home = home.reopened();
    let left = home.read(|query| query.interrupted_attempts());
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].state, left[0].trace.as_str()),
        (AttemptState::Intended, "000002")
    );
    let unproven = || home.read(|query| query.has_unproven_attempt(&id("V1")));
    assert!(unproven());
    let close = |state| {
        home.write(|tx| tx.close_attempt(&id("A1"), state, None, None))
            .unwrap();
    };
    close(AttemptState::NoAnswer);
    assert!(unproven());
    assert!(home.read(|query| query.interrupted_attempts()).is_empty());
    close(AttemptState::Reversed);
    assert!(!unproven());
    let reversal = home.read(|query| query.reversal_of(&id("A1"))).unwrap();
    assert_eq!(
        (reversal.id, reversal.status),
        (id("R1"), ObligationStatus::Armed)
    );
    assert_eq!(
        home.read(|query| query.attempts_by_trace("000002")).len(),
        1
    );
    assert_eq!(home.read(|query| query.attempts_of(&id("S1"))).len(), 1);
    assert_eq!(home.read(|query| query.attempts_at(&id("V1"))).len(), 1);
    assert_eq!(home.read(|query| query.obligations_of(&id("S1"))).len(), 2);
}

#[test]
fn a_stored_word_of_another_version_is_named() {
    let home = home_with_sale();
    home.sql("UPDATE original SET status = 'teleported'")
        .unwrap();
    let read = home.ledger.read(|query| query.original(&id("S1")));
    assert!(matches!(read, Err(LedgerError::Value("state"))), "{read:?}");
}
