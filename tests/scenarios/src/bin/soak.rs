//! Random days for as long as asked: `soak SECONDS [SEED]`. Ends with 1 at the first seed whose day
//! goes wrong, and prints it.

// What people read here goes to their screen.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use pos_scenarios::day;

/// Steps of one day.
const STEPS: u32 = 400;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().map(|text| text.parse::<u64>());
    let (Some(Ok(seconds)), seed) = (number(), number()) else {
        eprintln!("usage: soak SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let Ok(first) = seed.unwrap_or(Ok(1_000_000)) else {
        eprintln!("usage: soak SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let mut played = 0;
    for seed in first.. {
        if played > 0 && begun.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
        let outcome = match one_day(seed) {
            Ok(outcome) => outcome,
            Err(error) => {
                eprintln!("soak: no runtime: {error}");
                return ExitCode::from(1);
            }
        };
        played += 1;
        if !outcome.findings.is_empty() {
            println!("seed {seed}: {:#?}", outcome.findings);
            return ExitCode::from(1);
        }
    }
    println!("{played} random days of {STEPS} steps from seed {first}: all equal");
    ExitCode::SUCCESS
}

fn one_day(seed: u64) -> std::io::Result<day::Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    Ok(runtime.block_on(day::play(seed, STEPS)))
}
