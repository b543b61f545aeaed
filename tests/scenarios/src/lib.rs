//! Whole days at the counter against the simulated hosts.
