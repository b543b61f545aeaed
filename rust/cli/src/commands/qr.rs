//! `qr`: reads and builds EMVCo QR codes.

use std::io::{Read, Write};

use pos_codes::emvco::{self, ConsumerCode, MerchantCode, Object, QrCode, QrError, Tlv};
use pos_codes::picture::{Correction, QrPicture};
use pos_engine::domain::Lang;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Command;
use super::shape::unhex;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::Human;
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "qr",
    usage: "qr parse (TEXT | -) | qr build (JSON | - | ID=VALUE …) [--picture]",
    about: "read an EMVCo QR code, or build one from objects in parse's shape; --picture shows it",
    run,
};

/// The first id of a consumer-presented code.
const CONSUMER_FORMAT: &str = "85";
/// Templates lie no deeper than this in any code.
const DEEPEST: usize = 4;

#[derive(Debug, Serialize)]
struct Parsed(QrCode);

#[derive(Debug, Serialize)]
struct Built {
    text: String,
    crc: Option<String>,
}

#[derive(Debug, Serialize)]
struct Bad {
    error: QrError,
}

/// What `build` takes: parse's objects, of which one may hold objects instead of a text.
#[derive(Deserialize)]
struct Wanted {
    objects: Vec<(String, Value)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Objects(Vec<(String, Self)>),
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut words, mut picture) = (Vec::new(), false);
    while let Some(opt) = options.read()? {
        match opt {
            Opt::Flag(name) if name == "picture" => picture = true,
            Opt::Argument(word) => words.push(Zeroizing::new(word)),
            other => return Err(options.unexpected(&other)),
        }
    }
    let mut words = words.into_iter();
    let action = words
        .next()
        .ok_or_else(|| options.missing("parse or build"))?;
    match (action.as_str(), words.as_slice()) {
        ("parse" | "build", []) => Err(options.missing("the code")),
        ("parse", [text]) if !picture => parse(context, &given(text)?),
        ("build", pairs) => build(context, &wanted(pairs)?, picture),
        ("parse", _) => Err(Failure::usage("qr parse", "takes one TEXT and no option")),
        _ => Err(options.missing("parse or build")),
    }
}

/// The argument, or standard input for `-`.
fn given(text: &Zeroizing<String>) -> Result<Zeroizing<String>, Failure> {
    if text.as_str() != "-" {
        return Ok(text.clone());
    }
    let mut read = Zeroizing::new(String::new());
    let done = std::io::stdin().lock().read_to_string(&mut read);
    done.map_err(|_| Failure::usage("standard input", "is not text"))?;
    Ok(Zeroizing::new(
        read.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

fn parse(context: &Context, text: &str) -> Result<Exit, Failure> {
    match emvco::parse(text.as_bytes()) {
        Ok(code) => context.print(&Parsed(code)).map(|()| Exit::Good),
        Err(error) => context.print(&Bad { error }).map(|()| Exit::No),
    }
}

fn build(context: &Context, wanted: &Wanted, picture: bool) -> Result<Exit, Failure> {
    let first = wanted.objects.first().map(|(id, _)| id.as_str());
    let built = if first == Some(CONSUMER_FORMAT) {
        let elements = elements(&wanted.objects, DEEPEST)?;
        ConsumerCode::new(elements).map(|code| Built {
            text: code.text().to_string(),
            crc: None,
        })
    } else {
        merchant(&wanted.objects)?
            .and_then(MerchantCode::new)
            .map(|code| Built {
                text: code.text(),
                crc: Some(code.crc()),
            })
    };
    let built = match built {
        Ok(built) => built,
        Err(error) => return context.print(&Bad { error }).map(|()| Exit::No),
    };
    if picture {
        let drawn = QrPicture::of(&built.text, Correction::default())
            .map_err(|error| Failure::usage("--picture", error.to_string()))?;
        draw(&drawn);
    }
    context.print(&built)?;
    Ok(Exit::Good)
}

/// Shows a code on stderr, beside the result.
pub(super) fn draw(picture: &QrPicture) {
    // Only the result matters.
    let _ = write!(std::io::stderr(), "{}", picture.to_blocks());
}

/// An object in parse's shape, or one `ID=VALUE` a word.
fn wanted(words: &[Zeroizing<String>]) -> Result<Wanted, Failure> {
    let rule = "wants {\"objects\":[[\"ID\",\"VALUE\"],…]} or ID=VALUE …";
    if let [text] = words
        && (text.as_str() == "-" || text.starts_with('{'))
    {
        let text = given(text)?;
        return serde_json::from_str(&text).map_err(|_| Failure::usage("JSON", rule));
    }
    let pair = |word: &Zeroizing<String>| {
        let (id, value) = word.split_once('=')?;
        Some((id.to_owned(), Value::Text(value.to_owned())))
    };
    let objects = words.iter().map(pair).collect::<Option<_>>();
    let objects = objects.ok_or_else(|| Failure::usage("ID=VALUE", rule))?;
    Ok(Wanted { objects })
}

/// Objects of a merchant-presented code; the inner result is what the code's own rules say.
fn merchant(rows: &[(String, Value)]) -> Result<Result<Vec<Object>, QrError>, Failure> {
    let mut objects = Vec::with_capacity(rows.len());
    for (id, value) in rows {
        let two_digits = id.len() == 2 && id.bytes().all(|b| b.is_ascii_digit());
        let number = id.parse().ok().filter(|_| two_digits);
        let number: u8 = number.ok_or_else(|| Failure::usage("ID", "is two digits"))?;
        let object = match value {
            Value::Text(text) => Object::new(number, text.as_str()),
            Value::Objects(rows) => {
                merchant(rows)?.and_then(|inner| Object::template(number, &inner))
            }
        };
        match object {
            Ok(object) => objects.push(object),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(objects))
}

/// Elements of a consumer-presented code: tags and values in hexadecimal.
fn elements(rows: &[(String, Value)], depth: usize) -> Result<Vec<Tlv>, Failure> {
    let wrong = |detail: &str| Failure::usage("objects", detail);
    if depth == 0 {
        return Err(wrong("lie too deep"));
    }
    let element = |(tag, value): &(String, Value)| {
        let tag = u32::from_str_radix(tag, 16).map_err(|_| wrong("a tag is hexadecimal"))?;
        match value {
            Value::Text(hex) => {
                let bytes = unhex(hex).ok_or_else(|| wrong("a tag's value is hexadecimal"))?;
                Tlv::bytes(tag, bytes.to_vec())
            }
            Value::Objects(rows) => Tlv::template(tag, elements(rows, depth - 1)?),
        }
        .map_err(|error| wrong(&error.detail()))
    };
    rows.iter().map(element).collect()
}

impl Human for Parsed {
    fn human(&self, lang: Lang) -> String {
        let shown = serde_json::to_value(&self.0).unwrap_or_default();
        let rows = shown.get("objects").and_then(serde_json::Value::as_array);
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut lines: Vec<String> = rows
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_array)
            .filter_map(|row| Some(format!("{}  {}", text(row.first()?), text(row.get(1)?))))
            .collect();
        if let QrCode::Merchant(code) = &self.0 {
            lines.push(match lang {
                Lang::Zh => format!("校验正确 {}", code.crc()),
                Lang::En => format!("the CRC is right: {}", code.crc()),
            });
        }
        lines.join("\n")
    }
}

impl Human for Built {
    fn human(&self, _: Lang) -> String {
        self.text.clone()
    }
}

impl Human for Bad {
    fn human(&self, _: Lang) -> String {
        self.error.to_string()
    }
}
