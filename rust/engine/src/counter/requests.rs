//! What the counter asks for. Secrets mask themselves in `Debug` and are wiped when dropped.

use pos_domain::card::CardError;
use pos_domain::{CardInput, Entry, Expiry, Pan, Pin, Rail, Track2};
use pos_policy::{OperatorPin, PinFault};
use zeroize::Zeroizing;

use super::Failure;
use super::failure::profile_invalid;
use super::shapes::{Role, SaleFilter, UndoReason};
use crate::Secret;
use crate::edition::Edition;
use crate::profile::{Chosen, Loaded, ProfileError, line_of};

/// What one card gave.
#[derive(Clone, Debug)]
pub enum CardRead {
    /// Typed by hand.
    Manual {
        /// Digits of the number.
        number: Secret,
        /// Expiry, YYMM.
        expiry: Secret,
        /// Digits of the PIN.
        pin: Option<Secret>,
    },
    /// Magnetic stripe.
    Stripe {
        /// Track 2 with `=` or `D`.
        track2: Secret,
        /// Digits of the PIN.
        pin: Option<Secret>,
    },
    /// Chip, by contact or without.
    Chip {
        /// Field 55 in hexadecimal digits.
        field55: Secret,
        /// Track 2 equivalent.
        track2: Secret,
        /// Card sequence number, three digits.
        sequence: Option<String>,
        /// Without contact: card, phone or wristband.
        contactless: bool,
        /// Digits of the PIN.
        pin: Option<Secret>,
    },
    /// Read by the core itself, which keeps what it said.
    Held {
        /// What the reading gave for it.
        handle: String,
        /// Digits of the PIN.
        pin: Option<Secret>,
    },
}

/// A sale to be made.
#[derive(Clone, Debug)]
pub struct SaleRequest {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Minor units.
    pub amount: i64,
    /// How.
    pub means: Means,
}

/// How the customer pays.
#[derive(Clone, Debug)]
pub enum Means {
    /// By card.
    Card {
        /// The card as read.
        card: CardRead,
    },
    /// By a code on the customer's phone.
    Code {
        /// Its text.
        code: Secret,
    },
    /// By a code of ours.
    Show {
        /// Whose.
        rail: Rail,
    },
}

/// A sale to be taken back.
#[derive(Clone, Debug)]
pub struct VoidRequest {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Which sale.
    pub sale: String,
    /// Why.
    pub reason: UndoReason,
    /// Who consents.
    pub approval: Option<Approval>,
    /// The card, when it was read.
    pub card: Option<CardRead>,
}

/// Money to be given back.
#[derive(Clone, Debug)]
pub struct RefundRequest {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Of which sale.
    pub sale: String,
    /// How much, minor units.
    pub amount: i64,
    /// Why.
    pub reason: UndoReason,
    /// Who consents.
    pub approval: Option<Approval>,
    /// The card that paid.
    pub card: Option<CardRead>,
}

/// Which sales to show.
#[derive(Clone, Debug)]
pub struct SaleQuery {
    /// Voucher, last four digits or amount; empty for all.
    pub text: String,
    /// Which of them.
    pub filter: SaleFilter,
    /// Where the page before ended.
    pub after: Option<String>,
    /// At most this many.
    pub limit: u32,
    /// Only those made then or later, epoch milliseconds.
    pub since: Option<i64>,
}

/// A profile as a person chose it.
#[derive(Clone, Debug)]
pub struct ProfileGiven {
    /// The bytes of its file.
    pub toml: Secret,
    /// The files that it names.
    pub beside: Vec<FileGiven>,
}

/// A file that a profile names.
#[derive(Clone, Debug)]
pub struct FileGiven {
    /// Its name in the profile.
    pub name: String,
    /// Its content.
    pub bytes: Secret,
}

impl ProfileGiven {
    /// Reads it.
    ///
    /// # Errors
    /// [`Failure::ProfileInvalid`], with the name of a file that is needed too.
    fn load(&self) -> Result<Loaded, Failure> {
        let files = self.beside.iter();
        let files = files.map(|file| (file.name.clone(), file.bytes.clone()));
        let chosen = Chosen::new(files.collect());
        Loaded::from_bytes(self.toml.expose(), &chosen)
            .map_err(|error| profile_invalid(error, chosen.missing()))
    }

    /// Reads it as an edition does, which does not take every profile.
    pub(super) fn load_for(&self, edition: Edition) -> Result<Loaded, Failure> {
        let loaded = self.load()?;
        let taken = edition.check(&loaded.profile, Some(&loaded.secrets));
        taken.map_err(|error| {
            let line = line_of(self.toml.expose(), &error.key);
            let (key, detail) = (error.key, error.detail.to_owned());
            profile_invalid(ProfileError { line, key, detail }, None)
        })?;
        Ok(loaded.for_edition(edition))
    }
}

/// An operator to be added or changed.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// Two digits or more.
    pub number: String,
    /// For slips and screens.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Digits of their PIN.
    pub pin: Secret,
}

/// A second person's consent, for one command.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Their number.
    pub operator: String,
    /// Digits of their PIN.
    pub pin: Secret,
}

/// The text of a secret, to be taken apart; empty when it is no text.
pub(super) fn text(secret: &Secret) -> &str {
    std::str::from_utf8(secret.expose()).unwrap_or_default()
}

/// An operator's PIN.
pub(super) fn operator_pin(secret: &Secret) -> Result<OperatorPin, PinFault> {
    OperatorPin::parse(text(secret))
}

fn card_pin(pin: Option<&Secret>) -> Result<Option<Pin>, CardError> {
    pin.map(|pin| Pin::parse(text(pin))).transpose()
}

fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

impl CardRead {
    /// The card in the core's form.
    ///
    /// # Errors
    /// [`CardError`] for what is no card, and for one that the counter keeps.
    pub(super) fn input(&self) -> Result<CardInput, CardError> {
        match self {
            Self::Held { .. } => Err(CardError::Track2),
            Self::Manual {
                number,
                expiry,
                pin,
            } => {
                let expiry = Expiry::parse(text(expiry))?;
                let mut card = CardInput::keyed(Pan::parse(text(number))?, Some(expiry));
                card.pin = card_pin(pin.as_ref())?;
                Ok(card)
            }
            Self::Stripe { track2, pin } => {
                let mut card = CardInput::swiped(Track2::parse(text(track2))?)?;
                card.pin = card_pin(pin.as_ref())?;
                Ok(card)
            }
            Self::Chip {
                field55,
                track2,
                sequence,
                contactless,
                pin,
            } => {
                let mut card = CardInput::swiped(Track2::parse(text(track2))?)?;
                card.entry = if *contactless {
                    Entry::Contactless
                } else {
                    Entry::Chip
                };
                let chip = bytes_of_hex(text(field55)).ok_or(CardError::Track2)?;
                card.field55 = Some(chip);
                card.sequence.clone_from(sequence);
                card.pin = card_pin(pin.as_ref())?;
                Ok(card)
            }
        }
    }
}

impl From<&str> for ProfileGiven {
    /// A profile that names no files.
    fn from(text: &str) -> Self {
        Self {
            toml: text.into(),
            beside: Vec::new(),
        }
    }
}

impl From<&str> for Secret {
    /// Takes a copy of the text over.
    fn from(text: &str) -> Self {
        Self::new(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACK: &str = "6222020000000000018=30121010000";

    fn chip(field55: &str) -> CardRead {
        CardRead::Chip {
            field55: field55.into(),
            track2: TRACK.into(),
            sequence: Some("001".to_owned()),
            contactless: true,
            pin: Some("123456".into()),
        }
    }

    #[test]
    fn i11_a_card_read_does_not_show_itself() {
        let shown = format!("{:?}", chip("9F2608AABB"));
        for secret in ["6222", "3012", "9F26", "123456", "54, 50"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn what_is_no_card_is_refused() {
        for field55 in ["", "9F2", "9G26"] {
            assert_eq!(chip(field55).input().err(), Some(CardError::Track2));
        }
        let keyed = |number: &str, expiry: &str| CardRead::Manual {
            number: number.into(),
            expiry: expiry.into(),
            pin: None,
        };
        let wrong = keyed("6222020000000000011", "3012").input();
        assert_eq!(wrong.err(), Some(CardError::CheckDigit));
        let wrong = keyed("6222020000000000018", "3013").input();
        assert_eq!(wrong.err(), Some(CardError::Expiry));
    }
}
