//! A ledger put back from a copy: the wallets are asked first.

use std::path::Path;

use pos_domain::{LocalCode, SaleStatus, UndoStatus};
use pos_scenarios::web::{WebShop, alipay_code, code, web_findings, wechat_code};

/// A copy of the ledger as it is now, all of it in one file.
fn copy(shop: &WebShop, to: &Path) {
    let from = rusqlite::Connection::open(shop.folder().join("ledger.db")).unwrap();
    from.execute("VACUUM INTO ?1", [to.to_str().unwrap()])
        .unwrap();
}

/// Somebody puts the copy back and starts the terminal.
fn put_back(shop: &mut WebShop, from: &Path) {
    for beside in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(shop.folder().join(beside));
    }
    std::fs::copy(from, shop.folder().join("ledger.db")).unwrap();
    shop.restart();
}

fn opened(shop: &WebShop) -> bool {
    shop.till.check_epoch(shop.outside.as_ref()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn i09_a_void_made_since_the_copy_is_not_made_twice() {
    for code in [wechat_code, alipay_code] {
        let mut shop = WebShop::open();
        let place = shop.folder().join("copy.db");
        assert!(!opened(&shop));
        let sale = shop.sell_through(1234, &code(0)).await;
        shop.network.unplug(true);
        let void = shop.void_id(&sale).await;
        copy(&shop, &place);
        shop.restart();
        assert!(!opened(&shop));
        shop.network.unplug(false);
        shop.work_off(5).await.unwrap();
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
        let asked = shop.asked().len();

        put_back(&mut shop, &place);
        assert!(opened(&shop));
        assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
        shop.work_off(5).await.unwrap();
        assert_eq!(
            shop.asked().len(),
            asked,
            "nothing is sent before a supervisor looked"
        );
        shop.till.accept_restored("00", |_| Ok(())).unwrap();
        shop.work_off(5).await.unwrap();
        assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
        // A question, and no second call.
        assert_eq!(shop.asked().len(), asked + 1, "{:?}", shop.asked());
        assert_eq!(web_findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i09_a_sale_under_way_in_the_copy_is_asked_about() {
    let mut shop = WebShop::open();
    let place = shop.folder().join("copy.db");
    assert!(!opened(&shop));
    let sale = shop.sell(880, &wechat_code(2)).await.unwrap();
    copy(&shop, &place);
    shop.restart();
    assert!(!opened(&shop));
    // In the newer ledger it is taken back.
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    put_back(&mut shop, &place);
    assert!(opened(&shop));
    let fresh = shop.sell(990, &code("134650201234567890")).await.unwrap();
    assert_eq!(shop.status(&fresh), SaleStatus::NotSent);
    assert_eq!(shop.code(&fresh), format!("local.{}", LocalCode::Restored));
    shop.till.accept_restored("00", |_| Ok(())).unwrap();
    shop.work_off(9).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Declined,
        "{}",
        shop.code(&sale)
    );
    assert_eq!(web_findings(&shop), []);
}
