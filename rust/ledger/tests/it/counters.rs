//! Trace and batch numbers.

use pos_domain::SaleStatus;
use pos_ledger::{LedgerError, Tx};

use crate::support::{Home, attempt, id, sale};

fn next(home: &Home) -> String {
    home.write(|tx| tx.next_trace()).unwrap()
}

fn set(home: &Home, name: &str, value: i64) {
    home.write(|tx| tx.set_counter(name, value)).unwrap();
}

/// Notes an attempt with this trace in this batch.
fn use_up(home: &Home, name: &str, batch: &str, trace: &str) {
    home.write(|tx| {
        let (name, s1) = (id(name), id("S1"));
        if tx.query().original(&s1).is_err() {
            tx.insert_original(&sale(&s1, 100, SaleStatus::Sending))?;
        }
        let mut sent = attempt(&name, &s1, trace);
        sent.batch = batch;
        tx.insert_attempt(&sent)
    })
    .unwrap();
}

#[test]
fn i02_traces_count_up_and_survive_a_reopening() {
    let home = Home::new();
    assert_eq!(
        (next(&home), next(&home)),
        ("000001".into(), "000002".into())
    );
    assert_eq!(next(&home.reopened()), "000003");
}

#[test]
fn i02_a_trace_is_used_up_by_its_commit_only() {
    let home = Home::new();
    let failed: Result<String, LedgerError> = home.write(|tx| {
        tx.next_trace()?;
        Err(LedgerError::Value("test"))
    });
    assert!(failed.is_err());
    assert_eq!(next(&home), "000001");
}

#[test]
fn traces_go_round_after_999999_and_leave_out_what_the_batch_used() {
    let home = Home::new();
    use_up(&home, "A1", "000001", "000001");
    use_up(&home, "A2", "000001", "000002");
    use_up(&home, "A3", "000002", "000003");
    set(&home, "trace", 999_998);
    assert_eq!(next(&home), "999999");
    // 1 and 2 are this batch's, 3 is another's.
    assert_eq!(next(&home), "000003");
    set(&home, "trace", 5_000_000);
    assert_eq!(next(&home), "000003");
}

#[test]
fn a_batch_without_a_free_trace_is_refused() {
    let home = Home::new();
    use_up(&home, "A1", "000001", "000001");
    home.sql(
        "WITH RECURSIVE n (t) AS (SELECT 2 UNION ALL SELECT t + 1 FROM n WHERE t < 999999)
         INSERT INTO attempt (id, purpose, mti, batch, trace, key_generation, fields, frame_hash,
         state, created) SELECT 'B' || t, 'sale', '0200', '000001', printf('%06d', t), 1, x'', x'',
         'answered', 0 FROM n",
    )
    .unwrap();
    let full = home.write(|tx| tx.next_trace());
    assert!(matches!(full, Err(LedgerError::Rule(text)) if text.contains("every trace")));
    home.write(|tx| tx.set_batch(2)).unwrap();
    assert_eq!(next(&home), "000001");
}

#[test]
fn batches_go_round_and_a_change_is_audited_once() {
    let home = Home::new();
    assert_eq!(home.read(|query| query.batch()), "000001");
    for (batch, after) in [(1, 2), (999_998, 999_999), (999_999, 1)] {
        assert_eq!(Tx::batch_after(batch), after);
    }
    for batch in [7, 7] {
        home.write(|tx| tx.set_batch(batch)).unwrap();
    }
    let home = home.reopened();
    assert_eq!(home.read(|query| query.batch()), "000007");
    let told = home.read(|query| query.audit_of("terminal"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].before.as_deref(), Some("000001"));
    assert_eq!(told[0].after.as_deref(), Some("000007"));
}

#[test]
fn a_counter_that_was_never_set_is_none() {
    let home = Home::new();
    assert_eq!(home.read(|query| query.counter("epoch")), None);
    set(&home, "epoch", 4);
    assert_eq!(home.read(|query| query.counter("epoch")), Some(4));
}
