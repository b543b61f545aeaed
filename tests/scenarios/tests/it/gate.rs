//! The gate before each money message, and what a new sale needs.

use std::sync::{Arc, Mutex};

use pos_domain::ports::{Clock, Outside};
use pos_domain::{Amount, Code, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{Gate, Management, Order, TRACE_END, VoidRequest, Voided};
use pos_ledger::{LedgerError, Net, Stamp, Tx};
use pos_scenarios::{Request, Shop, card, fault, findings};

fn write<T>(shop: &Shop, work: impl FnOnce(&Tx<'_>) -> Result<T, LedgerError>) -> T {
    let at = shop.clock.now();
    let operator = "01".to_owned();
    shop.desk
        .ledger
        .write(Stamp { at, operator }, work)
        .unwrap()
}

fn set_counter(shop: &Shop, name: &str, value: i64) {
    write(shop, |tx| tx.set_counter(name, value));
}

/// Why a sale was not sent.
fn why(shop: &Shop, sale: &pos_domain::Id) -> Code {
    let view = shop.view(sale);
    assert_eq!(
        (view.status, view.net),
        (SaleStatus::NotSent, Net::Known(0))
    );
    view.original.code.unwrap()
}

/// A sale without an answer whose reversal a person took out of the gate.
async fn escalated_sale(shop: &Shop) -> (String, pos_domain::Id) {
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    let reversal = shop.reversal(&sale).id;
    shop.desk.escalate("01", &reversal).unwrap();
    (shop.view(&sale).original.trace.unwrap(), reversal)
}

#[tokio::test(start_paused = true)]
async fn i10_owed_reversals_go_first_oldest_first() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    let mut owed = Vec::new();
    for _ in 0..3 {
        owed.push(escalated_sale(&shop).await);
    }
    let back = |(_, id): &(String, pos_domain::Id)| {
        let owed = pos_domain::ObligationStatus::Owed;
        write(&shop, |tx| tx.set_obligation_status(id, owed, None));
    };
    owed.iter().rev().for_each(back);
    let before = shop.requests().len();
    let sale = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    let sent = shop.requests().split_off(before);
    let sent: Vec<_> = sent.iter().map(|r| (r.kind(), r.text(11))).collect();
    let first: Vec<_> = owed
        .iter()
        .map(|(t, _)| ("reversal_sale", t.as_str()))
        .collect();
    assert_eq!((&sent[..3], sent[3].0), (first.as_slice(), "sale"));
    // The host saw the sales that went out while a person held their reversals back.
    let skipped = findings(&shop);
    assert!(
        skipped
            .iter()
            .all(|f| f.detail.contains("reversal_skipped")),
        "{skipped:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn i10_a_sale_behind_a_blocked_gate_is_not_sent_and_not_booked() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    let silent = fault("reversal_sale", "request_read", "drop", "");
    shop.faults(&format!("{silent}times=3\n"));
    let unknown = shop.sell(1000).await.unwrap();
    let sale = shop.sell(700).await.unwrap();
    assert_eq!(why(&shop, &sale), LocalCode::GateBlocked.into());
    assert_eq!(shop.view(&sale).original.trace, None);
    assert_eq!(shop.count("sale"), 2);
    assert_eq!(shop.status(&unknown), SaleStatus::Unknown);
    assert_eq!(
        shop.desk.gate("01").await.unwrap(),
        Gate::Blocked(LocalCode::GateBlocked.into())
    );
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    let sale = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i10_a_void_behind_a_blocked_gate_waits_and_is_not_lost() {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    let silent = fault("reversal_sale", "request_read", "drop", "");
    shop.faults(&format!("{silent}times=2\n"));
    shop.sell(1000).await.unwrap();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    assert_eq!(
        shop.undo(&void).code.unwrap(),
        LocalCode::GateBlocked.into()
    );
    assert_eq!(shop.count("void"), 0);
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i10_queued_voids_go_out_nearest_deadline_first() {
    let shop = Shop::open();
    let mut sales = Vec::new();
    for fen in [100, 200, 300] {
        sales.push(shop.sell(fen).await.unwrap());
    }
    shop.link.unplug(true);
    for sale in sales.iter().rev() {
        shop.void_id(sale).await;
    }
    // The first sale has the nearest deadline; the others keep the order of asking.
    let soon = shop
        .view(&sales[0])
        .original
        .facts
        .deadline
        .unwrap()
        .plus(-60_000);
    let facts = pos_ledger::AnswerFacts {
        deadline: Some(soon),
        ..pos_ledger::AnswerFacts::default()
    };
    write(&shop, |tx| tx.set_answer_facts(&sales[0], &facts));
    shop.link.unplug(false);
    shop.finish(9).await.unwrap();
    let sent = shop.requests();
    let voids = sent.iter().filter(|r| r.kind() == "void");
    let amounts: Vec<_> = voids.map(|r| r.text(4).trim_start_matches('0')).collect();
    assert_eq!(amounts, ["100", "300", "200"]);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_master_key_at_sign_in_sends_nothing_afterwards() {
    let shop = Shop::set_up(|setup| setup.tmk = *b"8765432187654321");
    assert_eq!(
        shop.desk.sign_in("01").await.unwrap(),
        Management::Failed(LocalCode::KeyCheckFailed.into())
    );
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(why(&shop, &sale), LocalCode::KeyCheckFailed.into());
    assert!(
        shop.kinds().iter().all(|kind| kind == "sign_in"),
        "{:?}",
        shop.kinds()
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_spoilt_check_value_keeps_the_keys_of_before() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sign_in", "after_booking", "wrong_mac");
    assert_eq!(
        shop.desk.sign_in("01").await.unwrap(),
        Management::Failed(LocalCode::KeyCheckFailed.into())
    );
    // The host has new keys now, so it refuses the old ones until the next sign-in.
    let first = shop.sell(700).await.unwrap();
    assert_ne!(shop.status(&first), SaleStatus::Approved);
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    let sale = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_refuses_sales_and_takes_voids_and_reversals() {
    let shop = Shop::open_where(|rules| rules.max_batch = 2);
    let sale = shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    let lost = shop.sell(600).await.unwrap();
    assert_eq!(shop.status(&lost), SaleStatus::Reversed);
    let full = shop.sell(700).await.unwrap();
    assert_eq!(why(&shop, &full), LocalCode::BatchFull.into());
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn no_setting_lifts_the_batch_over_what_its_counts_can_say() {
    let shop = Shop::open_where(|rules| rules.max_batch = 9999);
    assert_eq!(shop.desk.rules.batch_limit(), 950);
}

#[tokio::test(start_paused = true)]
async fn i01_a_disk_that_is_nearly_full_refuses_sales_and_takes_answers_and_voids() {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    shop.link.unplug(false);
    *shop.outside.free.lock().unwrap() = Some(20 * 1024 * 1024 - 1);
    let refused = shop.sell(700).await.unwrap();
    assert_eq!(why(&shop, &refused), LocalCode::DiskLow.into());
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    *shop.outside.free.lock().unwrap() = Some(20 * 1024 * 1024);
    let sale = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i08_the_same_command_never_acts_twice() {
    let mut shop = Shop::open();
    let first = shop.sell_to(500, &card(), Some("tap-1")).await.unwrap();
    let again = shop.sell_to(500, &card(), Some("tap-1")).await.unwrap();
    assert_eq!((&first, shop.count("sale")), (&again, 1));
    let ask = |shop: &Shop| {
        let (desk, sale) = (shop.desk.clone(), first.clone());
        async move {
            let asked = VoidRequest {
                sale: &sale,
                card: None,
                reason: None,
                request: Some("tap-2"),
            };
            desk.void("01", &asked, |_, _, _| Ok(())).await.unwrap()
        }
    };
    let Voided::Recorded(void) = ask(&shop).await else {
        panic!("refused");
    };
    shop.restart();
    assert_eq!(ask(&shop).await, Voided::Recorded(void));
    assert_eq!(shop.count("void"), 1);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i08_a_command_stopped_anywhere_and_given_again_is_one_sale() {
    for nth in 3..=6 {
        let mut shop = Shop::open();
        shop.desk.sign_in("01").await.unwrap();
        shop.stop_at(nth - 2, true);
        let stopped = shop.sell_to(500, &card(), Some("tap-1")).await;
        shop.restart();
        let sale = shop.sell_to(500, &card(), Some("tap-1")).await.unwrap();
        shop.finish(9).await.unwrap();
        let journal = pos_ledger::JournalFilter {
            limit: 10,
            ..pos_ledger::JournalFilter::default()
        };
        assert_eq!(
            shop.read(|query| query.sales(&journal)).len(),
            1,
            "{stopped:?}"
        );
        assert!(shop.count("sale") <= 1);
        assert_ne!(shop.status(&sale), SaleStatus::Sending);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i09_no_trace_number_is_used_that_is_not_reserved_outside() {
    let shop = Shop::open();
    let (outside, used) = (Arc::clone(&shop.outside), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&used);
    shop.link.tamper(Box::new(move |request, steps| {
        let trace: u64 = Request::of(request).text(11).parse().unwrap();
        let end = outside.read(TRACE_END).unwrap().unwrap_or(0);
        seen.lock().unwrap().push((trace, end));
        steps
    }));
    set_counter(&shop, "trace", 995);
    let mut sales = Vec::new();
    for fen in 1..=6 {
        sales.push(shop.sell(100 * fen).await.unwrap());
    }
    shop.void_id(&sales[0]).await;
    let used = used.lock().unwrap();
    assert_eq!(used.len(), 8);
    for (trace, end) in used.iter() {
        assert!(
            trace <= end && end - trace <= 1_010,
            "trace {trace}, reserved to {end}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn trace_numbers_go_round_from_999999_to_1_and_leave_out_used_ones() {
    let shop = Shop::open();
    shop.desk.sign_in("01").await.unwrap();
    let early = shop.sell(300).await.unwrap();
    assert_eq!(shop.view(&early).original.trace.unwrap(), "000002");
    set_counter(&shop, "trace", 999_997);
    let mut sales = Vec::new();
    for fen in 1..=4 {
        sales.push(shop.sell(100 * fen).await.unwrap());
    }
    let traces: Vec<_> = sales
        .iter()
        .map(|sale| shop.view(sale).original.trace.unwrap())
        .collect();
    assert_eq!(traces, ["999998", "999999", "000001", "000003"]);
    assert_eq!(shop.outside.read(TRACE_END).unwrap(), Some(1_001));
    for sale in &sales {
        shop.void_id(sale).await;
    }
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_batch_changed_at_sign_in_leaves_every_record_in_its_own() {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    let trace = shop.view(&sale).original.trace.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let lost = shop.sell(600).await.unwrap();
    shop.host().set_batch(7);
    shop.host().drop_keys();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.read(|query| query.batch()), "000007");
    assert_eq!(&shop.last("reversal_sale").text(60)[2..8], "000001");
    assert_eq!(shop.status(&lost), SaleStatus::Reversed);
    let void = shop.void_id(&sale).await;
    let sent = shop.last("void");
    assert_eq!(&sent.text(60)[2..8], "000007", "the void's own batch");
    assert_eq!(sent.text(61), format!("000001{trace}"), "the sale's batch");
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.view(&sale).original.batch.unwrap(), "000001");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_order_of_nothing_and_of_too_much_is_no_amount() {
    assert!(Amount::from_minor(0).is_err());
    assert!(Amount::from_minor(-1).is_err());
    assert!(Amount::from_minor(1_000_000_000_000).is_err());
    let card = card();
    let most = Amount::from_minor(999_999_999_999).unwrap();
    let shop = Shop::open();
    let order = Order {
        kind: OriginalKind::Sale,
        amount: most,
        card: &card,
        parent: None,
        request: None,
    };
    let sale = shop.desk.take("01", &order).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}
