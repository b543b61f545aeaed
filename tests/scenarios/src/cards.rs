//! Cards that exist nowhere else, and refunds, which need one.

use pos_domain::{Amount, CardInput, Expiry, Id, Pan, Pin, Track2};
use pos_flows::{FlowError, RefundOf, RefundRequest, Voided};

use crate::shop::Shop;

/// The number of the tests' card.
pub const CARD: &str = "6222020000000000000";
/// Its expiry date.
pub const EXPIRY: &str = "3012";
/// Its track 2.
pub const TRACK2: &str = "6222020000000000000=30121012345678901";
/// Its PIN.
pub const PIN: &str = "739164";
/// The number of another card.
pub const OTHER_CARD: &str = "6228480000000000000";

/// The card of the tests, keyed in.
pub fn card() -> CardInput {
    keyed(CARD)
}

/// Another card, keyed in.
pub fn other_card() -> CardInput {
    keyed(OTHER_CARD)
}

fn keyed(number: &str) -> CardInput {
    let number = Pan::parse(number).expect("a card");
    CardInput::keyed(number, Expiry::parse(EXPIRY).ok())
}

/// The card of the tests, swiped.
pub fn swiped() -> CardInput {
    CardInput::swiped(Track2::parse(TRACK2).expect("a track")).expect("a card")
}

/// The card of the tests, swiped, with its PIN.
pub fn with_pin() -> CardInput {
    let mut card = swiped();
    card.pin = Some(Pin::parse(PIN).expect("a PIN"));
    card
}

impl Shop {
    /// Gives back part of a sale; gives the refund.
    pub async fn refund(&self, sale: &Id, fen: i64) -> Id {
        match self.try_refund(sale, fen).await {
            Ok(Voided::Recorded(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Gives back part of a sale to the tests' card.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn try_refund(&self, sale: &Id, fen: i64) -> Result<Voided, FlowError> {
        let card = swiped();
        let asked = RefundRequest {
            of: RefundOf::Sale(sale),
            amount: Amount::from_minor(fen).expect("an amount"),
            card: &card,
            reason: None,
            request: None,
        };
        let consent = |_: &pos_ledger::Tx<'_>, _: &pos_ledger::Original, _: &Id| Ok(());
        self.desk.refund("01", &asked, consent).await
    }
}
