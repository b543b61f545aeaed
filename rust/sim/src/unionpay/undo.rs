//! Voids and refunds (spec 4.6).

use pos_domain::WallTime;

use super::Acquirer;
use super::book::{State, Txn};
use super::code::AnswerCode;
use super::money::{Draft, Magic};
use super::request::{Request, TxnKey};
use crate::fault::Kind;

const NO_REFERENCE: &str = "000000000000";

impl Acquirer {
    /// A void of a sale, or of a completion request.
    pub(crate) fn void(&mut self, request: &Request, now: WallTime) -> Result<Draft, AnswerCode> {
        let key = self.original_of_void(request)?;
        self.watch_undo(request, &key);
        let today = self.calendar.day(now);
        let settled = (self.terminals.get(&key.terminal))
            .is_some_and(|terminal| terminal.settled.contains(&key.batch));
        let original = self.book.get(&key).ok_or(AnswerCode::NOT_FOUND)?;
        let wanted = match request.kind {
            Kind::CompletionVoid => Kind::Completion,
            _ => Kind::Sale,
        };
        if original.kind != wanted || original.state == State::Declined {
            return Err(AnswerCode::INVALID);
        }
        if original.day != today || settled {
            return Err(AnswerCode::INVALID);
        }
        self.check_same_account(request, original)?;
        if request.amount() != Some(original.amount) {
            return Err(AnswerCode::OTHER_AMOUNT);
        }
        let undone = self.book.effective_undos(&key).next().is_some();
        if original.state != State::Approved || undone {
            return Err(AnswerCode::ALREADY);
        }
        if let Some(code) = Magic::Void.code(original.amount) {
            return Err(code);
        }
        Ok(draft_undo(original, key, original.amount))
    }

    /// The transaction that F61 names: batch and trace of this terminal, and the reference and the
    /// authorization code where they are given.
    fn original_of_void(&self, request: &Request) -> Result<TxnKey, AnswerCode> {
        let key = request.original().ok_or(AnswerCode::FORMAT)?;
        let reference = request.text(37);
        let agrees = |txn: &Txn| reference == NO_REFERENCE || reference == txn.reference;
        if let Some(txn) = self.book.get(&key) {
            let auth = request.fields.text(38);
            let found = agrees(txn)
                && auth.is_none_or(|auth| txn.auth.is_none() || txn.auth.as_deref() == Some(auth));
            return if found {
                Ok(key)
            } else {
                Err(AnswerCode::NOT_FOUND)
            };
        }
        let elsewhere = self.book.find(|other, txn| {
            other.terminal.merchant == key.terminal.merchant
                && other.batch == key.batch
                && other.trace == key.trace
                && txn.reference == reference
        });
        Err(if elsewhere.is_some() {
            AnswerCode::OTHER_TERMINAL
        } else {
            AnswerCode::NOT_FOUND
        })
    }

    /// A card must be the original's; a payment code is matched by its voucher, F59 tag A4.
    pub(crate) fn check_same_account(
        &self,
        request: &Request,
        original: &Txn,
    ) -> Result<(), AnswerCode> {
        if original.by_code {
            let voucher = request.private("A4");
            let same = voucher.is_none_or(|given| given == voucher_of(original).as_bytes());
            return if same {
                Ok(())
            } else {
                Err(AnswerCode::NOT_FOUND)
            };
        }
        let account = self.account(request)?;
        if *account != *original.account {
            return Err(AnswerCode::BAD_CARD);
        }
        self.check_account(request, &account)
    }

    /// A refund: by reference and date, any terminal of the merchant, any part that is left.
    pub(crate) fn refund(&mut self, request: &Request) -> Result<Draft, AnswerCode> {
        let (reference, date) = (request.text(37), request.original_date());
        let found = self.book.find(|key, txn| {
            key.terminal.merchant == request.terminal.merchant
                && txn.takes_money()
                && txn.reference == reference
                && txn.date == date
        });
        let key = found
            .map(|(key, _)| key.clone())
            .ok_or(AnswerCode::NOT_FOUND)?;
        self.watch_undo(request, &key);
        let original = self.book.get(&key).ok_or(AnswerCode::NOT_FOUND)?;
        self.check_same_account(request, original)?;
        match original.state {
            State::Approved => {}
            State::Declined => return Err(AnswerCode::INVALID),
            State::Voided | State::Reversed | State::Completed => return Err(AnswerCode::ALREADY),
        }
        let amount = request.amount().ok_or(AnswerCode::BAD_AMOUNT)?;
        if amount > self.book.net(&key, original) {
            return Err(AnswerCode::OTHER_AMOUNT);
        }
        if let Some(code) = Magic::Refund.code(original.amount) {
            return Err(code);
        }
        Ok(draft_undo(original, key, amount))
    }
}

/// What undoes a transaction carries its account, its authorization code and its organisation.
pub(crate) fn draft_undo(original: &Txn, key: TxnKey, amount: i64) -> Draft {
    Draft {
        account: original.account.clone(),
        amount,
        code: AnswerCode::APPROVED,
        original: Some(key),
        auth: original.auth.clone(),
        foreign: original.foreign,
    }
}

/// The payment voucher of a sale by payment code: twenty digits, made from its reference.
pub(crate) fn voucher_of(txn: &Txn) -> String {
    format!("{:0>20}", txn.reference)
}
