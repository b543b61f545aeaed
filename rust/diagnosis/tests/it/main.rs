//! Through the public interface alone.

mod statistics;
mod texts;
mod verdicts;
