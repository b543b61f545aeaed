//! A request as the acquirer reads it.

use pos_domain::Pan;
use pos_iso8583::{DecodeError, Fields, Header, Mti, Tpdu, decode};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::fault::Kind;

/// A terminal: its number and its merchant's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TerminalId {
    pub merchant: String,
    pub terminal: String,
}

/// What names one request of a terminal for good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TxnKey {
    pub terminal: TerminalId,
    pub batch: String,
    pub trace: String,
}

impl TxnKey {
    /// The key in the money ledger.
    pub(crate) fn text(&self) -> String {
        format!("{}:{}", self.batch, self.trace)
    }
}

/// Why a frame gets no answer.
#[derive(Debug, Error)]
pub(crate) enum Unanswerable {
    #[error("{0}")]
    Garbage(#[from] DecodeError),
    #[error("a message of type {0} is no request to an acquirer")]
    NotARequest(Mti),
    #[error("a message of type {0} does not say who sent it (F41, F42, F60)")]
    Nameless(Mti),
}

/// A request with the fields that every kind has taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub kind: Kind,
    pub tpdu: Tpdu,
    pub header: Header,
    pub mti: Mti,
    pub fields: Fields,
    pub terminal: TerminalId,
    /// 60.2.
    pub batch: String,
    /// 60.3; empty when F60 stops before it.
    pub network: String,
    /// F64.
    pub mac: Option<[u8; 8]>,
    /// What F64 is made over.
    pub mac_input: Zeroizing<Vec<u8>>,
}

impl Request {
    pub(crate) fn read(frame: &[u8]) -> Result<Self, Unanswerable> {
        let decoded = decode(frame)?;
        let message = decoded.to_message();
        let (mti, fields) = (message.mti, message.fields);
        if mti.is_response() {
            return Err(Unanswerable::NotARequest(mti));
        }
        let name = |field| {
            fields
                .text(field)
                .map(str::trim_end)
                .filter(|text| !text.is_empty())
        };
        let sixty = fields.text(60).unwrap_or_default();
        let (Some(terminal), Some(merchant), Some(batch)) = (name(41), name(42), sixty.get(2..8))
        else {
            return Err(Unanswerable::Nameless(mti));
        };
        let terminal = TerminalId {
            merchant: merchant.to_owned(),
            terminal: terminal.to_owned(),
        };
        let network = sixty.get(8..11).unwrap_or_default().to_owned();
        let kind = classify(
            mti,
            sixty.get(..2).unwrap_or_default(),
            &network,
            fields.text(3),
        )
        .ok_or(Unanswerable::NotARequest(mti))?;
        Ok(Self {
            kind,
            tpdu: message.tpdu,
            header: message.header,
            mti,
            terminal,
            batch: batch.to_owned(),
            network,
            mac: decoded.mac().copied(),
            mac_input: Zeroizing::new(decoded.mac_input().to_vec()),
            fields,
        })
    }

    pub(crate) fn text(&self, field: u8) -> &str {
        self.fields.text(field).unwrap_or_default()
    }

    /// F11; empty in messages that have none.
    pub(crate) fn trace(&self) -> &str {
        self.text(11)
    }

    pub(crate) fn key(&self) -> TxnKey {
        self.key_of(&self.batch, self.trace())
    }

    pub(crate) fn key_of(&self, batch: &str, trace: &str) -> TxnKey {
        TxnKey {
            terminal: self.terminal.clone(),
            batch: batch.to_owned(),
            trace: trace.to_owned(),
        }
    }

    /// 61.1 and 61.2 as a key of this terminal.
    pub(crate) fn original(&self) -> Option<TxnKey> {
        let sixty_one = self.text(61);
        Some(self.key_of(sixty_one.get(..6)?, sixty_one.get(6..12)?))
    }

    /// 61.3, MMDD.
    pub(crate) fn original_date(&self) -> &str {
        self.text(61).get(12..16).unwrap_or_default()
    }

    /// F4 in fen.
    pub(crate) fn amount(&self) -> Option<i64> {
        self.text(4).parse().ok()
    }

    /// True for a payment code in place of a card: entry mode 03.
    pub(crate) fn is_code(&self) -> bool {
        self.text(22).starts_with("03")
    }

    /// True when the track in F35 is encrypted.
    pub(crate) fn track_is_encrypted(&self) -> bool {
        self.text(53).get(2..3) == Some("1")
    }

    /// True when a PIN was entered: third digit of F22.
    pub(crate) fn has_pin(&self) -> bool {
        self.text(22).get(2..3) == Some("1")
    }

    /// The value of a tag in F59: two characters, a length of two or three digits, the value.
    pub(crate) fn private(&self, tag: &str) -> Option<Vec<u8>> {
        let field = self.fields.get(59)?;
        find_private(field, tag.as_bytes(), 3).or_else(|| find_private(field, tag.as_bytes(), 2))
    }
}

fn find_private(mut field: &[u8], tag: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut found = None;
    while !field.is_empty() {
        let (name, rest) = field.split_at_checked(2)?;
        let (length, rest) = rest.split_at_checked(width)?;
        let length: usize = std::str::from_utf8(length).ok()?.parse().ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        if name == tag && found.is_none() {
            found = Some(value.to_vec());
        }
        field = rest;
    }
    found
}

/// True for a card number whose check digit fits.
pub(crate) fn is_card_number(digits: &str) -> bool {
    Pan::parse(digits).is_ok()
}

/// The kind by message type, 60.1, 60.3 and processing code (spec 3.1). A financial message whose
/// processing code does not belong to its 60.1 is of no kind that is offered.
fn classify(mti: Mti, kind: &str, network: &str, processing: Option<&str>) -> Option<Kind> {
    let coded = |wanted: &str, kind: Kind| {
        if processing == Some(wanted) {
            kind
        } else {
            Kind::Other
        }
    };
    Some(match mti {
        Mti::AUTHORIZATION => match kind {
            "10" => coded("030000", Kind::Preauth),
            "11" => coded("200000", Kind::PreauthVoid),
            _ => Kind::Other,
        },
        Mti::FINANCIAL => match kind {
            "01" => coded("310000", Kind::Inquiry),
            "20" => coded("000000", Kind::Completion),
            "21" => coded("200000", Kind::CompletionVoid),
            "22" => coded("000000", Kind::Sale),
            "23" => coded("200000", Kind::Void),
            "36" => coded("000000", Kind::Offline),
            _ => Kind::Other,
        },
        Mti::NOTICE => match kind {
            "24" => coded("000000", Kind::CompletionAdvice),
            "25" => coded("200000", Kind::Refund),
            "30" => coded("000000", Kind::Offline),
            _ => Kind::Other,
        },
        Mti::REVERSAL => match kind {
            "10" => coded("030000", Kind::ReversalPreauth),
            "11" => coded("200000", Kind::ReversalPreauthVoid),
            "20" => coded("000000", Kind::ReversalCompletion),
            "21" => coded("200000", Kind::ReversalCompletionVoid),
            "22" => coded("000000", Kind::ReversalSale),
            "23" => coded("200000", Kind::ReversalVoid),
            _ => Kind::ReversalOther,
        },
        Mti::SETTLEMENT => Kind::Settle,
        Mti::BATCH_UPLOAD if matches!(network, "202" | "207") => Kind::UploadEnd,
        Mti::BATCH_UPLOAD => Kind::Upload,
        Mti::SCRIPT_NOTICE => Kind::ScriptNotice,
        Mti::SIGN_IN => match network {
            "001" | "003" | "004" | "005" | "006" => Kind::SignIn,
            "360" | "361" => Kind::Parameters,
            "370" | "371" => Kind::CaKeys,
            "380" | "381" => Kind::AidParameters,
            _ => Kind::Other,
        },
        Mti::NETWORK if kind == "07" => Kind::Esign,
        Mti::NETWORK => match network {
            "002" => Kind::SignOut,
            "301" => Kind::Echo,
            "362" => Kind::Status,
            "372" => Kind::CaKeys,
            "382" => Kind::AidParameters,
            _ => Kind::Other,
        },
        _ => return None,
    })
}
