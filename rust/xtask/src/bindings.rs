//! `cargo xtask bindings`: the core for this machine, and its Kotlin.

use std::fs;
use std::path::Path;

use crate::cargo_graph::Graph;
use crate::fetched::{remove, sha256};
use crate::options::{Options, absolute};
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

const USAGE: &str = "usage: cargo xtask bindings [--out] DIR";
const CONFIG: &str = "uniffi.toml";
const LIBRARY: &str = "release/libpos_ffi.so";
const PACKAGE: &str = "com.voidproof.core";
/// Says of what the generated files were made.
const STAMP: &str = ".made-of";

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let out = match arguments {
        [out] if !out.starts_with("--") => absolute(out)?,
        named => Options::read(named, &["out"], USAGE)?.path("out")?,
    };
    let graph = Graph::members(repo)?;
    let package = graph.in_folder("rust/ffi")?;
    Tool::release(repo, package)?;

    // When nothing changed the files stay untouched, so that Kotlin is not compiled again.
    let library = graph.target.join(LIBRARY);
    let made_of = format!("{} {}", sha256(&library)?, sha256(&repo.path(CONFIG))?);
    let stamp = out.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|text| text == made_of) {
        return Ok(());
    }
    generate(repo, &library, &out)?;
    fs::write(&stamp, made_of).map_err(|e| Stop::io(stamp.display(), &e))
}

fn generate(repo: &Repo, library: &Path, out: &Path) -> Result<(), Stop> {
    write(repo, library, "kotlin", out)?;
    // A configuration that does not apply is ignored without a word; this line tells.
    let file = out.join("com/voidproof/core/pos_ffi.kt");
    let text = fs::read_to_string(&file).map_err(|e| Stop::io(file.display(), &e))?;
    match has_package(&text) {
        true => Ok(()),
        false => Err(Stop::failed(format!(
            "{}: not in package {PACKAGE}",
            file.display()
        ))),
    }
}

/// The bindings of a library that still has its symbols, in a language of UniFFI's; `out` is made
/// anew.
pub fn write(repo: &Repo, library: &Path, language: &str, out: &Path) -> Result<(), Stop> {
    remove(out)?;
    fs::create_dir_all(out).map_err(|e| Stop::io(out.display(), &e))?;
    Tool::cargo(repo)
        .args([
            "run",
            "--locked",
            "--quiet",
            "--profile",
            "bindgen",
            "--package",
            "pos-bindgen",
        ])
        .args(["--", "generate"])
        .path(library)
        .args([
            "--language",
            language,
            "--no-format",
            "--config",
            CONFIG,
            "--out-dir",
        ])
        .path(out)
        .pass()
}

fn has_package(kotlin: &str) -> bool {
    let declared = kotlin
        .lines()
        .find_map(|line| line.trim().strip_prefix("package "));
    declared.is_some_and(|name| name.trim_end_matches(';').trim() == PACKAGE)
}

#[cfg(test)]
mod tests {
    use super::has_package;

    #[test]
    fn the_package_line_is_demanded() {
        assert!(has_package(
            "// made\n@file:Suppress(\"x\")\npackage com.voidproof.core;\n"
        ));
        assert!(!has_package("package uniffi.pos_ffi\n"));
        assert!(!has_package("// package com.voidproof.core\n"));
    }
}
