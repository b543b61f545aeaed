//! The wallet drivers from outside: published vectors, an independent implementation of every
//! signature, and properties over any bytes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod acp;
mod alipay_build;
mod alipay_check;
mod alipay_nodes;
mod alipay_undo;
mod common;
mod keys;
mod v2_build;
mod v2_check;
mod v2_sign;
mod v2_undo;
mod v3_build;
mod v3_check;
mod xml;
