//! Slips (签购单) as lines: what a sale or a void prints, per spec unionpay-8583 §9.
//!
//! Pure: facts in, lines out. It must not know a ledger or a printer. A void that is not proven
//! never reads like one that is.

use pos_domain::receipt::{Align, Line, LineKind, Size};
use pos_domain::{Amount, Entry, Lang, SaleStatus, UndoStatus, WallTime};

/// Whose copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The shop's, with the place for a signature.
    Merchant,
    /// The customer's.
    Customer,
}

/// What stands on every slip.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The shop's name.
    pub merchant_name: String,
    /// Field 42.
    pub merchant_id: String,
    /// Field 41.
    pub terminal_id: String,
    /// Who did it.
    pub operator: String,
    /// First six and last four digits, stars between.
    pub card: Option<String>,
    /// How the card's data came in.
    pub entry: Entry,
    /// Six digits.
    pub batch: Option<String>,
    /// The voucher of this transaction, six digits.
    pub voucher: Option<String>,
    /// Field 38.
    pub auth_code: Option<String>,
    /// Field 37.
    pub reference: Option<String>,
    /// When.
    pub at: WallTime,
    /// How much.
    pub amount: Amount,
    /// Whether the host is a simulated one.
    pub training: bool,
    /// Whether this very slip came out before.
    pub again: bool,
}

/// What the slip is of.
#[derive(Clone, Debug)]
pub enum What {
    /// A sale.
    Sale {
        /// Its own status.
        status: SaleStatus,
    },
    /// The void of a sale.
    Void {
        /// How far it is.
        status: UndoStatus,
        /// The sale's voucher.
        original: Option<String>,
    },
}

/// What stands on the slip of a settlement.
#[derive(Clone, Debug)]
pub struct DayEnd {
    /// Shop, terminal, operator and time; its card, voucher and amount are not printed.
    pub facts: Facts,
    /// Whether the batch is settled; else these are only the totals so far.
    pub settled: bool,
    /// Whether the host's totals were ours.
    pub balanced: bool,
    /// Money taken: how many and how much, minor units.
    pub taken: (u32, i64),
    /// Money given back.
    pub returned: (u32, i64),
    /// Voucher and minor units of what two people cleared and nobody proved since.
    pub cleared: Vec<(Option<String>, i64)>,
}

/// Lines of the slip of a settlement (结算单).
#[must_use]
pub fn day_end_slip(day: &DayEnd, copy: Copy, lang: Lang) -> Vec<Line> {
    let mut paper = Paper {
        lines: Vec::new(),
        lang,
    };
    paper.head(&day.facts, copy);
    let (zh, en) = match (day.settled, day.balanced) {
        (true, true) => ("批结算 · 平", "SETTLED · BALANCED"),
        (true, false) => ("批结算 · 不平", "SETTLED · NOT BALANCED"),
        (false, _) => ("当前合计 · 未结算", "TOTALS SO FAR · NOT SETTLED"),
    };
    paper.centre(Size::Large, zh, en);
    paper.pair("批次号", "Batch", day.facts.batch.as_deref());
    paper.time(day.facts.at);
    for (zh, en, (count, minor)) in [
        ("消费", "Taken", day.taken),
        ("撤销和退货", "Given back", day.returned),
    ] {
        paper.pair(zh, en, Some(&format!("{count} / RMB {}", yuan(minor))));
    }
    let net = day.taken.1.saturating_sub(day.returned.1);
    let label = paper.say("净额", "Net");
    let text = format!("{label}\tRMB {}", yuan(net));
    paper.put(&text, Align::Spread, Size::Large, LineKind::Text);
    paper.cleared(&day.cleared);
    paper.put("", Align::Left, Size::Normal, LineKind::Cut);
    paper.lines
}

fn yuan(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// The slip's lines, from top to the cut.
#[must_use]
pub fn slip(facts: &Facts, what: &What, copy: Copy, lang: Lang) -> Vec<Line> {
    let mut paper = Paper {
        lines: Vec::new(),
        lang,
    };
    paper.head(facts, copy);
    paper.transaction(facts, what);
    paper.foot(facts, what, copy);
    paper.lines
}

struct Paper {
    lines: Vec<Line>,
    lang: Lang,
}

impl Paper {
    const fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn put(&mut self, text: &str, align: Align, size: Size, kind: LineKind) {
        self.lines.push(Line {
            text: text.to_owned(),
            align,
            size,
            kind,
        });
    }

    fn centre(&mut self, size: Size, zh: &str, en: &str) {
        let text = self.say(zh, en).to_owned();
        self.put(&text, Align::Centre, size, LineKind::Text);
    }

    fn left(&mut self, zh: &str, en: &str) {
        let text = self.say(zh, en).to_owned();
        self.put(&text, Align::Left, Size::Small, LineKind::Text);
    }

    /// A label and its value; none without one.
    fn pair(&mut self, zh: &str, en: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let text = format!("{}\t{value}", self.say(zh, en));
            self.put(&text, Align::Spread, Size::Normal, LineKind::Text);
        }
    }

    fn time(&mut self, at: WallTime) {
        let time = at.rfc3339();
        let time = time.get(..19).unwrap_or_default().replace('T', " ");
        self.pair("日期时间", "Date and time", Some(&time));
    }

    fn rule(&mut self) {
        self.put("", Align::Left, Size::Normal, LineKind::Rule);
    }

    fn head(&mut self, facts: &Facts, copy: Copy) {
        if facts.training {
            self.centre(Size::Large, "测试 · 非真实交易", "TEST · NO REAL MONEY");
        }
        self.centre(Size::Normal, "POS 签购单", "POS SALES SLIP");
        match copy {
            Copy::Merchant => self.centre(Size::Small, "商户存根", "Merchant copy"),
            Copy::Customer => self.centre(Size::Small, "持卡人存根", "Customer copy"),
        }
        if facts.again {
            self.centre(Size::Small, "重打印凭证", "DUPLICATED");
        }
        self.rule();
        self.pair("商户名称", "Merchant", Some(&facts.merchant_name));
        self.pair("商户编号", "Merchant no.", Some(&facts.merchant_id));
        self.pair("终端编号", "Terminal no.", Some(&facts.terminal_id));
        self.pair("操作员号", "Operator", Some(&facts.operator));
        self.rule();
    }

    /// What is off the list while its money is still unknown; none without any.
    fn cleared(&mut self, items: &[(Option<String>, i64)]) {
        if items.is_empty() {
            return;
        }
        self.rule();
        self.left(
            "已移出待处理，钱还没有结论",
            "Off the list, its money still not known",
        );
        for (voucher, minor) in items {
            let voucher = voucher.as_deref().unwrap_or("-");
            let text = format!("{} {voucher}", self.say("凭证号", "Voucher"));
            let amount = format!("RMB {}", yuan(*minor));
            self.pair(&text, &text, Some(&amount));
        }
    }

    fn transaction(&mut self, facts: &Facts, what: &What) {
        let (zh, en) = headline(what);
        self.centre(Size::Large, zh, en);
        let (zh, en) = match what {
            What::Sale { .. } => ("消费", "SALE"),
            What::Void { .. } => ("消费撤销", "VOID"),
        };
        let kind = self.say(zh, en).to_owned();
        self.pair("交易类型", "Type", Some(&kind));
        let letter = match facts.entry {
            Entry::Swipe => " S",
            Entry::Chip => " I",
            Entry::Contactless => " C",
            Entry::Manual => " M",
            Entry::Code => "",
        };
        let card = facts.card.as_ref().map(|mask| format!("{mask}{letter}"));
        self.pair("卡号", "Card no.", card.as_deref());
        self.pair("批次号", "Batch", facts.batch.as_deref());
        self.pair("凭证号", "Voucher", facts.voucher.as_deref());
        self.pair("授权码", "Auth. code", facts.auth_code.as_deref());
        self.pair("参考号", "Reference", facts.reference.as_deref());
        self.time(facts.at);
        let sign = match what {
            What::Sale { .. } => "",
            What::Void { .. } => "-",
        };
        let amount = format!("RMB {sign}{}", facts.amount);
        let label = self.say("金额", "Amount");
        let text = format!("{label}\t{amount}");
        self.put(&text, Align::Spread, Size::Large, LineKind::Text);
        if let What::Void { original, .. } = what {
            self.pair("原凭证号", "Original voucher", original.as_deref());
        }
    }

    fn foot(&mut self, facts: &Facts, what: &What, copy: Copy) {
        self.rule();
        if is_open(what) {
            self.left(
                "本凭条只证明已登记，不证明已完成；完成后另出凭条。",
                "This slip proves that it is noted, not that it is done; the proof prints its own.",
            );
        } else if copy == Copy::Merchant && is_done(what) {
            self.left("持卡人签名", "Cardholder's signature");
            self.put("", Align::Left, Size::Large, LineKind::Text);
            self.left(
                "本人确认以上交易，同意将其记入本卡账户。",
                "I confirm the above and accept it on my card account.",
            );
        }
        if facts.training {
            self.centre(
                Size::Small,
                "测试凭条，不作为付款凭证",
                "TEST SLIP, NO PROOF OF PAYMENT",
            );
        }
        self.put("", Align::Left, Size::Normal, LineKind::Cut);
    }
}

/// What the slip says at first sight.
const fn headline(what: &What) -> (&'static str, &'static str) {
    match what {
        What::Sale { status } => match status {
            SaleStatus::Sending | SaleStatus::Unknown => {
                ("结果未知 · 未完成", "OUTCOME UNKNOWN · NOT DONE")
            }
            SaleStatus::Declined | SaleStatus::NotSent => {
                ("交易失败 · 未扣款", "FAILED · NOT CHARGED")
            }
            SaleStatus::Reversed => ("已冲正 · 未扣款", "REVERSED · NOT CHARGED"),
            _ => ("交易成功", "APPROVED"),
        },
        What::Void { status, .. } => match status {
            UndoStatus::Voided => ("撤销成功", "VOIDED"),
            UndoStatus::Refunded => ("已改为退货", "REFUNDED INSTEAD"),
            UndoStatus::Withdrawn => ("撤销已撤回 · 原交易有效", "VOID WITHDRAWN · SALE STANDS"),
            UndoStatus::Refused | UndoStatus::RefundOffered => {
                ("撤销未成功 · 原交易有效", "NOT VOIDED · SALE STANDS")
            }
            _ => ("已登记 · 未完成", "NOTED · NOT DONE"),
        },
    }
}

/// Whether its outcome is still to come.
const fn is_open(what: &What) -> bool {
    match what {
        What::Sale { status } => matches!(status, SaleStatus::Sending | SaleStatus::Unknown),
        What::Void { status, .. } => status.is_open(),
    }
}

/// Whether money moved, so that a signature means something.
const fn is_done(what: &What) -> bool {
    match what {
        What::Sale { status } => !matches!(
            status,
            SaleStatus::Declined | SaleStatus::NotSent | SaleStatus::Reversed
        ),
        What::Void { status, .. } => matches!(status, UndoStatus::Voided),
    }
}
