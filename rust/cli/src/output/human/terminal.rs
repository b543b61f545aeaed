//! The terminal and its people, in words.

use pos_engine::domain::{Lang, SaleStatus};

use super::{explained, words};
use crate::output::{Human, InitOut, OperatorsOut, SignInOut, VerifyOut};

impl Human for SignInOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match self.status {
            SaleStatus::Approved => words(
                lang,
                "收单机构应答正常。",
                "The acquirer answered: all is well.",
            ),
            SaleStatus::Declined => words(lang, "没有办成。", "It was refused."),
            SaleStatus::NotSent => words(lang, "没有发出。", "Nothing was sent."),
            _ => words(lang, "没有等到应答。", "No answer came."),
        }
        .to_owned();
        if let Some(batch) = &self.batch {
            text.push_str(&format!(" {} {batch}", words(lang, "批次", "Batch")));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for VerifyOut {
    fn human(&self, lang: Lang) -> String {
        let entries = self.entries;
        let mut text = match (self.ok, lang) {
            (true, Lang::Zh) => format!("账本完好，审计链 {entries} 条，一条不差。"),
            (true, Lang::En) => {
                format!("The ledger is sound: {entries} audit entries, none missing.")
            }
            (false, Lang::Zh) => format!("账本有问题（审计链 {entries} 条）："),
            (false, Lang::En) => format!("The ledger is NOT sound ({entries} audit entries):"),
        };
        for problem in &self.problems {
            text.push_str(&format!("\n  {}: {}", problem.rule, problem.subject));
        }
        text
    }
}

impl Human for InitOut {
    fn human(&self, lang: Lang) -> String {
        let Self { home, terminal, .. } = self;
        match lang {
            Lang::Zh => format!("终端 {terminal} 设置好了，放在 {home}。"),
            Lang::En => format!("Terminal {terminal} is set up in {home}."),
        }
    }
}

impl Human for OperatorsOut {
    fn human(&self, lang: Lang) -> String {
        if let Some(explanation) = &self.explanation {
            return explanation.human(lang);
        }
        if self.operators.is_empty() {
            return words(
                lang,
                "还没有登记任何人：谁都可以操作，撤销不需要批准。",
                "Nobody is entered: anybody may work here, and no void needs approval.",
            )
            .to_owned();
        }
        let lines = self.operators.iter().map(|operator| {
            let role = match operator.role {
                "supervisor" => words(lang, "主管", "supervisor"),
                _ => words(lang, "收银员", "cashier"),
            };
            let state = match (operator.enabled, operator.has_pin) {
                (false, _) => words(lang, "（已停用）", " (disabled)"),
                (true, false) => words(lang, "（无密码）", " (no PIN)"),
                (true, true) => "",
            };
            format!("{} {} {role}{state}", operator.no, operator.name)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
