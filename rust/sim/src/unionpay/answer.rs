//! From a verdict to the fields of the answer (spec 3.3).

use pos_domain::WallTime;
use pos_iso8583::Fields;

use super::Acquirer;
use super::code::AnswerCode;
use super::money::Verdict;
use super::request::Request;
use super::undo::voucher_of;
use crate::fault::Kind;

/// 交易成功 as GBK: the issuer's text of an approval.
const SUCCESS_GBK: [u8; 8] = [0xBD, 0xBB, 0xD2, 0xD7, 0xB3, 0xC9, 0xB9, 0xA6];

/// The fields that an answer of this kind may have.
const fn allowed(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Sale | Kind::Preauth | Kind::Completion | Kind::Offline => &[
            2, 3, 4, 11, 12, 13, 14, 15, 23, 25, 32, 37, 38, 39, 41, 42, 44, 49, 53, 54, 55, 59,
            60, 63,
        ],
        Kind::Inquiry => &[
            2, 3, 11, 12, 13, 14, 23, 25, 32, 37, 39, 41, 42, 44, 49, 53, 54, 55, 60, 63,
        ],
        Kind::Refund | Kind::CompletionAdvice => &[
            2, 3, 4, 11, 12, 13, 14, 15, 23, 25, 32, 37, 39, 41, 42, 44, 49, 53, 55, 59, 60, 63,
        ],
        kind if kind.is_reversal() || matches!(kind, Kind::ScriptNotice) => &[
            2, 3, 4, 11, 12, 13, 14, 15, 23, 25, 32, 37, 39, 41, 42, 44, 49, 53, 55, 60,
        ],
        _ => &[
            2, 3, 4, 11, 12, 13, 14, 15, 23, 25, 32, 37, 38, 39, 41, 42, 44, 49, 53, 55, 59, 60, 63,
        ],
    }
}

impl Acquirer {
    /// The fields of an answer about money, F64 left out.
    pub(crate) fn financial_fields(
        &mut self,
        request: &Request,
        verdict: &Verdict,
        now: WallTime,
    ) -> Fields {
        let mut fields = Fields::new();
        for field in [3, 4, 11, 14, 23, 25, 41, 42, 49, 53, 60] {
            if let Some(value) = request.fields.get(field) {
                fields.set(field, value);
            }
        }
        let number = &verdict.account;
        let is_number = number.len() <= 19 && number.bytes().all(|b| b.is_ascii_digit());
        if !request.is_code() && is_number && !number.is_empty() {
            fields.set(2, verdict.account.as_bytes());
        }
        fields
            .set(12, now.hhmmss())
            .set(13, now.mmdd())
            .set(15, self.calendar.date(now))
            .set(32, &self.settings.acquirer_id)
            .set(37, &verdict.reference)
            .set(39, verdict.code.as_str())
            .set(
                44,
                format!("{:<11}{:<11}", "01020000", self.settings.acquirer_id),
            )
            .set(63, organisation_text(verdict.foreign, verdict.code));
        if verdict.code.approves() {
            self.approved_fields(request, verdict, &mut fields);
        }
        let wanted = allowed(request.kind);
        for field in 2..=63 {
            if !wanted.contains(&field) {
                fields.remove(field);
            }
        }
        fields
    }

    fn approved_fields(&self, request: &Request, verdict: &Verdict, fields: &mut Fields) {
        if let Some(auth) = &verdict.auth {
            fields.set(38, auth);
        }
        if let Some(amount) = verdict.amount {
            fields.set(4, format!("{amount:012}"));
        }
        if let Some(balance) = verdict.balance {
            fields.set(54, format!("1002156C{balance:012}"));
        }
        if let Some(chip) = request.fields.get(55).and_then(issuer_data) {
            fields.set(55, chip);
        }
        let sale = self.book.get(&request.key()).filter(|_| request.is_code());
        if let Some(sale) = sale.filter(|txn| txn.kind == Kind::Sale) {
            fields.set(59, format!("A4020{}", voucher_of(sale)));
        }
    }
}

/// 63.1 the card organisation, 63.2 the issuer's text.
fn organisation_text(foreign: bool, code: AnswerCode) -> Vec<u8> {
    let mut text = if foreign {
        b"VIS".to_vec()
    } else {
        b"CUP".to_vec()
    };
    if code.approves() {
        text.extend_from_slice(&SUCCESS_GBK);
        text.resize(23, b' ');
    }
    text
}

/// Tag 91 in answer to a cryptogram: its eight bytes inverted stand for the issuer's own, followed
/// by the authorization response code. No card can check it.
fn issuer_data(chip: &[u8]) -> Option<Vec<u8>> {
    let at = chip
        .windows(3)
        .position(|window| window == [0x9F, 0x26, 0x08])?;
    let cryptogram = chip.get(at + 3..at + 11)?;
    let mut out = vec![0x91, 0x0A];
    out.extend(cryptogram.iter().map(|byte| !byte));
    out.extend_from_slice(b"00");
    Some(out)
}
