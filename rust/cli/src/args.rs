//! Reading the command line. No error quotes a value: a card number may stand anywhere.

use std::path::PathBuf;

use lexopt::{Arg, Parser};
use pos_engine::domain::{Amount, Lang};

use crate::Failure;
use crate::commands::Command;

/// What stands before the command.
#[derive(Clone, Debug)]
pub struct Globals {
    /// The terminal's folder.
    pub home: PathBuf,
    /// One object on stdout instead of words.
    pub json: bool,
    /// The operator's number.
    pub operator: String,
}

/// What is asked for.
#[derive(Debug)]
pub enum Asked {
    /// The list of commands.
    Help,
    /// The version.
    Version,
    /// A command, by its name.
    Command(Globals, String),
}

/// An error of the argument reader, without the values that it quotes.
pub(crate) fn usage(error: &lexopt::Error) -> Failure {
    use lexopt::Error as E;
    match error {
        E::MissingValue {
            option: Some(option),
        } => Failure::usage(option, "wants a value"),
        E::UnexpectedOption(option) => {
            let name: String = option.chars().take(40).collect();
            Failure::usage(name, "is not an option here")
        }
        E::UnexpectedValue { option, .. } => Failure::usage(option, "takes no value"),
        E::NonUnicodeValue(_) => Failure::usage("arguments", "one is not UTF-8"),
        _ => Failure::usage("arguments", "cannot be read"),
    }
}

/// Reads what stands before the command, and the command's name.
///
/// # Errors
/// [`Failure`] of kind `usage`.
pub fn globals(parser: &mut Parser) -> Result<Asked, Failure> {
    let home = std::env::var_os("VOIDPROOF_HOME").filter(|home| !home.is_empty());
    let mut globals = Globals {
        home: home.map_or_else(|| PathBuf::from("voidproof-home"), PathBuf::from),
        json: false,
        operator: "01".to_owned(),
    };
    while let Some(argument) = parser.next().map_err(|e| usage(&e))? {
        match argument {
            Arg::Long("home") => globals.home = parser.value().map_err(|e| usage(&e))?.into(),
            Arg::Long("json") => globals.json = true,
            Arg::Long("operator") => {
                let value = parser.value().map_err(|e| usage(&e))?;
                globals.operator = operator(&value.to_string_lossy(), "--operator")?;
            }
            Arg::Long("help") | Arg::Short('h') => return Ok(Asked::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Asked::Version),
            Arg::Value(name) => {
                let name = name.to_string_lossy().into_owned();
                return Ok(Asked::Command(globals, name));
            }
            other => return Err(usage(&other.unexpected())),
        }
    }
    Err(Failure::usage(
        "command",
        "is missing; `voidproof --help` lists them",
    ))
}

/// An operator's number, at most eight digits.
///
/// # Errors
/// [`Failure`] of kind `usage` at `place`.
pub fn operator(text: &str, place: &str) -> Result<String, Failure> {
    let fits = (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::usage(place, "is a number of at most 8 digits"))
    }
}

/// The language of words without `--lang`: English, unless the environment says Chinese.
#[must_use]
pub fn language() -> Lang {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL")
        .or_else(|| set("LC_MESSAGES"))
        .or_else(|| set("LANG"));
    match locale {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// The options and arguments of one command.
pub struct Options {
    parser: Parser,
    command: &'static Command,
}

/// One option or argument.
#[derive(Debug, PartialEq, Eq)]
pub enum Opt {
    /// `--name`; its value, if it has one, is taken with [`Options::value`].
    Flag(String),
    /// An argument that is no option.
    Argument(String),
}

impl Options {
    pub(crate) const fn new(parser: Parser, command: &'static Command) -> Self {
        Self { parser, command }
    }

    /// Whether the next thing is `--help`; takes it if so.
    pub(crate) fn asks_for_help(&mut self) -> bool {
        let is_help = |text: &std::ffi::OsStr| text == "--help" || text == "-h";
        let next = self.parser.try_raw_args();
        next.is_some_and(|mut rest| rest.next_if(is_help).is_some())
    }

    /// The next option or argument; none at the end.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage`.
    pub fn read(&mut self) -> Result<Option<Opt>, Failure> {
        match self.parser.next().map_err(|e| usage(&e))? {
            None => Ok(None),
            Some(Arg::Long(name)) => Ok(Some(Opt::Flag(name.to_owned()))),
            Some(Arg::Value(value)) => match value.into_string() {
                Ok(text) => Ok(Some(Opt::Argument(text))),
                Err(value) => Err(usage(&lexopt::Error::NonUnicodeValue(value))),
            },
            Some(other) => Err(usage(&other.unexpected())),
        }
    }

    /// The value of the option just read.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` when there is none or it is not UTF-8.
    pub fn value(&mut self) -> Result<String, Failure> {
        let value = self.parser.value().map_err(|e| usage(&e))?;
        value
            .into_string()
            .map_err(|v| usage(&lexopt::Error::NonUnicodeValue(v)))
    }

    /// The value of the option `--name`, read as a `T`; `rule` says what would be right.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` at `--name`.
    pub fn parsed<T: std::str::FromStr>(&mut self, name: &str, rule: &str) -> Result<T, Failure> {
        let value = self.value()?;
        value
            .parse()
            .map_err(|_| Failure::usage(format!("--{name}"), rule))
    }

    /// The value of the option `--name` as an amount of money.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` at `--name`.
    pub fn amount(&mut self, name: &str) -> Result<Amount, Failure> {
        let wrong = |error: pos_engine::domain::money::AmountError| {
            Failure::usage(format!("--{name}"), error.to_string())
        };
        self.value()?.parse().map_err(wrong)
    }

    /// The value of the option `--name` as an operator's number.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` at `--name`.
    pub fn number(&mut self, name: &str) -> Result<String, Failure> {
        operator(&self.value()?, &format!("--{name}"))
    }

    /// Checks that nothing more stands there.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` for what does.
    pub fn end(&mut self) -> Result<(), Failure> {
        match self.read()? {
            None => Ok(()),
            Some(opt) => Err(self.unexpected(&opt)),
        }
    }

    /// The failure for an option or argument that the command does not have.
    #[must_use]
    pub fn unexpected(&self, opt: &Opt) -> Failure {
        match opt {
            Opt::Flag(name) if ["home", "json", "operator"].contains(&name.as_str()) => {
                Failure::usage(format!("--{name}"), "stands before the command")
            }
            Opt::Flag(name) => {
                let name: String = name.chars().take(40).collect();
                Failure::usage(format!("--{name}"), self.hint("is not an option here"))
            }
            Opt::Argument(_) => Failure::usage("arguments", self.hint("there is one too many")),
        }
    }

    /// The failure for something that has to be there.
    #[must_use]
    pub fn missing(&self, what: &str) -> Failure {
        Failure::usage(what, self.hint("is missing"))
    }

    fn hint(&self, what: &str) -> String {
        format!("{what}; usage: voidproof {}", self.command.usage)
    }
}
