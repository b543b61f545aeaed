//! UnionPay payment codes on the acquirer's line: sale by code, void and refund by voucher, and the
//! end of the code.

use pos_codes::Recognised;
use pos_domain::{Amount, Id, SaleStatus, UndoStatus};
use pos_flows::{CodeOrder, CodeRefund, FlowError, Voided};
use pos_ledger::Net;
use pos_scenarios::{Shop, findings};

use crate::crash::{everywhere, nothing_left};

const CODE: &str = "6236098835899996543";

async fn sold(shop: &Shop, fen: i64) -> Result<Id, FlowError> {
    let Recognised::Payment(code) = pos_codes::recognise(CODE) else {
        panic!("no code");
    };
    let order = CodeOrder {
        amount: Amount::from_minor(fen).unwrap(),
        code: &code,
        request: None,
    };
    shop.desk.take_code("01", &order).await
}

async fn sell(shop: &Shop, fen: i64) -> Id {
    sold(shop, fen).await.unwrap()
}

async fn refund(shop: &Shop, sale: &Id, fen: i64) -> Id {
    let asked = CodeRefund {
        sale,
        amount: Amount::from_minor(fen).unwrap(),
        reason: None,
        request: None,
    };
    match shop.desk.refund_code("01", &asked, |_, _, _| Ok(())).await {
        Ok(Voided::Recorded(id)) => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_by_code_and_its_void() {
    for reversible in [false, true] {
        let shop = Shop::open_where(|rules| rules.qr_void_reversal = reversible);
        let sale = sell(&shop, 1234).await;
        assert_eq!(shop.status(&sale), SaleStatus::Approved);
        let original = shop.view(&sale).original;
        assert_eq!(original.card_mask.as_deref(), Some("62*************6543"));
        assert_eq!(original.facts.voucher.map(|v| v.len()), Some(20));
        let void = shop.void_id(&sale).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_sale_is_reversed_with_its_code() {
    for at in ["request_read", "after_booking"] {
        let shop = Shop::open();
        shop.fault("sale", at, "drop");
        let sale = sell(&shop, 1234).await;
        shop.finish(9).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i04_an_unanswered_void_is_sent_again_until_the_host_says_so() {
    for at in ["request_read", "after_booking"] {
        let mut shop = Shop::open();
        let sale = sell(&shop, 1234).await;
        shop.fault("void", at, "drop");
        let void = shop.void_id(&sale).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
        assert_eq!(shop.view(&sale).net, Net::Unknown);
        shop.restart();
        shop.finish(9).await.unwrap();
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided, "{at}");
        assert_eq!(findings(&shop), [], "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn i04_a_22_to_a_first_void_by_code_proves_nothing() {
    let shop = Shop::open();
    let sale = sell(&shop, 1234).await;
    shop.faults(&pos_scenarios::fault("void", "request_read", "code", "22"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
}

#[tokio::test(start_paused = true)]
async fn a_refund_by_code_needs_no_card_and_is_sent_once() {
    let mut shop = Shop::open();
    let sale = sell(&shop, 1234).await;
    shop.link.unplug(true);
    let later = refund(&shop, &sale, 200).await;
    assert_eq!(shop.undo(&later).status, UndoStatus::Queued);
    shop.restart();
    shop.link.unplug(false);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&later).status, UndoStatus::Refunded);
    assert_eq!(shop.view(&sale).net, Net::Known(1034));

    shop.fault("refund", "after_booking", "drop");
    let lost = refund(&shop, &sale, 300).await;
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&lost).status, UndoStatus::Unknown);
    assert_eq!(shop.view(&sale).net, Net::Unknown);
    let refunds = shop.kinds().iter().filter(|kind| *kind == "refund").count();
    assert_eq!(refunds, 2);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i11_the_code_goes_when_its_batch_is_cleared() {
    let shop = Shop::open();
    let sale = sell(&shop, 1234).await;
    let kept = |sale: &Id| shop.read(|query| query.payment_code(sale));
    assert_eq!(kept(&sale).as_deref().map(String::as_str), Some(CODE));
    assert!(
        !shop
            .written()
            .windows(CODE.len())
            .any(|w| w == CODE.as_bytes())
    );
    shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(kept(&sale), None);
    for attempt in shop.read(|query| query.attempts_of(&sale)) {
        let fields = shop.read(|query| query.attempt_fields(&attempt.id));
        assert!(!fields.windows(CODE.len()).any(|w| w == CODE.as_bytes()));
    }
    assert_eq!(findings(&shop), []);
}

async fn sale_and_void(shop: &Shop) -> Result<(), FlowError> {
    let sale = sold(shop, 1234).await?;
    if shop.status(&sale) == SaleStatus::Approved {
        shop.void(&sale).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_sale_by_code_and_its_void_stopped_everywhere() {
    for on in ["", "sale", "void"] {
        everywhere(
            || Shop::open_where(|rules| rules.qr_void_reversal = true),
            async |shop| {
                if !on.is_empty() {
                    shop.fault(on, "after_booking", "drop");
                }
            },
            async |shop, ()| sale_and_void(shop).await,
            async |shop, (), stop| nothing_left(shop, stop).await,
        )
        .await;
    }
}

/// Where no reversal exists, a void whose answer was not stored goes out once more (decision 6);
/// the host refuses it as made already, and that is the proof.
#[tokio::test(start_paused = true)]
async fn i02_i08_a_void_by_code_without_reversal_stopped_everywhere() {
    let shop = Shop::open();
    sale_and_void(&shop).await.unwrap();
    for nth in 1..=shop.commits() {
        for committed in [false, true] {
            let mut shop = Shop::open();
            shop.stop_at(nth, committed);
            let _ = sale_and_void(&shop).await;
            shop.restart();
            shop.finish(20).await.unwrap();
            let mut found = findings(&shop);
            found.retain(|f| !f.detail.contains("second_undo"));
            assert_eq!(found, [], "{nth} {committed}");
            assert!(
                shop.read(|query| query.left()).is_empty(),
                "{nth} {committed}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_by_code_asks_for_no_card_where_others_do() {
    let shop = Shop::open_where(|rules| rules.void_needs_card = true);
    let sale = sell(&shop, 1234).await;
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
}
