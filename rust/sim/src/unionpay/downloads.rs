//! What a terminal can download: parameters, CA public keys, chip applications (spec 2.10). The
//! keys are random numbers of the right shape: no card's certificate can be checked with them.

use super::Acquirer;
use super::code::AnswerCode;
use super::crypto::Generator;
use super::request::Request;

const RID: [u8; 5] = [0xA0, 0x00, 0x00, 0x03, 0x33];
/// Indexes of the CA keys.
const KEY_INDEXES: [u8; 3] = [0x02, 0x03, 0x04];
/// How many entries one answer to a query lists.
const LISTED: usize = 2;
const EXPIRY: &[u8] = b"20341231";
const MODULUS_SIZE: usize = 128;
const CHECKSUM_SIZE: usize = 20;
/// Debit, credit, quasi-credit.
const APPLICATIONS: [[u8; 8]; 3] = [
    [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01],
    [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02],
    [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x03],
];

impl Acquirer {
    /// The answer code, and field 62 where there is something to give.
    pub(crate) fn download(&self, request: &Request) -> (AnswerCode, Option<Vec<u8>>) {
        let asked = request.fields.get(62).unwrap_or_default();
        let found = match request.network.as_str() {
            "360" => Some(parameters()),
            "361" | "362" | "371" | "381" => return (AnswerCode::APPROVED, None),
            "372" => list(asked, &KEY_INDEXES.map(key_entry)),
            "370" => key(asked),
            "382" => list(asked, &APPLICATIONS.map(|name| tlv(&[0x9F, 0x06], &name))),
            "380" => application(asked),
            _ => return (AnswerCode::UNSUPPORTED, None),
        };
        match found {
            Some(content) => (AnswerCode::APPROVED, Some(content)),
            None => (AnswerCode::NOT_FOUND, None),
        }
    }
}

/// Code and value, one after the other: time-out, connection retries, merchant name, resends.
fn parameters() -> Vec<u8> {
    format!("1260133{:<42}233", "22VOIDPROOF TEST MERCHANT").into_bytes()
}

fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_vec();
    let [.., length] = value.len().to_be_bytes();
    if length > 0x7F {
        out.push(0x81);
    }
    out.push(length);
    out.extend_from_slice(value);
    out
}

fn key_entry(index: u8) -> Vec<u8> {
    [
        tlv(&[0x9F, 0x06], &RID),
        tlv(&[0x9F, 0x22], &[index]),
        tlv(&[0xDF, 0x05], EXPIRY),
    ]
    .concat()
}

/// A part of a list: `1` and how many entries the terminal has; the answer begins with 2 when more
/// follow, else with 1.
fn list(asked: &[u8], entries: &[Vec<u8>]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(asked).ok()?;
    let from: usize = text.strip_prefix('1')?.parse().ok()?;
    let rest = entries.get(from..)?;
    let mut out = vec![if rest.len() > LISTED { b'2' } else { b'1' }];
    rest.iter()
        .take(LISTED)
        .for_each(|entry| out.extend_from_slice(entry));
    Some(out)
}

fn key(asked: &[u8]) -> Option<Vec<u8>> {
    let name = |index: u8| [tlv(&[0x9F, 0x06], &RID), tlv(&[0x9F, 0x22], &[index])].concat();
    let index = KEY_INDEXES
        .into_iter()
        .find(|&index| asked.starts_with(&name(index)))?;
    let mut random = Generator::new(u64::from(index));
    Some(
        [
            key_entry(index),
            tlv(&[0xDF, 0x06], &[1]),
            tlv(&[0xDF, 0x07], &[1]),
            tlv(&[0xDF, 0x02], &random.bytes::<MODULUS_SIZE>()),
            tlv(&[0xDF, 0x04], &[3]),
            tlv(&[0xDF, 0x03], &random.bytes::<CHECKSUM_SIZE>()),
        ]
        .concat(),
    )
}

fn application(asked: &[u8]) -> Option<Vec<u8>> {
    let name = APPLICATIONS
        .iter()
        .find(|name| asked == tlv(&[0x9F, 0x06], *name))?;
    let amount = |yuan: u8| [0, 0, 0, 0, yuan, 0];
    Some(
        [
            tlv(&[0x9F, 0x06], name),
            tlv(&[0xDF, 0x01], &[0]),
            tlv(&[0x9F, 0x08], &[0x00, 0x20]),
            tlv(&[0xDF, 0x11], &[0xD8, 0x40, 0x00, 0xA8, 0x00]),
            tlv(&[0xDF, 0x12], &[0xD8, 0x40, 0x04, 0xF8, 0x00]),
            tlv(&[0xDF, 0x13], &[0x00, 0x10, 0x00, 0x00, 0x00]),
            tlv(&[0x9F, 0x1B], &[0, 0, 0, 0]),
            tlv(&[0xDF, 0x15], &[0, 0, 0, 0]),
            tlv(&[0xDF, 0x16], &[0x99]),
            tlv(&[0xDF, 0x17], &[0x99]),
            tlv(&[0xDF, 0x14], &[0x9F, 0x37, 0x04]),
            tlv(&[0xDF, 0x18], &[1]),
            tlv(&[0x9F, 0x7B], &amount(0x10)),
            tlv(&[0xDF, 0x19], &amount(0)),
            tlv(&[0xDF, 0x20], &amount(0x99)),
            tlv(&[0xDF, 0x21], &amount(0x10)),
        ]
        .concat(),
    )
}
