//! The UnionPay POS dialect of ISO 8583: frames, fields, message authentication, and the
//! transactions of the dialect as data.
//!
//! Usable alone. It must not know sockets, clocks, storage, or any other crate of this workspace;
//! keys come in as arguments and go out of memory when the call ends. References to "spec" mean
//! the field, transaction and security sections of the dialect's description.
//!
//! ```
//! use pos_iso8583::{Fields, Message, Mti, decode, encode};
//!
//! let mut fields = Fields::new();
//! fields.set(41, "10000001").set(42, "898310048140001").set(60, "00000001301");
//! let echo = Message {
//!     tpdu: "6000030000".parse()?,
//!     header: "603100311300".parse()?,
//!     mti: Mti::NETWORK,
//!     fields,
//! };
//! let frame = encode(&echo)?;
//! assert_eq!(decode(&frame)?.digits(60).as_deref(), Some("00000001301"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bcd;
mod decode;
pub mod describe;
mod encode;
mod error;
mod fields;
mod frame;
mod header;
pub mod messages;
pub mod security;
pub mod subfields;
pub mod table;
pub mod tlv;

pub use decode::decode;
pub use encode::{encode, encode_with_mac};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeMacError};
pub use fields::{Fields, Message};
pub use frame::Frame;
pub use header::{Header, Mti, ParseError, ProcessingRequest, Tpdu, VendorRequest};
