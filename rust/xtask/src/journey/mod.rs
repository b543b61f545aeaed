//! `cargo xtask journey`: the promise, kept before a browser's eyes by clicking the page alone.
//!
//! A payment, the plug pulled, the void noted, the power cut, the terminal started again, the
//! plug put in: the void arrives by itself and both ledgers are equal. `cargo xtask pictures`
//! is the same way with a camera; so no picture shows what does not work.

mod measure;
mod person;

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::Browser;
use crate::child::{Running, bound_to_us};
use crate::options::{Options, absolute};
use crate::repo::Repo;
use crate::stop::Stop;
use person::Person;

/// Where the README's pictures lie.
const PICTURES: &str = "docs/pictures";
/// With everything built; the supervisor builds what is not.
const SUPERVISOR_STARTS_WITHIN: Duration = Duration::from_secs(600);
/// The supervisor's PIN in this journey; a PIN that is easy to guess is not taken.
const PIN: &str = "280519";

/// One part of the way, and the picture taken at its end.
struct Part {
    name: &'static str,
    walk: fn(&mut Person) -> Result<(), Stop>,
}

/// The parts that can be walked again and again.
const CUT: [&str; 2] = ["power-cut", "started-again"];

const WAY: &[Part] = &[
    Part {
        name: "set-up",
        walk: set_up,
    },
    Part {
        name: "payment",
        walk: pay,
    },
    Part {
        name: "plug-out",
        walk: plug_out,
    },
    Part {
        name: "void-noted",
        walk: void,
    },
    Part {
        name: "power-cut",
        walk: cut_power,
    },
    Part {
        name: "started-again",
        walk: start_again,
    },
    Part {
        name: "void-arrived",
        walk: plug_in,
    },
];

/// Walks the way as a test, cutting the power so many times; or measures so many starts.
pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    const USAGE: &str = "usage: cargo xtask journey [--cuts N | --starts N]";
    let options = Options::read(arguments, &["cuts", "starts"], USAGE)?;
    let number = |name: &str| -> Result<Option<usize>, Stop> {
        let number = options.get(name).map(str::parse).transpose();
        number.map_err(|_| Stop::usage(USAGE))
    };
    match (number("cuts")?, number("starts")?) {
        (cuts, None) => walk_with(repo, &way(cuts.unwrap_or(1)), None),
        (None, Some(starts)) => measure(repo, starts),
        _ => Err(Stop::usage(USAGE)),
    }
}

fn measure(repo: &Repo, starts: usize) -> Result<(), Stop> {
    let (_supervisor, mut person) = before_the_page(repo)?;
    set_up(&mut person)?;
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
    walk_with(repo, &way(1), Some(folder))
}

/// Gives the number of parts walked.
pub fn walk(repo: &Repo) -> Result<usize, Stop> {
    walk_with(repo, &way(1), None).map(|()| WAY.len())
}

/// The way on which the power is cut so many times.
fn way(cuts: usize) -> Vec<&'static Part> {
    let is_cut = |part: &&Part| CUT.contains(&part.name);
    let (before, cut) = (
        WAY.iter().take_while(|part| !is_cut(part)),
        WAY.iter().filter(is_cut),
    );
    let after = WAY
        .iter()
        .skip_while(|part| !is_cut(part))
        .filter(|part| !is_cut(part));
    let cut: Vec<&Part> = cut.collect();
    before.chain(cut.repeat(cuts)).chain(after).collect()
}

fn walk_with(repo: &Repo, way: &[&Part], pictures: Option<PathBuf>) -> Result<(), Stop> {
    let (_supervisor, mut person) = before_the_page(repo)?;
    for (number, part) in (1..).zip(way) {
        let begun = Instant::now();
        (part.walk)(&mut person).map_err(|stop| Stop::failed(format!("{}: {stop}", part.name)))?;
        println!("{:<14} {:>5.1} s", part.name, begun.elapsed().as_secs_f64());
        if let Some(folder) = &pictures {
            let file = folder.join(format!("{number}-{}.png", part.name));
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

fn set_up(person: &mut Person) -> Result<(), Stop> {
    person.touch("profile")?;
    person.browser.click("#profile")?;
    person.touch("main_action")?;
    person.type_into("supervisor_name", "王店长")?;
    person.type_into("supervisor_pin", PIN)?;
    person.type_into("supervisor_pin_again", PIN)?;
    person.touch("main_action")?;
    person.touch("sign_in")?;
    person.misses("sign_in")
}

fn pay(person: &mut Person) -> Result<(), Stop> {
    for key in ["key_1", "key_2", "key_8"] {
        person.touch(key)?;
    }
    person.touch("charge")?;
    person.presents("good")?;
    person.shows("take_back")?;
    person.sees_equal("128.00")
}

fn plug_out(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#network [data-name=off]")?;
    person.browser.wait(
        "document.querySelector('#network [data-name=off]').ariaPressed == 'true'",
        Duration::from_secs(10),
    )
}

fn void(person: &mut Person) -> Result<(), Stop> {
    person.touch("take_back")?;
    person.touch("main_action")?;
    type_pin(person)?;
    person.touch("approve")?;
    person.shows("withdraw")
}

fn cut_power(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#kill")?;
    person.browser.wait(
        "!document.getElementById('start').disabled && !document.getElementById('off').hidden",
        Duration::from_secs(10),
    )
}

fn start_again(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#start")?;
    person.shows("pin")?;
    type_pin(person)?;
    person.touch("main_action")?;
    person.misses("pin")?;
    person.touch("owed")?;
    person.misses("owed")
}

fn type_pin(person: &mut Person) -> Result<(), Stop> {
    for (typed, digit) in (1..).zip(PIN.chars()) {
        person.touch(&format!("key_{digit}"))?;
        person.reads("pin", &format!(" {typed} "))?;
    }
    Ok(())
}

fn plug_in(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#network [data-name=on]")?;
    person.sees_equal("0.00")
}
