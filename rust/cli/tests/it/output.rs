//! The objects: every key always there, in the order of the contract.

use pos_cli::output::{
    Human, ItemOut, JournalOut, JournalSaleOut, NetOut, QueueOut, RefundOut, SaleOut, SignInOut,
    UndoFields, UndoOut, VerifyOut, VoidOut,
};
use pos_engine::domain::{Lang, ObligationKind, Rail, SaleStatus, UndoKind, UndoStatus, WallTime};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::keys;

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap()
}

fn sale(status: SaleStatus) -> SaleOut {
    SaleOut {
        sale: Some("S1".into()),
        rail: Rail::UnionPay,
        status,
        amount: 1234,
        trace: None,
        batch: None,
        reference: None,
        order_no: None,
        code: None,
        explanation: None,
    }
}

const fn undo(status: UndoStatus) -> UndoFields {
    UndoFields {
        sale: None,
        rail: None,
        status,
        deadline: None,
        deadline_certain: None,
        code: None,
        explanation: None,
    }
}

#[test]
fn a_sale_has_its_keys_and_is_unknown_while_it_is_sent() {
    let object = value(&sale(SaleStatus::Sending));
    assert_eq!(
        keys(&object),
        [
            "sale",
            "rail",
            "status",
            "amount",
            "trace",
            "batch",
            "reference",
            "order_no",
            "code",
            "explanation"
        ]
    );
    assert_eq!(
        (&object["status"], &object["amount"]),
        (&json!("unknown"), &json!(1234))
    );
    assert_eq!(object["trace"], Value::Null);
}

#[test]
fn voids_and_refunds_have_their_keys() {
    let rest = [
        "sale",
        "rail",
        "status",
        "deadline",
        "deadline_certain",
        "code",
        "explanation",
    ];
    let mut fields = undo(UndoStatus::Queued);
    fields.deadline = Some(WallTime(1_795_515_600_000));
    let void = value(&VoidOut {
        void: Some("V1".into()),
        undo: fields,
    });
    assert_eq!(keys(&void), [&["void"][..], &rest[..]].concat());
    assert_eq!(void["deadline"], "2026-11-24T18:20:00+08:00");
    let refund = value(&RefundOut {
        refund: None,
        undo: undo(UndoStatus::Refused),
    });
    assert_eq!(keys(&refund), [&["refund"][..], &rest[..]].concat());
}

#[test]
fn queue_and_journal_have_their_keys() {
    let item = ItemOut {
        id: "R1".into(),
        kind: ObligationKind::Reversal,
        sale: None,
        status: "owed".into(),
        attempts: 0,
        next_try: None,
        deadline: None,
        why: None,
    };
    let queue = value(&QueueOut {
        delivered: 0,
        left: 1,
        items: vec![item],
    });
    assert_eq!(keys(&queue), ["delivered", "left", "items"]);
    assert_eq!(
        keys(&queue["items"][0]),
        [
            "id", "kind", "sale", "status", "attempts", "next_try", "deadline", "why"
        ]
    );
    let entry = |net, undo| JournalSaleOut {
        sale: sale(SaleStatus::Approved),
        net,
        undo,
    };
    let undo = UndoOut {
        id: "V1".into(),
        kind: UndoKind::Void,
        status: UndoStatus::Unknown,
        amount: 1234,
    };
    let sales = vec![
        entry(NetOut::Known(1234), None),
        entry(NetOut::Unknown, Some(undo)),
    ];
    let journal = value(&JournalOut { sales });
    let last = keys(&journal["sales"][0]);
    assert_eq!(last[last.len() - 3..], ["explanation", "net", "undo"]);
    assert_eq!(journal["sales"][0]["net"], 1234);
    assert_eq!(journal["sales"][1]["net"], "unknown");
    assert_eq!(
        keys(&journal["sales"][1]["undo"]),
        ["id", "kind", "status", "amount"]
    );
}

#[test]
fn sign_in_and_verify_have_their_keys() {
    let sign_in = value(&SignInOut {
        status: SaleStatus::Approved,
        batch: Some("000001".into()),
        code: None,
        explanation: None,
    });
    assert_eq!(keys(&sign_in), ["status", "batch", "code", "explanation"]);
    let verify = value(&VerifyOut {
        ok: true,
        entries: 7,
        problems: Vec::new(),
    });
    assert_eq!(keys(&verify), ["ok", "entries", "problems"]);
}

#[test]
fn i01_only_a_proven_void_is_called_a_success() {
    for status in UndoStatus::ALL {
        let words = |lang| {
            let void = None;
            let undo = undo(*status);
            VoidOut { void, undo }.human(lang)
        };
        let proven = *status == UndoStatus::Voided;
        assert_eq!(words(Lang::Zh).contains("撤销成功"), proven, "{status}");
        assert_eq!(words(Lang::En).starts_with("Voided"), proven, "{status}");
    }
}

#[test]
fn i04_an_unknown_sale_is_never_called_failed() {
    for status in [SaleStatus::Unknown, SaleStatus::Sending] {
        assert!(sale(status).human(Lang::Zh).contains("结果未知"));
        let words = sale(status).human(Lang::En);
        assert!(
            words.contains("not known yet") && words.contains("12.34"),
            "{words}"
        );
    }
}
