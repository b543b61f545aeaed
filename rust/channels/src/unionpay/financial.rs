//! Sale, void, refund and the pre-authorisation family (spec §3.1, §3.2, §4.1).

use pos_domain::{Amount, CardInput, Entry};
use pos_iso8583::{Fields, Mti};

use super::draft::{Draft, Secrets};
use super::terminal::Identity;

/// The financial transactions of the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sale (消费).
    Sale,
    /// Sale void (消费撤销).
    Void,
    /// Refund (退货): a notice, never reversed.
    Refund,
    /// Pre-authorisation (预授权).
    Preauth,
    /// Incremental pre-authorisation (追加预授权).
    IncrementalPreauth,
    /// Pre-authorisation void (预授权撤销).
    PreauthVoid,
    /// Pre-authorisation completion, request (预授权完成请求).
    Completion,
    /// Pre-authorisation completion, advice (预授权完成通知): a notice, repeated until taken.
    CompletionAdvice,
    /// Completion void (预授权完成撤销).
    CompletionVoid,
}

pos_domain::text_enum!(Kind {
    Sale => "sale",
    Void => "void",
    Refund => "refund",
    Preauth => "preauth",
    IncrementalPreauth => "incremental_preauth",
    PreauthVoid => "preauth_void",
    Completion => "completion",
    CompletionAdvice => "completion_advice",
    CompletionVoid => "completion_void",
});

/// One row of the transaction matrix (§3.1).
pub(super) struct Row {
    pub mti: Mti,
    pub processing: &'static str,
    pub condition: &'static str,
    pub transaction: &'static str,
}

impl Kind {
    pub(super) const fn row(self) -> Row {
        let (mti, processing, condition, transaction) = match self {
            Self::Sale => (Mti::FINANCIAL, "000000", "00", "22"),
            Self::Void => (Mti::FINANCIAL, "200000", "00", "23"),
            Self::Refund => (Mti::NOTICE, "200000", "00", "25"),
            Self::Preauth => (Mti::AUTHORIZATION, "030000", "06", "10"),
            Self::IncrementalPreauth => (Mti::AUTHORIZATION, "030000", "60", "10"),
            Self::PreauthVoid => (Mti::AUTHORIZATION, "200000", "06", "11"),
            Self::Completion => (Mti::FINANCIAL, "000000", "06", "20"),
            Self::CompletionAdvice => (Mti::NOTICE, "000000", "06", "24"),
            Self::CompletionVoid => (Mti::FINANCIAL, "200000", "06", "21"),
        };
        Row {
            mti,
            processing,
            condition,
            transaction,
        }
    }

    /// Whether a chip is read in full, so that its data goes along; a follow-up reads it by the
    /// simplified flow (§3.2).
    const fn reads_whole_chip(self) -> bool {
        matches!(self, Self::Sale | Self::Preauth | Self::IncrementalPreauth)
    }

    /// Whether a lost answer is repaired by a reversal (§5.2).
    #[must_use]
    pub const fn is_reversible(self) -> bool {
        !matches!(self, Self::Refund | Self::CompletionAdvice)
    }
}

/// What a follow-up says of its original (§2.7, §4.1).
#[derive(Clone, Debug)]
pub struct Related<'a> {
    /// Field 37 of the original's answer.
    pub reference: Option<&'a str>,
    /// Field 38 of the original's answer; for a completion void, of the pre-authorisation.
    pub auth_code: Option<&'a str>,
    /// The original's batch, six digits.
    pub batch: &'a str,
    /// The original's trace, six digits.
    pub trace: &'a str,
    /// The original's date at the host, MMDD; `0000` when unknown.
    pub date: &'a str,
}

const NO_REFERENCE: &str = "000000000000";

/// Builds a financial request: `trace` and `batch` are this message's own.
#[must_use]
pub fn financial(
    identity: &Identity,
    kind: Kind,
    amount: Amount,
    trace: &str,
    batch: &str,
    card: &CardInput,
    related: Option<&Related<'_>>,
) -> Draft {
    let row = kind.row();
    let mut message = identity.message(row.mti);
    let with_pin = card.pin.is_some() && kind != Kind::Refund;
    message
        .fields
        .set(3, row.processing)
        .set(4, amount.twelve_digits())
        .set(11, trace)
        .set(25, row.condition)
        .set(49, "156")
        .set(60, private(identity, row.transaction, batch));
    set_card(&mut message.fields, identity, card, with_pin);
    if let Some(chip) = card.field55.as_ref().filter(|_| kind.reads_whole_chip()) {
        message.fields.set(55, chip);
    }
    if kind == Kind::Refund {
        message.fields.set(63, "CUP");
    }
    if let Some(related) = related {
        set_related(&mut message.fields, kind, related);
    }
    Draft {
        message,
        secrets: secrets_of(card, with_pin),
        mac: true,
        f59_lengths: identity.habits.f59_lengths,
    }
}

/// Field 60 up to 60.5 (§2.3).
pub(crate) fn private(identity: &Identity, transaction: &str, batch: &str) -> String {
    format!("{transaction}{batch}000{}0", identity.capability)
}

/// The fields that tell of a card as presented (§3.2), and what is always said of the terminal.
pub(crate) fn set_card(fields: &mut Fields, identity: &Identity, card: &CardInput, with_pin: bool) {
    fields.set(22, entry_mode(card.entry, with_pin));
    if card.entry != Entry::Swipe {
        fields.set(2, card.pan.digits());
    }
    if let Some(expiry) = card.expiry.as_ref().filter(|_| card.entry != Entry::Swipe) {
        fields.set(14, expiry.yymm());
    }
    if let Some(sequence) = &card.sequence {
        fields.set(23, sequence);
    }
    if with_pin {
        fields.set(26, &identity.habits.pin_capture);
    }
    if with_pin || card.track2.is_some() {
        let control = security_control(identity, with_pin, card.track2.is_some());
        fields.set(53, control);
    }
    if let Some(private) = identity.habits.private_field() {
        fields.set(59, private);
    }
}

/// What of a card is added only for the wire.
pub(crate) fn secrets_of(card: &CardInput, with_pin: bool) -> Secrets {
    Secrets {
        track2: card.track2.clone(),
        pin: card.pin.clone().filter(|_| with_pin),
        pan: Some(card.pan.clone()),
        image: None,
    }
}

pub(super) fn set_related(fields: &mut Fields, kind: Kind, related: &Related<'_>) {
    if matches!(kind, Kind::Void | Kind::Refund | Kind::CompletionVoid) {
        fields.set(37, related.reference.unwrap_or(NO_REFERENCE));
    }
    if let Some(auth_code) = related.auth_code.filter(|_| kind != Kind::Refund) {
        fields.set(38, auth_code);
    }
    let (batch, trace, date) = (related.batch, related.trace, related.date);
    let original = match kind {
        Kind::Void => format!("{batch}{trace}"),
        Kind::CompletionVoid => format!("{batch}{trace}{date}"),
        // Its authorisation code says which one it adds to.
        Kind::IncrementalPreauth => "0".repeat(16),
        // The original usually lies in another batch: only its date counts.
        _ => format!("{NO_REFERENCE}{date}"),
    };
    fields.set(61, original);
}

/// Field 22 (§2.4): how the number came in, and whether a PIN was entered.
const fn entry_mode(entry: Entry, with_pin: bool) -> &'static str {
    match (entry, with_pin) {
        (Entry::Manual, true) => "011",
        (Entry::Manual, false) => "012",
        (Entry::Swipe, true) => "021",
        (Entry::Swipe, false) => "022",
        (Entry::Chip, true) => "051",
        (Entry::Chip, false) => "052",
        (Entry::Contactless, true) => "071",
        (Entry::Contactless, false) => "072",
        (Entry::Code, true) => "031",
        (Entry::Code, false) => "032",
    }
}

/// Field 53 (§2.6), sixteen digits.
fn security_control(identity: &Identity, with_pin: bool, with_track: bool) -> String {
    let pin = if with_pin { '2' } else { '0' };
    let track = if with_track && identity.tracks_encrypted {
        '1'
    } else {
        '0'
    };
    format!("{pin}{}{track}0000000000000", identity.algorithm_digit)
}
