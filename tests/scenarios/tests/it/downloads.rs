//! Downloads that come in parts, broken, without end, or too late.

use pos_domain::SaleStatus;
use pos_ledger::{JobKind, JobStep};
use pos_scenarios::Shop;
use pos_sim::Step;

use crate::jobs::{job_codes, names, pending};

/// Has the host answer 60.3 `code` with this field 62, as one that offers it.
fn offer(shop: &Shop, code: &'static str, parts: &'static [&'static [u8]]) {
    let mut given = 0;
    shop.link.tamper(Box::new(move |request, steps| {
        let asked = pos_scenarios::Request::of(request);
        if !asked.text(60).ends_with(code) {
            return steps;
        }
        let mut answer = asked.message.clone();
        answer.mti = answer.mti.response();
        answer.fields.remove(62);
        answer.fields.set(39, "00");
        if let Some(part) = parts.get(given) {
            answer.fields.set(62, part);
        }
        given += 1;
        vec![Step::Send(pos_iso8583::encode(&answer).unwrap())]
    }));
}

#[tokio::test(start_paused = true)]
async fn a_blacklist_comes_in_parts_and_is_kept_sealed() {
    let shop = Shop::open();
    shop.host().ask_for(7);
    // 391, its end, is answered like the rest of what this host does not offer.
    offer(
        &shop,
        "390",
        &[b"2622202111111", b"3622202222222", b"1622202333333"],
    );
    shop.sell(1000).await.unwrap();
    assert_eq!(job_codes(&shop), ["390", "390", "390", "391"]);
    assert_eq!(pending(&shop), [(JobKind::Blacklist, JobStep::End)]);
    offer(&shop, "391", &[]);
    shop.wait(5_000).await;
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 0);
    let parts = shop.read(|query| query.downloads(JobKind::Blacklist));
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.value.as_slice()).collect();
    assert_eq!(parts, [b"622202111111", b"622202222222", b"622202333333"]);
    let written = shop.written();
    assert!(!written.windows(12).any(|bytes| bytes == b"622202222222"));
}

#[tokio::test(start_paused = true)]
async fn management_parameters_are_kept_as_they_came() {
    let shop = Shop::open();
    shop.host().ask_for(6);
    offer(&shop, "364", &[b"anything"]);
    shop.sell(1000).await.unwrap();
    offer(&shop, "365", &[]);
    shop.wait(5_000).await;
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 0);
    let brought = shop.read(|query| query.downloads(JobKind::Management));
    assert_eq!(brought[0].value.as_slice(), b"anything");
}

/// A list of one key that says that more follows.
const KEY: &[u8] = b"2\x9F\x06\x05\xA0\0\0\x03\x33\x9F\x22\x01\x02";
/// A list that is cut short.
const BROKEN: &[u8] = b"1\x9F\x06\x05\xA0";

#[tokio::test(start_paused = true)]
async fn lists_that_are_broken_or_never_end_are_given_up_and_money_goes_on() {
    let never: &'static [&'static [u8]] = &[KEY; 9];
    let broken: &'static [&'static [u8]] = &[BROKEN; 9];
    for parts in [never, broken] {
        let shop = Shop::open();
        shop.host().ask_for(4);
        offer(&shop, "372", parts);
        for _ in 0..6 {
            let sale = shop.sell(1000).await.unwrap();
            assert_eq!(shop.status(&sale), SaleStatus::Approved);
            shop.wait(60_000).await;
        }
        assert_eq!(pending(&shop), []);
        assert_eq!(names(&shop, JobKind::CaKeys).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_download_is_not_taken_for_the_one_asked_for() {
    let shop = Shop::open();
    shop.host().ask_for(4);
    let mut earlier: Option<Vec<u8>> = None;
    shop.link.tamper(Box::new(move |request, mut steps| {
        let asked = pos_scenarios::Request::of(request);
        if asked.text(60).ends_with("370")
            && let Some(Step::Send(frame)) = steps.first_mut()
        {
            match &earlier {
                // Every later key is answered with the first one, once more.
                Some(first) => frame.clone_from(first),
                None => earlier = Some(frame.clone()),
            }
        }
        steps
    }));
    for _ in 0..5 {
        let sale = shop.sell(1000).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved);
        shop.wait(60_000).await;
    }
    assert_eq!(
        names(&shop, JobKind::CaKeys).len(),
        0,
        "half a set is no set"
    );
    assert_eq!(pending(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_answer_to_another_step_does_not_end_a_job() {
    let shop = Shop::open();
    shop.host().ask_for(4);
    let mut earlier = Vec::new();
    let mut was_late = false;
    shop.link.tamper(Box::new(move |request, mut steps| {
        let asked = pos_scenarios::Request::of(request);
        if let Some(Step::Send(frame)) = steps.first_mut() {
            if asked.text(60).ends_with("370") {
                earlier.clone_from(frame);
            } else if asked.text(60).ends_with("371") && !was_late {
                frame.clone_from(&earlier);
                was_late = true;
            }
        }
        steps
    }));
    shop.sell(1000).await.unwrap();
    assert_eq!(pending(&shop), [(JobKind::CaKeys, JobStep::End)]);
    shop.wait(5_000).await;
    assert_eq!(shop.desk.run_jobs("01").await.unwrap(), 0);
    let ends = job_codes(&shop)
        .iter()
        .filter(|code| *code == "371")
        .count();
    assert_eq!((ends, names(&shop, JobKind::CaKeys).len()), (2, 3));
}
