//! PEM blocks, and the bare base64 in which the wallets' tools hand out keys.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// The largest text of keys that is looked at.
const LARGEST: usize = 256 * 1024;

/// One block: its label (`PRIVATE KEY`, `CERTIFICATE`, empty for bare base64) and its bytes.
pub(super) struct Block<'a> {
    pub label: &'a str,
    pub der: Zeroizing<Vec<u8>>,
}

/// All blocks of a text, or the one block of bare base64; none when any of it is malformed.
pub(super) fn blocks(text: &str) -> Option<Vec<Block<'_>>> {
    if text.len() > LARGEST {
        return None;
    }
    if !text.contains("-----BEGIN ") {
        let der = decode(text)?;
        return Some(vec![Block { label: "", der }]);
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----")?;
        let (body, after) = after.split_once("-----END ")?;
        rest = after.strip_prefix(label)?.strip_prefix("-----")?;
        found.push(Block {
            label,
            der: decode(body)?,
        });
    }
    Some(found)
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut joined = Zeroizing::new(String::with_capacity(text.len()));
    joined.extend(text.chars().filter(|c| !c.is_ascii_whitespace()));
    let der = Base64::decode_vec(&joined).ok()?;
    (!der.is_empty()).then(|| Zeroizing::new(der))
}
