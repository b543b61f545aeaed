//! The flows' rules from the profile.

use pos_channels::unionpay::{
    Habits, Identity, LengthWidth, TerminalInformation, VoidReversalOriginal,
};
use pos_flows::Rules;
use pos_iso8583::security::Family;

use crate::profile::{PlainTcp, Profile, ReversalOriginal, UnionPay};
use crate::secrets::Secrets;

/// Spaces on the right, as fixed text fields want them.
fn padded(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

/// Device type of a smart POS in field 59 tag A2.
const SMART_POS: &str = "04";

/// The application's version as terminal information has it, eight digits.
pub(super) fn version() -> String {
    format!(
        "{:0>2}{:0>3}{:0>3}",
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH")
    )
}

/// What field 59 says, and in which form.
fn habits(profile: &Profile, unionpay: &UnionPay) -> Habits {
    let width = |digits: u8| match digits {
        2 => LengthWidth::Two,
        _ => LengthWidth::Three,
    };
    let version = version();
    let set = &unionpay.habits;
    let lengths = width(set.terminal_information_lengths);
    let told = set
        .terminal_information
        .then(|| TerminalInformation::new(SMART_POS, &profile.terminal.serial, &version, lengths));
    Habits {
        f59_lengths: width(set.f59_lengths),
        terminal_information: told.and_then(Result::ok),
        signature_code: set.signature_code.clone(),
        signature_mac: set.signature_mac,
        parameter_sizes: set.parameter_sizes.over(Habits::default().parameter_sizes),
        status_report: set.status_report.clone(),
        script_not_run: set.script_not_run.0.clone(),
        pin_capture: format!("{:02}", set.pin_capture),
        processing_code_digits: set.processing_code_digits,
        sale_reversal_f61: set.sale_reversal_f61,
    }
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
            habits: habits(profile, unionpay),
        },
        key_mode: mode,
        timeout: unionpay.timeout,
        resend_limit: unionpay.resend_limit,
        void_needs_card: unionpay.void_needs_card,
        void_needs_pin: unionpay.void_needs_pin,
        completion_void_needs_card: unionpay.completion_void_needs_card,
        completion_void_needs_pin: unionpay.completion_void_needs_pin,
        preauth_void_needs_pin: unionpay.preauth_void_needs_pin,
        authenticated_link: tls,
        unmaced_decline: tls || (private && unionpay.accept_unmaced_decline),
        late_window_ms: i64::from(unionpay.late_window_s).saturating_mul(1000),
        day_cutover_minute: profile.terminal.day_cutover,
        max_batch: i64::from(unionpay.max_batch),
        qr_void_reversal: unionpay.qr_void_reversal,
        completion_most: i64::from(unionpay.completion_most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Loaded;

    const PROFILE: &str = concat!(
        "schema = 1\n[merchant]\nid = \"M1\"\n[terminal]\nid = \"T1\"\nserial = \"S1\"\n",
        "[unionpay]\nhost = \"simulator\"\n",
    );

    fn habits_of(more: &str) -> Habits {
        let text = format!("{PROFILE}{more}");
        let loaded = Loaded::from_text(&text, std::path::Path::new("/nowhere")).unwrap();
        let unionpay = loaded.profile.unionpay.clone().unwrap();
        habits(&loaded.profile, &unionpay)
    }

    #[test]
    fn a_profile_that_says_nothing_has_the_usual_habits() {
        let (ours, usual) = (habits_of(""), Habits::default());
        assert_eq!(format!("{ours:?}"), format!("{usual:?}"));
    }

    #[test]
    fn what_the_profile_says_of_the_dialect_is_done() {
        let ours = habits_of(concat!(
            "signature_code = \"801\"\nsignature_mac = false\nparameter_sizes = \"14=20\"\n",
            "status_report = \"011\"\nscript_not_run = \"00000000000000000001\"\n",
            "pin_capture = 6\nprocessing_code_digits = 2\nsale_reversal_f61 = true\n",
        ));
        assert_eq!(
            (ours.pin_capture.as_str(), ours.processing_code_digits),
            ("06", 2)
        );
        assert!(ours.sale_reversal_f61);
        assert_eq!(
            (ours.signature_code.as_str(), ours.signature_mac),
            ("801", false)
        );
        assert!(ours.parameter_sizes.contains(&("14".to_owned(), 20)));
        assert!(ours.parameter_sizes.contains(&("22".to_owned(), 40)));
        assert_eq!(ours.status_report, "011");
        assert_eq!(ours.script_not_run, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_terminal_tells_of_itself_only_where_the_profile_says_so() {
        assert_eq!(habits_of("").terminal_information, None);
        let lengths = "terminal_information_lengths = 2\nf59_lengths = 2\n";
        let told = habits_of(&format!("terminal_information = true\n{lengths}"));
        assert_eq!(told.f59_lengths, LengthWidth::Two);
        let information = told.terminal_information.unwrap();
        let text = std::str::from_utf8(information.value()).unwrap();
        assert!(text.starts_with("0102040202S10508"), "{text}");
        assert_eq!(text.len(), "0102040202S10508".len() + 8);
    }
}
