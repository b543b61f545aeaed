//! Reading of the vector files.

use std::path::PathBuf;

/// One `[name]` section of a vector file, its pairs in their order.
pub struct Vector {
    pub name: String,
    pub pairs: Vec<(String, String)>,
}

impl Vector {
    pub fn get(&self, key: &str) -> &str {
        let pair = self.pairs.iter().find(|(name, _)| name == key);
        &pair.unwrap_or_else(|| panic!("{}: no {key}", self.name)).1
    }

    /// All pairs but the named ones.
    pub fn without(&self, keys: &[&str]) -> Vec<(String, String)> {
        let pairs = self.pairs.iter();
        pairs
            .filter(|(key, _)| !keys.contains(&key.as_str()))
            .cloned()
            .collect()
    }
}

/// The lines of a vector file, without comments and empty ones.
pub fn lines(file: &str) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/codes");
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let lines = text.lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

pub fn vectors(file: &str) -> Vec<Vector> {
    let mut out: Vec<Vector> = Vec::new();
    for line in lines(file) {
        let name = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        if let Some(name) = name {
            out.push(Vector {
                name: name.to_owned(),
                pairs: Vec::new(),
            });
        } else {
            let (key, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
            let section = out.last_mut().expect("a section");
            section.pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    assert!(!out.is_empty(), "{file} has no vectors");
    out
}

pub fn vector(file: &str, name: &str) -> Vector {
    let found = vectors(file).into_iter().find(|v| v.name == name);
    found.unwrap_or_else(|| panic!("{file}: no {name}"))
}
