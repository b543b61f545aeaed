//! Script result notices and electronic signatures.

use super::Acquirer;
use super::code::AnswerCode;
use super::request::Request;

impl Acquirer {
    /// 0620: taken once, 94 when repeated.
    pub(crate) fn script_notice(&mut self, request: &Request) -> AnswerCode {
        if let Err(code) = self.check_mac(request) {
            return code;
        }
        let whole = [4, 11, 55, 61]
            .iter()
            .all(|&field| request.fields.contains(field));
        let Some(original) = request.original().filter(|_| whole) else {
            return AnswerCode::FORMAT;
        };
        if self.book.get(&original).is_none() {
            return AnswerCode::NOT_FOUND;
        }
        if self.scripts.insert(original) {
            AnswerCode::APPROVED
        } else {
            AnswerCode::DUPLICATE
        }
    }

    /// 0820/07: a signature to the transaction that has this batch and trace; a better one replaces
    /// it. Its MAC is checked where there is one (spec 6.6).
    pub(crate) fn signature(&mut self, request: &Request) -> AnswerCode {
        if request.mac.is_some()
            && let Err(code) = self.check_mac(request)
        {
            return code;
        }
        if !request.fields.contains(62) {
            return AnswerCode::FORMAT;
        }
        let key = request.key();
        if self.book.get(&key).is_none() {
            return AnswerCode::NOT_FOUND;
        }
        self.signatures.insert(key);
        AnswerCode::APPROVED
    }
}
