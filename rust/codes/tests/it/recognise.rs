//! What a scan is.

use pos_codes::{Rail, Recognised, Refusal, Rules, recognise};
use proptest::prelude::*;

use crate::support::lines;

#[test]
fn every_row_of_the_table() {
    let rows = lines("recognise.txt");
    assert!(rows.len() > 40);
    for row in rows {
        let (scan, expected) = row.rsplit_once(" = ").unwrap();
        let said = match recognise(&unescaped(scan)) {
            Recognised::Payment(code) => format!("{} {}", code.rail(), code.form()),
            Recognised::Refused { why } => format!("refused {why}"),
        };
        assert_eq!(said, expected, "{scan}");
    }
}

/// `\r`, `\n`, `\t`, `\x1d` and `\u{…}` as characters.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (c, width) = match after.as_bytes()[0] {
            b'r' => ('\r', 1),
            b'n' => ('\n', 1),
            b't' => ('\t', 1),
            b'x' => (char::from(u8::from_str_radix(&after[1..3], 16).unwrap()), 3),
            b'u' => {
                let end = after.find('}').unwrap();
                let code = u32::from_str_radix(&after[2..end], 16).unwrap();
                (char::from_u32(code).unwrap(), end + 1)
            }
            other => panic!("\\{other}"),
        };
        out.push(c);
        rest = &after[width..];
    }
    out + rest
}

#[test]
fn framing_is_gone_from_the_code_that_is_sent() {
    for scan in [
        "]Q1１３４６５０２０１２３４５６７８９０\r\n",
        "1346 5020 1234 5678 90",
    ] {
        let Recognised::Payment(code) = recognise(scan) else {
            panic!("{scan}");
        };
        assert_eq!(code.text(), "134650201234567890");
    }
}

#[test]
fn a_code_masks_itself() {
    let Recognised::Payment(code) = recognise("283876543210987654") else {
        panic!();
    };
    assert_eq!(code.masked(), "28************7654");
    let shown = format!("{code:?} {:?}", Recognised::Payment(code.clone()));
    assert!(shown.contains("PaymentCode(alipay, digits, …)"));
    assert!(
        !shown.contains("2838") && !shown.contains("7654"),
        "{shown}"
    );
}

#[test]
fn the_digital_yuan_is_told_only_when_switched_on() {
    let code = "0100000000000000000";
    assert_eq!(recognise(code).refusal(), Some(Refusal::UnknownPrefix));
    let rules = Rules::standard().clone().switched("digital_yuan", true);
    assert_eq!(rules.recognise(code).refusal(), Some(Refusal::DigitalYuan));
}

#[test]
fn a_very_long_text_is_refused_unread() {
    let why = recognise(&"1".repeat(5000)).refusal();
    assert_eq!(why, Some(Refusal::TooLong));
}

#[test]
fn every_refusal_says_what_to_do_in_both_languages() {
    for why in Refusal::ALL {
        assert!(why.advice_zh().chars().any(|c| c > '\u{4E00}'), "{why}");
        assert!(
            why.advice_en().is_ascii() && why.advice_en().len() > 20,
            "{why}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_gets_an_answer_that_shows_nothing_of_it(text in any::<String>()) {
        let said = format!("{:?}", recognise(&text));
        let foreign = |c: &char| *c > '\u{2100}' && said.contains(*c);
        prop_assert_eq!(text.chars().find(foreign), None);
    }

    #[test]
    fn only_its_own_length_and_prefix_make_a_number_a_code(text in "[0-9]{1,30}") {
        let two: u8 = text.get(..2).unwrap_or("0").parse().unwrap();
        let rail = match (text.len(), two) {
            (18, 10..=15) => Some(Rail::WeChat),
            (16..=24, 25..=30) => Some(Rail::Alipay),
            (19, 62) => Some(Rail::UnionPay),
            _ => None,
        };
        match recognise(&text) {
            Recognised::Payment(code) => {
                prop_assert_eq!(Some(code.rail()), rail);
                prop_assert_eq!(code.text(), text);
            }
            Recognised::Refused { .. } => prop_assert_eq!(rail, None),
        }
    }

    #[test]
    fn a_scanner_s_framing_changes_nothing(
        digits in "(1[0-5][0-9]{16}|2[5-9][0-9]{14,22}|62[0-9]{17})",
        before in "[\\s\u{0}-\u{1F}\u{FEFF}]{0,3}(\\][A-Za-z][0-9a-z])?",
        after in "[\\s\u{0}-\u{1F}\u{200B}]{0,3}",
    ) {
        let framed = format!("{before}{digits}{after}");
        prop_assert_eq!(recognise(&framed), recognise(&digits));
        prop_assert_eq!(recognise(&framed).refusal(), None);
    }
}
