//! Orders over the web, a payment code on the card's line, and what two people gave up.

use pos_domain::status::AttemptState;
use pos_domain::{
    Amount, Id, LocalCode, ObligationKind, ObligationStatus, OriginalKind, Rail, SaleStatus,
    ToldUnpaid, UndoKind, UndoMethod, UndoStatus, WallTime, WebMethod,
};
use pos_ledger::{Approval, Ledger, NewObligation, NewWebOrder, NewWebUndo, Tx};

use crate::{AMOUNT, Kind, Made, attempt, insert, take_back, write};

/// One order of each method: paid, or told so while nobody can prove it; each way back once.
pub fn web(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        for (number, method) in (1..).zip(WebMethod::ALL) {
            order(tx, number, *method, SaleStatus::Approved)?;
        }
        for (number, told) in (11..).zip(ToldUnpaid::ALL) {
            let id = order(tx, number, WebMethod::Native, SaleStatus::Unknown)?;
            tx.set_web_qr(&id, "weixin://wxpay/bizpayurl?pr=example")?;
            tx.insert_obligation(&NewObligation {
                id: &tx.new_id('O')?,
                kind: ObligationKind::Query,
                original: Some(&id),
                undo: None,
                attempt: None,
                status: ObligationStatus::Owed,
            })?;
            if *told != ToldUnpaid::Waiting {
                tx.tell(&id, *told)?;
            }
        }
        for (number, method) in (21..).zip(UndoMethod::ALL) {
            let sale = order(tx, number, WebMethod::Micropay, SaleStatus::Approved)?;
            let (undo, number) = (tx.new_id('V')?, order_number(number + 10));
            let (kind, status) = (UndoKind::Void, UndoStatus::Queued);
            take_back(tx, &undo, &sale, (kind, AMOUNT), status)?;
            let (undo, method, number) = (&undo, *method, number.as_str());
            tx.insert_web_undo(&NewWebUndo {
                undo,
                method,
                number,
            })?;
        }
        Ok(())
    })
}

fn order_number(number: u32) -> String {
    format!("20261124{number:020}")
}

fn order(
    tx: &Tx<'_>,
    number: u32,
    method: WebMethod,
    status: SaleStatus,
) -> Result<Id, Box<dyn std::error::Error>> {
    let id = tx.new_id('S')?;
    let rail = match method {
        WebMethod::Micropay | WebMethod::Native => Rail::WeChat,
        WebMethod::Pay | WebMethod::Precreate => Rail::Alipay,
        WebMethod::AcpScan | WebMethod::AcpShow => Rail::UnionPay,
    };
    tx.insert_web_order(&NewWebOrder {
        id: &id,
        rail,
        method,
        number: &order_number(number),
        amount: Amount::from_minor(AMOUNT)?,
        terminal: "10000001",
        merchant: "898310048140001",
        status,
        code: None,
        deadline: WallTime(1_796_120_400_000),
        revoke_until: WallTime(1_796_120_400_000),
        request: None,
    })?;
    if status == SaleStatus::Approved {
        tx.set_web_payment(
            &id,
            Some("4200000000202611241234567890"),
            Some("20261124182000"),
        )?;
    }
    Ok(id)
}

/// A sale by payment code on the card's line, and an item that two people cleared.
pub fn code_and_tombstone(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        let (coded, stuck, item) = (tx.new_id('S')?, tx.new_id('S')?, tx.new_id('O')?);
        let sale = |status| Kind {
            kind: OriginalKind::Sale,
            parent: None,
            status,
        };
        insert(tx, &coded, sale(SaleStatus::Approved))?;
        tx.insert_payment_code(&coded, "6200000000000000000", "62*************0000")?;
        let trace = insert(tx, &stuck, sale(SaleStatus::Unknown))?;
        let lost = attempt(tx, (&stuck, None), &trace, AttemptState::NoAnswer)?;
        tx.insert_obligation(&NewObligation {
            id: &item,
            kind: ObligationKind::Reversal,
            original: Some(&stuck),
            undo: None,
            attempt: Some(&lost),
            status: ObligationStatus::Owed,
        })?;
        let waiting = LocalCode::Waiting.into();
        tx.set_obligation_status(&item, ObligationStatus::Escalated, Some(&waiting))?;
        tx.use_approval(&Approval {
            kind: "clear",
            original: &stuck,
            amount: Amount::from_minor(AMOUNT)?,
            approver: "09",
            second: Some("01"),
            used_by: &item,
        })?;
        tx.clear_obligation(&item, "收单机构已书面受理")?;
        Ok(())
    })
}
