//! The flows' rules from the profile.

use pos_channels::unionpay::{Habits, Identity, VoidReversalOriginal};
use pos_flows::Rules;
use pos_iso8583::security::Family;

use crate::profile::{PlainTcp, Profile, ReversalOriginal, UnionPay};
use crate::secrets::Secrets;

/// Spaces on the right, as fixed text fields want them.
fn padded(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

pub(super) fn of(profile: &Profile, unionpay: &UnionPay, secrets: &Secrets) -> Rules {
    let mode = unionpay.keys.mode();
    let tls = secrets.get("unionpay.tls_ca").is_some();
    let private = unionpay.plain_tcp == PlainTcp::PrivateNetwork;
    Rules {
        identity: Identity {
            terminal: padded(&profile.terminal.id, 8),
            merchant: padded(&profile.merchant.id, 15),
            tpdu: unionpay.tpdu,
            header: unionpay.header,
            algorithm_digit: match (mode.family(), mode.network_code()) {
                (Family::Sm4, _) => '3',
                (Family::Des, "001") => '0',
                (Family::Des, _) => '6',
            },
            tracks_encrypted: matches!(mode.network_code(), "004" | "006"),
            capability: '6',
            void_reversal: match unionpay.void_reversal_f61 {
                ReversalOriginal::Void => VoidReversalOriginal::Void,
                ReversalOriginal::Sale => VoidReversalOriginal::Sale,
            },
            habits: Habits::default(),
        },
        key_mode: mode,
        timeout: unionpay.timeout,
        resend_limit: unionpay.resend_limit,
        void_needs_card: unionpay.void_needs_card,
        void_needs_pin: unionpay.void_needs_pin,
        unmaced_decline: tls || (private && unionpay.accept_unmaced_decline),
        late_window_ms: i64::from(unionpay.late_window_s).saturating_mul(1000),
        day_cutover_minute: profile.terminal.day_cutover,
        max_batch: i64::from(unionpay.max_batch),
    }
}
