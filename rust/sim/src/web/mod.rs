//! A web request and its answer as values: what a wallet's host takes and gives.

mod form;

use std::fmt;

pub(crate) use form::{decode as decode_form, encode as encode_form};

/// A request as it came. It may hold a payment code, so `Debug` shows its path alone.
#[derive(Clone, PartialEq, Eq)]
pub struct WebRequest {
    /// GET, POST, …
    pub method: String,
    /// Path and query, percent-encoded, exactly as on the request line.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for GET.
    pub body: Vec<u8>,
}

impl WebRequest {
    /// The path without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, still encoded; empty without one.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target
            .split_once('?')
            .map(|(_, query)| query)
            .unwrap_or_default()
    }

    /// A header's first value by name, case ignored.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }
}

impl fmt::Debug for WebRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "WebRequest({} {}, {} bytes)",
            self.method,
            self.path(),
            self.body.len()
        )
    }
}

/// An answer. Length and connection headers are the server's business.
#[derive(Clone, PartialEq, Eq)]
pub struct WebResponse {
    /// The status code.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl WebResponse {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// A header's first value by name, case ignored.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }
}

impl fmt::Debug for WebResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebResponse({}, {} bytes)", self.status, self.body.len())
    }
}

fn find_header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// What the terminal sees of one web request, in order. Steps that end without an answer or a close
/// are silence on an open connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebStep {
    /// The whole answer leaves. What follows can only disturb a terminal that still listens.
    Answer(WebResponse),
    /// The head and the first half of the body leave; the head announces the whole.
    Half(WebResponse),
    /// The second half follows: now the whole answer is there.
    Rest(WebResponse),
    /// Nothing happens for this many milliseconds.
    Wait(u64),
    /// The connection is closed; no step follows.
    Close,
}
