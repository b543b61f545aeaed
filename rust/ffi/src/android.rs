//! What only a device has: the library's entry and its log.

#![allow(unsafe_code)]

use std::ffi::c_void;

use jni::sys::{JNI_VERSION_1_6, JavaVM, jint};

/// The most that a release says.
const LEVEL: log::LevelFilter = log::LevelFilter::Info;

pub(crate) fn init_logging() {
    let config = android_logger::Config::default();
    android_logger::init_once(config.with_max_level(LEVEL).with_tag("voidproof"));
}

/// Called once by the platform when the library is loaded.
#[unsafe(no_mangle)]
pub extern "system" fn JNI_OnLoad(_vm: *mut JavaVM, _reserved: *mut c_void) -> jint {
    init_logging();
    JNI_VERSION_1_6
}
