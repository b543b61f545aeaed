//! What every command needs: the global options, the home, the output.

use std::io::Write;
use std::sync::Arc;

use pos_engine::desk::{DeskKeyStore, DeskOutside};
use pos_engine::domain::Lang;
use pos_engine::{Home, SystemRandom};
use serde::Serialize;

use crate::args::{self, Globals};
use crate::output::Human;
use crate::pins::Pins;
use crate::{Failure, Kind};

/// The surroundings of one command.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where the terminal lives.
    pub home: Home,
    /// Whether the result is an object.
    pub json: bool,
    /// Who works here.
    pub operator: String,
    /// The language of words.
    pub lang: Lang,
}

impl Context {
    pub(crate) fn new(globals: Globals) -> Self {
        Self {
            home: Home::at(globals.home),
            json: globals.json,
            operator: globals.operator,
            lang: args::language(),
        }
    }

    /// The home, which must have a terminal.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` when there is none.
    pub fn terminal(&self) -> Result<&Home, Failure> {
        self.home.check()?;
        Ok(&self.home)
    }

    /// The desk's key store in this home.
    #[must_use]
    pub fn key_store(&self) -> DeskKeyStore {
        DeskKeyStore::new(&self.home.keys(), Arc::new(SystemRandom))
    }

    /// The desk's place outside the ledger in this home.
    #[must_use]
    pub fn outside(&self) -> DeskOutside {
        DeskOutside::new(&self.home.keys())
    }

    /// The PINs given to this command.
    #[must_use]
    pub fn pins(&self) -> Pins {
        Pins::of_process()
    }

    /// Prints a command's result.
    ///
    /// # Errors
    /// [`Failure`] when stdout is closed.
    pub fn print(&self, result: &(impl Serialize + Human)) -> Result<(), Failure> {
        if self.json {
            print_object(result)
        } else {
            print_line(result.human(self.lang).trim_end())
        }
    }

    /// Tells the person something beside the result, on stderr.
    pub fn note(&self, zh: &str, en: &str) {
        let text = if self.lang == Lang::Zh { zh } else { en };
        // Only the result matters.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// Prints a line on stdout and flushes it.
///
/// # Errors
/// [`Failure`] when stdout is closed.
pub fn print_line(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|error| Failure::new(Kind::Internal, "stdout", error.kind().to_string()))
}

/// Prints an object on one line and flushes it.
///
/// # Errors
/// [`Failure`] when stdout is closed.
pub fn print_object(object: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(object)
        .map_err(|_| Failure::new(Kind::Internal, "stdout", "the result cannot be written"))?;
    print_line(&text)
}
