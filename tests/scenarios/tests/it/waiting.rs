//! Voids that wait: for the sale to be known, for the card, for a person.

use pos_domain::status::ObligationKind;
use pos_domain::{Code, Id, LocalCode, SaleStatus, UndoStatus};
use pos_flows::{FlowError, Statement, Voided};
use pos_ledger::{Net, Tx, Undo};
use pos_scenarios::{Shop, fault, findings, other_card, swiped, with_pin};

fn refused<T: std::fmt::Debug>(result: Result<T, FlowError>) -> Code {
    match result {
        Err(FlowError::Refused(code)) => code,
        other => panic!("not refused: {other:?}"),
    }
}

fn agrees(_: &Tx<'_>, _: &Undo) -> Result<(), FlowError> {
    Ok(())
}

/// An unknown sale whose reversal the host keeps refusing, and a void tapped on it.
async fn unknown_sale_with_void() -> (Shop, Id, Id) {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    let refuse = fault("reversal_sale", "request_read", "code", "96");
    shop.faults(&format!("{refuse}times=4\n"));
    let sale = shop.sell(1000).await.unwrap();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    let code = shop.undo(&void).code.unwrap();
    assert_eq!(code, LocalCode::SaleUnknown.into());
    (shop, sale, void)
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_of_an_unknown_sale_is_done_when_the_sale_proves_undone() {
    let (shop, sale, void) = unknown_sale_with_void().await;
    shop.host().clear_faults();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(
        shop.count("void"),
        0,
        "nothing is sent until the sale is known"
    );
    assert_eq!(shop.view(&sale).net, Net::Known(0));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_of_an_unknown_sale_goes_out_when_the_sale_proves_approved() {
    let (shop, sale, void) = unknown_sale_with_void().await;
    shop.finish(9).await.unwrap();
    assert_eq!(shop.reversal(&sale).status.as_str(), "escalated");
    let consent = |_: &Tx<'_>, _: &pos_ledger::Original| Ok(());
    let said = Statement::Executed;
    shop.desk
        .resolve("00", &sale, said, "letter 7", consent)
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(
        (shop.status(&sale), shop.count("void")),
        (SaleStatus::Voided, 1)
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_escalated_void_of_an_unknown_sale_is_done_when_the_sale_proves_undone() {
    let (shop, sale, void) = unknown_sale_with_void().await;
    shop.desk.escalate("01", &void).unwrap();
    shop.host().clear_faults();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(findings(&shop), []);
}

/// A sale at an acquirer that wants the card for a void.
async fn card_shop() -> (Shop, Id) {
    let shop = Shop::open_where(|rules| rules.void_needs_card = true);
    let sale = shop.sell(1000).await.unwrap();
    (shop, sale)
}

#[tokio::test(start_paused = true)]
async fn a_void_that_needs_the_card_waits_for_it() {
    let (shop, sale) = card_shop().await;
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::NeedsCard);
    assert_eq!(shop.undo(&void).code.unwrap(), LocalCode::CardNeeded.into());
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.count("void"), 0, "nothing goes out without the card");
    let other = shop.desk.present_card("01", &void, &other_card()).await;
    assert_eq!(refused(other), LocalCode::OtherCard.into());
    assert_eq!(shop.count("void"), 0);
    shop.desk
        .present_card("01", &void, &swiped())
        .await
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    let sent = shop.last("void");
    assert_eq!(sent.text(22), "022");
    assert!(!sent.text(35).is_empty() && !sent.message.fields.contains(2));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_void_with_its_card_in_hand_goes_out_at_once() {
    let (shop, sale) = card_shop().await;
    shop.void_with(&sale, Some(&swiped())).await.unwrap();
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_card_that_was_read_counts_for_one_attempt() {
    let (shop, sale) = card_shop().await;
    shop.link.unplug(true);
    let Voided::Recorded(void) = shop.void_with(&sale, Some(&swiped())).await.unwrap() else {
        panic!("refused");
    };
    assert_eq!(
        shop.undo(&void).status,
        UndoStatus::NeedsCard,
        "the link was down"
    );
    shop.link.unplug(false);
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.count("void"), 0);
    shop.fault("void", "after_booking", "drop");
    shop.desk
        .present_card("01", &void, &swiped())
        .await
        .unwrap();
    assert_eq!(
        shop.undo(&void).status,
        UndoStatus::NeedsCard,
        "unanswered, reversed, and the card has to be read again"
    );
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 00");
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.count("void"), 1);
    shop.desk
        .present_card("01", &void, &swiped())
        .await
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i02_a_stop_with_the_card_in_hand_never_sends_the_void_without_it() {
    for nth in 1..=4 {
        for committed in [false, true] {
            let (mut shop, sale) = card_shop().await;
            shop.stop_at(nth, committed);
            let stopped = shop.void_with(&sale, Some(&swiped())).await.is_err();
            shop.restart();
            shop.work_off(5).await.unwrap();
            for sent in shop.requests().iter().filter(|r| r.kind() == "void") {
                assert!(!sent.text(35).is_empty(), "commit {nth} {committed}");
            }
            if let Some(undo) = shop.view(&sale).undo.filter(|u| u.status.is_open()) {
                assert!(stopped);
                assert_eq!(
                    undo.status,
                    UndoStatus::NeedsCard,
                    "commit {nth} {committed}"
                );
                shop.desk
                    .present_card("01", &undo.id, &swiped())
                    .await
                    .unwrap();
                assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
            }
            assert_eq!(findings(&shop), []);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_that_needs_the_pin_waits_for_it() {
    let shop = Shop::open_where(|rules| rules.void_needs_pin = true);
    let sale = shop.sell(1000).await.unwrap();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::NeedsCard);
    assert_eq!(shop.undo(&void).code.unwrap(), LocalCode::PinNeeded.into());
    let without = shop.desk.present_card("01", &void, &swiped()).await;
    assert_eq!(refused(without), LocalCode::PinNeeded.into());
    assert_eq!(shop.count("void"), 0);
    shop.desk
        .present_card("01", &void, &with_pin())
        .await
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    let sent = shop.last("void");
    assert!(sent.message.fields.contains(52) && sent.text(26) == "12");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i09_a_lost_key_store_asks_for_the_card_again_and_loses_no_void() {
    let mut shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    shop.lose_data_key();
    shop.restart();
    shop.link.unplug(false);
    shop.work_off(5).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::NeedsCard);
    assert_eq!(shop.undo(&void).code.unwrap(), LocalCode::KeysLost.into());
    shop.desk
        .present_card("01", &void, &swiped())
        .await
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    let next = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&next), SaleStatus::Approved, "new sales go on");
}

/// A void that waits because the network is down.
async fn queued() -> (Shop, Id, Id) {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    (shop, sale, void)
}

#[tokio::test(start_paused = true)]
async fn a_held_void_stays_until_it_is_released() {
    let (shop, sale, void) = queued().await;
    shop.desk.hold("01", &void).unwrap();
    shop.link.unplug(false);
    shop.work_off(3).await.unwrap();
    assert_eq!(
        (shop.undo(&void).status, shop.count("void")),
        (UndoStatus::OnHold, 0)
    );
    assert_eq!(shop.void_id(&sale).await, void, "tapping again shows it");
    shop.desk.release("01", &void).unwrap();
    assert_eq!(shop.work_off(3).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(
        refused(shop.desk.hold("01", &void)),
        LocalCode::NotInThisState.into()
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_hold_does_not_stop_the_deadline() {
    let (shop, _, void) = queued().await;
    shop.desk.hold("01", &void).unwrap();
    shop.wait(6 * 3_600_000).await;
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_void_that_nothing_was_sent_of_can_be_withdrawn_and_made_anew() {
    let (shop, sale, void) = queued().await;
    shop.desk.withdraw("01", &void, agrees).unwrap();
    shop.link.unplug(false);
    assert_eq!(shop.finish(3).await.unwrap().left, 0);
    assert_eq!(
        (shop.undo(&void).status, shop.count("void")),
        (UndoStatus::Withdrawn, 0)
    );
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(findings(&shop), []);
    let again = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&again).status, UndoStatus::Voided);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_withdrawal_without_consent_changes_nothing() {
    let (shop, _, void) = queued().await;
    let no = |_: &Tx<'_>, _: &Undo| Err(FlowError::Refused(LocalCode::ApprovalNeeded.into()));
    let withdrawn = shop.desk.withdraw("01", &void, no);
    assert_eq!(refused(withdrawn), LocalCode::ApprovalNeeded.into());
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    assert_eq!(shop.owed(&void).status.as_str(), "owed");
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_is_not_withdrawn_or_held_while_an_attempt_is_unproven() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    shop.fault("reversal_void", "request_read", "drop");
    let void = shop.void_id(&sale).await;
    let withdrawn = shop.desk.withdraw("01", &void, agrees);
    assert_eq!(refused(withdrawn), LocalCode::AlreadySending.into());
    assert_eq!(
        refused(shop.desk.hold("01", &void)),
        LocalCode::NotInThisState.into()
    );
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    // Once its reversal is acknowledged the sale stands again, and it may be withdrawn.
    shop.desk.gate("01").await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.desk.withdraw("01", &void, agrees).unwrap();
    assert_eq!(shop.finish(3).await.unwrap().left, 0);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn no_person_holds_or_withdraws_a_reversal() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    let reversal = shop.reversal(&sale).id;
    let not_here = Code::from(LocalCode::NotInThisState);
    assert_eq!(refused(shop.desk.hold("01", &reversal)), not_here);
    assert_eq!(refused(shop.desk.release("01", &reversal)), not_here);
    assert_eq!(
        refused(shop.desk.withdraw("01", &reversal, agrees)),
        not_here
    );
    assert_eq!(shop.owed(&reversal).status.as_str(), "owed");
}

#[tokio::test(start_paused = true)]
async fn i04_an_escalated_reversal_leaves_the_gate_and_stays_owed() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.faults(&format!(
        "{}times=2\n",
        fault("reversal_sale", "request_read", "drop", "")
    ));
    let sale = shop.sell(1000).await.unwrap();
    let blocked = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&blocked), SaleStatus::NotSent);
    shop.desk.escalate("01", &shop.reversal(&sale).id).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown, "nobody closed it");
    let left = shop.read(|query| query.left());
    assert_eq!((left.len(), left[0].kind), (1, ObligationKind::Reversal));
    shop.desk.sign_in("01").await.unwrap();
    assert_eq!(shop.finish(5).await.unwrap().left, 0);
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(findings(&shop), []);
}
