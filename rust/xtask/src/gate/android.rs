//! The Maven build below `android/`: bindings, Kotlin, JVM and screen tests.

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::jars;
use super::tally::{self, Tally};

pub fn run(repo: &Repo) -> Result<Tally, Stop> {
    let mut total = Tally::NONE;
    let success = Tool::new(repo, "mvn")
        .args([
            "--file",
            "android/pom.xml",
            "--batch-mode",
            "--no-transfer-progress",
        ])
        .args(["--fail-at-end", "-Dstyle.color=never", "test"])
        .watch(|line| {
            if let Some(tally) = tally::of_maven(line) {
                total.add(tally);
            }
        })?;
    let total = total.confirmed(success, "mvn test")?;
    jars::check(repo)?;
    Ok(total)
}
