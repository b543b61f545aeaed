//! Orders that go over the web, how their money goes back, and payment codes that must be kept.

mod code;
mod order;
mod undo;

pub use order::{NewWebOrder, WebOrder};
pub use undo::{NewWebUndo, WebUndo};
