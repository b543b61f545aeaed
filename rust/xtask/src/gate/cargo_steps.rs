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

/// Two runs: cargo unites the features of all that it builds together, and the scenarios ask
/// for the planted bugs. So the shipped crates are tested apart, as they are shipped.
pub fn test(repo: &Repo) -> Result<Tally, Stop> {
    let graph = Graph::members(repo)?;
    let scenarios: Vec<String> = graph
        .ours()
        .filter(|package| package.folder.starts_with("tests/"))
        .map(|package| package.name.clone())
        .collect();
    let without = scenarios.iter().flat_map(|name| ["--exclude", name]);
    let mut total = run_tests(
        Tool::cargo(repo)
            .args(["test", "--workspace"])
            .args(without),
    )?;
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
