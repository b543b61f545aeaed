//! The acquirer's rules and habits, from the profile.

use std::time::Duration;

use pos_channels::unionpay::{Identity, KeyMode};
use pos_domain::OriginalKind;

/// What the profile says of the UnionPay rail.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Numbers and headers.
    pub identity: Identity,
    /// Which working keys a sign-in asks for.
    pub key_mode: KeyMode,
    /// How long to wait for a connection, and again for an answer.
    pub timeout: Duration,
    /// Tries in one round; never a reason to forget.
    pub resend_limit: u32,
    /// Whether the acquirer wants the card read for a sale void.
    pub void_needs_card: bool,
    /// Whether the acquirer wants the PIN for a sale void.
    pub void_needs_pin: bool,
    /// Whether the acquirer wants the card read for the void of a completion.
    pub completion_void_needs_card: bool,
    /// Whether the acquirer wants the PIN for the void of a completion.
    pub completion_void_needs_pin: bool,
    /// Whether the acquirer wants the PIN for the void of a pre-authorisation.
    pub preauth_void_needs_pin: bool,
    /// Whether a refusal without MAC is believed: over TLS, or by setting on a private network.
    pub unmaced_decline: bool,
    /// Whether the link itself proves who answers (TLS). Only then may a reversal be closed by an
    /// answer without MAC.
    pub authenticated_link: bool,
    /// For how long after sending a message may still be on its way, milliseconds.
    pub late_window_ms: i64,
    /// The acquirer's cut-over, minute of the day in UTC+8 (1440 is midnight).
    pub day_cutover_minute: i64,
    /// Records in a batch at which new sales are refused.
    pub max_batch: i64,
    /// The most that a completion may take of its pre-authorisation, per cent (spec unionpay-8583
    /// §4.5).
    pub completion_most: i64,
    /// Whether the acquirer takes reversals of voids of sales by payment code (decision 6).
    pub qr_void_reversal: bool,
}

/// What the customer has to present for a void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The card, read again.
    pub card: bool,
    /// The PIN, which comes with the card.
    pub pin: bool,
}

/// More records than this do not fit the three-digit counts of a settlement (spec
/// unionpay-8583 §8.1), with room for the undos of all of them.
const BATCH_CEILING: i64 = 950;

impl Rules {
    /// What the acquirer wants for the void of such an original (spec unionpay-8583 §4.3).
    #[must_use]
    pub const fn wanted_for_void(&self, kind: OriginalKind) -> Wanted {
        let (card, pin) = match kind {
            OriginalKind::Sale => (self.void_needs_card, self.void_needs_pin),
            OriginalKind::Completion => (
                self.completion_void_needs_card,
                self.completion_void_needs_pin,
            ),
            OriginalKind::Preauth => (false, self.preauth_void_needs_pin),
            OriginalKind::Unmatched => (false, false),
        };
        Wanted { card, pin }
    }

    /// Records in a batch at which new sales are refused; voids and reversals never are.
    #[must_use]
    pub fn batch_limit(&self) -> i64 {
        self.max_batch.min(BATCH_CEILING)
    }
}
