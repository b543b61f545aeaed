//! Every key of the profile as data: kind, default, check.

use zeroize::Zeroizing;

use super::beside::Beside;
use super::pem::Content;
use super::read::{Entries, Entry, Value};
use super::{ProfileError, Settings, check, pem, wallet_check};
use crate::secrets::{Secret, Secrets};

/// The schema number that this program knows.
const SCHEMA: i64 = 1;
/// The name under which the terminal master key is kept.
pub(crate) const TMK: &str = "unionpay.tmk";

/// A check of a text; the error says what would be right.
type Check = fn(&str) -> Result<(), &'static str>;

/// What a key holds.
pub(super) enum Kind {
    /// A text that the check accepts.
    Text(Check),
    /// A whole number within these bounds.
    Number(i64, i64),
    /// True or false.
    Flag,
    /// A secret text; it never becomes a setting.
    Secret(Check),
    /// The name of a PEM file, whose bytes go to the sealed store. Empty = none. An absent key
    /// means the file of this name, when it is there.
    File(&'static str, Content),
}

/// One key of the profile.
pub(super) struct Key {
    /// Section and name.
    pub name: &'static str,
    pub kind: Kind,
    /// Value of an absent key; none when a present section must have the key.
    pub default: Option<&'static str>,
}

const fn text(name: &'static str, default: &'static str, check: Check) -> Key {
    Key {
        name,
        kind: Kind::Text(check),
        default: Some(default),
    }
}

const fn must(name: &'static str, check: Check) -> Key {
    Key {
        name,
        kind: Kind::Text(check),
        default: None,
    }
}

const fn number(name: &'static str, default: &'static str, low: i64, high: i64) -> Key {
    Key {
        name,
        kind: Kind::Number(low, high),
        default: Some(default),
    }
}

const fn flag(name: &'static str, default: &'static str) -> Key {
    Key {
        name,
        kind: Kind::Flag,
        default: Some(default),
    }
}

const fn secret(name: &'static str, check: Check) -> Key {
    Key {
        name,
        kind: Kind::Secret(check),
        default: Some(""),
    }
}

const fn file(name: &'static str, default: &'static str, content: Content) -> Key {
    Key {
        name,
        kind: Kind::File(default, content),
        default: Some(""),
    }
}

/// All keys, in the order in which they are checked.
pub(super) static KEYS: &[Key] = &[
    must("merchant.id", check::merchant_id),
    text("merchant.name", "示例商户", check::name),
    must("terminal.id", check::terminal_id),
    text("terminal.serial", "00004301234567890123", check::serial),
    text("terminal.day_cutover", "24:00", check::clock),
    text("terminal.auto_settle", "", check::clock_or_empty),
    text("terminal.location", "", check::location),
    text("terminal.network_license", "", check::network_license),
    must("unionpay.host", check::host),
    file("unionpay.tls_ca", "", Content::Authorities),
    text("unionpay.plain_tcp", "loopback", check::plain_tcp),
    text("unionpay.tpdu", "6000030000", check::tpdu),
    text("unionpay.header", "603100311300", check::header),
    number("unionpay.timeout_s", "60", 1, 300),
    text("unionpay.keys", "double", check::keys),
    text("unionpay.mac", "", check::mac),
    secret(TMK, check::tmk),
    flag("unionpay.void_needs_card", "false"),
    flag("unionpay.void_needs_pin", "false"),
    flag("unionpay.completion_void_needs_card", "false"),
    flag("unionpay.completion_void_needs_pin", "false"),
    flag("unionpay.preauth_void_needs_pin", "false"),
    number("unionpay.resend_limit", "3", 1, 20),
    number("unionpay.late_window_s", "120", 0, 3600),
    flag("unionpay.qr_void_reversal", "false"),
    flag("unionpay.accept_unmaced_decline", "false"),
    text(
        "unionpay.void_reversal_f61",
        "void",
        check::reversal_original,
    ),
    number("unionpay.max_batch", "500", 1, 9999),
    number("unionpay.completion_most", "115", 100, 200),
    number("unionpay.pin_capture", "12", 4, 12),
    number("unionpay.processing_code_digits", "6", 2, 6),
    flag("unionpay.sale_reversal_f61", "false"),
    flag("unionpay.terminal_information", "false"),
    number("unionpay.terminal_information_lengths", "3", 2, 3),
    number("unionpay.f59_lengths", "3", 2, 3),
    text("unionpay.signature_code", "800", check::three_digits),
    flag("unionpay.signature_mac", "true"),
    text("unionpay.parameter_sizes", "", check::parameter_sizes),
    text(
        "unionpay.status_report",
        "010020030040050",
        check::status_report,
    ),
    text(
        "unionpay.script_not_run",
        "0000000000",
        check::script_results,
    ),
    text("unionpay.tap_qualifiers", "26000080", check::hex::<4>),
    text("unionpay.tap_capabilities", "E0E9C8", check::hex::<3>),
    text("unionpay.tap_terminal_type", "22", check::hex::<1>),
    text("unionpay.tap_country", "0156", check::hex::<2>),
    text(
        "unionpay.tap_verification_results",
        "0000000000",
        check::hex::<5>,
    ),
    number("unionpay.tap_check_from", "100000", 0, 999_999_999_999),
    flag("unionpay.tap_device_check", "false"),
    text("unionpay.tap_check_none", "1F0002", check::hex::<3>),
    text("unionpay.tap_check_pin", "020000", check::hex::<3>),
    text("unionpay.tap_check_signature", "1E0000", check::hex::<3>),
    text("unionpay.tap_check_device", "1F0002", check::hex::<3>),
    text(
        "unionpay.tap_applications",
        "A000000333010101=0020, A000000333010102=0020, \
         A000000333010103=0020, A000000333010106=0020",
        check::tap_applications,
    ),
    text(
        "wechat.base_url",
        "http://127.0.0.1:9680",
        wallet_check::base_url,
    ),
    number("wechat.timeout_s", "30", 1, 300),
    text("wechat.app_id", "", check::word),
    text("wechat.mch_id", "", check::word),
    text("wechat.sub_mch_id", "", check::word),
    text("wechat.sub_app_id", "", check::word),
    secret("wechat.api_key", wallet_check::api_key),
    text("wechat.sign_type", "HMAC-SHA256", wallet_check::sign_type),
    file("wechat.client_cert", "", Content::ClientCertificate),
    file("wechat.client_key", "", Content::ClientKey),
    file("wechat.tls_ca", "", Content::Authorities),
    file(
        "wechat.v3_key",
        "keys/wechat_mch_key.pem",
        Content::SigningKey,
    ),
    text("wechat.v3_serial", "", check::word),
    secret("wechat.api_v3_key", wallet_check::api_key),
    file(
        "wechat.platform_public_key",
        "keys/wechat_platform_pub.pem",
        Content::PublicKey,
    ),
    text("wechat.platform_serial", "", check::word),
    text("wechat.notify_url", "", wallet_check::callback),
    number("wechat.refund_days", "365", 1, 3650),
    text(
        "alipay.gateway",
        "http://127.0.0.1:9780/gateway.do",
        wallet_check::url,
    ),
    number("alipay.timeout_s", "30", 1, 300),
    text("alipay.app_id", "", check::word),
    file(
        "alipay.app_private_key",
        "keys/app.pem",
        Content::SigningKey,
    ),
    file(
        "alipay.alipay_public_key",
        "keys/alipay.pem",
        Content::PublicKey,
    ),
    file("alipay.app_cert", "", Content::Certificate),
    file("alipay.alipay_cert", "", Content::Certificate),
    file("alipay.root_cert", "", Content::Roots),
    secret("alipay.app_auth_token", check::word),
    text("alipay.provider", "", check::word),
    text("alipay.http_method", "POST", wallet_check::http_method),
    file("alipay.tls_ca", "", Content::Authorities),
    number("alipay.refund_days", "365", 1, 3650),
    text("unionpay_qr.mode", "8583", wallet_check::qr_mode),
    text("unionpay_qr.base_url", "", wallet_check::base_url_or_empty),
    number("unionpay_qr.timeout_s", "30", 1, 300),
    text("unionpay_qr.mer_id", "", check::word),
    file("unionpay_qr.sign_key", "", Content::SigningKey),
    file("unionpay_qr.sign_cert", "", Content::Certificate),
    file("unionpay_qr.root_cert", "", Content::Authorities),
    text("unionpay_qr.signer", "中国银联股份有限公司", check::name),
    text("unionpay_qr.back_url", "", wallet_check::callback),
    file("unionpay_qr.tls_ca", "", Content::Authorities),
];

/// Sections that must be there; without another one its rail is off.
const MANDATORY: [&str; 2] = ["merchant", "terminal"];

impl Key {
    fn section(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(section, _)| section)
    }

    /// Whether the value is a setting for the ledger.
    pub const fn is_setting(&self) -> bool {
        matches!(self.kind, Kind::Text(_) | Kind::Number(..) | Kind::Flag)
    }
}

/// The key with this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether the file holds a secret as a text.
pub(super) fn has_secret_texts(entries: &Entries) -> bool {
    KEYS.iter().any(|key| {
        let entry = entries.get(key.name).map(|entry| &entry.value);
        let given = matches!(entry, Some(Value::Text(text)) if !text.is_empty());
        matches!(key.kind, Kind::Secret(_)) && given
    })
}

/// The published test key, the default of `tmk`, in the form that a profile gives it.
pub(crate) fn test_master_key() -> Secret {
    Secret::new(Zeroizing::new(b"0123456789ABCDEFFEDCBA9876543210".to_vec()))
}

/// Checks every entry by the table and fills in the defaults.
pub(super) fn collect(
    entries: &Entries,
    beside: &dyn Beside,
) -> Result<(Settings, Secrets), ProfileError> {
    refuse_unknown(entries)?;
    check_schema(entries)?;
    let (mut settings, mut secrets) = (Settings::default(), Secrets::default());
    for key in KEYS {
        let on = MANDATORY.contains(&key.section()) || entries.has_section(key.section());
        match (&key.kind, entries.get(key.name)) {
            (Kind::File(default, content), entry) if on => {
                let read = pem::read(*content, default, entry, beside);
                let bytes = read.map_err(|detail| entries.error(key.name, detail))?;
                if let Some(bytes) = bytes {
                    secrets.set(key.name, Secret::new(bytes));
                }
            }
            (Kind::Secret(check), Some(entry)) => {
                if let Some(secret) = secret_of(key, *check, entry, entries)? {
                    secrets.set(key.name, secret);
                }
            }
            (Kind::Secret(_) | Kind::File(..), _) => {}
            (_, Some(entry)) => settings.set(key.name, &setting_of(key, entry, entries)?),
            (_, None) if on => {
                let default = key
                    .default
                    .ok_or_else(|| entries.error(key.name, "is missing"))?;
                settings.set(key.name, default);
            }
            // Written although off, so that it replaces what an earlier profile had set.
            (_, None) => settings.set(key.name, ""),
        }
    }
    Ok((settings, secrets))
}

fn refuse_unknown(entries: &Entries) -> Result<(), ProfileError> {
    let sections = entries
        .sections()
        .filter(|(name, _)| KEYS.iter().all(|k| k.section() != *name));
    let keys = entries
        .iter()
        .filter(|(name, _)| *name != "schema" && find(name).is_none());
    let unknown = sections.chain(keys.map(|(name, entry)| (name, entry.line)));
    // A key of an unknown section is refused with its section, which stands above it.
    match unknown.min_by_key(|(_, line)| *line) {
        None => Ok(()),
        Some((name, line)) => Err(ProfileError {
            line: Some(line),
            key: name.chars().take(64).collect(),
            detail: "is no key of a profile".into(),
        }),
    }
}

fn check_schema(entries: &Entries) -> Result<(), ProfileError> {
    match entries.get("schema").map(|entry| &entry.value) {
        Some(Value::Number(SCHEMA)) => Ok(()),
        Some(Value::Number(other)) => {
            Err(entries.error("schema", format!("is {other}, this program knows {SCHEMA}")))
        }
        Some(_) => Err(entries.error("schema", "wants a whole number")),
        None => Err(entries.error("schema", "is missing")),
    }
}

fn setting_of(key: &Key, entry: &Entry, entries: &Entries) -> Result<String, ProfileError> {
    let wrong = |detail: String| entries.error(key.name, detail);
    match (&key.kind, &entry.value) {
        (Kind::Text(check), Value::Text(text)) => check(text)
            .map(|()| text.to_string())
            .map_err(|rule| wrong(rule.into())),
        (Kind::Number(low, high), Value::Number(n)) if (low..=high).contains(&n) => {
            Ok(n.to_string())
        }
        (Kind::Number(low, high), Value::Number(n)) => {
            Err(wrong(format!("is {n}, may be {low} to {high}")))
        }
        (Kind::Flag, Value::Flag(flag)) => Ok(flag.to_string()),
        (kind, value) => Err(wrong(wrong_type(kind, value))),
    }
}

fn secret_of(
    key: &Key,
    check: Check,
    entry: &Entry,
    entries: &Entries,
) -> Result<Option<Secret>, ProfileError> {
    let Value::Text(text) = &entry.value else {
        return Err(entries.error(key.name, wrong_type(&key.kind, &entry.value)));
    };
    if text.is_empty() {
        return Ok(None);
    }
    check(text).map_err(|rule| entries.error(key.name, rule))?;
    Ok(Some(Secret::new(Zeroizing::new(text.as_bytes().to_vec()))))
}

fn wrong_type(kind: &Kind, value: &Value) -> String {
    value.wants(match kind {
        Kind::Text(_) | Kind::Secret(_) | Kind::File(..) => "a text in quotation marks",
        Kind::Number(..) => "a whole number",
        Kind::Flag => "true or false",
    })
}
