//! What a person at the counter is told about a failure.

use serde::Serialize;

use crate::failure::Cause;
use crate::text_enum;

/// May the goods change hands?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goods {
    /// The shop keeps the goods.
    Keep,
    /// The customer may have them.
    HandOver,
    /// The customer gives them back.
    TakeBack,
    /// Nobody moves anything until the outcome is known.
    Wait,
}

/// May it be tried again, and when?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// At once.
    Now,
    /// After a while or after something was put right.
    After,
    /// It will not work.
    Never,
    /// Only after somebody was asked.
    AskFirst,
}

text_enum!(Goods {
    Keep => "keep",
    HandOver => "hand_over",
    TakeBack => "take_back",
    Wait => "wait",
});
text_enum!(Retry { Now => "now", After => "after", Never => "never", AskFirst => "ask_first" });

/// The explanation object of the command line and the explanation screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: String,
    /// The rail that the code belongs to; none for local and transport failures.
    pub rail: Option<crate::Rail>,
    /// Which of the seven classes.
    pub cause: Cause,
    /// What happened, in a few plain words.
    pub title: String,
    /// What the person at the counter does now.
    pub next_step: String,
    /// Who can put it right.
    pub who_fixes: String,
    /// Whether the goods change hands.
    pub goods: Goods,
    /// Whether and when to try again.
    pub retry: Retry,
    /// What support can find this case by.
    pub reference: String,
}
