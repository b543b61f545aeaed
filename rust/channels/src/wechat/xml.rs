//! The XML of v2: one root `xml` with a flat list of text children (spec §1). A document type,
//! comments, attributes, nested elements, numeric references and entities other than the five are
//! refused, so nothing outside the text can ever be read.

use zeroize::Zeroizing;

/// The most children that are read.
const MOST_FIELDS: usize = 512;

/// Why a text is not the XML that was agreed, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why} at byte {at}")]
pub struct XmlError {
    /// Offset in bytes.
    pub at: usize,
    /// What is wrong.
    pub why: &'static str,
}

/// Reads the children in the order received.
///
/// # Errors
/// [`XmlError`] for anything but a flat `xml` element with distinct names.
pub fn read(text: &str) -> Result<Vec<(String, String)>, XmlError> {
    let mut reader = Reader { text, at: 0 };
    reader.skip("\u{FEFF}");
    reader.blank();
    if reader.skip("<?xml") {
        reader.until("?>")?;
        reader.blank();
    }
    reader.demand("<xml>")?;
    let mut fields: Vec<(String, String)> = Vec::new();
    loop {
        reader.blank();
        if reader.skip("</xml>") {
            break;
        }
        let at = reader.at;
        let (name, value) = reader.child()?;
        if fields.iter().any(|(own, _)| own == name) {
            return Err(XmlError {
                at,
                why: "an element comes twice",
            });
        }
        if fields.len() == MOST_FIELDS {
            return Err(XmlError {
                at,
                why: "too many elements",
            });
        }
        fields.push((name.to_owned(), value));
    }
    reader.blank();
    if reader.rest().is_empty() {
        Ok(fields)
    } else {
        Err(reader.error("text after the end"))
    }
}

/// Writes children in the order given. Names are ours; values are escaped. The whole is wiped on
/// drop, since it may hold a payment code.
pub(super) fn write<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Zeroizing<Vec<u8>> {
    let fields: Vec<_> = fields.collect();
    // Enough for every character escaped, so that no secret stays behind in a block outgrown.
    let room = fields
        .iter()
        .map(|(name, value)| name.len() * 2 + value.len() * 6 + 5)
        .sum::<usize>();
    let mut out = Zeroizing::new(Vec::with_capacity(room + 11));
    out.extend_from_slice(b"<xml>");
    for (name, value) in fields {
        for part in ["<", name, ">"] {
            out.extend_from_slice(part.as_bytes());
        }
        for byte in value.bytes() {
            match byte {
                b'&' => out.extend_from_slice(b"&amp;"),
                b'<' => out.extend_from_slice(b"&lt;"),
                b'>' => out.extend_from_slice(b"&gt;"),
                _ => out.push(byte),
            }
        }
        for part in ["</", name, ">"] {
            out.extend_from_slice(part.as_bytes());
        }
    }
    out.extend_from_slice(b"</xml>");
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn error(&self, why: &'static str) -> XmlError {
        XmlError { at: self.at, why }
    }

    fn skip(&mut self, mark: &str) -> bool {
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len();
        }
        found
    }

    fn demand(&mut self, mark: &'static str) -> Result<(), XmlError> {
        if self.skip(mark) {
            Ok(())
        } else {
            Err(self.error("the root element is not <xml>"))
        }
    }

    fn blank(&mut self) {
        let rest = self.rest();
        let left = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.at += rest.len() - left.len();
    }

    /// The text before `mark`, which is skipped too.
    fn until(&mut self, mark: &'static str) -> Result<&'a str, XmlError> {
        let (before, _) = self
            .rest()
            .split_once(mark)
            .ok_or_else(|| self.error("the text ends too early"))?;
        self.at += before.len() + mark.len();
        Ok(before)
    }

    fn child(&mut self) -> Result<(&'a str, String), XmlError> {
        if !self.skip("<") {
            return Err(self.error("an element should begin here"));
        }
        let start = self.at;
        let name = self.until(">")?;
        let (name, empty) = name
            .strip_suffix('/')
            .map_or((name, false), |name| (name.trim_end(), true));
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.';
        let letter = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !letter || name.len() > 64 || !name.bytes().all(plain) {
            return Err(XmlError {
                at: start,
                why: "this is no plain element name",
            });
        }
        if empty {
            return Ok((name, String::new()));
        }
        let value = self.value()?;
        let closed = self.skip("</") && self.skip(name) && self.skip(">");
        if closed {
            Ok((name, value))
        } else {
            Err(self.error("the element is not closed here"))
        }
    }

    /// Text and CDATA up to the next tag.
    fn value(&mut self) -> Result<String, XmlError> {
        let mut value = String::new();
        loop {
            if self.skip("<![CDATA[") {
                value.push_str(self.until("]]>")?);
                continue;
            }
            match self.rest().chars().next() {
                None => return Err(self.error("the text ends too early")),
                Some('<') => return Ok(value),
                Some('&') => value.push(self.entity()?),
                Some(c) => {
                    self.at += c.len_utf8();
                    value.push(c);
                }
            }
        }
    }

    fn entity(&mut self) -> Result<char, XmlError> {
        const ENTITIES: [(&str, char); 5] = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&apos;", '\''),
        ];
        for (text, c) in ENTITIES {
            if self.skip(text) {
                return Ok(c);
            }
        }
        Err(self.error("only the five entities of XML are known"))
    }
}
