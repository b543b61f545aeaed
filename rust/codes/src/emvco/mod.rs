//! EMVCo QR codes: what a shop shows (merchant-presented, spec section 3) and what a customer
//! shows (consumer-presented, spec section 4).

mod base64;
mod consumer;
mod crc;
mod error;
mod merchant;
mod objects;
mod tlv;

use serde::Serialize;

pub use consumer::{Application, ConsumerCode};
pub use crc::crc16;
pub use error::{QrError, QrErrorKind};
pub use merchant::MerchantCode;
pub use objects::{Object, ObjectId};
pub use tlv::{Content, Tlv};

/// A code of either kind. Serialises to `objects` and `crc`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum QrCode {
    /// Shown by a shop.
    Merchant(MerchantCode),
    /// Shown by a customer; account data is masked when serialised.
    Consumer(ConsumerCode),
}

/// Reads a code of either kind: a consumer-presented one begins with the base64 of `85 05 CPV01`.
///
/// # Errors
/// [`QrError`] with what is wrong and where.
pub fn parse(text: &[u8]) -> Result<QrCode, QrError> {
    if text.starts_with(consumer::BEGINNING.as_bytes()) {
        ConsumerCode::parse(text).map(QrCode::Consumer)
    } else {
        MerchantCode::parse(text).map(QrCode::Merchant)
    }
}
