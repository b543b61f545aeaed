//! Results in plain words, Chinese and English, as a colleague would say them.

mod queue;
mod sale;
mod terminal;

use pos_engine::domain::{Cause, Explanation, Lang, Rail, WallTime};

use super::Human;

/// The words of one language.
pub(super) const fn words(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

pub(super) fn yuan(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, (minor % 100).abs())
}

/// A moment as on a clock in the shop: date, hour and minute.
fn clock(at: WallTime) -> String {
    let text = at.rfc3339();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

/// A cause as people call it.
pub(super) const fn cause_words(cause: Cause, lang: Lang) -> &'static str {
    match cause {
        Cause::System => words(lang, "系统故障", "system faults"),
        Cause::Hardware => words(lang, "设备损坏", "worn or broken hardware"),
        Cause::Procedure => words(lang, "操作失误", "slips in procedure"),
        Cause::CustomerData => words(lang, "顾客信息不对", "wrong customer data"),
        Cause::Limits => words(lang, "限额", "limits"),
        Cause::Network => words(lang, "网络", "the network"),
        Cause::BankOrPlatform => words(lang, "银行或平台规则", "rules of bank or platform"),
    }
}

pub(super) const fn rail_words(rail: Rail, lang: Lang) -> &'static str {
    match rail {
        Rail::UnionPay => words(lang, "银联", "UnionPay"),
        Rail::WeChat => words(lang, "微信", "WeChat"),
        Rail::Alipay => words(lang, "支付宝", "Alipay"),
    }
}

/// What happened and what to do now, in a sentence each, with what support asks for.
pub(super) fn explained(text: &mut String, explanation: Option<&Explanation>, lang: Lang) {
    let Some(explanation) = explanation else {
        return;
    };
    let Explanation {
        title,
        next_step,
        who_fixes,
        code,
        reference,
        ..
    } = explanation;
    text.push_str(&match lang {
        Lang::Zh => format!("\n{title}。{next_step}\n能解决的人：{who_fixes}。代码 {code}"),
        Lang::En => format!("\n{title}. {next_step}\nWho can fix it: {who_fixes}. Code {code}"),
    });
    if !reference.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("，查询号 {reference}"),
            Lang::En => format!(", reference {reference}"),
        });
    }
    text.push_str(words(lang, "。", "."));
}

impl Human for Explanation {
    fn human(&self, lang: Lang) -> String {
        let what = words(lang, "发生了什么", "What happened");
        let now = words(lang, "现在怎么做", "What to do now");
        let who = words(lang, "谁能解决", "Who can fix it");
        let code = words(lang, "代码", "Code");
        let mut text = format!(
            "{what}: {}\n{now}: {}\n{who}: {}\n{code}: {}",
            self.title, self.next_step, self.who_fixes, self.code
        );
        if !self.reference.is_empty() {
            let reference = words(lang, "查询号", "Reference");
            text.push_str(&format!("\n{reference}: {}", self.reference));
        }
        text
    }
}
