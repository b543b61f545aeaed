//! Sales and undos in words.

use pos_engine::domain::{Lang, SaleStatus, UndoKind, UndoStatus};

use super::{clock, explained, rail_words, words, yuan};
use crate::output::{
    EventOut, Human, JournalOut, JournalSaleOut, NetOut, RefundOut, SaleOut, ShowOut, ShownOut,
    UndoFields, VoidOut, told,
};

/// How a sale stands, in two or three words.
const fn sale_words(status: SaleStatus, lang: Lang) -> &'static str {
    use SaleStatus as S;
    match told(status) {
        S::Approved => words(lang, "已收款", "paid"),
        S::Declined => words(lang, "被拒绝，没有收款", "declined, no money was taken"),
        S::Reversed => words(lang, "已冲正，没有收款", "reversed, no money was taken"),
        S::Voided => words(lang, "已撤销", "voided"),
        S::Refunded => words(lang, "已退货", "refunded"),
        S::PartlyRefunded => words(lang, "部分退货", "partly refunded"),
        S::NotSent => words(lang, "没有发出，没有收款", "not sent, no money was taken"),
        S::Held => words(lang, "已冻结", "held"),
        S::Completed => words(lang, "冻结的钱已收", "held and taken since"),
        S::Sending | S::Unknown => words(lang, "结果未知", "not known yet"),
    }
}

/// How an undo stands, as a sentence.
const fn void_sentence(status: UndoStatus, lang: Lang) -> &'static str {
    use UndoStatus as U;
    match status {
        U::Queued => words(
            lang,
            "撤销已登记，还没完成：在排队，联网后会自动送达。",
            "The void is recorded, not done yet: it waits and goes out by itself.",
        ),
        U::Sending => words(
            lang,
            "撤销已登记，还没完成：正在发送。",
            "The void is recorded, not done yet: it is on its way.",
        ),
        U::NeedsCard => words(
            lang,
            "撤销只是记下了，还没受理：请在截止前重新读卡。",
            "The void is noted, not accepted: read the card again before the deadline.",
        ),
        U::OnHold => words(
            lang,
            "撤销已登记，还没完成：有人让它先等着。",
            "The void is recorded, not done yet: somebody is holding it back.",
        ),
        U::Unknown => words(
            lang,
            "撤销已登记，结果未知：终端会自己查清。",
            "The void is recorded, its outcome not known yet: the terminal finds out by itself.",
        ),
        U::Voided => words(
            lang,
            "撤销成功，钱会原路退回。",
            "Voided. All of it goes back the way it came.",
        ),
        U::Refunded => words(lang, "已退货。", "It was refunded."),
        U::Refused => words(
            lang,
            "没有撤销，原交易不变。",
            "Not voided: the sale stands.",
        ),
        U::Withdrawn => words(
            lang,
            "撤销已收回，原交易不变。",
            "The void was withdrawn: the sale stands.",
        ),
        U::RefundOffered => words(
            lang,
            "已经不能撤销了，可以改做退货。",
            "Too late for a void; a refund is possible.",
        ),
        U::Escalated => words(
            lang,
            "撤销已登记，要等收单机构书面答复。",
            "The void is recorded and waits for the acquirer's written word.",
        ),
    }
}

/// The same for a refund.
const fn refund_sentence(status: UndoStatus, lang: Lang) -> &'static str {
    use UndoStatus as U;
    match status {
        U::Queued | U::Sending | U::OnHold => words(
            lang,
            "退货已登记，还没完成。",
            "The refund is recorded, not done yet.",
        ),
        U::NeedsCard => words(
            lang,
            "退货只是记下了，还没受理：请再读一次卡。",
            "The refund is noted, not accepted: read the card again.",
        ),
        U::Refunded => words(
            lang,
            "退货成功，钱几天内原路退回。",
            "Refunded. The money goes back the way it came, within days.",
        ),
        U::Refused => words(
            lang,
            "没有退货，原交易不变。",
            "Not refunded: the sale stands.",
        ),
        U::Withdrawn => words(
            lang,
            "退货已收回，原交易不变。",
            "The refund was withdrawn: the sale stands.",
        ),
        U::Unknown | U::Escalated => words(
            lang,
            "退货已发出，结果未知：不会重发，等迟到的应答或收单机构书面答复。",
            "The refund was sent, its outcome not known yet: it is never sent again, and waits for \
             a late answer or the acquirer's written word.",
        ),
        U::Voided | U::RefundOffered => void_sentence(status, lang),
    }
}

/// How an undo stands, in short.
const fn undo_words(status: UndoStatus, lang: Lang) -> &'static str {
    use UndoStatus as U;
    match status {
        U::Queued => words(lang, "排队中", "queued"),
        U::Sending => words(lang, "发送中", "on its way"),
        U::NeedsCard => words(lang, "等读卡", "waits for the card"),
        U::OnHold => words(lang, "暂停", "held back"),
        U::Unknown => words(lang, "结果未知", "not known yet"),
        U::Voided => words(lang, "已撤销", "voided"),
        U::Refunded => words(lang, "已退货", "refunded"),
        U::Refused => words(lang, "被拒绝", "refused"),
        U::Withdrawn => words(lang, "已收回", "withdrawn"),
        U::RefundOffered => words(lang, "可改退货", "a refund is possible"),
        U::Escalated => words(lang, "等收单机构", "waits for the acquirer"),
    }
}

const fn undo_name(kind: UndoKind, lang: Lang) -> &'static str {
    match kind {
        UndoKind::Void => words(lang, "撤销", "void"),
        UndoKind::Refund => words(lang, "退货", "refund"),
    }
}

fn numbers(sale: &SaleOut, lang: Lang) -> String {
    let named = [
        (words(lang, "凭证号", "voucher"), &sale.trace),
        (words(lang, "批次", "batch"), &sale.batch),
        (words(lang, "参考号", "reference"), &sale.reference),
        (words(lang, "订单号", "order"), &sale.order_no),
        (words(lang, "编号", "id"), &sale.sale),
    ];
    let told = named
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    told.collect::<Vec<_>>().join(words(lang, ",", ", "))
}

impl Human for SaleOut {
    fn human(&self, lang: Lang) -> String {
        let (status, amount) = (sale_words(self.status, lang), yuan(self.amount));
        let rail = rail_words(self.rail, lang);
        let mut text = match lang {
            Lang::Zh => format!("{rail} {amount} 元：{status}。"),
            Lang::En => format!("{rail} {amount}: {status}."),
        };
        let numbers = numbers(self, lang);
        if !numbers.is_empty() {
            text.push('\n');
            text.push_str(&numbers);
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for ShownOut {
    fn human(&self, lang: Lang) -> String {
        self.sale.human(lang)
    }
}

impl UndoFields {
    fn words(&self, sentence: &str, id: Option<&str>, lang: Lang) -> String {
        let mut text = sentence.to_owned();
        if let (true, Some(deadline)) = (self.status.is_open(), self.deadline) {
            let at = clock(deadline);
            text.push_str(&match (self.deadline_certain, lang) {
                (Some(true), Lang::Zh) => format!("最晚 {at}。"),
                (Some(true), Lang::En) => format!(" It has time until {at}."),
                (_, Lang::Zh) => format!("最晚大约 {at}（还没有与主机对时，不会过期）。"),
                (_, Lang::En) => format!(
                    " It has time until about {at}; no host has told the time yet, so nothing \
                     expires."
                ),
            });
        }
        if let Some(id) = id {
            text.push_str(&format!("\n{} {id}", words(lang, "编号", "id")));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for VoidOut {
    fn human(&self, lang: Lang) -> String {
        let sentence = void_sentence(self.undo.status, lang);
        self.undo.words(sentence, self.void.as_deref(), lang)
    }
}

impl Human for RefundOut {
    fn human(&self, lang: Lang) -> String {
        let sentence = refund_sentence(self.undo.status, lang);
        self.undo.words(sentence, self.refund.as_deref(), lang)
    }
}

impl Human for JournalSaleOut {
    fn human(&self, lang: Lang) -> String {
        let sale = &self.sale;
        let net = match self.net {
            NetOut::Known(minor) => yuan(minor),
            NetOut::Unknown => words(lang, "未知", "not known").to_owned(),
        };
        let (rail, amount) = (rail_words(sale.rail, lang), yuan(sale.amount));
        let status = sale_words(sale.status, lang);
        let numbers = numbers(sale, lang);
        let mut text = match lang {
            Lang::Zh => format!("{rail} {amount} 元，{status}，现值 {net}\n    {numbers}"),
            Lang::En => format!("{rail} {amount}, {status}, worth {net} now\n    {numbers}"),
        };
        if let Some(undo) = &self.undo {
            let (name, amount) = (undo_name(undo.kind, lang), yuan(undo.amount));
            let status = undo_words(undo.status, lang);
            let id = &undo.id;
            text.push_str(&match lang {
                Lang::Zh => format!("\n    {name} {amount} 元：{status}，编号 {id}"),
                Lang::En => format!("\n    {name} of {amount}: {status}, id {id}"),
            });
        }
        text
    }
}

impl Human for JournalOut {
    fn human(&self, lang: Lang) -> String {
        if self.sales.is_empty() {
            return words(lang, "还没有交易。", "No sales yet.").to_owned();
        }
        let lines: Vec<_> = self.sales.iter().map(|sale| sale.human(lang)).collect();
        lines.join("\n")
    }
}

/// What a message is for.
fn purpose_words(purpose: &str, lang: Lang) -> &str {
    match purpose {
        "sale" => words(lang, "消费", "sale"),
        "void" => words(lang, "消费撤销", "void"),
        "reversal" => words(lang, "冲正", "reversal"),
        "refund" => words(lang, "退货", "refund"),
        "preauth" => words(lang, "预授权", "pre-authorisation"),
        "preauth_void" => words(lang, "预授权撤销", "void of the pre-authorisation"),
        "completion" => words(lang, "预授权完成", "completion"),
        "completion_void" => words(lang, "预授权完成撤销", "void of the completion"),
        other => other,
    }
}

/// How far a message came.
fn state_words(state: &str, lang: Lang) -> &str {
    match state {
        "intended" => words(lang, "正在发送", "on its way"),
        "not_sent" => words(lang, "没有发出", "never left"),
        "no_answer" => words(lang, "没有应答", "got no answer"),
        "answered" => words(lang, "有应答", "answered"),
        "reversed" => words(lang, "已冲正", "undone by reversal"),
        other => other,
    }
}

/// A change of state that people care about.
fn event_words(event: &EventOut, lang: Lang) -> Option<String> {
    let after = event.after.as_deref().unwrap_or_default();
    let status = || {
        let sale = after.parse().map(|status| sale_words(status, lang));
        sale.or_else(|_| after.parse().map(|status| undo_words(status, lang)))
            .unwrap_or(after)
    };
    let words = match event.action.as_str() {
        "status" => status().to_owned(),
        "approval" => format!("{} {after}", words(lang, "批准人", "approved by")),
        "try" => format!(
            "{} {after}",
            words(lang, "没有送达，", "could not deliver it:")
        ),
        "pass_over" => words(lang, "结算时被跳过", "passed over at settlement").to_owned(),
        made if after.parse::<SaleStatus>().is_ok() || after.parse::<UndoStatus>().is_ok() => {
            // The obligation beside an undo repeats what was said.
            if made.starts_with("owed") {
                return None;
            }
            format!(
                "{} {}",
                purpose_words(made, lang),
                words(lang, "已登记", "recorded")
            )
        }
        _ => return None,
    };
    Some(words)
}

impl Human for ShowOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = self.sale.human(lang);
        text.push_str(words(lang, "\n报文：", "\nMessages:"));
        for attempt in &self.attempts {
            let code = attempt.code.as_deref().unwrap_or_default();
            let at = clock(attempt.at);
            let trace = attempt.trace.as_deref().unwrap_or_default();
            let purpose = purpose_words(&attempt.purpose, lang);
            let state = state_words(&attempt.state, lang);
            text.push_str(&format!("\n  {at}  {trace} {purpose}: {state} {code}"));
        }
        text.push_str(words(lang, "\n经过：", "\nWhat happened:"));
        let own = [
            self.sale.sale.sale.as_deref(),
            self.sale.undo.as_ref().map(|u| u.id.as_str()),
        ];
        // What the ledger did beneath is for `evidence` and `--json`.
        let told = self
            .events
            .iter()
            .filter(|e| own.contains(&Some(e.subject.as_str())));
        for event in told {
            if let Some(words) = event_words(event, lang) {
                let (at, who) = (clock(event.at), &event.operator);
                text.push_str(&format!("\n  {at}  {who}: {words}"));
            }
        }
        text
    }
}
