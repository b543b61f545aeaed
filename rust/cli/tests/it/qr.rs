//! `qr`: EMVCo codes read and built.

use serde_json::{Value, json};

use crate::support::{keys, run, run_fed};

const SHOP: &str = concat!(
    "00020101021229300012D156000000000510A93FO3230Q31280012D156000000",
    "01030812345678520441115802CN5914BEST TRANSPORT6007BEIJING6420000",
    "2ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A6",
    "0086670902ME91320016A0112233449988770708123456786304A13A",
);
const CUSTOMER: &str = concat!(
    "hQVDUFYwMWFWTwigAAADMwEBAlcRYmNgAQBxNnLSMSIBAAABiAFfNAEAYzOfJghW",
    "ite85mtxi58nAYCfEBEHAAEDoAAAAQgwMDAwMDAwMZ82AhEiggIAAJ83BCJgSI4=",
);

fn parse(text: &str) -> (i32, Value) {
    let done = run(&["--json", "qr", "parse", text]);
    (done.code, done.object())
}

fn build(objects: &Value) -> (i32, Value) {
    let asked = json!({ "objects": objects }).to_string();
    let done = run(&["--json", "qr", "build", &asked]);
    (done.code, done.object())
}

#[test]
fn a_shops_code_is_read_and_built_again() {
    let (code, parsed) = parse(SHOP);
    assert_eq!((code, keys(&parsed)), (0, vec!["objects", "crc"]));
    assert_eq!(parsed["crc"], "A13A");
    assert_eq!(parsed["objects"][0], json!(["00", "01"]));
    assert_eq!(parsed["objects"][6], json!(["59", "BEST TRANSPORT"]));
    let (code, built) = build(&parsed["objects"]);
    assert_eq!((code, keys(&built)), (0, vec!["text", "crc"]));
    assert_eq!(built, json!({"text": SHOP, "crc": "A13A"}));
    let done = run_fed(
        format!("{SHOP}\n").as_bytes(),
        &["--json", "qr", "parse", "-"],
    );
    assert_eq!(done.object(), parsed);
    let words = run(&["qr", "parse", SHOP]).stdout;
    assert!(words.contains("59  BEST TRANSPORT\n") && words.ends_with("the CRC is right: A13A\n"));
}

#[test]
fn a_template_may_be_given_as_objects() {
    let objects = json!([
        ["00", "01"],
        ["52", "5812"],
        ["53", "156"],
        ["58", "CN"],
        ["59", "老王面馆"],
        ["60", "上海"],
        ["26", [["00", "com.example"], ["01", "M1"]]],
    ]);
    let (code, built) = build(&objects);
    assert_eq!(code, 0, "{built}");
    let (_, parsed) = parse(built["text"].as_str().unwrap());
    assert_eq!(parsed["objects"][6], json!(["26", "0011com.example0102M1"]));
    let pairs = [
        "00=01",
        "52=5812",
        "53=156",
        "58=CN",
        "59=老王面馆",
        "60=上海",
    ];
    let mut words = vec!["--json", "qr", "build"];
    words.extend(pairs);
    words.push("26=0011com.example0102M1");
    assert_eq!(run(&words).object(), built);
}

#[test]
fn i11_a_customers_code_is_read_without_its_number() {
    let (code, parsed) = parse(CUSTOMER);
    assert_eq!((code, &parsed["crc"]), (0, &Value::Null));
    assert_eq!(parsed["objects"][1], json!(["61.4F", "A000000333010102"]));
    let shown = parsed.to_string();
    assert!(
        shown.contains("61.57") && !shown.contains("62636001"),
        "{shown}"
    );
    let words = run(&["qr", "parse", CUSTOMER]).stdout;
    assert!(!words.contains("62636001"), "{words}");
}

#[test]
fn a_customers_code_is_built_from_its_elements() {
    let objects = json!([
        ["85", "4350563031"],
        [
            "61",
            [["4F", "A000000333010102"], ["57", "6222021234567890D3012"]]
        ],
    ]);
    assert_eq!(build(&objects).0, 2, "an odd number of digits");
    let objects = json!([
        ["85", "4350563031"],
        ["61", [["4F", "A000000333010102"], ["50", "41"]]]
    ]);
    let (code, built) = build(&objects);
    assert_eq!((code, &built["crc"]), (0, &Value::Null));
    let (_, parsed) = parse(built["text"].as_str().unwrap());
    assert_eq!(parsed["objects"][2], json!(["61.50", "41"]));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = SHOP.replace("A13A", "A13B");
    let (code, object) = parse(&wrong);
    assert_eq!((code, keys(&object)), (3, vec!["error"]));
    assert_eq!(keys(&object["error"]), ["kind", "at", "detail"]);
    assert_eq!(object["error"]["kind"], "crc_mismatch");
    assert_eq!(object["error"]["at"], wrong.chars().count() - 4);
    let (code, object) = build(&json!([["00", "01"]]));
    assert_eq!(
        (code, &object["error"]["kind"]),
        (3, &json!("object_missing"))
    );
    let words = run(&["qr", "parse", "0002"]);
    assert_eq!((words.code, words.stderr.as_str()), (3, ""));
    assert!(words.stdout.starts_with("object_truncated at 4: "));
}

#[test]
fn i11_a_wrong_command_quotes_no_code() {
    for arguments in [
        &["qr"][..],
        &["qr", "parse"],
        &["qr", "build"],
        &["qr", "parse", "134650201234567890", "x"],
        &["qr", "134650201234567890"],
        &["qr", "build", "134650201234567890"],
        &["qr", "build", "{\"objects\":134650201234567890}"],
        &["qr", "build", "134650201234567890=1"],
    ] {
        let done = run(arguments);
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!done.stderr.contains("1346"), "{}", done.stderr);
    }
}

#[test]
fn a_picture_is_drawn_beside_the_result() {
    let done = run(&[
        "--json",
        "qr",
        "build",
        "--picture",
        "00=01",
        "52=5812",
        "53=156",
        "58=CN",
        "59=A",
        "60=B",
    ]);
    assert_eq!(done.code, 0);
    assert!(done.object()["text"].is_string());
    assert!(done.stderr.lines().count() > 10 && done.stderr.contains('█'));
}
