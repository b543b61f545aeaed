//! The licence texts that have to be shown with what they cover.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Part;
use crate::stop::Stop;

/// How the names of files with licences and notices begin.
const FILES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
const SHARED: &str = "Apache-2.0";
const MIT: &str = include_str!("mit.txt");

/// Each text once, and which part has which.
pub struct Texts {
    texts: Vec<String>,
    /// By the address of the part: places in `texts`.
    of: BTreeMap<String, Vec<usize>>,
}

impl Texts {
    /// `apache` is the text of the licence that most parts offer.
    pub fn new(apache: String) -> Self {
        Self {
            texts: vec![apache],
            of: BTreeMap::new(),
        }
    }

    /// Finds a part's texts in its folder. Where Apache-2.0 is offered it is taken, with the part's
    /// notice if it has one; else everything that the part says of its licence goes with it.
    pub fn add(&mut self, part: &Part, folder: &Path) -> Result<(), Stop> {
        let shared = part.licence.contains(SHARED) && !part.licence.contains(" AND ");
        let mut places = if shared { vec![0] } else { Vec::new() };
        for (name, text) in read(folder)? {
            if !shared || name.starts_with("NOTICE") {
                places.push(self.place(text));
            }
        }
        if places.is_empty() {
            places.extend(stand_in(part).map(|text| self.place(text)));
        }
        if places.is_empty() {
            let detail = format!("{} {}: no licence text", part.name, part.version);
            return Err(Stop::failed(detail));
        }
        self.of.insert(part.url.clone(), places);
        Ok(())
    }

    fn place(&mut self, text: String) -> usize {
        let known = self.texts.iter().position(|other| *other == text);
        known.unwrap_or_else(|| {
            self.texts.push(text);
            self.texts.len() - 1
        })
    }

    /// The list that the app shows.
    pub fn list(&self, parts: &[Part]) -> Value {
        let line = |part: &Part| {
            json!({
                "name": part.name,
                "version": part.version,
                "licence": part.licence,
                "texts": self.of.get(&part.url),
            })
        };
        json!({
            "parts": parts.iter().map(line).collect::<Vec<Value>>(),
            "texts": self.texts,
        })
    }
}

/// What goes with a part whose archive has no text of its own.
fn stand_in(part: &Part) -> Option<String> {
    let Part { name, url, .. } = part;
    match part.licence.as_str() {
        "MIT" => Some(format!(
            "MIT License\n\nCopyright (c) the authors of {name}\n\n{MIT}"
        )),
        "MPL-2.0" => Some(format!(
            "{name} is subject to the terms of the Mozilla Public License, v. 2.0, which can be \
             obtained at https://mozilla.org/MPL/2.0/. Its source, unchanged, is {url}."
        )),
        _ => None,
    }
}

/// Name and text of each file, by name; none where there is no folder.
fn read(folder: &Path) -> Result<BTreeMap<String, String>, Stop> {
    let mut found = BTreeMap::new();
    if !folder.is_absolute() {
        return Ok(found);
    }
    let entries = fs::read_dir(folder).map_err(|e| Stop::io(folder.display(), &e))?;
    for entry in entries {
        let path = entry.map_err(|e| Stop::io(folder.display(), &e))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        if path.is_file() && FILES.iter().any(|start| name.starts_with(start)) {
            let text = fs::read_to_string(&path).map_err(|e| Stop::io(path.display(), &e))?;
            found.insert(name, text.replace("\r\n", "\n"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(licence: &str) -> Part {
        Part {
            name: "a".into(),
            version: "1.0.0".into(),
            licence: licence.into(),
            url: format!("pkg:cargo/a@{licence}"),
            sha256: String::new(),
        }
    }

    #[test]
    fn a_part_under_another_licence_brings_its_own_text() {
        let folder = std::env::temp_dir().join(format!("voidproof-texts-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("LICENSE-MIT"), "Copyright A").unwrap();
        let mut texts = Texts::new("Apache".into());
        texts.add(&part("MIT"), &folder).unwrap();
        texts.add(&part("MIT OR Apache-2.0"), &folder).unwrap();
        assert!(texts.add(&part("Zlib"), Path::new("")).is_err());
        fs::remove_dir_all(&folder).unwrap();
        let list = texts.list(&[part("MIT"), part("MIT OR Apache-2.0")]);
        assert_eq!(list["texts"], json!(["Apache", "Copyright A"]));
        assert_eq!(list["parts"][0]["texts"], json!([1]));
        assert_eq!(list["parts"][1]["texts"], json!([0]));
    }
}
