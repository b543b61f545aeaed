//! `pos_ffi`: the terminal for Kotlin, over UniFFI.
//!
//! Conversion and delegation only. It must not know a rule of the business, a wire format, a
//! table or a screen: [`Core`] hands each call to [`pos_engine::counter::Counter`], the types of
//! which are exported as they are. This is the one crate with uniffi, jni and `android_logger`,
//! and the only one that may have unsafe code.

#[cfg(target_os = "android")]
mod android;
/// Only to be linked: see Cargo.toml.
#[cfg(all(target_os = "android", target_pointer_width = "64", no_ndk))]
use unwinding as _;
mod core;
mod crash;
mod logging;
mod ports;
mod safety;
mod shapes;
mod wipe;

pub use crate::core::{Core, Places};
pub use crate::logging::init_logging;
pub use crate::ports::{
    Clock, ClockReading, CopyPlace, KeyStore, Observer, PlaceFailure, PortFailure,
};

uniffi::setup_scaffolding!();
