//! A ledger with a million sales: opening, reading, finding, and one more commit.
//!
//! The rows have the sizes and keys that the ledger's own functions give them; only the hashes of
//! the audit are filler, since nothing here reads them. The file is made once for each schema and
//! kept in cargo's folder for such things.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; a bench stops at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{Criterion, criterion_group, criterion_main};
use pos_domain::ports::{PortError, Random};
use pos_domain::{
    Amount, Entry, Expiry, Id, Moment, ObligationKind, ObligationStatus, OriginalKind, Pan, Rail,
    SaleStatus, WallTime,
};
use pos_ledger::{
    Account, DataKey, JournalFilter, Ledger, LedgerError, LedgerOptions, NewAttempt, NewObligation,
    NewOriginal, Query, SCHEMA_VERSION, Sealer, Stamp,
};

const SALES: u32 = 1_000_000;
/// 2026-11-24 18:20 in Beijing; the sales before it came one every minute.
const NOW: i64 = 1_795_515_600_000;
/// Where a file can be written without a disk, when there is such a place.
const MEMORY: &str = "/dev/shm";

struct Mixing(AtomicU64);

impl Random for Mixing {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        let call = self.0.fetch_add(1, Ordering::Relaxed);
        let stream = (0..).flat_map(|block: u64| {
            let mixed = (call << 8 | block).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29)).to_le_bytes()
        });
        let fill = |(byte, next): (&mut u8, u8)| *byte = next;
        bytes.iter_mut().zip(stream).for_each(fill);
        Ok(())
    }
}

fn open(path: &Path) -> Ledger {
    // Far from any identifier that a run before this one made in the same file.
    let start = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let random = Arc::new(Mixing(AtomicU64::new(start.subsec_nanos().into())));
    Ledger::open(LedgerOptions {
        path: path.to_owned(),
        sealer: Sealer::new(&DataKey([1; 32]), random.clone()),
        random,
    })
    .unwrap()
}

/// One row for each sale in every table, in the order in which a terminal writes them.
const FILL: &str = "
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -400000;
    BEGIN;
    CREATE TEMP TABLE n AS
        WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < SALES)
        SELECT i, 'S' || hex(randomblob(8)) AS s, 'A' || hex(randomblob(8)) AS a,
            'R' || hex(randomblob(8)) AS r, printf('%06d', 1 + (i - 1) % 999999) AS trace,
            printf('%06d', 1 + i / 500) AS batch, NOW - (SALES - i) * 60000 AS at FROM c;
    INSERT INTO original (id, kind, rail, status, amount, currency, operator, entry, card_mask,
        last_four, card_hash, account, batch, trace, terminal, merchant, reference, auth_code,
        host_date, host_time, settle_date, card_org, created, deadline)
        SELECT s, 'sale', 'unionpay', 'approved', 100 + abs(random()) % 100000, 156, '01',
        'manual', '622202*********0018', printf('%04d', abs(random()) % 10000), randomblob(32),
        randomblob(57), batch, trace, '10000001', '898310048140001', printf('%012d', i), '123456',
        '1124', '182000', '1124', 'CUP', at, at FROM n;
    INSERT INTO attempt (id, original, purpose, mti, batch, trace, key_generation, host_day,
        fields, frame_hash, state, code, answer, created, closed)
        SELECT a, s, 'sale', '0200', batch, trace, 1, '1124', randomblob(300), randomblob(32),
        'answered', '00', randomblob(250), at, at FROM n;
    INSERT INTO obligation (id, kind, original, attempt, status, proof, created, closed)
        SELECT r, 'reversal', s, a, 'closed', 'answered 00', at, at FROM n;
    INSERT INTO audit (wall, since_boot, boot_id, operator, action, subject, before, after,
        previous, hash)
        SELECT at, at, '8f1c9b1e-7b0e-4f0e-9f52-0f7b9b1e7b0e', '01', action,
        CASE subject WHEN 's' THEN s WHEN 'a' THEN a ELSE r END, before, after, randomblob(32),
        randomblob(32) FROM n JOIN (
            SELECT 1 AS step, 'sale' AS action, 's' AS subject, NULL AS before, 'sending' AS after
            UNION ALL SELECT 2, 'sale', 'a', NULL, 'intended'
            UNION ALL SELECT 3, 'owed_reversal', 'r', NULL, 'armed'
            UNION ALL SELECT 4, 'attempt', 'a', 'intended', 'answered'
            UNION ALL SELECT 5, 'closed', 'r', 'armed', 'answered 00'
            UNION ALL SELECT 6, 'status', 's', 'sending', 'approved') ORDER BY i, step;
    INSERT INTO event (kind, subject, payload, created)
        SELECT kind, CASE kind WHEN 'sale' THEN s ELSE r END, payload, at FROM n JOIN (
            SELECT 1 AS step, 'sale' AS kind, 'sending' AS payload
            UNION ALL SELECT 2, 'obligation', 'closed'
            UNION ALL SELECT 3, 'sale', 'approved') ORDER BY i, step;
    INSERT INTO counter (name, value) VALUES ('events_acknowledged', 3 * SALES);
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE);
";

/// The file with a million sales, made when this schema's is not there yet.
fn million() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let schema = include_str!("../migrations/0001_ledger.sql");
    let sum = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    let hash = [schema, FILL].concat().bytes().fold(0xCBF2_9CE4, sum);
    let path = folder.join(format!("million-v{SCHEMA_VERSION}-{hash:016x}.db"));
    if path.exists() {
        return path;
    }
    let half = folder.join("million.part.db");
    let _ = std::fs::remove_file(&half);
    drop(open(&half));
    let fill = FILL
        .replace("SALES", &SALES.to_string())
        .replace("NOW", &NOW.to_string());
    let raw = rusqlite::Connection::open(&half).unwrap();
    raw.execute_batch(&fill).unwrap();
    drop(raw);
    std::fs::rename(&half, &path).unwrap();
    path
}

fn page() -> JournalFilter {
    JournalFilter {
        limit: 50,
        ..JournalFilter::default()
    }
}

fn read<T>(ledger: &Ledger, work: impl FnOnce(Query<'_>) -> Result<T, LedgerError>) -> T {
    ledger.read(work).unwrap()
}

fn reading(c: &mut Criterion) {
    let path = million();
    let mut group = c.benchmark_group("a million sales");
    group.bench_function("open", |b| b.iter(|| open(&path)));
    let ledger = open(&path);
    let pages = [
        ("page of 50, newest", page()),
        (
            "page of 50, in the middle",
            JournalFilter {
                before_seq: Some(i64::from(SALES / 2)),
                ..page()
            },
        ),
        (
            "page of 50, since an hour ago",
            JournalFilter {
                since: Some(NOW - 3_600_000),
                ..page()
            },
        ),
        (
            "page of 50, since the beginning",
            JournalFilter {
                since: Some(0),
                ..page()
            },
        ),
    ];
    let texts = ["0042", "123.45", "000777", "nothing"];
    let searches = texts.map(|text| {
        let filter = JournalFilter {
            text: Some(text.to_owned()),
            ..page()
        };
        (text, filter)
    });
    for (name, filter) in &pages {
        group.bench_function(*name, |b| b.iter(|| read(&ledger, |q| q.sales(filter))));
    }
    for (text, filter) in &searches {
        group.bench_function(format!("search {text}"), |b| {
            b.iter(|| read(&ledger, |q| q.sales(filter)));
        });
    }
    group.bench_function("find a voucher", |b| {
        b.iter(|| read(&ledger, |q| q.original_by_voucher("123456")));
    });
    let last = read(&ledger, |q| q.last_original()).unwrap().id;
    group.bench_function("all about one sale", |b| {
        b.iter(|| {
            read(&ledger, |q| {
                let owed = q.obligations_of(&last)?.len();
                let told = q.events_of(last.as_str())?.len() + q.audit_of(last.as_str())?.len();
                Ok(owed + told + q.attempts_of(&last)?.len())
            })
        });
    });
    group.bench_function("what is open", |b| {
        b.iter(|| {
            read(&ledger, |q| {
                let owed = q.open_obligations()?.len() + q.gate_reversals()?.len();
                let undos = q.open_undos()?.len() + q.left()?.len();
                let sent = q.interrupted_attempts()?.len() + q.unsent_originals()?.len();
                let told = q.waiting_events(50)?.len();
                Ok(owed + undos + sent + told + usize::try_from(q.delivered_count()?).unwrap_or(0))
            })
        });
    });
}

/// Original, trace, attempt, armed reversal, their audit and event: what a tap commits.
fn tap(ledger: &Ledger, account: &Account) -> Result<(), LedgerError> {
    let at = Moment {
        wall: WallTime(NOW),
        since_boot: 1_000,
        boot_id: "8f1c9b1e-7b0e-4f0e-9f52-0f7b9b1e7b0e".into(),
    };
    let operator = "01".into();
    ledger.write(Stamp { at, operator }, |tx| {
        let (s, a, r): (Id, Id, Id) = (tx.new_id('S')?, tx.new_id('A')?, tx.new_id('R')?);
        let (trace, batch) = (tx.next_trace()?, tx.query().batch()?);
        tx.insert_original(&NewOriginal {
            id: &s,
            kind: OriginalKind::Sale,
            rail: Rail::UnionPay,
            amount: Amount::from_minor(1_234).unwrap(),
            entry: Entry::Manual,
            account: Some(account),
            batch: &batch,
            trace: Some(&trace),
            terminal: "10000001",
            merchant: "898310048140001",
            status: SaleStatus::Sending,
            code: None,
            parent: None,
            deadline: None,
            request: None,
        })?;
        tx.insert_attempt(&NewAttempt {
            id: &a,
            original: Some(&s),
            undo: None,
            purpose: "sale",
            mti: "0200",
            batch: &batch,
            trace: &trace,
            key_generation: 1,
            host_day: Some("1124"),
            fields: &[7; 270],
            frame: &[7; 333],
        })?;
        tx.insert_obligation(&NewObligation {
            id: &r,
            kind: ObligationKind::Reversal,
            original: Some(&s),
            undo: None,
            attempt: Some(&a),
            status: ObligationStatus::Armed,
        })
    })
}

fn committing(c: &mut Criterion) {
    let account = Account {
        pan: Pan::parse("6222020000000000018").unwrap(),
        expiry: Some(Expiry::parse("3105").unwrap()),
        sequence: None,
    };
    let mut group = c.benchmark_group("tap to commit");
    let folders = [
        ("in memory", MEMORY),
        ("on disk", env!("CARGO_TARGET_TMPDIR")),
    ];
    for (name, folder) in folders.into_iter().filter(|(_, f)| Path::new(f).is_dir()) {
        let folder = tempfile::tempdir_in(folder).unwrap();
        let ledger = open(&folder.path().join("ledger.db"));
        group.bench_function(format!("small ledger, {name}"), |b| {
            b.iter(|| tap(&ledger, &account).unwrap());
        });
    }
    // A copy: the bench of reading finds its file as it was.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::copy(million(), &path).unwrap();
    let ledger = open(&path);
    group.bench_function("a million sales, on disk", |b| {
        b.iter(|| tap(&ledger, &account).unwrap());
    });
}

criterion_group!(benches, reading, committing);
criterion_main!(benches);
