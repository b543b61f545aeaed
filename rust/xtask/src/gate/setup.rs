//! What the machine must have, and how it gets it: Debian packages by apt when we are root.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::tally::Tally;

/// What the steps call or read, and the Debian package that brings it.
pub struct Need {
    pub what: What,
    pub package: &'static str,
}

#[derive(Debug)]
pub enum What {
    /// It starts and knows `--version`.
    Program(&'static str),
    File(&'static str),
}

const NEEDS: &[Need] = &[
    Need {
        what: What::Program("git"),
        package: "git",
    },
    Need {
        what: What::Program("cc"),
        package: "gcc",
    },
    Need {
        what: What::Program("java"),
        package: "openjdk-17-jdk-headless",
    },
    Need {
        what: What::Program("mvn"),
        package: "maven",
    },
    Need {
        what: What::Program("python3"),
        package: "python3-pip",
    },
    Need {
        what: What::Program("chromium"),
        package: "chromium",
    },
    // Without it Chromium draws boxes for Chinese.
    Need {
        what: What::File("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
        package: "fonts-noto-cjk",
    },
];

impl What {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => runs(name),
            Self::File(path) => Path::new(path).exists(),
        }
    }
}

pub fn run(repo: &Repo) -> Result<Tally, Stop> {
    bring(repo, NEEDS)?;
    eprintln!("all tools are there");
    Ok(Tally::NONE)
}

/// Installs what is missing of `needs`, or says how.
pub fn bring(repo: &Repo, needs: &[Need]) -> Result<(), Stop> {
    let missing: Vec<&str> = needs
        .iter()
        .filter(|need| !need.what.is_there())
        .map(|need| need.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
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
    match needs.iter().find(|need| !need.what.is_there()) {
        None => Ok(()),
        Some(need) => Err(Stop::usage(format!(
            "{} does not give {:?}",
            need.package, need.what
        ))),
    }
}

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
