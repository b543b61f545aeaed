//! The repository: where it is and which files belong to it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stop::Stop;
use crate::tool::Tool;

/// The checkout that xtask works on.
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Walks up from the current folder to the workspace's Cargo.toml.
    pub fn find() -> Result<Self, Stop> {
        let here = std::env::current_dir().map_err(|e| Stop::io("current folder", &e))?;
        here.ancestors()
            .find(|folder| is_workspace_root(folder))
            .map(|root| Self {
                root: root.to_path_buf(),
            })
            .ok_or_else(|| Stop::usage("run this inside the repository"))
    }

    /// A checkout at a known place.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn has(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    pub fn read(&self, relative: &str) -> Result<String, Stop> {
        fs::read_to_string(self.path(relative)).map_err(|e| Stop::io(relative, &e))
    }

    /// Relative paths of all tracked files and of new ones that git does not ignore, sorted.
    pub fn files(&self) -> Result<Vec<String>, Stop> {
        let listing = Tool::new(self, "git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .read()?;
        let mut files: Vec<String> = listing
            .split('\0')
            .filter(|path| !path.is_empty() && self.path(path).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }
}

fn is_workspace_root(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}
