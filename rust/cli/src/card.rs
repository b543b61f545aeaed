//! The options that present a card. Their values are never quoted, and are wiped.

use pos_engine::domain::{CardInput, Entry, Expiry, Pan, Pin, Track2};
use pos_iso8583::tlv;
use zeroize::Zeroizing;

use crate::Failure;
use crate::args::Options;
use crate::pins::Pins;

/// The card sequence number in the chip's data.
const SEQUENCE_TAG: u32 = 0x5F34;

/// The options read so far.
#[derive(Default)]
pub struct CardOptions {
    keyed: Option<(Pan, Expiry)>,
    track2: Option<Track2>,
    field55: Option<Vec<u8>>,
    contactless: bool,
    with_pin: bool,
}

impl CardOptions {
    /// Takes the option `--name` when it is one about the card.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` for a value that is no card.
    pub fn take(&mut self, name: &str, options: &mut Options) -> Result<bool, Failure> {
        match name {
            "card" => self.keyed = Some(keyed(&Zeroizing::new(options.value()?))?),
            "track2" => {
                let value = Zeroizing::new(options.value()?);
                let wrong = |error: pos_engine::domain::card::CardError| {
                    Failure::usage("--track2", error.to_string())
                };
                self.track2 = Some(Track2::parse(&value).map_err(wrong)?);
            }
            "field55" => self.field55 = Some(chip_data(&Zeroizing::new(options.value()?))?),
            "contactless" => self.contactless = true,
            "card-pin" => self.with_pin = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether any option was about a card.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        let card = self.keyed.is_some() || self.track2.is_some() || self.field55.is_some();
        card || self.contactless || self.with_pin
    }

    /// Checks that a card is named at all, before anything is opened.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` when none is.
    pub fn check_present(&self, options: &Options) -> Result<(), Failure> {
        if self.keyed.is_some() || self.track2.is_some() {
            Ok(())
        } else {
            Err(options.missing("--card or --track2"))
        }
    }

    /// The card; none when no option named one. Its PIN is taken last.
    ///
    /// # Errors
    /// [`Failure`] of kind `usage` for options that do not go together, or a PIN that is none.
    pub fn card(self, pins: &mut Pins) -> Result<Option<CardInput>, Failure> {
        let card = match (self.keyed, self.track2) {
            (Some(_), Some(_)) => {
                return Err(Failure::usage("--track2", "goes without --card"));
            }
            (Some((pan, expiry)), None) => CardInput::keyed(pan, Some(expiry)),
            (None, Some(track2)) => CardInput::swiped(track2)
                .map_err(|error| Failure::usage("--track2", error.to_string()))?,
            (None, None) if self.field55.is_some() || self.with_pin || self.contactless => {
                return Err(Failure::usage("--card", "is missing"));
            }
            (None, None) => return Ok(None),
        };
        let mut card = card;
        if let Some(field55) = self.field55 {
            card.entry = if self.contactless {
                Entry::Contactless
            } else {
                Entry::Chip
            };
            card.sequence = sequence(&field55);
            card.field55 = Some(field55);
        } else if self.contactless {
            return Err(Failure::usage("--contactless", "goes with --field55"));
        }
        if self.with_pin {
            let digits = pins.take()?.unwrap_or_default();
            let wrong = |_| Failure::usage("standard input", "the card's PIN has 4 to 12 digits");
            card.pin = Some(Pin::parse(&digits).map_err(wrong)?);
        }
        Ok(Some(card))
    }
}

/// PAN=YYMM.
fn keyed(text: &str) -> Result<(Pan, Expiry), Failure> {
    let wrong = |detail: String| Failure::usage("--card", detail);
    let (pan, expiry) = text
        .split_once('=')
        .ok_or_else(|| wrong("is PAN=YYMM".to_owned()))?;
    let pan = Pan::parse(pan).map_err(|error| wrong(error.to_string()))?;
    let expiry = Expiry::parse(expiry).map_err(|error| wrong(error.to_string()))?;
    Ok((pan, expiry))
}

/// Chip data (BER-TLV) in hexadecimal, as `--field55` gives it.
pub(crate) fn chip_data(text: &str) -> Result<Vec<u8>, Failure> {
    let wrong = |detail: String| Failure::usage("--field55", detail);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return Err(wrong("is pairs of hexadecimal digits".to_owned()));
    }
    let bytes = pairs
        .iter()
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .filter(|pair| !pair.starts_with('+'))
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| wrong("is hexadecimal".to_owned()))?;
    tlv::check(&bytes).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() > 255 {
        return Err(wrong("has at most 255 bytes".to_owned()));
    }
    Ok(bytes)
}

/// Field 23: three digits, from the chip's data.
fn sequence(field55: &[u8]) -> Option<String> {
    let byte = tlv::find(field55, SEQUENCE_TAG)?.first()?;
    let (tens, ones) = (byte >> 4, byte & 15);
    (tens < 10 && ones < 10).then(|| format!("0{tens}{ones}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chip_data_is_checked_and_gives_the_sequence_number() {
        let field55 = chip_data("9F2608AABBCCDDEEFF00115F340101").ok().unwrap();
        assert_eq!(sequence(&field55).as_deref(), Some("001"));
        assert_eq!(sequence(&[0x9F, 0x26, 1, 0]), None);
        for wrong in ["", "9", "9F26", "+1+1", "zz", "9F2609AA"] {
            assert!(chip_data(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn i11_a_wrong_card_is_not_quoted() {
        for wrong in [
            "6222021234567890123=3012",
            "6222020000000000018=3013",
            "62=1",
        ] {
            let error = keyed(wrong).unwrap_err();
            assert!(!error.detail.contains("62"), "{}", error.detail);
        }
        assert!(keyed("6222020000000000018=3012").is_ok());
    }
}
