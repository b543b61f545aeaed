//! Whole days at the counter. Each module is one subject.

// A helper that cannot have what it needs stops its test.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod answers;
mod at_risk;
mod batches;
mod bugs;
mod chips;
mod clearing;
mod codes;
mod completions;
mod crash;
mod curable;
mod deadlines;
mod dialect;
mod downloads;
mod faults;
mod gate;
mod habits;
mod history;
mod jobs;
mod keys;
mod late;
mod notices;
mod pace;
mod planted;
mod preauths;
mod random;
mod restored;
mod reversals;
mod secrecy;
mod settlement;
mod signatures;
mod stops;
mod told;
mod turns;
mod voids;
mod waiting;
mod wallet_acp;
mod wallet_crash;
mod wallet_faults;
mod wallet_planted;
mod wallet_restored;
mod wallet_rules;
mod wallet_sales;
mod wallet_undos;
mod wallet_unknown;
