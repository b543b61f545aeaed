//! Downloads, queries and the status upload (spec §2.10, §3.4): the messages of a host's jobs.

use pos_iso8583::subfields::SubfieldError;
use pos_iso8583::subfields::f62::{self, ListState};
use pos_iso8583::{Mti, tlv};

use super::answer::Answer;
use super::draft::Draft;
use super::terminal::Identity;

/// Tag of an application or of a key's owner.
const APPLICATION: u32 = 0x9F06;
/// Tag of a key's index.
const KEY_INDEX: u32 = 0x9F22;

/// A message of a job: 60.3 is `code`, field 62 what is asked for or told. It uses up no trace.
#[must_use]
pub fn job_message(identity: &Identity, batch: &str, code: &str, field62: Option<&[u8]>) -> Draft {
    let mti = match code {
        "362" | "372" | "373" | "382" => Mti::NETWORK,
        _ => Mti::SIGN_IN,
    };
    let mut message = identity.message(mti);
    message.fields.set(60, format!("00{batch}{code}"));
    if let Some(content) = field62 {
        message.fields.set(62, content);
    }
    Draft::plain(message, false)
}

/// Whether an answer is to the message whose 60.3 is `code`: job messages have no trace number to
/// tell them apart by. An answer without field 60 is taken.
#[must_use]
pub fn answers_job(answer: &Answer, code: &str) -> bool {
    answer
        .fields
        .text(60)
        .and_then(|private| private.get(8..11))
        .is_none_or(|told| told == code)
}

/// Field 62 of a query: how many things were listed so far, at most 99.
///
/// # Errors
/// More than 99.
pub fn query_value(listed: usize) -> Result<String, SubfieldError> {
    f62::query_value(u8::try_from(listed).unwrap_or(u8::MAX))
}

/// One part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPart {
    /// Whether more follows.
    pub more: bool,
    /// Names to fetch by, each in the host's own form.
    pub names: Vec<Vec<u8>>,
}

/// Reads a part of a list of CA keys: each name is 9F06 and 9F22 as they came.
///
/// # Errors
/// [`SubfieldError`] for another first byte, or names that are not whole.
pub fn ca_key_list(field62: &[u8]) -> Result<ListPart, SubfieldError> {
    list_of(field62, &[APPLICATION, KEY_INDEX])
}

/// Reads a part of a list of chip applications: each name is 9F06 as it came.
///
/// # Errors
/// As [`ca_key_list`].
pub fn application_list(field62: &[u8]) -> Result<ListPart, SubfieldError> {
    list_of(field62, &[APPLICATION])
}

fn list_of(field62: &[u8], parts: &[u32]) -> Result<ListPart, SubfieldError> {
    let broken = |at: usize| SubfieldError {
        field: 62,
        at: at.saturating_add(1),
        rule: "whole names in a list",
    };
    let (state, rest) = f62::parse_list(field62)?;
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut found = parts.len();
    for element in tlv::elements(rest) {
        let element = element.map_err(|error| broken(error.at))?;
        if element.tag == APPLICATION {
            if found < parts.len() {
                return Err(broken(0));
            }
            names.push(Vec::new());
            found = 0;
        }
        if let Some(name) = names.last_mut().filter(|_| parts.contains(&element.tag)) {
            tlv::push(name, element.tag, element.value).map_err(|error| broken(error.at))?;
            found = found.saturating_add(1);
        }
    }
    if found < parts.len() {
        return Err(broken(0));
    }
    let more = state != ListState::Complete;
    Ok(ListPart { more, names })
}

/// Whether a download is what was asked for by this name.
#[must_use]
pub fn is_named(field62: &[u8], name: &[u8]) -> bool {
    tlv::check(field62).is_ok()
        && tlv::elements(name)
            .map_while(Result::ok)
            .all(|part| tlv::find(field62, part.tag) == Some(part.value))
}

/// Reads a part of a list whose entries nobody describes: whether more follows, and its bytes.
///
/// # Errors
/// [`SubfieldError`] for another first byte.
pub fn raw_part(field62: &[u8]) -> Result<(bool, &[u8]), SubfieldError> {
    let (state, rest) = f62::parse_list(field62)?;
    Ok((state != ListState::Complete, rest))
}

/// Reads downloaded terminal parameters: code and value.
///
/// # Errors
/// [`SubfieldError`] for a code whose size the habits do not say, or a value cut short.
pub fn parameters(
    identity: &Identity,
    field62: &[u8],
) -> Result<Vec<(String, Vec<u8>)>, SubfieldError> {
    let sizes: Vec<(&str, usize)> = identity
        .habits
        .parameter_sizes
        .iter()
        .map(|(code, size)| (code.as_str(), *size))
        .collect();
    let read = f62::parse_parameters(field62, &sizes)?;
    Ok(read
        .into_iter()
        .map(|parameter| (parameter.code.to_owned(), parameter.value.to_vec()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 12] = [
        0x9F, 0x06, 0x05, 0xA0, 0, 0, 3, 0x33, 0x9F, 0x22, 0x01, 0x02,
    ];

    fn listed(state: u8, parts: &[&[u8]]) -> Vec<u8> {
        let mut value = vec![state];
        parts.iter().for_each(|part| value.extend_from_slice(part));
        value
    }

    #[test]
    fn names_come_out_as_they_went_in() {
        let expiry = [0xDF, 0x05, 1, b'2'];
        let value = listed(b'2', &[&KEY, &expiry, &KEY, &expiry]);
        let part = ca_key_list(&value).unwrap();
        assert_eq!((part.more, part.names), (true, vec![KEY.to_vec(); 2]));
        let names = application_list(&listed(b'1', &[&KEY[..8]])).unwrap().names;
        assert_eq!(names, [KEY[..8].to_vec()]);
        assert!(!ca_key_list(b"1").unwrap().more);
    }

    #[test]
    fn a_name_cut_short_is_refused() {
        for bad in [
            listed(b'1', &[&KEY[..8]]),
            listed(b'1', &[&KEY[..8], &KEY]),
            listed(b'1', &[&KEY[..10]]),
            listed(b'9', &[&KEY]),
            vec![],
        ] {
            assert!(ca_key_list(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_download_of_another_name_is_seen() {
        let mut other = KEY;
        other[11] = 3;
        let here = listed(0, &[&KEY, &[0xDF, 0x04, 1, 3]]);
        assert!(is_named(&here, &KEY));
        assert!(!is_named(&here, &other));
        assert!(!is_named(&here[..10], &KEY));
    }
}
