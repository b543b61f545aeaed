//! Signatures, what a chip said, and balances.

use serde_json::{Value, json};

use crate::people::{BOSS, TILL, staffed};
use crate::support::{CARD, Shop, keys};

const IMAGE: &[u8] = b"a compressed picture of a name";
/// A cryptogram that a card gave for the payment.
const CHIP: &str = "9F2608AABBCCDDEEFF00115F340101";
/// What it said after the answer: its last cryptogram (9F27 = 40), and a script that ran.
const RESULT: &str = "9F260811223344556677889F270140DF31052012345678";

fn image(shop: &Shop, bytes: &[u8]) -> String {
    let path = shop.folder.path().join("signature.bin");
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

fn code(object: &Value) -> &str {
    object["code"].as_str().unwrap_or_default()
}

#[test]
fn a_signature_is_stored_owed_and_uploaded_once() {
    let shop = Shop::open();
    let sale = shop.sale("12.34");
    let file = image(&shop, IMAGE);
    shop.host.order("offline");
    let signed = shop.ok(4, &["signature", &sale, "--image", &file]);
    assert_eq!(
        keys(&signed),
        [
            "sale",
            "status",
            "feature",
            "paper_slip",
            "code",
            "explanation"
        ]
    );
    assert_eq!(
        (&signed["sale"], &signed["status"], &signed["paper_slip"]),
        (&json!(sale), &json!("owed"), &json!(false))
    );
    assert_eq!(signed["feature"].as_str().unwrap().len(), 8);
    assert_eq!(shop.ok(4, &["sync"])["items"][0]["kind"], "signature");
    shop.host.order("online");
    assert_eq!(shop.ok(0, &["sync"])["delivered"], 1);
    let uploads = &shop.host.book()["signatures"];
    assert_eq!(uploads.as_array().map(Vec::len), Some(1), "{uploads}");
    let again = shop.ok(3, &["signature", &sale, "--image", &file]);
    assert_eq!(
        (code(&again), &again["feature"]),
        ("local.NOT_IN_THIS_STATE", &Value::Null)
    );
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
}

#[test]
fn what_cannot_be_uploaded_is_signed_on_paper() {
    let shop = Shop::open();
    shop.sale("1");
    shop.ok(0, &["void", "--last"]);
    let sale = shop.ok(0, &["journal"])["sales"][0]["sale"].clone();
    let sale = sale.as_str().unwrap();
    let file = image(&shop, IMAGE);
    let batch = shop.ok(0, &["settle"]);
    assert_eq!(batch["status"], "balanced");
    let late = shop.ok(3, &["signature", sale, "--image", &file]);
    assert_eq!(
        (&late["status"], &late["paper_slip"]),
        (&json!("refused"), &json!(true))
    );
    for (bytes, rule) in [(&[][..], "is empty"), (&[1; 1000], "more than 999 bytes")] {
        let file = image(&shop, bytes);
        let done = shop.run(&["signature", sale, "--image", &file]);
        let (kind, place, detail) = done.error();
        assert_eq!((done.code, kind.as_str()), (2, "usage"));
        assert!(place == "--image" && detail.contains(rule), "{detail}");
    }
}

#[test]
fn what_a_chip_said_is_kept_for_a_chips_sale_alone() {
    let shop = Shop::open();
    let chip = ["sale", "--amount", "1", "--card", CARD, "--field55", CHIP];
    let chip = shop.ok(0, &chip)["sale"].clone();
    let keyed = shop.sale("2");
    let say =
        |exit, sale: &str, data: &str| shop.ok(exit, &["chip-result", sale, "--field55", data]);
    let stored = say(0, chip.as_str().unwrap(), RESULT);
    assert_eq!(keys(&stored), ["sale", "status", "code", "explanation"]);
    assert_eq!(
        (&stored["status"], &stored["sale"]),
        (&json!("stored"), &chip)
    );
    assert_eq!(code(&say(3, &keyed, RESULT)), "local.NOT_IN_THIS_STATE");
    let garbled = shop.run(&["chip-result", &keyed, "--field55", "9F26"]);
    assert_eq!((garbled.code, garbled.error().1.as_str()), (2, "--field55"));
    let nobody = shop.run(&["chip-result", "S9", "--field55", RESULT]);
    assert_eq!((nobody.code, nobody.error().1.as_str()), (2, "SALE"));
    assert_eq!(shop.ok(0, &["settle"])["status"], "balanced");
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
}

#[test]
fn i11_a_balance_is_told_and_stored_nowhere() {
    let shop = Shop::open();
    let balance = shop.ok(0, &["balance", "--card", CARD]);
    assert_eq!(keys(&balance), ["status", "balance", "code", "explanation"]);
    let told = balance["balance"].as_i64().unwrap();
    assert!(told > 0);
    let digits = told.to_string();
    for file in std::fs::read_dir(shop.home()).unwrap() {
        let path = file.unwrap().path();
        let kept = std::fs::read(&path).unwrap_or_default();
        let found = kept
            .windows(digits.len())
            .any(|part| part == digits.as_bytes());
        assert!(!found, "{path:?}");
    }
    assert_eq!(shop.ok(0, &["journal"])["sales"], json!([]));
    shop.host.order("offline");
    let down = shop.ok(3, &["balance", "--card", CARD]);
    assert_eq!(
        (&down["status"], &down["balance"]),
        (&json!("not_sent"), &Value::Null)
    );
    assert_eq!(shop.ok(0, &["queue"])["left"], 0);
}

#[test]
fn they_are_done_by_an_operator() {
    let shop = staffed();
    let sale = shop.run_as("01", TILL, &["sale", "--amount", "1", "--card", CARD]);
    let sale = sale.object()["sale"].as_str().unwrap().to_owned();
    let file = image(&shop, IMAGE);
    for command in [
        &["balance", "--card", CARD][..],
        &["signature", &sale, "--image", &file],
        &["chip-result", &sale, "--field55", RESULT],
    ] {
        let wrong = shop.run_as("01", BOSS, command);
        assert_eq!(
            (wrong.code, code(&wrong.object())),
            (3, "local.OPERATOR_PIN_WRONG"),
            "{command:?}"
        );
    }
    let signed = shop.run_as("01", TILL, &["signature", &sale, "--image", &file]);
    assert_eq!(signed.code, 4, "{}", signed.stdout);
}
