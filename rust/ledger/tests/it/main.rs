//! The ledger as others use it, on real files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod at_risk;
mod audit;
mod cleared;
mod counters;
mod durability;
mod journal;
mod kept;
mod messages;
mod model;
mod old_ledgers;
mod opening;
mod paging;
mod preauth;
mod records;
mod secrecy;
mod stops;
mod support;
mod transactions;
mod undo_rule;
mod verify;
mod vfs;
mod web;
