//! Simulated hosts: the acquirer and, beside it, whatever else takes part in a payment, each with
//! a money ledger of its own and with faults that strike at named moments.
//!
//! It must not know how a terminal thinks: it reads and writes frames by the codec alone, and signs
//! and checks with the crypto libraries themselves, so that an error in the terminal's own code
//! cannot hide behind the same error here. [`Acquirer`] and [`Wallet`] have no socket, no clock and
//! no thread: a test plays their steps in process, [`serve`] plays the same steps over TCP and
//! HTTP.

mod acp;
mod alipay;
mod command;
pub mod fault;
mod hosts;
mod listen;
mod server;
mod starter;
mod unionpay;
mod wallet;
mod web;
mod wechat;

pub use command::{Command, CommandError};
pub use fault::{Fault, FaultError, FaultSet};
pub use hosts::{Hosts, WebHost};
pub use listen::{Listened, listen};
pub use pos_emv::simulated::{Decision, Tag};
pub use server::{Options, Ports, Running, ServeError, serve};
pub use starter::{STARTER_MARK, StarterFile, starter_files};
pub use unionpay::{
    Acquirer, AnswerCode, Card, CardListError, Connect, MacMethod, MasterKey, Rule, Settings, Step,
    Violation, parse_cards,
};
pub use wallet::{
    Customer, MERCHANT_CERTIFICATE, MERCHANT_KEY, ROOT_CERTIFICATES, WALLET_CERTIFICATE,
    WALLET_PUBLIC_KEY, Wallet, WalletKeyError, WalletRule, WalletSettings, WalletViolation,
};
pub use web::{WebRequest, WebResponse, WebStep};
