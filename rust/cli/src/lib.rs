//! The command line `voidproof`: the same core as in the app, on a desk.
//!
//! A command reads its options, asks the engine, and prints one result: an object with `--json`,
//! plain words otherwise. This crate must not know a rule of the shop counter or of a wire.

pub mod args;
mod card;
pub mod commands;
pub mod context;
pub mod exit;
mod failure;
mod logger;
mod open;
pub mod output;
mod people;
pub mod pins;
mod report;
mod simulator;

use std::process::ExitCode;

use lexopt::Parser;

pub use exit::Exit;
pub use failure::{Failure, Kind};

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // Known before the arguments are read, so that a mistake in them is told in the right form.
    let json = std::env::args_os().any(|argument| argument == "--json");
    logger::install(if json {
        log::LevelFilter::Info
    } else {
        log::LevelFilter::Error
    });
    match run() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.tell(json);
            failure.exit().into()
        }
    }
}

fn run() -> Result<Exit, Failure> {
    let mut parser = Parser::from_env();
    match args::globals(&mut parser)? {
        args::Asked::Help => {
            context::print_line(&commands::help())?;
            Ok(Exit::Good)
        }
        args::Asked::Version => {
            context::print_line(concat!("voidproof ", env!("CARGO_PKG_VERSION")))?;
            Ok(Exit::Good)
        }
        args::Asked::Command(globals, name) => {
            let command = commands::find(&name)?;
            let context = context::Context::new(globals);
            let mut options = args::Options::new(parser, command);
            if options.asks_for_help() {
                context::print_line(&commands::help_of(command))?;
                return Ok(Exit::Good);
            }
            (command.run)(&context, &mut options)
        }
    }
}
