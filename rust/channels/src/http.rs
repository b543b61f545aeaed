//! What a wallet driver hands to the link, and what it gets back. Nothing here opens a connection.

use std::fmt;

use zeroize::Zeroizing;

/// The largest answer body that is looked at, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;

/// The two methods that the wallets use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Everything is in the target.
    Get,
    /// With a body.
    Post,
}

impl Method {
    /// As it stands on the request line and in signatures.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request, complete but for host and connection. The target and the body may hold a payment
/// code: both are wiped on drop and stay out of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// GET or POST.
    pub method: Method,
    /// Path and query, percent-encoded, exactly as it goes on the wire: signatures cover it.
    pub target: Zeroizing<String>,
    /// Name and value; host and length are the link's business.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for GET.
    pub body: Zeroizing<Vec<u8>>,
    /// Whether the server demands the merchant's TLS certificate (spec wechat-pay §1).
    pub needs_client_cert: bool,
}

impl HttpRequest {
    /// The path without its query, fit for a log.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HttpRequest({} {}, {} bytes)",
            self.method.as_str(),
            self.path(),
            self.body.len()
        )
    }
}

/// An answer as it came. It may name the customer, so `Debug` shows its size only.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Name and value, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A header's value by name, case ignored. None when it is absent or came more than once:
    /// of two values no one can say which is meant.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value.trim()),
            _ => None,
        }
    }

    /// The body as text; none when it is not UTF-8 or longer than [`LARGEST_BODY`].
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if self.body.len() > LARGEST_BODY {
            return None;
        }
        std::str::from_utf8(&self.body).ok()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "HttpResponse({}, {} bytes)",
            self.status,
            self.body.len()
        )
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters, which suits a path segment, a
/// query value and a form value alike.
#[must_use]
pub fn percent_encode(text: &str) -> Zeroizing<String> {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    // Three characters for each byte, so that no secret stays behind in a block outgrown.
    let mut out = Zeroizing::new(String::with_capacity(text.len() * 3));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
    out
}
