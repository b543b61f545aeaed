//! Approvals, as flows ask for them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod consent;
mod support;
