//! The steps that are one cargo call, or two.

use crate::cargo_graph::Graph;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::tally::{self, Tally};

pub fn format(repo: &Repo) -> Result<Tally, Stop> {
    Tool::cargo(repo).args(["fmt", "--all", "--check"]).pass()?;
    Ok(Tally::NONE)
}

pub fn clippy(repo: &Repo) -> Result<Tally, Stop> {
    Tool::cargo(repo)
        .args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
        ])
        .args(["--", "-D", "warnings"])
        .pass()?;
    Ok(Tally::NONE)
}

/// Has no code of its own and takes minutes to compile; the Android step runs it.
const GENERATOR: &str = "rust/bindgen";

/// Two runs: cargo unites the features of all that it builds together, and the scenarios ask
/// for the planted bugs. So the shipped crates are tested apart, as they are shipped.
pub fn test(repo: &Repo) -> Result<Tally, Stop> {
    let graph = Graph::members(repo)?;
    let generator = graph.in_folder(GENERATOR)?;
    println!("{generator}: nothing to test; it is run where it is used");
    let scenarios: Vec<&str> = graph
        .ours()
        .filter(|package| package.folder.starts_with("tests/"))
        .map(|package| package.name.as_str())
        .collect();
    let apart = scenarios
        .iter()
        .chain([&generator])
        .flat_map(|name| ["--exclude", name]);
    let mut total = run_tests(Tool::cargo(repo).args(["test", "--workspace"]).args(apart))?;
    for name in &scenarios {
        total.add(run_tests(Tool::cargo(repo).args([
            "test",
            "--package",
            name,
        ]))?);
    }
    Ok(total)
}

fn run_tests(tool: Tool) -> Result<Tally, Stop> {
    let mut total = Tally::NONE;
    let success = tool.args(["--locked", "--no-fail-fast"]).watch(|line| {
        if let Some(tally) = tally::of_cargo(line) {
            total.add(tally);
        }
    })?;
    total.confirmed(success, "cargo test")
}
