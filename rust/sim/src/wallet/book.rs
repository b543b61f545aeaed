//! What a wallet has booked, and what it knows beside.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use pos_domain::WallTime;
use serde_json::{Value, json};

use super::order::{Order, OrderState, Undo, UndoState};
use super::script::Turn;
use super::violation::WalletViolation;
use crate::fault::Kind;
use crate::unionpay::Told;

/// How often an order or a refund is asked for until something happens to it.
const POLLS: u32 = 2;

/// What a request is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    /// What it is; a request to give a whole order back is a void as well.
    pub kinds: Vec<Kind>,
    /// The order's number, where it can be told.
    pub order: String,
    /// The refund's number.
    pub undo: String,
    /// Fen.
    pub amount: i64,
}

impl Call {
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// What a person makes the customer do, or the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Customer {
    /// Scans what the shop shows, and thinks about it.
    Scans,
    /// Types the password.
    Pays,
    /// Closes the box for the password.
    Cancels,
    /// All refunds that are under way reach their customers.
    RefundsArrive,
}

/// The orders of one wallet by number.
#[derive(Clone, Default)]
pub(crate) struct Book {
    orders: BTreeMap<String, Order>,
    /// Payment codes that were used, and for which order.
    codes: BTreeMap<String, String>,
    /// Numbers that were closed before anything was heard of them.
    closed: BTreeSet<String>,
    /// Refunds that never reached the wallet: order, refund number, amount.
    lost: Vec<(String, String, i64)>,
    issued: u64,
    pub(super) violations: Vec<WalletViolation>,
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    pub(crate) fn get(&self, no: &str) -> Option<&Order> {
        self.orders.get(no)
    }

    pub(crate) fn get_mut(&mut self, no: &str) -> Option<&mut Order> {
        self.orders.get_mut(no)
    }

    /// The number of the order that the host's own number names.
    pub(crate) fn by_id(&self, id: &str) -> Option<String> {
        let found = self.orders.values().find(|order| order.id == id);
        found.map(|order| order.no.clone())
    }

    /// The order and the refund of this refund number, by its own number or the host's.
    pub(crate) fn refund(&self, no: &str) -> Option<(&Order, &Undo)> {
        self.orders.values().find_map(|order| {
            let undo = order
                .undos
                .iter()
                .find(|undo| undo.no == no || undo.id == no)?;
            Some((order, undo))
        })
    }

    pub(crate) fn is_closed(&self, no: &str) -> bool {
        self.closed.contains(no)
    }

    pub(crate) fn close_unknown(&mut self, no: &str) {
        self.closed.insert(no.to_owned());
    }

    /// The order that a payment code was used for.
    pub(crate) fn order_of_code(&self, code: &str) -> Option<String> {
        self.codes.get(code).cloned()
    }

    /// A new order; its payment code is spent.
    pub(crate) fn open(&mut self, order: Order, code: Option<&str>) {
        if let Some(code) = code {
            self.codes.insert(code.to_owned(), order.no.clone());
        }
        self.orders.insert(order.no.clone(), order);
    }

    /// The next number of the host's own: date, time and a counter, 28 digits.
    pub(crate) fn next_id(&mut self, now: WallTime) -> String {
        self.issued += 1;
        format!("{}{}{:014}", now.yyyymmdd(), now.hhmmss(), self.issued)
    }

    /// 32 characters that are never given twice.
    pub(crate) fn next_nonce(&mut self) -> String {
        self.issued += 1;
        format!("{:032X}", self.issued)
    }

    /// The order is asked for: the customer may have made up his mind.
    pub(crate) fn poll(&mut self, no: &str, now: WallTime, cancelled: &'static str) {
        let Some(order) = self.orders.get_mut(no) else {
            return;
        };
        order.polls += 1;
        if order.state != OrderState::Waiting || order.polls < POLLS {
            return;
        }
        let script = order.script;
        if script.has(Turn::PaysLate) || script.has(Turn::ErrorPaysLate) {
            order.pay(now);
        } else if script.has(Turn::Cancels) || script.has(Turn::Fails) {
            order.state = OrderState::Failed;
            order.refusal = Some(cancelled);
        }
    }

    /// The refund is asked for: it may have arrived.
    pub(crate) fn poll_refunds(&mut self, order: &str) {
        for undo in self.undos_mut(order) {
            undo.polls += 1;
            if undo.state == UndoState::Processing && undo.polls > POLLS {
                undo.state = UndoState::Effective;
            }
        }
    }

    fn undos_mut(&mut self, order: &str) -> impl Iterator<Item = &mut Undo> {
        self.orders
            .get_mut(order)
            .into_iter()
            .flat_map(|order| order.undos.iter_mut())
    }

    pub(super) fn lost_refunds(&self, order: &str) -> impl Iterator<Item = (&str, i64)> {
        self.lost
            .iter()
            .filter(move |(own, ..)| own == order)
            .map(|(_, no, amount)| (no.as_str(), *amount))
    }

    /// Remembers whether the terminal can know how its request went. A truth once told stays told.
    pub(crate) fn note(&mut self, call: &Call, told: Told) {
        let update = |own: &mut Told| {
            if *own != Told::Yes {
                *own = told;
            }
        };
        let by_number = call.is(Kind::Refund) || call.is(Kind::Void);
        if by_number && !call.undo.is_empty() {
            let booked = self.undos_mut(&call.order).find(|u| u.no == call.undo);
            match booked {
                Some(undo) => update(&mut undo.told),
                None if told == Told::No => {
                    let lost = (call.order.clone(), call.undo.clone(), call.amount);
                    self.lost.push(lost);
                }
                None => {}
            }
        } else {
            let whole = call.is(Kind::Query) || call.is(Kind::RefundQuery) || call.is(Kind::Void);
            for undo in self.undos_mut(&call.order).filter(|_| whole) {
                update(&mut undo.told);
            }
            if let Some(order) = self.orders.get_mut(&call.order) {
                update(&mut order.told);
            }
        }
        if told == Told::Yes {
            let same =
                |(order, no, _): &(String, String, i64)| *order == call.order && *no == call.undo;
            self.lost.retain(|one| !same(one));
        }
    }

    /// Carries out what a customer does with this order, or with the newest that fits. False when
    /// there is none.
    pub(crate) fn customer(
        &mut self,
        what: Customer,
        no: Option<&str>,
        now: WallTime,
        cancelled: &'static str,
    ) -> bool {
        if what == Customer::RefundsArrive {
            return self.refunds_arrive(no);
        }
        let newest = self.orders.values_mut().filter(|o| fits(o, what, no));
        let Some(order) = newest.max_by_key(|order| order.created) else {
            return false;
        };
        match what {
            Customer::Scans => order.state = OrderState::Waiting,
            Customer::Pays => order.pay(now),
            _ => {
                order.state = OrderState::Failed;
                order.refusal = Some(cancelled);
            }
        }
        true
    }

    /// When the newest order was made that a customer can act on.
    pub(crate) fn newest(&self, what: Customer, no: Option<&str>) -> Option<WallTime> {
        let fitting = self.orders.values().filter(|o| fits(o, what, no));
        fitting.map(|order| order.created).max()
    }

    fn refunds_arrive(&mut self, no: Option<&str>) -> bool {
        let mut any = false;
        let orders = self.orders.values_mut();
        for undo in orders
            .filter(|order| no.is_none_or(|no| order.no == no))
            .flat_map(|order| order.undos.iter_mut())
            .filter(|undo| undo.state == UndoState::Processing)
        {
            undo.state = UndoState::Effective;
            any = true;
        }
        any
    }

    pub(super) fn breaches(&self) -> &[WalletViolation] {
        &self.violations
    }

    /// `sales`: all orders that were ever paid.
    pub(crate) fn sales(&self) -> Vec<Value> {
        let paid = self.orders.values().filter(|o| o.paid_at.is_some());
        paid.map(Order::sale_json).collect()
    }

    /// The sum of what is left of all sales, in fen.
    pub(crate) fn net(&self) -> i64 {
        self.orders.values().map(Order::net).sum()
    }

    /// The money ledger: `sales`, `net`, `violations`; beside them all `orders`.
    pub(crate) fn ledger(&self) -> Value {
        json!({
            "sales": self.sales(),
            "net": self.net(),
            "violations": self.violations.iter().map(WalletViolation::json).collect::<Vec<_>>(),
            "orders": self.orders.values().map(Order::order_json).collect::<Vec<_>>(),
        })
    }
}

/// True when a customer can do this with the order.
fn fits(order: &Order, what: Customer, no: Option<&str>) -> bool {
    let state = match what {
        Customer::Scans => order.state == OrderState::Unscanned,
        _ => matches!(order.state, OrderState::Waiting | OrderState::Unscanned),
    };
    state && no.is_none_or(|no| order.no == no)
}
