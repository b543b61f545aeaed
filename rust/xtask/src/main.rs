//! The project's one gate and its helper: `cargo xtask VERB`.
//!
//! Every verb runs its tools as plain child processes, without a shell, and says what a step
//! took. A step that cannot run fails loudly; nothing is skipped in silence. The crate knows
//! the repository's folders and rules; it must not use any of the product's crates, so that
//! it compiles first and fast on a fresh machine.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line helper"
)]

mod apk;
mod bench;
mod bindings;
mod browser;
mod cargo_graph;
mod child;
mod fetched;
mod gate;
mod http;
mod journey;
mod licences;
mod options;
mod pins;
mod repo;
mod resources;
mod sbom;
mod soak;
mod stop;
mod terminal;
mod tidy;
mod tool;

use std::process::ExitCode;

use repo::Repo;
use stop::Stop;

/// One verb of the command line.
struct Verb {
    name: &'static str,
    usage: &'static str,
    run: fn(&Repo, &[String]) -> Result<(), Stop>,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "test",
        usage: "[--list | --only STEP,…]   the one gate",
        run: gate::run,
    },
    Verb {
        name: "tidy",
        usage: "[--list]   the machine-checkable rules",
        run: tidy::run,
    },
    Verb {
        name: "soak",
        usage: "[SECONDS] [NAME]   what takes long",
        run: soak::run,
    },
    Verb {
        name: "bench",
        usage: "[PACKAGE …]   every benchmark, shortly, as a table",
        run: bench::run,
    },
    Verb {
        name: "apk",
        usage: "[--release] [--edition live|training] [--abi A,B] [--cores] [--check] [--run] \
                [--qemu]   signed APKs, without SDK and NDK",
        run: apk::run,
    },
    Verb {
        name: "device-test",
        usage: "[--reboot]   the tests on a device that adb reaches",
        run: apk::device_test,
    },
    Verb {
        name: "bindings",
        usage: "[--out] DIR   Kotlin for pos_ffi",
        run: bindings::run,
    },
    Verb {
        name: "android-resources",
        usage: "--framework JAR --main DIR --package NAME --out DIR   resource APK",
        run: resources::run,
    },
    Verb {
        name: "sbom",
        usage: "--out DIR   what the app is made of, and under which licences",
        run: sbom::run,
    },
    Verb {
        name: "terminal",
        usage: "[--port N] [--state DIR]   the app's screen in a browser",
        run: terminal::run,
    },
    Verb {
        name: "journey",
        usage: "[--cuts N | --starts N]   one whole journey in real Chromium, or its speed",
        run: journey::run,
    },
    Verb {
        name: "pictures",
        usage: "[--out DIR]   the README's pictures, from that journey",
        run: journey::pictures,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("xtask: {stop}");
            stop.exit_code()
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Stop> {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(Stop::usage(usage()));
    };
    let verb = VERBS
        .iter()
        .find(|verb| verb.name == name)
        .ok_or_else(|| Stop::usage(format!("no verb {name:?}\n{}", usage())))?;
    (verb.run)(&Repo::find()?, rest)
}

fn usage() -> String {
    let lines: Vec<String> = VERBS
        .iter()
        .map(|verb| format!("  {:<18} {}", verb.name, verb.usage))
        .collect();
    format!("usage: cargo xtask VERB\n{}", lines.join("\n"))
}
