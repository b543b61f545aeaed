//! One order of a wallet, and what was given back of it.

use pos_domain::WallTime;
use serde_json::{Value, json};

use super::script::Script;
use crate::unionpay::Told;

/// How the customer and the order come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The shop scanned the customer's code.
    Scanned,
    /// The customer scans what the shop shows.
    Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderState {
    /// Shown, and scanned by nobody.
    Unscanned,
    /// The customer has yet to pay.
    Waiting,
    Paid,
    /// Closed unpaid.
    Closed,
    /// Taken back by its reversal, after payment or before.
    Reversed,
    /// Refused; the code it was refused with is in `refusal`.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UndoKind {
    Reverse,
    Cancel,
    Void,
    Refund,
}

impl UndoKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reverse => "reverse",
            Self::Cancel => "cancel",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UndoState {
    /// The customer has the money.
    Effective,
    /// It left the merchant and is on its way.
    Processing,
    /// It left the merchant and did not arrive.
    Abnormal,
}

/// Money given back.
#[derive(Clone, Debug)]
pub(crate) struct Undo {
    /// Its own number: of the refund, or of the order for a reversal.
    pub no: String,
    /// The host's number.
    pub id: String,
    pub kind: UndoKind,
    /// Fen.
    pub amount: i64,
    pub state: UndoState,
    pub at: WallTime,
    /// How often it was asked for since.
    pub polls: u32,
    pub told: Told,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub no: String,
    /// The host's number.
    pub id: String,
    pub terminal: String,
    /// Fen.
    pub amount: i64,
    pub how: How,
    /// What a repetition must repeat, as a digest.
    pub content: String,
    /// The merchant on whose behalf a service provider acts.
    pub sub_merchant: String,
    pub state: OrderState,
    /// The code it was refused with.
    pub refusal: Option<&'static str>,
    pub script: Script,
    pub created: WallTime,
    pub paid_at: Option<WallTime>,
    pub undos: Vec<Undo>,
    /// How often it was queried, taken back, refunded.
    pub polls: u32,
    pub take_backs: u32,
    pub refunds_asked: u32,
    pub told: Told,
    /// What the answers repeat, such as the attached text.
    pub echo: Vec<(&'static str, String)>,
}

impl Order {
    /// What left the merchant again, in fen.
    pub(crate) fn given_back(&self) -> i64 {
        self.undos.iter().map(|undo| undo.amount).sum()
    }

    /// What may still be given back.
    pub(crate) fn room(&self) -> i64 {
        if self.paid_at.is_some() {
            self.amount - self.given_back()
        } else {
            0
        }
    }

    /// What is left of the money, in fen: what customers got back is gone.
    pub(crate) fn net(&self) -> i64 {
        let arrived: i64 = self
            .undos
            .iter()
            .filter(|undo| undo.state == UndoState::Effective)
            .map(|undo| undo.amount)
            .sum();
        self.paid_at.map_or(0, |_| self.amount - arrived)
    }

    pub(crate) fn pay(&mut self, now: WallTime) {
        if matches!(self.state, OrderState::Waiting | OrderState::Unscanned) {
            self.state = OrderState::Paid;
            self.paid_at = Some(now);
        }
    }

    /// The row of the money ledger.
    pub(crate) fn sale_json(&self) -> Value {
        let undos: Vec<Value> = self
            .undos
            .iter()
            .map(|undo| {
                json!({
                    "kind": undo.kind.as_str(),
                    "key": undo.no,
                    "amount": undo.amount,
                    "state": match undo.state {
                        UndoState::Effective => "effective",
                        UndoState::Processing => "processing",
                        UndoState::Abnormal => "abnormal",
                    },
                })
            })
            .collect();
        json!({
            "key": self.no,
            "terminal": self.terminal,
            "amount": self.amount,
            "net": self.net(),
            "state": self.money_state(),
            "undos": undos,
        })
    }

    fn money_state(&self) -> &'static str {
        let whole = self.undos.iter().find(|undo| undo.amount == self.amount);
        match (whole.map(|undo| undo.kind), self.net()) {
            (Some(UndoKind::Reverse | UndoKind::Cancel), 0) => "reversed",
            (Some(UndoKind::Void), 0) => "voided",
            (_, 0) => "refunded",
            (_, net) if net < self.amount => "partly_refunded",
            _ => "approved",
        }
    }

    /// The row of the list of orders, paid or not.
    pub(crate) fn order_json(&self) -> Value {
        json!({
            "key": self.no,
            "terminal": self.terminal,
            "amount": self.amount,
            "state": match self.state {
                OrderState::Unscanned => "shown",
                OrderState::Waiting => "waiting",
                OrderState::Paid => "paid",
                OrderState::Closed => "closed",
                OrderState::Reversed => "reversed",
                OrderState::Failed => "failed",
            },
        })
    }
}
