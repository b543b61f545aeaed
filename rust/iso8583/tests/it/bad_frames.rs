//! One frame for each way a frame can be wrong.

use std::collections::BTreeSet;

use pos_iso8583::{DecodeError, DecodeErrorKind, decode};

use crate::support::{frame_of, unhex};

/// A frame around message type, bitmap and fields given in hexadecimal.
fn framed(message: &str) -> Vec<u8> {
    let body = unhex(&format!("6000030000603100311300{message}"));
    let mut frame = u16::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    frame.extend(body);
    frame
}

fn only_field(field: u8, content: &str) -> Vec<u8> {
    framed(&format!("0200{:016X}{content}", 1_u64 << (64 - field)))
}

fn check(frame: &[u8], kind: &str, field: Option<u8>, offset: usize) {
    let error: DecodeError = decode(frame).expect_err(kind);
    assert_eq!(
        (error.kind(), error.field, error.offset),
        (kind, field, offset),
        "{error}"
    );
}

#[test]
fn kinds_have_the_agreed_names() {
    let agreed = "frame_truncated frame_trailing frame_too_short tpdu_invalid header_not_bcd \
        mti_truncated mti_not_bcd bitmap_truncated bitmap_secondary field_unknown field_truncated \
        length_prefix_not_bcd length_over_max digit_invalid filler_invalid trailing_bytes \
        mac_missing mac_mismatch tlv_malformed kcv_mismatch";
    let agreed: BTreeSet<&str> = agreed.split_whitespace().collect();
    let named: BTreeSet<&str> = DecodeErrorKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    assert_eq!(named, agreed);
}

#[test]
fn an_error_says_what_and_where_in_one_line() {
    let shown = decode(&only_field(2, "20")).unwrap_err().to_string();
    assert_eq!(
        shown,
        "length_over_max at byte 23 in F2: length 20 is over the maximum 19"
    );
    let shown = decode(&[0, 9, 1]).unwrap_err().to_string();
    assert_eq!(shown, "frame_truncated at byte 3: 11 bytes needed, 3 given");
}

#[test]
fn frame_and_header_errors() {
    let good = frame_of("TV-A");
    check(&[], "frame_truncated", None, 0);
    check(&[0], "frame_truncated", None, 1);
    check(
        &good[..good.len() - 1],
        "frame_truncated",
        None,
        good.len() - 1,
    );
    check(
        &[&good[..], &[0]].concat(),
        "frame_trailing",
        None,
        good.len(),
    );
    check(
        &unhex("000A60000300006031003113"),
        "frame_too_short",
        None,
        12,
    );
    for (at, value, kind, offset) in [
        (2, 0x61, "tpdu_invalid", 2),
        (4, 0xA0, "tpdu_invalid", 2),
        (7, 0x6A, "header_not_bcd", 7),
        (13, 0x0B, "mti_not_bcd", 13),
    ] {
        let mut bad = good.clone();
        bad[at] = value;
        check(&bad, kind, None, offset);
    }
    check(&framed("02"), "mti_truncated", None, 13);
    check(&framed("0200302004"), "bitmap_truncated", None, 15);
    check(
        &framed("02008000000000000000"),
        "bitmap_secondary",
        None,
        15,
    );
}

#[test]
fn field_errors() {
    check(&only_field(57, ""), "field_unknown", Some(57), 22);
    check(&only_field(5, ""), "field_unknown", Some(5), 15);
    check(&only_field(4, "0000"), "field_truncated", Some(4), 23);
    check(&only_field(60, "00"), "field_truncated", Some(60), 23);
    check(&only_field(59, "000341"), "field_truncated", Some(59), 23);
    check(&only_field(2, "1A"), "length_prefix_not_bcd", Some(2), 23);
    check(
        &only_field(60, "00A1"),
        "length_prefix_not_bcd",
        Some(60),
        24,
    );
    check(&only_field(2, "20"), "length_over_max", Some(2), 23);
    check(&only_field(35, "38"), "length_over_max", Some(35), 23);
    check(&only_field(60, "0031"), "length_over_max", Some(60), 23);
    check(&only_field(62, "1000"), "length_over_max", Some(62), 23);
    check(&only_field(4, "0000000000A0"), "digit_invalid", Some(4), 28);
    check(&only_field(22, "A210"), "digit_invalid", Some(22), 23);
    check(&only_field(22, "02A0"), "digit_invalid", Some(22), 24);
    check(&only_field(23, "0A01"), "digit_invalid", Some(23), 23);
    check(&only_field(23, "00B1"), "digit_invalid", Some(23), 24);
    check(&only_field(2, "0312C4"), "digit_invalid", Some(2), 25);
    check(&only_field(35, "041DE2"), "digit_invalid", Some(35), 25);
    check(&only_field(22, "0211"), "filler_invalid", Some(22), 24);
    check(&only_field(23, "1001"), "filler_invalid", Some(23), 23);
    check(&only_field(39, "303041"), "trailing_bytes", None, 25);
    check(
        &only_field(55, "00049F26029F"),
        "tlv_malformed",
        Some(55),
        25,
    );
    check(
        &only_field(55, "0005820212349F"),
        "tlv_malformed",
        Some(55),
        29,
    );
    check(&only_field(55, "00039F3680"), "tlv_malformed", Some(55), 25);
}

#[test]
fn fillers_are_ignored_where_they_say_nothing() {
    for (field, content, digits) in [
        (2, "031234", "123"),
        (2, "03123F", "123"),
        (2, "031235", "123"),
        (60, "0003123F", "123"),
        (22, "021F", "021"),
        (23, "F001", "001"),
        (48, "000100", "0"),
    ] {
        let bytes = only_field(field, content);
        let frame = decode(&bytes).unwrap_or_else(|e| panic!("F{field} {content}: {e}"));
        assert_eq!(
            frame.digits(field).as_deref(),
            Some(digits),
            "F{field} {content}"
        );
    }
}

#[test]
fn encrypted_tracks_may_hold_any_nibble() {
    let with_f53 = |content: &str| framed(&format!("02000000000020000800{content}"));
    let bytes = with_f53("051D23AF0610000000000000");
    assert_eq!(decode(&bytes).unwrap().digits(35).as_deref(), Some("1=23A"));
    check(
        &with_f53("051D23AF0600000000000000"),
        "digit_invalid",
        Some(35),
        26,
    );
}
