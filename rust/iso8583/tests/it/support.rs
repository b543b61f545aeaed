//! Reading of the vector files and small helpers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pos_iso8583::table::{self, Coding};

/// One `[name]` section of a vector file.
pub struct Vector {
    pub name: String,
    pub values: BTreeMap<String, String>,
}

impl Vector {
    pub fn get(&self, key: &str) -> &str {
        self.values
            .get(key)
            .unwrap_or_else(|| panic!("{}: no {key}", self.name))
    }

    pub fn bytes(&self, key: &str) -> Vec<u8> {
        unhex(self.get(key))
    }
}

pub fn vectors_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/iso8583")
}

pub fn vectors(file: &str) -> Vec<Vector> {
    let path = vectors_folder().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    let mut out: Vec<Vector> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            out.push(Vector {
                name: name.into(),
                values: BTreeMap::new(),
            });
        } else {
            let (key, value) = line.split_once(" = ").expect("key = value");
            out.last_mut()
                .expect("a section")
                .values
                .insert(key.into(), value.into());
        }
    }
    assert!(!out.is_empty(), "{file} holds no vector");
    out
}

pub fn vector(file: &str, name: &str) -> Vector {
    vectors(file)
        .into_iter()
        .find(|v| v.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

pub fn frame_of(name: &str) -> Vec<u8> {
    vector("frames.txt", name).bytes("frame")
}

pub fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd hex");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The value form as the vector files write it: binary fields in hexadecimal.
pub fn shown(field: u8, value: &[u8]) -> String {
    match table::field(field).expect("known field").coding {
        Coding::Binary => hex(value),
        _ => String::from_utf8(value.to_vec()).expect("text"),
    }
}
