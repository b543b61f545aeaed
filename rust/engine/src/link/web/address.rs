//! Where a wallet's server is.

use std::fmt;
use std::str::FromStr;

use pos_domain::UnknownText;

use crate::profile::HostAddress;

/// Scheme, name and port of a web address; its path is the driver's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    /// Whether the server has to prove its name: `https://`.
    pub tls: bool,
    /// Name or address, an IPv6 address without brackets.
    pub name: String,
    /// Port, 1 to 65535.
    pub port: u16,
}

impl WebAddress {
    /// Whether it can only be this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.name.clone();
        let port = self.port;
        HostAddress::Tcp { name, port }.is_test()
    }

    const fn usual_port(tls: bool) -> u16 {
        if tls { 443 } else { 80 }
    }
}

impl FromStr for WebAddress {
    type Err = UnknownText;

    /// From `https://NAME[:PORT][/…]` or `http://…`; no user, no query, no fragment.
    fn from_str(text: &str) -> Result<Self, UnknownText> {
        let error = UnknownText { what: "WebAddress" };
        let (scheme, rest) = text.split_once("://").ok_or(error.clone())?;
        let tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(error),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.ends_with(']'));
        let with_port = if has_port {
            authority.to_owned()
        } else {
            format!("{authority}:{}", Self::usual_port(tls))
        };
        match with_port.parse() {
            Ok(HostAddress::Tcp { name, port }) => Ok(Self { tls, name, port }),
            Ok(HostAddress::Simulator) | Err(_) => Err(error),
        }
    }
}

impl fmt::Display for WebAddress {
    /// As the `Host` header has it: without the scheme, the port only when it is not the usual.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]", self.name)?;
        } else {
            f.write_str(&self.name)?;
        }
        if self.port == Self::usual_port(self.tls) {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_usual_ports() {
        for (text, tls, name, port, shown) in [
            (
                "https://api.example",
                true,
                "api.example",
                443,
                "api.example",
            ),
            (
                "https://api.example/",
                true,
                "api.example",
                443,
                "api.example",
            ),
            (
                "https://api.example:443/x",
                true,
                "api.example",
                443,
                "api.example",
            ),
            (
                "https://api.example:80",
                true,
                "api.example",
                80,
                "api.example:80",
            ),
            (
                "http://127.0.0.1:9680",
                false,
                "127.0.0.1",
                9680,
                "127.0.0.1:9680",
            ),
            ("http://localhost", false, "localhost", 80, "localhost"),
            ("http://[::1]/gateway.do", false, "::1", 80, "[::1]"),
            (
                "http://[::1]:9780/gateway.do",
                false,
                "::1",
                9780,
                "[::1]:9780",
            ),
        ] {
            let address: WebAddress = text.parse().unwrap();
            assert_eq!((address.tls, address.port), (tls, port), "{text}");
            assert_eq!(address.name, name);
            assert_eq!(address.to_string(), shown);
        }
        for text in [
            "",
            "https://",
            "https:///x",
            "api.example",
            "ftp://api.example",
            "https://a@b.example",
            "https://api.example:0",
            "https://api.example:x",
            "https://api.example?x",
            "https://api example",
        ] {
            assert!(text.parse::<WebAddress>().is_err(), "{text}");
        }
    }
}
