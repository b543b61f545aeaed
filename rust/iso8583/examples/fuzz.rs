//! Feeds random and damaged frames to the decoder for a bounded time.
//!
//! `cargo run --release -p pos-iso8583 --example fuzz -- SECONDS [SEED] [--keep]`
//!
//! A frame with an outcome not met before (accepted, or refused for another reason in another
//! field) joins the frames that later ones are made from. `--keep` writes the smallest frame of
//! each outcome to the corpus, which the ordinary tests replay. Exits with 101 and prints the
//! frame when a promise is broken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a runner for developers: it prints, and stops at the first surprise"
)]

#[path = "../tests/it/exercise.rs"]
mod exercise;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pos_iso8583::{decode, encode};
use support::Random;

struct Options {
    seconds: u64,
    seed: u64,
    keep: bool,
}

fn main() {
    let Some(options) = options() else {
        eprintln!("usage: fuzz SECONDS [SEED] [--keep]");
        std::process::exit(2);
    };
    println!("seed {}", options.seed);
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut random = Random::new(options.seed);
    let mut pool = support::published_frames();
    let mut outcomes = read_corpus();
    pool.extend(outcomes.values().cloned());
    let (mut runs, mut accepted) = (0_u64, 0_u64);
    while Instant::now() < end {
        for _ in 0..256 {
            let frame = candidate(&mut random, &pool);
            let outcome = run(&frame);
            runs += 1;
            accepted += u64::from(outcome == "ok");
            let known = outcomes.get(&outcome);
            if known.is_none() {
                pool.push(frame.clone());
            }
            if known.is_none_or(|known| frame.len() < known.len()) {
                outcomes.insert(outcome, frame);
            }
        }
    }
    println!(
        "{runs} frames, {accepted} accepted, {} outcomes",
        outcomes.len()
    );
    if options.keep {
        write_corpus(&outcomes);
    }
}

fn options() -> Option<Options> {
    let mut keep = false;
    let mut numbers = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--keep" => keep = true,
            number => numbers.push(number.parse().ok()?),
        }
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |past| past.as_secs());
    match numbers[..] {
        [seconds] => Some(Options {
            seconds,
            seed: now,
            keep,
        }),
        [seconds, seed] => Some(Options {
            seconds,
            seed,
            keep,
        }),
        _ => None,
    }
}

/// Runs one frame; a broken promise prints the frame and goes on as a panic.
fn run(frame: &[u8]) -> String {
    if std::panic::catch_unwind(|| exercise::exercise(frame)).is_err() {
        panic!("broken by {}", support::hex(frame));
    }
    outcome(frame)
}

fn outcome(frame: &[u8]) -> String {
    match decode(frame) {
        Ok(_) => "ok".into(),
        Err(error) => {
            format!(
                "{}:{}",
                error.kind(),
                error.field.map_or("-".into(), |f| f.to_string())
            )
        }
    }
}

/// A frame from the pool or a new message, damaged in up to four places.
fn candidate(random: &mut Random, pool: &[Vec<u8>]) -> Vec<u8> {
    let mut frame = match random.below(3) {
        0 => encode(&support::message(random)).expect("a good message"),
        _ => random.one_of(pool).clone(),
    };
    for _ in 0..random.below(5) {
        damage(random, &mut frame);
    }
    if random.below(8) != 0 && frame.len() >= 2 {
        let length = u16::try_from(frame.len() - 2).unwrap_or(u16::MAX);
        frame[..2].copy_from_slice(&length.to_be_bytes());
    }
    frame
}

fn damage(random: &mut Random, frame: &mut Vec<u8>) {
    if frame.is_empty() {
        frame.push(random.byte());
        return;
    }
    // Half of all damage goes into the bitmap and the first fields, where it matters most.
    let reach = if random.below(2) == 0 {
        frame.len().min(40)
    } else {
        frame.len()
    };
    let at = random.below(reach);
    match random.below(6) {
        0 => frame[at] = random.byte(),
        1 => frame[at] ^= 1 << random.below(8),
        2 => frame.insert(at, random.byte()),
        3 => drop(frame.remove(at)),
        4 => frame.truncate(at),
        _ => frame[at] = *random.one_of(&[0x00, 0xFF, 0x0A, 0xA0, 0x99, 0x80, 0x1F]),
    }
}

fn corpus() -> PathBuf {
    let folder = "../../tests/vectors/iso8583/corpus";
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(folder)
        .join("outcomes.txt")
}

fn read_corpus() -> BTreeMap<String, Vec<u8>> {
    let text = fs::read_to_string(corpus()).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(outcome, frame)| (outcome.to_owned(), support::unhex(frame)))
        .collect()
}

fn write_corpus(outcomes: &BTreeMap<String, Vec<u8>>) {
    let lines = outcomes
        .iter()
        .map(|(outcome, frame)| format!("{outcome} {}\n", support::hex(frame)));
    fs::create_dir_all(corpus().parent().expect("a folder")).expect("corpus folder");
    fs::write(corpus(), String::from_iter(lines)).expect("corpus file");
}
