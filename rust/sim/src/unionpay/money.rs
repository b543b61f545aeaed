//! Requests that take or hold money, and what all bookings share.

use pos_domain::WallTime;
use zeroize::Zeroizing;

use super::Acquirer;
use super::book::{State, Told, Txn};
use super::code::AnswerCode;
use super::crypto::{open_pin_block, open_track};
use super::request::{Request, TxnKey, is_card_number};
use crate::fault::Kind;

/// Where amounts with a meaning begin, in fen.
const MAGIC_FROM: i64 = 9_000_000;
const DEFAULT_BALANCE: i64 = 999_999_999_999;

/// What a magic amount says. 9,000,0NN: a request that takes or holds money is answered NN.
/// 9,000,1NN, 9,000,2NN, 9,000,3NN: the sale is approved, and its void, its refund or its reversal
/// is answered NN without being booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Magic {
    Take,
    Void,
    Refund,
    Reversal,
}

impl Magic {
    /// The code that a request of this sort gets for the amount; none for codes that approve,
    /// except of a sale.
    pub(crate) fn code(self, amount: i64) -> Option<AnswerCode> {
        let offset = amount
            .checked_sub(MAGIC_FROM)
            .filter(|offset| (0..400).contains(offset))?;
        let wanted = match self {
            Self::Take => 0,
            Self::Void => 1,
            Self::Refund => 2,
            Self::Reversal => 3,
        };
        let code = AnswerCode::from_number(offset % 100)?;
        (offset / 100 == wanted && (self == Self::Take || !code.approves())).then_some(code)
    }
}

/// What will be booked when nothing is against it.
pub(crate) struct Draft {
    pub account: Zeroizing<String>,
    pub amount: i64,
    pub code: AnswerCode,
    pub original: Option<TxnKey>,
    /// The authorization code of the original, kept; else a new one is given.
    pub auth: Option<String>,
    pub foreign: bool,
}

/// What a request about money is answered with.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub code: AnswerCode,
    pub reference: String,
    pub auth: Option<String>,
    /// F4 of the answer, when it is not the request's.
    pub amount: Option<i64>,
    /// F54, fen.
    pub balance: Option<i64>,
    /// Card number for F2.
    pub account: Zeroizing<String>,
    pub foreign: bool,
}

impl Acquirer {
    /// Handles an admitted request about money.
    pub(crate) fn judge(&mut self, request: &Request, now: WallTime, repeated: bool) -> Verdict {
        let reference = self.next_reference(now);
        if let Err(code) = self.admit(request, now, repeated) {
            return self.refusal(request, code, reference);
        }
        if request.kind.is_reversal() {
            let code = self.reverse(request, now);
            return self.refusal(request, code, reference);
        }
        let drafted = match request.kind {
            Kind::Sale | Kind::Preauth | Kind::Offline | Kind::Inquiry => self.take(request),
            Kind::Void | Kind::CompletionVoid => self.void(request, now),
            Kind::Refund => self.refund(request),
            Kind::PreauthVoid => self.void_preauth(request, now),
            Kind::Completion | Kind::CompletionAdvice => self.complete(request, now),
            _ => Err(AnswerCode::UNSUPPORTED),
        };
        match drafted {
            Ok(draft) if request.kind == Kind::Inquiry => self.inquiry(draft, reference),
            Ok(draft) => self.book_approved(request, draft, reference, now),
            Err(code) => {
                self.book_declined(request, code, &reference, now);
                self.refusal(request, code, reference)
            }
        }
    }

    /// The verdict that only says a code.
    pub(crate) fn refusal(
        &self,
        request: &Request,
        code: AnswerCode,
        reference: String,
    ) -> Verdict {
        Verdict {
            code,
            reference,
            auth: None,
            amount: None,
            balance: None,
            account: self.account(request).unwrap_or_default(),
            foreign: false,
        }
    }

    fn inquiry(&self, draft: Draft, reference: String) -> Verdict {
        Verdict {
            code: draft.code,
            reference,
            auth: None,
            amount: None,
            balance: Some(self.balance(&draft.account)),
            account: draft.account,
            foreign: draft.foreign,
        }
    }

    fn book_approved(
        &mut self,
        request: &Request,
        draft: Draft,
        reference: String,
        now: WallTime,
    ) -> Verdict {
        let auth = draft.auth.unwrap_or_else(|| self.last_auth());
        let txn = Txn {
            kind: request.kind,
            state: State::Approved,
            code: draft.code,
            account: draft.account.clone(),
            by_code: request.is_code(),
            asked: request.amount().unwrap_or_default(),
            amount: draft.amount,
            day: self.calendar.day(now),
            date: now.mmdd(),
            reference: reference.clone(),
            auth: Some(auth.clone()),
            original: draft.original.clone(),
            foreign: draft.foreign,
            told: Told::Yes,
        };
        self.book.insert(request.key(), txn);
        if let Some(original) = &draft.original {
            self.apply(request.kind, original);
        }
        let wants_balance = request.text(60).get(13..14) == Some("1");
        Verdict {
            code: draft.code,
            reference,
            auth: (request.kind != Kind::Refund).then_some(auth),
            amount: Some(draft.amount),
            balance: wants_balance.then(|| self.balance(&draft.account)),
            account: draft.account,
            foreign: draft.foreign,
        }
    }

    fn book_declined(
        &mut self,
        request: &Request,
        code: AnswerCode,
        reference: &str,
        now: WallTime,
    ) {
        let amount = request.amount().unwrap_or_default();
        let txn = Txn {
            kind: request.kind,
            state: State::Declined,
            code,
            account: Zeroizing::default(),
            by_code: request.is_code(),
            asked: amount,
            amount,
            day: self.calendar.day(now),
            date: now.mmdd(),
            reference: reference.to_owned(),
            auth: None,
            original: None,
            foreign: false,
            told: Told::Yes,
        };
        self.book.insert(request.key(), txn);
    }

    /// What a booking does to its original.
    fn apply(&mut self, kind: Kind, original: &TxnKey) {
        match kind {
            Kind::Void | Kind::PreauthVoid => self.book.set_state(original, State::Voided),
            Kind::CompletionVoid => {
                self.book.set_state(original, State::Voided);
                let preauth = self.book.get(original).and_then(|txn| txn.original.clone());
                if let Some(preauth) = preauth {
                    self.book.set_state(&preauth, State::Approved);
                }
            }
            Kind::Completion | Kind::CompletionAdvice => {
                self.book.set_state(original, State::Completed);
            }
            _ => {}
        }
    }

    /// A sale, pre-auth, offline sale or inquiry.
    fn take(&self, request: &Request) -> Result<Draft, AnswerCode> {
        let account = self.account(request)?;
        self.check_account(request, &account)?;
        let amount = request.amount().unwrap_or_default();
        let card = self.settings.cards.get(account.as_str());
        let code = card
            .and_then(|card| card.code)
            .or_else(|| Magic::Take.code(amount))
            .unwrap_or(AnswerCode::APPROVED);
        if !code.approves() {
            return Err(code);
        }
        if amount > self.balance(&account) {
            return Err(AnswerCode::POOR);
        }
        let partly = code == AnswerCode::PARTLY;
        Ok(Draft {
            foreign: self.is_foreign(&account),
            account,
            amount: if partly { (amount / 2).max(1) } else { amount },
            code,
            original: self.added_to(request)?,
            auth: None,
        })
    }

    fn balance(&self, account: &str) -> i64 {
        self.settings
            .cards
            .get(account)
            .and_then(|card| card.balance)
            .unwrap_or(DEFAULT_BALANCE)
    }

    pub(crate) fn is_foreign(&self, account: &str) -> bool {
        let card = self.settings.cards.get(account);
        card.and_then(|card| card.organisation.as_deref())
            .is_some_and(|name| name != "CUP")
    }

    /// The card number from F2 or track 2, or the payment code from F59.
    pub(crate) fn account(&self, request: &Request) -> Result<Zeroizing<String>, AnswerCode> {
        if request.is_code() {
            let code = request
                .private("A3")
                .and_then(|code| String::from_utf8(code).ok());
            return code.map(Zeroizing::new).ok_or(AnswerCode::FORMAT);
        }
        if let Some(number) = request.fields.text(2) {
            return Ok(Zeroizing::new(number.to_owned()));
        }
        let track = request.fields.text(35).ok_or(AnswerCode::FORMAT)?;
        let clear = if request.track_is_encrypted() {
            let keys = self
                .terminals
                .get(&request.terminal)
                .and_then(|t| t.keys.as_ref());
            let key = keys
                .and_then(|keys| keys.track.as_ref())
                .ok_or(AnswerCode::FORMAT)?;
            open_track(key, track).ok_or(AnswerCode::FORMAT)?
        } else {
            track.to_owned()
        };
        let clear = Zeroizing::new(clear);
        let (number, _) = clear.split_once('=').ok_or(AnswerCode::FORMAT)?;
        Ok(Zeroizing::new(number.to_owned()))
    }

    /// Check digit, expiry and PIN.
    pub(crate) fn check_account(&self, request: &Request, account: &str) -> Result<(), AnswerCode> {
        if request.is_code() {
            let digits = account.len() == 19 && account.bytes().all(|b| b.is_ascii_digit());
            // Base64 of 85 05 "CPV01": the code is a consumer-presented QR of EMVCo.
            return if digits || account.starts_with("hQVDUFYwMW") {
                Ok(())
            } else {
                Err(AnswerCode::BAD_CARD)
            };
        }
        if !is_card_number(account) {
            return Err(AnswerCode::BAD_CARD);
        }
        let card = self.settings.cards.get(account);
        let expiry = card.and_then(|card| card.expiry.as_deref());
        let given = request.fields.text(14);
        if let (Some(expiry), Some(given)) = (expiry, given)
            && expiry != given
        {
            return Err(AnswerCode::EXPIRED);
        }
        self.check_pin(request, account)
    }

    fn check_pin(&self, request: &Request, account: &str) -> Result<(), AnswerCode> {
        if !request.has_pin() {
            return Ok(());
        }
        let keys = self
            .terminals
            .get(&request.terminal)
            .and_then(|t| t.keys.as_ref());
        let block = match request.text(53).get(1..2) {
            Some("3") => request.private("A1"),
            _ => request.fields.get(52).map(<[u8]>::to_vec),
        };
        let with_number = request.text(53).starts_with('2');
        let pin = keys
            .zip(block)
            .and_then(|(keys, block)| {
                open_pin_block(&keys.pin, &block, with_number.then_some(account))
            })
            .map(Zeroizing::new)
            .ok_or(AnswerCode::PIN_FORMAT)?;
        let right = self
            .settings
            .cards
            .get(account)
            .and_then(|card| card.pin.as_ref());
        match right {
            Some(right) if *right != *pin => Err(AnswerCode::WRONG_PIN),
            _ => Ok(()),
        }
    }
}
