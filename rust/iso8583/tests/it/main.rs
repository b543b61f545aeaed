//! Integration tests of the codec: vectors, properties, bad frames, secrecy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod allocations;
mod bad_frames;
mod exercise;
mod fields;
mod generate;
mod header;
mod messages;
mod properties;
mod secrecy;
mod security;
mod subfields;
mod support;
mod table;
mod vectors;
