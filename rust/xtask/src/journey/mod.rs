//! `cargo xtask journey`: the promise, kept before a browser's eyes by clicking the page alone.
//!
//! A payment, the plug pulled, the void noted, the power cut, the terminal started again, the
//! plug put in: the void arrives by itself and both ledgers are equal. So with a card and with a
//! code of a wallet. `cargo xtask pictures` is the same way with a camera; so no picture shows
//! what does not work.

mod measure;
mod parts;
mod person;
mod wallets;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::Browser;
use crate::child::{Running, bound_to_us};
use crate::options::{Options, absolute};
use crate::repo::Repo;
use crate::stop::Stop;
use parts::{CARD, Part};
use person::Person;

/// Where the README's pictures lie.
const PICTURES: &str = "docs/pictures";
/// With everything built; the supervisor builds what is not.
const SUPERVISOR_STARTS_WITHIN: Duration = Duration::from_secs(600);

/// Walks the way as a test, cutting the power so many times; all wallets and their customers
/// too; or measures so many starts.
pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    const USAGE: &str = "usage: cargo xtask journey [--cuts N | --rounds N | --starts N]";
    let options = Options::read(arguments, &["cuts", "rounds", "starts"], USAGE)?;
    let number = |name: &str| -> Result<Option<usize>, Stop> {
        let number = options.get(name).map(str::parse).transpose();
        number.map_err(|_| Stop::usage(USAGE))
    };
    match (number("cuts")?, number("rounds")?, number("starts")?) {
        (cuts, None, None) => walk_with(repo, &gate(cuts.unwrap_or(1)), None),
        (None, Some(rounds), None) => walk_with(repo, &whole(rounds), None),
        (None, None, Some(starts)) => measure(repo, starts),
        _ => Err(Stop::usage(USAGE)),
    }
}

fn measure(repo: &Repo, starts: usize) -> Result<(), Stop> {
    let (_supervisor, mut person) = before_the_page(repo)?;
    parts::set_up(&mut person)?;
    // A page that follows the screen would share its pictures.
    person.browser.open("about:blank")?;
    measure::taps(&person)?;
    measure::starts(&person, starts)
}

/// Walks the way and keeps the pictures.
pub fn pictures(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let options = Options::read(
        arguments,
        &["out"],
        "usage: cargo xtask pictures [--out DIR]",
    )?;
    let folder = options
        .get("out")
        .map_or(Ok(repo.path(PICTURES)), absolute)?;
    fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
    walk_with(repo, &gate(1), Some(folder))
}

/// Gives the number of parts walked.
pub fn walk(repo: &Repo) -> Result<usize, Stop> {
    let way = gate(1);
    walk_with(repo, &way, None).map(|()| way.len())
}

/// Every wallet and every kind of customer, again and again for so many seconds.
pub fn soak(repo: &Repo, seconds: u64) -> Result<(), Stop> {
    let (_supervisor, mut person) = before_the_page(repo)?;
    let begun = Instant::now();
    take(&mut person, &gate(1), None)?;
    while begun.elapsed() < Duration::from_secs(seconds) {
        take(&mut person, &round(), None)?;
    }
    Ok(())
}

/// The way of the gate: with a card, then with a wallet's code; the power is cut so many times
/// on the first.
fn gate(cuts: usize) -> Vec<&'static Part> {
    let is_cut = |part: &&Part| part.cut;
    let first_cut = CARD.iter().position(|part| part.cut).unwrap_or(CARD.len());
    let (before, rest) = CARD.split_at(first_cut);
    let cut: Vec<&Part> = rest.iter().filter(is_cut).collect();
    let after = rest.iter().filter(|part| !part.cut);
    let card = before.iter().chain(cut.repeat(cuts)).chain(after);
    card.chain(wallets::WECHAT).collect()
}

/// All that can be walked again and again once the terminal is set up.
fn round() -> Vec<&'static Part> {
    let wallets = wallets::WECHAT.iter().chain(wallets::OTHERS);
    wallets.chain(wallets::TAPS).collect()
}

/// The gate's way, then so many rounds with every wallet.
fn whole(rounds: usize) -> Vec<&'static Part> {
    let mut way = gate(1);
    way.extend(wallets::OTHERS.iter().chain(wallets::TAPS));
    for _ in 1..rounds {
        way.extend(round());
    }
    way
}

fn walk_with(repo: &Repo, way: &[&Part], pictures: Option<PathBuf>) -> Result<(), Stop> {
    let (_supervisor, mut person) = before_the_page(repo)?;
    take(&mut person, way, pictures.as_deref())
}

fn take(person: &mut Person, way: &[&Part], pictures: Option<&Path>) -> Result<(), Stop> {
    let mut taken = 0;
    for part in way {
        let begun = Instant::now();
        (part.walk)(person).map_err(|stop| Stop::failed(format!("{}: {stop}", part.name)))?;
        println!("{:<20} {:>5.1} s", part.name, begun.elapsed().as_secs_f64());
        if let Some(folder) = pictures.filter(|_| part.shown) {
            taken += 1;
            let file = folder.join(format!("{taken}-{}.png", part.name));
            let picture = person.still_picture()?;
            fs::write(&file, picture).map_err(|e| Stop::io(file.display(), &e))?;
        }
    }
    match person.browser.errors().as_slice() {
        [] => Ok(()),
        errors => Err(Stop::failed(format!(
            "the page reported errors: {errors:?}"
        ))),
    }
}

/// A person before the page of a freshly started terminal.
fn before_the_page(repo: &Repo) -> Result<(Running, Person), Stop> {
    let (supervisor, hello) = supervisor(repo)?;
    let mut browser = Browser::start(&repo.path("target/journey/browser"))?;
    browser.size(1440, 1000, 1)?;
    Ok((supervisor, Person::open(browser, &hello)?))
}

/// Starts the real thing and waits for its first line.
fn supervisor(repo: &Repo) -> Result<(Running, Value), Stop> {
    let program = std::env::current_exe().map_err(|e| Stop::io("xtask itself", &e))?;
    let mut command = bound_to_us(program);
    command
        .current_dir(repo.root())
        .args(["terminal", "--state"]);
    command.arg(repo.path("target/journey/state"));
    let (send, hello) = mpsc::channel();
    // Nobody may be waiting any more.
    let running = Running::start("terminal", &mut command, move |hello| {
        let _ = send.send(hello);
    })?;
    let hello = hello
        .recv_timeout(SUPERVISOR_STARTS_WITHIN)
        .map_err(|_| Stop::failed("the terminal's supervisor did not start"))?;
    Ok((running, hello))
}
