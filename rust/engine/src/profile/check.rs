//! Checks of single values, and the rules between them.

use std::str::FromStr;

use pos_iso8583::security::algorithm;
use pos_iso8583::{Header, Tpdu};

use super::habits::{HexBytes, ParameterSizes};
use super::keys::TMK;
use super::read::Entries;
use super::tap::TapApplications;
use super::typed::{HostAddress, KeyMode, PlainTcp, Profile, ReversalOriginal, minute_of_day};
use super::{ProfileError, Secrets, wallet_check};
use crate::link::PlainRule;

pub(super) type Checked = Result<(), &'static str>;

pub(super) const fn when(fits: bool, rule: &'static str) -> Checked {
    if fits { Ok(()) } else { Err(rule) }
}

pub(super) fn printable(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

pub(super) fn merchant_id(text: &str) -> Checked {
    when(
        printable(text, 15),
        "has 1 to 15 printable ASCII characters",
    )
}

pub(super) fn terminal_id(text: &str) -> Checked {
    when(printable(text, 8), "has 1 to 8 printable ASCII characters")
}

pub(super) fn name(text: &str) -> Checked {
    let fits = text.chars().count() <= 40 && !text.chars().any(char::is_control);
    when(
        fits,
        "has at most 40 characters, none of them a control character",
    )
}

pub(super) fn serial(text: &str) -> Checked {
    when(
        text.is_empty() || printable(text, 50),
        "has at most 50 printable ASCII characters",
    )
}

pub(super) fn location(text: &str) -> Checked {
    when(
        text.is_empty() || printable(text, 32),
        "has at most 32 printable ASCII characters",
    )
}

pub(super) fn network_license(text: &str) -> Checked {
    when(
        text.is_empty() || (text.len() == 5 && printable(text, 5)),
        "has 5 printable ASCII characters",
    )
}

pub(super) fn clock(text: &str) -> Checked {
    when(
        minute_of_day(text).is_some(),
        "is a time of day from \"00:00\" to \"24:00\"",
    )
}

pub(super) fn clock_or_empty(text: &str) -> Checked {
    if text.is_empty() { Ok(()) } else { clock(text) }
}

pub(super) fn host(text: &str) -> Checked {
    when(
        HostAddress::from_str(text).is_ok(),
        "is NAME:PORT, an address with port, or \"simulator\"",
    )
}

pub(super) fn plain_tcp(text: &str) -> Checked {
    when(
        PlainTcp::from_str(text).is_ok(),
        "is \"loopback\" or \"private_network\"",
    )
}

pub(super) fn tpdu(text: &str) -> Checked {
    when(
        Tpdu::from_str(text).is_ok(),
        "has 10 digits that begin with 60",
    )
}

pub(super) fn header(text: &str) -> Checked {
    when(Header::from_str(text).is_ok(), "has 12 digits")
}

pub(super) fn keys(text: &str) -> Checked {
    when(
        KeyMode::from_str(text).is_ok(),
        "is \"single\", \"double\", \"double_track\" or \"sm4\"",
    )
}

pub(super) fn mac(text: &str) -> Checked {
    when(
        text.is_empty() || algorithm(text).is_some(),
        "is empty or names a MAC algorithm, such as \"cup-ecb\"",
    )
}

pub(super) fn tmk(text: &str) -> Checked {
    let fits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    when(fits, "has 32 hexadecimal digits")
}

pub(super) fn reversal_original(text: &str) -> Checked {
    when(
        ReversalOriginal::from_str(text).is_ok(),
        "is \"void\" or \"sale\"",
    )
}

pub(super) fn three_digits(text: &str) -> Checked {
    let fits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    when(fits, "has 3 digits")
}

pub(super) fn parameter_sizes(text: &str) -> Checked {
    when(
        ParameterSizes::from_str(text).is_ok(),
        "lists two-digit codes, each once, with 1 to 999 bytes, such as \"14=14, 22=40\"",
    )
}

pub(super) fn status_report(text: &str) -> Checked {
    when(
        printable(text, 999),
        "has 1 to 999 printable ASCII characters",
    )
}

/// Results of scripts are five bytes each; the card data field has room for a few.
pub(super) fn script_results(text: &str) -> Checked {
    let fits =
        HexBytes::from_str(text).is_ok_and(|bytes| matches!(bytes.0.len(), 5 | 10 | 15 | 20));
    when(fits, "has 10, 20, 30 or 40 hexadecimal digits")
}

/// Exactly `N` bytes, 1 to 5.
pub(super) fn hex<const N: usize>(text: &str) -> Checked {
    let rule = match N {
        1 => "has 2 hexadecimal digits",
        2 => "has 4 hexadecimal digits",
        3 => "has 6 hexadecimal digits",
        4 => "has 8 hexadecimal digits",
        _ => "has 10 hexadecimal digits",
    };
    when(
        HexBytes::from_str(text).is_ok_and(|bytes| bytes.0.len() == N),
        rule,
    )
}

pub(super) fn tap_applications(text: &str) -> Checked {
    when(
        TapApplications::from_str(text).is_ok(),
        "lists application ids, each with its version, such as \"A000000333010101=0020\"",
    )
}

pub(super) fn word(text: &str) -> Checked {
    when(
        text.is_empty() || printable(text, 128),
        "has at most 128 printable ASCII characters",
    )
}

/// The rules between keys: where a clear key may stand, where bytes may go unencrypted.
pub(super) fn rules(
    profile: &Profile,
    secrets: &Secrets,
    entries: &Entries,
) -> Result<(), ProfileError> {
    wallet_check::rules(profile, secrets, entries)?;
    let Some(unionpay) = &profile.unionpay else {
        return Ok(());
    };
    if secrets.get(TMK).is_some() && !unionpay.host.is_test() {
        let detail = "may stand in a profile only with a loopback host or \"simulator\"";
        return Err(entries.error(TMK, detail));
    }
    let tls = secrets.get("unionpay.tls_ca").is_some();
    if let (false, HostAddress::Tcp { name, .. }) = (tls, &unionpay.host) {
        let rule = PlainRule::from(unionpay.plain_tcp);
        rule.check_name(name)
            .map_err(|detail| entries.error("unionpay.host", detail))?;
    }
    let private = unionpay.plain_tcp == PlainTcp::PrivateNetwork;
    if unionpay.accept_unmaced_decline && !private {
        let detail = "may be true only with plain_tcp = \"private_network\"";
        return Err(entries.error("unionpay.accept_unmaced_decline", detail));
    }
    let family = unionpay.keys.mode().family();
    let sm4_mac = unionpay.mac.starts_with("sm4");
    if !unionpay.mac.is_empty() && sm4_mac != (family == pos_iso8583::security::Family::Sm4) {
        return Err(entries.error("unionpay.mac", "does not go with the key mode"));
    }
    Ok(())
}
