//! Integration tests of the engine over its public API.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod cipher;
mod copies;
mod counter;
mod counter_codes;
mod counter_copies;
mod counter_family;
mod counter_input;
mod counter_tap;
mod editions;
mod hanging;
mod home;
mod lost_keys;
mod profile;
mod rails;
mod receipt;
mod setup;
mod tcp;
mod tls;
mod vault;
mod web;
mod web_tls;
mod whole_profile;
