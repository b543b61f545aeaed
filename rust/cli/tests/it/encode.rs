//! `encode`: decode's shape back to a frame.

use serde_json::{Value, json};

use crate::support::{SALE, SALE_MAK, keys, run, run_fed};

fn decoded() -> Value {
    run(&["--json", "decode", SALE, "--clear"]).object()
}

fn encode(object: &Value) -> (i32, Value) {
    let done = run(&["--json", "encode", &object.to_string()]);
    (done.code, done.object())
}

#[test]
fn what_decode_printed_gives_the_same_frame() {
    let (code, object) = encode(&decoded());
    assert_eq!((code, keys(&object)), (0, vec!["frame"]));
    assert_eq!(object["frame"], SALE);
}

#[test]
fn a_key_makes_field_64() {
    let mut object = decoded();
    object["fields"].as_object_mut().unwrap().remove("64");
    object["mak"] = json!(SALE_MAK);
    assert_eq!(encode(&object).1["frame"], SALE);
    object["mak"] = json!(SALE_MAK.repeat(2));
    assert_eq!(encode(&object).1["frame"], SALE);
    object["fields"]["64"] = json!("0000000000000000");
    assert_eq!(encode(&object).1["frame"], SALE);
}

#[test]
fn the_object_may_come_by_standard_input() {
    let done = run_fed(decoded().to_string().as_bytes(), &["encode", "-"]);
    assert_eq!((done.code, done.stdout.trim_end()), (0, SALE));
    let done = run_fed(b"\xFF", &["--json", "encode", "-"]);
    assert_eq!((done.code, done.error().1.as_str()), (2, "standard input"));
}

#[test]
fn other_bytes_are_written_in_hexadecimal() {
    let object = json!({
        "tpdu": "6000030000", "header": "603100311300", "mti": "0830",
        "fields": {"39": "00", "43": "hex:CAD4"},
    });
    let frame = encode(&object).1["frame"].as_str().map(str::to_owned);
    if let Some(frame) = frame {
        let back = run(&["--json", "decode", &frame, "--clear"]).object();
        assert_eq!(back["fields"]["43"], "hex:CAD4");
    }
    let object = json!({
        "tpdu": "6000030000", "header": "603100311300", "mti": "0830",
        "fields": {"63": "hex:CAD4B1A8"},
    });
    let frame = encode(&object).1["frame"].as_str().unwrap().to_owned();
    let back = run(&["--json", "decode", &frame, "--clear"]).object();
    assert_eq!(back["fields"]["63"], "hex:CAD4B1A8");
}

#[test]
fn a_wrong_object_is_wrong_usage_and_says_where() {
    let with = |key: &str, value: Value| {
        let mut object = decoded();
        object[key] = value;
        object
    };
    let field = |number: &str, value: Value| {
        let mut object = decoded();
        object["fields"][number] = value;
        object
    };
    for (object, place) in [
        (with("tpdu", json!("6100000000")), "tpdu"),
        (with("header", json!("1")), "header"),
        (with("mti", json!("02")), "mti"),
        (with("mak", json!("0123")), "mak"),
        (with("nonsense", json!(1)), "line 1, column"),
        (field("4", json!(1234)), "line 1, column"),
        (field("5", json!("1")), "field 5"),
        (field("04", json!("1")), "field 04"),
        (field("x", json!("1")), "field x"),
        (field("62", json!("5F0")), "field 62"),
        (field("41", json!("hex:5F0")), "field 41"),
        (field("41", json!("终端")), "field 41"),
        (field("4", json!("12a")), "fields"),
        (field("41", json!("TOO LONG FOR IT")), "fields"),
        (json!([1]), "line 1, column"),
    ] {
        let done = run(&["--json", "encode", &object.to_string()]);
        let (kind, found, _) = done.error();
        assert_eq!((done.code, kind.as_str()), (2, "usage"), "{object}");
        assert!(found.starts_with(place), "{found} for {object}");
    }
    assert_eq!(
        run(&["--json", "encode", "{"]).error().1,
        "line 1, column 1"
    );
}
