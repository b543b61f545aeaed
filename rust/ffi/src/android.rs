//! What only a device has: the library's entry and Android's log.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::sync::OnceLock;

use android_logger::{AndroidLogger, Config};
use jni::sys::{JNI_VERSION_1_6, JavaVM, jint};
use log::{LevelFilter, Log, Record};

/// Hands a line to Android's log.
pub(crate) fn tell(record: &Record<'_>) {
    static LOG: OnceLock<AndroidLogger> = OnceLock::new();
    let config = || Config::default().with_max_level(LevelFilter::Info);
    let log = LOG.get_or_init(|| AndroidLogger::new(config().with_tag("voidproof")));
    log.log(record);
}

/// Called once by the platform when the library is loaded: names the version of JNI.
#[unsafe(no_mangle)]
pub extern "system" fn JNI_OnLoad(_vm: *mut JavaVM, _reserved: *mut c_void) -> jint {
    JNI_VERSION_1_6
}
