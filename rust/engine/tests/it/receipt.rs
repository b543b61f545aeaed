//! Slips, line by line: a void that is not proven never reads like one that is.

use pos_engine::domain::receipt::{Align, Line, LineKind, Size};
use pos_engine::domain::{Amount, Entry, Lang, Pan, SaleStatus, UndoStatus, WallTime};
use pos_engine::receipt::{Copy, DayEnd, Facts, What, day_end_slip, slip};

const CARD: &str = "6222020000000000018";

fn facts() -> Facts {
    Facts {
        merchant_name: "示例便利店".to_owned(),
        merchant_id: "898310048140001".to_owned(),
        terminal_id: "10000001".to_owned(),
        operator: "01".to_owned(),
        card: Some(Pan::parse(CARD).unwrap().masked()),
        entry: Entry::Contactless,
        batch: Some("000001".to_owned()),
        voucher: Some("000128".to_owned()),
        auth_code: Some("A1B2C3".to_owned()),
        reference: Some("112400000006".to_owned()),
        at: WallTime(1_795_515_600_000),
        amount: Amount::from_minor(1234).unwrap(),
        training: false,
        again: false,
    }
}

const fn void(status: UndoStatus) -> What {
    What::Void {
        status,
        original: None,
    }
}

/// A slip as a person reads it: large lines in brackets, rules and cuts as dashes.
fn drawn(lines: &[Line]) -> String {
    let line = |line: &Line| match (line.kind, line.size, line.align) {
        (LineKind::Rule, ..) => "---".to_owned(),
        (LineKind::Cut, ..) => "- - -".to_owned(),
        (_, Size::Large, Align::Spread) => format!("[{}]", line.text.replace('\t', ": ")),
        (_, Size::Large, _) => format!("[{}]", line.text),
        (_, _, Align::Spread) => line.text.replace('\t', ": "),
        _ => line.text.clone(),
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sale_on_the_shops_copy() {
    let what = What::Sale {
        status: SaleStatus::Approved,
    };
    let expected = "\
POS 签购单
商户存根
---
商户名称: 示例便利店
商户编号: 898310048140001
终端编号: 10000001
操作员号: 01
---
[交易成功]
交易类型: 消费
卡号: 622202*********0018 C
批次号: 000001
凭证号: 000128
授权码: A1B2C3
参考号: 112400000006
日期时间: 2026-11-24 18:20:00
[金额: RMB 12.34]
---
持卡人签名
[]
本人确认以上交易，同意将其记入本卡账户。
- - -";
    let lines = slip(&facts(), &what, Copy::Merchant, Lang::Zh);
    assert_eq!(drawn(&lines), expected);
}

#[test]
fn a_void_done_on_the_customers_copy_in_training_again() {
    let facts = Facts {
        voucher: Some("000129".to_owned()),
        auth_code: None,
        training: true,
        again: true,
        ..facts()
    };
    let what = What::Void {
        status: UndoStatus::Voided,
        original: Some("000128".to_owned()),
    };
    let expected = "\
[TEST · NO REAL MONEY]
POS SALES SLIP
Customer copy
DUPLICATED
---
Merchant: 示例便利店
Merchant no.: 898310048140001
Terminal no.: 10000001
Operator: 01
---
[VOIDED]
Type: VOID
Card no.: 622202*********0018 C
Batch: 000001
Voucher: 000129
Reference: 112400000006
Date and time: 2026-11-24 18:20:00
[Amount: RMB -12.34]
Original voucher: 000128
---
TEST SLIP, NO PROOF OF PAYMENT
- - -";
    let lines = slip(&facts, &what, Copy::Customer, Lang::En);
    assert_eq!(drawn(&lines), expected);
}

#[test]
fn i01_a_void_without_proof_never_reads_as_done() {
    for status in UndoStatus::ALL {
        for copy in [Copy::Merchant, Copy::Customer] {
            let text = drawn(&slip(&facts(), &void(*status), copy, Lang::Zh));
            let english = drawn(&slip(&facts(), &void(*status), copy, Lang::En));
            let says_done = text.contains("撤销成功") || english.contains("[VOIDED]");
            assert_eq!(says_done, *status == UndoStatus::Voided, "{status}");
            assert_eq!(
                text.contains("已登记 · 未完成"),
                status.is_open(),
                "{status}"
            );
            let asks_to_sign = text.contains("签名") || english.contains("signature");
            assert!(!asks_to_sign || *status == UndoStatus::Voided, "{status}");
        }
    }
}

#[test]
fn a_sale_without_proof_never_reads_as_paid() {
    for status in SaleStatus::ALL {
        let what = What::Sale { status: *status };
        let text = drawn(&slip(&facts(), &what, Copy::Merchant, Lang::Zh));
        let paid = !matches!(
            status,
            SaleStatus::Sending
                | SaleStatus::Unknown
                | SaleStatus::Declined
                | SaleStatus::NotSent
                | SaleStatus::Reversed
        );
        assert_eq!(text.contains("交易成功"), paid, "{status}");
        assert_eq!(text.contains("签名"), paid, "{status}");
    }
}

#[test]
fn i11_no_slip_shows_the_whole_number() {
    for lang in [Lang::Zh, Lang::En] {
        let text = drawn(&slip(
            &facts(),
            &void(UndoStatus::Voided),
            Copy::Merchant,
            lang,
        ));
        assert!(text.contains("622202*********0018") && !text.contains(CARD));
    }
}

#[test]
fn the_end_of_the_day() {
    let day = |settled, balanced| DayEnd {
        facts: facts(),
        settled,
        balanced,
        taken: (3, 370_200),
        returned: (1, 1_234),
        cleared: Vec::new(),
    };
    let expected = "\
POS SALES SLIP
Merchant copy
---
Merchant: 示例便利店
Merchant no.: 898310048140001
Terminal no.: 10000001
Operator: 01
---
[SETTLED · BALANCED]
Batch: 000001
Date and time: 2026-11-24 18:20:00
Taken: 3 / RMB 3702.00
Given back: 1 / RMB 12.34
[Net: RMB 3689.66]
- - -";
    let lines = day_end_slip(&day(true, true), Copy::Merchant, Lang::En);
    assert_eq!(drawn(&lines), expected);
    let says = |settled, balanced| {
        drawn(&day_end_slip(
            &day(settled, balanced),
            Copy::Merchant,
            Lang::Zh,
        ))
    };
    assert!(says(true, false).contains("[批结算 · 不平]"));
    assert!(says(false, true).contains("[当前合计 · 未结算]"));
    let mut less = day(true, true);
    less.returned = (4, 370_201);
    let lines = day_end_slip(&less, Copy::Customer, Lang::Zh);
    assert!(drawn(&lines).contains("[净额: RMB -0.01]"));
    let mut owing = day(true, true);
    owing.cleared = vec![(Some("000217".into()), 12_800), (None, 5)];
    let told = drawn(&day_end_slip(&owing, Copy::Merchant, Lang::Zh));
    let lines =
        "---\n已移出待处理，钱还没有结论\n凭证号 000217: RMB 128.00\n凭证号 -: RMB 0.05\n- - -";
    assert!(told.ends_with(lines), "{told}");
}
