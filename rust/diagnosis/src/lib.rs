//! Failure → cause → next step, from data files in Chinese and English, and statistics of failures.
//!
//! The words live in `data/`: one file for each rail's answer codes, one for the terminal's own
//! codes, one for the link's, and `common.toml` for what they share. A new rail is one more file
//! and one more line in `table::FILES`. A code nobody listed gets a safe default and the verdict
//! [`Verdict::Unknown`]: it is never taken for a decline.
//!
//! This crate must not know a ledger, a message format or a link. It decides what a code *alone*
//! says; what depends on earlier attempts ([`Verdict::NeedsHistory`]) is decided by the flows.

mod shape;
mod situation;
pub mod statistics;
mod table;
mod verdict;
mod words;

use pos_domain::{Code, Explanation, Lang, Rail};

pub use situation::Situation;
pub use verdict::{Cure, Verdict};

use table::Tables;
use words::Words;

/// What UnionPay's answer code (F39, spec section 7) says on its own, whatever was asked.
///
/// A code nobody listed is [`Verdict::Unknown`], never a decline. Where the request matters use
/// [`verdict_in`].
#[must_use]
pub fn verdict(code: &str) -> Verdict {
    Tables::get().wire(Rail::UnionPay, code).verdict()
}

/// What UnionPay's answer code says about this kind of request (spec sections 4.6, 5.5 and 8.3):
/// 94 closes an upload's record but proves nothing of a sale, 12 to a void is "too late".
#[must_use]
pub fn verdict_in(code: &str, situation: Situation) -> Verdict {
    let tables = Tables::get();
    Words::find(tables, tables.wire(Rail::UnionPay, code), situation).verdict()
}

/// What any code says about this kind of request, for words and advice: what a wallet's answer
/// proves in fact its driver decides, from signature and history, too.
#[must_use]
pub fn verdict_of(code: &Code, situation: Situation) -> Verdict {
    let tables = Tables::get();
    Words::find(tables, tables.entry(code), situation).verdict()
}

/// Explains a code to the person at the counter. Total: an unlisted code gets the safe default.
///
/// `reference` is what support can find this case by; it is passed through.
#[must_use]
pub fn explain(code: &Code, situation: Situation, lang: Lang, reference: &str) -> Explanation {
    let tables = Tables::get();
    let words = Words::find(tables, tables.entry(code), situation);
    Explanation {
        code: code.to_string(),
        rail: match code {
            Code::Wire(rail, _) => Some(*rail),
            Code::Local(_) | Code::Net(_) => None,
        },
        cause: words.cause(),
        title: words.title(lang).to_owned(),
        next_step: words.next_step(lang).to_owned(),
        who_fixes: words.who(lang).to_owned(),
        goods: words.goods(),
        retry: words.retry(),
        reference: reference.to_owned(),
    }
}

/// What a code is mostly told in: for a person who asks about a code and names no situation.
#[must_use]
pub fn usual_situation(code: &Code) -> Situation {
    Tables::get().entry(code).usual
}

/// Every answer code of a rail that has an entry of its own, sorted.
pub fn listed(rail: Rail) -> impl Iterator<Item = &'static str> {
    Tables::get().codes(rail)
}
