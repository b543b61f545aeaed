//! How the acquirer is set up.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::cards::Card;
use super::code::AnswerCode;
use super::crypto::MacMethod;

/// The terminal master key, 16 bytes: for DES and for SM4 working keys alike.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey(pub(crate) [u8; 16]);

impl MasterKey {
    /// The key that a simulated acquirer has unless it is given another.
    #[must_use]
    pub const fn default_key() -> Self {
        Self(*b"1234567812345678")
    }

    /// From 32 hexadecimal digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(hex, 16)
            .ok()
            .map(|key| Self(key.to_be_bytes()))
    }

    /// As 32 hexadecimal digits, for the profile of a terminal.
    #[must_use]
    pub fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{:032X}", u128::from_be_bytes(self.0)))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Settings of the simulated acquirer. What sources leave open is here and not in the code.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Terminal master key.
    pub master_key: MasterKey,
    /// Seed of working keys and authorization codes.
    pub seed: u64,
    /// Batch that a terminal is given when it first signs in, 1 to 999999.
    pub first_batch: u32,
    /// How field 64 is made when the terminal signed in with DES keys.
    pub mac: MacMethod,
    /// How field 64 is made when the terminal signed in with SM4 keys.
    pub sm4_mac: MacMethod,
    /// True: the MAC key has 16 significant bytes in key modes 003 and 004 (spec 6.2).
    pub long_mac_key: bool,
    /// True: declines carry a MAC too (spec 3.3 lets a host leave it out).
    pub mac_on_declines: bool,
    /// The answer to a financial request of a terminal that has no working keys.
    pub not_signed_in: AnswerCode,
    /// The answer to a reversal that was carried out before (spec 4.6 gives 22 and 94).
    pub repeated_reversal: AnswerCode,
    /// True: the void of a sale by payment code can be reversed; false: 40 is answered (spec 3.1
    /// and 3.6 leave it open).
    pub code_void_reversal: bool,
    /// Minute of the day, UTC+8, at which the business day changes by itself; `None`: only when
    /// told to.
    pub day_cutover: Option<i64>,
    /// Acquirer id, field 32: at most 11 digits.
    pub acquirer_id: String,
    /// Cards that behave in a way of their own, by number.
    pub cards: BTreeMap<String, Card>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            master_key: MasterKey::default_key(),
            seed: 1,
            first_batch: 1,
            mac: MacMethod::Fold,
            sm4_mac: MacMethod::Fold,
            long_mac_key: false,
            mac_on_declines: true,
            not_signed_in: AnswerCode::SIGN_IN,
            repeated_reversal: AnswerCode::ALREADY,
            code_void_reversal: true,
            day_cutover: None,
            acquirer_id: "48020000".to_owned(),
            cards: BTreeMap::new(),
        }
    }
}
