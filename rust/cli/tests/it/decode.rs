//! `decode`, one frame and many.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{SALE, SALE_MAK, command, keys, run, run_fed};

/// The published sign-in answer's keys (TV-C) in a frame, with the network code that fits.
const TMK: &str = "CA5D92598DCA48CE8A4C76361A9269E9";
const F62: &str =
    "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8B651F9E9BACE9AE10000000000000000AB7153CA";

fn sign_in_answer(mti: &str, network: &str, f62: &str) -> String {
    let object = json!({
        "tpdu": "6000000003", "header": "603100311300", "mti": mti,
        "fields": {"39": "00", "60": format!("00000001{network}"), "62": f62},
    });
    let done = run(&["encode", &object.to_string()]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    done.stdout.trim_end().to_owned()
}

fn error_of(object: &Value) -> (&str, Value, Value) {
    assert_eq!(keys(object), ["error"]);
    assert_eq!(
        keys(&object["error"]),
        ["kind", "field", "offset", "detail"]
    );
    let error = &object["error"];
    (
        error["kind"].as_str().unwrap(),
        error["field"].clone(),
        error["offset"].clone(),
    )
}

#[test]
fn a_frame_is_shown_masked_with_every_key() {
    let done = run(&["--json", "decode", SALE]);
    let object = done.object();
    assert_eq!(done.code, 0);
    assert_eq!(keys(&object), ["tpdu", "header", "mti", "fields", "mac"]);
    assert_eq!(object["tpdu"], "6000030000");
    assert_eq!(object["header"], "603210320072");
    assert_eq!(object["mti"], "0200");
    assert_eq!(
        keys(&object["fields"]),
        [
            "3", "4", "11", "22", "25", "41", "42", "49", "60", "62", "64"
        ]
    );
    assert_eq!(object["fields"]["4"], "000000001234");
    assert_eq!(object["fields"]["41"], "00000001");
    assert_eq!(object["mac"], Value::Null);
}

#[test]
fn i11_only_clear_shows_card_numbers() {
    let object = json!({
        "tpdu": "6000030000", "header": "603100311300", "mti": "0200",
        "fields": {"2": "6222021234567890123", "35": "6222021234567890123=3012",
            "53": "2000000000000000", "52": "0123456789ABCDEF"},
    });
    let frame = run(&["encode", &object.to_string()])
        .stdout
        .trim_end()
        .to_owned();
    let masked = run(&["--json", "decode", &frame]).stdout;
    assert!(masked.contains("622202*********0123"), "{masked}");
    assert!(!masked.contains("1234567890") && !masked.contains("0123456789ABCDEF"));
    assert!(!run(&["decode", &frame]).stdout.contains("1234567890"));
    let clear = run(&["--json", "decode", &frame, "--clear"]).object();
    assert_eq!(clear["fields"], object["fields"]);
}

#[test]
fn the_mac_is_true_or_an_error() {
    for mak in [SALE_MAK.to_owned(), SALE_MAK.repeat(2)] {
        assert_eq!(run(&["--json", "decode", SALE, &mak]).object()["mac"], true);
    }
    let wrong = run(&["--json", "decode", SALE, "0123456789ABCDEF"]);
    assert_eq!(
        (wrong.code, error_of(&wrong.object()).0),
        (3, "mac_mismatch")
    );
    assert_eq!(error_of(&wrong.object()).1, 64);
    let without = sign_in_answer("0810", "003", F62);
    let missing = run(&["--json", "decode", &without, SALE_MAK]);
    assert_eq!(
        (missing.code, error_of(&missing.object()).0),
        (3, "mac_missing")
    );
}

#[test]
fn the_working_keys_of_a_sign_in_answer_are_checked() {
    let check = |frame: &str| run(&["--json", "decode", frame, "--tmk", TMK]);
    assert_eq!(check(&sign_in_answer("0810", "003", F62)).code, 0);
    let wrong = check(&sign_in_answer(
        "0810",
        "003",
        &F62.replace("AB7153CA", "AB7153CB"),
    ));
    assert_eq!(wrong.code, 3);
    // Two length bytes, TPDU, header, type, bitmap, F39, F60, F62's length, then 36 bytes.
    let offset = 2 + 5 + 6 + 2 + 8 + 2 + (2 + 6) + 2 + 36;
    assert_eq!(
        error_of(&wrong.object()),
        ("kcv_mismatch", json!(62), json!(offset))
    );
    let other_key = TMK.replace('C', "D");
    let other = run(&[
        "--json",
        "decode",
        &sign_in_answer("0810", "003", F62),
        "--tmk",
        &other_key,
    ]);
    assert_eq!(
        (other.code, error_of(&other.object()).0),
        (3, "kcv_mismatch")
    );
    let short = check(&sign_in_answer("0810", "004", F62));
    assert_eq!(error_of(&short.object()).0, "field_truncated");
    assert_eq!(
        check(&sign_in_answer("0830", "003", F62)).code,
        0,
        "no sign-in answer"
    );
    assert_eq!(check(SALE).code, 0);
}

#[test]
fn a_bad_frame_is_a_definite_no_with_kind_field_and_offset() {
    for (frame, kind, field, offset) in [
        ("", "frame_truncated", Value::Null, 0),
        ("0010", "frame_truncated", Value::Null, 2),
        (&format!("{SALE}00"), "frame_trailing", Value::Null, 129),
        (
            &SALE.replace("007F60", "007F61"),
            "tpdu_invalid",
            Value::Null,
            2,
        ),
        (
            &SALE.replace("0019260000", "00192600A0"),
            "digit_invalid",
            json!(60),
            68,
        ),
    ] {
        let done = run(&["--json", "decode", frame]);
        let object = done.object();
        assert_eq!(
            (done.code, error_of(&object)),
            (3, (kind, field, json!(offset))),
            "{frame}"
        );
    }
    let words = run(&["decode", "0010"]);
    assert_eq!(
        (
            words.code,
            words.stdout.starts_with("frame_truncated at byte 2")
        ),
        (3, true)
    );
}

#[test]
fn what_is_no_hexadecimal_or_no_key_is_wrong_usage() {
    for (arguments, place) in [
        (&["--json", "decode", "0"][..], "HEX"),
        (&["--json", "decode", "0G"], "HEX"),
        (&["--json", "decode", SALE, "0723C80DB5F4CD"], "MAK"),
        (&["--json", "decode", SALE, "--tmk", "00"], "--tmk"),
        (&["--json", "decode"], "HEX"),
        (&["--json", "decode", "--lines", SALE], "arguments"),
    ] {
        let done = run(arguments);
        assert_eq!(
            (done.code, done.error().1.as_str()),
            (2, place),
            "{arguments:?}"
        );
    }
}

#[test]
fn lines_are_answered_one_by_one_and_bad_ones_too() {
    let input = format!(
        "{SALE} {SALE_MAK}\n\n{SALE}\r\n0G\n000\n{SALE} {SALE_MAK} x\n{SALE} 00\n\
         {SALE} 0123456789ABCDEF\n{SALE}"
    );
    let mut input = input.into_bytes();
    input.extend(b"\n\xFF\n");
    let done = run_fed(&input, &["decode", "--lines"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let answers: Vec<Value> = done
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 10);
    assert_eq!(
        (&answers[0]["mac"], &answers[2]["mac"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(error_of(&answers[1]).0, "frame_truncated");
    for at in [3, 4, 5, 6, 9] {
        assert_eq!(error_of(&answers[at]).0, "usage", "{at}");
    }
    assert_eq!(error_of(&answers[7]).0, "mac_mismatch");
    assert_eq!(answers[8]["mti"], "0200");
}

#[test]
fn each_line_is_answered_before_the_next_is_asked() {
    let mut child = command()
        .args(["decode", "--lines"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        stdin.write_all(format!("{SALE}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with("{\"tpdu\""), "{answer}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn words_name_the_fields() {
    let done = run(&["decode", SALE, SALE_MAK]);
    assert_eq!(done.code, 0);
    assert!(
        done.stdout
            .starts_with("0200  TPDU 6000030000  603210320072\n")
    );
    assert!(done.stdout.contains("the MAC is right"));
}
