//! Ways to hosts: TCP, plain only where nobody else can listen, or under TLS with a pinned CA.

mod connect;
pub mod tcp;
pub mod tls;
pub mod web;

use std::net::IpAddr;

use crate::profile::PlainTcp;

/// Where bytes may go unencrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainRule {
    /// This machine only.
    Loopback,
    /// This machine and private address ranges (10/8, 172.16/12, 192.168/16, fc00::/7).
    PrivateNetwork,
}

impl From<PlainTcp> for PlainRule {
    fn from(setting: PlainTcp) -> Self {
        match setting {
            PlainTcp::Loopback => Self::Loopback,
            PlainTcp::PrivateNetwork => Self::PrivateNetwork,
        }
    }
}

impl PlainRule {
    /// Whether plain bytes may go to this address.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let private = match address {
            IpAddr::V4(v4) => v4.is_private(),
            IpAddr::V6(v6) => v6.is_unique_local(),
        };
        address.is_loopback() || (self == Self::PrivateNetwork && private)
    }

    /// Whether a configured name can be meant for such an address; names other than `localhost`
    /// are looked up and checked at each connection.
    ///
    /// # Errors
    /// What would be right.
    pub fn check_name(self, name: &str) -> Result<(), &'static str> {
        let fits = match name.parse() {
            Ok(address) => self.allows(address),
            Err(_) => name == "localhost" || self == Self::PrivateNetwork,
        };
        match (fits, self) {
            (true, _) => Ok(()),
            (false, Self::Loopback) => {
                Err("without tls_ca only a loopback address is allowed (plain_tcp = \"loopback\")")
            }
            (false, Self::PrivateNetwork) => {
                Err("without tls_ca only a private address is allowed")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_stay_where_they_may_go() {
        for (address, loopback, private) in [
            ("127.0.0.1", true, true),
            ("127.9.9.9", true, true),
            ("::1", true, true),
            ("::ffff:127.0.0.1", true, true),
            ("10.1.2.3", false, true),
            ("172.31.0.1", false, true),
            ("192.168.0.9", false, true),
            ("::ffff:10.1.2.3", false, true),
            ("fd00::1", false, true),
            ("172.32.0.1", false, false),
            ("8.8.8.8", false, false),
            ("169.254.1.1", false, false),
            ("100.64.0.1", false, false),
            ("0.0.0.0", false, false),
            ("2001:db8::1", false, false),
            ("::ffff:8.8.8.8", false, false),
        ] {
            let ip = address.parse().unwrap();
            assert_eq!(PlainRule::Loopback.allows(ip), loopback, "{address}");
            assert_eq!(PlainRule::PrivateNetwork.allows(ip), private, "{address}");
            assert_eq!(
                PlainRule::Loopback.check_name(address).is_ok(),
                loopback,
                "{address}"
            );
        }
        assert!(PlainRule::Loopback.check_name("localhost").is_ok());
        assert!(PlainRule::Loopback.check_name("pos.example.com").is_err());
        assert!(
            PlainRule::PrivateNetwork
                .check_name("pos.example.com")
                .is_ok()
        );
    }
}
