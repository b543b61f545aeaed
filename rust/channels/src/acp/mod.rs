//! UnionPay's all-channel gateway for QR payments (spec qr-and-emv §2.2): forms both ways, signed
//! by RSA over the hexadecimal digest of the sorted pairs.

mod answer;
pub mod codes;
mod form;
mod trades;

pub use trades::{Back, State, Trade, Undo};

use std::fmt;

use pos_domain::WallTime;

use crate::wallet::{Certificate, SigningKey};

/// Builds the requests of one merchant and checks their answers.
pub struct Acp {
    /// `merId`, fifteen characters.
    pub merchant: String,
    /// The terminal's number, eight characters.
    pub terminal: String,
    /// The merchant's private key.
    pub key: SigningKey,
    /// `certId`: the serial of its certificate in decimal digits.
    pub cert_id: String,
    /// The certificates that an answer's certificate must come from: root and middle.
    pub authorities: Vec<Certificate>,
    /// The common name that an answer's certificate must have: a merchant's comes from the same
    /// authorities. None where the authorities sign for nobody else.
    pub signer: Option<String>,
    /// Where the merchant's back end hears of payments; mandatory on the wire.
    pub back_url: String,
}

impl fmt::Debug for Acp {
    /// Never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acp")
            .field("merchant", &self.merchant)
            .finish_non_exhaustive()
    }
}

/// `yyyyMMddHHmmss` in UTC+8: with its number it names an order.
fn txn_time(at: WallTime) -> String {
    format!("{}{}", at.yyyymmdd(), at.hhmmss())
}
