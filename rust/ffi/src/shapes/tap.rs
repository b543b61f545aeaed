//! A card held to the reader.

use pos_engine::counter::{CardProduct, TapFor, TapRequest, TapStep, TappedCard};
use pos_engine::domain::Explanation;

#[uniffi::remote(Enum)]
pub enum TapFor {
    Sale,
    Preauth,
    Completion,
    Void,
    Refund,
}

#[uniffi::remote(Record)]
pub struct TapRequest {
    pub purpose: TapFor,
    pub amount: i64,
}

#[uniffi::remote(Enum)]
pub enum TapStep {
    Send { reading: String, command: Vec<u8> },
    Read { card: TappedCard },
    Failed { explanation: Explanation },
}

#[uniffi::remote(Record)]
pub struct TappedCard {
    pub handle: String,
    pub number: String,
    pub product: CardProduct,
    pub needs_pin: bool,
    pub needs_signature: bool,
    pub took: i64,
    pub slow: bool,
}

#[uniffi::remote(Enum)]
pub enum CardProduct {
    Debit,
    Credit,
    QuasiCredit,
    Cash,
    Other,
}
