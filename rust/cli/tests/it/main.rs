//! The binary from outside: its objects, its exit codes, its errors.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod decode;
mod encode;
mod explain;
mod homes;
mod host;
mod init;
mod output;
mod spine;
mod support;
mod usage;
