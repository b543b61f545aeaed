//! From what the engine answers to what a command prints.

use pos_diagnosis::{Situation, explain};
use pos_engine::domain::WallTime;
use pos_engine::domain::{Code, Id, Lang, NetCode, Rail, SaleStatus, UndoKind, UndoStatus};
use pos_engine::terminal::{
    Attempt, AuditEntry, ItemReport, Management, Net, SaleReport, SaleView, SyncReport, Terminal,
    UndoReport, UndoView,
};

use crate::Failure;
use crate::output::{
    AttemptOut, EventOut, ItemOut, JournalSaleOut, NetOut, QueueOut, SaleOut, SignInOut,
    UndoFields, UndoOut,
};

/// A sale.
#[must_use]
pub fn sale(report: SaleReport) -> SaleOut {
    let SaleView {
        original, status, ..
    } = report.view;
    SaleOut {
        sale: Some(original.id.to_string()),
        rail: original.rail,
        status,
        amount: original.amount.minor(),
        trace: original.trace,
        batch: original.batch,
        reference: original.facts.reference,
        order_no: original.order_no,
        code: original.code.map(|code| code.to_string()),
        explanation: report.explanation,
    }
}

/// A sale that was refused before anything was recorded.
#[must_use]
pub fn refused_sale(amount: i64, code: &Code, situation: Situation, lang: Lang) -> SaleOut {
    SaleOut {
        sale: None,
        rail: Rail::UnionPay,
        status: SaleStatus::NotSent,
        amount,
        trace: None,
        batch: None,
        reference: None,
        order_no: None,
        code: Some(code.to_string()),
        explanation: Some(explain(code, situation, lang, "")),
    }
}

/// A sale of the journal.
#[must_use]
pub fn journal_sale(report: SaleReport) -> JournalSaleOut {
    let net = match report.view.net {
        Net::Known(minor) => NetOut::Known(minor),
        Net::Unknown => NetOut::Unknown,
    };
    let undo = report.view.undo.as_ref().map(undo_in_short);
    JournalSaleOut {
        sale: sale(report),
        net,
        undo,
    }
}

fn undo_in_short(undo: &UndoView) -> UndoOut {
    UndoOut {
        id: undo.id.to_string(),
        kind: undo.kind,
        status: undo.status,
        amount: undo.amount.minor(),
    }
}

/// The identifier and the rest of an undo.
#[must_use]
pub fn undo(report: UndoReport) -> (Option<String>, UndoFields) {
    let fields = UndoFields {
        sale: Some(report.sale.original.id.to_string()),
        rail: Some(report.sale.original.rail),
        status: report.status,
        deadline: report.deadline.map(|deadline| deadline.at),
        deadline_certain: report.deadline.map(|deadline| deadline.certain),
        code: report.code.map(|code| code.to_string()),
        explanation: report.explanation,
    };
    (report.undo.map(|undo| undo.id.to_string()), fields)
}

/// An undo that was refused before anything was recorded.
///
/// # Errors
/// [`Failure`] when the ledger cannot be read.
pub fn refused_undo(
    terminal: &Terminal,
    sale: Option<&Id>,
    kind: UndoKind,
    code: &Code,
    lang: Lang,
) -> Result<UndoFields, Failure> {
    let situation = match kind {
        UndoKind::Void => Situation::Void,
        UndoKind::Refund => Situation::Refund,
    };
    let reference = sale.map(Id::as_str).unwrap_or_default();
    let mut fields = UndoFields {
        sale: sale.map(Id::to_string),
        rail: None,
        status: UndoStatus::Refused,
        deadline: None,
        deadline_certain: None,
        code: Some(code.to_string()),
        explanation: Some(explain(code, situation, lang, reference)),
    };
    if let Some(sale) = sale {
        fields.rail = Some(terminal.sale_report(sale, lang)?.view.original.rail);
        if kind == UndoKind::Void && terminal.profile().unionpay.is_some() {
            let deadline = terminal.preview_void(sale, lang)?.deadline;
            fields.deadline = deadline.map(|deadline| deadline.at);
            fields.deadline_certain = deadline.map(|deadline| deadline.certain);
        }
    }
    Ok(fields)
}

/// One owed item.
#[must_use]
pub fn item(report: ItemReport) -> ItemOut {
    ItemOut {
        id: report.id.to_string(),
        kind: report.kind,
        sale: report.sale.map(|sale| sale.to_string()),
        status: report.status,
        attempts: report.attempts,
        next_try: report.next_try,
        deadline: report.deadline.map(|deadline| deadline.at),
        why: report.why.map(|why| why.to_string()),
    }
}

/// What is owed.
#[must_use]
pub fn queue(items: Vec<ItemReport>) -> QueueOut {
    QueueOut {
        delivered: 0,
        left: items.len(),
        items: items.into_iter().map(item).collect(),
    }
}

/// What a round came to.
#[must_use]
pub fn sync(report: SyncReport) -> QueueOut {
    QueueOut {
        delivered: usize::try_from(report.delivered).unwrap_or(usize::MAX),
        ..queue(report.items)
    }
}

/// A sign-in, sign-out or echo.
///
/// # Errors
/// [`Failure`] when the ledger cannot be read.
pub fn management(
    terminal: &Terminal,
    result: &Management,
    situation: Situation,
    lang: Lang,
) -> Result<SignInOut, Failure> {
    let batch = terminal.ledger().read(|query| query.batch())?;
    let (status, code) = match result {
        Management::Done => (SaleStatus::Approved, None),
        Management::Failed(code) => (failed_status(code), Some(code)),
    };
    Ok(SignInOut {
        status,
        batch: Some(batch),
        code: Some(code.map_or_else(|| "00".to_owned(), Code::to_string)),
        explanation: code.map(|code| explain(code, situation, lang, "")),
    })
}

/// How an exchange that moves no money and was not done is told.
pub(crate) fn failed_status(code: &Code) -> SaleStatus {
    use NetCode as N;
    match code {
        Code::Wire(..) | Code::Local(_) => SaleStatus::Declined,
        Code::Net(
            N::NameNotFound | N::Unreachable | N::Refused | N::ConnectTimeout | N::TlsFailed,
        ) => SaleStatus::NotSent,
        Code::Net(_) => SaleStatus::Unknown,
    }
}

/// One message.
#[must_use]
pub fn attempt(attempt: Attempt) -> AttemptOut {
    let web = attempt.is_web();
    let on_the_line = |text: String| Some(text).filter(|_| !web);
    AttemptOut {
        id: attempt.id.to_string(),
        purpose: attempt.purpose,
        mti: on_the_line(attempt.mti),
        trace: on_the_line(attempt.trace),
        batch: on_the_line(attempt.batch),
        state: attempt.state.to_string(),
        code: attempt.code.map(|code| code.to_string()),
        at: attempt.created,
    }
}

/// One change of state.
#[must_use]
pub fn event(entry: AuditEntry) -> EventOut {
    EventOut {
        at: WallTime(entry.wall),
        operator: entry.operator,
        action: entry.action,
        subject: entry.subject,
        before: entry.before,
        after: entry.after,
    }
}
