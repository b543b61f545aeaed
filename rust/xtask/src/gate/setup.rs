//! What the machine must have, and how it gets it: Debian packages by apt when we are root.

use std::process::{Command, Stdio};

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::tally::Tally;

/// A program that the steps call, and the Debian package that brings it.
struct Need {
    program: &'static str,
    package: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        program: "git",
        package: "git",
    },
    Need {
        program: "cc",
        package: "gcc",
    },
    Need {
        program: "java",
        package: "openjdk-17-jdk-headless",
    },
    Need {
        program: "mvn",
        package: "maven",
    },
    Need {
        program: "python3",
        package: "python3-pip",
    },
    Need {
        program: "chromium",
        package: "chromium",
    },
];

pub fn run(repo: &Repo) -> Result<Tally, Stop> {
    let missing: Vec<&str> = NEEDS
        .iter()
        .filter(|need| !runs(need.program))
        .map(|need| need.package)
        .collect();
    if missing.is_empty() {
        eprintln!("all tools are there");
        return Ok(Tally::NONE);
    }
    let line = format!(
        "apt-get install --yes --no-install-recommends {}",
        missing.join(" ")
    );
    if !is_root(repo)? {
        return Err(Stop::usage(format!(
            "tools are missing; as root run:\n{line}"
        )));
    }
    eprintln!("installing: {line}");
    Tool::new(repo, "apt-get")
        .args(["update", "--quiet"])
        .pass()?;
    Tool::new(repo, "apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .pass()?;
    match NEEDS.iter().find(|need| !runs(need.program)) {
        None => Ok(Tally::NONE),
        Some(need) => Err(Stop::usage(format!("{} still does not run", need.program))),
    }
}

/// Whether the program starts at all; each of them knows the option.
fn runs(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn is_root(repo: &Repo) -> Result<bool, Stop> {
    Ok(Tool::new(repo, "id").args(["-u"]).read()?.trim() == "0")
}
