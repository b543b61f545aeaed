//! The parts of the way with a card, and what every way is made of.

use std::time::Duration;

use super::person::Person;
use crate::stop::Stop;

/// One part of the way.
pub struct Part {
    /// Also the name of the picture taken at its end.
    pub name: &'static str,
    pub walk: fn(&mut Person) -> Result<(), Stop>,
    /// It belongs to a power cut: walked as often as the power is cut.
    pub cut: bool,
    /// The README shows it.
    pub shown: bool,
}

impl Part {
    /// One that the README shows.
    pub const fn shown(name: &'static str, walk: fn(&mut Person) -> Result<(), Stop>) -> Self {
        Self {
            name,
            walk,
            cut: false,
            shown: true,
        }
    }

    pub const fn unseen(name: &'static str, walk: fn(&mut Person) -> Result<(), Stop>) -> Self {
        Self {
            shown: false,
            ..Self::shown(name, walk)
        }
    }

    const fn cut(name: &'static str, walk: fn(&mut Person) -> Result<(), Stop>) -> Self {
        Self {
            cut: true,
            ..Self::shown(name, walk)
        }
    }
}

/// The supervisor's PIN in this journey; a PIN that is easy to guess is not taken.
const PIN: &str = "280519";

/// With a card, from the first start on.
pub const CARD: &[Part] = &[
    Part::shown("set-up", set_up),
    Part::shown("payment", pay),
    Part::shown("plug-out", plug_out),
    Part::shown("void-noted", void),
    Part::cut("power-cut", cut_power),
    Part::cut("started-again", start_again),
    Part::shown("void-arrived", plug_in),
];

pub fn set_up(person: &mut Person) -> Result<(), Stop> {
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

/// Types whole yuan on the home screen and asks for them.
pub fn charge(person: &mut Person, yuan: &str) -> Result<(), Stop> {
    person.home()?;
    for digit in yuan.chars() {
        person.touch(&format!("key_{digit}"))?;
    }
    person.touch("charge")
}

fn pay(person: &mut Person) -> Result<(), Stop> {
    charge(person, "128")?;
    person.presents("good")?;
    person.shows("take_back")?;
    person.sees_equal("128.00")
}

pub fn plug_out(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#network [data-name=off]")?;
    person.browser.wait(
        "document.querySelector('#network [data-name=off]').ariaPressed == 'true'",
        Duration::from_secs(10),
    )
}

/// Takes the sale on the screen back while nobody can be reached.
pub fn void(person: &mut Person) -> Result<(), Stop> {
    take_back(person)?;
    person.shows("withdraw")
}

/// Takes the sale on the screen back, with a supervisor's approval.
pub fn take_back(person: &mut Person) -> Result<(), Stop> {
    person.touch("take_back")?;
    person.touch("main_action")?;
    type_pin(person)?;
    person.touch("approve")
}

pub fn cut_power(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#kill")?;
    person.browser.wait(
        "!document.getElementById('start').disabled && !document.getElementById('off').hidden",
        Duration::from_secs(10),
    )
}

pub fn start_again(person: &mut Person) -> Result<(), Stop> {
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

pub fn plug_in(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#network [data-name=on]")?;
    person.sees_equal("0.00")
}
