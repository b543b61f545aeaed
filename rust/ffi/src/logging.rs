//! Where log lines go: Android's log on a device, nowhere elsewhere. Field values are never
//! logged by any crate.

/// Installs the logger; doing it again changes nothing. Off a device there is none to install.
#[uniffi::export]
pub fn init_logging() {
    #[cfg(target_os = "android")]
    crate::android::init_logging();
}
