//! What an answer code proves (decisions 0, 1 and 7): definite, curable, or nothing.

use pos_domain::{SaleStatus, UndoStatus};
use pos_ledger::Net;
use pos_scenarios::{Shop, fault, findings};

/// The host answers `code` this many times without doing anything.
fn answers(shop: &Shop, on: &str, code: &str, times: u32) {
    let script = fault(on, "request_read", "code", code);
    shop.faults(&format!("{script}times={times}\n"));
}

#[tokio::test(start_paused = true)]
async fn a_curable_answer_puts_the_void_back_at_most_three_times_a_round() {
    for (code, sign_ins, wait) in [("77", 3, 0), ("88", 3, 0), ("A0", 3, 0), ("90", 1, 120_000)] {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        answers(&shop, "void", code, 3);
        let void = shop.void_id(&sale).await;
        for tries in 1..3 {
            assert_eq!(shop.undo(&void).status, UndoStatus::Queued, "{code}");
            assert_eq!(shop.undo(&void).code.unwrap().to_string(), code);
            assert_eq!(shop.reversal(&sale).status.as_str(), "closed", "{code}");
            assert_eq!(
                (shop.owed(&void).tries, shop.owed(&void).rounds),
                (tries, 0)
            );
            shop.wait(wait).await;
            shop.desk.pass("01").await.unwrap();
        }
        assert_eq!(
            (shop.owed(&void).tries, shop.owed(&void).rounds),
            (0, 1),
            "{code}: the third answer ends the round, not the debt"
        );
        assert_eq!((shop.count("void"), shop.count("sign_in")), (3, sign_ins));
        let report = shop.desk.pass("01").await.unwrap();
        assert_eq!((report.left, shop.count("void")), (1, 3));
        assert!(report.next_due_ms.unwrap() >= 59_000, "{code}: {report:?}");
        assert_eq!(shop.work_off(9).await.unwrap().left, 0);
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_curable_answer_to_a_sale_is_a_definite_no_that_signs_in_again() {
    for code in ["77", "88", "A0"] {
        let shop = Shop::open();
        shop.sell(500).await.unwrap();
        answers(&shop, "sale", code, 1);
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Declined, "{code}");
        assert_eq!(shop.sign_in_needed(), "host");
        let again = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&again), SaleStatus::Approved);
        assert_eq!((shop.count("sign_in"), shop.count("reversal_sale")), (2, 0));
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i04_a_code_that_proves_nothing_leaves_a_sale_unknown_and_its_reversal_owed() {
    for code in ["96", "98", "91", "68", "09", "92", "94", "16", "ZZ", "E7"] {
        let shop = Shop::open();
        shop.sell(500).await.unwrap();
        shop.faults(&fault("sale", "after_booking", "code", code));
        shop.fault("reversal_sale", "request_read", "drop");
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Unknown, "{code}");
        assert_eq!(shop.view(&sale).net, Net::Unknown);
        assert_eq!(shop.last("reversal_sale").text(39), "06", "{code}");
        assert_eq!(shop.reversal(&sale).status.as_str(), "owed");
        assert_eq!(shop.finish(9).await.unwrap().left, 0);
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i04_a_code_that_proves_nothing_leaves_a_void_unknown_and_its_reversal_owed() {
    for code in ["96", "98", "91", "68", "09", "92", "94", "16", "ZZ", "10"] {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        shop.faults(&fault("void", "after_booking", "code", code));
        shop.fault("reversal_void", "request_read", "drop");
        let void = shop.void_id(&sale).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::Unknown, "{code}");
        assert_eq!(shop.view(&sale).net, Net::Unknown);
        assert_eq!(shop.reversal(&sale).status.as_str(), "owed");
        assert_eq!(shop.finish(9).await.unwrap().left, 0);
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided, "{code}");
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_definite_no_refuses_the_void_and_leaves_nothing_owed() {
    for code in ["14", "58", "64", "05", "30"] {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        answers(&shop, "void", code, 1);
        let void = shop.void_id(&sale).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::Refused, "{code}");
        assert_eq!(shop.view(&sale).net, Net::Known(1000));
        assert_eq!(shop.read(|query| query.left()).len(), 0);
        let again = shop.void_id(&sale).await;
        assert_ne!(again, void, "a refused void may be asked for again");
        assert_eq!(shop.undo(&again).status, UndoStatus::Voided);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_yes_that_is_not_00_is_a_yes() {
    for code in ["11", "A2", "A4", "A5", "A6"] {
        let shop = Shop::open();
        shop.sell(500).await.unwrap();
        shop.faults(&fault("sale", "after_booking", "code", code));
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved, "{code}");
        assert_eq!(findings(&shop), []);
    }
}

/// A magic amount: answered 51.
const POOR: i64 = 9_000_051;

#[tokio::test(start_paused = true)]
async fn a_decline_without_mac_over_plain_tcp_proves_nothing() {
    let shop = Shop::set_up(|setup| setup.acquirer.mac_on_declines = false);
    shop.sell(500).await.unwrap();
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(POOR).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    let code = shop.view(&sale).original.code.unwrap();
    assert_eq!(code.to_string(), "net.MAC_MISSING");
    assert_eq!(shop.last("reversal_sale").text(39), "A0");
}

#[tokio::test(start_paused = true)]
async fn a_decline_without_mac_is_believed_over_tls_or_by_setting_but_no_approval_is() {
    let shop = Shop::set_up(|setup| {
        setup.acquirer.mac_on_declines = false;
        setup.rules.unmaced_decline = true;
        // TLS; by setting alone no reversal would be closed by the host's bare 22.
        setup.rules.authenticated_link = true;
    });
    let sale = shop.sell(POOR).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Declined);
    assert_eq!(shop.count("reversal_sale"), 0);
    let forger = shop.forger();
    shop.link.tamper(Box::new(move |_, steps| {
        let bare = |step| match step {
            pos_sim::Step::Send(answer) => pos_sim::Step::Send(forger.without_mac(&answer, |_| {})),
            other => other,
        };
        steps.into_iter().map(bare).collect()
    }));
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Unknown,
        "no yes without a MAC"
    );
    shop.link.honest();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(findings(&shop), []);
}
