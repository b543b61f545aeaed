//! Reversals (decisions 2, 3, 4, 8 and 13): what each answer proves, when, and how often one goes
//! out.

use std::time::Duration;

use pos_channels::unionpay::VoidReversalOriginal;
use pos_domain::{Id, SaleStatus, UndoStatus};
use pos_ledger::Net;
use pos_scenarios::{Shop, fault, findings};
use pos_sim::AnswerCode;

/// A sale that was never answered, whose own reversal got no answer either.
async fn lost_sale(shop: &Shop, at: &str) -> Id {
    shop.sell(500).await.unwrap();
    shop.fault("sale", at, "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    sale
}

#[tokio::test(start_paused = true)]
async fn a_25_of_the_same_day_closes_and_one_more_goes_out_after_the_late_window() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 25");
    let report = shop.desk.pass("01").await.unwrap();
    assert_eq!(
        (report.left, shop.count("reversal_sale")),
        (0, 1),
        "the confirming one counts as nothing left"
    );
    let wait = report.next_due_ms.unwrap();
    assert!((1..=120_000).contains(&wait), "{wait}");
    let next = shop.sell(700).await.unwrap();
    assert_eq!(
        shop.status(&next),
        SaleStatus::Approved,
        "and it blocks nothing"
    );
    assert_eq!(shop.count("reversal_sale"), 1);
    shop.wait(wait).await;
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.count("reversal_sale"), 2);
    assert_eq!(shop.desk.pass("01").await.unwrap().next_due_ms, None);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn the_confirming_reversal_takes_back_a_sale_that_came_late() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.faults(&fault("sale", "request_read", "late", "1"));
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_ne!(findings(&shop), [], "the host took it after all");
    shop.finish(9).await.unwrap();
    assert_eq!(shop.count("reversal_sale"), 2);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_confirming_reversal_after_the_cut_over_shows_money_at_risk_until_it_is_resolved() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.faults(&fault("sale", "request_read", "late", "1"));
    let sale = shop.sell(1000).await.unwrap();
    // Its request arrives after its reversal was answered, and then the day changes.
    shop.sell(600).await.unwrap();
    shop.cut_over();
    let report = shop.finish(9).await.unwrap();
    assert_eq!(report.left, 1, "the host took it, of an earlier day now");
    let left = shop.read(|query| query.left());
    assert_eq!(
        (left[0].kind.as_str(), left[0].status.as_str()),
        ("confirmation", "escalated")
    );
    assert_eq!(left[0].code.as_ref().unwrap().to_string(), "12");
    let next = shop.sell(700).await.unwrap();
    assert_eq!(
        shop.status(&next),
        SaleStatus::Approved,
        "it blocks nothing"
    );
    let consent = |_: &pos_ledger::Tx<'_>, _: &pos_ledger::Original| Ok(());
    let said = pos_flows::Statement::Executed;
    shop.desk
        .resolve("00", &left[0].id, said, "letter 8", consent)
        .unwrap();
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert!(
        shop.desk
            .resolve("00", &sale, said, "letter 9", consent)
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_between_cut_over_and_midnight_keeps_the_business_day() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.cut_over();
    shop.sell(600).await.unwrap();
    shop.desk.sign_in("01").await.unwrap();
    shop.fault("sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 25");
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_12_of_the_same_day_closes() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    let sale = shop.sell(9_000_051).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 12");
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn no_confirming_reversal_once_the_late_window_is_over() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "request_read").await;
    shop.wait(121_000).await;
    shop.finish(9).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(
        shop.count("reversal_sale"),
        2,
        "the unanswered one and the closing one"
    );
}

#[tokio::test(start_paused = true)]
async fn i09_no_clock_set_wrong_and_no_reboot_saves_the_confirming_reversal() {
    for day in [-86_400_000, 0, 86_400_000] {
        let shop = Shop::open_where(|rules| rules.timeout = Duration::from_secs(20));
        let sale = lost_sale(&shop, "request_read").await;
        if day == 0 {
            shop.clock.reboot();
        }
        shop.clock.jump_wall(day);
        shop.work_off(9).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        let before = shop.count("reversal_sale");
        shop.work_off(1).await.unwrap();
        assert_eq!(
            shop.count("reversal_sale"),
            before,
            "a new round does not hurry it"
        );
        shop.finish(9).await.unwrap();
        assert_eq!(
            shop.count("reversal_sale"),
            before + 1,
            "clock set by {day} ms"
        );
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_voids_reversal_is_not_confirmed_the_next_attempt_tells() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "request_read", "drop");
    let void = shop.void_id(&sale).await;
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!((shop.count("void"), shop.count("reversal_void")), (2, 1));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_after_a_cut_over_12_and_25_prove_nothing_and_money_stays_at_risk() {
    for (at, code) in [("after_booking", "12"), ("request_read", "25")] {
        let shop = Shop::open();
        let sale = lost_sale(&shop, at).await;
        shop.cut_over();
        let report = shop.finish(9).await.unwrap();
        assert_eq!(report.left, 1, "still owed");
        let reversal = shop.reversal(&sale);
        assert_eq!(reversal.status.as_str(), "escalated");
        assert_eq!(reversal.code.unwrap().to_string(), code);
        let view = shop.view(&sale);
        assert_eq!((view.status, view.net), (SaleStatus::Unknown, Net::Unknown));
        let next = shop.sell(700).await.unwrap();
        assert_eq!(shop.status(&next), SaleStatus::Approved, "it left the gate");
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i10_what_is_escalated_is_tried_again_at_each_sign_in() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "after_booking").await;
    shop.faults(&format!(
        "{}times=3\n",
        fault("reversal_sale", "request_read", "code", "96")
    ));
    shop.finish(9).await.unwrap();
    assert_eq!(shop.reversal(&sale).status.as_str(), "escalated");
    let tried = shop.count("reversal_sale");
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.count("reversal_sale"), tried, "not at each pass");
    shop.desk.sign_in("01").await.unwrap();
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.count("reversal_sale"), tried + 1);
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_repeated_reversal_answered_22_or_94_had_worked() {
    for code in ["22", "94"] {
        let shop = Shop::set_up(|setup| {
            setup.acquirer.repeated_reversal = AnswerCode::parse(code).unwrap();
        });
        shop.sell(500).await.unwrap();
        shop.fault("sale", "after_booking", "drop");
        shop.fault("reversal_sale", "after_booking", "drop");
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Unknown);
        shop.finish(9).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        let proof = shop.reversal(&sale).proof.unwrap();
        assert_eq!(proof, format!("acknowledged by repeat, answered {code}"));
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_reversal_answered_22_is_marked_for_reconciliation() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.faults(&fault("reversal_sale", "request_read", "code", "22"));
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    let proof = shop.reversal(&sale).proof.unwrap();
    assert_eq!(proof, "already undone, to be reconciled, answered 22");
}

#[tokio::test(start_paused = true)]
async fn a_first_reversal_answered_94_is_still_owed() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.faults(&fault("reversal_sale", "request_read", "code", "94"));
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    assert_eq!(shop.reversal(&sale).status.as_str(), "owed");
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 00");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_the_retry_limit_ends_a_round_and_not_the_debt() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "after_booking").await;
    shop.host().set_offline(true);
    for _ in 0..40 {
        let wait = shop.desk.pass("01").await.unwrap().next_due_ms.unwrap();
        shop.wait(wait.max(100)).await;
    }
    let reversal = shop.reversal(&sale);
    assert_eq!(reversal.status.as_str(), "owed");
    assert!(
        reversal.rounds >= 9 && reversal.attempts >= 27,
        "{reversal:?}"
    );
    let refused = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&refused), SaleStatus::NotSent);
    shop.host().set_offline(false);
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_round_used_up_by_answers_escalates_and_leaves_the_gate() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "after_booking").await;
    shop.faults(&format!(
        "{}times=3\n",
        fault("reversal_sale", "request_read", "code", "05")
    ));
    shop.finish(9).await.unwrap();
    assert_eq!(shop.reversal(&sale).status.as_str(), "escalated");
    let next = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&next), SaleStatus::Approved);
    assert_eq!(
        shop.read(|query| query.left()).len(),
        1,
        "and it is still owed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_reversal_repeats_its_original_and_nothing_secret() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "after_booking").await;
    shop.finish(9).await.unwrap();
    let sent = shop.requests();
    let of = |kind: &str| sent.iter().rfind(|r| r.kind() == kind).unwrap().clone();
    let trace = shop.view(&sale).original.trace.unwrap();
    let original = sent
        .iter()
        .find(|r| r.kind() == "sale" && r.text(11) == trace);
    let (original, reversal) = (original.unwrap(), of("reversal_sale"));
    for field in [2, 3, 4, 11, 14, 22, 25, 41, 42, 49, 60] {
        assert_eq!(reversal.text(field), original.text(field), "field {field}");
    }
    for field in [26, 35, 36, 37, 52, 53] {
        assert!(!reversal.message.fields.contains(field), "field {field}");
    }
    assert_eq!(shop.count("reversal_sale"), 2);
}

#[tokio::test(start_paused = true)]
async fn field_61_of_a_voids_reversal_names_what_the_setting_says() {
    for (setting, names_void) in [
        (VoidReversalOriginal::Void, true),
        (VoidReversalOriginal::Sale, false),
    ] {
        let shop = Shop::open_where(|rules| rules.identity.void_reversal = setting);
        let sale = shop.sell(1000).await.unwrap();
        shop.fault("void", "after_booking", "drop");
        shop.void_id(&sale).await;
        let (void, reversal) = (shop.last("void"), shop.last("reversal_void"));
        let own = format!("{}{}", &void.text(60)[2..8], void.text(11));
        let named = if names_void {
            own.as_str()
        } else {
            void.text(61)
        };
        assert_eq!(reversal.text(61), named);
        assert_eq!(shop.finish(9).await.unwrap().left, 0);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reversal_is_signed_with_the_key_of_the_day_it_is_sent() {
    for dropped in [true, false] {
        let shop = Shop::open();
        let sale = lost_sale(&shop, "after_booking").await;
        if dropped {
            shop.host().drop_keys();
        } else {
            shop.host().rotate_keys();
        }
        assert_eq!(shop.finish(9).await.unwrap().left, 0);
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        assert_eq!(shop.count("sign_in"), 2);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_in_its_cut_over_is_waited_for_and_has_refused_nothing() {
    let shop = Shop::open();
    let sale = lost_sale(&shop, "after_booking").await;
    shop.faults(&format!(
        "{}times=5\n",
        fault("reversal_sale", "request_read", "code", "90")
    ));
    shop.desk.begin_round("01").unwrap();
    shop.desk.pass("01").await.unwrap();
    let wait = shop.desk.pass("01").await.unwrap().next_due_ms.unwrap();
    assert!((100_000..=120_000).contains(&wait), "{wait}");
    for _ in 0..5 {
        shop.wait(121_000).await;
        shop.desk.pass("01").await.unwrap();
        assert_ne!(shop.reversal(&sale).status.as_str(), "escalated");
    }
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(findings(&shop), []);
}
