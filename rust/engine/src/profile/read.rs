//! From TOML text to entries: key with section, line, value.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::ProfileError;

/// What stands behind a key.
pub(super) enum Value {
    /// A text.
    Text(Zeroizing<String>),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// Anything else, by its TOML name.
    Other(&'static str),
}

impl Value {
    /// That something else was wanted.
    pub fn wants(&self, wanted: &str) -> String {
        let found = match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Other(name) => name,
        };
        format!("wants {wanted}, not {found}")
    }
}

/// A value and where it stands.
pub(super) struct Entry {
    pub line: usize,
    pub value: Value,
}

/// The entries of a profile by key with section, and the sections that are there.
pub(super) struct Entries {
    values: BTreeMap<String, Entry>,
    sections: BTreeMap<String, usize>,
}

impl Entries {
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.values.get(key)
    }

    pub fn line_of(&self, key: &str) -> Option<usize> {
        self.values.get(key).map(|entry| entry.line)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.values.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// Sections with their lines.
    pub fn sections(&self) -> impl Iterator<Item = (&str, usize)> {
        self.sections
            .iter()
            .map(|(name, line)| (name.as_str(), *line))
    }

    pub fn has_section(&self, name: &str) -> bool {
        self.sections.contains_key(name)
    }

    /// An error at a key's line.
    pub fn error(&self, key: &str, detail: impl Into<String>) -> ProfileError {
        ProfileError {
            line: self.line_of(key),
            key: key.to_owned(),
            detail: detail.into(),
        }
    }
}

/// The line, counted from 1, of a byte offset.
pub(super) fn line_at(text: &[u8], offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Reads all entries, two levels deep; deeper ones become [`Value::Other`].
pub(super) fn entries(text: &str) -> Result<Entries, ProfileError> {
    let table = DeTable::parse(text).map_err(|error| ProfileError {
        line: error
            .span()
            .map(|span| line_at(text.as_bytes(), span.start)),
        key: String::new(),
        // The message names what the grammar wanted; the text itself is never quoted.
        detail: format!("is not TOML: {}", error.message()),
    })?;
    let line = |span: std::ops::Range<usize>| line_at(text.as_bytes(), span.start);
    let mut entries = Entries {
        values: BTreeMap::new(),
        sections: BTreeMap::new(),
    };
    for (name, value) in table.get_ref() {
        match value.get_ref() {
            DeValue::Table(section) => {
                entries
                    .sections
                    .insert(name.get_ref().to_string(), line(name.span()));
                for (key, value) in section {
                    let full = format!("{}.{}", name.get_ref(), key.get_ref());
                    entries.values.insert(full, entry(line(key.span()), value));
                }
            }
            _ => {
                let key = name.get_ref().to_string();
                entries.values.insert(key, entry(line(name.span()), value));
            }
        }
    }
    Ok(entries)
}

fn entry(line: usize, value: &Spanned<DeValue<'_>>) -> Entry {
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(Zeroizing::new(text.to_string())),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("number too large"), Value::Number),
        other => Value::Other(other.type_str()),
    };
    Entry { line, value }
}
