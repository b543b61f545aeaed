//! The programs that run in a JVM, from Maven Central and from Debian, believed by their hash.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::{believe, remove};
use crate::pins::{self, Pin};
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::debian::Packages;
use super::stamp::{Stamps, files};

const POM: &str = "android/jvm/apk/pom.xml";
const PINS: &str = "android/jvm/apk/pins.toml";
const SIGNER: &str = "apksigner";
/// Has a version that aligns libraries to 16 KiB; the machine's own Debian may not.
const SUITE: &str = "trixie";

/// Where they lie: folders `d8`, `proguard`, `back`, `app`, `aar`, `host`, `test`, `android`.
pub struct Jars {
    root: PathBuf,
}

impl Jars {
    pub fn fetch(repo: &Repo, root: PathBuf, stamps: &Stamps) -> Result<Self, Stop> {
        let (pom, parent, pins) = (
            repo.path(POM),
            repo.path("android/pom.xml"),
            repo.path(PINS),
        );
        stamps.once("jars", "", &[&pom, &parent, &pins], &[&root], || {
            remove(&root)?;
            let to = format!("-Dto={}", root.display());
            Tool::new(repo, "mvn")
                .args(["--quiet", "--file", POM, &to, "initialize"])
                .pass()?;
            let pins = read_pins(repo)?;
            check(&pins, &root)
        })?;
        let jars = Self { root };
        let signer = jars.signer();
        stamps.once("signer", "", &[&pins], &[&signer], || {
            fetch_signer(repo, &signer)
        })?;
        Ok(jars)
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// `-cp` for all jars of one folder.
    pub fn all_of(&self, name: &str) -> String {
        self.folder(name).join("*").display().to_string()
    }

    /// The jars of one folder, sorted.
    pub fn list(&self, name: &str) -> Result<Vec<PathBuf>, Stop> {
        files(&self.folder(name))
    }

    /// The only file of a folder.
    pub fn one(&self, name: &str) -> Result<PathBuf, Stop> {
        match self.list(name)?.as_slice() {
            [file] => Ok(file.clone()),
            list => Err(Stop::failed(format!(
                "{name}: {} files, not one",
                list.len()
            ))),
        }
    }

    pub fn signer(&self) -> PathBuf {
        self.root.with_file_name("apksigner.jar")
    }
}

fn read_pins(repo: &Repo) -> Result<Vec<Pin>, Stop> {
    pins::parse(&repo.read(PINS)?).map_err(|e| Stop::failed(format!("{PINS}: {e}")))
}

/// Every fetched file has its pin and its hash; every pin from Maven has its file.
fn check(pins: &[Pin], root: &Path) -> Result<(), Stop> {
    let mut names = Vec::new();
    for file in files(root)? {
        let name = file_name(&file);
        let known = pins.iter().find(|pin| holds(pin, &name));
        let pin = known.ok_or_else(|| Stop::failed(format!("{name} is not in {PINS}")))?;
        believe(pin, &file, PINS)?;
        names.push(name);
    }
    let from_maven = pins.iter().filter(|pin| pin.from.starts_with("maven:"));
    match from_maven
        .filter(|pin| !names.iter().any(|name| holds(pin, name)))
        .map(|pin| pin.name.as_str())
        .next()
    {
        None => Ok(()),
        Some(name) => Err(Stop::failed(format!("{PINS}: nothing fetches {name}"))),
    }
}

/// Whether a file of this name is what the pin names.
fn holds(pin: &Pin, file: &str) -> bool {
    let Some(rest) = pin.from.strip_prefix("maven:") else {
        return false;
    };
    let (stem, ending) = file.rsplit_once('.').unwrap_or_default();
    let parts: Vec<&str> = rest.split(':').collect();
    let (artifact, version, kind) = match parts.as_slice() {
        [_, artifact, version] => (artifact, version, "jar"),
        [_, artifact, version, kind] => (artifact, version, *kind),
        _ => return false,
    };
    stem == format!("{artifact}-{version}") && ending == kind
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn fetch_signer(repo: &Repo, to: &Path) -> Result<(), Stop> {
    let pins = read_pins(repo)?;
    let pin = pins.iter().find(|pin| pin.name == SIGNER);
    let pin = pin.ok_or_else(|| Stop::failed(format!("{PINS}: no {SIGNER}")))?;
    let root = to.with_extension("root");
    let packages = Packages {
        suite: SUITE,
        processor: None,
        pins: &[pin],
        from: PINS,
    };
    packages.unpack(repo, &root)?;
    let jar = root.join("usr/share/java/apksigner.jar");
    fs::copy(&jar, to).map_err(|e| Stop::io(jar.display(), &e))?;
    remove(&root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(from: &str) -> Pin {
        Pin {
            name: "x".to_owned(),
            from: from.to_owned(),
            sha256: String::new(),
        }
    }

    #[test]
    fn a_pin_knows_its_file() {
        let jna = pin("maven:net.java.dev.jna:jna:5.19.1");
        assert!(holds(&jna, "jna-5.19.1.jar"));
        assert!(!holds(&jna, "jna-5.19.2.jar"));
        assert!(!holds(&jna, "jna-platform-5.19.1.jar"));
        assert!(!holds(&jna, "jna-5.19.1.aar"));
        let aar = pin("maven:net.java.dev.jna:jna:5.19.1:aar");
        assert!(holds(&aar, "jna-5.19.1.aar") && !holds(&aar, "jna-5.19.1.jar"));
        assert!(!holds(&pin("deb:apksigner=1"), "apksigner-1.jar"));
    }
}
