//! What is signed (spec wechat-pay §10.1, §10.2).

use super::Stamp;
use crate::http::Method;

/// The five lines under a request's signature. `target` is path and query as sent; `body` is empty
/// for GET.
#[must_use]
pub fn request_message(method: Method, target: &str, stamp: Stamp<'_>, body: &str) -> String {
    let method = method.as_str();
    let (seconds, nonce) = (stamp.seconds, stamp.nonce.as_str());
    format!("{method}\n{target}\n{seconds}\n{nonce}\n{body}\n")
}

/// The three lines under an answer's signature, from its headers and body as received.
#[must_use]
pub fn answer_message(timestamp: &str, nonce: &str, body: &str) -> String {
    format!("{timestamp}\n{nonce}\n{body}\n")
}
