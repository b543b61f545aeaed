//! Balance inquiry (余额查询, spec §3.1): no amount, no reversal, nothing kept.

use pos_domain::CardInput;
use pos_iso8583::Mti;
use pos_iso8583::subfields::f53::Balance;

use super::answer::Answer;
use super::draft::Draft;
use super::financial::{private, secrets_of, set_card};
use super::terminal::Identity;

/// Asks for the balance of a card as presented.
#[must_use]
pub fn inquiry(identity: &Identity, trace: &str, batch: &str, card: &CardInput) -> Draft {
    let mut message = identity.message(Mti::FINANCIAL);
    let with_pin = card.pin.is_some();
    message
        .fields
        .set(3, "310000")
        .set(11, trace)
        .set(25, "00")
        .set(49, "156")
        .set(60, private(identity, "01", batch));
    set_card(&mut message.fields, identity, card, with_pin);
    if let Some(chip) = &card.field55 {
        message.fields.set(55, chip);
    }
    Draft {
        message,
        secrets: secrets_of(card, with_pin),
        mac: true,
        f59_lengths: identity.habits.f59_lengths,
    }
}

/// The balance that an answer tells, minor units, negative for a debit balance; none when it tells
/// none that can be read.
#[must_use]
pub fn balance(answer: &Answer) -> Option<i64> {
    let balance = Balance::parse(answer.fields.get(54)?).ok()?;
    let amount = i64::try_from(balance.amount).ok()?;
    Some(if balance.debit {
        amount.saturating_neg()
    } else {
        amount
    })
}
