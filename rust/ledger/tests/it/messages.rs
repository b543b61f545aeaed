//! Jobs and what they bring, cards' last words, signatures: kept, sealed, and added to a ledger of
//! the first release.

use pos_domain::{LocalCode, SaleStatus};
use pos_ledger::{Download, Job, JobKind, JobStep, LedgerError};

use crate::support::{Home, home_with_sale, id, moment};

fn open_jobs(home: &Home) -> Vec<(JobKind, JobStep)> {
    let jobs = home.read(|query| query.open_jobs());
    jobs.into_iter().map(|job| (job.kind, job.step)).collect()
}

fn newest(home: &Home, kind: JobKind) -> Job {
    home.read(|query| query.last_job(kind)).unwrap()
}

fn bring(home: &Home, kind: JobKind, items: &[(&[u8], &[u8])]) {
    home.write(|tx| tx.add_job(kind, JobStep::Fetch)).unwrap();
    let job = newest(home, kind);
    let items: Vec<_> = items
        .iter()
        .map(|(name, value)| (name.to_vec(), Some(value.to_vec())))
        .collect();
    home.write(|tx| {
        tx.add_job_items(&job, &items)?;
        tx.finish_job(&job)
    })
    .unwrap();
}

fn brought(home: &Home, kind: JobKind) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all: Vec<Download> = home.read(|query| query.downloads(kind));
    all.into_iter()
        .map(|one| (one.name, one.value.to_vec()))
        .collect()
}

#[test]
fn a_job_asked_for_twice_is_one_job_until_it_is_done() {
    let home = Home::new();
    for _ in 0..2 {
        home.write(|tx| tx.add_job(JobKind::CaKeys, JobStep::List))
            .unwrap();
    }
    assert_eq!(open_jobs(&home), [(JobKind::CaKeys, JobStep::List)]);
    let job = newest(&home, JobKind::CaKeys);
    home.write(|tx| tx.set_job_step(&job, JobStep::Fetch))
        .unwrap();
    home.write(|tx| tx.add_job(JobKind::CaKeys, JobStep::List))
        .unwrap();
    let home = home.reopened();
    assert_eq!(
        open_jobs(&home),
        [(JobKind::CaKeys, JobStep::Fetch)],
        "a step that was done is not done again"
    );
    home.write(|tx| tx.finish_job(&job)).unwrap();
    assert_eq!(open_jobs(&home), []);
}

#[test]
fn a_new_set_takes_the_place_of_the_old_one_and_nothing_takes_the_place_of_none() {
    let home = Home::new();
    let kind = JobKind::Parameters;
    bring(&home, kind, &[(b"12", b"60"), (b"13", b"3")]);
    bring(&home, JobKind::Blacklist, &[(b"0", b"other")]);
    assert_eq!(brought(&home, kind).len(), 2);
    bring(&home, kind, &[(b"12", b"30")]);
    assert_eq!(brought(&home, kind), [(b"12".to_vec(), b"30".to_vec())]);
    bring(&home, kind, &[]);
    assert_eq!(brought(&home, kind).len(), 1);
    assert_eq!(brought(&home, JobKind::Blacklist).len(), 1);
}

#[test]
fn a_job_given_up_leaves_what_was_there() {
    let home = Home::new();
    let kind = JobKind::CaKeys;
    bring(&home, kind, &[(b"a", b"1")]);
    home.write(|tx| tx.add_job(kind, JobStep::List)).unwrap();
    let job = newest(&home, kind);
    home.write(|tx| {
        tx.add_job_items(&job, &[(b"b".to_vec(), None), (b"c".to_vec(), None)])?;
        tx.set_job_item(&job, 1, b"2")?;
        tx.put_off_job(&job, &LocalCode::Waiting.into(), true, 5_000)
    })
    .unwrap();
    let job = newest(&home, kind);
    assert_eq!((job.tries, job.refused), (1, 1));
    assert!(job.wait_ms(&moment(0, "another boot")) == 0);
    let here: Vec<bool> = home
        .read(|query| query.job_items(job.seq))
        .iter()
        .map(|item| item.is_here)
        .collect();
    assert_eq!(here, [false, true]);
    home.write(|tx| tx.give_up_job(&job, &LocalCode::Waiting.into()))
        .unwrap();
    assert_eq!(brought(&home, kind), [(b"a".to_vec(), b"1".to_vec())]);
    assert_eq!(open_jobs(&home), []);
}

#[test]
fn i11_what_is_kept_for_a_host_is_sealed() {
    let home = home_with_sale();
    let sale = id("S1");
    bring(&home, JobKind::Blacklist, &[(b"0", b"BLACKLISTED-CARD")]);
    home.write(|tx| {
        tx.set_chip_result(&sale, b"CHIP-CRYPTOGRAM", true)?;
        tx.insert_signature(&sale, "51498226", b"SIGNATURE-IMAGE")
    })
    .unwrap();
    assert_eq!(
        home.read(|query| query.chip_result(&sale))
            .unwrap()
            .as_slice(),
        b"CHIP-CRYPTOGRAM"
    );
    let signature = home.read(|query| query.signature(&sale)).unwrap();
    assert_eq!(signature.feature, "51498226");
    assert_eq!(signature.image.unwrap().as_slice(), b"SIGNATURE-IMAGE");
    home.raw()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let bytes = std::fs::read(home.path()).unwrap();
    for clear in ["BLACKLISTED-CARD", "CHIP-CRYPTOGRAM", "SIGNATURE-IMAGE"] {
        let found = bytes
            .windows(clear.len())
            .any(|part| part == clear.as_bytes());
        assert!(!found, "{clear} lies in the file");
    }
}

#[test]
fn a_signature_is_made_once_and_its_image_goes_with_the_hosts_answer() {
    let home = home_with_sale();
    let sale = id("S1");
    home.write(|tx| tx.insert_signature(&sale, "00000000", b"image"))
        .unwrap();
    let again = home.write(|tx| tx.insert_signature(&sale, "00000000", b"other"));
    assert!(matches!(again, Err(LedgerError::Rule(_))), "{again:?}");
    home.write(|tx| tx.drop_signature_image(&sale)).unwrap();
    let kept = home.read(|query| query.signature(&sale)).unwrap();
    assert_eq!((kept.feature.as_str(), kept.image), ("00000000", None));
    let status = home.read(|query| query.original(&sale)).status;
    assert_eq!(status, SaleStatus::Approved);
    assert!(home.verify().ok);
}

#[test]
fn what_the_gate_asks_for_is_found_by_its_index() {
    let home = Home::new();
    let plan: Vec<String> = home
        .raw()
        .prepare(
            "EXPLAIN QUERY PLAN SELECT id FROM obligation
             WHERE status = 'owed' AND kind = ?1 ORDER BY seq",
        )
        .unwrap()
        .query_map(["reversal"], |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(plan.len(), 1, "no sorting: {plan:?}");
    assert!(plan[0].contains("USING INDEX obligation_owed"), "{plan:?}");
}
