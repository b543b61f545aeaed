//! Voids and refunds over the web: the method chosen once, repeated under its number until proven.

use std::time::Duration;

use pos_domain::{Id, LocalCode, Rail, SaleStatus, UndoStatus};
use pos_flows::{Statement, Voided};
use pos_ledger::Net;
use pos_scenarios::web::{WebShop, alipay_code, code, is_refused, web_findings, wechat_code};
use pos_sim::Customer;
use tokio::time::sleep;

async fn voided(shop: &WebShop, void: &Id) {
    shop.work_off(20).await.unwrap();
    let undo = shop.undo(void);
    assert_eq!(
        undo.status,
        UndoStatus::Voided,
        "{:?} {:?}",
        undo.code,
        shop.asked()
    );
    assert_eq!(web_findings(shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_void_is_queued_offline_and_delivered_later() {
    for code in [wechat_code, alipay_code] {
        let mut shop = WebShop::open();
        let sale = shop.sell_through(880, &code(0)).await;
        shop.network.unplug(true);
        let void = shop.void_id(&sale).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
        assert_eq!(shop.view(&sale).net, Net::Known(880));
        shop.restart();
        shop.network.unplug(false);
        voided(&shop, &void).await;
        assert_eq!(shop.view(&sale).net, Net::Known(0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_whose_answer_is_lost_is_repeated_under_its_number() {
    for code in [wechat_code, alipay_code] {
        for at in ["request_read", "after_booking"] {
            let shop = WebShop::open();
            let sale = shop.sell_through(880, &code(0)).await;
            shop.fault("void", at, "drop");
            shop.fault("query", at, "drop");
            let void = shop.void_id(&sale).await;
            assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
            assert_eq!(shop.undo(&void).code, Some(LocalCode::AskingWallet.into()));
            assert_eq!(shop.view(&sale).net, Net::Unknown);
            voided(&shop, &void).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_wallet_needs_time_for_stays_owed() {
    // The merchant is poor at first; the refund takes its time; an error though it was done; too
    // soon after another; a reverse that wants to be called thrice, that is refused while the
    // customer types, that answers success and does nothing.
    for (script, wechat, alipay) in [
        (11, true, false),
        (12, true, false),
        (14, false, true),
        (15, false, true),
        (17, false, true),
        (18, false, true),
        (19, true, false),
    ] {
        let codes = [(wechat, wechat_code as fn(u8) -> _), (alipay, alipay_code)];
        for (_, code) in codes.into_iter().filter(|(wanted, _)| *wanted) {
            let shop = WebShop::open();
            let sale = shop.sell_through(9_001_000 + script, &code(0)).await;
            let void = shop.void_id(&sale).await;
            voided(&shop, &void).await;
        }
    }
}

/// A sale by a QR of ours, scanned and paid.
async fn shown(shop: &WebShop, fen: i64, rail: Rail) -> Id {
    let sale = shop.show(fen, rail).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    assert!(shop.order(&sale).qr.is_some());
    shop.follow_for(&sale, 12_000).await.unwrap();
    shop.customer(rail, Customer::Scans);
    shop.follow_for(&sale, 12_000).await.unwrap();
    shop.customer(rail, Customer::Pays);
    shop.follow(&sale).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Approved,
        "{}",
        shop.code(&sale)
    );
    sale
}

#[tokio::test(start_paused = true)]
async fn a_payment_by_our_qr_is_voided_by_a_refund_of_all_of_it() {
    for rail in [Rail::WeChat, Rail::Alipay] {
        // At once; after a while; under way for some questions; refused at first.
        for script in [0, 14, 15, 17, 18] {
            let shop = WebShop::open();
            let sale = shown(&shop, 9_001_000 + script, rail).await;
            let void = shop.void_id(&sale).await;
            voided(&shop, &void).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refund_that_cannot_arrive_is_a_persons_to_handle() {
    let shop = WebShop::open();
    let sale = shown(&shop, 9_001_016, Rail::WeChat).await;
    let void = shop.void_id(&sale).await;
    shop.work_off(20).await.unwrap();
    let undo = shop.undo(&void);
    assert_eq!(undo.status, UndoStatus::Escalated);
    assert_eq!(undo.code, Some(LocalCode::RefundStuck.into()));
    assert_eq!(shop.view(&sale).net, Net::Unknown);
    assert_eq!(web_findings(&shop), []);
    // Only the wallet's written statement closes it: here it came back after all.
    let (said, by) = (Statement::NotExecuted, "mail of today");
    shop.till
        .resolve("00", &void, said, by, |_, _| Ok(()))
        .unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Refused);
    assert_eq!(shop.view(&sale).net, Net::Known(9_001_016));
}

#[tokio::test(start_paused = true)]
async fn i04_an_unknown_sale_is_closed_by_a_statement_only() {
    let shop = WebShop::open();
    let sale = shop.sell(880, &wechat_code(2)).await.unwrap();
    shop.network.unplug(true);
    shop.work_off(30).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    let (said, by) = (Statement::NotExecuted, "mail of today");
    shop.till
        .resolve("00", &sale, said, by, |_, _| Ok(()))
        .unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert!(shop.read(|query| query.left()).is_empty());
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_qr_that_nobody_pays_is_closed_and_a_late_payment_given_back() {
    for rail in [Rail::WeChat, Rail::Alipay] {
        let shop = WebShop::open();
        let sale = shop.show(880, rail).await.unwrap();
        shop.follow(&sale).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed, "{rail}");
        // Paid between the last question and the close.
        let sale = shop.show(9_001_006, rail).await.unwrap();
        shop.follow(&sale).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed, "{rail}");
        assert_eq!(web_findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn parts_are_refunded_and_no_more_than_all() {
    for code in [wechat_code, alipay_code] {
        let shop = WebShop::open();
        let sale = shop.sell_through(1_000, &code(0)).await;
        assert!(matches!(
            shop.refund(&sale, 400).await,
            Ok(Voided::Recorded(_))
        ));
        shop.work_off(20).await.unwrap();
        assert_eq!(shop.view(&sale).net, Net::Known(600));
        assert_eq!(shop.status(&sale), SaleStatus::PartlyRefunded);
        let over = shop.refund(&sale, 601).await.unwrap();
        assert_eq!(over, Voided::Refused(LocalCode::OverRemaining.into()));
        let void = shop.void(&sale).await.unwrap();
        assert_eq!(void, Voided::Refused(LocalCode::PartlyRefunded.into()));
        shop.wait(60_000).await;
        assert!(matches!(
            shop.refund(&sale, 600).await,
            Ok(Voided::Recorded(_))
        ));
        shop.work_off(20).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Refunded);
        assert_eq!(web_findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_after_the_window_is_refused_or_offered_as_a_refund() {
    const DAY: i64 = 86_400_000;
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    let queued = shop.sell_through(990, &code("134650201234567890")).await;
    shop.network.unplug(true);
    let void = shop.void_id(&queued).await;
    shop.wait(7 * DAY).await;
    assert_eq!(
        shop.void(&sale).await.unwrap(),
        Voided::Refused(LocalCode::DeadlinePassed.into())
    );
    shop.network.unplug(false);
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert!(!shop.asked().iter().any(|asked| asked == "reverse"));
    // The platform says so too: neither more nor less than the terminal knows.
    let late = shop
        .sell_through(9_001_013, &code("134650201234567891"))
        .await;
    let void = shop.void_id(&late).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert_eq!(shop.undo(&void).code.unwrap().to_string(), "REVERSE_EXPIRE");
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn hold_release_and_withdraw() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    shop.network.unplug(true);
    let void = shop.void_id(&sale).await;
    shop.till.hold("01", &void).unwrap();
    shop.network.unplug(false);
    shop.work_off(2).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::OnHold);
    shop.till.release("01", &void).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.till.withdraw("01", &void, |_, _| Ok(())).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(shop.asked(), ["micropay"]);

    // Once a byte may have left it can no longer be withdrawn.
    shop.fault("void", "after_booking", "drop");
    shop.fault("query", "after_booking", "drop");
    let void = shop.void_id(&sale).await;
    let withdrawn = shop.till.withdraw("01", &void, |_, _| Ok(()));
    assert!(is_refused(&withdrawn, LocalCode::AlreadySending));
    voided(&shop, &void).await;
}

/// Some platforms show a reversed payment as REFUND: that counts only if all of it went back.
#[tokio::test(start_paused = true)]
async fn i04_a_payment_shown_as_returned_counts_when_all_of_it_went_back() {
    let shop = WebShop::set_up(|setup| {
        setup.wallets.wechat_reversed_state = "REFUND".to_owned();
    });
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    let void = shop.void_id(&sale).await;
    voided(&shop, &void).await;
    assert_eq!(shop.asked().last().map(String::as_str), Some("refundquery"));
    // The same for one that is taken back while it is unknown.
    shop.fault("sale", "after_booking", "drop");
    let lost = shop.sell(770, &code("134650201234567890")).await.unwrap();
    shop.till.take_back("01", &lost).unwrap();
    shop.follow(&lost).await.unwrap();
    assert_eq!(
        shop.status(&lost),
        SaleStatus::Reversed,
        "{}",
        shop.code(&lost)
    );
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn the_older_signature_and_a_provider_do_as_well() {
    use pos_channels::wechat::SubMerchant;
    use pos_channels::wechat::v2::SignType;
    let shop = WebShop::set_up(|setup| {
        setup.sign_type = SignType::Md5;
        setup.sub = Some(SubMerchant {
            mch_id: "1900000110".to_owned(),
            app_id: None,
        });
    });
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Approved,
        "{}",
        shop.code(&sale)
    );
    let void = shop.void_id(&sale).await;
    voided(&shop, &void).await;
    let sale = shown(&shop, 990, Rail::WeChat).await;
    let void = shop.void_id(&sale).await;
    voided(&shop, &void).await;
}

/// A call that hangs is not handed to people: its answer, or its silence, decides first.
#[tokio::test(start_paused = true)]
async fn no_one_escalates_a_void_that_is_on_its_way() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    shop.fault("void", "after_booking", "drop");
    shop.fault("query", "after_booking", "drop");
    let meanwhile = async {
        sleep(Duration::from_secs(1)).await;
        let void = shop.view(&sale).undo.expect("the void").id;
        assert_eq!(shop.undo(&void).status, UndoStatus::Sending);
        let escalated = shop.till.escalate_with("01", &void, |_| Ok(()));
        assert!(
            is_refused(&escalated, LocalCode::AlreadySending),
            "{escalated:?}"
        );
        assert_eq!(shop.undo(&void).status, UndoStatus::Sending);
    };
    let (void, ()) = tokio::join!(shop.void_id(&sale), meanwhile);
    shop.till.escalate_with("01", &void, |_| Ok(())).unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    assert_eq!(shop.view(&sale).net, Net::Unknown);
}
