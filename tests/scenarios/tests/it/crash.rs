//! The crash matrix: the program is stopped at every write, before and after it is durable, and at
//! every exchange, before the first byte left and before the answer was read; then it starts again
//! and works everything off. Both money ledgers are equal every time.

use pos_domain::{Id, SaleStatus, UndoStatus};
use pos_flows::FlowError;
use pos_ledger::{Net, Tx, Undo, UndoView};
use pos_scenarios::{Death, Shop, every_void_ends, fault, findings, swiped};

type Flow = Result<(), FlowError>;

/// Where the program stops.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// At this commit, and whether that one is still made.
    Commit(i64, bool),
    /// In this exchange.
    Wire(u32, Death),
}

/// Runs `act` after `prepare` once undisturbed, to know where it can stop.
async fn places<T>(
    open: impl Fn() -> Shop,
    prepare: impl AsyncFn(&Shop) -> T,
    act: impl AsyncFn(&Shop, &T) -> Flow,
) -> Vec<Stop> {
    let shop = open();
    let prepared = prepare(&shop).await;
    let (commits, sent) = (shop.commits(), shop.requests().len());
    act(&shop, &prepared).await.unwrap();
    let commits = shop.commits() - commits;
    let exchanges = u32::try_from(shop.requests().len() - sent).unwrap();
    let writes = (1..=commits).flat_map(|n| [Stop::Commit(n, false), Stop::Commit(n, true)]);
    let deaths = [Death::BeforeSending, Death::BeforeAnswer];
    let wires = (1..=exchanges).flat_map(|n| deaths.map(|place| Stop::Wire(n, place)));
    writes.chain(wires).collect()
}

/// Stops `act` everywhere; after each stop `end` works off and looks.
pub async fn everywhere<T>(
    open: impl Fn() -> Shop,
    prepare: impl AsyncFn(&Shop) -> T,
    act: impl AsyncFn(&Shop, &T) -> Flow,
    end: impl AsyncFn(&Shop, &T, Stop),
) {
    let places = places(&open, &prepare, &act).await;
    assert!(!places.is_empty());
    for stop in places {
        let mut shop = open();
        let prepared = prepare(&shop).await;
        match stop {
            Stop::Commit(nth, committed) => {
                shop.stop_at(nth, committed);
                assert!(
                    act(&shop, &prepared).await.is_err(),
                    "{stop:?}: never reached"
                );
            }
            Stop::Wire(nth, place) => {
                let told = shop.dies_in(nth, place, act(&shop, &prepared)).await;
                assert!(told.is_none(), "{stop:?}: never reached");
            }
        }
        shop.restart();
        end(&shop, &prepared, stop).await;
        assert!(every_void_ends(&shop), "{stop:?}");
        assert_eq!(findings(&shop), [], "{stop:?}");
    }
}

/// Works off everything; nothing is left.
pub async fn nothing_left(shop: &Shop, stop: Stop) {
    shop.link.unplug(false);
    let report = shop.finish(20).await.unwrap();
    assert_eq!(report.left, 0, "{stop:?}");
}

async fn nothing(_: &Shop) {}

async fn sale_and_void(shop: &Shop) -> Flow {
    let sale = shop.sell(1234).await?;
    if shop.status(&sale) == SaleStatus::Approved {
        shop.void(&sale).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_sale_and_its_void() {
    everywhere(
        Shop::open,
        nothing,
        async |shop, ()| sale_and_void(shop).await,
        async |shop, (), stop| nothing_left(shop, stop).await,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_sale_and_its_void_with_lost_answers() {
    for (on, at) in [
        ("sale", "request_read"),
        ("sale", "after_booking"),
        ("void", "request_read"),
        ("void", "after_booking"),
    ] {
        let reversal = format!("reversal_{on}");
        for reversal_at in ["", "request_read", "after_booking"] {
            let prepare = async |shop: &Shop| {
                shop.fault(on, at, "drop");
                if !reversal_at.is_empty() {
                    shop.fault(&reversal, reversal_at, "drop");
                }
            };
            everywhere(
                Shop::open,
                prepare,
                async |shop, ()| sale_and_void(shop).await,
                async |shop, (), stop| nothing_left(shop, stop).await,
            )
            .await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i08_a_reversal_that_is_owed() {
    for on in ["sale", "void"] {
        let prepare = async |shop: &Shop| {
            shop.fault(on, "after_booking", "drop");
            shop.fault(&format!("reversal_{on}"), "request_read", "drop");
            sale_and_void(shop).await.unwrap();
        };
        everywhere(
            Shop::open,
            prepare,
            async |shop, ()| shop.desk.gate("01").await.map(|_| ()),
            async |shop, (), stop| nothing_left(shop, stop).await,
        )
        .await;
    }
}

/// A sale whose void waits for the card.
async fn waits_for_card(shop: &Shop) -> (Id, Id) {
    let sale = shop.sell(1234).await.unwrap();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::NeedsCard);
    (sale, void)
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_card_that_is_presented() {
    everywhere(
        || Shop::open_where(|rules| rules.void_needs_card = true),
        waits_for_card,
        async |shop, (_, void)| shop.desk.present_card("01", void, &swiped()).await,
        async |shop, (sale, void), stop| {
            shop.finish(20).await.unwrap();
            if shop.undo(void).status == UndoStatus::NeedsCard {
                shop.desk.present_card("01", void, &swiped()).await.unwrap();
            }
            nothing_left(shop, stop).await;
            assert_eq!(shop.undo_status(sale), Some(UndoStatus::Voided), "{stop:?}");
            let sent = shop.requests();
            let mut voids = sent.iter().filter(|r| r.kind() == "void");
            assert!(voids.all(|void| !void.text(35).is_empty()), "{stop:?}");
        },
    )
    .await;
}

/// A sale whose void waits because the network is down.
async fn queued(shop: &Shop) -> (Id, Id) {
    let sale = shop.sell(1234).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    (sale, void)
}

#[tokio::test(start_paused = true)]
async fn i08_a_withdrawal() {
    everywhere(
        Shop::open,
        queued,
        async |shop, (_, void)| {
            let agrees = |_: &Tx<'_>, _: &Undo| Ok(());
            shop.desk.withdraw("01", void, agrees)
        },
        async |shop, (sale, void), stop| {
            nothing_left(shop, stop).await;
            let (withdrawn, net) = match stop {
                Stop::Commit(_, true) => (UndoStatus::Withdrawn, 1234),
                _ => (UndoStatus::Voided, 0),
            };
            assert_eq!(shop.undo(void).status, withdrawn, "{stop:?}");
            assert_eq!(shop.view(sale).net, Net::Known(net), "{stop:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_hold_and_its_release() {
    everywhere(
        Shop::open,
        queued,
        async |shop, (_, void)| {
            shop.desk.hold("01", void)?;
            shop.desk.release("01", void)
        },
        async |shop, (_, void), stop| {
            if shop.undo(void).status == UndoStatus::OnHold {
                shop.desk.release("01", void).unwrap();
            }
            nothing_left(shop, stop).await;
            assert_eq!(shop.undo(void).status, UndoStatus::Voided, "{stop:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_sign_in() {
    everywhere(
        Shop::open,
        async |shop| shop.sell(1234).await.unwrap(),
        async |shop, _| shop.desk.sign_in("01").await.map(|_| ()),
        async |shop, sale, stop| {
            shop.void(sale).await.unwrap();
            nothing_left(shop, stop).await;
            assert_eq!(shop.status(sale), SaleStatus::Voided, "{stop:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_pass_over_several_queued_voids() {
    let prepare = async |shop: &Shop| {
        let mut sales = Vec::new();
        for fen in [100, 200, 300] {
            sales.push(shop.sell(fen).await.unwrap());
        }
        shop.link.unplug(true);
        for sale in &sales {
            shop.void_id(sale).await;
        }
        shop.link.unplug(false);
        shop.faults(&format!(
            "{}skip=1\n",
            fault("void", "after_booking", "drop", "")
        ));
        shop.desk.begin_round("01").unwrap();
        sales
    };
    everywhere(
        Shop::open,
        prepare,
        async |shop, _| shop.desk.pass("01").await.map(|_| ()),
        async |shop, sales, stop| {
            nothing_left(shop, stop).await;
            for sale in sales {
                assert_eq!(shop.status(sale), SaleStatus::Voided, "{stop:?}");
            }
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i04_i08_a_card_refund_is_never_sent_again() {
    everywhere(
        Shop::open,
        async |shop| shop.sell(1234).await.unwrap(),
        async |shop, sale| shop.try_refund(sale, 1234).await.map(|_| ()),
        async |shop, sale, stop| {
            shop.finish(20).await.unwrap();
            let waits = |undo: &UndoView| undo.status == UndoStatus::NeedsCard;
            assert_ne!(shop.undo_status(sale), Some(UndoStatus::Queued), "{stop:?}");
            if let Some(undo) = shop.view(sale).undo.filter(waits) {
                // Recorded, never sent, and its card is gone: it waits for it to be read again.
                let card = swiped();
                let presented = shop.desk.present_card("01", &undo.id, &card);
                presented.await.unwrap();
                assert_eq!(
                    shop.undo_status(sale),
                    Some(UndoStatus::Refunded),
                    "{stop:?}"
                );
            }
            assert!(shop.count("refund") <= 1, "{stop:?}");
            let sent = shop.count("refund") == 1;
            let status = shop.undo_status(sale);
            if sent && status != Some(UndoStatus::Refunded) {
                assert_eq!(status, Some(UndoStatus::Unknown), "{stop:?}");
                assert_eq!(shop.view(sale).net, Net::Unknown, "{stop:?}");
            }
            assert_eq!(shop.count("reversal_sale"), 0, "{stop:?}");
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_second_stop_while_the_first_is_put_right() {
    for first in 2..=8 {
        for second in 1..=6 {
            for committed in [false, true] {
                let mut shop = Shop::open();
                shop.fault("void", "after_booking", "drop");
                shop.stop_at(first, true);
                assert!(sale_and_void(&shop).await.is_err(), "{first}");
                shop.start_unrecovered();
                shop.stop_at(second, committed);
                if shop.desk.recover().is_ok() {
                    // It stops later: while it works off what it found.
                    let _ = shop.finish(20).await;
                }
                shop.restart();
                let report = shop.finish(20).await.unwrap();
                let place = format!("stopped at {first}, then at {second} ({committed})");
                assert_eq!((findings(&shop), report.left), (vec![], 0), "{place}");
            }
        }
    }
}
