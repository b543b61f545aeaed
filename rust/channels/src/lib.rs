//! Pure drivers of the rails: from facts to a message and its MAC input, from bytes to a checked
//! answer.
//!
//! This crate must not know a socket, a clock, a database or where a key is kept: card keys are
//! used through the `Cipher` port by slot and generation, a wallet's keys are handed in by the
//! caller.
//! A new transaction is one new builder; a new rail is one new folder.

pub mod acp;
pub mod alipay;
pub mod http;
pub mod unionpay;
pub mod wallet;
pub mod wechat;
