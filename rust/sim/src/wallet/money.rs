//! Taking money, taking an order back, refunding: the rules that the wallets share.

use pos_domain::WallTime;

use super::book::Book;
use super::order::{How, Order, OrderState, Undo, UndoKind, UndoState};
use super::script::{Script, Turn};
use super::violation::WalletRule;
use crate::unionpay::Told;

/// An order as a request describes it.
pub(crate) struct NewOrder<'a> {
    pub no: &'a str,
    /// The customer's code; none when the shop shows one.
    pub code: Option<&'a str>,
    /// Fen.
    pub amount: i64,
    pub terminal: &'a str,
    pub sub_merchant: &'a str,
    /// What a repetition must repeat.
    pub content: String,
    pub echo: Vec<(&'static str, String)>,
}

/// What became of a request for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The order is there, new: see its state.
    New,
    /// It is there since an earlier submission with the same content.
    Again,
    /// Its number stands for something else.
    OtherContent,
    /// Its number was closed before it came.
    Closed,
    /// The code was used for another order.
    CodeUsed,
    /// A system error, and no order.
    Absent,
}

/// What became of a request to take an order back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TakenBack {
    /// There is no such order.
    Unknown,
    /// Nobody had paid; now nobody can.
    Closed,
    /// The money goes back.
    Returned,
    /// It was taken back before.
    Already,
    /// To be asked again.
    Again,
    /// The customer is typing the password.
    Typing,
    /// Too late.
    Expired,
    /// Part or all of it was given back in another way.
    GivenBack,
}

/// Why a refund is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundRefusal {
    NotPaid,
    Closed,
    /// The same number with another amount.
    Altered,
    /// More than there is.
    TooMuch,
    TooSoon,
    TooLate,
    /// As often as it goes.
    TooOften,
    MerchantPoor,
}

/// What became of a refund that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refunded {
    New,
    /// Done before under this number.
    Again,
    /// Done now, and answered with a system error.
    NewButError,
}

/// The rules of one wallet's refunds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefundRules {
    /// How long after payment, milliseconds.
    pub period_ms: i64,
    /// Least time between two of one order, milliseconds.
    pub gap_ms: i64,
    /// The most of one order.
    pub most: usize,
}

impl Book {
    /// Takes an order in. `poor` and `expired` are the wallet's codes for those refusals.
    pub(crate) fn take(
        &mut self,
        new: NewOrder<'_>,
        now: WallTime,
        poor: &'static str,
        expired: &'static str,
    ) -> Taken {
        if let Some(earlier) = self.get(new.no) {
            if earlier.content == new.content {
                return Taken::Again;
            }
            self.violation(WalletRule::NumberReused, new.no);
            return Taken::OtherContent;
        }
        if self.is_closed(new.no) {
            return Taken::Closed;
        }
        if let Some(first) = new.code.and_then(|code| self.order_of_code(code)) {
            self.watch_code(&first, new.no);
            return Taken::CodeUsed;
        }
        let script = Script::of(new.amount, new.code);
        if script.has(Turn::ErrorAbsent) {
            return Taken::Absent;
        }
        let how = new.code.map_or(How::Shown, |_| How::Scanned);
        let mut order = Order {
            no: new.no.to_owned(),
            id: self.next_id(now),
            terminal: new.terminal.to_owned(),
            amount: new.amount,
            how,
            content: new.content,
            sub_merchant: new.sub_merchant.to_owned(),
            state: match how {
                How::Shown => OrderState::Unscanned,
                How::Scanned => OrderState::Waiting,
            },
            refusal: None,
            script,
            created: now,
            paid_at: None,
            undos: Vec::new(),
            polls: 0,
            take_backs: 0,
            refunds_asked: 0,
            told: Told::No,
            echo: new.echo,
        };
        if how == How::Scanned {
            let refusals = [(Turn::Poor, poor), (Turn::Expired, expired)];
            if let Some((_, code)) = refusals.into_iter().find(|(turn, _)| script.has(*turn)) {
                order.state = OrderState::Failed;
                order.refusal = Some(code);
            } else if !script.asks_password() {
                order.pay(now);
            }
        } else if script.asks_password() {
            order.state = OrderState::Waiting;
        }
        self.open(order, new.code);
        Taken::New
    }

    /// Takes an order back, or closes it while nobody has paid. `window_ms` counts from payment.
    pub(crate) fn take_back(
        &mut self,
        no: &str,
        kind: UndoKind,
        now: WallTime,
        window_ms: i64,
    ) -> TakenBack {
        let Some(mut order) = self.get(no).cloned() else {
            return TakenBack::Unknown;
        };
        order.take_backs += 1;
        if order.take_backs == 1 && order.script.has(Turn::Races) {
            order.pay(now);
        }
        let result = self.judge_take_back(&mut order, kind, now, window_ms);
        if let Some(own) = self.get_mut(no) {
            *own = order;
        }
        result
    }

    /// Closes an order that nobody has paid; its state afterwards. A customer who races pays first.
    pub(crate) fn close(&mut self, no: &str, now: WallTime) -> OrderState {
        let Some(order) = self.get_mut(no) else {
            return OrderState::Closed;
        };
        order.take_backs += 1;
        if order.take_backs == 1 && order.script.has(Turn::Races) {
            order.pay(now);
        }
        if matches!(order.state, OrderState::Waiting | OrderState::Unscanned) {
            order.state = OrderState::Closed;
        }
        order.state
    }

    fn judge_take_back(
        &mut self,
        order: &mut Order,
        kind: UndoKind,
        now: WallTime,
        window_ms: i64,
    ) -> TakenBack {
        match order.state {
            OrderState::Reversed | OrderState::Closed => return TakenBack::Already,
            OrderState::Paid => self.watch_undo(order, kind, &order.no, order.amount),
            _ => {}
        }
        let since = order.paid_at.unwrap_or(order.created);
        if now.0 - since.0 > window_ms || order.script.has(Turn::TooLate) {
            return TakenBack::Expired;
        }
        let script = order.script;
        if order.take_backs == 1 && script.has(Turn::Typing) {
            return TakenBack::Typing;
        }
        if order.take_backs < 3 && script.has(Turn::Recall) {
            return TakenBack::Again;
        }
        if !order.undos.is_empty() {
            return TakenBack::GivenBack;
        }
        let pretends = order.take_backs == 1 && script.has(Turn::Pretends);
        if order.state != OrderState::Paid {
            if !pretends {
                order.state = match kind {
                    UndoKind::Reverse => OrderState::Reversed,
                    _ => OrderState::Closed,
                };
            }
            return TakenBack::Closed;
        }
        if !pretends {
            order.state = OrderState::Reversed;
            let undo = self.undo(order, kind, &order.no, order.amount, now);
            order.undos.push(undo);
        }
        TakenBack::Returned
    }

    fn undo(
        &mut self,
        order: &Order,
        kind: UndoKind,
        no: &str,
        amount: i64,
        now: WallTime,
    ) -> Undo {
        let refund = kind == UndoKind::Refund;
        Undo {
            no: no.to_owned(),
            id: self.next_id(now),
            kind,
            amount,
            state: match order.script {
                script if refund && script.has(Turn::RefundSlow) => UndoState::Processing,
                script if refund && script.has(Turn::RefundAbnormal) => UndoState::Abnormal,
                _ => UndoState::Effective,
            },
            at: now,
            polls: 0,
            told: Told::No,
        }
    }

    /// Gives money back under a number of its own; `None` when there is no such order.
    pub(crate) fn give_back(
        &mut self,
        (order, kind, no): (&str, UndoKind, &str),
        amount: i64,
        now: WallTime,
        rules: RefundRules,
    ) -> Option<Result<Refunded, RefundRefusal>> {
        let mut order = self.get(order)?.clone();
        let result = self.judge_refund(&mut order, (kind, no), amount, now, rules);
        let own = self.get_mut(&order.no)?;
        *own = order;
        Some(result)
    }

    fn judge_refund(
        &mut self,
        order: &mut Order,
        (kind, no): (UndoKind, &str),
        amount: i64,
        now: WallTime,
        rules: RefundRules,
    ) -> Result<Refunded, RefundRefusal> {
        let same = |undo: &&Undo| undo.no == no && undo.kind == kind;
        if let Some(earlier) = order.undos.iter().find(same) {
            if earlier.amount == amount {
                return Ok(Refunded::Again);
            }
            self.violation(WalletRule::RefundAltered, &order.no);
            return Err(RefundRefusal::Altered);
        }
        self.watch_undo(order, kind, no, amount);
        let Some(paid_at) = order.paid_at else {
            return Err(match order.state {
                OrderState::Waiting | OrderState::Unscanned => RefundRefusal::NotPaid,
                _ => RefundRefusal::Closed,
            });
        };
        if order.state == OrderState::Reversed {
            return Err(RefundRefusal::Closed);
        }
        if amount > order.room() {
            return Err(RefundRefusal::TooMuch);
        }
        if now.0 - paid_at.0 > rules.period_ms {
            return Err(RefundRefusal::TooLate);
        }
        if order.undos.len() >= rules.most {
            return Err(RefundRefusal::TooOften);
        }
        order.refunds_asked += 1;
        let first = order.refunds_asked == 1;
        let hasty = order
            .undos
            .iter()
            .any(|undo| now.0 - undo.at.0 < rules.gap_ms);
        if hasty || (first && order.script.has(Turn::RefundTooSoon)) {
            return Err(RefundRefusal::TooSoon);
        }
        if first && order.script.has(Turn::MerchantPoor) {
            return Err(RefundRefusal::MerchantPoor);
        }
        let undo = self.undo(order, kind, no, amount, now);
        order.undos.push(undo);
        if first && order.script.has(Turn::RefundErrorDone) {
            return Ok(Refunded::NewButError);
        }
        Ok(Refunded::New)
    }
}
