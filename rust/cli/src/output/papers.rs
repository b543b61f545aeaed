//! Objects of `evidence`, `report`, `self-check` and rescue, with their words.

use pos_engine::domain::{Cause, Explanation, Lang, Rail, WallTime};
use serde::Serialize;

use super::human::{cause_words, words, yuan};
use super::{AttemptOut, EventOut, Human, JournalSaleOut, TurnoverOut};

/// `evidence`: what was written.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceOut {
    /// The sale.
    pub sale: String,
    /// The file for programs.
    pub file: String,
    /// The file for people.
    pub text: String,
    /// How many messages it tells of.
    pub attempts: usize,
    /// How many changes of state.
    pub events: usize,
    /// Whether the whole ledger is sound.
    pub sound: bool,
}

/// The file of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceFile {
    /// The version of this form.
    pub schema: u32,
    /// When it was put together.
    pub at: WallTime,
    /// Terminal number.
    pub terminal: String,
    /// Merchant number.
    pub merchant: String,
    /// Last four digits of the card.
    pub card: Option<String>,
    /// The sale as in the journal.
    pub sale: JournalSaleOut,
    /// Messages, oldest first.
    pub attempts: Vec<Hashed>,
    /// Changes of state, oldest first.
    pub events: Vec<NumberedEvent>,
    /// The newest entry of the whole audit chain.
    pub head: Option<ProofOut>,
    /// Whether the whole ledger is sound.
    pub sound: bool,
    /// The same for people.
    pub text: Vec<String>,
}

/// A message with its keyed hash.
#[derive(Clone, Debug, Serialize)]
pub struct Hashed {
    /// The message.
    #[serde(flatten)]
    pub attempt: AttemptOut,
    /// HMAC-SHA-256 of the frame without its MAC, under the terminal's key.
    pub frame_hash: String,
}

/// A change of state with its place in the audit chain.
#[derive(Clone, Debug, Serialize)]
pub struct NumberedEvent {
    /// Its number in the chain.
    pub number: i64,
    /// The change.
    #[serde(flatten)]
    pub event: EventOut,
    /// SHA-256 over it and the hash before it.
    pub hash: String,
}

/// An entry of the audit chain.
#[derive(Clone, Debug, Serialize)]
pub struct ProofOut {
    /// Its number.
    pub number: String,
    /// Its hash.
    pub hash: String,
}

impl Human for EvidenceOut {
    fn human(&self, lang: Lang) -> String {
        let Self { file, text, .. } = self;
        let mut line = match lang {
            Lang::Zh => format!("已写好：{file}（程序读）和 {text}（人读），里面没有卡号。"),
            Lang::En => format!(
                "Written: {file} for programs and {text} for people. Neither holds account data."
            ),
        };
        if !self.sound {
            let warning = words(
                lang,
                "注意：账本校验有问题！",
                "Mind: the ledger is NOT sound!",
            );
            line.push('\n');
            line.push_str(warning);
        }
        line
    }
}

/// `report`: a day. Pre-authorisations are held, not taken.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReportOut {
    /// The day, YYYY-MM-DD, in UTC+8.
    pub date: String,
    /// Sales and completions that were approved, whatever became of them.
    pub taken: TurnoverOut,
    /// Of those, voided.
    pub voided: TurnoverOut,
    /// Given back by refunds.
    pub refunded: TurnoverOut,
    /// What is left of them, less what was given back for other terminals' sales; minor units.
    pub net: i64,
    /// Held by pre-authorisations.
    pub held: TurnoverOut,
    /// Sent and not proven either way; not in `net`.
    pub unknown: TurnoverOut,
    /// Refused by the host.
    pub declined: TurnoverOut,
    /// Undone by reversal.
    pub reversed: TurnoverOut,
    /// Items that are owed now.
    pub owed: usize,
    /// Failures by cause, most frequent first.
    pub causes: Vec<CauseOut>,
    /// Failures by code, most frequent first.
    pub codes: Vec<CodeOut>,
    /// The one thing worth fixing first.
    pub advice: Option<String>,
}

/// How often one cause came.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CauseOut {
    /// Which of the seven.
    pub cause: Cause,
    /// How often.
    pub count: usize,
}

/// How often one code came.
#[derive(Clone, Debug, Serialize)]
pub struct CodeOut {
    /// The rail it came on.
    pub rail: Option<Rail>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: String,
    /// How often.
    pub count: usize,
}

impl Human for ReportOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match lang {
            Lang::Zh => format!("{}  净收 {}", self.date, yuan(self.net)),
            Lang::En => format!("{}  net takings {}", self.date, yuan(self.net)),
        };
        let lines = [
            (words(lang, "收款", "taken"), self.taken),
            (words(lang, "撤销", "voided"), self.voided),
            (words(lang, "退货", "refunded"), self.refunded),
            (words(lang, "预授权冻结", "held"), self.held),
            (words(lang, "结果未知", "not known yet"), self.unknown),
            (words(lang, "被拒绝", "declined"), self.declined),
            (words(lang, "已冲正", "reversed"), self.reversed),
        ];
        for (name, TurnoverOut { count, amount }) in lines {
            if count > 0 {
                text.push_str(&format!("\n  {name} {count} \u{d7} {}", yuan(amount)));
            }
        }
        match (self.owed, lang) {
            (0, Lang::Zh) => text.push_str("\n没有待办。"),
            (0, Lang::En) => text.push_str("\nNothing is owed."),
            (owed, Lang::Zh) => text.push_str(&format!("\n还有 {owed} 项待办，见 queue。")),
            (owed, Lang::En) => text.push_str(&format!("\n{owed} still owed; see queue.")),
        }
        if !self.causes.is_empty() {
            text.push_str(words(lang, "\n没办成的原因：", "\nWhat went wrong:"));
            for CauseOut { cause, count } in &self.causes {
                text.push_str(&format!("\n  {} \u{d7} {count}", cause_words(*cause, lang)));
            }
        }
        if let Some(advice) = &self.advice {
            text.push('\n');
            text.push_str(advice);
        }
        text
    }
}

/// How a line of the self-check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Works, but somebody should look.
    Warn,
    /// Does not work.
    Bad,
}

impl From<pos_engine::terminal::CheckState> for CheckState {
    fn from(state: pos_engine::terminal::CheckState) -> Self {
        use pos_engine::terminal::CheckState as Found;
        match state {
            Found::Ok => Self::Ok,
            Found::Warning => Self::Warn,
            Found::Bad => Self::Bad,
        }
    }
}

/// One line of the self-check.
#[derive(Clone, Debug, Serialize)]
pub struct CheckOut {
    /// What was looked at.
    pub name: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub title: &'static str,
    /// How that is.
    pub state: CheckState,
    /// What was found.
    pub detail: String,
}

/// `self-check`.
#[derive(Clone, Debug, Serialize)]
pub struct ChecksOut {
    /// Whether nothing is bad.
    pub ok: bool,
    /// The lines.
    pub checks: Vec<CheckOut>,
}

impl Human for ChecksOut {
    fn human(&self, lang: Lang) -> String {
        let lines = self.checks.iter().map(|check| {
            let state = match check.state {
                CheckState::Ok => words(lang, "正常", "ok  "),
                CheckState::Warn => words(lang, "注意", "look"),
                CheckState::Bad => words(lang, "不行", "BAD "),
            };
            format!("[{state}] {}: {}", check.title, check.detail)
        });
        let mut text = lines.collect::<Vec<_>>().join("\n");
        text.push('\n');
        text.push_str(if self.ok {
            words(lang, "可以营业。", "Ready for customers.")
        } else {
            words(
                lang,
                "先解决“不行”的再营业。",
                "Put right what is BAD before you open.",
            )
        });
        text
    }
}

/// `accept-restored` and `import-keys`.
#[derive(Clone, Debug, Serialize)]
pub struct RescueOut {
    /// Whether it was done.
    pub done: bool,
    /// Why not.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

impl Human for RescueOut {
    fn human(&self, lang: Lang) -> String {
        match &self.explanation {
            Some(explanation) => explanation.human(lang),
            None => words(
                lang,
                "办好了。用 queue 看看还有哪些要办，用 self-check 检查一遍。",
                "Done. Look at what is owed with queue, and at the rest with self-check.",
            )
            .to_owned(),
        }
    }
}
