//! `cargo xtask soak`: what takes long and looks for the rare.

use std::time::Instant;

use crate::apk;
use crate::gate::oracle;
use crate::journey;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

/// One long run, for at most so many seconds.
struct Soak {
    name: &'static str,
    what: &'static str,
    run: Run,
}

enum Run {
    /// A cargo call; `{S}` in its arguments stands for the seconds.
    Cargo(&'static [&'static str]),
    Here(fn(&Repo, u64) -> Result<(), Stop>),
}

impl Run {
    fn run(&self, repo: &Repo, seconds: u64) -> Result<(), Stop> {
        match self {
            Self::Cargo(arguments) => {
                let seconds = seconds.to_string();
                let arguments = arguments.iter().map(|part| part.replace("{S}", &seconds));
                Tool::cargo(repo).args(["--locked"]).args(arguments).pass()
            }
            Self::Here(run) => run(repo, seconds),
        }
    }
}

const SOAKS: &[Soak] = &[
    Soak {
        name: "fuzz",
        what: "random and mutated frames into the 8583 decoder",
        run: Run::Cargo(&[
            "run",
            "--release",
            "--package",
            "pos-iso8583",
            "--example",
            "fuzz",
            "--",
            "{S}",
        ]),
    },
    Soak {
        name: "oracle",
        what: "generated messages through our codec and pyiso8583",
        run: Run::Here(oracle::soak),
    },
    Soak {
        name: "days",
        what: "random days at the counter, both ledgers compared",
        run: Run::Cargo(&[
            "run",
            "--release",
            "--package",
            "pos-scenarios",
            "--bin",
            "soak",
            "--",
            "{S}",
        ]),
    },
    Soak {
        name: "kill9",
        what: "kill -9 of the real program at random moments",
        run: Run::Cargo(&[
            "run",
            "--release",
            "--package",
            "pos-cli",
            "--example",
            "kill9",
            "--",
            "{S}",
        ]),
    },
    Soak {
        name: "wallets",
        what: "every wallet and every kind of customer, by clicking the page",
        run: Run::Here(journey::soak),
    },
    Soak {
        name: "qemu",
        what: "the ARM libraries in emulated processors, killed at random moments",
        run: Run::Here(apk::soak),
    },
    Soak {
        name: "reproducible",
        what: "a release built in two folders, byte for byte before signing",
        run: Run::Here(apk::reproducible),
    },
];

const DEFAULT_SECONDS: u64 = 600;

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let (seconds, name) = options(arguments)?;
    let chosen: Vec<&Soak> = SOAKS
        .iter()
        .filter(|soak| name.is_none_or(|name| name == soak.name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = SOAKS.iter().map(|soak| soak.name).collect();
        return Err(Stop::usage(format!(
            "no soak of that name; there are: {}",
            names.join(" ")
        )));
    }
    let mut failed = Vec::new();
    for soak in chosen {
        println!("== {}: {}, {seconds} s", soak.name, soak.what);
        let begun = Instant::now();
        if let Err(stop) = soak.run.run(repo, seconds) {
            eprintln!("xtask: {stop}");
            failed.push(soak.name);
        }
        println!("== {}: {:.1} s", soak.name, begun.elapsed().as_secs_f64());
    }
    match failed.as_slice() {
        [] => Ok(()),
        names => Err(Stop::failed(format!("failed: {}", names.join(" ")))),
    }
}

fn options(arguments: &[String]) -> Result<(u64, Option<&str>), Stop> {
    let mut seconds = DEFAULT_SECONDS;
    let mut name = None;
    for argument in arguments {
        match argument.parse() {
            Ok(number) => seconds = number,
            Err(_) if name.is_none() => name = Some(argument.as_str()),
            Err(_) => return Err(Stop::usage("usage: cargo xtask soak [SECONDS] [NAME]")),
        }
    }
    Ok((seconds, name))
}
