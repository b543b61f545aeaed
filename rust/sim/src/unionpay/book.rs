//! What the acquirer has booked.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::code::AnswerCode;
use super::request::TxnKey;
use crate::fault::Kind;

/// Whether the terminal can have the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The whole, right answer was sent.
    Yes,
    /// A fault answered with another, definite code.
    Lied,
    /// A fault made sure that no usable answer arrived.
    No,
}

/// How a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Declined,
    Approved,
    /// A sale, pre-auth or completion that was voided.
    Voided,
    Reversed,
    /// A pre-auth that was completed.
    Completed,
}

/// One financial request that was admitted.
#[derive(Clone)]
pub(crate) struct Txn {
    pub kind: Kind,
    pub state: State,
    /// The answer code.
    pub code: AnswerCode,
    /// Card number, or the payment code.
    pub account: Zeroizing<String>,
    /// True when a payment code stood in for a card.
    pub by_code: bool,
    /// F4 of the request, fen.
    pub asked: i64,
    /// Fen; what was approved.
    pub amount: i64,
    /// Business day, counted from 1970-01-01.
    pub day: i64,
    /// Local date MMDD, F13.
    pub date: String,
    /// F37.
    pub reference: String,
    /// F38.
    pub auth: Option<String>,
    /// What a void, refund or completion belongs to.
    pub original: Option<TxnKey>,
    /// True when the card's organisation is not CUP.
    pub foreign: bool,
    pub told: Told,
}

impl fmt::Debug for Txn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Txn")
            .field("kind", &self.kind)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Txn {
    /// True for what takes money: these are the sales of the money ledger.
    pub(crate) const fn takes_money(&self) -> bool {
        matches!(
            self.kind,
            Kind::Sale | Kind::Completion | Kind::CompletionAdvice | Kind::Offline
        )
    }

    const fn undo_name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Void | Kind::CompletionVoid | Kind::PreauthVoid => Some("void"),
            Kind::Refund => Some("refund"),
            _ => None,
        }
    }
}

/// All transactions, in the order of terminal, batch and trace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book(BTreeMap<TxnKey, Txn>);

impl Book {
    pub(crate) fn get(&self, key: &TxnKey) -> Option<&Txn> {
        self.0.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &TxnKey) -> Option<&mut Txn> {
        self.0.get_mut(key)
    }

    pub(crate) fn insert(&mut self, key: TxnKey, txn: Txn) {
        self.0.insert(key, txn);
    }

    pub(crate) fn set_state(&mut self, key: &TxnKey, state: State) {
        if let Some(txn) = self.0.get_mut(key) {
            txn.state = state;
        }
    }

    pub(crate) fn find(
        &self,
        mut wanted: impl FnMut(&TxnKey, &Txn) -> bool,
    ) -> Option<(&TxnKey, &Txn)> {
        self.0.iter().find(|(key, txn)| wanted(key, txn))
    }

    /// What other pre-auths add to this one, in fen.
    pub(crate) fn added_to(&self, preauth: &TxnKey) -> i64 {
        let added = self.0.values().filter(|txn| {
            txn.kind == Kind::Preauth
                && txn.state == State::Approved
                && txn.original.as_ref() == Some(preauth)
        });
        added.map(|txn| txn.amount).sum()
    }

    /// Approved voids and refunds of an original.
    pub(crate) fn effective_undos<'a>(
        &'a self,
        original: &'a TxnKey,
    ) -> impl Iterator<Item = (&'a TxnKey, &'a Txn)> {
        self.undos(original)
            .filter(|(_, txn)| txn.state == State::Approved)
    }

    fn undos<'a>(&'a self, original: &'a TxnKey) -> impl Iterator<Item = (&'a TxnKey, &'a Txn)> {
        self.0.iter().filter(move |(_, txn)| {
            txn.original.as_ref() == Some(original)
                && txn.undo_name().is_some()
                && txn.state != State::Declined
        })
    }

    /// What is left of an original's money, in fen.
    pub(crate) fn net(&self, key: &TxnKey, txn: &Txn) -> i64 {
        match txn.state {
            State::Approved => {
                let undone: i64 = self.effective_undos(key).map(|(_, undo)| undo.amount).sum();
                txn.amount - undone
            }
            State::Declined | State::Voided | State::Reversed | State::Completed => 0,
        }
    }

    /// All transactions of a terminal's batch.
    pub(crate) fn of_batch<'a>(&'a self, batch: &'a TxnKey) -> impl Iterator<Item = &'a Txn> {
        self.0
            .iter()
            .filter(|(key, _)| key.terminal == batch.terminal && key.batch == batch.batch)
            .map(|(_, txn)| txn)
    }

    /// The `sales` of the money ledger: all that was ever approved and takes money.
    pub(crate) fn sales(&self) -> Vec<Value> {
        self.money().map(|(key, txn)| self.sale(key, txn)).collect()
    }

    /// The sum of what is left of all sales, in fen.
    pub(crate) fn total_net(&self) -> i64 {
        self.money().map(|(key, txn)| self.net(key, txn)).sum()
    }

    /// Pre-auths that were ever approved: held, not taken.
    pub(crate) fn holds(&self) -> Vec<Value> {
        self.0
            .iter()
            .filter(|(_, txn)| txn.kind == Kind::Preauth && txn.state != State::Declined)
            .map(|(key, txn)| {
                json!({
                    "key": key.text(),
                    "terminal": key.terminal.terminal,
                    "amount": txn.amount,
                    "state": self.state_name(key, txn),
                })
            })
            .collect()
    }

    fn money(&self) -> impl Iterator<Item = (&TxnKey, &Txn)> {
        self.0
            .iter()
            .filter(|(_, txn)| txn.takes_money() && txn.state != State::Declined)
    }

    fn sale(&self, key: &TxnKey, txn: &Txn) -> Value {
        let undos: Vec<Value> = self
            .undos(key)
            .map(|(undo_key, undo)| {
                json!({
                    "kind": undo.undo_name(),
                    "key": undo_key.text(),
                    "amount": undo.amount,
                    "state": if undo.state == State::Approved { "effective" } else { "reversed" },
                })
            })
            .collect();
        json!({
            "key": key.text(),
            "terminal": key.terminal.terminal,
            "amount": txn.amount,
            "net": self.net(key, txn),
            "state": self.state_name(key, txn),
            "undos": undos,
        })
    }

    fn state_name(&self, key: &TxnKey, txn: &Txn) -> &'static str {
        match txn.state {
            State::Declined => "declined",
            State::Voided => "voided",
            State::Reversed => "reversed",
            State::Completed => "completed",
            State::Approved => match self.net(key, txn) {
                0 => "refunded",
                net if net < txn.amount => "partly_refunded",
                _ => "approved",
            },
        }
    }
}
