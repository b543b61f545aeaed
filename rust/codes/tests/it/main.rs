//! Integration tests: published vectors, properties, errors, secrecy, pictures and frames.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_wrap,
    reason = "a test stops at the first surprise"
)]

mod bars;
mod camera;
mod consumer;
mod merchant;
mod pictures;
mod recognise;
mod rules;
mod scene;
mod support;
