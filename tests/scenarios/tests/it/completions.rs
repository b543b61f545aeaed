//! A completion that is voided: the pre-authorisation is held again, on both sides.

use pos_domain::{Amount, Id, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{FlowError, Order, Voided};
use pos_ledger::Net;
use pos_scenarios::{Shop, card, findings};

use crate::crash::{everywhere, nothing_left};

/// Holds money, or takes held money.
async fn take(shop: &Shop, fen: i64, preauth: Option<&Id>) -> Result<Id, FlowError> {
    let card = card();
    let order = Order {
        kind: preauth.map_or(OriginalKind::Preauth, |_| OriginalKind::Completion),
        amount: Amount::from_minor(fen).unwrap(),
        card: &card,
        parent: preauth,
        request: None,
    };
    shop.desk.take("01", &order).await
}

/// A pre-authorisation and its completion.
async fn completed(shop: &Shop) -> (Id, Id) {
    let preauth = take(shop, 10_000, None).await.unwrap();
    let completion = take(shop, 9_000, Some(&preauth)).await.unwrap();
    assert_eq!(shop.status(&preauth), SaleStatus::Completed);
    (preauth, completion)
}

fn is_taken(told: Result<Id, FlowError>) -> bool {
    let taken = LocalCode::PreauthTaken.into();
    matches!(told, Err(FlowError::Refused(code)) if code == taken)
}

/// The state of the only pre-authorisation at the host.
fn at_host(shop: &Shop) -> String {
    let book = shop.host().ledger();
    book["holds"][0]["state"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn i03_after_its_completion_is_voided_a_preauth_is_completed_again() {
    let shop = Shop::open();
    let (preauth, completion) = completed(&shop).await;
    shop.void_id(&completion).await;
    assert_eq!(shop.status(&completion), SaleStatus::Voided);
    assert_eq!(shop.status(&preauth), SaleStatus::Held);
    assert_eq!(shop.view(&preauth).net, Net::Known(10_000));
    assert_eq!(at_host(&shop), "approved");
    let again = take(&shop, 11_500, Some(&preauth)).await.unwrap();
    assert_eq!(shop.status(&again), SaleStatus::Approved);
    assert_eq!(shop.status(&preauth), SaleStatus::Completed);
    assert!(is_taken(take(&shop, 1, Some(&preauth)).await));
    let refused = Voided::Refused(LocalCode::PreauthTaken.into());
    assert_eq!(shop.void(&preauth).await.unwrap(), refused);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i03_after_its_completion_is_voided_a_preauth_is_voided() {
    let shop = Shop::open();
    let (preauth, completion) = completed(&shop).await;
    shop.void_id(&completion).await;
    shop.void_id(&preauth).await;
    assert_eq!(shop.status(&preauth), SaleStatus::Voided);
    assert_eq!(at_host(&shop), "voided");
    let voided = take(&shop, 9_000, Some(&preauth)).await;
    assert!(matches!(voided, Err(FlowError::Refused(_))), "{voided:?}");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i03_until_the_void_of_its_completion_is_proven_a_preauth_is_taken() {
    let shop = Shop::open();
    let (preauth, completion) = completed(&shop).await;
    for at in ["request_read", "after_booking"] {
        shop.fault("completion_void", at, "drop");
    }
    shop.fault("reversal_completion_void", "request_read", "drop");
    let void = shop.void_id(&completion).await;
    let taken = Voided::Refused(LocalCode::PreauthTaken.into());
    for _ in 0..9 {
        if shop.undo(&void).status == UndoStatus::Voided {
            break;
        }
        assert_eq!(shop.status(&preauth), SaleStatus::Completed);
        assert!(is_taken(take(&shop, 1, Some(&preauth)).await));
        assert_eq!(shop.void(&preauth).await.unwrap(), taken);
        shop.work_off(1).await.unwrap();
    }
    assert_eq!(shop.status(&preauth), SaleStatus::Held);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_anywhere_in_the_void_of_a_completion() {
    for faulty in ["", "request_read", "after_booking"] {
        let prepare = async |shop: &Shop| {
            if !faulty.is_empty() {
                shop.fault("completion_void", faulty, "drop");
            }
            completed(shop).await
        };
        everywhere(
            Shop::open,
            prepare,
            async |shop, (_, completion)| shop.void(completion).await.map(|_| ()),
            async |shop, (preauth, completion), stop| {
                nothing_left(shop, stop).await;
                // A stop before the first write forgot the tap, and nothing else.
                if shop.undo_status(completion).is_none() {
                    assert_eq!(shop.status(preauth), SaleStatus::Completed, "{stop:?}");
                    shop.void_id(completion).await;
                    nothing_left(shop, stop).await;
                }
                assert_eq!(shop.status(completion), SaleStatus::Voided, "{stop:?}");
                assert_eq!(shop.status(preauth), SaleStatus::Held, "{stop:?}");
                assert_eq!(at_host(shop), "approved", "{stop:?}");
                let again = take(shop, 9_000, Some(preauth)).await.unwrap();
                assert_eq!(shop.status(&again), SaleStatus::Approved, "{stop:?}");
            },
        )
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn i02_a_completion_by_advice_is_owed_before_a_byte_of_it_left() {
    let told = |shop: &Shop| shop.requests().iter().filter(|r| r.mti == "0220").count();
    let mut shop = Shop::open();
    let preauth = take(&shop, 10_000, None).await.unwrap();
    let card = card();
    let order = Order {
        kind: OriginalKind::Completion,
        amount: Amount::from_minor(9_000).unwrap(),
        card: &card,
        parent: Some(&preauth),
        request: Some("c1"),
    };
    let (completion, owed) = shop.desk.record_advice("01", &order).unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Unknown);
    assert_eq!(told(&shop), 0, "nothing was sent");
    let again = shop.desk.record_advice("01", &order).unwrap();
    assert_eq!(again, (completion.clone(), None), "owed once");
    // The program may die before its job tells the host.
    shop.restart();
    assert_eq!(shop.read(|query| query.left()).len(), 1);
    shop.desk.tell_advice("01", &owed.unwrap()).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(told(&shop), 1);
    assert_eq!(findings(&shop), []);
}
