//! Sale, void, reversal and their kin as steps that survive a crash between any two writes.
//!
//! This crate must not know a socket, a thread, a screen or a clock of its own: it reaches hosts
//! through [`link::Link`], and everything else through the ports of `pos-domain`.

pub mod link;
