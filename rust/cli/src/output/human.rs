//! Results in plain words, Chinese and English.

use pos_engine::domain::{Explanation, Lang, Rail, SaleStatus, UndoStatus, WallTime};

use super::{
    Human, InitOut, ItemOut, JournalOut, JournalSaleOut, NetOut, OperatorsOut, QueueActionOut,
    QueueOut, RefundOut, ResolvedOut, SaleOut, SettleOut, ShowOut, SignInOut, TurnoverOut,
    UndoFields, VerifyOut, VoidOut, told,
};

/// The words of one language.
const fn words(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn yuan(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, (minor % 100).abs())
}

const fn rail_words(rail: Rail, lang: Lang) -> &'static str {
    match rail {
        Rail::UnionPay => words(lang, "银联", "UnionPay"),
        Rail::WeChat => words(lang, "微信", "WeChat"),
        Rail::Alipay => words(lang, "支付宝", "Alipay"),
    }
}

const fn sale_words(status: SaleStatus, lang: Lang) -> &'static str {
    use SaleStatus as S;
    match told(status) {
        S::Approved => words(lang, "已收款", "approved"),
        S::Declined => words(lang, "未收款(被拒绝)", "declined, no money was taken"),
        S::Reversed => words(lang, "已冲正,未收款", "reversed, no money was taken"),
        S::Voided => words(lang, "已撤销", "voided"),
        S::Refunded => words(lang, "已退货", "refunded"),
        S::PartlyRefunded => words(lang, "部分退货", "partly refunded"),
        S::NotSent => words(lang, "未发出,未收款", "not sent, no money was taken"),
        S::Held => words(lang, "预授权已冻结", "held"),
        S::Completed => words(lang, "预授权已完成", "completed"),
        S::Sending | S::Unknown => words(lang, "结果未知", "not known yet"),
    }
}

const fn undo_words(status: UndoStatus, lang: Lang) -> &'static str {
    use UndoStatus as U;
    match status {
        U::Queued => words(
            lang,
            "已登记,未完成(排队中)",
            "recorded, not done yet (queued)",
        ),
        U::Sending => words(
            lang,
            "已登记,未完成(发送中)",
            "recorded, not done yet (sending)",
        ),
        U::NeedsCard => words(
            lang,
            "已记下,未受理:请在截止前重新读卡",
            "noted, not accepted: read the card again before the deadline",
        ),
        U::OnHold => words(
            lang,
            "已登记,未完成(暂停)",
            "recorded, not done yet (on hold)",
        ),
        U::Unknown => words(lang, "已登记,结果未知", "recorded, not known yet"),
        U::Voided => words(lang, "撤销成功", "voided"),
        U::Refunded => words(lang, "已退货", "refunded"),
        U::Refused => words(lang, "未撤销(被拒绝)", "refused, the sale stands"),
        U::Withdrawn => words(lang, "已收回,未撤销", "withdrawn, the sale stands"),
        U::RefundOffered => words(
            lang,
            "已不能撤销,可以改做退货",
            "can no longer be voided; a refund is possible",
        ),
        U::Escalated => words(
            lang,
            "已登记,须由收单机构确认",
            "recorded, the acquirer has to say",
        ),
    }
}

fn explained(text: &mut String, explanation: Option<&Explanation>, lang: Lang) {
    if let Some(explanation) = explanation {
        text.push('\n');
        text.push_str(&explanation.human(lang));
    }
}

fn numbers(sale: &SaleOut, lang: Lang) -> String {
    let mut text = String::new();
    let named = [
        (words(lang, "凭证号", "voucher"), &sale.trace),
        (words(lang, "批次号", "batch"), &sale.batch),
        (words(lang, "参考号", "reference"), &sale.reference),
        (words(lang, "订单号", "order"), &sale.order_no),
        (words(lang, "编号", "id"), &sale.sale),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            text.push_str(&format!("  {name} {value}"));
        }
    }
    text
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

impl Human for SaleOut {
    fn human(&self, lang: Lang) -> String {
        let status = sale_words(self.status, lang);
        let rail = rail_words(self.rail, lang);
        let mut text = format!(
            "{rail} {}: {status}\n{}",
            yuan(self.amount),
            numbers(self, lang)
        );
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl UndoFields {
    fn words(&self, id: Option<&str>, lang: Lang) -> String {
        let mut text = undo_words(self.status, lang).to_owned();
        if let Some(id) = id {
            text.push_str(&format!("  {} {id}", words(lang, "编号", "id")));
        }
        if let Some(deadline) = self.deadline {
            let uncertain = match self.deadline_certain {
                Some(true) => "",
                _ => words(lang, "(不确定)", " (not certain)"),
            };
            let name = words(lang, "截止", "deadline");
            text.push_str(&format!("  {name} {deadline}{uncertain}"));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for VoidOut {
    fn human(&self, lang: Lang) -> String {
        self.undo.words(self.void.as_deref(), lang)
    }
}

impl Human for RefundOut {
    fn human(&self, lang: Lang) -> String {
        self.undo.words(self.refund.as_deref(), lang)
    }
}

fn item_words(item: &ItemOut, lang: Lang) -> String {
    let mut text = format!("\n  {} {} {}", item.id, item.kind, item.status);
    let time = |at: Option<WallTime>| at.map(|at| at.to_string());
    let named = [
        (words(lang, "交易", "sale"), item.sale.clone()),
        (
            words(lang, "已试", "tries"),
            Some(item.attempts.to_string()),
        ),
        (words(lang, "下次", "next"), time(item.next_try)),
        (words(lang, "截止", "deadline"), time(item.deadline)),
        (words(lang, "原因", "why"), item.why.clone()),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            text.push_str(&format!("  {name} {value}"));
        }
    }
    text
}

impl Human for QueueOut {
    fn human(&self, lang: Lang) -> String {
        let (delivered, left) = (self.delivered, self.left);
        let mut text = match lang {
            Lang::Zh => format!("已送达 {delivered} 笔,还有 {left} 笔待办"),
            Lang::En => format!("{delivered} delivered, {left} still owed"),
        };
        for item in &self.items {
            text.push_str(&item_words(item, lang));
        }
        text
    }
}

impl Human for QueueActionOut {
    fn human(&self, lang: Lang) -> String {
        if let Some(explanation) = &self.explanation {
            return explanation.human(lang);
        }
        let mut text = self.queue.human(lang);
        if self.queue.items.is_empty() {
            text.insert_str(0, words(lang, "已办理。", "Done. "));
        }
        text
    }
}

impl Human for JournalSaleOut {
    fn human(&self, lang: Lang) -> String {
        let sale = &self.sale;
        let net = match self.net {
            NetOut::Known(minor) => yuan(minor),
            NetOut::Unknown => words(lang, "未知", "unknown").to_owned(),
        };
        let name = words(lang, "净额", "net");
        let mut text = format!(
            "{} {}: {}  {name} {net}{}",
            rail_words(sale.rail, lang),
            yuan(sale.amount),
            sale_words(sale.status, lang),
            numbers(sale, lang)
        );
        if let Some(undo) = &self.undo {
            let amount = yuan(undo.amount);
            text.push_str(&format!("\n    {} {amount}: ", undo.kind));
            text.push_str(undo_words(undo.status, lang));
        }
        text
    }
}

impl Human for JournalOut {
    fn human(&self, lang: Lang) -> String {
        if self.sales.is_empty() {
            return words(lang, "没有交易", "no sales").to_owned();
        }
        let lines: Vec<_> = self.sales.iter().map(|sale| sale.human(lang)).collect();
        lines.join("\n")
    }
}

impl Human for SignInOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match self.status {
            SaleStatus::Approved => words(lang, "成功", "done"),
            SaleStatus::Declined => words(lang, "被拒绝", "declined"),
            SaleStatus::NotSent => words(lang, "未发出", "not sent"),
            _ => words(lang, "没有应答", "no answer"),
        }
        .to_owned();
        if let Some(batch) = &self.batch {
            text.push_str(&format!("  {} {batch}", words(lang, "批次号", "batch")));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for ShowOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = self.sale.human(lang);
        for attempt in &self.attempts {
            let code = attempt.code.as_deref().unwrap_or_default();
            text.push_str(&format!(
                "\n  {} {} {} {} {code}",
                attempt.at, attempt.purpose, attempt.trace, attempt.state
            ));
        }
        for event in &self.events {
            let after = event.after.as_deref().unwrap_or_default();
            text.push_str(&format!(
                "\n  {} {} {} {after}",
                event.at, event.operator, event.action
            ));
        }
        text
    }
}

impl Human for VerifyOut {
    fn human(&self, lang: Lang) -> String {
        let entries = self.entries;
        let mut text = match (self.ok, lang) {
            (true, Lang::Zh) => format!("账本完好,审计 {entries} 条"),
            (true, Lang::En) => format!("the ledger is sound, {entries} audit entries"),
            (false, Lang::Zh) => format!("账本有问题,审计 {entries} 条"),
            (false, Lang::En) => format!("the ledger is NOT sound, {entries} audit entries"),
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
            Lang::Zh => format!("终端 {terminal} 已设置在 {home}"),
            Lang::En => format!("terminal {terminal} is set up in {home}"),
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
                "还没有登记任何人:谁都可以操作,撤销不需要批准。",
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
                (false, _) => words(lang, "(已停用)", " (disabled)"),
                (true, false) => words(lang, "(无密码)", " (no PIN)"),
                (true, true) => "",
            };
            format!("{} {} {role}{state}", operator.no, operator.name)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Human for SettleOut {
    fn human(&self, lang: Lang) -> String {
        let batch = &self.batch;
        let mut text = match (self.status, lang) {
            ("balanced", Lang::Zh) => format!("批次 {batch} 已结算,两边平账。"),
            ("balanced", Lang::En) => format!("Batch {batch} is settled, and the totals agree."),
            ("not_balanced", Lang::Zh) => {
                format!("批次 {batch} 已结算,但两边不平;明细已上送,请与收单机构核对。")
            }
            ("not_balanced", Lang::En) => format!(
                "Batch {batch} is settled, but the totals differ. The details were sent; check \
                 them with the acquirer."
            ),
            ("unknown", Lang::Zh) => {
                format!("批次 {batch} 的结算没有得到应答,下次会先接着做完。")
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
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

impl Human for ResolvedOut {
    fn human(&self, lang: Lang) -> String {
        self.explanation.human(lang)
    }
}
