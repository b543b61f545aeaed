//! Who may do what: operators' PINs, lockout, roles, approvals and limits, as pure rules.
//!
//! This crate must not know a database, a screen or a flow. It is given facts (an operator as
//! stored, whether a supervisor exists, what the clocks show) and says yes, or no with the code
//! that explains why, and what has to be stored about a PIN that was tried.
//!
//! Whoever asks stores that note and commits it *before* the verdict is told: a terminal that is
//! switched off in between then has told nothing, and a guess is never free.

pub mod approval;
pub mod hash;
pub mod limits;
pub mod lockout;
pub mod operator;
pub mod passphrase;
pub mod pin;

pub use approval::{
    Act, Approver, Consent, ConsentCheck, Needed, Request, check_consent, needed_for,
};
pub use hash::{HashError, hash_pin, pin_matches};
pub use limits::{Limits, check_refund};
pub use lockout::{Lock, PinNote};
pub use operator::{
    Change, Crew, OperatorCheck, OperatorFacts, Role, check_change, check_operator,
};
pub use passphrase::{Passphrase, PassphraseFault, Stretching};
pub use pin::{OperatorPin, PinFault};
