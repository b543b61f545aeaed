//! Makes a ledger that holds one of everything: `cargo run -p pos-ledger --example make-ledger --
//! PATH`. The same program makes the same rows, so a release keeps its file in
//! `tests/vectors/ledgers/` and every later one has to open it.

mod orders;
mod rest;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pos_domain::ports::{PortError, Random};
use pos_domain::status::AttemptState;
use pos_domain::{
    Amount, Entry, Expiry, Id, LocalCode, Moment, ObligationKind, ObligationStatus, OriginalKind,
    Pan, Rail, SaleStatus, UndoKind, UndoStatus, WallTime,
};
use pos_ledger::{
    Account, AnswerFacts, Approval, DataKey, LateAnswer, Ledger, LedgerError, LedgerOptions,
    NewAttempt, NewObligation, NewOriginal, NewUndo, Sealer, Stamp, Tx,
};

type Made = Result<(), Box<dyn Error>>;

/// A test card's number and expiry date.
const CARD: (&str, &str) = ("6222020000000000018", "3105");
const AMOUNT: i64 = 1_000;

/// Bytes that differ at every call and are the same in every run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        let call = self.0.fetch_add(1, Ordering::SeqCst);
        let stream = (0..).flat_map(|block: u64| {
            let mixed = (call << 8 | block).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29)).to_le_bytes()
        });
        let fill = |(byte, next): (&mut u8, u8)| *byte = next;
        bytes.iter_mut().zip(stream).for_each(fill);
        Ok(())
    }
}

fn main() -> Made {
    let path = std::env::args_os()
        .nth(1)
        .ok_or("the path of the new file")?;
    let path = PathBuf::from(path);
    if path.exists() {
        return Err("that file exists already".into());
    }
    let random = Arc::new(Counting::default());
    let ledger = Ledger::open(LedgerOptions {
        path,
        sealer: Sealer::new(&DataKey([1; 32]), random.clone()),
        random,
    })?;
    rest::terminal(&ledger)?;
    for status in [
        SaleStatus::Sending,
        SaleStatus::Approved,
        SaleStatus::Declined,
        SaleStatus::Unknown,
        SaleStatus::Reversed,
        SaleStatus::NotSent,
    ] {
        sale(&ledger, status)?;
    }
    preauths(&ledger)?;
    rest::messages(&ledger)?;
    for status in UndoStatus::ALL {
        undone(&ledger, *status)?;
    }
    orders::web(&ledger)?;
    orders::code_and_tombstone(&ledger)?;
    rest::debts(&ledger)
}

fn write<T>(
    ledger: &Ledger,
    work: impl FnOnce(&Tx<'_>) -> Result<T, Box<dyn Error>>,
) -> Result<T, Box<dyn Error>> {
    /// Carries any error through the ledger, which needs to add its own.
    struct Any(Box<dyn Error>);
    impl From<LedgerError> for Any {
        fn from(error: LedgerError) -> Self {
            Self(error.into())
        }
    }
    let at = Moment {
        wall: WallTime(1_795_515_600_000),
        since_boot: 1_000,
        boot_id: "boot-a".into(),
    };
    let operator = "01".into();
    ledger
        .write(Stamp { at, operator }, |tx| work(tx).map_err(Any))
        .map_err(|Any(error)| error)
}

/// What differs between the originals made here.
struct Kind<'a> {
    kind: OriginalKind,
    parent: Option<&'a Id>,
    status: SaleStatus,
}

fn insert(tx: &Tx<'_>, id: &Id, kind: Kind<'_>) -> Result<String, Box<dyn Error>> {
    let account = Account {
        pan: Pan::parse(CARD.0)?,
        expiry: Some(Expiry::parse(CARD.1)?),
        sequence: Some("001".into()),
    };
    let (trace, batch) = (tx.next_trace()?, tx.query().batch()?);
    let request = format!("request of {id}");
    tx.insert_original(&NewOriginal {
        id,
        kind: kind.kind,
        rail: Rail::UnionPay,
        amount: Amount::from_minor(AMOUNT)?,
        entry: Entry::Manual,
        account: Some(&account),
        batch: &batch,
        trace: Some(&trace),
        terminal: "10000001",
        merchant: "898310048140001",
        status: kind.status,
        code: None,
        parent: kind.parent,
        deadline: Some(WallTime(1_795_532_400_000)),
        request: Some(&request),
    })?;
    let facts = AnswerFacts {
        reference: Some(format!("000000{trace}")),
        auth_code: Some("123456".into()),
        host_date: Some("1124".into()),
        host_time: Some("182000".into()),
        settle_date: Some("1124".into()),
        card_org: Some("CUP".into()),
        voucher: Some(trace.clone()),
        deadline: None,
    };
    tx.set_answer_facts(id, &facts)?;
    Ok(trace)
}

/// An attempt that came this far; none is left in the state it was stored in.
fn attempt(
    tx: &Tx<'_>,
    about: (&Id, Option<&Id>),
    trace: &str,
    state: AttemptState,
) -> Result<Id, Box<dyn Error>> {
    let id = tx.new_id('A')?;
    let batch = tx.query().batch()?;
    tx.insert_attempt(&NewAttempt {
        id: &id,
        original: Some(about.0),
        undo: about.1,
        purpose: if about.1.is_some() { "void" } else { "sale" },
        mti: "0200",
        batch: &batch,
        trace,
        key_generation: 1,
        host_day: Some("1124"),
        fields: b"fields",
        frame: b"frame",
    })?;
    if state != AttemptState::Intended {
        let code = LocalCode::Interrupted.into();
        tx.close_attempt(&id, state, Some(&code), Some(b"answer"))?;
    }
    Ok(id)
}

fn sale(ledger: &Ledger, status: SaleStatus) -> Made {
    write(ledger, |tx| {
        let id = tx.new_id('S')?;
        let kind = OriginalKind::Sale;
        let parent = None;
        let trace = insert(
            tx,
            &id,
            Kind {
                kind,
                parent,
                status,
            },
        )?;
        let state = match status {
            SaleStatus::Sending => AttemptState::Intended,
            SaleStatus::Unknown => AttemptState::NoAnswer,
            SaleStatus::Reversed => AttemptState::Reversed,
            SaleStatus::NotSent => AttemptState::NotSent,
            _ => AttemptState::Answered,
        };
        let attempt = attempt(tx, (&id, None), &trace, state)?;
        let reversal = tx.new_id('R')?;
        tx.insert_obligation(&NewObligation {
            id: &reversal,
            kind: ObligationKind::Reversal,
            original: Some(&id),
            undo: None,
            attempt: Some(&attempt),
            status: ObligationStatus::Armed,
        })?;
        match status {
            SaleStatus::Sending => {}
            SaleStatus::Unknown => tx.owe_reversal(&reversal, "98", None)?,
            _ => tx.close_obligation(&reversal, "answered 00")?,
        }
        tx.insert_late_answer(&LateAnswer {
            attempt: Some(&attempt),
            mti: "0210",
            trace: Some(&trace),
            code: Some("00"),
            checked: true,
            frame: b"frame",
        })?;
        Ok(())
    })
}

/// A completed pre-authorisation, a voided and a held one, and a sale that only its refund in part
/// knows of.
fn preauths(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        let (completed, completion) = (tx.new_id('S')?, tx.new_id('S')?);
        let (voided, void, foreign) = (tx.new_id('S')?, tx.new_id('V')?, tx.new_id('S')?);
        let held = |kind| Kind {
            kind,
            parent: None,
            status: SaleStatus::Held,
        };
        insert(tx, &completed, held(OriginalKind::Preauth))?;
        let kind = Kind {
            kind: OriginalKind::Completion,
            parent: Some(&completed),
            status: SaleStatus::Approved,
        };
        insert(tx, &completion, kind)?;
        insert(tx, &voided, held(OriginalKind::Preauth))?;
        let (all, status) = (AMOUNT, UndoStatus::Voided);
        take_back(tx, &void, &voided, (UndoKind::Void, all), status)?;
        insert(tx, &tx.new_id('S')?, held(OriginalKind::Preauth))?;
        let kind = Kind {
            kind: OriginalKind::Unmatched,
            parent: None,
            status: SaleStatus::Approved,
        };
        insert(tx, &foreign, kind)?;
        let (refund, part) = ((UndoKind::Refund, AMOUNT / 2), UndoStatus::Refunded);
        take_back(tx, &tx.new_id('V')?, &foreign, refund, part)?;
        Ok(())
    })
}

fn take_back(
    tx: &Tx<'_>,
    id: &Id,
    original: &Id,
    (kind, minor): (UndoKind, i64),
    status: UndoStatus,
) -> Made {
    let amount = Amount::from_minor(minor)?;
    tx.insert_undo(&NewUndo {
        id,
        original,
        kind,
        amount,
        status: UndoStatus::Queued,
        code: None,
        reason: Some("拿错商品"),
        follows: None,
        request: None,
    })?;
    tx.insert_obligation(&NewObligation {
        id,
        kind: ObligationKind::Void,
        original: Some(original),
        undo: Some(id),
        attempt: None,
        status: ObligationStatus::Owed,
    })?;
    tx.use_approval(&Approval {
        kind: kind.as_str(),
        original,
        amount,
        approver: "09",
        second: Some("01"),
        used_by: id,
    })?;
    tx.set_undo_status(id, status, Some(&LocalCode::Waiting.into()))?;
    match status {
        UndoStatus::NeedsCard => tx.set_undo_needs_card(id, true)?,
        UndoStatus::OnHold => tx.set_obligation_status(id, ObligationStatus::OnHold, None)?,
        UndoStatus::Escalated => {
            tx.set_obligation_status(id, ObligationStatus::Escalated, None)?;
        }
        _ if !status.is_open() => tx.close_obligation(id, "answered 00")?,
        _ => {}
    }
    Ok(())
}

/// An approved sale with an undo in this status.
fn undone(ledger: &Ledger, status: UndoStatus) -> Made {
    write(ledger, |tx| {
        let (id, undo) = (tx.new_id('S')?, tx.new_id('V')?);
        let kind = OriginalKind::Sale;
        let (parent, sold) = (None, SaleStatus::Approved);
        let trace = insert(
            tx,
            &id,
            Kind {
                kind,
                parent,
                status: sold,
            },
        )?;
        let kind = match status {
            UndoStatus::Refunded => UndoKind::Refund,
            _ => UndoKind::Void,
        };
        take_back(tx, &undo, &id, (kind, AMOUNT), status)?;
        let state = match status {
            UndoStatus::Unknown | UndoStatus::Escalated => AttemptState::NoAnswer,
            UndoStatus::Sending => AttemptState::Intended,
            UndoStatus::Withdrawn => AttemptState::Reversed,
            UndoStatus::Queued => AttemptState::NotSent,
            _ => AttemptState::Answered,
        };
        attempt(tx, (&id, Some(&undo)), &trace, state)?;
        Ok(())
    })
}
