//! Keys that anybody can read, as data: their hashes, so that no key stands in the app.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::hex::hex;
use crate::profile::TMK;
use crate::secrets::{Secret, Secrets};

const PUBLISHED: &str = include_str!("published.txt");

/// The key of the first secret that is a published one, or has no secret in it.
pub(super) fn first(secrets: &Secrets) -> Option<&str> {
    let mut all = secrets.iter();
    all.find_map(|(key, secret)| is_published(key, secret).then_some(key))
}

fn is_published(key: &str, secret: &Secret) -> bool {
    let text = secret.expose();
    if key == TMK {
        return master_key(text).is_some_and(|key| has_no_secret(&key) || is_listed("key", &key));
    }
    match std::str::from_utf8(text) {
        Ok(text) if text.contains("-----BEGIN ") => {
            blocks(text).any(|body| is_listed("pem", body.as_bytes()))
        }
        _ => is_listed("text", text),
    }
}

/// The bytes of a master key without their parity, which ciphers ignore.
fn master_key(hex: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = std::str::from_utf8(hex).ok()?;
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok().map(|byte| byte & 0xFE)
    });
    pairs.collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}

/// One byte again and again, as in examples.
fn has_no_secret(key: &[u8]) -> bool {
    key.iter().all(|byte| Some(byte) == key.first())
}

/// The bodies of all PEM blocks, without line ends.
fn blocks(text: &str) -> impl Iterator<Item = Zeroizing<String>> + '_ {
    text.split("-----BEGIN ").skip(1).filter_map(|block| {
        let (_, rest) = block.split_once("-----")?;
        let (body, _) = rest.split_once("-----END ")?;
        Some(Zeroizing::new(body.split_ascii_whitespace().collect()))
    })
}

fn is_listed(kind: &str, bytes: &[u8]) -> bool {
    let hash = hex(&Sha256::digest(bytes));
    PUBLISHED.lines().any(|line| {
        let mut words = line.split_ascii_whitespace();
        words.next() == Some(kind) && words.next() == Some(&hash)
    })
}
