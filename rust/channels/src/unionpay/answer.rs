//! Checking an answer against its request (spec §1.5) and taking its facts out.

use pos_domain::NetCode;
use pos_domain::ports::Cipher;
use pos_iso8583::{Fields, Frame, Mti, ProcessingRequest, decode};

use super::draft::Draft;
use super::stray::without_card_data;

/// What the request was, as far as the answer must agree with it.
#[derive(Clone, Debug)]
pub struct Expected {
    mti: Mti,
    processing: Option<String>,
    /// How many digits of it an answer repeats.
    processing_digits: usize,
    trace: Option<String>,
    amount: Option<String>,
    currency: Option<String>,
    terminal: String,
    merchant: String,
    /// The generation of keys for the MAC; none when the request carried none.
    key_generation: Option<u32>,
    /// Whether a refusal may come without a MAC: over TLS, or by setting.
    unmaced_decline: bool,
}

/// Why a frame is not the checked answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It answers another message, or nothing of ours: the right one may still come.
    Foreign(NetCode),
    /// It answers this message but cannot be believed.
    Invalid(NetCode),
}

/// A checked answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Field 39; empty for a settlement answer, which has none.
    pub code: String,
    /// The job that the host asks for (§1.4).
    pub request: ProcessingRequest,
    /// All fields.
    pub fields: Fields,
    /// Whether a valid MAC vouches for it.
    pub authenticated: bool,
    /// The frame as it may be stored: without fields 35, 36 and 52.
    pub stored: Vec<u8>,
}

impl Answer {
    /// A field's text, without padding; none when absent or blank.
    #[must_use]
    pub fn text(&self, field: u8) -> Option<String> {
        let text = self.fields.text(field)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether the host asks for a sign-in (§1.4).
    #[must_use]
    pub const fn wants_sign_in(&self) -> bool {
        matches!(self.request, ProcessingRequest::SignIn)
    }

    /// The host's business day: field 15, else 13.
    #[must_use]
    pub fn host_day(&self) -> Option<String> {
        self.text(15).or_else(|| self.text(13))
    }

    /// The card's organisation, 63.1: three letters. What follows them is Chinese text in another
    /// coding, so the field as a whole is none.
    #[must_use]
    pub fn card_organisation(&self) -> Option<String> {
        let letters = std::str::from_utf8(self.fields.get(63)?.get(..3)?).ok()?;
        (!letters.trim().is_empty()).then(|| letters.to_owned())
    }

    /// Batch number of field 60.2.
    #[must_use]
    pub fn batch(&self) -> Option<i64> {
        self.fields.text(60)?.get(2..8)?.parse().ok()
    }
}

/// Codes that say yes (§7); only they must carry a MAC without exception.
const APPROVING: [&str; 8] = ["00", "10", "11", "16", "A2", "A4", "A5", "A6"];

impl Expected {
    /// From the request.
    #[must_use]
    pub fn of(draft: &Draft, key_generation: u32, unmaced_decline: bool) -> Self {
        let fields = &draft.message.fields;
        let text = |field| fields.text(field).map(str::to_owned);
        Self {
            mti: draft.message.mti.response(),
            processing: text(3),
            processing_digits: 6,
            trace: text(11),
            amount: text(4),
            currency: text(49),
            terminal: text(41).unwrap_or_default(),
            merchant: text(42).unwrap_or_default(),
            key_generation: draft.mac.then_some(key_generation),
            unmaced_decline,
        }
    }

    /// As an acquirer wants it who keeps only the first digits of field 3.
    #[must_use]
    pub const fn sharing(mut self, processing_digits: usize) -> Self {
        self.processing_digits = processing_digits;
        self
    }

    fn identity(&self, frame: &Frame<'_>) -> Result<(), Mismatch> {
        if frame.mti() != self.mti {
            return Err(Mismatch::Foreign(NetCode::AnswerType));
        }
        let same = |field: u8, own: &Option<String>| match (frame.digits(field), own) {
            (Some(theirs), Some(own)) => theirs == *own,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        if !same(11, &self.trace) {
            return Err(Mismatch::Foreign(NetCode::AnswerTrace));
        }
        if frame.text(41) != Some(self.terminal.as_str()) {
            return Err(Mismatch::Foreign(NetCode::AnswerTerminal));
        }
        if frame.text(42) != Some(self.merchant.as_str()) {
            return Err(Mismatch::Foreign(NetCode::AnswerMerchant));
        }
        Ok(())
    }

    /// Field 39 and whether a MAC vouches for the answer.
    fn authenticity(
        &self,
        frame: &Frame<'_>,
        cipher: &dyn Cipher,
    ) -> Result<(String, bool), Mismatch> {
        let settles = self.mti == Mti::SETTLEMENT.response();
        let code = match frame.text(39) {
            Some(code) => code.to_owned(),
            None if settles => String::new(),
            None => return Err(Mismatch::Invalid(NetCode::AnswerCodeMissing)),
        };
        let Some(generation) = self.key_generation else {
            return Ok((code, false));
        };
        match frame.mac() {
            Some(mac) => {
                let right = cipher.mac(generation, frame.mac_input());
                if right.is_ok_and(|right| right == *mac) || pos_domain::planted!(BelieveWithoutMac)
                {
                    Ok((code, true))
                } else {
                    Err(Mismatch::Invalid(NetCode::MacWrong))
                }
            }
            None if pos_domain::planted!(BelieveWithoutMac) => Ok((code, true)),
            None if self.unmaced_decline && !APPROVING.contains(&code.as_str()) => {
                Ok((code, false))
            }
            None => Err(Mismatch::Invalid(NetCode::MacMissing)),
        }
    }

    fn content(&self, frame: &Frame<'_>, approving: bool) -> Result<(), Mismatch> {
        let differs =
            |field: u8, own: &Option<String>, required: bool| match (frame.value(field), own) {
                (Some(theirs), Some(own)) => theirs.as_slice() != own.as_bytes(),
                (None, Some(_)) => required,
                (_, None) => false,
            };
        // An answer to a signature or to an uploaded record says no more than a code (§3.3).
        let uploads = [Mti::NETWORK.response(), Mti::BATCH_UPLOAD.response()];
        let of_money = !uploads.contains(&self.mti);
        let other_kind = match (frame.value(3), &self.processing) {
            (Some(theirs), Some(own)) => {
                let first = |code: &[u8]| code.get(..self.processing_digits).map(<[u8]>::to_vec);
                first(theirs.as_slice()) != first(own.as_bytes())
            }
            (None, Some(_)) => of_money,
            (_, None) => false,
        };
        if other_kind {
            return Err(Mismatch::Invalid(NetCode::AnswerProcessingCode));
        }
        if differs(4, &self.amount, approving && of_money) {
            return Err(Mismatch::Invalid(NetCode::AnswerAmount));
        }
        if differs(49, &self.currency, approving && of_money) {
            return Err(Mismatch::Invalid(NetCode::AnswerCurrency));
        }
        Ok(())
    }
}

/// Checks one frame against the request. The order is: does it answer this message; is it
/// authentic; does it agree in content.
///
/// # Errors
/// [`Mismatch::Foreign`] when the right answer may still come, [`Mismatch::Invalid`] when not.
pub fn check(expected: &Expected, frame: &[u8], cipher: &dyn Cipher) -> Result<Answer, Mismatch> {
    let frame = decode(frame).map_err(|_| Mismatch::Invalid(NetCode::AnswerGarbled))?;
    expected.identity(&frame)?;
    let (code, authenticated) = expected.authenticity(&frame, cipher)?;
    expected.content(&frame, APPROVING.contains(&code.as_str()))?;
    let request = frame.header().processing_request();
    let stored = without_card_data(&frame);
    Ok(Answer {
        code,
        request,
        fields: frame.to_message().fields,
        authenticated,
        stored,
    })
}
