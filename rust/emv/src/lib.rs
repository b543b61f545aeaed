//! A contactless card, phone or wristband, read as a step machine: the terminal's settings and the
//! payment go in, commands come out, and at the end stand track 2 and field 55 for a sale that
//! goes online, or the reason why not.
//!
//! **This is not a certified kernel** and must not be presented as one: it proves no card (offline
//! data authentication), approves nothing by itself and knows UnionPay's quick contactless
//! transaction only. A vendor's kernel and PIN pad plug into the same place. It must not know a
//! reader, a thread, a clock or any other crate of this workspace. Cards are untrusted: every
//! length is checked and every conversation ends. References to "spec" mean the description of
//! codes and contactless cards.
//!
//! ```
//! use pos_emv::{Payment, PaymentKind, Reading, Step, TerminalData};
//!
//! let payment = Payment {
//!     kind: PaymentKind::Sale,
//!     amount: 12_34,
//!     currency: [0x01, 0x56],
//!     date: [0x26, 0x11, 0x24],
//!     unpredictable: [0x11, 0x22, 0x33, 0x44],
//!     counter: [0, 0, 0, 1],
//! };
//! let (mut reading, command) = Reading::start(TerminalData::default(), payment);
//! assert_eq!(command.first_chunk(), Some(&[0x00, 0xA4, 0x04, 0x00]));
//! assert!(matches!(reading.answer(&[0x6A, 0x82]), Step::Failed(_)));
//! ```

mod apdu;
mod card;
mod facts;
mod failure;
mod field55;
pub mod list;
mod reading;
#[cfg(feature = "simulated")]
pub mod simulated;
mod terminal;
pub mod tlv;

pub use card::{CardRead, HolderCheck};
pub use failure::{Place, ReadFailure};
pub use reading::{Reading, Step};
pub use terminal::{Application, HolderWords, Payment, PaymentKind, TerminalData};
