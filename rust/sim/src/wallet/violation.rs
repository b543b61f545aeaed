//! What a terminal must never do with a wallet, noticed from the wallet's side.

use pos_domain::{WallTime, text_enum};
use serde_json::{Value, json};

use super::book::Book;
use super::order::{Order, OrderState, UndoKind};
use crate::unionpay::Told;

/// A submission must be this old before its order is taken back (spec wechat-pay §3.2).
const EARLIEST_REVERSE_MS: i64 = 15_000;

/// A rule that a terminal broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalletRule {
    /// An undo of an order that is given back already, and the terminal was told so.
    SecondUndo,
    /// An undo under another number, or in another way, while the first was never answered.
    UndoResent,
    /// A refund of more than the order has.
    RefundAbove,
    /// A refund number again with another amount.
    RefundAltered,
    /// An order number again with other content.
    NumberReused,
    /// A payment code under another number while its first order is open or unanswered.
    CodeResent,
    /// An order with an open end was reversed within 15 seconds of its submission.
    EarlyReverse,
}

text_enum!(WalletRule {
    SecondUndo => "second_undo",
    UndoResent => "undo_resent",
    RefundAbove => "refund_above",
    RefundAltered => "refund_altered",
    NumberReused => "number_reused",
    CodeResent => "code_resent",
    EarlyReverse => "early_reverse",
});

/// One breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletViolation {
    /// The rule.
    pub rule: WalletRule,
    /// What the order names as its terminal.
    pub terminal: String,
    /// The order number.
    pub key: String,
}

impl WalletViolation {
    pub(crate) fn json(&self) -> Value {
        json!({"rule": self.rule.as_str(), "terminal": self.terminal, "key": self.key})
    }
}

impl Book {
    pub(crate) fn violation(&mut self, rule: WalletRule, order: &str) {
        log::warn!("violation {rule}: order {order}");
        let terminal = self.get(order).map(|order| order.terminal.clone());
        self.violations.push(WalletViolation {
            rule,
            terminal: terminal.unwrap_or_default(),
            key: order.to_owned(),
        });
    }

    /// Before an undo that is not a repetition is judged.
    pub(crate) fn watch_undo(&mut self, order: &Order, kind: UndoKind, no: &str, asked: i64) {
        let room = order.room();
        let held_up = |amount: i64| amount == asked || asked > room;
        let broken = order
            .undos
            .iter()
            .filter(|undo| (undo.kind, undo.no.as_str()) != (kind, no))
            .find_map(|undo| match undo.told {
                Told::Lied => None,
                Told::No => held_up(undo.amount).then_some(WalletRule::UndoResent),
                Told::Yes => (asked > room).then_some(WalletRule::SecondUndo),
            })
            .or_else(|| {
                self.lost_refunds(&order.no)
                    .any(|(lost, amount)| lost != no && amount == asked)
                    .then_some(WalletRule::UndoResent)
            })
            .or_else(|| {
                (order.undos.is_empty() && order.paid_at.is_some() && asked > room)
                    .then_some(WalletRule::RefundAbove)
            });
        if let Some(rule) = broken {
            self.violation(rule, &order.no);
        }
    }

    /// Before an order is reversed.
    pub(crate) fn watch_reverse(&mut self, order: &Order, now: WallTime) {
        let young = now.0 - order.created.0 < EARLIEST_REVERSE_MS;
        let open = order.state == OrderState::Waiting
            || (order.state == OrderState::Paid && order.told == Told::No);
        if young && open {
            self.violation(WalletRule::EarlyReverse, &order.no);
        }
    }

    /// Before a code that was used is refused.
    pub(crate) fn watch_code(&mut self, first: &str, no: &str) {
        let open = self
            .get(first)
            .is_some_and(|order| order.told == Told::No || order.state == OrderState::Waiting);
        if open {
            self.violation(WalletRule::CodeResent, no);
        }
    }
}
