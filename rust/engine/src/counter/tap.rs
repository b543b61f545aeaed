//! A card, phone or wristband held to the reader: the screen carries commands to it and answers
//! back, and what was read stays here, under a handle that is good for one attempt at the payment
//! it was read for. No track and no chip data goes out to a screen.

use std::sync::{MutexGuard, PoisonError};

use pos_diagnosis::{Situation, explain};
use pos_domain::card::CardError;
use pos_domain::ports::Random;
use pos_domain::{Amount, CardInput, Entry, LocalCode, Moment, Pin, Track2};
use pos_emv::{CardRead as EmvRead, HolderCheck, Payment, PaymentKind, ReadFailure, Reading, Step};
use pos_ledger::Stamp;

use super::requests::text;
use super::shapes::{CardProduct, TapFor, TapRequest, TapStep, TappedCard};
use super::{Counter, Failure};
use crate::Secret;
use crate::system::SystemRandom;
use crate::terminal::EngineError;

/// The name of the ledger's counter behind tag 9F41.
const COUNTER: &str = "tap";
/// Tag 9F41 has eight digits.
const LAST: i64 = 99_999_999;
/// Longer than this a card should not have to be held, milliseconds.
const CARD_TIME: i64 = 500;
/// A reading older than this is not sent any more, milliseconds.
const KEPT: i64 = 300_000;
/// Tag 5F2A: yuan.
const YUAN: [u8; 2] = [0x01, 0x56];

/// A conversation under way.
struct Live {
    id: String,
    why: Situation,
    amount: i64,
    number: i64,
    /// When the card first answered.
    began: Option<i64>,
    reading: Reading,
}

/// A card that was read and not yet used.
struct Held {
    handle: String,
    why: Situation,
    amount: i64,
    at: Moment,
    check: HolderCheck,
    card: CardInput,
}

/// What the reader holds: one conversation, or one card.
#[derive(Default)]
pub(super) struct Tap {
    live: Option<Live>,
    held: Option<Held>,
}

impl Counter {
    fn tap(&self) -> MutexGuard<'_, Tap> {
        self.tap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing that was read is used any more.
    pub(super) fn forget_taps(&self) {
        *self.tap() = Tap::default();
    }

    /// Begins to read a card for a payment; what an earlier reading left is forgotten. Takes a
    /// number of the terminal's counter (tag 9F41), which is used up whatever becomes of it.
    ///
    /// # Errors
    /// [`Failure::Refused`] for an amount that is none, nobody at the counter, or the rail off.
    pub fn begin_reading(&self, asked: &TapRequest) -> Result<TapStep, Failure> {
        let (who, why) = (self.who()?, situation(asked.purpose));
        let amount = Amount::from_minor(asked.amount)
            .map_err(|_| self.refused(&LocalCode::AmountInvalid.into(), why))?;
        let now = self.ports.clock.now();
        let (terminal, number) = self.ask(why, |reader| {
            let unionpay = reader.terminal.profile().unionpay.as_ref();
            let off = || EngineError::Refused(LocalCode::RailOff.into());
            let told = unionpay.ok_or_else(off)?.tap.clone();
            let (at, operator) = (now.clone(), who);
            let number = reader
                .terminal
                .ledger()
                .write(Stamp { at, operator }, |tx| {
                    let before = tx.query().counter(COUNTER)?.unwrap_or(0);
                    let number = if before >= LAST {
                        1
                    } else {
                        before.saturating_add(1)
                    };
                    tx.set_counter(COUNTER, number)?;
                    Ok::<_, EngineError>(number)
                })?;
            Ok((told, number))
        })?;
        let payment = Payment {
            kind: kind(asked.purpose),
            amount: u64::try_from(amount.minor()).unwrap_or(u64::MAX),
            currency: YUAN,
            date: packed(now.wall.yyyymmdd().get(2..).unwrap_or_default()),
            unpredictable: random()?,
            counter: packed(&format!("{number:08}")),
        };
        let (reading, command) = Reading::start(terminal, payment);
        let id = name()?;
        let live = Live {
            id: id.clone(),
            why,
            amount: asked.amount,
            number,
            began: None,
            reading,
        };
        *self.tap() = Tap {
            live: Some(live),
            held: None,
        };
        Ok(TapStep::Send {
            reading: id,
            command,
        })
    }

    /// Takes the card's whole answer to the last command, status included.
    ///
    /// # Errors
    /// None of the card's: those are a step. [`Failure::Internal`] without randomness.
    pub fn card_answered(&self, reading: &str, answer: &Secret) -> Result<TapStep, Failure> {
        let now = self.ports.clock.now();
        let mut tap = self.tap();
        let Some(live) = tap.live.as_mut().filter(|live| live.id == reading) else {
            drop(tap);
            return Ok(self.failed(LocalCode::TapSpent, Situation::Sale, ""));
        };
        live.began.get_or_insert(now.since_boot);
        match live.reading.answer(answer.expose()) {
            Step::Send(command) => Ok(TapStep::Send {
                reading: reading.to_owned(),
                command,
            }),
            Step::Failed(failure) => {
                let ended = tap.live.take();
                drop(tap);
                Ok(self.ended(failure, ended.as_ref()))
            }
            Step::Done(read) => {
                let ended = tap.live.take();
                let input = ended.zip(input(&read).ok());
                let Some((live, card)) = input else {
                    drop(tap);
                    return Ok(self.failed(LocalCode::TapUnreadable, Situation::Sale, ""));
                };
                let (held, told) = keep(live, card, &read, now, name()?);
                tap.held = Some(held);
                Ok(TapStep::Read { card: told })
            }
        }
    }

    /// The card was taken away, or the reader lost it.
    pub fn card_gone(&self, reading: &str) -> TapStep {
        let ended = self.tap().live.take_if(|live| live.id == reading);
        self.ended(ReadFailure::Gone, ended.as_ref())
    }

    /// Drops a reading or a card that was read: it will not be used.
    pub fn forget_card(&self, name: &str) {
        let mut tap = self.tap();
        tap.live.take_if(|live| live.id == name);
        tap.held.take_if(|held| held.handle == name);
    }

    fn ended(&self, failure: ReadFailure, ended: Option<&Live>) -> TapStep {
        let why = ended.map_or(Situation::Sale, |live| live.why);
        let number = ended.map_or(0, |live| live.number);
        log::warn!("tap {number:08}: {}", failure.as_str());
        self.failed(code_of(failure), why, &format!("tap-{number:08}"))
    }

    fn failed(&self, code: LocalCode, why: Situation, reference: &str) -> TapStep {
        let explanation = explain(&code.into(), why, self.language(), reference);
        TapStep::Failed { explanation }
    }

    /// The card behind a handle, once, and only for the payment that it was read for.
    pub(super) fn held_card(
        &self,
        (handle, pin): (&str, Option<&Secret>),
        (why, amount): (Situation, i64),
    ) -> Result<CardInput, Failure> {
        let now = self.ports.clock.now();
        let held = self.tap().held.take_if(|held| held.handle == handle);
        let fits = |held: &Held| {
            let age = now.since_boot.saturating_sub(held.at.since_boot);
            held.why == why && held.amount == amount && (0..=KEPT).contains(&age)
        };
        let Some(held) = held.filter(fits) else {
            return Err(self.refused(&LocalCode::TapSpent.into(), why));
        };
        let mut card = held.card;
        let unfit = |_: CardError| self.refused(&LocalCode::CardUnreadable.into(), why);
        card.pin = pin
            .map(|pin| Pin::parse(text(pin)))
            .transpose()
            .map_err(unfit)?;
        if takes_money(why) && held.check == HolderCheck::OnlinePin && card.pin.is_none() {
            return Err(self.refused(&LocalCode::PinNeeded.into(), why));
        }
        Ok(card)
    }
}

fn keep(
    live: Live,
    card: CardInput,
    read: &EmvRead,
    now: Moment,
    handle: String,
) -> (Held, TappedCard) {
    let took = now
        .since_boot
        .saturating_sub(live.began.unwrap_or(now.since_boot));
    let told = TappedCard {
        handle: handle.clone(),
        number: card.pan.masked(),
        product: product(&read.application),
        needs_pin: takes_money(live.why) && read.holder_check == HolderCheck::OnlinePin,
        needs_signature: takes_money(live.why) && read.holder_check == HolderCheck::Signature,
        took,
        slow: took > CARD_TIME,
    };
    let held = Held {
        handle,
        why: live.why,
        amount: live.amount,
        at: now,
        check: read.holder_check,
        card,
    };
    (held, told)
}

fn input(read: &EmvRead) -> Result<CardInput, CardError> {
    let mut card = CardInput::swiped(Track2::parse(&read.track2)?)?;
    card.entry = Entry::Contactless;
    card.field55 = Some(read.field55.to_vec());
    card.sequence.clone_from(&read.sequence);
    Ok(card)
}

/// UnionPay's application ids (spec qr-and-emv 5).
fn product(application: &[u8]) -> CardProduct {
    match application {
        [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, product, ..] => match product {
            0x01 => CardProduct::Debit,
            0x02 => CardProduct::Credit,
            0x03 => CardProduct::QuasiCredit,
            0x06 => CardProduct::Cash,
            _ => CardProduct::Other,
        },
        _ => CardProduct::Other,
    }
}

const fn situation(purpose: TapFor) -> Situation {
    match purpose {
        TapFor::Sale => Situation::Sale,
        TapFor::Preauth => Situation::Preauth,
        TapFor::Completion => Situation::Completion,
        TapFor::Void => Situation::Void,
        TapFor::Refund => Situation::Refund,
    }
}

/// Whether the holder gives money, and so is asked who they are.
const fn takes_money(why: Situation) -> bool {
    matches!(
        why,
        Situation::Sale | Situation::Preauth | Situation::Completion
    )
}

/// Tag 9C as the first two digits of field 3 have it (spec qr-and-emv 8).
const fn kind(purpose: TapFor) -> PaymentKind {
    match purpose {
        TapFor::Sale | TapFor::Preauth | TapFor::Completion => PaymentKind::Sale,
        TapFor::Void | TapFor::Refund => PaymentKind::Return,
    }
}

/// What the counter calls it.
const fn code_of(failure: ReadFailure) -> LocalCode {
    use ReadFailure as F;
    match failure {
        F::NoPayment | F::NotAccepted => LocalCode::TapNoPayment,
        F::OtherInterface | F::NeedsKernel | F::TooMuch => LocalCode::TapOtherWay,
        F::NotReady { .. } => LocalCode::TapNotReady,
        F::Declined => LocalCode::TapDeclined,
        F::ApprovedWithoutHost => LocalCode::TapApprovedAlone,
        F::Expired => LocalCode::CardExpired,
        F::Gone => LocalCode::TapMoved,
        F::Refused { .. }
        | F::Unreadable { .. }
        | F::Missing { .. }
        | F::Malformed { .. }
        | F::Contradiction { .. }
        | F::Endless => LocalCode::TapUnreadable,
    }
}

/// Digits two a byte; what is missing reads as zeros.
fn packed<const N: usize>(digits: &str) -> [u8; N] {
    let (pairs, _) = digits.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| (high & 0x0F) << 4 | (low & 0x0F);
    std::array::from_fn(|at| pairs.get(at).map_or(0, byte))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SystemRandom.fill(&mut bytes)?;
    Ok(bytes)
}

/// A name that nobody guesses.
fn name() -> Result<String, Failure> {
    Ok(format!("{:032x}", u128::from_be_bytes(random()?)))
}

#[cfg(test)]
mod tests {
    use pos_domain::WallTime;

    use super::*;

    #[test]
    fn the_date_and_the_counter_are_packed() {
        let day = WallTime::of_day("2026-11-24").unwrap().yyyymmdd();
        assert_eq!(packed(day.get(2..).unwrap()), [0x26, 0x11, 0x24]);
        assert_eq!(packed("00001234"), [0, 0, 0x12, 0x34]);
    }
}
