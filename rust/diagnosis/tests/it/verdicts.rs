//! The table of the protocol, written down here a second time.

use std::collections::BTreeSet;

use pos_diagnosis::{
    Cure, Situation, Verdict, explain, listed, usual_situation, verdict, verdict_in,
};
use pos_domain::{Code, Goods, Lang, Rail, Retry};

const APPROVED: &str = "00 11 A2 A4 A5 A6";
const UNKNOWN: &str = "09 16 68 91 92 94 96 98 Y1 Y3 Z1 Z3";
const DECLINED: &str = "01 02 03 04 05 06 07 12 13 14 15 17 19 20 21 22 23 25 30 31 33 34 35 36 \
    37 38 39 40 41 42 43 44 45 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 75 76 79 87 93 \
    95 97 99 A1 A3 A7 A8 B1 C1 D1 D2 D3 D4 D5 D6 D7 D8 D9 DA DB DC F1 F2 F3 F4 F5 N1 P1";

fn explained(code: &str, situation: Situation) -> pos_domain::Explanation {
    explain(
        &Code::Wire(Rail::UnionPay, code.to_owned()),
        situation,
        Lang::En,
        "R1",
    )
}

#[test]
fn i12_every_code_of_the_protocol_is_listed_and_no_other() {
    let curable = "77 88 A0 90 10";
    let known: BTreeSet<_> = [APPROVED, UNKNOWN, DECLINED, curable]
        .iter()
        .flat_map(|c| c.split(' '))
        .collect();
    let known: BTreeSet<_> = known.into_iter().filter(|code| !code.is_empty()).collect();
    // Those of the all-channel gateway are no part of the dialect.
    let listed = listed(Rail::UnionPay).filter(|code| !code.starts_with("ACP."));
    assert_eq!(listed.collect::<BTreeSet<_>>(), known);
    assert_eq!(known.len(), 106);
}

#[test]
fn verdicts_are_those_of_the_protocol() {
    let each = |codes: &'static str| codes.split_whitespace();
    for code in each(APPROVED) {
        assert_eq!(verdict(code), Verdict::Approved, "{code}");
    }
    for code in each(DECLINED) {
        assert_eq!(verdict(code), Verdict::Declined, "{code}");
    }
    for code in each("77 88 A0") {
        assert_eq!(verdict(code), Verdict::Curable(Cure::SignInAgain), "{code}");
    }
    assert_eq!(verdict("90"), Verdict::Curable(Cure::WaitMinutes(2)));
    assert_eq!(verdict("10"), Verdict::PartialApproval);
}

#[test]
fn i04_what_a_code_does_not_say_stays_unknown() {
    let unlisted = [
        "08", "18", "24", "DE", "ZZ", "", "0", "000", "a0", " 0", "0\u{0}", "余额",
    ];
    for code in UNKNOWN.split(' ').chain(unlisted) {
        assert_eq!(verdict(code), Verdict::Unknown, "{code}");
    }
    for situation in Situation::ALL {
        for code in ["96", "98", "91", "68", "09", "92", "08"] {
            assert_eq!(
                verdict_in(code, *situation),
                Verdict::Unknown,
                "{code} {situation}"
            );
        }
    }
}

#[test]
fn the_request_changes_what_a_code_proves() {
    use Situation::{Completion, Refund, Reversal, Sale, Settlement, Upload, Void};
    for (code, situation, expected) in [
        ("12", Sale, Verdict::Declined),
        ("12", Void, Verdict::TooLate),
        ("12", Refund, Verdict::Declined),
        ("12", Reversal, Verdict::NeedsHistory),
        ("22", Void, Verdict::NeedsHistory),
        ("22", Completion, Verdict::Declined),
        ("22", Reversal, Verdict::NeedsHistory),
        ("25", Void, Verdict::NeedsHistory),
        ("25", Refund, Verdict::Declined),
        ("25", Reversal, Verdict::NeedsHistory),
        ("94", Void, Verdict::Unknown),
        ("94", Reversal, Verdict::NeedsHistory),
        ("94", Upload, Verdict::Approved),
        ("94", Settlement, Verdict::Unknown),
        ("00", Void, Verdict::Approved),
        ("51", Void, Verdict::Declined),
        ("77", Void, Verdict::Curable(Cure::SignInAgain)),
    ] {
        assert_eq!(verdict_in(code, situation), expected, "{code} {situation}");
    }
}

#[test]
fn goods_follow_the_situation_and_the_outcome() {
    use Situation::{Refund, Reversal, Sale, Void};
    for (code, situation, expected) in [
        ("00", Sale, Goods::HandOver),
        ("51", Sale, Goods::Keep),
        ("98", Sale, Goods::Wait),
        ("77", Sale, Goods::Keep),
        ("10", Sale, Goods::Wait),
        ("00", Void, Goods::TakeBack),
        ("05", Void, Goods::HandOver),
        ("98", Void, Goods::Wait),
        ("12", Void, Goods::Wait),
        ("22", Void, Goods::Wait),
        ("90", Void, Goods::Wait),
        ("00", Refund, Goods::TakeBack),
        ("25", Refund, Goods::HandOver),
        ("22", Refund, Goods::Wait),
        ("00", Reversal, Goods::Keep),
        ("96", Reversal, Goods::Wait),
        ("05", Reversal, Goods::Wait),
    ] {
        assert_eq!(
            explained(code, situation).goods,
            expected,
            "{code} {situation}"
        );
    }
    for (code, situation, expected) in [
        ("local.ALREADY_UNDONE", Void, Goods::TakeBack),
        ("local.NOTHING_TO_UNDO", Void, Goods::Keep),
        ("local.SETTLED", Void, Goods::HandOver),
        ("local.GATE_BLOCKED", Sale, Goods::Keep),
        ("local.GATE_BLOCKED", Void, Goods::Wait),
        ("local.WITHDRAWN", Void, Goods::HandOver),
        ("net.UNREACHABLE", Sale, Goods::Keep),
        ("net.UNREACHABLE", Void, Goods::Wait),
        ("net.NO_ANSWER", Sale, Goods::Wait),
    ] {
        let code = Code::parse(code, Rail::UnionPay).unwrap();
        assert_eq!(
            explain(&code, situation, Lang::Zh, "").goods,
            expected,
            "{code} {situation}"
        );
    }
}

#[test]
fn an_unlisted_code_gets_the_safe_default() {
    for rail in Rail::ALL {
        let code = Code::Wire(*rail, "NEW_CODE".to_owned());
        let said = explain(&code, Situation::Sale, Lang::En, "R7");
        assert_eq!((said.goods, said.retry), (Goods::Wait, Retry::AskFirst));
        assert_eq!((said.code.as_str(), said.rail), ("NEW_CODE", Some(*rail)));
        assert_eq!(
            (said.who_fixes.as_str(), said.reference.as_str()),
            ("the acquirer", "R7")
        );
        assert!(
            said.next_step.contains("Keep the goods"),
            "{}",
            said.next_step
        );
        let refund = explain(&code, Situation::Refund, Lang::En, "");
        assert!(
            refund.next_step.contains("Do not refund again"),
            "{}",
            refund.next_step
        );
        assert_eq!(refund.retry, Retry::AskFirst);
    }
    let local = Code::parse("local.DISK_LOW", Rail::UnionPay).unwrap();
    assert_eq!(explain(&local, Situation::Sale, Lang::Zh, "").rail, None);
}

#[test]
fn a_code_without_a_situation_is_explained_for_its_usual_one() {
    for (code, usual) in [
        ("51", Situation::Sale),
        ("64", Situation::Void),
        ("95", Situation::Settlement),
        ("ZZ", Situation::Sale),
        ("local.SETTLED", Situation::Void),
        ("local.OVER_REMAINING", Situation::Refund),
        ("local.OPERATOR_LOCKED", Situation::Operator),
        ("net.NO_ANSWER", Situation::Sale),
    ] {
        let code = Code::parse(code, Rail::UnionPay).unwrap();
        assert_eq!(usual_situation(&code), usual, "{code}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(code in ".{0,80}", at in 0..Situation::ALL.len()) {
        let situation = Situation::ALL[at];
        for rail in Rail::ALL {
            for lang in Lang::ALL {
                let said = explain(&Code::Wire(*rail, code.clone()), situation, *lang, &code);
                assert_eq!(&said.code, &code);
                assert!(!said.next_step.is_empty());
            }
        }
        if !listed(Rail::UnionPay).any(|known| known == code) {
            assert_eq!(verdict(&code), Verdict::Unknown);
            assert_eq!(verdict_in(&code, situation), Verdict::Unknown);
        }
    }
}
