//! Simulated hosts: the acquirer and, beside it, whatever else takes part in a payment, each with
//! a money ledger of its own and with faults that strike at named moments.
//!
//! It must not know how a terminal thinks: it reads and writes frames by the codec alone, and signs
//! and checks with the block ciphers themselves, so that an error in the terminal's own code cannot
//! hide behind the same error here. [`Acquirer`] has no socket, no clock and no thread: a test
//! plays its steps in process, [`serve`] plays the same steps over TCP.

pub mod fault;
mod hosts;
mod server;
mod unionpay;

pub use fault::{Fault, FaultError, FaultSet};
pub use hosts::{Command, CommandError, Hosts};
pub use server::{Options, Ports, Running, ServeError, serve};
pub use pos_emv::simulated::{Decision, Tag};
pub use unionpay::{
    Acquirer, AnswerCode, Card, CardListError, Connect, MacMethod, MasterKey, Rule, Settings, Step,
    Violation, parse_cards,
};
