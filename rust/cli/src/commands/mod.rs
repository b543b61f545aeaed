//! The commands: one file each, one table for all.

mod after_payment;
mod balance;
mod by_code;
mod clear;
mod copy;
mod decode;
mod demo;
mod encode;
mod evidence;
mod explain;
mod host;
mod init;
mod journal;
mod operator;
mod qr;
mod queue;
mod refund;
mod report;
mod rescue;
mod resolve;
mod self_check;
mod settle;
mod shape;
mod show;
mod sign_in;
mod sync;
mod take;
mod verify;
mod void;
mod which;

use std::fmt::Write;

use pos_engine::LedgerError;

use crate::args::Options;
use crate::context::Context;
use crate::{Exit, Failure};

/// A command.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Name and options, as `--help` shows them.
    pub usage: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Reads its options and does it.
    pub run: fn(&Context, &mut Options) -> Result<Exit, Failure>,
}

/// All commands, in the order in which `--help` lists them.
pub static COMMANDS: &[Command] = &[
    init::COMMAND,
    sign_in::SIGN_IN,
    sign_in::SIGN_OUT,
    sign_in::ECHO,
    take::SALE,
    by_code::PAYMENT,
    void::VOID,
    refund::COMMAND,
    take::PREAUTH,
    void::PREAUTH_VOID,
    take::COMPLETE,
    void::COMPLETE_VOID,
    after_payment::SIGNATURE,
    after_payment::CHIP_RESULT,
    balance::COMMAND,
    sync::COMMAND,
    queue::COMMAND,
    settle::COMMAND,
    resolve::COMMAND,
    clear::COMMAND,
    journal::COMMAND,
    show::COMMAND,
    verify::COMMAND,
    evidence::COMMAND,
    report::COMMAND,
    self_check::COMMAND,
    operator::COMMAND,
    rescue::ACCEPT_RESTORED,
    rescue::IMPORT_KEYS,
    copy::COMMAND,
    explain::COMMAND,
    decode::COMMAND,
    encode::COMMAND,
    qr::COMMAND,
    host::COMMAND,
    demo::COMMAND,
];

/// The command of this name.
///
/// # Errors
/// [`Failure`] of kind `usage`.
pub fn find(name: &str) -> Result<&'static Command, Failure> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| {
            Failure::usage(
                "command",
                "there is no such command; `voidproof --help` lists them",
            )
        })
}

/// Tells a missing row as a wrong argument, anything else as what it is.
fn missing(place: &'static str, detail: &'static str) -> impl FnOnce(LedgerError) -> Failure {
    move |error| match error {
        LedgerError::Missing { .. } => Failure::usage(place, detail),
        other => other.into(),
    }
}

/// The text of `--help`.
#[must_use]
pub fn help() -> String {
    let mut text = String::from(
        "voidproof [--home DIR] [--json] [--operator NO] COMMAND\n\n\
         A terminal that takes card payments and takes them back.\n\n",
    );
    for command in COMMANDS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}\n      {}", command.usage, command.about);
    }
    text.push_str(
        "\nDIR is $VOIDPROOF_HOME, else ./voidproof-home; NO is 01. PINs come by standard input \
         or in\nVOIDPROOF_PIN, one a line, never as an argument.\n\n\
         Exit: 0 done, 3 a definite no, 4 owed or not known yet, 2 wrong usage, 1 a fault here.",
    );
    text
}

/// The text of `COMMAND --help`.
#[must_use]
pub fn help_of(command: &Command) -> String {
    format!("voidproof {}\n\n{}", command.usage, command.about)
}
