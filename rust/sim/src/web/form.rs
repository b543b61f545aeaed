//! `name=value&…` with percent encoding.

/// Reads pairs; `None` when an escape is broken, a value is no UTF-8, or a name comes twice.
pub(crate) fn decode(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = unescape(name)?;
        if pairs.iter().any(|(own, _)| *own == name) {
            return None;
        }
        pairs.push((name, unescape(value)?));
    }
    Some(pairs)
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let value = digit()? * 16 + digit()?;
                out.push(u8::try_from(value).ok()?);
            }
            plain => out.push(plain),
        }
    }
    String::from_utf8(out).ok()
}

/// Writes pairs, everything but RFC 3986's unreserved characters escaped.
pub(crate) fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        escape(name, &mut out);
        out.push('=');
        escape(value, &mut out);
    }
    out
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn pairs_survive_the_way() {
        let pairs = [("名", "a+b/c=d&e"), ("sign", ""), ("x", " ~")];
        let text = encode(pairs);
        assert!(text.is_ascii());
        let back = decode(&text).unwrap_or_default();
        let back: Vec<_> = back.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(back, pairs);
    }

    #[test]
    fn a_plus_is_a_space_and_broken_text_is_refused() {
        assert_eq!(decode("a=1+2"), Some(vec![("a".into(), "1 2".into())]));
        assert_eq!(decode("a"), Some(vec![("a".into(), String::new())]));
        for broken in ["a=%", "a=%4", "a=%G1", "a=%FF", "a=1&a=2"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
