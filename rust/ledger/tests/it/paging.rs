//! The journal since some time, whatever the clock did in between; and events after a number.

use std::path::Path;

use pos_domain::SaleStatus;
use pos_ledger::{JournalFilter, LedgerError};

use crate::support::{Home, id, open, sale, stamp};

const HOUR: i64 = 3_600_000;

/// Identifiers and times of all sales, newest first, read past the ledger.
fn made(home: &Home) -> Vec<(String, i64)> {
    let raw = home.raw();
    let mut all = raw
        .prepare("SELECT id, created FROM original ORDER BY seq DESC")
        .unwrap();
    let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// That every page since every time lists just the sales of then and later.
fn pages_are_right(home: &Home) {
    let made = made(home);
    let times = made
        .iter()
        .flat_map(|(_, at)| [at - HOUR, at - 1, *at, at + 1, at + HOUR]);
    for since in times.chain([i64::MIN, 0, i64::MAX]) {
        for limit in [2, 1_000] {
            let filter = JournalFilter {
                since: Some(since),
                limit,
                ..JournalFilter::default()
            };
            let listed: Vec<String> = home
                .read(|query| query.sales(&filter))
                .into_iter()
                .map(|view| view.original.id.to_string())
                .collect();
            let right = made
                .iter()
                .filter(|(_, at)| *at >= since)
                .map(|(name, _)| name.clone());
            let right: Vec<_> = right.take(usize::try_from(limit).unwrap()).collect();
            assert_eq!(listed, right, "since {since}");
        }
    }
}

fn sell_at(home: &Home, n: usize, at: i64) {
    let mut stamp = stamp();
    stamp.at.wall.0 = at;
    let name = id(&format!("S{n}"));
    home.ledger
        .write(stamp, |tx| {
            tx.insert_original(&sale(&name, 100, SaleStatus::Approved))
        })
        .unwrap_or_else(|error: LedgerError| panic!("{error}"));
}

#[test]
fn a_page_since_some_time_is_right_whatever_the_clock_does() {
    let (day, year) = (24 * HOUR, 365 * 24 * HOUR);
    for clock in [
        vec![0, 1, HOUR - 1, HOUR, 3 * HOUR, day],
        vec![day, 0, HOUR, day + 1, 2 * day],
        vec![year, 0, 1, HOUR, day, year + HOUR, 2],
        vec![-5 * HOUR, -1, 0, -HOUR, HOUR],
        vec![i64::MAX / 2, 0, 1],
    ] {
        let home = Home::new();
        for (n, at) in clock.iter().enumerate() {
            sell_at(&home, n, *at);
        }
        pages_are_right(&home);
    }
}

#[test]
fn a_page_since_some_time_is_right_in_a_ledger_of_the_first_release() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/ledgers");
    std::fs::copy(vectors.join("v0.1.0.db"), &path).unwrap();
    let ledger = open(path).unwrap();
    let home = Home { folder, ledger };
    assert!(made(&home).len() > 5);
    pages_are_right(&home);
}

#[test]
fn events_after_a_number_are_told_once_acknowledged_or_not() {
    let home = Home::new();
    for n in 1..=5 {
        sell_at(&home, n, 0);
    }
    let after = |seq, limit| {
        let events = home.read(|query| query.events_after(seq, limit));
        events.iter().map(|event| event.seq).collect::<Vec<_>>()
    };
    assert_eq!(after(0, 9), [1, 2, 3, 4, 5]);
    assert_eq!(after(2, 2), [3, 4]);
    home.write(|tx| tx.acknowledge_events(4)).unwrap();
    assert_eq!(after(2, 9), [3, 4, 5]);
    assert!(after(5, 9).is_empty());
}

#[test]
fn what_was_told_of_a_sale_and_where_a_page_begins_are_looked_up() {
    let home = Home::new();
    for (sql, by) in [
        (
            "SELECT seq FROM event WHERE subject = 'S1' ORDER BY seq",
            "event_subject",
        ),
        (
            "SELECT seq FROM original_hour WHERE hour >= 7 ORDER BY hour LIMIT 1",
            "INTEGER PRIMARY KEY",
        ),
        (
            "SELECT 1 FROM live_completion WHERE parent = 'S1'",
            "original_parent",
        ),
        (
            "SELECT 1 FROM at_risk WHERE original = 'S1'",
            "obligation_original",
        ),
    ] {
        let raw = home.raw();
        let mut plan = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = plan.query_map([], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
        assert!(
            steps.iter().any(|step| step.contains(by)),
            "{sql}: {steps:?}"
        );
        assert!(
            !steps.iter().any(|step| step.starts_with("SCAN")),
            "{sql}: {steps:?}"
        );
    }
}
