//! Payments by code.

use pos_domain::{Explanation, Rail};

use crate::terminal::Stage;

/// What a scanned or typed code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// A customer's payment code.
    Pays {
        /// Who takes it.
        rail: Rail,
    },
    /// No code that pays here.
    Other {
        /// What it is and what to do instead.
        explanation: Explanation,
    },
}

/// A payment by code under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// How far it is.
    pub stage: Stage,
    /// What is left of the wait, milliseconds; none when it is over or cannot be told.
    pub left: Option<i64>,
    /// Whether the cashier may stop it.
    pub can_take_back: bool,
    /// Whether it can still be said that the goods are with the customer.
    pub can_hand_over: bool,
    /// The text of our code for the customer to scan.
    pub code: Option<String>,
}

/// A square of modules, without the light around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules along a side.
    pub size: u32,
    /// Row by row, 1 for dark.
    pub dark: Vec<u8>,
}
