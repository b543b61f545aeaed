//! A card held to the reader.

use pos_domain::Explanation;

/// What a card is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapFor {
    /// A sale.
    Sale,
    /// Holding money.
    Preauth,
    /// Taking what is held.
    Completion,
    /// Taking a sale back.
    Void,
    /// Giving money back.
    Refund,
}

/// A reading to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TapRequest {
    /// What for.
    pub purpose: TapFor,
    /// Minor units.
    pub amount: i64,
}

/// What to do next with a card at the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TapStep {
    /// Carry this to the card, and its whole answer back.
    Send {
        /// The name of the reading.
        reading: String,
        /// A short APDU.
        command: Vec<u8>,
    },
    /// The card has said everything and may be taken away.
    Read {
        /// What a screen may know of it.
        card: TappedCard,
    },
    /// It ended without a card to charge.
    Failed {
        /// Why, and what to do now.
        explanation: Explanation,
    },
}

/// A card that was read and is kept by the core for one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TappedCard {
    /// Stands for the card in one command.
    pub handle: String,
    /// First six and last four digits.
    pub number: String,
    /// What kind of card.
    pub product: CardProduct,
    /// The PIN has to be entered on a PIN pad first.
    pub needs_pin: bool,
    /// The slip has to be signed.
    pub needs_signature: bool,
    /// Milliseconds from the card's first answer to its last.
    pub took: i64,
    /// It took longer than a hand holds still.
    pub slow: bool,
}

/// A product of UnionPay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardProduct {
    /// 借记卡.
    Debit,
    /// 贷记卡.
    Credit,
    /// 准贷记卡.
    QuasiCredit,
    /// 电子现金.
    Cash,
    /// Another.
    Other,
}
