//! Cards at the reader: good ones, the published trace, and hostile ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod good;
mod hostile;
mod support;
mod trace;
