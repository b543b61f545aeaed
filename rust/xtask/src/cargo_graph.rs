//! What `cargo metadata` tells about the packages: the part of it that the rules read.

use std::path::PathBuf;

use serde_json::Value;

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

/// Packages in the order cargo gives them.
#[derive(Debug, Default)]
pub struct Graph {
    pub packages: Vec<Package>,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
}

/// One package, ours or foreign.
#[derive(Debug, Default, Clone)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// The SPDX expression of its manifest.
    pub licence: Option<String>,
    /// None = lies in this repository.
    pub source: Option<String>,
    /// The folder of its manifest: relative to the root for our own, absolute for others.
    pub folder: String,
    pub dependencies: Vec<Dependency>,
}

/// One line of a package's dependency tables.
#[derive(Debug, Default, Clone)]
pub struct Dependency {
    pub name: String,
    pub dev: bool,
    pub optional: bool,
    pub features: Vec<String>,
}

impl Graph {
    /// The packages of this repository alone; needs no lock file and no registry.
    pub fn members(repo: &Repo) -> Result<Self, Stop> {
        let text = Tool::cargo(repo)
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .read()?;
        parse(&text, repo)
    }

    /// All packages that a build for one of `targets` can contain, by the lock file.
    pub fn locked(repo: &Repo, targets: &[String]) -> Result<Self, Stop> {
        let mut tool = Tool::cargo(repo).args(["metadata", "--format-version", "1", "--locked"]);
        for target in targets {
            tool = tool.args(["--filter-platform", target]);
        }
        parse(&tool.read()?, repo)
    }

    /// The name of our package in this folder.
    pub fn in_folder(&self, folder: &str) -> Result<&str, Stop> {
        self.ours()
            .find(|package| package.folder == folder)
            .map(|package| package.name.as_str())
            .ok_or_else(|| Stop::failed(format!("there is no package in {folder}")))
    }

    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.source.is_none())
    }
}

fn parse(output: &str, repo: &Repo) -> Result<Graph, Stop> {
    let json: Value = serde_json::from_str(output)
        .map_err(|e| Stop::failed(format!("cargo metadata: not JSON: {e}")))?;
    let packages = items(&json, "packages")
        .map(|item| package(item, repo))
        .collect();
    Ok(Graph {
        packages,
        target: text(&json, "target_directory").unwrap_or_default().into(),
    })
}

fn package(json: &Value, repo: &Repo) -> Package {
    let manifest = text(json, "manifest_path").unwrap_or_default();
    let folder = manifest
        .trim_end_matches("Cargo.toml")
        .trim_end_matches('/');
    let root = repo.root().to_string_lossy();
    let folder = folder
        .strip_prefix(root.as_ref())
        .unwrap_or(folder)
        .trim_start_matches('/');
    Package {
        name: text(json, "name").unwrap_or_default(),
        version: text(json, "version").unwrap_or_default(),
        licence: text(json, "license"),
        source: text(json, "source"),
        folder: folder.to_owned(),
        dependencies: items(json, "dependencies").map(dependency).collect(),
    }
}

fn dependency(json: &Value) -> Dependency {
    Dependency {
        name: text(json, "name").unwrap_or_default(),
        dev: text(json, "kind").as_deref() == Some("dev"),
        optional: json
            .get("optional")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        features: items(json, "features")
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    }
}

fn text(json: &Value, key: &str) -> Option<String> {
    json.get(key)?.as_str().map(str::to_owned)
}

fn items<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    json.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
