//! A ledger in a folder of its own, filled row by row.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pos_domain::ports::{PortError, Random};
use pos_domain::status::AttemptState;
use pos_domain::{
    Amount, Entry, Expiry, Id, Moment, ObligationKind, ObligationStatus, OriginalKind, Pan, Rail,
    SaleStatus, UndoKind, UndoStatus, WallTime,
};
use pos_ledger::{
    Account, Approval, DataKey, Ledger, LedgerError, LedgerOptions, NewAttempt, NewObligation,
    NewOriginal, NewUndo, Query, Sealer, Stamp, Tx, Verification,
};
use tempfile::TempDir;

/// 2026-11-24 18:20 in Beijing.
pub const NOW: i64 = 1_795_515_600_000;
pub const PAN: &str = "6222020000000000018";
pub const EXPIRY: &str = "3105";

/// Bytes that differ at every call and are the same in every run.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        let call = self.0.fetch_add(1, Ordering::SeqCst);
        let stream = (0..).flat_map(|block: u64| {
            let mixed = (call << 8 | block).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29)).to_le_bytes()
        });
        bytes
            .iter_mut()
            .zip(stream)
            .for_each(|(byte, next)| *byte = next);
        Ok(())
    }
}

pub fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

pub fn fen(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

pub fn moment(since_boot: i64, boot: &str) -> Moment {
    Moment {
        wall: WallTime(NOW + since_boot),
        since_boot,
        boot_id: boot.into(),
    }
}

pub fn stamp() -> Stamp {
    Stamp {
        at: moment(1_000, "boot-a"),
        operator: "01".into(),
    }
}

pub fn account() -> Account {
    Account {
        pan: Pan::parse(PAN).unwrap(),
        expiry: Some(Expiry::parse(EXPIRY).unwrap()),
        sequence: Some("001".into()),
    }
}

/// A folder, and the ledger in it.
pub struct Home {
    pub folder: TempDir,
    pub ledger: Ledger,
}

pub fn options(path: PathBuf, key: u8, random: Arc<dyn Random>) -> LedgerOptions {
    LedgerOptions {
        path,
        sealer: Sealer::new(&DataKey([key; 32]), random.clone()),
        random,
    }
}

pub fn open(path: PathBuf) -> Result<Ledger, LedgerError> {
    Ledger::open(options(path, 1, Arc::new(Counting::default())))
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open(folder.path().join("ledger.db")).unwrap();
        Self { folder, ledger }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.db")
    }

    /// Closes the ledger and opens it again.
    pub fn reopened(self) -> Self {
        let Self { folder, ledger } = self;
        drop(ledger);
        let ledger = open(folder.path().join("ledger.db")).unwrap();
        Self { folder, ledger }
    }

    pub fn write<T>(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        self.ledger.write(stamp(), work)
    }

    pub fn read<T>(&self, work: impl FnOnce(Query<'_>) -> Result<T, LedgerError>) -> T {
        self.ledger.read(work).unwrap()
    }

    /// Another connection, as any tool of a person would open one: no rules but the file's own.
    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    /// Runs SQL past the ledger; gives the database's own refusal.
    pub fn sql(&self, sql: &str) -> Result<(), String> {
        let raw = self.raw();
        raw.execute_batch(sql).map_err(|error| error.to_string())
    }

    /// Runs SQL with every trigger and unique index out of the way.
    pub fn force(&self, sql: &str) {
        let raw = self.raw();
        raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let drops: Vec<String> = raw
            .prepare(
                "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE type = 'trigger'
                 OR (type = 'index' AND sql LIKE 'CREATE UNIQUE%')",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        raw.execute_batch(&drops.join(";")).unwrap();
        raw.execute_batch(sql).unwrap();
    }

    pub fn verify(&self) -> Verification {
        self.read(|query| query.verify())
    }

    /// What is wrong, each as `rule: subject`.
    pub fn problems(&self) -> Vec<String> {
        let found = self.verify();
        assert_eq!(found.ok, found.problems.is_empty());
        found
            .problems
            .into_iter()
            .map(|problem| format!("{}: {}", problem.rule, problem.subject))
            .collect()
    }
}

/// A sale of `minor` fen called `name`, in this status, with trace 1.
pub fn sale<'a>(name: &'a Id, minor: i64, status: SaleStatus) -> NewOriginal<'a> {
    NewOriginal {
        id: name,
        kind: OriginalKind::Sale,
        rail: Rail::UnionPay,
        amount: fen(minor),
        entry: Entry::Manual,
        account: None,
        batch: "000001",
        trace: Some("000001"),
        terminal: "10000001",
        merchant: "898310048140001",
        status,
        code: None,
        parent: None,
        deadline: None,
        request: None,
    }
}

pub fn undo<'a>(name: &'a Id, original: &'a Id, kind: UndoKind, minor: i64) -> NewUndo<'a> {
    NewUndo {
        id: name,
        original,
        kind,
        amount: fen(minor),
        status: UndoStatus::Queued,
        code: None,
        reason: None,
        follows: None,
        request: None,
    }
}

pub fn attempt<'a>(name: &'a Id, original: &'a Id, trace: &'a str) -> NewAttempt<'a> {
    NewAttempt {
        id: name,
        original: Some(original),
        undo: None,
        purpose: "sale",
        mti: "0200",
        batch: "000001",
        trace,
        key_generation: 1,
        host_day: None,
        fields: b"fields",
        frame: b"frame",
    }
}

pub fn owed<'a>(name: &'a Id, kind: ObligationKind, original: &'a Id) -> NewObligation<'a> {
    NewObligation {
        id: name,
        kind,
        original: Some(original),
        undo: None,
        attempt: None,
        status: ObligationStatus::Owed,
    }
}

/// Shorthand that most tests begin with: an approved sale `S1` of 10.00.
pub fn home_with_sale() -> Home {
    let home = Home::new();
    home.write(|tx| tx.insert_original(&sale(&id("S1"), 1_000, SaleStatus::Approved)))
        .unwrap();
    home
}

/// A void `V1` of `S1` with its obligation and one attempt `A1`, whose reversal `R1` is armed.
pub fn add_void_with_attempt(home: &Home) {
    let (s1, v1, a1, r1) = (id("S1"), id("V1"), id("A1"), id("R1"));
    home.write(|tx| {
        tx.insert_undo(&undo(&v1, &s1, UndoKind::Void, 1_000))?;
        let mut debt = owed(&v1, ObligationKind::Void, &s1);
        debt.undo = Some(&v1);
        tx.insert_obligation(&debt)?;
        let mut sent = attempt(&a1, &s1, "000002");
        (sent.undo, sent.purpose) = (Some(&v1), "void");
        tx.insert_attempt(&sent)?;
        let mut reversal = owed(&r1, ObligationKind::Reversal, &s1);
        reversal.undo = Some(&v1);
        reversal.attempt = Some(&a1);
        reversal.status = ObligationStatus::Armed;
        tx.insert_obligation(&reversal)
    })
    .unwrap();
}

/// Moves the attempt `A1`.
pub fn close_attempt(home: &Home, state: AttemptState) {
    home.write(|tx| tx.close_attempt(&id("A1"), state, None, None))
        .unwrap();
}

/// Two people's approval to clear `item`: of operator 00 and, where there is one, a second.
pub fn approve_clearing(tx: &Tx<'_>, item: &Id, second: Option<&str>) -> Result<(), LedgerError> {
    let approval = Approval {
        kind: "clear",
        original: &id("S1"),
        amount: fen(1_000),
        approver: "00",
        second,
        used_by: item,
    };
    tx.use_approval(&approval).map(drop)
}

/// Clears `item` by two people.
pub fn clear(tx: &Tx<'_>, item: &Id) -> Result<(), LedgerError> {
    approve_clearing(tx, item, Some("02"))?;
    tx.clear_obligation(item, "host cannot tell")
}
