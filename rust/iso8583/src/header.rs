//! What stands before the fields: message type, TPDU and application header (spec 1).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::bcd;

/// A text that is not a message type, TPDU or header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{what} needs {rule}")]
pub struct ParseError {
    what: &'static str,
    rule: &'static str,
}

/// Message type indicator, four digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mti([u8; 2]);

impl Mti {
    /// Authorization request: pre-auth and its void.
    pub const AUTHORIZATION: Self = Self([0x01, 0x00]);
    /// Financial request: sale, void, inquiry, completion.
    pub const FINANCIAL: Self = Self([0x02, 0x00]);
    /// Financial notice: refund, completion advice, offline.
    pub const NOTICE: Self = Self([0x02, 0x20]);
    /// Batch upload.
    pub const BATCH_UPLOAD: Self = Self([0x03, 0x20]);
    /// Reversal.
    pub const REVERSAL: Self = Self([0x04, 0x00]);
    /// Settlement.
    pub const SETTLEMENT: Self = Self([0x05, 0x00]);
    /// Script result notice.
    pub const SCRIPT_NOTICE: Self = Self([0x06, 0x20]);
    /// Sign-in and downloads.
    pub const SIGN_IN: Self = Self([0x08, 0x00]);
    /// Sign-out, echo, status and queries.
    pub const NETWORK: Self = Self([0x08, 0x20]);

    /// From a number in BCD notation, such as `0x0200`; `None` when a nibble is above nine.
    #[must_use]
    pub const fn new(bcd: u16) -> Option<Self> {
        Self::from_bytes(bcd.to_be_bytes())
    }

    /// From the two bytes on the wire; `None` when a nibble is above nine.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        let [high, low] = bytes;
        if bcd::byte_is_bcd(high) && bcd::byte_is_bcd(low) {
            Some(Self(bytes))
        } else {
            None
        }
    }

    /// The two bytes on the wire.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0
    }

    /// The type that answers this one: 0200 gives 0210. An answer gives itself.
    #[must_use]
    pub const fn response(self) -> Self {
        let [high, low] = self.0;
        Self([high, low | 0x10])
    }

    /// True for an answer: the third digit is odd.
    #[must_use]
    pub const fn is_response(self) -> bool {
        let [_, low] = self.0;
        low & 0x10 != 0
    }
}

/// Transport header: id `60`, destination, source.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tpdu([u8; 5]);

impl Tpdu {
    /// From the bytes on the wire; `None` unless the id is 60 and all nibbles are digits.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 5]) -> Option<Self> {
        let [id, ..] = bytes;
        (id == 0x60 && bcd::is_bcd(&bytes)).then_some(Self(bytes))
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 5] {
        self.0
    }

    /// Destination and source exchanged, as a host answers.
    #[must_use]
    pub const fn swapped(self) -> Self {
        let [id, d1, d2, s1, s2] = self.0;
        Self([id, s1, s2, d1, d2])
    }
}

/// Application header, 12 digits (spec 1.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header([u8; 6]);

impl Header {
    /// From the bytes on the wire; `None` when a nibble is above nine.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 6]) -> Option<Self> {
        bcd::is_bcd(&bytes).then_some(Self(bytes))
    }

    /// The bytes on the wire.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 6] {
        self.0
    }

    /// Digit 5: true when the terminal is in test mode.
    #[must_use]
    pub const fn test_mode(self) -> bool {
        let [_, _, status, ..] = self.0;
        status >> 4 == 1
    }

    /// Digit 6: the job that the host asks the terminal to do after this transaction (spec 1.4).
    #[must_use]
    pub const fn processing_request(self) -> ProcessingRequest {
        let [_, _, status, ..] = self.0;
        ProcessingRequest::from_digit(status & 0x0F)
    }

    /// The same header with another processing request; a host sets it, a terminal sends 0.
    #[must_use]
    pub const fn with_processing_request(self, request: ProcessingRequest) -> Self {
        let [class, version, status, s1, s2, s3] = self.0;
        Self([
            class,
            version,
            (status & 0xF0) | request.digit(),
            s1,
            s2,
            s3,
        ])
    }
}

/// A job that the host asks for in the header of its answer (spec 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProcessingRequest {
    /// 0: nothing to do.
    None,
    /// 1: download terminal parameters (60.3 = 360).
    Parameters,
    /// 2: upload the terminal status (362).
    Status,
    /// 3: sign in again.
    SignIn,
    /// 4: update the CA public keys (372, 370, 371).
    CaKeys,
    /// 5: update the chip application parameters (382, 380, 381).
    ChipParameters,
    /// 6: terminal management parameters (364, 365).
    Management,
    /// 7: card blacklist (390, 391).
    Blacklist,
    /// 8 and 9: meaning is the vendor's.
    Vendor(VendorRequest),
}

/// Which of the two vendor values a processing request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VendorRequest {
    /// Digit 8.
    Eight,
    /// Digit 9.
    Nine,
}

impl ProcessingRequest {
    const fn from_digit(digit: u8) -> Self {
        match digit {
            0 => Self::None,
            1 => Self::Parameters,
            2 => Self::Status,
            3 => Self::SignIn,
            4 => Self::CaKeys,
            5 => Self::ChipParameters,
            6 => Self::Management,
            7 => Self::Blacklist,
            8 => Self::Vendor(VendorRequest::Eight),
            _ => Self::Vendor(VendorRequest::Nine),
        }
    }

    /// The digit on the wire, 0 to 9.
    #[must_use]
    pub const fn digit(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Parameters => 1,
            Self::Status => 2,
            Self::SignIn => 3,
            Self::CaKeys => 4,
            Self::ChipParameters => 5,
            Self::Management => 6,
            Self::Blacklist => 7,
            Self::Vendor(VendorRequest::Eight) => 8,
            Self::Vendor(VendorRequest::Nine) => 9,
        }
    }
}

macro_rules! digits_text {
    ($type:ident, $rule:literal) => {
        impl FromStr for $type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                bcd::parse_digits(text)
                    .and_then(Self::from_bytes)
                    .ok_or(ParseError {
                        what: stringify!($type),
                        rule: $rule,
                    })
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                bcd::write_digits(f, &self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }
    };
}

digits_text!(Mti, "4 digits");
digits_text!(Tpdu, "10 digits that begin with 60");
digits_text!(Header, "12 digits");
