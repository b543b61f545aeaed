//! The UnionPay POS dialect (spec unionpay-8583).

mod answer;
mod draft;
mod financial;
mod management;
mod reversal;
mod settlement;
mod stray;
mod terminal;

pub use answer::{Answer, Expected, Mismatch, check};
pub use draft::{Draft, DraftError, Secrets};
pub use financial::{Kind, Related, financial};
pub use management::{KeyMode, echo, sign_in, sign_out};
pub use reversal::{Reason, reversal};
pub use settlement::{Detail, Org, Totals, batch_details, batch_end, notice_copy, settlement};
pub use stray::{Stray, is_authentic};
pub use terminal::{Identity, VoidReversalOriginal};
