//! A chip transaction in a batch upload (spec §2.10, §3.4, §8.2).

use pos_iso8583::subfields::f62::{ChipUpload, chip_upload_value};
use pos_iso8583::{Fields, Mti, tlv};

use super::draft::Draft;
use super::settlement::Org;
use super::terminal::Identity;

/// What field 55 takes, bytes.
const LARGEST_CHIP_DATA: usize = 255;
/// Tag of the cryptogram.
const CRYPTOGRAM: u32 = 0x9F26;
/// Tag of its kind.
const CRYPTOGRAM_KIND: u32 = 0x9F27;
/// A transaction certificate.
const CERTIFICATE: [u8; 1] = [0x40];

/// Whether bytes are chip data that field 55 takes.
#[must_use]
pub fn is_chip_data(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len() <= LARGEST_CHIP_DATA && tlv::check(bytes).is_ok()
}

/// Whether chip data holds the transaction certificate that an upload needs.
#[must_use]
pub fn has_certificate(chip: &[u8]) -> bool {
    tlv::find(chip, CRYPTOGRAM).is_some_and(|value| value.len() == 8)
        && tlv::find(chip, CRYPTOGRAM_KIND).is_none_or(|kind| kind == CERTIFICATE)
}

/// Uploads an approved chip transaction 0320/203, or 205 when the totals did not agree. `request`
/// are its stored fields, `certificate` the chip data of its second cryptogram. None when `request`
/// has no chip data or no amount.
#[must_use]
pub fn chip_upload(
    identity: &Identity,
    batch: &str,
    request: &Fields,
    certificate: &[u8],
    org: Org,
    balanced: bool,
) -> Option<Draft> {
    let mut message = identity.message(Mti::BATCH_UPLOAD);
    for field in [2, 4, 11, 22, 23] {
        if let Some(value) = request.get(field) {
            message.fields.set(field, value);
        }
    }
    let amount = request.text(4)?.parse().ok()?;
    let foreign = org == Org::Foreign;
    let content = chip_upload_value(ChipUpload::Good { foreign, amount }).ok()?;
    let code = if balanced { "203" } else { "205" };
    message
        .fields
        .set(55, certified(request.get(55)?, certificate)?)
        .set(60, format!("00{batch}{code}{}0", identity.capability))
        .set(62, content);
    Some(Draft::plain(message, false))
}

/// The request's chip data with what the card said last in its place.
fn certified(request: &[u8], certificate: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    for element in tlv::elements(request) {
        let element = element.ok()?;
        let value = match element.tag {
            CRYPTOGRAM_KIND => &CERTIFICATE[..],
            tag => tlv::find(certificate, tag).unwrap_or(element.value),
        };
        tlv::push(&mut data, element.tag, value).ok()?;
    }
    Some(data)
}
