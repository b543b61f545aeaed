//! Reversals (spec 4.6, 5.5).

use pos_domain::WallTime;

use super::Acquirer;
use super::book::State;
use super::code::AnswerCode;
use super::money::Magic;
use super::request::{Request, TxnKey};
use super::violation::Rule;
use crate::fault::Kind;

impl Acquirer {
    /// Takes back the request that has the same batch and trace, and says how that went.
    pub(crate) fn reverse(&mut self, request: &Request, now: WallTime) -> AnswerCode {
        let Some(wanted) = request.kind.reverses() else {
            self.violation(Rule::ReversalNotAllowed, request);
            return AnswerCode::INVALID;
        };
        let by_code = request.kind == Kind::ReversalVoid && request.is_code();
        if by_code && !self.settings.code_void_reversal {
            self.violation(Rule::ReversalNotAllowed, request);
            return AnswerCode::UNSUPPORTED;
        }
        let key = request.key();
        let today = self.calendar.day(now);
        let Some(target) = self.book.get(&key) else {
            self.watch_reversal_of_nothing(request);
            return AnswerCode::NOT_FOUND;
        };
        if target.kind != wanted || Some(target.asked) != request.amount() {
            let same_kind = target.kind == wanted;
            self.violation(Rule::ReversalAltered, request);
            return if same_kind {
                AnswerCode::OTHER_AMOUNT
            } else {
                AnswerCode::NOT_FOUND
            };
        }
        if target.day != today {
            return AnswerCode::INVALID;
        }
        let undone = self.book.effective_undos(&key).next().is_some();
        match target.state {
            State::Declined => AnswerCode::INVALID,
            State::Reversed => self.settings.repeated_reversal,
            State::Voided | State::Completed => AnswerCode::ALREADY,
            State::Approved if undone => AnswerCode::ALREADY,
            State::Approved => {
                if let Some(code) = Magic::Reversal.code(target.amount) {
                    return code;
                }
                self.take_back(&key);
                AnswerCode::APPROVED
            }
        }
    }

    /// Undoes a booking and what it did to its original.
    fn take_back(&mut self, key: &TxnKey) {
        self.book.set_state(key, State::Reversed);
        let Some(txn) = self.book.get(key) else {
            return;
        };
        let (kind, Some(original)) = (txn.kind, txn.original.clone()) else {
            return;
        };
        if matches!(
            kind,
            Kind::Void | Kind::PreauthVoid | Kind::Completion | Kind::CompletionVoid
        ) {
            self.book.set_state(&original, State::Approved);
        }
        let preauth = self
            .book
            .get(&original)
            .and_then(|txn| txn.original.clone());
        if let (Kind::CompletionVoid, Some(preauth)) = (kind, preauth) {
            self.book.set_state(&preauth, State::Completed);
        }
    }
}
