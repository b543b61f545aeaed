//! Objects of `copy`, with their words.

use pos_engine::domain::{Explanation, Lang, WallTime};
use serde::Serialize;

use super::Human;
use super::human::words;

/// `copy on`, `copy off`: whether copies are kept now.
#[derive(Clone, Debug, Serialize)]
pub struct SwitchedOut {
    /// Whether they are kept.
    pub on: bool,
    /// Why it was refused.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

/// `copy write`: what was made.
#[derive(Clone, Debug, Serialize)]
pub struct CopiedOut {
    /// The file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
}

/// `copy state`: whether copies are kept, and how that went.
#[derive(Clone, Debug, Serialize)]
pub struct CopiesOut {
    /// Whether they are kept.
    pub on: bool,
    /// The last one's name.
    pub last: Option<String>,
    /// When it was made.
    pub at: Option<WallTime>,
    /// Whether something changed since.
    pub due: bool,
    /// Why none was made since.
    pub failed: Option<String>,
    /// When that was.
    pub failed_at: Option<WallTime>,
}

/// `copy look`, `copy restore`: what a copy says of itself.
#[derive(Clone, Debug, Serialize)]
pub struct CopyFactsOut {
    /// The merchant's number.
    pub merchant: String,
    /// Its name.
    pub name: String,
    /// The terminal's number.
    pub terminal: String,
    /// When it was made.
    pub made: WallTime,
    /// The program that made it.
    pub program: String,
    /// How many items were owed then.
    pub owed: u32,
    /// Whether it was taken over into this home.
    pub restored: bool,
}

impl Human for SwitchedOut {
    fn human(&self, lang: Lang) -> String {
        match (&self.explanation, self.on) {
            (Some(explanation), _) => explanation.human(lang),
            (None, true) => words(
                lang,
                "安全副本已打开。口令不会保存：丢了口令，谁也打不开副本。用 copy write 存一份。",
                "Safety copies are on. The passphrase is stored nowhere: without it nobody opens a \
                 copy. Make one with copy write.",
            )
            .to_owned(),
            (None, false) => words(
                lang,
                "安全副本已关闭。以前存的副本还在。",
                "Safety copies are off. Those made before are still there.",
            )
            .to_owned(),
        }
    }
}

impl Human for CopiedOut {
    fn human(&self, lang: Lang) -> String {
        let (file, bytes) = (&self.file, self.bytes);
        match lang {
            Lang::Zh => format!("已存好：{file}（{bytes} 字节）"),
            Lang::En => format!("Made: {file} ({bytes} bytes)"),
        }
    }
}

impl Human for CopiesOut {
    fn human(&self, lang: Lang) -> String {
        let on = match self.on {
            true => words(lang, "安全副本：打开", "Safety copies: on"),
            false => words(lang, "安全副本：关闭", "Safety copies: off"),
        };
        let mut lines = vec![on.to_owned()];
        if let (Some(name), Some(at)) = (&self.last, self.at) {
            lines.push(match lang {
                Lang::Zh => format!("最近一份：{name}，{at}"),
                Lang::En => format!("The last: {name}, {at}"),
            });
        }
        if self.on && self.due {
            lines.push(words(lang, "此后有变动", "Something changed since").to_owned());
        }
        if let (Some(failed), Some(at)) = (&self.failed, self.failed_at) {
            lines.push(match lang {
                Lang::Zh => format!("{at} 没存成：{failed}"),
                Lang::En => format!("Failed at {at}: {failed}"),
            });
        }
        lines.join("\n")
    }
}

impl Human for CopyFactsOut {
    fn human(&self, lang: Lang) -> String {
        let Self {
            merchant,
            name,
            terminal,
            made,
            owed,
            ..
        } = self;
        let facts = match lang {
            Lang::Zh => {
                format!("{name}（{merchant}），终端 {terminal}，存于 {made}，当时有 {owed} 笔待办")
            }
            Lang::En => {
                format!("{name} ({merchant}), terminal {terminal}, made {made}, {owed} owed then")
            }
        };
        if !self.restored {
            return facts;
        }
        let next = words(
            lang,
            "已放回。旧终端停用后，请主管用 accept-restored 放行；在那之前什么也不发送。",
            "Taken over. Once the old terminal is retired, a supervisor lets this one go on with \
             accept-restored; until then nothing is sent.",
        );
        format!("{facts}\n{next}")
    }
}
