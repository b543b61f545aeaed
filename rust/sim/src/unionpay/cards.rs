//! Cards that behave in a way of their own.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::code::AnswerCode;

/// What is special about a card.
#[derive(Clone, Default)]
pub struct Card {
    /// The answer to anything that would take money from it.
    pub code: Option<AnswerCode>,
    /// The right PIN; without it any PIN is right.
    pub pin: Option<String>,
    /// The right expiry date, YYMM; without it any date is right.
    pub expiry: Option<String>,
    /// Card organisation, three letters, such as VIS; CUP when absent. Others count as foreign.
    pub organisation: Option<String>,
    /// Balance in fen, at most twelve digits; all nines when absent. A sale above it gets 51.
    pub balance: Option<i64>,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card(…)")
    }
}

/// What is wrong with a card list, and where; never a number from it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {detail}")]
pub struct CardListError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    card: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    pan: Spanned<String>,
    code: Option<Spanned<String>>,
    pin: Option<Spanned<String>>,
    expiry: Option<Spanned<String>>,
    organisation: Option<Spanned<String>>,
    balance: Option<Spanned<i64>>,
}

/// Reads a list of `[[card]]` tables: pan, and any of code, pin, expiry, organisation, balance.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse_cards(text: &str) -> Result<BTreeMap<String, Card>, CardListError> {
    let line = |span: Range<usize>| {
        let before = text.as_bytes().get(..span.start).unwrap_or_default();
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    };
    let file: File = toml::from_str(text).map_err(|error| CardListError {
        line: error.span().map_or(1, line),
        detail: error.message().to_owned(),
    })?;
    let refuse = |span, detail: &str| CardListError {
        line: line(span),
        detail: detail.to_owned(),
    };
    let mut cards = BTreeMap::new();
    for table in file.card {
        let span = table.pan.span();
        let pan = pos_domain::Pan::parse(table.pan.get_ref())
            .map_err(|error| refuse(span.clone(), &format!("pan: {error}")))?;
        let card = card(&table).map_err(|(span, detail)| refuse(span, detail))?;
        if cards.insert(pan.digits().to_owned(), card).is_some() {
            return Err(refuse(span, "pan: the card is listed twice"));
        }
    }
    Ok(cards)
}

fn card(table: &Table) -> Result<Card, (Range<usize>, &'static str)> {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let checked = |value: &Option<Spanned<String>>, fits: &dyn Fn(&str) -> bool, detail| match value
    {
        Some(text) if !fits(text.get_ref()) => Err((text.span(), detail)),
        Some(text) => Ok(Some(text.get_ref().clone())),
        None => Ok(None),
    };
    let code = checked(
        &table.code,
        &|text| AnswerCode::parse(text).is_some(),
        "code: two digits or capital letters",
    )?;
    if let Some(balance) = table
        .balance
        .as_ref()
        .filter(|b| !(0..1_000_000_000_000).contains(b.get_ref()))
    {
        return Err((balance.span(), "balance: fen, 0 to twelve digits"));
    }
    Ok(Card {
        code: code.and_then(|text| AnswerCode::parse(&text)),
        pin: checked(
            &table.pin,
            &|text| digits(text, 4, 12),
            "pin: 4 to 12 digits",
        )?,
        expiry: checked(&table.expiry, &|text| digits(text, 4, 4), "expiry: YYMM")?,
        organisation: checked(
            &table.organisation,
            &|text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()),
            "organisation: three capital letters",
        )?,
        balance: table.balance.as_ref().map(|balance| *balance.get_ref()),
    })
}
