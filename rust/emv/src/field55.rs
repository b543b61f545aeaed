//! Field 55 of a sale, a pre-authorisation or a balance inquiry (spec 8).

use zeroize::Zeroizing;

use crate::card::HolderCheck;
use crate::facts::Facts;
use crate::failure::ReadFailure;
use crate::terminal::{Application, TerminalData, Told};
use crate::tlv;

/// Longest field 55, in bytes.
const LONGEST: usize = 255;

/// Builds it. The order is the spec's; hosts take any.
///
/// # Errors
/// A mandatory fact that the card did not give, or more than 255 bytes.
pub(crate) fn build(
    facts: &Facts,
    (name, application): (&[u8], &Application),
    terminal: &TerminalData,
    told: &[Told],
    check: HolderCheck,
) -> Result<Zeroizing<Vec<u8>>, ReadFailure> {
    let mut out = Zeroizing::new(Vec::with_capacity(LONGEST));
    let kind = facts.get(0x9F27).unwrap_or(&[0x80]);
    put(&mut out, 0x9F26, facts.need(0x9F26)?)?;
    put(&mut out, 0x9F27, kind)?;
    put(&mut out, 0x9F10, facts.need(0x9F10)?)?;
    put_told(&mut out, told, 0x9F37)?;
    put(&mut out, 0x9F36, facts.need(0x9F36)?)?;
    put_told(&mut out, told, 0x95)?;
    put_told(&mut out, told, 0x9A)?;
    put_told(&mut out, told, 0x9C)?;
    put_told(&mut out, told, 0x9F02)?;
    put_told(&mut out, told, 0x5F2A)?;
    put(&mut out, 0x82, facts.need(0x82)?)?;
    put_told(&mut out, told, 0x9F1A)?;
    put_told(&mut out, told, 0x9F03)?;
    put_told(&mut out, told, 0x9F33)?;
    put(&mut out, 0x9F34, &holder_word(terminal, check))?;
    put_told(&mut out, told, 0x9F35)?;
    put_told(&mut out, told, 0x9F1E)?;
    put(&mut out, 0x84, name)?;
    put(&mut out, 0x9F09, &application.version)?;
    put_told(&mut out, told, 0x9F41)?;
    if let Some(product) = facts.get(0x9F63) {
        put(&mut out, 0x9F63, product)?;
    }
    Ok(out)
}

const fn holder_word(terminal: &TerminalData, check: HolderCheck) -> [u8; 3] {
    let words = &terminal.holder_words;
    match check {
        HolderCheck::None => words.none,
        HolderCheck::OnlinePin => words.online_pin,
        HolderCheck::Signature => words.signature,
        HolderCheck::ByDevice => words.device,
    }
}

fn put_told(out: &mut Vec<u8>, told: &[Told], tag: u32) -> Result<(), ReadFailure> {
    let value = told.iter().find(|told| told.tag == tag);
    put(
        out,
        tag,
        value.map(Told::value).ok_or(ReadFailure::Missing { tag })?,
    )
}

fn put(out: &mut Vec<u8>, tag: u32, value: &[u8]) -> Result<(), ReadFailure> {
    if tlv::push(out, tag, value) && out.len() <= LONGEST {
        Ok(())
    } else {
        Err(ReadFailure::TooMuch)
    }
}
