//! Script result notices: owed with the answer that carried the script, first in the gate, and
//! repeated under the same trace until the host took them.

use pos_domain::ports::Clock;
use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{CardInput, Entry, Id, SaleStatus};
use pos_iso8583::messages::{Kind, check};
use pos_iso8583::{decode, tlv};
use pos_ledger::{LedgerError, NewObligation, Obligation, Stamp};
use pos_scenarios::{Request, Shop, fault, findings};
use pos_sim::Step;

use crate::chips::read_by;
use crate::stops;

const SCRIPT: [u8; 6] = [0x72, 4, 0x86, 2, 0x84, 0x24];

/// From now on every answer to a sale carries a script for the card.
fn with_scripts(shop: &Shop) {
    let forger = shop.forger();
    shop.link.tamper(Box::new(move |request, mut steps| {
        let is_sale = Request::of(request).kind() == "sale";
        for step in steps.iter_mut().filter(|_| is_sale) {
            if let Step::Send(frame) = step
                && decode(frame).is_ok()
            {
                *frame = forger.changed(frame, |answer| {
                    answer.fields.set(55, SCRIPT);
                });
            }
        }
        steps
    }));
}

/// A shop that is signed in, at a host that sends scripts.
async fn shop() -> Shop {
    let shop = Shop::open();
    shop.sell(100).await.unwrap();
    with_scripts(&shop);
    shop
}

fn chip() -> CardInput {
    read_by(Entry::Contactless)
}

fn notice_of(shop: &Shop, sale: &Id) -> Obligation {
    let owed = shop.read(|query| query.obligations_of(sale));
    let notice = owed
        .into_iter()
        .find(|o| o.kind == ObligationKind::ScriptNotice);
    notice.expect("a notice")
}

fn traces(shop: &Shop) -> Vec<String> {
    let notices = shop.requests().into_iter().filter(|r| r.mti == "0620");
    notices.map(|notice| notice.text(11).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_script_is_answered_for_before_the_next_transaction() {
    let shop = shop().await;
    let sale = shop.sell_to(1234, &chip(), None).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(notice_of(&shop, &sale).status, ObligationStatus::Owed);
    assert_eq!(traces(&shop).len(), 0, "the card has not spoken yet");
    let result = [0x20, 0x12, 0x34, 0x56, 0x78];
    let mut said = Vec::new();
    tlv::push(&mut said, 0xDF31, &result).unwrap();
    tlv::push(&mut said, 0x9F36, &[0, 43]).unwrap();
    shop.desk.add_chip_result("01", &sale, &said).unwrap();
    shop.sell(500).await.unwrap();
    let kinds = shop.kinds();
    assert_eq!(kinds[kinds.len() - 2..], ["0620", "sale"]);
    let notice = shop.last("0620");
    assert_eq!(check(Kind::ScriptNotice, &notice.message.fields), Ok(()));
    let original = shop.view(&sale).original;
    let (batch, trace) = (original.batch.unwrap(), original.trace.unwrap());
    let date = original.facts.host_date.unwrap();
    assert_eq!(notice.text(61), format!("{batch}{trace}{date}"));
    assert_eq!(notice.text(60), format!("00{batch}951"));
    assert_ne!(notice.text(11), trace, "a trace of its own");
    assert_eq!(notice.text(37), original.facts.reference.unwrap());
    assert_eq!((notice.text(3), notice.text(4)), ("000000", "000000001234"));
    let chip = notice.message.fields.get(55).unwrap();
    assert_eq!(tlv::find(chip, 0xDF31), Some(&result[..]));
    assert_eq!(
        tlv::find(chip, 0x9F36),
        Some(&[0, 43][..]),
        "the card's last word"
    );
    assert_eq!(notice_of(&shop, &sale).proof.unwrap(), "answered 00");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn without_a_result_the_notice_says_that_no_script_was_run() {
    let shop = shop().await;
    shop.sell_to(1234, &chip(), None).await.unwrap();
    shop.work_off(3).await.unwrap();
    let notice = shop.last("0620");
    let chip = notice.message.fields.get(55).unwrap();
    assert_eq!(tlv::find(chip, 0xDF31), Some(&[0; 5][..]));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_refused_sales_script_is_answered_for_too() {
    let shop = shop().await;
    let sale = shop.sell_to(9_000_051, &chip(), None).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Declined);
    shop.work_off(5).await.unwrap();
    assert_eq!(traces(&shop).len(), 1);
    assert_eq!(notice_of(&shop, &sale).status, ObligationStatus::Closed);
    assert!(
        !shop.last("0620").text(37).is_empty(),
        "as the refusal said"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i10_a_notice_without_answer_shuts_the_gate_and_is_repeated_under_its_trace() {
    let shop = shop().await;
    let sale = shop.sell_to(1234, &chip(), None).await.unwrap();
    for _ in 0..2 {
        shop.fault("script_notice", "after_booking", "drop");
        let next = shop.sell(500).await.unwrap();
        assert_eq!(shop.status(&next), SaleStatus::NotSent);
    }
    let next = shop.sell(500).await.unwrap();
    assert_eq!(shop.status(&next), SaleStatus::Approved);
    let traces = traces(&shop);
    assert_eq!(traces.len(), 3);
    assert!(traces.iter().all(|trace| *trace == traces[0]), "{traces:?}");
    assert_eq!(notice_of(&shop, &sale).proof.unwrap(), "answered 94");
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Approved,
        "the sale stands as it was"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i10_a_notice_goes_before_a_reversal() {
    let shop = shop().await;
    shop.link.honest();
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let lost = shop.sell(700).await.unwrap();
    assert_eq!(shop.status(&lost), SaleStatus::Unknown);
    // Owed beside it, as after a stop between two tries: the notice of an older sale.
    let older = shop.read(|query| query.attempts_by_trace("000002"))[0].clone();
    let owed: Result<(), LedgerError> = shop.desk.ledger.write(stamp(&shop), |tx| {
        tx.insert_obligation(&NewObligation {
            id: &tx.new_id('N')?,
            kind: ObligationKind::ScriptNotice,
            original: older.original.as_ref(),
            undo: None,
            attempt: Some(&older.id),
            status: ObligationStatus::Owed,
        })
    });
    owed.unwrap();
    shop.sell(500).await.unwrap();
    let kinds = shop.kinds();
    assert_eq!(kinds[kinds.len() - 3..], ["0620", "reversal_sale", "sale"]);
}

fn stamp(shop: &Shop) -> Stamp {
    Stamp {
        at: shop.clock.now(),
        operator: "01".to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn i04_a_notice_that_the_host_keeps_refusing_leaves_the_gate_and_stays_owed() {
    let shop = shop().await;
    let sale = shop.sell_to(1234, &chip(), None).await.unwrap();
    let refused = fault("script_notice", "request_read", "code", "25");
    shop.faults(&format!("{refused}times=9\n"));
    shop.work_off(9).await.unwrap();
    assert_eq!(notice_of(&shop, &sale).status, ObligationStatus::Escalated);
    let next = shop.sell(500).await.unwrap();
    assert_eq!(shop.status(&next), SaleStatus::Approved);
    shop.host().clear_faults();
    shop.desk.sign_in("01").await.unwrap();
    shop.work_off(3).await.unwrap();
    assert_eq!(
        notice_of(&shop, &sale).status,
        ObligationStatus::Closed,
        "tried again"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_not_settled_past_a_notice_without_answer() {
    let shop = shop().await;
    shop.sell_to(1234, &chip(), None).await.unwrap();
    let lost = fault("script_notice", "request_read", "drop", "");
    shop.faults(&format!("{lost}times=9\n"));
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, pos_flows::Balance::Blocked);
    shop.host().clear_faults();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, pos_flows::Balance::Balanced);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn only_a_chip_has_a_last_word() {
    let shop = Shop::open();
    let keyed = shop.sell(1000).await.unwrap();
    assert!(
        shop.desk
            .add_chip_result("01", &keyed, &[0x95, 1, 0])
            .is_err()
    );
    let sale = shop.sell_to(1234, &chip(), None).await.unwrap();
    for broken in [&[][..], &[0x9F], &[0x95, 5, 0]] {
        assert!(shop.desk.add_chip_result("01", &sale, broken).is_err());
    }
    shop.desk
        .add_chip_result("01", &sale, &[0x95, 1, 0])
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_at_any_write_of_a_day_with_scripts() {
    let day = async |shop: &Shop| {
        shop.sell(100).await?;
        with_scripts(shop);
        shop.sell_to(1234, &chip(), None).await?;
        shop.link.honest();
        shop.sell(500).await?;
        Ok(())
    };
    let look = async |shop: &Shop, place: &str| {
        let traces = traces(shop);
        let same = traces.iter().all(|trace| *trace == traces[0]);
        assert!(same, "{place}: {traces:?}");
    };
    stops::everywhere(Shop::open, day, look).await;
    let lossy = || {
        let shop = Shop::open();
        shop.fault("script_notice", "after_booking", "drop");
        shop
    };
    let day_without_answer = async |shop: &Shop| {
        shop.sell(100).await?;
        with_scripts(shop);
        shop.sell_to(1234, &chip(), None).await?;
        shop.link.honest();
        shop.sell(500).await?;
        shop.sell(500).await?;
        Ok(())
    };
    stops::everywhere(lossy, day_without_answer, look).await;
}
