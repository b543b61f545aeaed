//! Jobs that the host asks for in the header of an answer: done after the transaction, one step at
//! a time, and never in the way of money.

use pos_domain::{SaleStatus, UndoStatus};
use pos_ledger::{JobKind, JobStep};
use pos_scenarios::{Shop, fault, findings};

use crate::stops;

/// 60.3 of the messages without money that reached the host, sign-ins left out.
pub fn job_codes(shop: &Shop) -> Vec<String> {
    let management = shop.requests().into_iter();
    let management = management.filter(|request| request.mti == "0800" || request.mti == "0820");
    let codes = management.map(|request| request.text(60).get(8..11).unwrap().to_owned());
    codes.filter(|code| !code.starts_with("00")).collect()
}

pub fn names(shop: &Shop, kind: JobKind) -> Vec<Vec<u8>> {
    let brought = shop.read(|query| query.downloads(kind));
    brought.into_iter().map(|one| one.name).collect()
}

/// A shop whose next answer asks for a job.
async fn asked_for(job: u8) -> Shop {
    let shop = Shop::open();
    shop.host().ask_for(job);
    shop.sell(1000).await.unwrap();
    shop
}

pub fn pending(shop: &Shop) -> Vec<(JobKind, JobStep)> {
    let jobs = shop.desk.pending_jobs().unwrap();
    jobs.into_iter().map(|job| (job.kind, job.step)).collect()
}

#[tokio::test(start_paused = true)]
async fn parameters_are_downloaded_as_codes_and_values() {
    let shop = asked_for(1).await;
    // The sign-in's answer asked, so they came before the sale.
    assert_eq!(job_codes(&shop), ["360", "361"]);
    let brought = shop.read(|query| query.downloads(JobKind::Parameters));
    let pairs: Vec<(String, String)> = brought
        .iter()
        .map(|one| {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            (text(&one.name), text(&one.value).trim_end().to_owned())
        })
        .collect();
    let wanted = [
        ("12", "60"),
        ("13", "3"),
        ("22", "VOIDPROOF TEST MERCHANT"),
        ("23", "3"),
    ]
    .map(|(code, value)| (code.to_owned(), value.to_owned()));
    assert_eq!(pairs, wanted);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_sales_answer_asks_and_the_job_runs_before_the_next_sale() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    shop.host().ask_for(5);
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(pending(&shop), [(JobKind::ChipParameters, JobStep::List)]);
    assert_eq!(
        job_codes(&shop),
        [""; 0],
        "the person at the counter is told first"
    );
    shop.sell(1000).await.unwrap();
    assert_eq!(job_codes(&shop), ["382", "382", "380", "380", "380", "381"]);
    assert_eq!(shop.kinds().last().unwrap(), "sale");
    assert_eq!(names(&shop, JobKind::ChipParameters).len(), 3);
    assert_eq!(pending(&shop), []);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn ca_keys_are_listed_fetched_one_by_one_and_ended() {
    let shop = asked_for(4).await;
    assert_eq!(job_codes(&shop), ["372", "372", "370", "370", "370", "371"]);
    let queries: Vec<Vec<u8>> = shop
        .requests()
        .iter()
        .filter(|request| request.text(60).ends_with("372"))
        .map(|request| request.message.fields.get(62).unwrap().to_vec())
        .collect();
    assert_eq!(queries, [b"100".to_vec(), b"102".to_vec()]);
    let keys = shop.read(|query| query.downloads(JobKind::CaKeys));
    assert_eq!(keys.len(), 3);
    for key in keys {
        assert!(
            key.value.starts_with(&key.name),
            "each is the one asked for"
        );
        assert!(key.value.len() > 128, "with its modulus");
    }
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn the_status_is_told_and_kept_nowhere() {
    let shop = asked_for(2).await;
    assert_eq!(job_codes(&shop), ["362"]);
    assert_eq!(names(&shop, JobKind::Status), Vec::<Vec<u8>>::new());
    assert_eq!(pending(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_declined_sale_asks_too_and_a_sign_in_is_asked_for_as_well() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    shop.host().ask_for(2);
    shop.sell(9_000_051).await.unwrap();
    assert_eq!(pending(&shop), [(JobKind::Status, JobStep::Fetch)]);
    shop.host().ask_for(3);
    shop.sell(9_000_051).await.unwrap();
    assert_eq!(shop.sign_in_needed(), "requested");
}

#[tokio::test(start_paused = true)]
async fn a_job_the_host_refuses_is_given_up_and_money_goes_on() {
    for job in [6, 7] {
        let shop = asked_for(job).await;
        for _ in 0..6 {
            let sale = shop.sell(1000).await.unwrap();
            assert_eq!(shop.status(&sale), SaleStatus::Approved);
            shop.wait(30_000).await;
        }
        assert_eq!(
            job_codes(&shop).len(),
            3,
            "as often as the resend limit says"
        );
        assert_eq!(pending(&shop), []);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_without_answer_waits_and_money_goes_on() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    shop.host().ask_for(4);
    shop.sell(1000).await.unwrap();
    for _ in 0..4 {
        shop.fault("ca_keys", "request_read", "drop");
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved);
        shop.host().clear_faults();
        shop.wait(20_000).await;
    }
    assert_eq!(
        pending(&shop),
        [(JobKind::CaKeys, JobStep::List)],
        "it is not forgotten"
    );
    shop.wait(3_600_000).await;
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 0);
    assert_eq!(names(&shop, JobKind::CaKeys).len(), 3);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i10_a_job_never_goes_before_a_reversal() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    shop.host().ask_for(2);
    shop.sell(1000).await.unwrap();
    shop.fault("status", "request_read", "drop");
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let lost = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&lost), SaleStatus::Unknown);
    assert_eq!(pending(&shop), [(JobKind::Status, JobStep::Fetch)]);
    assert_eq!(
        job_codes(&shop),
        ["362"],
        "it came to nothing before the sale"
    );
    shop.wait(60_000).await;
    shop.fault("reversal_sale", "request_read", "drop");
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 1);
    assert_eq!(job_codes(&shop), ["362"], "the gate is shut: no job");
    shop.wait(60_000).await;
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 0);
    let kinds = shop.kinds();
    assert_eq!(kinds[kinds.len() - 2..], ["reversal_sale", "0820"]);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i08_a_stop_at_any_write_of_a_download_goes_on_where_it_was() {
    for job in [1, 2, 4, 5] {
        let kind = [
            JobKind::Parameters,
            JobKind::Status,
            JobKind::Status,
            JobKind::CaKeys,
            JobKind::ChipParameters,
        ][usize::from(job) - 1];
        let open = || {
            let shop = Shop::open();
            shop.host().ask_for(job);
            shop
        };
        let day = async |shop: &Shop| {
            shop.sell(1000).await?;
            Ok(())
        };
        let look = async |shop: &Shop, place: &str| {
            shop.sell(1000).await.unwrap();
            shop.sell(1000).await.unwrap();
            // Stopped before the sign-in was committed, nobody remembers that something was asked.
            let known = shop.read(|query| query.last_job(kind)).is_some();
            let whole = match kind {
                JobKind::Status => 0,
                JobKind::Parameters => 4,
                _ => 3,
            };
            assert_eq!(
                names(shop, kind).len(),
                if known { whole } else { 0 },
                "{place}"
            );
            assert_eq!(pending(shop), [], "{place}");
            assert!(job_codes(shop).len() <= 8, "{place}: {:?}", job_codes(shop));
        };
        stops::everywhere(open, day, look).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_job_asked_for_twice_is_one_and_voids_go_on_beside_it() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    shop.void_id(&sale).await;
    shop.link.unplug(false);
    shop.host().ask_for(4);
    shop.fault("ca_keys", "request_read", "drop");
    shop.sell(500).await.unwrap();
    shop.host().ask_for(4);
    shop.work_off(9).await.unwrap();
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    assert!(pending(&shop).len() <= 1);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_slow_download_holds_the_counter_up_for_a_moment_only() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    shop.host().ask_for(4);
    shop.sell(1000).await.unwrap();
    let slow = fault("ca_keys", "after_booking", "delay", "4000");
    shop.faults(&format!("{slow}times=9\n"));
    let before = shop.clock.true_time();
    let sale = shop.sell(1000).await.unwrap();
    let taken = shop.clock.true_time().0 - before.0;
    assert!((4_000..10_000).contains(&taken), "{taken} ms");
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    for _ in 0..4 {
        shop.desk.run_jobs("01").await.unwrap();
    }
    assert_eq!(pending(&shop), []);
    assert_eq!(job_codes(&shop).len(), 6, "no step was made twice");
}
