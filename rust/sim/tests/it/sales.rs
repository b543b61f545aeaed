//! Sign-in, echo, sale: keys, MAC, batch, cards, magic amounts.

use std::collections::BTreeMap;

use pos_iso8583::{Fields, Mti};
use pos_sim::{AnswerCode, Settings, parse_cards};

use crate::desk::{CARD, Desk, OTHER_CARD};

fn numbers(fields: &Fields) -> Vec<u8> {
    fields.iter().map(|(number, _)| number).collect()
}

#[test]
fn sign_in_gives_keys_and_batch() {
    for (network, size) in [
        ("001", 24),
        ("003", 40),
        ("004", 60),
        ("005", 40),
        ("006", 60),
    ] {
        let mut desk = Desk::new();
        desk.batch = "000077".into();
        let answer = desk.sign_in(network);
        assert_eq!(answer.0.mti.to_string(), "0810");
        assert_eq!(
            numbers(&answer.0.fields),
            [11, 12, 13, 32, 37, 39, 41, 42, 60, 62]
        );
        assert_eq!(answer.0.fields.get(62).unwrap().len(), size, "{network}");
        assert_eq!(answer.text(60), format!("00000001{network}"));
        assert_eq!((answer.text(12), answer.text(13)), ("182000", "1124"));
        assert_eq!(answer.0.tpdu.to_string(), "6000000003");
    }
}

#[test]
fn the_mac_key_of_double_mode_has_eight_bytes() {
    let mut desk = Desk::new();
    let answer = desk.sign_in("003");
    assert_eq!(answer.0.fields.get(62).unwrap()[28..36], [0; 8]);
    let mut long = Desk::with(Settings {
        long_mac_key: true,
        ..Settings::default()
    });
    let answer = long.sign_in("003");
    assert_ne!(answer.0.fields.get(62).unwrap()[28..36], [0; 8]);
    assert_eq!(long.mak.len(), 16);
    assert_eq!(long.approved_sale(100).1.code(), "00");
}

#[test]
fn echo_needs_no_keys() {
    let mut desk = Desk::new();
    let draft = desk.management(Mti::NETWORK, "301");
    let answer = desk.send_plain(&draft).unwrap();
    assert_eq!(
        (answer.code(), answer.0.mti.to_string().as_str()),
        ("00", "0830")
    );
}

#[test]
fn a_sale_is_booked_and_answered_with_the_fields_of_the_dialect() {
    let mut desk = Desk::signed_in();
    let sale = desk.sale(1234).set(60, "22000001000601");
    let answer = desk.send(&sale);
    assert!(desk.mac_is_right(&answer));
    let wanted = [
        2, 3, 4, 11, 12, 13, 14, 15, 25, 32, 37, 38, 39, 41, 42, 44, 49, 54, 60, 63, 64,
    ];
    assert_eq!(numbers(&answer.0.fields), wanted);
    assert_eq!(answer.text(4), "000000001234");
    assert_eq!(answer.text(15), "1124");
    assert_eq!(answer.text(54).len(), 20);
    assert_eq!(answer.0.fields.get(63).unwrap()[..5], *b"CUP\xBD\xBB");
    let ledger = desk.ledger();
    assert_eq!(
        ledger["sales"][0].to_string(),
        concat!(
            r#"{"key":"000001:000002","terminal":"10000001","amount":1234,"net":1234,"#,
            r#""state":"approved","undos":[]}"#
        )
    );
    assert_eq!(ledger["net"], 1234);
    assert_eq!(ledger["violations"].as_array().unwrap().len(), 0);
}

#[test]
fn chip_data_is_answered_with_issuer_data() {
    let mut desk = Desk::signed_in();
    let chip = [
        &[0x9F, 0x26, 8][..],
        &[1, 2, 3, 4, 5, 6, 7, 8],
        &[0x9F, 0x27, 1, 0x80],
    ]
    .concat();
    let sale = desk.sale(100).set(22, "052").set(23, "001").set(55, chip);
    let answer = desk.send(&sale);
    let data = answer.0.fields.get(55).unwrap();
    assert_eq!(data[..2], [0x91, 0x0A]);
    assert_eq!(data[10..], *b"00");
    assert_eq!(answer.text(23), "001");
}

#[test]
fn a_swiped_card_is_read_from_the_track_and_a_code_from_field_59() {
    let mut desk = Desk::signed_in();
    let sale = desk
        .sale(100)
        .without(2)
        .set(22, "022")
        .set(35, format!("{CARD}=3012201000"));
    assert_eq!(
        desk.send(&sale.clone().set(53, "0600000000000000")).text(2),
        CARD
    );
    let code = desk
        .sale(200)
        .without(2)
        .without(14)
        .set(22, "032")
        .set(59, "A30196212345678901234567");
    let answer = desk.send(&code);
    assert_eq!((answer.code(), answer.has(2)), ("00", false));
    assert!(answer.text(59).starts_with("A4020"));
}

#[test]
fn an_encrypted_track_that_is_no_track_is_a_format_error() {
    let mut desk = Desk::signed_in();
    desk.sign_in("004");
    let sale = desk
        .sale(100)
        .without(2)
        .set(22, "022")
        .set(53, "0610000000000000");
    let answer = desk.send(&sale.set(35, "A".repeat(36)));
    assert_eq!((answer.code(), answer.has(2)), ("30", false));
    let sale = desk
        .sale(100)
        .without(2)
        .set(22, "022")
        .set(53, "0610000000000000");
    let answer = desk.send(&sale.set(35, format!("{:A<16}={:0<19}", "", "")));
    assert_eq!((answer.code(), answer.has(2)), ("14", false));
}

#[test]
fn a_wrong_mac_books_nothing() {
    let mut desk = Desk::signed_in();
    let sale = desk.sale(100);
    desk.mak[0] ^= 0x10;
    assert_eq!(desk.send(&sale).code(), "A0");
    assert_eq!(desk.ledger()["sales"].as_array().unwrap().len(), 0);
    desk.mak[0] ^= 0x10;
    assert_eq!(desk.send(&sale).code(), "00");
}

#[test]
fn a_terminal_without_keys_is_told_to_sign_in() {
    let mut desk = Desk::signed_in();
    desk.host.drop_keys();
    let sale = desk.sale(100);
    let answer = desk.send(&sale);
    assert_eq!((answer.code(), answer.has(64)), ("77", false));
    desk.sign_in("003");
    assert_eq!(desk.approved_sale(100).1.code(), "00");
    let mut sign_out = desk.management(Mti::NETWORK, "002");
    sign_out.fields.set(11, "000099");
    assert_eq!(desk.send_plain(&sign_out).unwrap().code(), "00");
    let sale = desk.sale(100);
    assert_eq!(desk.send(&sale).code(), "77");
    assert_eq!(desk.ledger()["net"], 100);
}

#[test]
fn keys_changed_in_silence_make_every_mac_wrong() {
    let mut desk = Desk::signed_in();
    desk.host.rotate_keys();
    let sale = desk.sale(100);
    let answer = desk.send(&sale);
    assert_eq!(answer.code(), "A0");
    assert!(!desk.mac_is_right(&answer));
    desk.sign_in("003");
    assert_eq!(desk.approved_sale(100).1.code(), "00");
}

#[test]
fn the_batch_must_be_right() {
    let mut desk = Desk::signed_in();
    desk.batch = "000002".into();
    let sale = desk.sale(100);
    assert_eq!(desk.send(&sale).code(), "77");
    desk.host.set_batch(9);
    desk.sign_in("003");
    assert_eq!(desk.batch, "000009");
    assert_eq!(desk.approved_sale(100).1.code(), "00");
}

#[test]
fn declines_carry_a_mac_unless_set_otherwise() {
    let mut desk = Desk::signed_in();
    let sale = desk.sale(9_000_051);
    let answer = desk.send(&sale);
    assert_eq!(answer.code(), "51");
    assert!(desk.mac_is_right(&answer));
    assert!(!answer.has(38));
    let mut bare = Desk::with(Settings {
        mac_on_declines: false,
        ..Settings::default()
    });
    bare.sign_in("003");
    let sale = bare.sale(9_000_051);
    let answer = bare.send(&sale);
    assert_eq!((answer.code(), answer.has(64)), ("51", false));
}

#[test]
fn magic_amounts() {
    let mut desk = Desk::signed_in();
    for (amount, code) in [
        (9_000_000, "00"),
        (9_000_011, "11"),
        (9_000_098, "98"),
        (8_999_951, "00"),
    ] {
        let sale = desk.sale(amount);
        assert_eq!(desk.send(&sale).code(), code, "{amount}");
    }
    let sale = desk.sale(9_000_010);
    let answer = desk.send(&sale);
    assert_eq!((answer.code(), answer.text(4)), ("10", "000004500005"));
    let (sale, answer) = desk.approved_sale(9_000_196);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "96");
    assert_eq!(desk.sale_state(&sale), ("approved".into(), 9_000_196));
    let (_, answer) = desk.approved_sale(9_000_261);
    let refund = desk.refund_of(&answer, 1);
    assert_eq!(desk.send(&refund).code(), "61");
    let (sale, _) = desk.approved_sale(9_000_396);
    assert_eq!(desk.send(&sale.reversal()).code(), "96");
    assert_eq!(desk.sale_state(&sale).0, "approved");
}

#[test]
fn cards_of_the_list_behave_as_listed() {
    let list = format!(
        "[[card]]\npan='{CARD}'\ncode='41'\n[[card]]\npan='{OTHER_CARD}'\npin='123456'\n\
         expiry='2901'\nbalance=500\norganisation='VIS'\n"
    );
    let cards = parse_cards(&list).unwrap();
    let mut desk = Desk::with(Settings {
        cards,
        ..Settings::default()
    });
    desk.sign_in("003");
    let stolen = desk.sale(100);
    assert_eq!(desk.send(&stolen).code(), "41");
    let sale = desk.sale(100).set(2, OTHER_CARD);
    assert_eq!(desk.send(&sale).code(), "54");
    let sale = desk.sale(501).set(2, OTHER_CARD).set(14, "2901");
    assert_eq!(desk.send(&sale).code(), "51");
    let sale = desk.sale(500).set(2, OTHER_CARD).set(14, "2901");
    let answer = desk.send(&sale);
    assert_eq!(
        (answer.code(), &answer.0.fields.get(63).unwrap()[..3]),
        ("00", &b"VIS"[..])
    );
    let unreadable = desk
        .sale(100)
        .set(2, OTHER_CARD)
        .set(14, "2901")
        .set(22, "011")
        .set(26, "12")
        .set(52, [1; 8])
        .set(53, "2600000000000000");
    assert_eq!(desk.send(&unreadable).code(), "99");
}

#[test]
fn pins_are_checked() {
    let cards = parse_cards(&format!("[[card]]\npan=\"{CARD}\"\npin=\"123456\"\n")).unwrap();
    let mut desk = Desk::with(Settings {
        cards,
        ..Settings::default()
    });
    desk.sign_in("003");
    for (pin, code) in [("123456", "00"), ("654321", "55")] {
        let block = desk.pin_block(pin, CARD);
        let sale = desk
            .sale(100)
            .set(22, "011")
            .set(26, "12")
            .set(52, block)
            .set(53, "2600000000000000");
        assert_eq!(desk.send(&sale).code(), code);
    }
}

#[test]
fn a_card_list_names_line_and_fault() {
    for (list, line, part) in [
        ("[[card]]\npan=\"6222020000000008\"\n", 2, "check digit"),
        (
            "[[card]]\npan=\"6222020000000007\"\ncode=\"5\"\n",
            3,
            "code",
        ),
        ("[[card]]\nnumber=\"1\"\n", 2, "unknown field"),
        (
            "[[card]]\npan=\"6222020000000007\"\nbalance=-1\n",
            3,
            "balance",
        ),
    ] {
        let error = parse_cards(list).map(|_: BTreeMap<_, _>| ()).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.detail.contains(part), "{error}");
        assert!(!error.to_string().contains("622202"), "{error}");
    }
}

#[test]
fn bad_requests_are_refused() {
    let mut desk = Desk::signed_in();
    for (draft, code) in [
        (desk.sale(100).without(22), "30"),
        (desk.sale(100).without(2), "30"),
        (desk.sale(100).set(2, "6222020000000008"), "14"),
        (desk.sale(0), "13"),
        (desk.sale(100).set(49, "840"), "13"),
        (desk.sale(100).set(3, "170000"), "40"),
    ] {
        assert_eq!(desk.try_send(&draft).unwrap().code(), code);
    }
    assert_eq!(desk.ledger()["sales"].as_array().unwrap().len(), 0);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let run = |seed| {
        let mut desk = Desk::with(Settings {
            seed,
            ..Settings::default()
        });
        desk.faults("[[fault]]\non=\"any\"\nat=\"after_booking\"\ndo=\"corrupt\"\nskip=3\n");
        let mut all = Vec::new();
        desk.sign_in("004");
        all.extend(desk.steps.clone());
        let (sale, answer) = desk.approved_sale(100);
        all.extend(desk.steps.clone());
        for draft in [desk.void_of(&sale, &answer), sale.reversal(), desk.sale(7)] {
            desk.try_send(&draft);
            all.extend(desk.steps.clone());
        }
        (all, desk.ledger())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    assert_eq!(AnswerCode::parse("0a"), None);
}

#[test]
fn the_header_can_ask_for_a_job_once() {
    let mut desk = Desk::signed_in();
    desk.host.ask_for(3);
    let (_, answer) = desk.approved_sale(100);
    assert_eq!(answer.0.header.processing_request().digit(), 3);
    let (_, answer) = desk.approved_sale(100);
    assert_eq!(answer.0.header.processing_request().digit(), 0);
}
