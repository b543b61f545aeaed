//! `cargo xtask tidy`: the rules that a machine can check, each with a test that feeds it a
//! violation and sees it caught.

mod boundaries;
mod documents;
mod gradle;
mod invariants;
mod layers;
mod limits;
mod manifests;
mod migrations;
mod regions;
mod source;
mod words;

use std::fmt;

use crate::cargo_graph::Graph;
use crate::repo::Repo;
use crate::stop::Stop;
use source::{Language, Views};

/// Everything that the rules look at.
#[derive(Default)]
pub struct Tree {
    files: Vec<File>,
    graph: Graph,
}

/// One text file. `views` is empty for languages that are not split.
pub struct File {
    path: String,
    text: String,
    views: Views,
}

/// One violation.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    path: String,
    /// From 1; 0 when it concerns the whole file.
    line: usize,
    what: String,
}

/// One rule.
struct Rule {
    name: &'static str,
    what: &'static str,
    find: fn(&Tree) -> Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "layers",
        what: "who may use whom",
        find: layers::arrows,
    },
    Rule {
        name: "outside",
        what: "which crates may use a guarded crate",
        find: layers::guarded,
    },
    Rule {
        name: "pins",
        what: "exact versions, in one place",
        find: manifests::exact_pins,
    },
    Rule {
        name: "fetched",
        what: "fetched tools have a SHA-256",
        find: manifests::fetched,
    },
    Rule {
        name: "bindings",
        what: "how Kotlin is generated",
        find: manifests::uniffi,
    },
    Rule {
        name: "length",
        what: "files, functions and lines",
        find: limits::lengths,
    },
    Rule {
        name: "words",
        what: "nothing left to do, no ignored test",
        find: words::banned,
    },
    Rule {
        name: "sleep",
        what: "no test sleeps",
        find: words::sleeping_tests,
    },
    Rule {
        name: "paths",
        what: "no path of some machine",
        find: words::machine_paths,
    },
    Rule {
        name: "docs",
        what: "each crate says what it is",
        find: documents::crate_docs,
    },
    Rule {
        name: "adr",
        what: "decisions numbered and listed",
        find: documents::decisions,
    },
    Rule {
        name: "invariants",
        what: "a test for each of the 14",
        find: invariants::demanded,
    },
    Rule {
        name: "unsafe",
        what: "unsafe code only at the boundary",
        find: boundaries::unsafe_code,
    },
    Rule {
        name: "sql",
        what: "SQL only in the ledger",
        find: boundaries::sql,
    },
    Rule {
        name: "sockets",
        what: "sockets only where a link lives",
        find: boundaries::sockets,
    },
    Rule {
        name: "errors",
        what: "no exported error field `message`",
        find: boundaries::message,
    },
    Rule {
        name: "kotlin",
        what: "generated code behind the gateway",
        find: boundaries::kotlin,
    },
    Rule {
        name: "gradle",
        what: "both builds make the same app",
        find: gradle::same_app,
    },
    Rule {
        name: "migrations",
        what: "the queue is never dropped",
        find: migrations::keep,
    },
];

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => check(repo),
        ["--list"] => {
            for rule in RULES {
                println!("{:<11} {}", rule.name, rule.what);
            }
            Ok(())
        }
        _ => Err(Stop::usage("usage: cargo xtask tidy [--list]")),
    }
}

pub fn check(repo: &Repo) -> Result<(), Stop> {
    let tree = Tree::load(repo)?;
    println!("{} files, {} rules", tree.files.len(), RULES.len());
    for (invariant, places) in invariants::places(&tree) {
        println!("{invariant}: {}", places.join(" "));
    }
    let mut count = 0_usize;
    for rule in RULES {
        for finding in (rule.find)(&tree) {
            println!("{}: {finding}", rule.name);
            count += 1;
        }
    }
    match count {
        0 => Ok(()),
        _ => Err(Stop::failed(format!("{count} violations"))),
    }
}

impl Tree {
    /// All text files of the repository; pictures, databases and lock files are left out.
    fn load(repo: &Repo) -> Result<Self, Stop> {
        let mut files = Vec::new();
        for path in repo.files()? {
            let bytes = std::fs::read(repo.path(&path)).map_err(|e| Stop::io(&path, &e))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(File::new(path, text));
            }
        }
        Ok(Self {
            files,
            graph: Graph::members(repo)?,
        })
    }

    fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    fn kotlin(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".kt"))
    }

    fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// A tree of these files alone, for the tests of the rules.
    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File::new((*path).to_owned(), (*text).to_owned()));
        Self {
            files: files.collect(),
            graph: Graph::default(),
        }
    }
}

impl File {
    fn new(path: String, text: String) -> Self {
        let language = match path.rsplit_once('.') {
            Some((_, "rs")) => Some(Language::Rust),
            Some((_, "kt" | "kts" | "java")) => Some(Language::Kotlin),
            _ => None,
        };
        let views = language
            .map(|language| source::split(&text, language))
            .unwrap_or_default();
        Self { path, text, views }
    }

    fn at(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }

    /// Whether the file lies below one of these folders (or is one of these files).
    fn below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }
}

/// Lines with their numbers, from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// What a rule says about these files, as `path:line: what`, for the tests of the rules.
#[cfg(test)]
fn said(rule: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files))
        .iter()
        .map(ToString::to_string)
        .collect()
}
