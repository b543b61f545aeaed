//! What surrounds a pre-authorisation: completion by advice, a second one that adds to it; and the
//! balance inquiry, which moves no money.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Amount, CardInput, Entry, Id, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{Balance, FlowError, Inquired, Order, Statement, Voided};
use pos_ledger::Net;
use pos_scenarios::{CARD, PIN, Shop, card, fault, findings, other_card, with_pin};

use crate::chips::read_by;
use crate::stops;

fn order<'a>(
    kind: OriginalKind,
    fen: i64,
    card: &'a CardInput,
    parent: Option<&'a Id>,
) -> Order<'a> {
    Order {
        kind,
        amount: Amount::from_minor(fen).unwrap(),
        card,
        parent,
        request: None,
    }
}

async fn hold(shop: &Shop, fen: i64) -> Id {
    let card = card();
    let order = order(OriginalKind::Preauth, fen, &card, None);
    shop.desk.take("01", &order).await.unwrap()
}

async fn advise(shop: &Shop, preauth: &Id, fen: i64) -> Result<Id, FlowError> {
    let card = card();
    let order = order(OriginalKind::Completion, fen, &card, Some(preauth));
    shop.desk.complete_by_advice("01", &order).await
}

async fn add(shop: &Shop, preauth: &Id, fen: i64) -> Result<Id, FlowError> {
    let card = card();
    let order = order(OriginalKind::Preauth, fen, &card, Some(preauth));
    shop.desk.take("01", &order).await
}

fn notice_status(shop: &Shop, completion: &Id) -> ObligationStatus {
    let owed = shop.read(|query| query.obligations_of(completion));
    let notice = owed
        .into_iter()
        .find(|o| o.kind == ObligationKind::BatchUpload);
    notice.expect("a notice").status
}

/// Traces of the advices that reached the host.
fn advices(shop: &Shop) -> Vec<String> {
    let sent = shop.requests().into_iter().filter(|r| r.mti == "0220");
    sent.map(|advice| advice.text(11).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_completion_by_advice_is_approved_once_the_host_took_it() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    let completion = advise(&shop, &preauth, 9_000).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    assert_eq!(shop.status(&preauth), SaleStatus::Completed);
    assert_eq!(shop.view(&completion).net, Net::Known(9_000));
    let advice = shop.last("refund");
    assert_eq!((advice.text(3), advice.text(25)), ("000000", "06"));
    assert!(advice.text(60).starts_with("24"));
    let held = shop.view(&preauth).original.facts;
    assert_eq!(advice.text(38), held.auth_code.unwrap());
    assert_eq!(
        advice.text(61),
        format!("000000000000{}", held.host_date.unwrap())
    );
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.balance, settled.totals.debit_amount),
        (Balance::Balanced, 9_000)
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_advice_cannot_be_voided() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    let completion = advise(&shop, &preauth, 9_000).await.unwrap();
    let refused = Voided::Refused(LocalCode::AdviceNotVoidable.into());
    assert_eq!(shop.void(&completion).await.unwrap(), refused);
    shop.link.unplug(true);
    let other = hold_offline_advice(&shop).await;
    assert_eq!(
        shop.void(&other).await.unwrap(),
        refused,
        "nor while it is owed"
    );
    assert_eq!(shop.count("void"), 0);
}

/// An advice whose first try finds no network.
async fn hold_offline_advice(shop: &Shop) -> Id {
    shop.link.unplug(false);
    let preauth = hold(shop, 5_000).await;
    shop.link.unplug(true);
    advise(shop, &preauth, 5_000).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn i04_an_advice_without_answer_is_unknown_and_repeated_under_its_trace() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    for at in ["request_read", "after_booking"] {
        shop.fault("completion_advice", at, "drop");
    }
    let completion = advise(&shop, &preauth, 9_000).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Unknown);
    assert_eq!(shop.view(&completion).net, Net::Unknown);
    let report = shop.work_off(9).await.unwrap();
    assert_eq!(
        (report.left, shop.status(&completion)),
        (0, SaleStatus::Approved)
    );
    let sent = advices(&shop);
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|trace| *trace == sent[0]), "{sent:?}");
    let tries: Vec<_> = shop
        .requests()
        .into_iter()
        .filter(|r| r.mti == "0220")
        .collect();
    for field in 2..64 {
        let of = |at: usize| tries[at].message.fields.get(field);
        assert!(
            of(0) == of(1) && of(0) == of(2),
            "F{field} differs between tries"
        );
    }
    assert_eq!(shop.count("reversal_sale"), 0, "a notice is never reversed");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i01_an_advice_without_network_survives_a_restart_and_arrives_once() {
    let mut shop = Shop::open();
    let completion = hold_offline_advice(&shop).await;
    assert_eq!(shop.status(&completion), SaleStatus::Unknown);
    shop.restart();
    assert_eq!(notice_status(&shop, &completion), ObligationStatus::Owed);
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Blocked, "its money is not known");
    shop.link.unplug(false);
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.balance, settled.totals.debit_amount),
        (Balance::Balanced, 5_000)
    );
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_definite_no_to_the_only_try_declines_an_advice() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    let refused = fault("completion_advice", "request_read", "code", "61");
    shop.faults(&refused);
    let completion = advise(&shop, &preauth, 9_000).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Declined);
    assert_eq!(
        shop.status(&preauth),
        SaleStatus::Held,
        "it can be completed again"
    );
    let again = advise(&shop, &preauth, 9_000).await.unwrap();
    assert_eq!(shop.status(&again), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_no_after_an_unanswered_try_proves_nothing() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    shop.fault("completion_advice", "after_booking", "drop");
    let completion = advise(&shop, &preauth, 9_000).await.unwrap();
    let refused = fault("completion_advice", "request_read", "code", "61");
    shop.faults(&format!("{refused}times=9\n"));
    shop.work_off(9).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Unknown);
    assert_eq!(
        notice_status(&shop, &completion),
        ObligationStatus::Escalated
    );
    assert_eq!(shop.view(&completion).net, Net::Unknown);
    // The acquirer's word, entered by two people, ends it.
    let consent = |_: &pos_ledger::Tx<'_>, _: &pos_ledger::Original| Ok(());
    shop.desk
        .resolve("01", &completion, Statement::Executed, "letter 7", consent)
        .unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    assert_eq!(notice_status(&shop, &completion), ObligationStatus::Closed);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn the_rules_of_a_completion_hold_for_an_advice() {
    let shop = Shop::open();
    let preauth = hold(&shop, 10_000).await;
    let over = advise(&shop, &preauth, 11_501).await;
    assert!(matches!(over, Err(FlowError::Refused(code)) if code == LocalCode::OverPreauth.into()));
    let stranger = other_card();
    let order = order(OriginalKind::Completion, 100, &stranger, Some(&preauth));
    let other = shop.desk.complete_by_advice("01", &order).await;
    assert!(matches!(other, Err(FlowError::Refused(code)) if code == LocalCode::OtherCard.into()));
    advise(&shop, &preauth, 10_000).await.unwrap();
    let twice = advise(&shop, &preauth, 10_000).await;
    assert!(
        matches!(twice, Err(FlowError::Refused(code)) if code == LocalCode::PreauthTaken.into())
    );
    assert_eq!(advices(&shop).len(), 1);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_at_any_write_of_an_advice() {
    for faulty in [None, Some("request_read"), Some("after_booking")] {
        let open = || {
            let shop = Shop::open();
            if let Some(at) = faulty {
                shop.fault("completion_advice", at, "drop");
            }
            shop
        };
        let day = async |shop: &Shop| {
            let card = card();
            let held = order(OriginalKind::Preauth, 10_000, &card, None);
            let preauth = shop.desk.take("01", &held).await?;
            let taken = order(OriginalKind::Completion, 9_000, &card, Some(&preauth));
            shop.desk.complete_by_advice("01", &taken).await?;
            shop.work_off(5).await?;
            Ok(())
        };
        let look = async |shop: &Shop, place: &str| {
            let sent = advices(shop);
            assert!(
                sent.iter().all(|trace| *trace == sent[0]),
                "{place}: {sent:?}"
            );
        };
        stops::everywhere(open, day, look).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_preauth_adds_to_the_first_and_stands_on_its_own() {
    let shop = Shop::open();
    let first = hold(&shop, 10_000).await;
    let auth = shop.view(&first).original.facts.auth_code.unwrap();
    let second = add(&shop, &first, 2_000).await.unwrap();
    assert_eq!(shop.status(&second), SaleStatus::Held);
    let sent = shop.last("0100");
    assert_eq!((sent.text(3), sent.text(25)), ("030000", "60"));
    assert!(sent.text(60).starts_with("10"));
    assert_eq!(
        (sent.text(38), sent.text(61)),
        (auth.as_str(), "0000000000000000")
    );
    shop.void_id(&second).await;
    assert_eq!(shop.status(&second), SaleStatus::Voided);
    assert_eq!(shop.status(&first), SaleStatus::Held);
    let own = shop.view(&second).original.facts.auth_code.unwrap();
    assert_eq!(shop.last("0100").text(38), own, "voided under its own code");
    let completion = advise(&shop, &first, 10_000).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    let late = add(&shop, &first, 100).await;
    assert!(
        matches!(late, Err(FlowError::Refused(code)) if code == LocalCode::PreauthTaken.into())
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_completion_takes_up_to_115_per_cent_of_all_that_is_held() {
    let shop = Shop::open();
    let first = hold(&shop, 10_000).await;
    let second = add(&shop, &first, 2_000).await.unwrap();
    assert_eq!(shop.desk.preauth_room(&first).unwrap(), 13_800);
    let over = advise(&shop, &first, 13_801).await;
    assert!(matches!(over, Err(FlowError::Refused(code)) if code == LocalCode::OverPreauth.into()));
    // What was taken back holds nothing, and an unproven void of it may have.
    let third = add(&shop, &first, 500).await.unwrap();
    assert_eq!(shop.desk.preauth_room(&first).unwrap(), 14_375);
    shop.fault("preauth_void", "request_read", "drop");
    shop.fault("reversal_preauth_void", "request_read", "drop");
    let void = shop.void_id(&third).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    assert_eq!(shop.desk.preauth_room(&first).unwrap(), 13_800);
    shop.finish(9).await.unwrap();
    let card = card();
    let all = order(OriginalKind::Completion, 13_800, &card, Some(&first));
    let completion = shop.desk.take("01", &all).await.unwrap();
    assert_eq!(shop.status(&completion), SaleStatus::Approved);
    let taken = shop.desk.preauth_room(&second);
    assert!(
        matches!(taken, Err(FlowError::Refused(code)) if code == LocalCode::PreauthTaken.into()),
        "not once more by itself"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i02_a_lost_second_preauth_is_reversed() {
    let shop = Shop::open();
    let first = hold(&shop, 10_000).await;
    shop.fault("preauth", "after_booking", "drop");
    let second = add(&shop, &first, 2_000).await.unwrap();
    assert_eq!(shop.status(&second), SaleStatus::Reversed);
    assert_eq!(shop.last("0400").text(25), "60");
    assert_eq!(shop.status(&first), SaleStatus::Held);
    assert_eq!(findings(&shop), []);
    let open = || {
        let shop = Shop::open();
        shop.fault("preauth", "after_booking", "drop");
        shop
    };
    let day = async |shop: &Shop| {
        let card = card();
        let held = order(OriginalKind::Preauth, 10_000, &card, None);
        shop.desk.take("01", &held).await?;
        let first = shop.desk.take("01", &held).await?;
        if shop.status(&first) == SaleStatus::Held {
            let more = order(OriginalKind::Preauth, 2_000, &card, Some(&first));
            shop.desk.take("01", &more).await?;
        }
        Ok(())
    };
    stops::everywhere(open, day, async |_, _| {}).await;
}

fn shop_with_balance(fen: i64) -> Shop {
    Shop::set_up(|setup| {
        let known = pos_sim::Card {
            balance: Some(fen),
            pin: Some(PIN.to_owned()),
            ..pos_sim::Card::default()
        };
        setup.acquirer.cards.insert(CARD.to_owned(), known);
    })
}

#[tokio::test(start_paused = true)]
async fn a_balance_is_told_and_kept_nowhere() {
    let shop = shop_with_balance(123_456_789);
    for card in [with_pin(), read_by(Entry::Chip)] {
        let told = shop.desk.inquire("01", &card).await.unwrap();
        assert_eq!(told, Inquired::Balance(123_456_789));
    }
    let asked = shop.last("0200");
    assert_eq!((asked.text(3), asked.text(25)), ("310000", "00"));
    assert!(!asked.message.fields.contains(4) && asked.text(60).starts_with("01"));
    let written = shop.written();
    assert!(!written.windows(9).any(|bytes| bytes == b"123456789"));
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    let nothing = shop_with_balance(0);
    assert_eq!(
        nothing.desk.inquire("01", &with_pin()).await.unwrap(),
        Inquired::Balance(0)
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_inquiry_that_fails_owes_nothing() {
    let mut shop = shop_with_balance(500);
    let mut wrong = with_pin();
    wrong.pin = pos_domain::Pin::parse("111111").ok();
    let told = shop.desk.inquire("01", &wrong).await.unwrap();
    assert!(matches!(told, Inquired::Failed(code) if code.to_string() == "55"));
    shop.fault("inquiry", "after_booking", "drop");
    let told = shop.desk.inquire("01", &with_pin()).await.unwrap();
    assert!(matches!(told, Inquired::Failed(code) if code.to_string() == "net.NO_ANSWER"));
    shop.link.unplug(true);
    let told = shop.desk.inquire("01", &with_pin()).await.unwrap();
    assert!(matches!(told, Inquired::Failed(code) if code.to_string() == "net.UNREACHABLE"));
    shop.link.unplug(false);
    shop.stop_at(1, true);
    assert!(shop.desk.inquire("01", &with_pin()).await.is_err());
    shop.restart();
    assert_eq!(shop.read(|query| query.left()).len(), 0);
    let sale = shop.sell(100).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(shop.count("0400") + shop.count("reversal_sale"), 0);
    assert_eq!(findings(&shop), []);
}
