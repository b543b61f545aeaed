//! The flat XML of interface v2: one root, children with text.

/// Reads the children of the one root `xml`; `None` for anything else: a document type, an
/// attribute, a child in a child, a name that comes twice.
pub(super) fn read(text: &str) -> Option<Vec<(String, String)>> {
    let mut rest = text.trim_start_matches('\u{FEFF}').trim();
    if let Some(after) = rest.strip_prefix("<?xml") {
        rest = after.split_once("?>")?.1.trim_start();
    }
    let mut inner = rest.strip_prefix("<xml>")?.strip_suffix("</xml>")?.trim();
    let mut children: Vec<(String, String)> = Vec::new();
    while !inner.is_empty() {
        let (name, after) = inner.strip_prefix('<')?.split_once('>')?;
        let (value, after) = if let Some(empty) = name.strip_suffix('/') {
            push(&mut children, empty, String::new())?;
            inner = after.trim_start();
            continue;
        } else {
            value(after)?
        };
        let after = after.strip_prefix("</")?.strip_prefix(name)?;
        push(&mut children, name, value)?;
        inner = after.strip_prefix('>')?.trim_start();
    }
    Some(children)
}

fn push(children: &mut Vec<(String, String)>, name: &str, value: String) -> Option<()> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let fits = !name.is_empty() && name.bytes().all(word);
    if !fits || children.iter().any(|(own, _)| own == name) {
        return None;
    }
    children.push((name.to_owned(), value));
    Some(())
}

/// The text up to the closing tag, and what begins with that tag.
fn value(text: &str) -> Option<(String, &str)> {
    if let Some(raw) = text.trim_start().strip_prefix("<![CDATA[") {
        let (value, after) = raw.split_once("]]>")?;
        return Some((value.to_owned(), after.trim_start()));
    }
    let at = text.find('<')?;
    let (raw, after) = text.split_at_checked(at)?;
    Some((unescape(raw)?, after))
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (entity, after) = part.split_once(';')?;
        out.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        out.push_str(after);
    }
    Some(out)
}

/// Writes children, each value as character data.
pub(super) fn write<'a>(children: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::from("<xml>");
    for (name, value) in children {
        let value = value.replace("]]>", "]]]]><![CDATA[>");
        out.push_str(&format!("<{name}><![CDATA[{value}]]></{name}>"));
    }
    out.push_str("</xml>");
    out
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn children_are_read_in_every_form() {
        let text = "<?xml version=\"1.0\"?>\n<xml>\n <a>1 &amp; &#x4E2D;</a><b><![CDATA[<2>]]></b>\
                    <c/><d></d></xml>";
        let wanted = [("a", "1 & 中"), ("b", "<2>"), ("c", ""), ("d", "")];
        let own = wanted.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
        assert_eq!(read(text), Some(own));
        assert_eq!(read(&write(wanted)).map(|c| c.len()), Some(4));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "<xml>",
            "<xml><a>1</b></xml>",
            "<xml><a>1</a><a>2</a></xml>",
            "<xml><a x=\"1\">1</a></xml>",
            "<xml><a><b>1</b></a></xml>",
            "<xml><a>&e;</a></xml>",
            "<!DOCTYPE x [<!ENTITY e \"1\">]><xml><a>1</a></xml>",
            "<xml>text</xml>",
            "<xml><a>1</a></xml><xml></xml>",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
