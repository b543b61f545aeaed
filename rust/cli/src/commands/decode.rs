//! `decode`: a frame of the wire as an object, masked unless asked otherwise.

use std::io::BufRead;

use pos_engine::domain::Lang;
use pos_iso8583::DecodeError;
use pos_iso8583::security::CheckError;
use pos_iso8583::table;
use serde::Serialize;
use zeroize::Zeroizing;

use super::Command;
use super::shape::{Decoded, Keys, decoded, key, unhex};
use crate::args::{Opt, Options};
use crate::context::{Context, print_object};
use crate::output::Human;
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "decode",
    usage: "decode (HEX [MAK] | --lines) [--clear] [--tmk HEX]",
    about: "show a frame of the wire; --lines reads one FRAME [MAK] a line from standard input",
    run,
};

/// Digits of a MAK, and of a master key.
const MAK_DIGITS: &[usize] = &[16, 32];
const TMK_DIGITS: &[usize] = &[32];

/// What is wrong with a frame, as an object.
#[derive(Debug, Serialize)]
struct Bad {
    error: BadFrame,
}

#[derive(Debug, Serialize)]
struct BadFrame {
    kind: &'static str,
    field: Option<u8>,
    offset: usize,
    detail: String,
}

impl From<DecodeError> for Bad {
    fn from(error: DecodeError) -> Self {
        Self::new(error.kind(), error.field, error.offset, error.detail())
    }
}

impl Bad {
    const fn new(kind: &'static str, field: Option<u8>, offset: usize, detail: String) -> Self {
        let error = BadFrame {
            kind,
            field,
            offset,
            detail,
        };
        Self { error }
    }

    /// A line, or part of one, that is not even hexadecimal.
    fn line(offset: usize, detail: &str) -> Self {
        Self::new("usage", None, offset, detail.to_owned())
    }
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut words, mut clear, mut lines, mut keys) = (Vec::new(), false, false, Keys::default());
    while let Some(opt) = options.read()? {
        match opt {
            Opt::Flag(name) if name == "clear" => clear = true,
            Opt::Flag(name) if name == "lines" => lines = true,
            Opt::Flag(name) if name == "tmk" => {
                let digits = Zeroizing::new(options.value()?);
                keys.tmk = Some(key("--tmk", &digits, TMK_DIGITS)?);
            }
            Opt::Argument(word) if words.len() < 2 => words.push(Zeroizing::new(word)),
            other => return Err(options.unexpected(&other)),
        }
    }
    if lines {
        if !words.is_empty() {
            return Err(Failure::usage(
                "arguments",
                "--lines reads standard input alone",
            ));
        }
        return decode_lines(&mut std::io::stdin().lock(), keys, clear);
    }
    let mut words = words.into_iter();
    let digits = words.next().ok_or_else(|| options.missing("HEX"))?;
    let bytes = unhex(&digits);
    let bytes = bytes.ok_or_else(|| Failure::usage("HEX", "wants pairs of hexadecimal digits"))?;
    if let Some(mak) = words.next() {
        keys.mak = Some(key("MAK", &mak, MAK_DIGITS)?);
    }
    match decoded(&bytes, &keys, clear) {
        Ok(message) => context.print(&message).map(|()| Exit::Good),
        Err(CheckError::Content(error)) => context.print(&Bad::from(error)).map(|()| Exit::No),
        Err(CheckError::Key(error)) => Err(Failure::usage("MAK", error.to_string())),
    }
}

/// Answers each line at once, so that another program can ask frame by frame.
fn decode_lines(input: &mut impl BufRead, mut keys: Keys, clear: bool) -> Result<Exit, Failure> {
    let mut line = Zeroizing::new(Vec::new());
    loop {
        line.clear();
        let read = input.read_until(b'\n', &mut line);
        if read.map_err(|_| Failure::usage("standard input", "cannot be read"))? == 0 {
            return Ok(Exit::Good);
        }
        match decode_line(&line, &mut keys, clear) {
            Ok(message) => print_object(&message)?,
            Err(bad) => print_object(&bad)?,
        }
    }
}

fn decode_line(line: &[u8], keys: &mut Keys, clear: bool) -> Result<Decoded, Bad> {
    let text = std::str::from_utf8(line)
        .map_err(|error| Bad::line(error.valid_up_to(), "is not UTF-8"))?;
    let mut words = text.split_ascii_whitespace();
    let digits = words.next().unwrap_or_default();
    let bytes = unhex(digits).ok_or_else(|| {
        let at = digits.bytes().position(|b| !b.is_ascii_hexdigit());
        Bad::line(
            at.unwrap_or(digits.len()),
            "wants pairs of hexadecimal digits",
        )
    })?;
    let mak = words
        .next()
        .map(|mak| key("MAK", mak, MAK_DIGITS))
        .transpose();
    keys.mak = mak.map_err(|failure| Bad::line(digits.len() + 1, &failure.detail))?;
    if words.next().is_some() {
        return Err(Bad::line(digits.len(), "wants FRAME [MAK]"));
    }
    decoded(&bytes, keys, clear).map_err(|error| match error {
        CheckError::Content(error) => error.into(),
        CheckError::Key(error) => Bad::line(digits.len() + 1, &error.to_string()),
    })
}

impl Human for Decoded {
    fn human(&self, lang: Lang) -> String {
        let mut text = format!("{}  TPDU {}  {}", self.mti, self.tpdu, self.header);
        for (number, value) in &self.fields {
            let spec = number.parse().ok().and_then(table::field);
            let name = spec.map_or("", |spec| match lang {
                Lang::Zh => spec.name_zh,
                Lang::En => spec.name_en,
            });
            let value = value.as_str().unwrap_or_default();
            text.push_str(&format!("\nF{number:<3} {name}: {value}"));
        }
        if self.mac == Some(true) {
            let right = match lang {
                Lang::Zh => "MAC 正确",
                Lang::En => "the MAC is right",
            };
            text.push_str(&format!("\n{right}"));
        }
        text
    }
}

impl Human for Bad {
    fn human(&self, _: Lang) -> String {
        let BadFrame {
            kind,
            field,
            offset,
            detail,
        } = &self.error;
        let place = field.map_or_else(String::new, |field| format!(" in F{field}"));
        format!("{kind} at byte {offset}{place}: {detail}")
    }
}
