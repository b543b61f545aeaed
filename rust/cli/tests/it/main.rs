//! The binary from outside: its objects, its exit codes, its errors.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod after_payment;
mod clearing;
mod copies;
mod decode;
mod demo;
mod disk;
mod encode;
mod explain;
mod held;
mod homes;
mod host;
mod init;
mod kill9;
mod money;
mod output;
mod papers;
mod people;
mod qr;
mod rescue;
mod secrecy;
mod spine;
mod support;
mod usage;
mod wallet_secrecy;
mod wallet_shop;
mod wallet_unknown;
mod wallets;

use support::far_cutover;
