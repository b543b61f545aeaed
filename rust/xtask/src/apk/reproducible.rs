//! Builds the same release twice, from two clones of the last commit in folders of other names and
//! depths, and compares the archives before they are signed.

use std::fs;
use std::path::Path;

use crate::fetched::remove;
use crate::repo::Repo;
use crate::resources;
use crate::stop::Stop;
use crate::tool::Tool;

use super::abi::ARM64;
use super::zip;

const FOLDER: &str = "target/reproducible";
const CLONES: [&str; 2] = ["one", "another/place"];

/// Takes what two cold builds take, however many seconds are given.
pub fn soak(repo: &Repo, _seconds: u64) -> Result<(), Stop> {
    let folder = repo.path(FOLDER);
    remove(&folder)?;
    fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
    let mut made = Vec::new();
    for (number, clone) in CLONES.iter().enumerate() {
        let kept = folder.join(format!("{number}.apk"));
        build(repo, &folder.join(clone), &kept)?;
        made.push(kept);
    }
    match made.as_slice() {
        [one, other] => compare(one, other),
        _ => Err(Stop::failed("not two builds")),
    }
}

/// Builds the last commit in a clone, keeps the unsigned archive, and throws the clone away.
fn build(repo: &Repo, clone: &Path, kept: &Path) -> Result<(), Stop> {
    Tool::new(repo, "git")
        .args(["clone", "--quiet"])
        .path(repo.root())
        .path(clone)
        .pass()?;
    let there = Repo::at(clone.to_path_buf());
    Tool::cargo(&there)
        .args(["xtask", "apk", "--release", "--abi", ARM64.name])
        .pass()?;
    let version = resources::version(&there)?;
    let made = format!("target/android/apk/unsigned/voidproof-{version}-{ARM64}-release.apk");
    let made = there.path(&made);
    fs::copy(&made, kept).map_err(|e| Stop::io(made.display(), &e))?;
    remove(clone)
}

fn compare(one: &Path, other: &Path) -> Result<(), Stop> {
    let read = |path: &Path| fs::read(path).map_err(|e| Stop::io(path.display(), &e));
    let bytes = (read(one)?, read(other)?);
    if bytes.0 == bytes.1 {
        println!("{} bytes, the same in both", bytes.0.len());
        return Ok(());
    }
    let entries = (zip::entries(one)?, zip::entries(other)?);
    let differ = different((&entries.0, &bytes.0), (&entries.1, &bytes.1));
    Err(Stop::failed(match differ.as_slice() {
        [] => "the archives differ between their files: in order or in times".to_owned(),
        names => format!("not the same in both: {}", names.join(" ")),
    }))
}

type Archive<'a> = (&'a [zip::Entry], &'a [u8]);

/// Names of the files that are in one of the archives alone, or with other contents.
fn different(one: Archive<'_>, other: Archive<'_>) -> Vec<String> {
    let content = |(entries, bytes): Archive<'_>, name: &str| -> Option<Vec<u8>> {
        let entry = entries.iter().find(|entry| entry.name == name)?;
        let end = entry.offset.checked_add(entry.size)?;
        bytes.get(entry.offset..end).map(<[u8]>::to_vec)
    };
    let mut names: Vec<&String> = one
        .0
        .iter()
        .chain(other.0)
        .map(|entry| &entry.name)
        .collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| content(one, name) != content(other, name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apk::zip::Entry;

    fn entry(name: &str, offset: usize, size: usize) -> Entry {
        Entry {
            name: name.to_owned(),
            stored: true,
            size,
            offset,
        }
    }

    #[test]
    fn files_that_differ_or_are_missing_are_named() {
        let one = [entry("a", 0, 2), entry("b", 2, 2)];
        let same: Archive<'_> = (&one, b"aabb");
        assert!(different(same, same).is_empty());
        assert_eq!(different(same, (&one, b"aabc")), ["b"]);
        let moved = [entry("b", 0, 2), entry("a", 2, 2)];
        assert!(different(same, (&moved, b"bbaa")).is_empty());
        let less = [entry("a", 0, 2)];
        assert_eq!(different(same, (&less, b"aa")), ["b"]);
        let more = [entry("a", 0, 2), entry("b", 2, 2), entry("c", 4, 1)];
        assert_eq!(different(same, (&more, b"aabbc")), ["c"]);
    }
}
