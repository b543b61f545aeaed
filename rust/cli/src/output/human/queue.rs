//! What is owed, in words.

use pos_engine::domain::{Lang, ObligationKind};

use super::{clock, explained, words, yuan};
use crate::output::{
    ClearedOut, Human, ItemOut, QueueActionOut, QueueOut, ResolvedOut, SettleOut, TurnoverOut,
};

const fn kind_words(kind: ObligationKind, lang: Lang) -> &'static str {
    use ObligationKind as K;
    match kind {
        K::Reversal => words(lang, "冲正", "reversal"),
        K::Confirmation => words(lang, "冲正确认", "confirming reversal"),
        K::Void => words(lang, "撤销", "void"),
        K::Refund => words(lang, "退货", "refund"),
        K::Query => words(lang, "查询", "question to the host"),
        K::Revoke => words(lang, "撤单", "revocation"),
        K::ScriptNotice => words(lang, "脚本结果通知", "script notice"),
        K::BatchUpload => words(lang, "批上送", "batch upload"),
        K::Signature => words(lang, "电子签名", "signature"),
    }
}

fn status_words(status: &str, lang: Lang) -> &str {
    match status {
        "owed" | "queued" => words(lang, "等送达", "waits for its turn"),
        "sending" => words(lang, "正在发送", "on its way"),
        "needs_card" => words(lang, "等读卡", "waits for the card"),
        "on_hold" => words(lang, "有人让它先等着", "held back by somebody"),
        "unknown" => words(lang, "结果未知", "not known yet"),
        "escalated" => words(
            lang,
            "要收单机构书面答复",
            "waits for the acquirer's written word",
        ),
        other => other,
    }
}

fn item_words(item: &ItemOut, lang: Lang) -> String {
    let kind = kind_words(item.kind, lang);
    let status = status_words(&item.status, lang);
    let (id, tries) = (&item.id, item.attempts);
    let mut text = match (lang, tries) {
        (Lang::Zh, _) => format!("\n  {kind} {id}：{status}，试过 {tries} 次"),
        (Lang::En, 0) => format!("\n  {kind} {id}: {status}, not tried yet"),
        (Lang::En, 1) => format!("\n  {kind} {id}: {status}, tried once"),
        (Lang::En, _) => format!("\n  {kind} {id}: {status}, tried {tries} times"),
    };
    let named = [
        (
            words(lang, "，下次 ", ", next at "),
            item.next_try.map(clock),
        ),
        (words(lang, "，最晚 ", ", until "), item.deadline.map(clock)),
        (words(lang, "，原因 ", ", because of "), item.why.clone()),
        (words(lang, "，交易 ", ", sale "), item.sale.clone()),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            text.push_str(name);
            text.push_str(&value);
        }
    }
    text
}

impl Human for QueueOut {
    fn human(&self, lang: Lang) -> String {
        let (delivered, left) = (self.delivered, self.left);
        if left > 0 && self.items.is_empty() {
            // One was asked for by its identifier.
            return match lang {
                Lang::Zh => format!("没有这个编号的待办；别的还有 {left} 项，见 queue。"),
                Lang::En => {
                    format!("Nothing of this identifier is owed; {left} others are, see queue.")
                }
            };
        }
        let mut text = match (delivered, left, lang) {
            (0, 0, Lang::Zh) => "没有待办。".to_owned(),
            (0, 0, Lang::En) => "Nothing is owed.".to_owned(),
            (done, 0, Lang::Zh) => format!("送达了 {done} 项，没有待办了。"),
            (done, 0, Lang::En) => format!("{done} delivered, and nothing is owed any more."),
            (0, left, Lang::Zh) => format!("还有 {left} 项待办："),
            (0, left, Lang::En) => format!("{left} still owed:"),
            (done, left, Lang::Zh) => format!("送达了 {done} 项，还有 {left} 项待办："),
            (done, left, Lang::En) => format!("{done} delivered, {left} still owed:"),
        };
        for item in &self.items {
            text.push_str(&item_words(item, lang));
        }
        text
    }
}

impl Human for QueueActionOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match (&self.explanation, self.queue.items.is_empty()) {
            (Some(_), _) => words(lang, "没有办成。", "Nothing was changed."),
            (None, true) => words(
                lang,
                "办好了，这一项不再待办。",
                "Done: it is owed no more.",
            ),
            (None, false) => words(lang, "办好了。", "Done."),
        }
        .to_owned();
        explained(&mut text, self.explanation.as_ref(), lang);
        for item in &self.queue.items {
            text.push_str(&item_words(item, lang));
        }
        text
    }
}

impl Human for SettleOut {
    fn human(&self, lang: Lang) -> String {
        let batch = &self.batch;
        let mut text = match (self.status, lang) {
            ("balanced", Lang::Zh) => format!("批次 {batch} 已结算，两边平账。"),
            ("balanced", Lang::En) => format!("Batch {batch} is settled, and the totals agree."),
            ("not_balanced", Lang::Zh) => {
                format!("批次 {batch} 已结算，但两边不平；明细已上送，请与收单机构核对。")
            }
            ("not_balanced", Lang::En) => format!(
                "Batch {batch} is settled, but the totals differ. The details were sent; check \
                 them with the acquirer."
            ),
            ("unknown", Lang::Zh) => {
                format!("批次 {batch} 的结算没有得到应答，下次会先接着做完。")
            }
            ("unknown", Lang::En) => format!(
                "The settlement of batch {batch} got no answer; it goes on from there next time."
            ),
            (_, Lang::Zh) => format!("批次 {batch} 还没有结算。"),
            (_, Lang::En) => format!("Batch {batch} is not settled yet."),
        };
        let mut sum = |name: &str, of: Option<TurnoverOut>| {
            if let Some(TurnoverOut { count, amount }) = of {
                text.push_str(&format!("\n  {name} {count} \u{d7} {}", yuan(amount)));
            }
        };
        sum(words(lang, "收款", "taken"), self.debit);
        sum(words(lang, "退回", "given back"), self.credit);
        for item in &self.items {
            text.push_str(&item_words(item, lang));
        }
        if !self.cleared.is_empty() {
            text.push_str(words(
                lang,
                "\n两人清出待办、至今没有结论的：",
                "\nCleared by two people and still not known:",
            ));
        }
        for item in &self.cleared {
            text.push_str(&item_words(item, lang));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for ClearedOut {
    fn human(&self, lang: Lang) -> String {
        match &self.explanation {
            Some(explanation) => explanation.human(lang),
            None => words(
                lang,
                "已清出待办。这笔钱仍记为未知，每次结算都会列出；有了书面答复，用 resolve 登记。",
                "Off the queue. Its money stays not known, and each settlement tells it. Enter the \
                 written statement with resolve once there is one.",
            )
            .to_owned(),
        }
    }
}

impl Human for ResolvedOut {
    fn human(&self, lang: Lang) -> String {
        self.explanation.human(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_not_owed_is_not_told_as_an_empty_list() {
        let out = |left| QueueOut {
            delivered: 0,
            left,
            items: Vec::new(),
        };
        let shown = out(2).human(Lang::En);
        assert!(shown.starts_with("Nothing of this identifier"), "{shown}");
        assert_eq!(out(0).human(Lang::En), "Nothing is owed.");
    }
}
