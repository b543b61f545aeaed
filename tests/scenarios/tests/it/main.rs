//! Whole days at the counter. Each module is one subject.

mod answers;
mod crash;
mod faults;
mod late;
mod voids;
