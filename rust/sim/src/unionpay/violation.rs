//! What a terminal must never do, noticed from the acquirer's side.

use pos_domain::text_enum;
use serde_json::{Value, json};

use super::Acquirer;
use super::book::{State, Told};
use super::request::Request;
use crate::fault::Kind;

/// A rule that a terminal broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A void or refund of a sale of this terminal that is undone already, and was told so.
    SecondUndo,
    /// A card void under a new trace while the first is booked, unanswered and not reversed.
    VoidResent,
    /// A refund again although the first is booked and was never answered.
    RefundResent,
    /// A new request under a trace that was used in this batch.
    TraceReused,
    /// A request about money without field 64.
    MacMissing,
    /// A reversal of a message that is itself a reversal.
    ReversalOfReversal,
    /// A reversal of something that is never reversed, such as a refund.
    ReversalNotAllowed,
    /// A reversal that does not repeat its original.
    ReversalAltered,
    /// A new request although a reversal is owed and was not answered.
    ReversalSkipped,
    /// A new request in a batch whose settlement has begun.
    ClosedBatch,
}

text_enum!(Rule {
    SecondUndo => "second_undo",
    VoidResent => "void_resent",
    RefundResent => "refund_resent",
    TraceReused => "trace_reused",
    MacMissing => "mac_missing",
    ReversalOfReversal => "reversal_of_reversal",
    ReversalNotAllowed => "reversal_not_allowed",
    ReversalAltered => "reversal_altered",
    ReversalSkipped => "reversal_skipped",
    ClosedBatch => "closed_batch",
});

/// One breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Terminal number, F41.
    pub terminal: String,
    /// Batch and trace of the request that broke it.
    pub key: String,
}

impl Violation {
    pub(crate) fn json(&self) -> Value {
        json!({"rule": self.rule.as_str(), "terminal": self.terminal, "key": self.key})
    }
}

impl Acquirer {
    pub(crate) fn violation(&mut self, rule: Rule, request: &Request) {
        log::warn!(
            "violation {rule}: {} trace {}",
            request.kind,
            request.trace()
        );
        self.violations.push(Violation {
            rule,
            terminal: request.terminal.terminal.clone(),
            key: request.key().text(),
        });
    }

    /// A new request must not pass by a reversal that is owed (spec 3.7).
    pub(crate) fn watch_gate(&mut self, request: &Request) {
        let passes = self
            .terminals
            .get(&request.terminal)
            .is_some_and(|t| !t.owed.is_empty());
        if passes && !request.kind.is_reversal() {
            self.violation(Rule::ReversalSkipped, request);
        }
    }

    /// A void or refund that names a sale which this terminal has undone, or tried to.
    pub(crate) fn watch_undo(&mut self, request: &Request, original: &super::TxnKey) {
        let reversed = |key: &super::TxnKey| {
            let terminal = self.terminals.get(&key.terminal);
            terminal.is_some_and(|t| t.reversals_ended.contains(key))
        };
        if reversed(&request.key()) {
            // It was held up on its way; the terminal took it back long ago.
            return;
        }
        let room = self
            .book
            .get(original)
            .map_or(0, |txn| self.book.net(original, txn));
        let asked = request.amount().unwrap_or_default();
        let broken = self
            .book
            .effective_undos(original)
            .filter(|(key, _)| key.terminal == request.terminal)
            .find_map(|(key, undo)| match (undo.kind, undo.told) {
                (_, Told::Lied) => None,
                (Kind::Refund, Told::No) => {
                    (undo.amount == asked || asked > room).then_some(Rule::RefundResent)
                }
                (Kind::Refund, Told::Yes) => (asked > room).then_some(Rule::SecondUndo),
                (_, Told::Yes) => Some(Rule::SecondUndo),
                // A void by payment code has no reversal: it is sent again.
                (_, Told::No) if undo.by_code || reversed(key) => None,
                (_, Told::No) => Some(Rule::VoidResent),
            });
        if let Some(rule) = broken {
            self.violation(rule, request);
        }
    }

    /// A reversal that matches no request, yet names one that was reversed.
    pub(crate) fn watch_reversal_of_nothing(&mut self, request: &Request) {
        let names_reversed = request
            .original()
            .and_then(|key| self.book.get(&key))
            .is_some_and(|txn| txn.state == State::Reversed);
        if names_reversed {
            self.violation(Rule::ReversalOfReversal, request);
        }
    }
}
