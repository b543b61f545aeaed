//! Money at risk: what was acknowledged as undone and could not be confirmed before the host's day
//! changed. Only the acquirer's statement ends it, and then both ledgers are equal.

use pos_domain::{Amount, Id, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{FlowError, Order, Statement, Voided};
use pos_ledger::{Net, Original, Tx};
use pos_scenarios::{Shop, card, fault, findings};
use pos_sim::Step;

/// A shop whose requests may take hours to arrive.
fn open() -> Shop {
    Shop::open_where(|rules| rules.late_window_ms = 2 * 3_600_000)
}

fn order<'a>(
    kind: OriginalKind,
    card: &'a pos_domain::CardInput,
    parent: Option<&'a Id>,
) -> Order<'a> {
    Order {
        kind,
        amount: Amount::from_minor(1000).unwrap(),
        card,
        parent,
        request: None,
    }
}

/// Takes money by a request that arrives after its reversal was answered.
async fn take_late(shop: &Shop, on: &str, order: &Order<'_>) -> Id {
    shop.faults(&fault(on, "request_read", "late", "1"));
    let late = shop.desk.take("01", order).await.unwrap();
    assert_eq!(shop.status(&late), SaleStatus::Reversed);
    late
}

/// The late request arrives, the day changes, and the confirmation is answered 12.
async fn day_changes(shop: &Shop) {
    shop.sell(600).await.unwrap();
    shop.cut_over();
    shop.finish(9).await.unwrap();
    let left = shop.read(|query| query.left());
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].kind.as_str(), "confirmation");
}

fn resolve(shop: &Shop, id: &Id, statement: Statement) -> Result<(), FlowError> {
    let consent = |_: &Tx<'_>, _: &Original| Ok(());
    shop.desk.resolve("00", id, statement, "letter 8", consent)
}

#[tokio::test(start_paused = true)]
async fn i04_a_sale_that_was_made_after_all_stands_and_can_be_refunded() {
    let shop = open();
    let card = card();
    let sale = take_late(&shop, "sale", &order(OriginalKind::Sale, &card, None)).await;
    day_changes(&shop).await;
    assert_eq!(shop.view(&sale).net, Net::Unknown, "nobody knows");
    let owed = shop.read(|query| query.left())[0].id.clone();
    resolve(&shop, &owed, Statement::Executed).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    assert_eq!(findings(&shop), []);
    assert!(resolve(&shop, &sale, Statement::NotExecuted).is_err());
    assert_eq!(shop.desk.refund_room(&sale).unwrap(), 1000);
}

#[tokio::test(start_paused = true)]
async fn i04_a_sale_that_was_not_made_stays_reversed() {
    let shop = open();
    let card = card();
    let sale = take_late(&shop, "sale", &order(OriginalKind::Sale, &card, None)).await;
    day_changes(&shop).await;
    resolve(&shop, &sale, Statement::NotExecuted).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.view(&sale).net, Net::Known(0));
    assert!(
        resolve(&shop, &sale, Statement::Executed).is_err(),
        "too late"
    );
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_void_that_was_done_with_its_sale_was_not_if_the_sale_was_made() {
    let shop = open();
    shop.sell(500).await.unwrap();
    shop.faults(&fault("sale", "request_read", "late", "2"));
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    let void = shop.void_id(&sale).await;
    shop.work_off(1).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    day_changes(&shop).await;
    resolve(&shop, &sale, Statement::Executed).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(shop.undo(&void).status, UndoStatus::Refused);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(findings(&shop), []);
    assert_eq!(shop.desk.refund_room(&sale).unwrap(), 1000);
}

#[tokio::test(start_paused = true)]
async fn i04_a_preauth_that_was_made_after_all_is_held() {
    let shop = open();
    shop.sell(500).await.unwrap();
    let card = card();
    let preauth = take_late(&shop, "preauth", &order(OriginalKind::Preauth, &card, None)).await;
    day_changes(&shop).await;
    resolve(&shop, &preauth, Statement::Executed).unwrap();
    assert_eq!(shop.status(&preauth), SaleStatus::Held);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_an_unknown_preauth_that_was_made_is_held_and_not_taken() {
    let shop = open();
    shop.sell(500).await.unwrap();
    let card = card();
    shop.fault("preauth", "after_booking", "drop");
    shop.fault("reversal_preauth", "request_read", "drop");
    let held = order(OriginalKind::Preauth, &card, None);
    let preauth = shop.desk.take("01", &held).await.unwrap();
    assert_eq!(shop.status(&preauth), SaleStatus::Unknown);
    resolve(&shop, &preauth, Statement::Executed).unwrap();
    assert_eq!(shop.status(&preauth), SaleStatus::Held);
    assert_eq!(findings(&shop), []);
    let taking = order(OriginalKind::Completion, &card, Some(&preauth));
    let completion = shop.desk.take("01", &taking).await.unwrap();
    assert_ne!(shop.status(&completion), SaleStatus::NotSent);
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_completion_that_was_made_after_all_takes_its_preauth() {
    for voided_since in [false, true] {
        let shop = open();
        let card = card();
        let held = order(OriginalKind::Preauth, &card, None);
        let preauth = shop.desk.take("01", &held).await.unwrap();
        let taking = order(OriginalKind::Completion, &card, Some(&preauth));
        let completion = take_late(&shop, "completion", &taking).await;
        assert_eq!(shop.status(&preauth), SaleStatus::Held);
        day_changes(&shop).await;
        if voided_since {
            // Somebody let the hold go by another way; then both cannot be.
            shop.faults(&fault("preauth_void", "request_read", "code", "00"));
            shop.void_id(&preauth).await;
        }
        let told = resolve(&shop, &completion, Statement::Executed);
        if voided_since {
            assert_eq!(shop.status(&preauth), SaleStatus::Voided);
            let taken = LocalCode::PreauthTaken.into();
            assert!(matches!(told, Err(FlowError::Refused(code)) if code == taken));
            assert_eq!(shop.status(&completion), SaleStatus::Reversed);
            assert_eq!(shop.view(&completion).net, Net::Unknown);
        } else {
            told.unwrap();
            assert_eq!(shop.status(&completion), SaleStatus::Approved);
            assert_eq!(shop.status(&preauth), SaleStatus::Completed);
            assert_eq!(findings(&shop), []);
        }
    }
}

/// A void that was withdrawn, arrived all the same, and is of an earlier day now.
async fn withdrawn_and_made(shop: &Shop) -> (Id, Id) {
    let sale = shop.sell(1000).await.unwrap();
    shop.faults(&fault("void", "request_read", "late", "2"));
    let void = shop.void_id(&sale).await;
    let consent = |_: &Tx<'_>, _: &pos_ledger::Undo| Ok(());
    shop.desk.withdraw("01", &void, consent).unwrap();
    day_changes(shop).await;
    (sale, void)
}

#[tokio::test(start_paused = true)]
async fn i04_a_withdrawn_void_that_was_made_after_all_is_voided() {
    let shop = open();
    let (sale, void) = withdrawn_and_made(&shop).await;
    assert_eq!(shop.view(&sale).net, Net::Unknown);
    resolve(&shop, &sale, Statement::Executed).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.status(&sale), SaleStatus::Voided);
    assert_eq!(shop.view(&sale).net, Net::Known(0));
    assert_eq!(findings(&shop), []);
    let undone = Voided::Refused(LocalCode::AlreadyUndone.into());
    assert_eq!(shop.void(&sale).await.unwrap(), undone);
}

#[tokio::test(start_paused = true)]
async fn i04_a_withdrawn_void_that_was_not_made_leaves_the_sale() {
    let shop = open();
    let (sale, void) = withdrawn_and_made(&shop).await;
    resolve(&shop, &sale, Statement::NotExecuted).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Withdrawn);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
}

/// From now on no answer tells the business day (15), only the date (13).
fn tell_no_business_day(shop: &Shop) {
    let forger = shop.forger();
    shop.link.tamper(Box::new(move |_, steps| {
        let changed = |step| match step {
            Step::Send(answer) => Step::Send(forger.changed(&answer, |answer| {
                answer.fields.remove(15);
            })),
            other => other,
        };
        steps.into_iter().map(changed).collect()
    }));
}

#[tokio::test(start_paused = true)]
async fn where_the_business_day_is_not_told_the_date_stands_for_it() {
    for next_day in [false, true] {
        let shop = Shop::open();
        shop.desk.sign_in("01").await.unwrap();
        tell_no_business_day(&shop);
        shop.sell(500).await.unwrap();
        shop.fault("sale", "after_booking", "drop");
        shop.fault("reversal_sale", "request_read", "drop");
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Unknown);
        if next_day {
            shop.link.honest();
            shop.wait(86_400_000).await;
            shop.desk.sign_in("01").await.unwrap();
            tell_no_business_day(&shop);
        }
        shop.faults(&fault("reversal_sale", "request_read", "code", "12"));
        shop.desk.gate("01").await.unwrap();
        let reversal = shop.reversal(&sale);
        if next_day {
            assert_eq!(reversal.status.as_str(), "escalated");
            assert_eq!(shop.view(&sale).net, Net::Unknown);
        } else {
            assert_eq!(reversal.proof.as_deref(), Some("answered 12"));
            assert_eq!(shop.view(&sale).net, Net::Known(0));
        }
    }
}
