//! Whole days at the counter against the simulated hosts, in one process and under paused time:
//! a shop whose program can be stopped at any write, a host whose faults strike at named moments,
//! and a checker that compares both money ledgers.

// The whole crate is a test: what cannot be had stops it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::arithmetic_side_effects
)]

mod cards;
mod checker;
pub mod day;
mod file;
mod keypad;
mod link;
mod ports;
mod shop;
pub mod web;
mod wire;

pub use cards::{CARD, EXPIRY, OTHER_CARD, PIN, TRACK2, card, other_card, swiped, with_pin};
pub use checker::{Finding, every_void_ends, findings};
pub use link::{Death, MemoryLink, Tamper};
pub use ports::{CountingRandom, MemoryOutside, TestClock};
pub use shop::{DATA_KEY, Setup, Shop, TMK, fault};
pub use wire::{Forger, Request};
