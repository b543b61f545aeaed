//! Clearing: two people take a stuck item out of gate and list. Its money stays unknown, its undo
//! room stays taken, the settlement tells it, and only proof closes it.

use pos_domain::status::ObligationStatus;
use pos_domain::{Id, LocalCode, SaleStatus, UndoStatus};
use pos_flows::{Balance, FlowError, Statement, Voided};
use pos_ledger::{Approval, Net, Original, Tx};
use pos_scenarios::web::{WebShop, web_findings, wechat_code};
use pos_scenarios::{Shop, fault, findings};

/// The approval of two people for one item.
fn by<'a>(
    approver: &'a str,
    second: Option<&'a str>,
    item: &'a Id,
) -> impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError> {
    move |tx, original| {
        tx.use_approval(&Approval {
            kind: "clear",
            original: &original.id,
            amount: original.amount,
            approver,
            second,
            used_by: item,
        })?;
        Ok(())
    }
}

fn clear(shop: &Shop, item: &Id) -> Result<(), FlowError> {
    let two = by("00", Some("02"), item);
    shop.desk.clear("00", item, "the acquirer cannot tell", two)
}

#[track_caller]
fn refused(cleared: Result<(), FlowError>, code: LocalCode) {
    match cleared {
        Err(FlowError::Refused(said)) => assert_eq!(said, code.into()),
        other => panic!("{code}: {other:?}"),
    }
}

/// A void that the host neither confirms nor denies: escalated.
async fn stuck_void(shop: &Shop) -> (Id, Id) {
    let sale = shop.sell(1000).await.unwrap();
    shop.faults(&fault("void", "request_read", "code", "22"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    (sale, void)
}

/// Out of the list; its net unknown, its room taken, and nothing else changed.
#[track_caller]
fn assert_cleared(shop: &Shop, sale: &Id, item: &Id) {
    assert_eq!(shop.owed(item).status, ObligationStatus::Cleared);
    let left = shop.read(|query| query.left());
    assert!(left.iter().all(|owed| owed.id != *item), "{left:?}");
    assert_eq!(shop.view(sale).net, Net::Unknown);
    assert_eq!(findings(shop), []);
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_cleared_void_leaves_the_list_and_keeps_its_room() {
    let shop = Shop::open();
    let (sale, void) = stuck_void(&shop).await;
    clear(&shop, &void).unwrap();
    assert_cleared(&shop, &sale, &void);
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    assert_eq!(shop.read(|query| query.remaining(&sale)), 0);
    assert!(
        shop.desk.refund_room(&sale).is_err(),
        "nothing to give back"
    );
    assert_eq!(
        shop.void(&sale).await.unwrap(),
        Voided::Recorded(void.clone())
    );
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.count("void"), 1, "it is sent no more");
    refused(clear(&shop, &void), LocalCode::NotInThisState);
}

#[tokio::test(start_paused = true)]
async fn i04_one_person_or_the_same_twice_clears_nothing() {
    let shop = Shop::open();
    let (sale, void) = stuck_void(&shop).await;
    for second in [None, Some("00")] {
        let alone = by("00", second, &void);
        let cleared = shop.desk.clear("00", &void, "why", alone);
        assert!(matches!(cleared, Err(FlowError::Ledger(_))), "{cleared:?}");
    }
    let nobody = shop.desk.clear("00", &void, "why", |_, _| Ok(()));
    assert!(matches!(nobody, Err(FlowError::Ledger(_))), "{nobody:?}");
    assert_eq!(shop.owed(&void).status, ObligationStatus::Escalated);
    assert_eq!(shop.read(|query| query.tombstone(&void)), None);
    assert_eq!(shop.view(&sale).net, Net::Unknown);
}

#[tokio::test(start_paused = true)]
async fn i04_a_statement_closes_what_was_cleared() {
    for (said, status, net) in [
        (Statement::Executed, UndoStatus::Voided, 0),
        (Statement::NotExecuted, UndoStatus::Refused, 1000),
    ] {
        let shop = Shop::open();
        let (sale, void) = stuck_void(&shop).await;
        clear(&shop, &void).unwrap();
        let consent = |_: &Tx<'_>, _: &Original| Ok(());
        let resolve = |said| shop.desk.resolve("00", &void, said, "letter 7", consent);
        resolve(said).unwrap();
        assert_eq!(shop.undo(&void).status, status);
        assert_eq!(shop.view(&sale).net, Net::Known(net));
        let proof = shop.owed(&void).proof.unwrap();
        assert_eq!(proof, "stated by the acquirer, letter 7");
        assert!(shop.read(|query| query.cleared()).is_empty());
        assert!(shop.read(|query| query.tombstone(&void)).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn i10_a_reversal_is_cleared_only_after_its_round_and_then_leaves_the_gate() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.faults(&format!(
        "{}times=99\n",
        fault("reversal_sale", "request_read", "drop", "")
    ));
    let sale = shop.sell(1000).await.unwrap();
    let reversal = shop.reversal(&sale).id;
    refused(clear(&shop, &reversal), LocalCode::StillTried);
    shop.work_off(3).await.unwrap();
    let blocked = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&blocked), SaleStatus::NotSent);
    clear(&shop, &reversal).unwrap();
    assert_cleared(&shop, &sale, &reversal);
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    let next = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&next), SaleStatus::Approved);
    let tried = shop.count("reversal_sale");
    shop.desk.sign_in("01").await.unwrap();
    shop.finish(9).await.unwrap();
    assert_eq!(
        shop.count("reversal_sale"),
        tried,
        "not at a sign-in either"
    );
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_is_cleared_only_after_its_reversal() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    shop.faults(&format!(
        "{}times=99\n",
        fault("reversal_void", "request_read", "drop", "")
    ));
    let void = shop.void_id(&sale).await;
    let reversal = shop.reversal(&sale).id;
    shop.work_off(3).await.unwrap();
    refused(clear(&shop, &void), LocalCode::StillTried);
    shop.desk.escalate("01", &void).unwrap();
    refused(clear(&shop, &void), LocalCode::StillTried);
    clear(&shop, &reversal).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    clear(&shop, &void).unwrap();
    assert_cleared(&shop, &sale, &void);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.count("void"), 1);
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_that_loses_its_reversal_is_the_acquirers_to_prove() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    shop.faults(&format!(
        "{}times=99\n",
        fault("reversal_void", "request_read", "drop", "")
    ));
    let void = shop.void_id(&sale).await;
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    clear(&shop, &shop.reversal(&sale).id).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    assert_eq!(shop.owed(&void).status, ObligationStatus::Escalated);
    assert_eq!(shop.view(&sale).net, Net::Unknown);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_is_withdrawn_and_not_cleared() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    refused(clear(&shop, &void), LocalCode::StillTried);
    shop.desk.escalate("01", &void).unwrap();
    refused(clear(&shop, &void), LocalCode::NothingSent);
    shop.desk.withdraw("01", &void, |_, _| Ok(())).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Withdrawn);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    // One that waits for its sale was not sent either, and goes out when that is known.
    shop.link.unplug(false);
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let unknown = shop.sell(700).await.unwrap();
    let waits = shop.void_id(&unknown).await;
    shop.desk.escalate("01", &waits).unwrap();
    refused(clear(&shop, &waits), LocalCode::SaleUnknown);
}

#[tokio::test(start_paused = true)]
async fn i04_an_unproven_escalated_void_cannot_be_withdrawn() {
    let shop = Shop::open();
    let (_, void) = stuck_void(&shop).await;
    assert!(shop.desk.withdraw("01", &void, |_, _| Ok(())).is_err());
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
}

#[tokio::test(start_paused = true)]
async fn i04_the_settlement_tells_what_was_cleared_and_counts_it_as_nothing() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("refund", "after_booking", "drop");
    let refund = shop.refund(&sale, 400).await;
    assert_eq!(shop.undo(&refund).status, UndoStatus::Unknown);
    let stopped = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(stopped.balance, Balance::Blocked);
    assert_eq!(
        (stopped.open, stopped.cleared),
        (vec![refund.clone()], vec![])
    );
    clear(&shop, &refund).unwrap();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.open, settled.cleared),
        (vec![], vec![refund.clone()])
    );
    assert_ne!(settled.balance, Balance::Blocked);
    assert_eq!(settled.totals.credit_count, 0, "not proven, so not counted");
    assert_cleared(&shop, &sale, &refund);
    assert_eq!(shop.read(|query| query.remaining(&sale)), 600);
    // Still told after the batch, until there is proof.
    shop.sell(300).await.unwrap();
    let next = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(next.cleared, [refund]);
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_answer_closes_what_was_cleared() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.faults(&fault("refund", "after_booking", "late", "2"));
    let refund = shop.refund(&sale, 400).await;
    assert_eq!(shop.undo(&refund).status, UndoStatus::Unknown);
    clear(&shop, &refund).unwrap();
    for fen in [100, 200, 300] {
        shop.sell(fen).await.unwrap();
    }
    assert_eq!(shop.undo(&refund).status, UndoStatus::Refunded);
    assert_eq!(shop.owed(&refund).proof.unwrap(), "answered late 00");
    assert_eq!(shop.view(&sale).net, Net::Known(600));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i09_what_was_cleared_stays_so_after_a_restart() {
    let mut shop = Shop::open();
    let (sale, void) = stuck_void(&shop).await;
    clear(&shop, &void).unwrap();
    shop.restart();
    assert_cleared(&shop, &sale, &void);
}

#[tokio::test(start_paused = true)]
async fn i04_a_stuck_refund_of_a_wallet_is_cleared_and_asked_about_no_more() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    shop.network.unplug(true);
    let unsent = shop.void_id(&sale).await;
    let clear = |item: &Id| {
        let two = by("00", Some("02"), item);
        shop.till.clear("00", item, "the wallet cannot tell", two)
    };
    refused(clear(&unsent), LocalCode::StillTried);
    shop.network.unplug(false);
    shop.fault("void", "after_booking", "drop");
    shop.faults("[[fault]]\non=\"query\"\nat=\"request_read\"\ndo=\"drop\"\ntimes=999\n");
    shop.work_off(20).await.unwrap();
    assert_eq!(shop.undo(&unsent).status, UndoStatus::Unknown);
    clear(&unsent).unwrap();
    assert_eq!(shop.view(&sale).net, Net::Unknown);
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    let asked = shop.asked().len();
    shop.work_off(5).await.unwrap();
    assert_eq!(shop.asked().len(), asked);
    assert_eq!(web_findings(&shop), []);
}
