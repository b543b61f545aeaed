//! Sign-in, sign-out and echo (spec §3.4).

use pos_iso8583::Mti;
pub use pos_iso8583::security::KeyMode;

use super::draft::Draft;
use super::terminal::Identity;

/// Sign-in (签到): asks for working keys. `operator` is cut to its last two digits (field 63).
#[must_use]
pub fn sign_in(
    identity: &Identity,
    mode: KeyMode,
    trace: &str,
    batch: &str,
    operator: &str,
) -> Draft {
    let mut message = identity.message(Mti::SIGN_IN);
    message
        .fields
        .set(11, trace)
        .set(60, format!("00{batch}{}", mode.network_code()))
        .set(63, operator_field(operator));
    Draft::plain(message, false)
}

/// Sign-out (签退).
#[must_use]
pub fn sign_out(identity: &Identity, trace: &str, batch: &str) -> Draft {
    let mut message = identity.message(Mti::NETWORK);
    message
        .fields
        .set(11, trace)
        .set(60, format!("00{batch}002"));
    Draft::plain(message, false)
}

/// Echo test (回响测试): no trace number is used up.
#[must_use]
pub fn echo(identity: &Identity, batch: &str) -> Draft {
    let mut message = identity.message(Mti::NETWORK);
    message.fields.set(60, format!("00{batch}301"));
    Draft::plain(message, false)
}

/// Field 63 of sign-in and settlement: two digits and one space (§2.11).
pub(crate) fn operator_field(operator: &str) -> String {
    let digits: String = operator.chars().filter(char::is_ascii_digit).collect();
    let last_two = digits
        .get(digits.len().saturating_sub(2)..)
        .unwrap_or_default();
    format!("{last_two:0>2} ")
}

#[cfg(test)]
mod tests {
    use super::operator_field;

    #[test]
    fn an_operator_is_two_digits_and_a_space() {
        for (operator, field) in [
            ("01", "01 "),
            ("7", "07 "),
            ("0123", "23 "),
            ("店长", "00 "),
        ] {
            assert_eq!(operator_field(operator), field);
        }
    }
}
