//! What acquirers require to be told of the terminal with each payment by code: kind, serial,
//! sealed serial, licence, version and place of the device.

use std::fmt;

use pos_codes::PaymentCode;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// Digits of the payment code that the sealed serial is made with.
const FACTOR: usize = 6;

/// Seals a serial number inside the device, as its maker provides.
pub trait SerialSeal: Send + Sync {
    /// The base64 text of the 64-bit result over serial and factor; none when the device cannot.
    fn seal(&self, serial: &str, factor: &str) -> Option<String>;
}

/// What is told of one terminal. Nothing in here is secret; what [`TerminalInformation::told`]
/// gives holds the end of a payment code.
#[derive(Clone)]
pub struct TerminalInformation {
    /// Device type, two digits: `04` is a smart POS.
    pub device_type: String,
    /// Hardware serial number, at most 50 characters.
    pub serial: String,
    /// Network licence, five characters; empty when the device has none.
    pub network_license: String,
    /// The application's version, eight characters; another one for each release.
    pub version: String,
    /// `+lat/-lng`; empty when the device does not know, then its address is told.
    pub location: String,
    /// The device's seal for its serial; none for a device without one.
    pub seal: Option<std::sync::Arc<dyn SerialSeal>>,
}

impl fmt::Debug for TerminalInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TerminalInformation({})", self.version)
    }
}

impl TerminalInformation {
    /// The JSON text that goes with a payment by `code`. `terminal` is the terminal's number, `ip`
    /// its address.
    #[must_use]
    pub fn told(&self, terminal: &str, ip: &str, code: &PaymentCode) -> Zeroizing<String> {
        let text = code.text();
        let factor = text
            .get(text.len().saturating_sub(FACTOR)..)
            .unwrap_or_default();
        let sealed = self
            .seal
            .as_ref()
            .and_then(|seal| seal.seal(&self.serial, factor));
        let mut members = Map::new();
        let mut tell = |name: &str, value: &str| {
            if !value.is_empty() {
                members.insert(name.to_owned(), Value::from(value));
            }
        };
        tell("device_type", &self.device_type);
        tell("device_id", terminal);
        tell("serial_num", &self.serial);
        tell("network_license", &self.network_license);
        tell("app_version", &self.version);
        tell("location", &self.location);
        if self.location.is_empty() {
            tell("device_ip", ip);
        }
        if let Some(sealed) = &sealed {
            tell("encrypt_rand_num", factor);
            tell("secret_text", sealed);
        }
        Zeroizing::new(Value::Object(members).to_string())
    }
}
