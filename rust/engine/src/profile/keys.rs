//! Every key of the profile as data: kind, default, check.

use std::path::Path;

use zeroize::Zeroizing;

use super::read::{Entries, Entry, Value};
use super::{ProfileError, Settings, check, read_file};
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
    File(&'static str),
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

const fn file(name: &'static str, default: &'static str) -> Key {
    Key {
        name,
        kind: Kind::File(default),
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
    must("unionpay.host", check::host),
    file("unionpay.tls_ca", ""),
    text("unionpay.plain_tcp", "loopback", check::plain_tcp),
    text("unionpay.tpdu", "6000030000", check::tpdu),
    text("unionpay.header", "603100311300", check::header),
    number("unionpay.timeout_s", "60", 1, 300),
    text("unionpay.keys", "double", check::keys),
    text("unionpay.mac", "", check::mac),
    secret(TMK, check::tmk),
    flag("unionpay.void_needs_card", "false"),
    flag("unionpay.void_needs_pin", "false"),
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
    text("wechat.base_url", "http://127.0.0.1:9680", check::url),
    text("wechat.app_id", "", check::word),
    text("wechat.mch_id", "", check::word),
    secret("wechat.api_key", check::word),
    text("wechat.sign_type", "HMAC-SHA256", check::sign_type),
    file("wechat.client_cert", ""),
    file("wechat.tls_ca", ""),
    file("wechat.v3_key", "keys/wechat_mch_key.pem"),
    text("wechat.v3_serial", "", check::word),
    secret("wechat.api_v3_key", check::word),
    file("wechat.platform_public_key", "keys/wechat_platform_pub.pem"),
    text("wechat.platform_serial", "", check::word),
    text(
        "alipay.gateway",
        "http://127.0.0.1:9780/gateway.do",
        check::url,
    ),
    text("alipay.app_id", "", check::word),
    file("alipay.app_private_key", "keys/app.pem"),
    file("alipay.alipay_public_key", "keys/alipay.pem"),
    file("alipay.tls_ca", ""),
    text("unionpay_qr.mode", "8583", check::qr_mode),
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
    folder: &Path,
) -> Result<(Settings, Secrets), ProfileError> {
    refuse_unknown(entries)?;
    check_schema(entries)?;
    let (mut settings, mut secrets) = (Settings::default(), Secrets::default());
    for key in KEYS {
        let on = MANDATORY.contains(&key.section()) || entries.has_section(key.section());
        match (&key.kind, entries.get(key.name)) {
            (Kind::File(default), entry) if on => {
                if let Some(bytes) = pem(key, default, entry, folder, entries)? {
                    secrets.set(key.name, Secret::new(bytes));
                }
            }
            (Kind::Secret(check), Some(entry)) => {
                if let Some(secret) = secret_of(key, *check, entry, entries)? {
                    secrets.set(key.name, secret);
                }
            }
            (Kind::Secret(_) | Kind::File(_), _) => {}
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

fn pem(
    key: &Key,
    default: &str,
    entry: Option<&Entry>,
    folder: &Path,
    entries: &Entries,
) -> Result<Option<Zeroizing<Vec<u8>>>, ProfileError> {
    let wrong = |detail: String| entries.error(key.name, detail);
    let name = match entry.map(|entry| &entry.value) {
        None if default.is_empty() || !folder.join(default).exists() => return Ok(None),
        None => default,
        Some(Value::Text(name)) if name.is_empty() => return Ok(None),
        Some(Value::Text(name)) => name,
        Some(other) => return Err(wrong(wrong_type(&key.kind, other))),
    };
    let bytes = read_file(&folder.join(name)).map_err(&wrong)?;
    if key.name.ends_with(".tls_ca") {
        crate::link::tls::roots(&bytes).map_err(|error| wrong(format!("{name}: {error}")))?;
    } else if bytes.is_empty() {
        return Err(wrong(format!("{name}: is empty")));
    }
    Ok(Some(bytes))
}

fn wrong_type(kind: &Kind, value: &Value) -> String {
    let wanted = match kind {
        Kind::Text(_) | Kind::Secret(_) | Kind::File(_) => "a text in quotation marks",
        Kind::Number(..) => "a whole number",
        Kind::Flag => "true or false",
    };
    let found = match value {
        Value::Text(_) => "a text",
        Value::Number(_) => "a number",
        Value::Flag(_) => "true or false",
        Value::Other(name) => name,
    };
    format!("wants {wanted}, not {found}")
}
