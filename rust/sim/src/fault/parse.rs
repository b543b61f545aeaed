//! Faults from TOML: `[[fault]]` tables with rail, on, at, do, arg, skip, times.

use std::ops::Range;

use pos_domain::Rail;
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::{Action, ActionName, Fault, Kind, Moment, Oddity};
use crate::unionpay::AnswerCode;

/// What is wrong with a fault file, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {}{detail}", key.as_ref().map(|k| format!("{k}: ")).unwrap_or_default())]
pub struct FaultError {
    /// Line, from 1.
    pub line: usize,
    /// The key, where one is concerned.
    pub key: Option<&'static str>,
    /// What is wrong.
    pub detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fault: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rail: Option<Spanned<String>>,
    on: Spanned<String>,
    at: Spanned<String>,
    r#do: Spanned<String>,
    arg: Option<Spanned<Arg>>,
    skip: Option<Spanned<i64>>,
    times: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Arg {
    Text(String),
    Number(i64),
}

impl Arg {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Reads faults.
///
/// # Errors
/// The first thing that is wrong, with its line and key.
pub fn parse(text: &str) -> Result<Vec<Fault>, FaultError> {
    let reader = Reader(text);
    let file: File = toml::from_str(text).map_err(|error| FaultError {
        line: error.span().map_or(1, |span| reader.line(&span)),
        key: None,
        detail: error.message().to_owned(),
    })?;
    file.fault.iter().map(|table| reader.fault(table)).collect()
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.0.as_bytes().get(..span.start).unwrap_or_default();
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }

    fn error(&self, key: &'static str, span: &Range<usize>, detail: String) -> FaultError {
        FaultError {
            line: self.line(span),
            key: Some(key),
            detail,
        }
    }

    fn fault(&self, table: &Table) -> Result<Fault, FaultError> {
        let at: Moment = self.word("at", &table.at, Moment::ALL, Moment::as_str)?;
        let rail = match &table.rail {
            None => None,
            Some(rail) => Some(self.word("rail", rail, Rail::ALL, Rail::as_str)?),
        };
        let on = match table.on.get_ref().as_str() {
            "any" => None,
            _ => Some(self.word("on", &table.on, Kind::ALL, Kind::as_str)?),
        };
        if at == Moment::BeforeConnect && on.is_some() {
            let detail = "before_connect needs \"any\": the request is not known yet".to_owned();
            return Err(self.error("on", &table.on.span(), detail));
        }
        let name: ActionName = self.word("do", &table.r#do, ActionName::ALL, ActionName::as_str)?;
        if !name.possible_at(at) {
            let detail = format!("\"{name}\" cannot happen at {at}");
            return Err(self.error("do", &table.r#do.span(), detail));
        }
        Ok(Fault {
            rail,
            on,
            at,
            action: self.action(name, table)?,
            skip: self.count("skip", table.skip.as_ref(), 0, 0)?,
            times: self.count("times", table.times.as_ref(), 1, 1)?,
        })
    }

    fn word<T: Copy>(
        &self,
        key: &'static str,
        value: &Spanned<String>,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<T, FaultError> {
        all.iter()
            .copied()
            .find(|&one| name(one) == value.get_ref())
            .ok_or_else(|| {
                let names: Vec<_> = all.iter().copied().map(name).collect();
                let any = if key == "on" { "any, " } else { "" };
                let detail = format!(
                    "\"{}\" is none of {any}{}",
                    value.get_ref(),
                    names.join(", ")
                );
                self.error(key, &value.span(), detail)
            })
    }

    fn action(&self, name: ActionName, table: &Table) -> Result<Action, FaultError> {
        let plain = |action| match &table.arg {
            None => Ok(action),
            Some(arg) => {
                Err(self.error("arg", &arg.span(), format!("\"{name}\" takes no argument")))
            }
        };
        match name {
            ActionName::Drop => plain(Action::Drop),
            ActionName::Duplicate => plain(Action::Duplicate),
            ActionName::Cut => plain(Action::Cut),
            ActionName::Corrupt => plain(Action::Corrupt),
            ActionName::WrongMac => plain(Action::WrongMac),
            ActionName::ForeignAnswer => plain(Action::ForeignAnswer),
            ActionName::Unsigned => plain(Action::Unsigned),
            ActionName::OtherAmount => plain(Action::OtherAmount),
            ActionName::Code => self.code(table),
            ActionName::Http => self.oddity(table),
            ActionName::Delay => {
                let ms = self.number(table, "milliseconds", None)?;
                Ok(Action::Delay { ms: u64::from(ms) })
            }
            ActionName::Late => {
                let requests = self
                    .number(table, "a number of later requests", Some(1))?
                    .max(1);
                Ok(Action::Late { requests })
            }
            ActionName::Cutover => {
                let seconds = self.number(table, "seconds of code 90", Some(0))?;
                Ok(Action::Cutover {
                    pause_ms: i64::from(seconds) * 1000,
                })
            }
        }
    }

    /// Two digits or capital letters are an acquirer's code, anything longer a wallet's.
    fn code(&self, table: &Table) -> Result<Action, FaultError> {
        self.text(
            table,
            "\"code\" needs an answer code: two digits or capital letters, or a wallet's code",
            |text| {
                let word = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
                let named = (3..=64).contains(&text.len()) && text.bytes().all(word);
                AnswerCode::parse(text)
                    .map(Action::Code)
                    .or_else(|| named.then(|| Action::Named(text.to_owned())))
            },
        )
    }

    fn oddity(&self, table: &Table) -> Result<Action, FaultError> {
        self.text(
            table,
            "\"http\" needs a status, 300 to 599, or html, redirect, charset or empty",
            |text| Oddity::parse(text).map(Action::Http),
        )
    }

    fn text(
        &self,
        table: &Table,
        wanted: &str,
        read: impl Fn(&str) -> Option<Action>,
    ) -> Result<Action, FaultError> {
        let Some(arg) = &table.arg else {
            return Err(self.error("do", &table.r#do.span(), wanted.to_owned()));
        };
        read(&arg.get_ref().text()).ok_or_else(|| self.error("arg", &arg.span(), wanted.to_owned()))
    }

    fn number(&self, table: &Table, what: &str, default: Option<u32>) -> Result<u32, FaultError> {
        let wanted = || format!("\"{}\" needs {what}", table.r#do.get_ref());
        match (&table.arg, default) {
            (Some(arg), _) => {
                (arg.get_ref().text().parse()).map_err(|_| self.error("arg", &arg.span(), wanted()))
            }
            (None, Some(default)) => Ok(default),
            (None, None) => Err(self.error("do", &table.r#do.span(), wanted())),
        }
    }

    fn count(
        &self,
        key: &'static str,
        value: Option<&Spanned<i64>>,
        default: u32,
        least: u32,
    ) -> Result<u32, FaultError> {
        let Some(value) = value else {
            return Ok(default);
        };
        u32::try_from(*value.get_ref())
            .ok()
            .filter(|&count| count >= least)
            .ok_or_else(|| {
                let detail = format!("must be {least} to {}", u32::MAX);
                self.error(key, &value.span(), detail)
            })
    }
}
