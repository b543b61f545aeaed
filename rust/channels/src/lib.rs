//! Pure drivers of the rails: from facts to a message and its MAC input, from bytes to a checked
//! answer.
//!
//! This crate must not know a socket, a clock, a database or a key: keys are used through the
//! `Cipher` port by slot and generation. A new transaction is one new builder; a new rail is one
//! new folder.

pub mod unionpay;
