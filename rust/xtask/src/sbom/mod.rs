//! `cargo xtask sbom`: what the app is made of. `sbom.json` is a bill of materials in the form of
//! CycloneDX; `licences.json` is what the app's own list shows, with the texts that have to go
//! with it. Both are the same, byte for byte, wherever they are made.

mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use toml::Table;

use crate::cargo_graph::{Graph, Package};
use crate::options::Options;
use crate::pins::{self, PINS};
use crate::repo::Repo;
use crate::resources;
use crate::stop::Stop;
use crate::tool::Tool;

use texts::Texts;

const USAGE: &str = "usage: cargo xtask sbom --out DIR";
/// What is shipped to devices.
const TARGETS: [&str; 2] = ["aarch64-linux-android", "armv7-linux-androideabi"];
const CORE: &str = "pos-ffi";
/// The jars whose classes are in the APK, and their licences, which no jar states.
const JARS: [(&str, &str); 4] = [
    (
        "maven:net.java.dev.jna:jna:",
        "Apache-2.0 OR LGPL-2.1-or-later",
    ),
    ("maven:org.jetbrains.kotlin:kotlin-stdlib:", "Apache-2.0"),
    (
        "maven:org.jetbrains.kotlinx:kotlinx-coroutines-core-jvm:",
        "Apache-2.0",
    ),
    ("maven:org.jetbrains:annotations:", "Apache-2.0"),
];

/// Something that the app contains.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    /// Its address in the form of package URLs.
    url: String,
    /// SHA-256 of the archive that the registry gives.
    sha256: String,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let options = Options::read(arguments, &["out"], USAGE)?;
    let parts = make(repo, &options.path("out")?)?;
    println!("{parts} parts");
    Ok(())
}

/// Writes both files into a folder, which is made; gives back how many parts they list.
pub fn make(repo: &Repo, out: &Path) -> Result<usize, Stop> {
    let targets = TARGETS.map(str::to_owned);
    let graph = Graph::locked(repo, &targets)?;
    let inside = inside(repo)?;
    let sums = checksums(&repo.read("Cargo.lock")?)?;
    let mut parts = Vec::new();
    let mut texts = Texts::new(repo.read("LICENSE")?);
    for package in graph
        .packages
        .iter()
        .filter(|package| package.source.is_some())
    {
        let key = (package.name.clone(), package.version.clone());
        if inside.contains(&key) {
            let sum = sums.get(&key).cloned().unwrap_or_default();
            let part = of_crate(package, sum)?;
            // The graph tells folders outside of the repository without their first stroke.
            texts.add(&part, &Path::new("/").join(&package.folder))?;
            parts.push(part);
        }
    }
    for part in jars(&repo.read(PINS)?)? {
        texts.add(&part, Path::new(""))?;
        parts.push(part);
    }
    parts.sort();
    fs::create_dir_all(out).map_err(|e| Stop::io(out.display(), &e))?;
    let version = resources::version(repo)?;
    write(&out.join("sbom.json"), &bill(&version, &parts))?;
    write(&out.join("licences.json"), &texts.list(&parts))?;
    Ok(parts.len())
}

/// Name and version of every crate that is compiled into the core.
fn inside(repo: &Repo) -> Result<BTreeSet<(String, String)>, Stop> {
    let mut found = BTreeSet::new();
    for target in TARGETS {
        let tree = Tool::cargo(repo)
            .env("RUSTFLAGS", "--cfg no_ndk")
            .args(["tree", "--locked", "--package", CORE, "--edges", "normal"])
            .args(["--target", target, "--prefix", "none", "--format", "{p}"])
            .read()?;
        found.extend(tree.lines().filter_map(named));
    }
    Ok(found)
}

/// Of a line `name v1.2.3 (…)`.
fn named(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    Some((name.to_owned(), version.to_owned()))
}

fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>, Stop> {
    let table: Table = lock
        .parse()
        .map_err(|e| Stop::failed(format!("Cargo.lock: {e}")))?;
    let packages = table.get("package").and_then(toml::Value::as_array);
    let text = |item: &toml::Value, key: &str| Some(item.get(key)?.as_str()?.to_owned());
    let sum = |item: &toml::Value| {
        let key = (text(item, "name")?, text(item, "version")?);
        Some((key, text(item, "checksum")?))
    };
    Ok(packages.into_iter().flatten().filter_map(sum).collect())
}

fn of_crate(package: &Package, sha256: String) -> Result<Part, Stop> {
    let Package { name, version, .. } = package;
    let licence = package.licence.clone();
    Ok(Part {
        name: name.clone(),
        version: version.clone(),
        licence: licence.ok_or_else(|| Stop::failed(format!("{name}: states no licence")))?,
        url: format!("pkg:cargo/{name}@{version}"),
        sha256,
    })
}

fn jars(text: &str) -> Result<Vec<Part>, Stop> {
    let pins = pins::parse(text).map_err(|e| Stop::failed(format!("{PINS}: {e}")))?;
    JARS.iter()
        .map(|(from, licence)| {
            let found = pins.iter().find_map(|pin| {
                let version = pin.from.strip_prefix(from)?;
                (!version.contains(':')).then_some((pin, version))
            });
            let (pin, version) = found.ok_or_else(|| Stop::failed(format!("{PINS}: no {from}")))?;
            let name = from.trim_start_matches("maven:").trim_end_matches(':');
            Ok(Part {
                name: name.to_owned(),
                version: version.to_owned(),
                licence: (*licence).to_owned(),
                url: format!("pkg:maven/{}@{version}", name.replace(':', "/")),
                sha256: pin.sha256.clone(),
            })
        })
        .collect()
}

/// CycloneDX 1.5, without a time and a serial number: they would differ at each build.
fn bill(version: &str, parts: &[Part]) -> Value {
    let component = |part: &Part| {
        json!({
            "type": "library",
            "bom-ref": part.url,
            "name": part.name,
            "version": part.version,
            "licenses": [{ "expression": part.licence.replace('/', " OR ") }],
            "purl": part.url,
            "hashes": [{ "alg": "SHA-256", "content": part.sha256 }],
        })
    };
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": "voidproof", "name": "voidproof", "version": version,
            "licenses": [{ "expression": "Apache-2.0" }],
        }},
        "components": parts.iter().map(component).collect::<Vec<Value>>(),
    })
}

fn write(path: &Path, value: &Value) -> Result<(), Stop> {
    let text = format!("{value:#}\n");
    fs::write(path, text).map_err(|e| Stop::io(path.display(), &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_tree_names_its_crate() {
        let named = named("sha2 v0.11.1 (*)").unwrap();
        assert_eq!(named, ("sha2".to_owned(), "0.11.1".to_owned()));
        assert!(super::named("").is_none());
    }

    #[test]
    fn sums_are_those_of_the_lock() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ab\"\n\
                    [[package]]\nname = \"own\"\nversion = \"1.0.0\"\n";
        let sums = checksums(lock).unwrap();
        assert_eq!(sums.len(), 1, "our own come from no registry");
        assert_eq!(sums[&("a".to_owned(), "1.0.0".to_owned())], "ab");
    }

    #[test]
    fn a_jar_that_is_not_pinned_stops_the_bill() {
        assert!(jars("").is_err());
    }

    #[test]
    fn the_bill_has_each_part_with_licence_and_hash() {
        let part = Part {
            name: "a".into(),
            version: "1.0.0".into(),
            licence: "MIT/Apache-2.0".into(),
            url: "pkg:cargo/a@1.0.0".into(),
            sha256: "ab".into(),
        };
        let bill = bill("0.4.0", &[part]);
        let component = &bill["components"][0];
        assert_eq!(component["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(component["hashes"][0]["content"], "ab");
    }
}
