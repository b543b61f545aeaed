//! The simulated hosts from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod agreement;
mod any_bytes;
mod batch;
mod desk;
mod faults;
mod holds;
mod related;
mod sales;
mod served;
mod violations;
