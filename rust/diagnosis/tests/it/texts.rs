//! What a person reads: complete, short enough for the screen, and never more than is proven.

use std::collections::BTreeSet;

use pos_diagnosis::{Situation, Verdict, explain, listed, verdict_of};
use pos_domain::{Code, Explanation, Goods, Lang, LocalCode, NetCode, Rail, Retry};

fn wire(code: &str) -> Code {
    Code::Wire(Rail::UnionPay, code.to_owned())
}

fn all_codes() -> Vec<Code> {
    let of = |rail: Rail| {
        let listed = listed(rail).map(move |code| code.trim_end_matches('*'));
        listed.map(move |code| Code::Wire(rail, code.to_owned()))
    };
    let wires = Rail::ALL
        .iter()
        .flat_map(|rail| of(*rail))
        .chain([wire("08"), wire("ZZ")]);
    let locals = LocalCode::ALL.iter().map(|c| Code::from(*c));
    wires
        .chain(locals)
        .chain(NetCode::ALL.iter().map(|c| Code::from(*c)))
        .collect()
}

/// Calls `check` with every explanation there is.
fn each(mut check: impl FnMut(&Code, Situation, Lang, &Explanation)) {
    for code in all_codes() {
        for situation in Situation::ALL {
            for lang in Lang::ALL {
                check(
                    &code,
                    *situation,
                    *lang,
                    &explain(&code, *situation, *lang, "R"),
                );
            }
        }
    }
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whether nothing proves what became of the request.
fn is_unproven(code: &Code, situation: Situation) -> bool {
    match code {
        Code::Wire(..) => {
            let verdict = verdict_of(code, situation);
            matches!(verdict, Verdict::Unknown | Verdict::NeedsHistory)
        }
        Code::Local(code) => matches!(
            code,
            LocalCode::Interrupted | LocalCode::ProofMissing | LocalCode::Internal
        ),
        Code::Net(code) => !is_not_sent(*code),
    }
}

fn is_not_sent(code: NetCode) -> bool {
    use NetCode::{ConnectTimeout, NameNotFound, Refused, TlsFailed, Unreachable};
    matches!(
        code,
        NameNotFound | Unreachable | Refused | ConnectTimeout | TlsFailed
    )
}

#[test]
fn i12_every_text_is_there_in_its_language_and_fits_the_screen() {
    each(|code, situation, lang, said| {
        let texts = [
            (&said.title, 14, 44),
            (&said.next_step, 90, 200),
            (&said.who_fixes, 12, 44),
        ];
        for (text, zh, en) in texts {
            let length = text.chars().count();
            let at = format!("{code} {situation} {lang}: {length} {text}");
            assert!(length > 0, "{at}");
            assert_eq!(has_chinese(text), lang == Lang::Zh, "{at}");
            assert!(length <= if lang == Lang::Zh { zh } else { en }, "{at}");
            assert!(text.trim() == text && !text.contains("  "), "{at}");
            assert!(lang == Lang::Zh || text.is_ascii(), "{at}");
        }
        let end = if lang == Lang::Zh { '。' } else { '.' };
        assert!(
            said.next_step.ends_with(end),
            "{code} {situation}: {}",
            said.next_step
        );
    });
}

#[test]
fn i04_an_unproven_outcome_is_called_neither_done_nor_failed() {
    let banned = [
        "成功",
        "失败",
        "没有扣款",
        "没有批准",
        "已完成",
        "已退款",
        "被拒",
        "fail",
        "success",
        "declined",
        "refused",
        "not approved",
        "nothing was charged",
        "approved",
    ];
    let mut seen = 0;
    each(|code, situation, _, said| {
        if !is_unproven(code, situation) {
            return;
        }
        seen += 1;
        for word in banned {
            let text = format!("{} {}", said.title, said.next_step).to_lowercase();
            assert!(!text.contains(word), "{code} {situation}: {word} in {text}");
        }
    });
    assert!(seen > 500, "{seen}");
}

#[test]
fn a_proven_yes_is_not_explained_as_a_failure() {
    for code in ["00", "11", "A2", "A4", "A5", "A6"] {
        for situation in Situation::ALL {
            for lang in Lang::ALL {
                let said = explain(&wire(code), *situation, *lang, "");
                let text = format!("{} {}", said.title, said.next_step).to_lowercase();
                for word in ["失败", "没有", "不能", "未定", "fail", "not ", "declined"] {
                    assert!(!text.contains(word), "{code} {situation}: {word} in {text}");
                }
            }
        }
    }
}

#[test]
fn what_was_not_sent_says_so() {
    for code in NetCode::ALL.iter().filter(|code| is_not_sent(**code)) {
        for situation in [Situation::Sale, Situation::Void, Situation::Refund] {
            let said = explain(&Code::from(*code), situation, Lang::Zh, "");
            assert!(
                said.next_step.contains("没有送出"),
                "{code} {situation}: {}",
                said.next_step
            );
        }
    }
}

#[test]
fn the_next_step_differs_with_the_situation() {
    use Situation::{
        Completion, Preauth, Refund, Reversal, Sale, Settlement, SignIn, Upload, Void,
    };
    for (code, situations) in [
        ("12", vec![Sale, Void, Refund, Completion, Reversal]),
        ("14", vec![Sale, Void, Refund, Completion]),
        (
            "22",
            vec![Sale, Void, Refund, Preauth, Completion, Reversal],
        ),
        ("25", vec![Sale, Void, Refund, Completion, Reversal]),
        ("40", vec![Sale, Void, Refund, Preauth, Reversal]),
        ("58", vec![Sale, Void, Refund, Preauth, SignIn]),
        ("64", vec![Sale, Void, Refund, Completion]),
        ("77", vec![Sale, Void, Refund, Settlement, SignIn, Upload]),
        ("94", vec![Sale, Void, Refund, Reversal, Upload, Settlement]),
        (
            "98",
            vec![Sale, Void, Refund, Reversal, SignIn, Settlement, Upload],
        ),
        (
            "00",
            vec![Sale, Void, Refund, Reversal, SignIn, Settlement, Upload],
        ),
        (
            "ZZ",
            vec![Sale, Void, Refund, Reversal, SignIn, Settlement, Upload],
        ),
    ] {
        for lang in Lang::ALL {
            let said: BTreeSet<_> = situations
                .iter()
                .map(|s| explain(&wire(code), *s, *lang, "").next_step)
                .collect();
            assert_eq!(said.len(), situations.len(), "{code} {lang}: {said:#?}");
        }
    }
}

/// "Charge again" to somebody who wants money back would be the wrong step.
#[test]
fn nobody_is_sent_to_charge_again_when_taking_back() {
    let wrong = [
        "再收一次",
        "换一种付款",
        "换一张卡",
        "没有扣款",
        "charge again",
        "another payment",
    ];
    each(|code, situation, _, said| {
        let is_host_or_link = !matches!(code, Code::Local(_));
        if is_host_or_link && !matches!(situation, Situation::Sale | Situation::Preauth) {
            let text = said.next_step.to_lowercase();
            let completes = situation == Situation::Completion;
            for word in wrong.iter().filter(|_| !completes) {
                assert!(!text.contains(word), "{code} {situation}: {word} in {text}");
            }
        }
    });
}

#[test]
fn a_local_refusal_of_an_undo_never_speaks_of_a_charge() {
    for code in LocalCode::ALL {
        for situation in [Situation::Void, Situation::Refund] {
            let said = explain(&Code::from(*code), situation, Lang::Zh, "").next_step;
            let of_sales_only = matches!(
                code,
                LocalCode::OverPreauth
                    | LocalCode::BatchFull
                    | LocalCode::DiskLow
                    | LocalCode::KeyCheckFailed
                    | LocalCode::AmountInvalid
            );
            assert!(
                of_sales_only || !said.contains("没有扣款"),
                "{code} {situation}: {said}"
            );
        }
    }
}

#[test]
fn i04_nobody_moves_goods_while_nothing_is_proven() {
    use Situation::{Completion, Preauth, Query, Refund, Reversal, Sale, Void};
    each(|code, situation, _, said| {
        let moves = [Sale, Void, Refund, Preauth, Completion, Reversal, Query].contains(&situation);
        if moves && is_unproven(code, situation) {
            assert_eq!(said.goods, Goods::Wait, "{code} {situation}");
            assert_ne!(said.retry, Retry::Now, "{code} {situation}");
        }
    });
}

#[test]
fn the_most_specific_words_win() {
    use Situation::{Completion, Refund, Reversal, SignIn, Void};
    for (code, situation, words) in [
        // The code in this situation, before its class ...
        (wire("12"), Void, "请改做退货"),
        (wire("22"), Void, "请勿再撤"),
        (wire("58"), Void, "收款的那台终端"),
        (wire("94"), Void, "流水号"),
        (wire("03"), SignIn, "商户号"),
        (LocalCode::SaleUnknown.into(), Void, "消费查清后"),
        (LocalCode::ProofMissing.into(), Reversal, "书面答复"),
        // ... and before its family.
        (wire("14"), Completion, "做预授权的那张卡"),
        // The family before the class.
        (wire("55"), Void, "密码"),
        (wire("43"), Refund, "不要再刷这张卡"),
        (wire("99"), Void, "重新签到"),
        (wire("97"), Void, "重试没有用"),
        // The class before the code, whose words speak of a sale.
        (wire("05"), Void, "原交易仍然有效"),
        (NetCode::Unreachable.into(), Void, "撤销已登记"),
        (NetCode::NoAnswer.into(), Refund, "请勿再退一次"),
    ] {
        let said = explain(&code, situation, Lang::Zh, "").next_step;
        assert!(said.contains(words), "{code} {situation}: {said}");
    }
}
