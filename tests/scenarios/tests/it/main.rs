//! Whole days at the counter. Each module is one subject.

mod crash;
mod settlement;
mod voids;
