//! Checks of the scan-code rails' keys, and the rules between them.

use std::str::FromStr;

use pos_channels::wallet::ApiKey;

use super::check::{Checked, printable, when};
use super::read::Entries;
use super::typed::Profile;
use super::wallets::{HttpMethod, QrMode, SIMULATOR, SignType};
use super::{ProfileError, Secrets};
use crate::link::tls::Identity;
use crate::link::web::WebAddress;

pub(super) fn url(text: &str) -> Checked {
    if text == SIMULATOR {
        return Ok(());
    }
    let address = WebAddress::from_str(text);
    let fits = printable(text, 200) && address.is_ok();
    match text.split_once("://").map(|(scheme, _)| scheme) {
        Some("https") => when(fits, "is an address such as https://api.example.com"),
        Some("http") => when(
            fits && address.is_ok_and(|address| address.is_loopback()),
            "may be http:// on loopback only; use https://",
        ),
        _ => Err("begins with https://"),
    }
}

/// An address whose path the driver makes.
pub(super) fn base_url(text: &str) -> Checked {
    url(text)?;
    let path = text.splitn(4, '/').nth(3).unwrap_or_default();
    when(path.is_empty(), "is an address without path")
}

pub(super) fn base_url_or_empty(text: &str) -> Checked {
    if text.is_empty() {
        Ok(())
    } else {
        base_url(text)
    }
}

/// An address that the wallet calls, not we.
pub(super) fn callback(text: &str) -> Checked {
    let web = text.starts_with("https://") || text.starts_with("http://");
    when(
        text.is_empty() || (web && printable(text, 256) && !text.contains('?')),
        "is empty or an address such as https://shop.example/paid, without a query",
    )
}

pub(super) fn api_key(text: &str) -> Checked {
    when(
        text.is_empty() || ApiKey::new(text).is_ok(),
        "has 32 letters and digits",
    )
}

pub(super) fn sign_type(text: &str) -> Checked {
    when(
        SignType::from_str(text).is_ok(),
        "is \"HMAC-SHA256\" or \"MD5\"",
    )
}

pub(super) fn qr_mode(text: &str) -> Checked {
    when(QrMode::from_str(text).is_ok(), "is \"8583\" or \"acp\"")
}

pub(super) fn http_method(text: &str) -> Checked {
    when(HttpMethod::from_str(text).is_ok(), "is \"POST\" or \"GET\"")
}

/// The rules between keys: files that belong together.
pub(super) fn rules(
    profile: &Profile,
    secrets: &Secrets,
    entries: &Entries,
) -> Result<(), ProfileError> {
    if let Some(certificate) = secrets.get("wechat.client_cert") {
        let key = secrets.get("wechat.client_key");
        Identity::from_parts(certificate.expose(), key.map(|key| key.expose()))
            .map_err(|error| entries.error("wechat.client_cert", error.to_string()))?;
    } else if secrets.get("wechat.client_key").is_some() {
        let detail = "is of no use without wechat.client_cert";
        return Err(entries.error("wechat.client_key", detail));
    }
    let certificates = ["alipay.app_cert", "alipay.alipay_cert", "alipay.root_cert"];
    let given = |key: &&&str| secrets.get(key).is_some();
    if certificates.iter().any(|key| given(&key)) {
        // Certificate mode signs for all three or for none.
        if let Some(missing) = certificates.iter().find(|key| !given(key)) {
            return Err(entries.error(missing, "is missing: certificate mode needs all three"));
        }
    }
    let acp = profile
        .unionpay_qr
        .as_ref()
        .filter(|qr| qr.mode == QrMode::Acp);
    if acp.is_some_and(|qr| qr.base_url.is_empty()) {
        return Err(entries.error("unionpay_qr.base_url", "is missing: mode \"acp\" needs it"));
    }
    Ok(())
}
