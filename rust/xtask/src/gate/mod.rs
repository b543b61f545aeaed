//! `cargo xtask test`: the one gate, a table of steps that all run and all are timed.

mod android;
mod cargo_steps;
mod jars;
pub mod oracle;
mod proof;
mod scripts;
pub mod setup;
mod tally;

use std::time::{Duration, Instant};

use crate::repo::Repo;
use crate::stop::Stop;
use crate::{journey, licences, tidy};
use tally::Tally;

/// One step. It gives back the tests it ran; a check without tests counts none.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Repo) -> Result<Tally, Stop>,
    /// A path that must exist for the step to apply; its absence is printed, never silent.
    part: Option<&'static str>,
}

const STEPS: &[Step] = &[
    step("setup", "tools that are missing", setup::run),
    step("fmt", "cargo fmt --check", cargo_steps::format),
    step("tidy", "the machine-checkable rules", |repo| {
        tidy::check(repo).map(|()| Tally::NONE)
    }),
    step("licences", "dependencies against deny.toml", |repo| {
        licences::check(repo).map(|()| Tally::NONE)
    }),
    step("planted", "no planted bug in what is shipped", proof::run),
    step("clippy", "all lints, all targets", cargo_steps::clippy),
    step("test", "all tests of the workspace", cargo_steps::test),
    step("oracle", "the codec beside pyiso8583", oracle::run),
    Step {
        name: "android",
        what: "Kotlin, JVM and screen tests by Maven",
        run: android::run,
        part: Some("android/pom.xml"),
    },
    step("scripts", "Gradle's scripts are Kotlin", scripts::check),
    Step {
        name: "journey",
        what: "payment, plug out, void, power cut, delivery: in Chromium",
        run: |repo| journey::walk(repo).map(Tally::all_passed),
        part: Some("tests/jvm"),
    },
];

const fn step(
    name: &'static str,
    what: &'static str,
    run: fn(&Repo) -> Result<Tally, Stop>,
) -> Step {
    Step {
        name,
        what,
        run,
        part: None,
    }
}

/// Installs what the machine lacks.
pub fn set_up(repo: &Repo) -> Result<(), Stop> {
    setup::run(repo).map(|_| ())
}

/// How one step ended.
struct Ended {
    name: &'static str,
    took: Duration,
    result: String,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let options: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match options.as_slice() {
        [] => run_steps(repo, STEPS.iter().collect()),
        ["--list"] => {
            for step in STEPS {
                println!("{:<10} {}", step.name, step.what);
            }
            Ok(())
        }
        ["--only", names] => run_steps(repo, chosen(names)?),
        _ => Err(Stop::usage(
            "usage: cargo xtask test [--list | --only STEP[,STEP]]",
        )),
    }
}

fn chosen(names: &str) -> Result<Vec<&'static Step>, Stop> {
    names
        .split(',')
        .map(|name| {
            STEPS
                .iter()
                .find(|step| step.name == name)
                .ok_or_else(|| Stop::usage(format!("no step {name:?}; --list shows them")))
        })
        .collect()
}

/// Runs every step even after a failure, so that one run shows everything that is wrong;
/// only a machine without the tools ends it at once.
fn run_steps(repo: &Repo, steps: Vec<&Step>) -> Result<(), Stop> {
    let mut total = Tally::NONE;
    let mut ended = Vec::new();
    for step in steps {
        if let Some(part) = step.part.filter(|part| !repo.has(part)) {
            println!(
                "== {}: not yet part of the project ({part} is absent)",
                step.name
            );
            continue;
        }
        println!("== {}: {}", step.name, step.what);
        let begun = Instant::now();
        let outcome = (step.run)(repo);
        let took = begun.elapsed();
        let result = match outcome {
            Err(Stop::Usage(text)) => return Err(Stop::Usage(text)),
            Err(Stop::Failed(text)) => {
                eprintln!("xtask: {}: {text}", step.name);
                total.add(Tally {
                    passed: 0,
                    failed: 1,
                });
                "FAILED".to_owned()
            }
            Ok(tally) => {
                total.add(tally);
                tally.result()
            }
        };
        println!("== {}: {result}, {:.1} s", step.name, took.as_secs_f64());
        ended.push(Ended {
            name: step.name,
            took,
            result,
        });
    }
    report(&ended, total)
}

fn report(ended: &[Ended], total: Tally) -> Result<(), Stop> {
    println!();
    for Ended { name, took, result } in ended {
        println!("{name:<10} {:>8.1} s  {result}", took.as_secs_f64());
    }
    println!();
    println!("{} passed, {} failed", total.passed, total.failed);
    match total.failed {
        0 => Ok(()),
        _ => Err(Stop::failed("the gate is not green")),
    }
}
