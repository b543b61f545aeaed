//! Pairs as a form, and what is signed of them.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

use super::Acp;
use crate::http::{HttpRequest, Method, percent_encode};
use crate::wallet::BuildError;

/// A request's pairs in signing order.
pub(super) type Pairs = BTreeMap<&'static str, Zeroizing<String>>;

/// The text under a signature: everything with a value but `signature`, in byte order.
pub(super) fn signed_text<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Zeroizing<String> {
    let mut pairs: Vec<_> = pairs
        .filter(|(name, value)| *name != "signature" && !value.is_empty())
        .collect();
    pairs.sort_unstable();
    let room = pairs.iter().map(|(n, v)| n.len() + v.len() + 2).sum();
    let mut text = Zeroizing::new(String::with_capacity(room));
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        for part in [name, "=", value] {
            text.push_str(part);
        }
    }
    text
}

/// The digest of a text as the lower-case hexadecimal text that is signed.
pub(super) fn digest_text(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

impl Acp {
    /// Signs and packs.
    pub(super) fn request(&self, path: &str, mut pairs: Pairs) -> Result<HttpRequest, BuildError> {
        let text = signed_text(pairs.iter().map(|(n, v)| (*n, v.as_str())));
        let signature = self.key.sign(digest_text(&text).as_bytes())?;
        pairs.insert("signature", Zeroizing::new(signature));
        let room = pairs.iter().map(|(n, v)| n.len() + v.len() * 3 + 2).sum();
        let mut body = Zeroizing::new(Vec::with_capacity(room));
        for (name, value) in &pairs {
            if !body.is_empty() {
                body.push(b'&');
            }
            for part in [*name, "=", percent_encode(value).as_str()] {
                body.extend_from_slice(part.as_bytes());
            }
        }
        let form = "application/x-www-form-urlencoded;charset=UTF-8";
        Ok(HttpRequest {
            method: Method::Post,
            target: Zeroizing::new(path.to_owned()),
            headers: vec![("Content-Type", form.to_owned())],
            body,
            needs_client_cert: false,
        })
    }
}

/// The pairs of an answer as they stand, and percent-decoded where that changes anything: gateways
/// differ, and the signature tells which is meant.
pub(super) fn read(text: &str) -> Option<Vec<Vec<(String, String)>>> {
    let mut raw = Vec::new();
    for pair in text.trim().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        if raw.iter().any(|(own, _): &(String, String)| own == name) {
            return None;
        }
        raw.push((name.to_owned(), value.to_owned()));
    }
    let decoded = raw
        .iter()
        .map(|(name, value)| Some((name.clone(), percent_decode(value)?)))
        .collect::<Option<Vec<_>>>();
    Some(decoded.into_iter().chain([raw]).collect())
}

fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the spec, its pairs out of order and with an empty one.
    #[test]
    fn the_signed_text_and_its_digest_are_those_of_the_spec() {
        let pairs = [
            ("version", "5.1.0"),
            ("txnTime", "20260101120000"),
            ("txnSubType", "06"),
            ("txnType", "01"),
            ("txnAmt", "1"),
            ("signMethod", "01"),
            ("signature", "ignored"),
            ("reserved", ""),
            ("qrNo", "6222222222222222222"),
            ("orderId", "T20260101000001"),
            ("merId", "777290058171299"),
            ("encoding", "UTF-8"),
            ("currencyCode", "156"),
            ("channelType", "08"),
            ("certId", "69629715588"),
            ("bizType", "000000"),
            ("backUrl", "http://www.specialUrl.com"),
            ("accessType", "0"),
        ];
        let text = signed_text(pairs.into_iter());
        assert!(text.starts_with("accessType=0&backUrl=http://www.specialUrl.com&bizType=000000"));
        assert!(text.ends_with("&txnType=01&version=5.1.0"));
        assert_eq!(
            digest_text(&text),
            "bce8a6953e42761350403c2dc1d69250a55ee2ca8e7a515f4b6b2a8caad1c539"
        );
    }

    #[test]
    fn an_answer_is_read_both_ways_and_never_with_a_name_twice() {
        let both = read("a=1%202&b=x+y%3D").unwrap();
        assert_eq!(both[0][0].1, "1 2");
        assert_eq!(both[0][1].1, "x y=");
        assert_eq!(both[1][1].1, "x+y%3D");
        assert!(read("a=1&a=2").is_none());
        assert!(read("<html>").is_none());
        assert_eq!(read("a=%zz").unwrap().len(), 1);
    }
}
