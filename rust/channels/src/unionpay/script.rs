//! Script result notice (脚本处理结果通知, 0620; spec §2.8, §3.4): tells an issuer what became of the
//! scripts in its answer.

use pos_iso8583::subfields::f55;
use pos_iso8583::{Fields, Mti, tlv};

use super::draft::Draft;
use super::terminal::Identity;

/// Tag of the results of scripts.
const SCRIPT_RESULT: u32 = 0xDF31;
/// Tags of scripts in an answer.
const SCRIPTS: [u32; 2] = [0x71, 0x72];

/// Whether the answer's chip data (field 55) carries a script for the card.
#[must_use]
pub fn carries_script(answer: &Fields) -> bool {
    answer
        .get(55)
        .is_some_and(|chip| SCRIPTS.iter().any(|&tag| tlv::find(chip, tag).is_some()))
}

/// The transaction whose answer carried the script.
#[derive(Clone, Debug)]
pub struct Scripted<'a> {
    /// Its request's stored fields.
    pub request: &'a Fields,
    /// Its answer's fields.
    pub answer: Option<&'a Fields>,
    /// Its batch, six digits.
    pub batch: &'a str,
    /// What the card said last (BER-TLV); its tags go before those of the request.
    pub chip: Option<&'a [u8]>,
}

/// Builds the notice with a trace of its own. Where no card told a result, DF31 says what the
/// habits say.
#[must_use]
pub fn script_notice(identity: &Identity, trace: &str, batch: &str, about: &Scripted<'_>) -> Draft {
    let mut message = identity.message(Mti::SCRIPT_NOTICE);
    for field in [2, 3, 4, 22, 23, 49] {
        if let Some(value) = about.request.get(field) {
            message.fields.set(field, value);
        }
    }
    for field in [32, 37, 38] {
        if let Some(value) = about.answer.and_then(|answer| answer.get(field)) {
            message.fields.set(field, value);
        }
    }
    let date = about.answer.and_then(|answer| answer.text(13));
    let own = about.request.text(11).unwrap_or("000000");
    message
        .fields
        .set(11, trace)
        .set(55, chip_data(identity, about))
        .set(60, format!("00{batch}951"))
        .set(
            61,
            format!("{}{own}{}", about.batch, date.unwrap_or("0000")),
        );
    Draft::plain(message, true)
}

fn chip_data(identity: &Identity, about: &Scripted<'_>) -> Vec<u8> {
    let request = about.request.get(55).unwrap_or_default();
    let last = about.chip.unwrap_or_default();
    let mut data = Vec::new();
    for tag in f55::SCRIPT_NOTICE {
        let told = tlv::find(last, tag).or_else(|| tlv::find(request, tag));
        let not_run = || {
            let known = tag == SCRIPT_RESULT;
            known.then_some(identity.habits.script_not_run.as_slice())
        };
        if let Some(value) = told.or_else(not_run) {
            // The value was read from a TLV of the same kind, or is five bytes: it fits.
            let _ = tlv::push(&mut data, tag, value);
        }
    }
    data
}
