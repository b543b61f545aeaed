//! Orders that go over the web, and how their money goes back.

mod order;
mod undo;

pub use order::{NewWebOrder, WebOrder};
pub use undo::{NewWebUndo, WebUndo};
