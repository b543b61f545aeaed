//! What stands inside the core and the dex.

use std::collections::BTreeSet;

use super::{Look, that};

/// Would stand in the library if the simulator did.
const SIMULATOR: &[&str] = &["pos_sim", "rust/sim/"];
/// How the names of the core's functions begin.
const FUNCTION: &str = "uniffi_pos_ffi_";

pub fn simulator(look: &Look) -> Result<(), String> {
    that(!look.core.is_empty(), "no core")?;
    match SIMULATOR.iter().find(|text| stands(&look.core, text)) {
        None => Ok(()),
        Some(text) => Err(format!("{text:?} stands in it")),
    }
}

pub fn folders(look: &Look) -> Result<(), String> {
    that(!look.folders.is_empty(), "no folder to look for")?;
    let found = look
        .folders
        .iter()
        .find(|folder| stands(&look.core, folder) || stands(&look.code, folder));
    match found {
        None => Ok(()),
        Some(folder) => Err(format!("{folder} stands in it")),
    }
}

fn stands(bytes: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    bytes.windows(text.len()).any(|window| window == text)
}

/// JNA binds them all at the first call: without one of them nothing starts.
pub fn together(look: &Look) -> Result<(), String> {
    let there = names(&look.core);
    that(!look.called.is_empty(), "the classes call nothing")?;
    match look.called.difference(&there).next() {
        None => Ok(()),
        Some(name) => Err(format!("the core has no {name}; one of them is older")),
    }
}

/// All names of the core's functions in a text or in a library.
pub fn names(bytes: &[u8]) -> BTreeSet<String> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    bytes
        .split(|byte| !is_word(byte))
        .filter(|word| word.starts_with(FUNCTION.as_bytes()))
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}
