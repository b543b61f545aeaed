//! Pre-auths: their voids and completions.

use pos_domain::WallTime;

use super::Acquirer;
use super::book::State;
use super::code::AnswerCode;
use super::money::Draft;
use super::request::{Request, TxnKey};
use super::undo::draft_undo;
use crate::fault::Kind;

/// A pre-auth can be completed or voided for this many days (spec 4.5).
const DAYS: i64 = 30;

impl Acquirer {
    /// A void of a pre-auth: the whole of it, from any terminal of the merchant.
    pub(crate) fn void_preauth(
        &mut self,
        request: &Request,
        now: WallTime,
    ) -> Result<Draft, AnswerCode> {
        let key = self.open_preauth(request, now)?;
        let preauth = self.book.get(&key).ok_or(AnswerCode::NOT_FOUND)?;
        if request.amount() != Some(preauth.amount) {
            return Err(AnswerCode::OTHER_AMOUNT);
        }
        Ok(draft_undo(preauth, key, preauth.amount))
    }

    /// A completion takes the money of a pre-auth, up to 115 % of it and of what was added to it.
    pub(crate) fn complete(
        &mut self,
        request: &Request,
        now: WallTime,
    ) -> Result<Draft, AnswerCode> {
        let key = self.open_preauth(request, now)?;
        let preauth = self.book.get(&key).ok_or(AnswerCode::NOT_FOUND)?;
        let amount = request.amount().ok_or(AnswerCode::BAD_AMOUNT)?;
        let held = preauth.amount.saturating_add(self.book.added_to(&key));
        if amount.saturating_mul(100) > held.saturating_mul(115) {
            return Err(AnswerCode::BAD_AMOUNT);
        }
        Ok(draft_undo(preauth, key, amount))
    }

    /// The pre-auth that an incremental one (追加预授权, field 25 = 60) adds to, by its
    /// authorization code.
    pub(crate) fn added_to(&self, request: &Request) -> Result<Option<TxnKey>, AnswerCode> {
        if request.kind != Kind::Preauth || request.text(25) != "60" {
            return Ok(None);
        }
        let auth = request.text(38);
        let first = self.book.find(|key, txn| {
            key.terminal.merchant == request.terminal.merchant
                && txn.kind == Kind::Preauth
                && txn.auth.as_deref() == Some(auth)
                && txn.state == State::Approved
        });
        let (key, preauth) = first.ok_or(AnswerCode::NOT_FOUND)?;
        self.check_same_account(request, preauth)?;
        Ok(Some(key.clone()))
    }

    /// The pre-auth with this authorization code and date, if it still stands.
    fn open_preauth(&mut self, request: &Request, now: WallTime) -> Result<TxnKey, AnswerCode> {
        let today = self.calendar.day(now);
        let (auth, date) = (request.text(38), request.original_date());
        let (key, preauth) = self
            .book
            .find(|key, txn| {
                key.terminal.merchant == request.terminal.merchant
                    && txn.kind == Kind::Preauth
                    && txn.auth.as_deref() == Some(auth)
                    && txn.date == date
            })
            .ok_or(AnswerCode::NOT_FOUND)?;
        self.check_same_account(request, preauth)?;
        if preauth.state != State::Approved || today - preauth.day > DAYS {
            return Err(AnswerCode::ALREADY);
        }
        Ok(key.clone())
    }
}
