//! Which edition of the app this is: the one for money, or the one for practice.
//!
//! The live edition takes no host that cannot be a real one and no key that anybody can read. Each
//! edition keeps a ledger of its own, and the ledger remembers whose it is. A command line has no
//! edition: there the profile decides, as it did when older ledgers were written.

mod published;

use std::net::IpAddr;

use pos_domain::text_enum;
use pos_ledger::{LedgerError, Query};

use crate::link::web::WebAddress;
use crate::profile::{HostAddress, Profile, SIMULATOR, Settings};
use crate::secrets::Secrets;

/// The setting of a ledger that says which edition wrote it.
pub(crate) const EDITION: &str = "app.edition";

/// An edition of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// For money.
    Live,
    /// For practice and for tests; every screen and every slip says so.
    Training,
}

text_enum!(Edition { Live => "live", Training => "training" });

/// Why an edition does not take a profile or a ledger. Holds no value of any secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {edition} edition: {key}: {detail}")]
pub struct EditionError {
    /// The one that refuses.
    pub edition: Edition,
    /// The key of the profile; `app.edition` where the ledger is another edition's.
    pub key: String,
    /// What is wrong and what would be right.
    pub detail: &'static str,
}

/// Whether no real money can move with this profile: its acquirer is simulated or on this machine.
fn is_simulated(profile: &Profile) -> bool {
    let unionpay = profile.unionpay.as_ref();
    unionpay.is_some_and(|unionpay| unionpay.host.is_test())
}

/// Whether what is done with this profile is marked as practice.
pub(crate) fn is_training(edition: Option<Edition>, profile: &Profile) -> bool {
    edition == Some(Edition::Training) || is_simulated(profile)
}

impl Edition {
    /// Checks what a profile says.
    ///
    /// # Errors
    /// [`EditionError`] with the first key that this edition does not take.
    pub fn check(self, profile: &Profile, secrets: Option<&Secrets>) -> Result<(), EditionError> {
        if self == Self::Training {
            return Ok(());
        }
        if let Some((key, detail)) = unreal_host(profile) {
            return Err(self.error(key, detail));
        }
        let published = secrets.and_then(published::first);
        match published {
            Some(key) => Err(self.error(key, "is a published test key, which anybody can use")),
            None => Ok(()),
        }
    }

    /// Checks that a ledger is this edition's. One that no edition wrote yet is whose its profile
    /// says; one without a profile is anybody's.
    ///
    /// # Errors
    /// As [`LedgerError`] outside, [`EditionError`] inside.
    pub(crate) fn check_ledger(
        self,
        query: Query<'_>,
    ) -> Result<Result<(), EditionError>, LedgerError> {
        let writer = match query.setting(EDITION)? {
            Some(text) => text.parse().map_err(|_| LedgerError::Value("edition"))?,
            None => match Settings::from_pairs(query.settings("")?).profile() {
                Ok(profile) if is_simulated(&profile) => Self::Training,
                Ok(_) => Self::Live,
                Err(_) => self,
            },
        };
        let detail = match writer {
            Self::Live => "the ledger is the live edition's",
            Self::Training => "the ledger is the training edition's",
        };
        Ok(match writer == self {
            true => Ok(()),
            false => Err(self.error(EDITION, detail)),
        })
    }

    fn error(self, key: &str, detail: &'static str) -> EditionError {
        EditionError {
            edition: self,
            key: key.to_owned(),
            detail,
        }
    }
}

/// The first key whose host cannot be a real one, and why.
fn unreal_host(profile: &Profile) -> Option<(&'static str, &'static str)> {
    let unionpay = profile.unionpay.as_ref();
    let acquirer = unionpay.and_then(|unionpay| match &unionpay.host {
        HostAddress::Simulator => Some(SIMULATED),
        HostAddress::Tcp { name, .. } => unreal(name),
    });
    let web = |url: &str| match url {
        "" => None,
        SIMULATOR => Some(SIMULATED),
        _ => unreal(&url.parse::<WebAddress>().ok()?.name),
    };
    let wechat = profile.wechat.as_ref();
    let alipay = profile.alipay.as_ref();
    let codes = profile.unionpay_qr.as_ref();
    [
        ("unionpay.host", acquirer),
        ("wechat.base_url", wechat.and_then(|it| web(&it.base_url))),
        ("alipay.gateway", alipay.and_then(|it| web(&it.gateway))),
        (
            "unionpay_qr.base_url",
            codes.and_then(|it| web(&it.base_url)),
        ),
    ]
    .into_iter()
    .find_map(|(key, fault)| Some((key, fault?)))
}

const SIMULATED: &str = "names the simulator; give the address of a real host";

/// Why a host of this name cannot be a real one.
fn unreal(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return Some("names this machine; give the address of a real host");
    }
    match name.parse::<IpAddr>() {
        Ok(address) => unreal_address(address),
        // `127.1`, `2130706433` and `0x7f.1` are addresses to the resolver.
        Err(_) => is_number(name.rsplit('.').next().unwrap_or_default())
            .then_some("is no name of a host; give an address as four numbers or a name"),
    }
}

fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x");
    label.is_empty()
        || label.bytes().all(|b| b.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn unreal_address(address: IpAddr) -> Option<&'static str> {
    let address = address.to_canonical();
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    // All of 0.0.0.0/8 is this machine.
    let unspecified = match address {
        IpAddr::V4(address) => address.octets()[0] == 0,
        IpAddr::V6(address) => address.is_unspecified(),
    };
    if address.is_loopback() || unspecified {
        Some("names this machine; give the address of a real host")
    } else if link_local {
        Some("is an address that only neighbours on the cable have; give that of a real host")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_this_machine_passes_for_a_host() {
        for name in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "169.254.1.1",
            "fe80::1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "127.0.0.0x1",
            "",
        ] {
            assert!(unreal(name).is_some(), "{name}");
        }
        for name in [
            "pos.example.com",
            "10.1.2.3",
            "192.168.1.9",
            "8.8.8.8",
            "2001:db8::1",
            "localhost.example.com",
            "0x.example.com",
            "a1",
        ] {
            assert_eq!(unreal(name), None, "{name}");
        }
    }
}
