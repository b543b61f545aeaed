//! Electronic signature (电签, spec §9.4): the feature code and the upload.

use pos_iso8583::{Mti, tlv};
use zeroize::Zeroizing;

use super::draft::Draft;
use super::terminal::Identity;

/// The largest image that goes in one message: what field 62 takes. How a larger one is split is
/// the vendor's, so it is not.
pub const LARGEST_IMAGE: usize = 999;

/// What is signed for.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// Amount, twelve digits.
    pub amount: String,
    /// The transaction's own trace, six digits.
    pub trace: &'a str,
    /// Its batch, six digits.
    pub batch: &'a str,
    /// The card's number when it was not swiped.
    pub pan: Option<&'a str>,
    /// Field 15 of its answer, MMDD.
    pub settle_date: Option<&'a str>,
    /// Field 37 of its answer.
    pub reference: Option<&'a str>,
    /// Receipt data: tag FF.. and text (§9.4).
    pub receipt: Vec<(u32, String)>,
}

/// The feature code (交易特征码): characters of field 15 and field 37, the first eight combined with
/// the last eight digit by digit. A missing field 15 is four zeros, a missing field 37 twelve.
#[must_use]
pub fn feature_code(settle_date: Option<&str>, reference: Option<&str>) -> String {
    let (date, reference) = (settle_date.unwrap_or(""), reference.unwrap_or(""));
    let text = format!("{date:0>4}{reference:0>12}");
    let bytes = text.as_bytes();
    bytes
        .iter()
        .zip(bytes.iter().skip(8))
        .take(8)
        // Of letters, which a reference may hold, the low half counts.
        .map(|(first, last)| format!("{:X}", (first ^ last) & 0x0F))
        .collect()
}

/// Uploads the signature to a transaction, named by its own batch and trace.
#[must_use]
pub fn signature_upload(identity: &Identity, about: &Signed<'_>, image: &[u8]) -> Draft {
    let mut message = identity.message(Mti::NETWORK);
    let code = &identity.habits.signature_code;
    message
        .fields
        .set(4, &about.amount)
        .set(11, about.trace)
        .set(55, receipt_data(&about.receipt))
        .set(60, format!("07{}{code}", about.batch));
    let optional = [
        (2, about.pan),
        (15, about.settle_date),
        (37, about.reference),
    ];
    for (field, value) in optional {
        if let Some(value) = value {
            message.fields.set(field, value);
        }
    }
    let mut draft = Draft::plain(message, identity.habits.signature_mac);
    draft.secrets.image = Some(Zeroizing::new(image.to_vec()));
    draft
}

fn receipt_data(receipt: &[(u32, String)]) -> Vec<u8> {
    let mut data = Vec::new();
    for (tag, text) in receipt {
        // A tag that begins with FF and a text of a slip fit.
        let _ = tlv::push(&mut data, *tag, text.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests {
    use super::feature_code;

    #[test]
    fn the_published_example() {
        assert_eq!(feature_code(Some("0731"), Some("123456789012")), "51498226");
    }

    #[test]
    fn what_is_missing_counts_as_zeros() {
        assert_eq!(feature_code(None, None), "00000000");
        assert_eq!(feature_code(Some("0731"), None), "07310000");
        assert_eq!(feature_code(None, Some("A23456789012")).len(), 8);
    }
}
