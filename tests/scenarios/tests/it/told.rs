//! What people are told: every failure with its cause and next step, every change in the audit.

use std::collections::BTreeSet;

use pos_diagnosis::{Situation, explain};
use pos_domain::{Code, Id, Lang, SaleStatus};
use pos_ledger::JournalFilter;
use pos_scenarios::{Shop, fault, findings, other_card};
use rusqlite::Connection;

/// Every code that stands in the ledger for somebody to read.
fn codes(shop: &Shop) -> Vec<Code> {
    let filter = JournalFilter {
        limit: 100,
        ..JournalFilter::default()
    };
    let mut codes = Vec::new();
    for sale in shop.read(|query| query.sales(&filter)) {
        let id = sale.original.id;
        codes.extend(sale.original.code);
        codes.extend(
            shop.read(|query| query.undos_of(&id))
                .into_iter()
                .filter_map(|u| u.code),
        );
        let owed = shop.read(|query| query.obligations_of(&id));
        codes.extend(owed.into_iter().filter_map(|o| o.code));
        let attempts = shop.read(|query| query.attempts_of(&id));
        codes.extend(attempts.into_iter().filter_map(|a| a.code));
    }
    codes
}

/// A day on which much fails.
async fn bad_day() -> Shop {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    for code in ["51", "96", "A0", "ZZ"] {
        shop.faults(&fault("sale", "request_read", "code", code));
        shop.sell(600).await.unwrap();
        shop.finish(9).await.unwrap();
    }
    for action in ["drop", "cut", "corrupt", "wrong_mac", "foreign_answer"] {
        shop.fault("sale", "request_read", action);
        shop.sell(700).await.unwrap();
        shop.finish(9).await.unwrap();
    }
    shop.void_with(&sale, Some(&other_card())).await.unwrap();
    shop.link.unplug(true);
    let unsent = shop.sell(800).await.unwrap();
    assert_eq!(shop.status(&unsent), SaleStatus::NotSent);
    shop.void_id(&sale).await;
    shop.link.unplug(false);
    shop.faults(&fault("void", "request_read", "code", "22"));
    shop.finish(9).await.unwrap();
    shop
}

#[tokio::test(start_paused = true)]
async fn i12_every_failure_in_the_ledger_has_a_cause_and_a_next_step_in_both_languages() {
    let shop = bad_day().await;
    let codes = codes(&shop);
    let kinds: BTreeSet<String> = codes.iter().map(ToString::to_string).collect();
    assert!(kinds.len() >= 10, "{kinds:?}");
    for code in codes {
        for lang in [Lang::Zh, Lang::En] {
            for situation in [Situation::Sale, Situation::Void, Situation::Reversal] {
                let told = explain(&code, situation, lang, "reference");
                assert_eq!(
                    (told.code, told.reference),
                    (code.to_string(), "reference".into())
                );
                for words in [&told.title, &told.next_step, &told.who_fixes] {
                    assert!(!words.trim().is_empty(), "{code} {situation}");
                }
            }
        }
    }
}

/// The states of a subject as the audit tells them.
fn told(shop: &Shop, subject: &Id) -> Vec<String> {
    let entries = shop.read(|query| query.audit_of(subject.as_str()));
    let states = ["sale", "void", "status"];
    let entries = entries
        .into_iter()
        .filter(|e| states.contains(&e.action.as_str()));
    entries.filter_map(|entry| entry.after).collect()
}

#[tokio::test(start_paused = true)]
async fn i13_the_audit_tells_every_state_of_a_sale_and_its_void() {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    let void = shop.void_id(&sale).await;
    shop.link.unplug(true);
    shop.desk.hold("02", &void).unwrap();
    shop.desk.release("03", &void).unwrap();
    shop.link.unplug(false);
    shop.finish(9).await.unwrap();
    assert_eq!(told(&shop, &sale), ["sending", "approved"]);
    let states = [
        "queued", "sending", "unknown", "queued", "on_hold", "queued", "sending", "voided",
    ];
    assert_eq!(told(&shop, &void), states);
    let entries = shop.read(|query| query.audit_of(void.as_str()));
    for (state, who) in [("on_hold", "02"), ("voided", "01")] {
        let entry = entries
            .iter()
            .find(|e| e.after.as_deref() == Some(state))
            .unwrap();
        assert_eq!(
            (entry.operator.as_str(), entry.boot_id.as_str()),
            (who, "boot-1")
        );
        assert!(entry.wall > 0 && entry.since_boot > 0 && entry.before.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn i13_whoever_changes_the_file_is_found_out() {
    let changes = [
        "DROP TRIGGER audit_fixed; UPDATE audit SET after = 'declined' WHERE after = 'approved'",
        "DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq = 5",
        "DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)",
        "DROP TRIGGER undo_rule_update; UPDATE undo SET status = 'refused'",
        "UPDATE original SET status = 'declined'",
    ];
    for change in changes {
        let shop = Shop::open();
        let sale = shop.sell(500).await.unwrap();
        shop.void_id(&sale).await;
        assert_eq!(findings(&shop), []);
        let file = Connection::open(shop.folder().join("ledger.db")).unwrap();
        file.execute_batch(change).unwrap();
        drop(file);
        let found = findings(&shop);
        assert!(
            found.iter().any(|f| f.check == "verify"),
            "{change}: {found:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn i05_a_void_never_becomes_a_refund_by_itself() {
    let shop = Shop::open();
    let sale = shop.sell(500).await.unwrap();
    shop.cut_over();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status.as_str(), "refund_offered");
    for _ in 0..5 {
        shop.wait(86_400_000).await;
        shop.finish(3).await.unwrap();
    }
    assert_eq!((shop.count("refund"), shop.count("void")), (0, 1));
    let refund = shop.refund(&sale, 500).await;
    let refund = shop.undo(&refund);
    assert_eq!(
        (refund.status.as_str(), refund.follows),
        ("refunded", Some(void))
    );
    assert_eq!(findings(&shop), []);
}
