//! Telling the story, step by step.

use std::io::Write;

use pos_engine::domain::Lang;

use crate::Failure;
use crate::context::{Context, print_line};

/// Speaks one language, on stdout, or on stderr beside a result that is an object.
pub(super) struct Narrator {
    lang: Lang,
    json: bool,
}

impl Narrator {
    pub(super) const fn new(context: &Context) -> Self {
        Self {
            lang: context.lang,
            json: context.json,
        }
    }

    /// The heading of an act.
    pub(super) fn act(&self, zh: &str, en: &str) -> Result<(), Failure> {
        self.line("")?;
        self.line(&format!("== {} ==", self.pick(zh, en)))
    }

    /// Something that happens, or what it means.
    pub(super) fn say(&self, zh: &str, en: &str) -> Result<(), Failure> {
        self.line(&format!("\u{2022} {}", self.pick(zh, en)))
    }

    /// A command as it is run.
    pub(super) fn command(&self, arguments: &[&str]) -> Result<(), Failure> {
        self.line(&format!("    $ voidproof {}", arguments.join(" ")))
    }

    /// A line as it is.
    pub(super) fn line(&self, line: &str) -> Result<(), Failure> {
        if self.json {
            // The object on stdout is what matters then.
            let _ = writeln!(std::io::stderr(), "{line}");
            return Ok(());
        }
        print_line(line)
    }

    /// The text of this language.
    pub(super) const fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
