//! UnionPay QR inside the card dialect (spec §3.6): the customer's code in field 59 tag A3, a
//! follow-up's payment voucher in tag A4; no card and no PIN.

use pos_domain::Amount;
use pos_iso8583::subfields::f59::{self, Entry, LengthWidth};
use pos_iso8583::{decode, encode};
use zeroize::Zeroizing;

use super::answer::Answer;
use super::draft::{Draft, DraftError};
use super::financial::{Kind, Related, private, set_related};
use super::terminal::Identity;

/// What stands in place of a card.
#[derive(Clone, Copy)]
pub enum Coded<'a> {
    /// The customer's payment code.
    Code(&'a str),
    /// The payment voucher (付款凭证号) of the sale's answer, when it had one.
    Voucher(Option<&'a str>),
}

impl std::fmt::Debug for Coded<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(…)",
            Self::Voucher(_) => "Voucher(…)",
        })
    }
}

/// Builds a sale by payment code, or its void or refund.
///
/// # Errors
/// [`DraftError::Part`] for a code or voucher that field 59 cannot hold.
pub fn coded(
    identity: &Identity,
    kind: Kind,
    amount: Amount,
    (trace, batch): (&str, &str),
    payer: Coded<'_>,
    related: Option<&Related<'_>>,
) -> Result<Draft, DraftError> {
    let row = kind.row();
    let mut message = identity.message(row.mti);
    message
        .fields
        .set(3, row.processing)
        .set(4, amount.twelve_digits())
        .set(11, trace)
        .set(22, "032")
        .set(25, row.condition)
        .set(49, "156")
        .set(60, private(identity, row.transaction, batch));
    let own = match payer {
        Coded::Code(code) => Some((f59::PAYMENT_CODE, code)),
        Coded::Voucher(voucher) => voucher.map(|voucher| (f59::VOUCHER, voucher)),
    };
    let lengths = identity.habits.f59_lengths;
    let mut field59 = identity.habits.private_field().unwrap_or_default();
    if let Some((tag, value)) = own {
        let value = value.as_bytes();
        field59.extend(f59::to_value(&[Entry { tag, value }], lengths)?);
    }
    if !field59.is_empty() {
        message.fields.set(59, Zeroizing::new(field59).as_slice());
    }
    if kind == Kind::Refund {
        message.fields.set(63, "CUP");
    }
    if let Some(related) = related {
        set_related(&mut message.fields, kind, related);
    }
    Ok(Draft {
        f59_lengths: lengths,
        ..Draft::plain(message, true)
    })
}

/// The payment voucher of an answer: tag A4, at most 20 digits.
#[must_use]
pub fn voucher_of(answer: &Answer, lengths: LengthWidth) -> Option<String> {
    let field59 = answer.fields.get(59)?;
    let voucher = std::str::from_utf8(f59::find(field59, lengths, f59::VOUCHER)?).ok()?;
    let fits = (1..=20).contains(&voucher.len()) && voucher.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| voucher.to_owned())
}

/// What [`Draft::stored`] made, without field 59: for a payment code that is erased.
///
/// # Errors
/// [`DraftError::Stored`].
pub fn without_code(stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, DraftError> {
    let frame = decode(stored).map_err(|_| DraftError::Stored)?;
    let message = frame.to_message();
    let mut kept = message.clone();
    kept.fields = pos_iso8583::Fields::default();
    for (field, value) in message.fields.iter().filter(|(field, _)| *field != 59) {
        kept.fields.set(field, value);
    }
    Ok(Zeroizing::new(encode(&kept)?))
}
