//! Orders over the web: one number for one order, what the counter was told stands, and what goes
//! over the web stays apart from the line to the acquirer.

use pos_domain::{
    Code, Id, LocalCode, ObligationKind, ObligationStatus, Rail, SaleStatus, ToldUnpaid, UndoKind,
    UndoMethod, UndoStatus, WallTime, WebMethod,
};
use pos_ledger::{LedgerError, NewObligation, NewUndo, NewWebOrder, NewWebUndo, Tx};

use crate::support::{Home, NOW, fen, id};

const NUMBER: &str = "0123456789ABCDEFGHJKMNPQ";

fn order(tx: &Tx<'_>, sale: &Id, number: &str) -> Result<(), LedgerError> {
    tx.insert_web_order(&NewWebOrder {
        id: sale,
        rail: Rail::WeChat,
        method: WebMethod::Micropay,
        number,
        amount: fen(880),
        terminal: "10000001",
        merchant: "898310048140001",
        status: SaleStatus::Sending,
        code: None,
        deadline: WallTime(NOW),
        revoke_until: WallTime(NOW),
        request: None,
    })
}

fn with_order() -> (Home, Id) {
    let home = Home::new();
    let sale = id("S1");
    home.write(|tx| order(tx, &sale, NUMBER)).unwrap();
    (home, sale)
}

fn is_rule<T: std::fmt::Debug>(result: Result<T, LedgerError>) -> bool {
    matches!(result, Err(LedgerError::Rule(_)))
}

#[test]
fn i03_a_number_names_one_order_for_good() {
    let (home, _) = with_order();
    assert!(is_rule(home.write(|tx| order(tx, &id("S2"), NUMBER))));
    let file = rusqlite::Connection::open(home.path()).unwrap();
    let changed = file.execute("UPDATE original SET order_no = 'X'", []);
    assert!(changed.unwrap_err().to_string().contains("order number"));
    for table in ["web_order", "web_undo", "payment_code"] {
        let sql = format!("DELETE FROM {table}");
        // An empty table has nothing to keep.
        let deleted = file.execute(&sql, []);
        assert_eq!(deleted.is_err(), table == "web_order", "{table}");
    }
}

#[test]
fn i04_what_the_counter_was_told_stands_once_a_byte_may_have_left() {
    let (home, sale) = with_order();
    let tell = |told| home.write(|tx| tx.tell(&sale, told));
    tell(ToldUnpaid::NotPaid).unwrap();
    assert!(is_rule(tell(ToldUnpaid::Waiting)));
    assert!(is_rule(tell(ToldUnpaid::Ask)));
    tell(ToldUnpaid::HandedOver).unwrap();
    tell(ToldUnpaid::NotPaid).unwrap();
    home.write(|tx| tx.set_take_back_sent(&sale)).unwrap();
    assert!(is_rule(tell(ToldUnpaid::HandedOver)));
    home.write(|tx| tx.set_give_back(&sale, "R1")).unwrap();
    assert!(is_rule(home.write(|tx| tx.set_give_back(&sale, "R2"))));
    let told = home.read(|query| query.web_order(&sale)).unwrap();
    assert_eq!(
        (told.told, told.take_back_sent),
        (ToldUnpaid::NotPaid, true)
    );
    let events = home.read(|query| query.events_of(sale.as_str()));
    let told: Vec<_> = events.iter().filter(|event| event.kind == "told").collect();
    assert_eq!(told.len(), 3);
}

#[test]
fn i10_what_goes_over_the_web_is_not_owed_on_the_line() {
    let (home, sale) = with_order();
    home.write(|tx| {
        tx.insert_obligation(&NewObligation {
            id: &id("Q1"),
            kind: ObligationKind::Query,
            original: Some(&sale),
            undo: None,
            attempt: None,
            status: ObligationStatus::Owed,
        })
    })
    .unwrap();
    assert!(
        home.read(|query| query.owed(ObligationKind::Query))
            .is_empty()
    );
    let owed = home.read(|query| query.owed_web(ObligationKind::Query));
    assert_eq!(owed.len(), 1);
    assert!(owed[0].web && owed[0].id == id("Q1"));
    assert_eq!(home.read(|query| query.left()).len(), 1);
}

#[test]
fn codes_of_undos_and_debts_are_those_of_their_rail() {
    let (home, sale) = with_order();
    let code = Code::Wire(Rail::WeChat, "NOTENOUGH".to_owned());
    let void = id("V1");
    home.write(|tx| {
        tx.set_original_status(&sale, SaleStatus::Approved, None)?;
        tx.insert_undo(&NewUndo {
            id: &void,
            original: &sale,
            kind: UndoKind::Void,
            amount: fen(880),
            status: UndoStatus::Queued,
            code: Some(&code),
            reason: None,
            follows: None,
            request: None,
        })?;
        tx.insert_web_undo(&NewWebUndo {
            undo: &void,
            method: UndoMethod::Reverse,
            number: NUMBER,
        })?;
        tx.insert_obligation(&NewObligation {
            id: &void,
            kind: ObligationKind::Void,
            original: Some(&sale),
            undo: Some(&void),
            attempt: None,
            status: ObligationStatus::Owed,
        })?;
        tx.note_try(&void, Some(&code), true, 0)
    })
    .unwrap();
    let undo = home.read(|query| query.undo(&void));
    assert_eq!((undo.code, undo.web), (Some(code.clone()), true));
    assert_eq!(home.read(|query| query.obligation(&void)).code, Some(code));
    let web = home.read(|query| query.web_undo(&void)).unwrap();
    assert_eq!(web.method, UndoMethod::Reverse);
    let again = home.write(|tx| {
        tx.insert_web_undo(&NewWebUndo {
            undo: &void,
            method: UndoMethod::Refund,
            number: "OTHER",
        })
    });
    assert!(is_rule(again));
}

#[test]
fn verify_finds_what_nobody_follows_up() {
    let (home, sale) = with_order();
    let told = LocalCode::TakenBack.into();
    home.write(|tx| tx.set_original_status(&sale, SaleStatus::Unknown, Some(&told)))
        .unwrap();
    let problems = || {
        let verified = home.read(|query| query.verify());
        verified
            .problems
            .into_iter()
            .map(|p| p.rule)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        problems(),
        ["an unknown sale without a reversal or a question"]
    );
    let owed = id("Q1");
    home.write(|tx| {
        tx.insert_obligation(&NewObligation {
            id: &owed,
            kind: ObligationKind::Revoke,
            original: Some(&sale),
            undo: None,
            attempt: None,
            status: ObligationStatus::Owed,
        })
    })
    .unwrap();
    assert!(problems().is_empty());
    home.write(|tx| tx.set_original_status(&sale, SaleStatus::Approved, None))
        .unwrap();
    assert_eq!(
        problems(),
        ["a known sale over the web with something owed for it"]
    );
}

#[test]
fn i11_a_payment_code_is_sealed_and_then_gone() {
    const CODE: &str = "6236098835899996543";
    let home = Home::new();
    let sale = id("S1");
    home.write(|tx| tx.insert_original(&crate::support::sale(&sale, 880, SaleStatus::Approved)))
        .unwrap();
    home.write(|tx| tx.insert_payment_code(&sale, CODE, "62*************6543"))
        .unwrap();
    let kept = home.read(|query| query.payment_code(&sale));
    assert_eq!(kept.as_deref().map(String::as_str), Some(CODE));
    let written = std::fs::read(home.path().with_extension("db-wal")).unwrap();
    assert!(!written.windows(CODE.len()).any(|w| w == CODE.as_bytes()));
    home.write(|tx| tx.erase_payment_code(&sale)).unwrap();
    assert_eq!(home.read(|query| query.payment_code(&sale)), None);
}
