//! Integration tests: published vectors, properties, errors, secrecy, pictures and frames.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod consumer;
mod merchant;
mod recognise;
mod rules;
mod support;
