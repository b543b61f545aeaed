//! Not doing again what would give the same: each made thing has a stamp with the hash of all
//! that it was made of.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::fetched::hex;
use crate::stop::Stop;

/// The stamps of one build.
pub struct Stamps {
    folder: PathBuf,
}

impl Stamps {
    pub fn in_folder(folder: PathBuf) -> Result<Self, Stop> {
        fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
        Ok(Self { folder })
    }

    /// Calls `make` unless `name` was last made of the same words, files and folders and all of
    /// `made` is there. True when it was made now.
    pub fn once(
        &self,
        name: &str,
        words: &str,
        inputs: &[&Path],
        made: &[&Path],
        make: impl FnOnce() -> Result<(), Stop>,
    ) -> Result<bool, Stop> {
        let stamp = self.folder.join(name);
        let now = hash(words, inputs)?;
        let there = made.iter().all(|path| path.exists());
        if there && fs::read_to_string(&stamp).is_ok_and(|text| text == now) {
            return Ok(false);
        }
        // A make that fails midway must not pass for the one before it.
        if stamp.exists() {
            fs::remove_file(&stamp).map_err(|e| Stop::io(stamp.display(), &e))?;
        }
        make()?;
        fs::write(&stamp, now).map_err(|e| Stop::io(stamp.display(), &e))?;
        Ok(true)
    }
}

/// Of names and contents, folders in the order of their names.
fn hash(words: &str, inputs: &[&Path]) -> Result<String, Stop> {
    let mut digest = Sha256::new();
    digest.update(words);
    for input in inputs {
        for file in files(input)? {
            let bytes = fs::read(&file).map_err(|e| Stop::io(file.display(), &e))?;
            // Seen from the input: the same files elsewhere make the same.
            let name = file.strip_prefix(input).unwrap_or(&file);
            digest.update(name.to_string_lossy().as_bytes());
            digest.update(Sha256::digest(bytes));
        }
    }
    Ok(hex(&digest.finalize()))
}

/// The file itself, or all files below the folder, sorted.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = fs::read_dir(path).map_err(|e| Stop::io(path.display(), &e))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        found.extend(files(&path)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetched::remove;

    #[test]
    fn made_again_only_after_a_change_or_a_failure() {
        let folder = std::env::temp_dir().join(format!("voidproof-stamps-{}", std::process::id()));
        remove(&folder).unwrap();
        let stamps = Stamps::in_folder(folder.join("stamps")).unwrap();
        let (input, output) = (folder.join("in"), folder.join("out"));
        fs::write(&input, "1").unwrap();
        let make = |words: &str| {
            let write = || fs::write(&output, "x").map_err(|e| Stop::io("x", &e));
            stamps
                .once("it", words, &[&input], &[&output], write)
                .unwrap()
        };
        assert!(make("a"));
        assert!(!make("a"), "nothing changed");
        assert!(make("b"), "other words");
        fs::write(&input, "2").unwrap();
        assert!(make("b"), "another input");
        fs::remove_file(&output).unwrap();
        assert!(make("b"), "the output is gone");
        let broken = stamps.once("it", "c", &[&input], &[&output], || Err(Stop::failed("no")));
        assert!(broken.is_err());
        assert!(make("b"), "what failed left something half made");
        remove(&folder).unwrap();
    }
}
