//! Sale, void, reversal and their kin as steps that survive a crash between any two writes.
//!
//! Every money message goes the same way: its intent and the intent to reverse it are committed
//! together, then it is sent once, then what is proven is committed, then it is told. Between any
//! two of these the program may die; [`Desk::recover`] puts the rest right.
//!
//! This crate must not know a socket, a thread, a screen or a clock of its own: it reaches hosts
//! through [`link::Link`] and everything else through the ports of `pos-domain`. Whoever calls it
//! lets one flow run at a time on one terminal number.

mod advice;
mod backoff;
mod clear;
mod coded;
mod deadline;
mod deliver;
mod desk;
mod error;
mod gate;
mod history;
mod inquiry;
mod intent;
mod jobs;
mod judge;
pub mod link;
mod notice;
mod original;
mod pass;
#[cfg(feature = "planted")]
mod planted;
mod preauth;
mod queue;
mod recover;
mod refund;
mod resolve;
mod restore;
mod reversal;
mod rules;
mod script_notice;
mod settle;
mod sign_in;
mod signature;
mod transmit;
mod undo;
mod void;
pub mod wallet;

pub use coded::{CodeOrder, CodeRefund};
pub use deadline::Deadline;
pub use desk::{Desk, TRACE_END};
pub use error::FlowError;
pub use gate::Gate;
pub use inquiry::Inquired;
pub use original::Order;
pub use pass::PassReport;
pub use refund::{RefundOf, RefundRequest};
pub use resolve::Statement;
pub use restore::{EPOCH, waits_for_supervisor};
pub use rules::{Rules, Wanted};
pub use settle::{Balance, Settled};
pub use sign_in::Management;
pub use void::{Recorded, VoidRequest, Voided};
