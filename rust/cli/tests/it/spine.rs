//! The way of a sale and its void through the commands.

use serde_json::{Value, json};

use crate::support::{CARD, Shop, TRACK2, keys};

const SALE_KEYS: [&str; 10] = [
    "sale",
    "rail",
    "status",
    "amount",
    "trace",
    "batch",
    "reference",
    "order_no",
    "code",
    "explanation",
];
const VOID_KEYS: [&str; 8] = [
    "void",
    "sale",
    "rail",
    "status",
    "deadline",
    "deadline_certain",
    "code",
    "explanation",
];
const EXPLANATION_KEYS: [&str; 9] = [
    "code",
    "rail",
    "cause",
    "title",
    "next_step",
    "who_fixes",
    "goods",
    "retry",
    "reference",
];

#[test]
fn signing_in_and_out_and_echo_tell_status_and_batch() {
    let shop = Shop::open();
    for command in ["echo", "sign-in", "echo", "sign-out"] {
        let object = shop.ok(0, &[command]);
        assert_eq!(keys(&object), ["status", "batch", "code", "explanation"]);
        let told = [&object["status"], &object["batch"], &object["code"]];
        assert_eq!(told, [&json!("approved"), &json!("000001"), &json!("00")]);
    }
    shop.host.order("offline");
    for command in ["echo", "sign-in"] {
        let object = shop.ok(3, &[command]);
        assert_eq!(
            (&object["status"], &object["code"]),
            (&json!("not_sent"), &json!("net.REFUSED"))
        );
        assert_eq!(keys(&object["explanation"]), EXPLANATION_KEYS);
    }
    shop.host.order("online");
    shop.host.breaks("sign_in", "request_read", "drop");
    assert_eq!(shop.ok(4, &["sign-in"])["status"], "unknown");
}

#[test]
fn a_sale_signs_in_by_itself_and_its_void_takes_all_back_once() {
    let shop = Shop::open();
    let sale = shop.ok(0, &["sale", "--amount", "12.34", "--card", CARD]);
    assert_eq!(keys(&sale), SALE_KEYS);
    assert_eq!(sale["amount"], 1234);
    assert_eq!(
        (&sale["rail"], &sale["code"]),
        (&json!("unionpay"), &json!("00"))
    );
    for number in ["trace", "batch"] {
        let digits = sale[number].as_str().unwrap();
        assert!(digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()));
    }
    assert_eq!(sale["reference"].as_str().unwrap().len(), 12);

    let void = shop.ok(0, &["void", "--voucher", sale["trace"].as_str().unwrap()]);
    assert_eq!(keys(&void), VOID_KEYS);
    assert_eq!(
        (&void["status"], &void["sale"]),
        (&json!("voided"), &sale["sale"])
    );
    assert_eq!(void["deadline_certain"], true);
    let again = shop.ok(3, &["void", "--sale", sale["sale"].as_str().unwrap()]);
    assert_eq!(keys(&again), VOID_KEYS);
    assert_eq!(
        (&again["status"], &again["void"], &again["code"]),
        (
            &json!("refused"),
            &Value::Null,
            &json!("local.ALREADY_UNDONE")
        )
    );
    assert_eq!(keys(&again["explanation"]), EXPLANATION_KEYS);
    shop.assert_equal_ledgers();
    let undos = shop.host.book()["sales"][0]["undos"].clone();
    assert_eq!(undos.as_array().unwrap().len(), 1);
}

#[test]
fn a_card_is_typed_swiped_or_read_by_its_chip() {
    let shop = Shop::open();
    let chip = "9F2608AABBCCDDEEFF00119F2701805F340101";
    for card in [
        &["--track2", TRACK2][..],
        &["--field55", chip, "--card", CARD],
        &["--field55", chip, "--track2", TRACK2, "--contactless"],
    ] {
        let sale = shop.ok(0, &[&["sale", "--amount", "5"][..], card].concat());
        assert_eq!(
            (&sale["status"], &sale["amount"]),
            (&json!("approved"), &json!(500))
        );
    }
    shop.assert_equal_ledgers();
}

#[test]
fn a_declined_sale_is_exit_3_with_its_explanation_and_cannot_be_voided() {
    let shop = Shop::open();
    let sale = shop.ok(3, &["sale", "--amount", "90000.51", "--card", CARD]);
    assert_eq!(
        (&sale["status"], &sale["code"]),
        (&json!("declined"), &json!("51"))
    );
    assert_eq!(keys(&sale["explanation"]), EXPLANATION_KEYS);
    assert_eq!(sale["explanation"]["reference"], sale["sale"]);
    let void = shop.ok(3, &["void", "--last"]);
    assert_eq!(void["code"], "local.NOTHING_TO_UNDO");
    let nothing = shop.ok(3, &["void", "--voucher", "999999"]);
    assert_eq!(
        (&nothing["code"], &nothing["sale"], &nothing["rail"]),
        (&json!("local.NOT_FOUND"), &Value::Null, &Value::Null)
    );
    assert_eq!(shop.ok(0, &["journal"])["sales"][0]["net"], 0);
}

#[test]
fn i09_a_void_without_network_is_queued_survives_and_is_delivered_once() {
    let shop = Shop::open();
    let id = shop.sale("12.34");
    shop.host.order("offline");
    let void = shop.ok(4, &["void", "--last"]);
    assert_eq!(void["status"], "queued");
    assert!(void["deadline"].as_str().unwrap().ends_with("+08:00"));
    // Tapped again it is the same one.
    assert_eq!(shop.ok(4, &["void", "--sale", &id])["void"], void["void"]);
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(sale["net"], 1234, "an unsent void takes nothing yet");
    assert_eq!(
        sale["undo"],
        json!({"id": void["void"], "kind": "void", "status": "queued", "amount": 1234})
    );

    let owed = shop.ok(4, &["sync"]);
    assert_eq!(keys(&owed), ["delivered", "left", "items"]);
    assert_eq!((&owed["delivered"], &owed["left"]), (&json!(0), &json!(1)));
    let item = &owed["items"][0];
    assert_eq!(
        keys(item),
        [
            "id", "kind", "sale", "status", "attempts", "next_try", "deadline", "why"
        ]
    );
    assert_eq!(
        (&item["id"], &item["kind"], &item["sale"]),
        (&void["void"], &json!("void"), &json!(id))
    );

    shop.host.order("online");
    let done = shop.ok(0, &["sync"]);
    assert_eq!((&done["delivered"], &done["left"]), (&json!(1), &json!(0)));
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&sale["status"], &sale["net"]),
        (&json!("voided"), &json!(0))
    );
    shop.assert_equal_ledgers();
}

#[test]
fn i04_a_lost_answer_is_unknown_until_it_is_proven() {
    let shop = Shop::open();
    let id = shop.sale("56.78");
    shop.host.breaks("void", "after_booking", "drop");
    shop.host.breaks("reversal_void", "request_read", "drop");
    let void = shop.ok(4, &["void", "--last"]);
    assert_eq!(
        (&void["status"], &void["code"]),
        (&json!("unknown"), &json!("net.NO_ANSWER"))
    );
    assert_eq!(void["explanation"]["goods"], "wait");
    assert_eq!(shop.ok(0, &["journal"])["sales"][0]["net"], "unknown");
    shop.ok(0, &["sync", "--wait", "20"]);
    shop.assert_equal_ledgers();
    let show = shop.ok(0, &["show", &id]);
    assert_eq!(keys(&show), ["sale", "attempts", "events"]);
    assert_eq!(show["sale"]["status"], "voided");
    let purposes: Vec<_> = show["attempts"].as_array().unwrap().iter().collect();
    let purposes: Vec<_> = purposes
        .iter()
        .map(|a| a["purpose"].as_str().unwrap())
        .collect();
    assert_eq!(purposes, ["sale", "void", "reversal", "reversal", "void"]);
    assert_eq!(
        keys(&show["attempts"][0]),
        [
            "id", "purpose", "mti", "trace", "batch", "state", "code", "at"
        ]
    );
    assert_eq!(
        keys(&show["events"][0]),
        ["at", "operator", "action", "subject", "before", "after"]
    );
}

#[test]
fn i04_an_unknown_sale_is_reversed_and_its_void_waits_for_it() {
    let shop = Shop::open();
    shop.ok(0, &["sign-in"]);
    shop.host.breaks("sale", "after_booking", "drop");
    shop.host.breaks("reversal_sale", "request_read", "drop");
    let sale = shop.ok(4, &["sale", "--amount", "7", "--card", CARD]);
    assert_eq!(sale["status"], "unknown");
    let void = shop.ok(4, &["void", "--last"]);
    assert_eq!(
        (&void["status"], &void["code"]),
        (&json!("unknown"), &json!("local.SALE_UNKNOWN"))
    );
    shop.ok(0, &["sync", "--wait", "20"]);
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&sale["status"], &sale["net"]),
        (&json!("reversed"), &json!(0))
    );
    assert_eq!(sale["undo"]["status"], "voided");
    shop.assert_equal_ledgers();
}

#[test]
fn the_journal_is_oldest_first_and_can_begin_later() {
    let shop = Shop::open();
    for amount in ["1", "2", "3"] {
        shop.sale(amount);
    }
    let amounts = |journal: &Value| {
        let sales = journal["sales"].as_array().unwrap().clone();
        sales
            .iter()
            .map(|s| s["amount"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(amounts(&shop.ok(0, &["journal"])), [100, 200, 300]);
    assert_eq!(
        amounts(&shop.ok(0, &["journal", "--since", "2020-01-01"])),
        [100, 200, 300]
    );
    let future = ["journal", "--since", "2100-01-01T00:00:00Z"];
    assert_eq!(amounts(&shop.ok(0, &future)), [0; 0]);
    assert_eq!(shop.run(&["journal", "--since", "soon"]).code, 2);
}

#[test]
fn a_void_is_held_released_withdrawn_and_escalated() {
    let shop = Shop::open();
    shop.sale("12.34");
    shop.host.order("offline");
    let void = shop.ok(4, &["void", "--last"])["void"].clone();
    let void = void.as_str().unwrap();
    let act = |code, what: &str| {
        let object = shop.ok(code, &["queue", what, void]);
        assert_eq!(
            keys(&object),
            ["delivered", "left", "items", "code", "explanation"]
        );
        object
    };
    assert_eq!(act(4, "hold")["items"][0]["status"], "on_hold");
    let refused = act(3, "hold");
    assert_eq!(refused["code"], "local.NOT_IN_THIS_STATE");
    shop.host.order("online");
    assert_eq!(shop.ok(4, &["sync"])["left"], 1, "what is held is not sent");
    assert_eq!(act(4, "release")["items"][0]["status"], "queued");
    let list = shop.ok(0, &["queue"]);
    assert_eq!(
        (&list["left"], &list["items"][0]["id"]),
        (&json!(1), &json!(void))
    );
    assert_eq!(shop.ok(0, &["queue", "show", void])["items"][0]["id"], void);
    let withdrawn = act(0, "withdraw");
    assert_eq!(
        (&withdrawn["left"], &withdrawn["items"]),
        (&json!(0), &json!([]))
    );
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&sale["status"], &sale["net"]),
        (&json!("approved"), &json!(1234))
    );
    assert_eq!(sale["undo"]["status"], "withdrawn");

    shop.host.order("offline");
    let second = shop.ok(4, &["void", "--last"])["void"].clone();
    let second = second.as_str().unwrap();
    let escalated = shop.ok(4, &["queue", "escalate", second]);
    assert_eq!(escalated["items"][0]["status"], "escalated");
    assert_eq!(shop.run(&["queue", "hold", "nothing"]).error().1, "ID");
    assert_eq!(shop.run(&["queue", "drop", second]).error().1, "queue");
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
}

#[test]
fn a_void_that_wants_the_card_waits_for_that_card() {
    let shop = Shop::with("void_needs_card = true\n");
    shop.sale("12.34");
    let void = shop.ok(4, &["void", "--last"]);
    assert_eq!(
        (&void["status"], &void["code"]),
        (&json!("needs_card"), &json!("local.CARD_NEEDED"))
    );
    let other = "6222020000000000026=3012";
    let refused = shop.ok(3, &["void", "--last", "--card", other]);
    assert_eq!(refused["code"], "local.OTHER_CARD");
    let done = shop.ok(0, &["void", "--last", "--track2", TRACK2]);
    assert_eq!(
        (&done["status"], &done["void"]),
        (&json!("voided"), &void["void"])
    );
    shop.assert_equal_ledgers();
}

#[test]
fn what_is_missing_or_wrong_on_the_command_line_is_said_without_quoting_it() {
    let shop = Shop::open();
    for (arguments, place) in [
        (&["sale", "--card", CARD][..], "--amount"),
        (&["sale", "--amount", "1"], "--card or --track2"),
        (&["sale", "--amount", "1.234", "--card", CARD], "--amount"),
        (&["sale", "--amount", "0", "--card", CARD], "--amount"),
        (
            &[
                "sale",
                "--amount",
                "1",
                "--card",
                "6222020000000000019=3012",
            ],
            "--card",
        ),
        (
            &["sale", "--amount", "1", "--card", CARD, "--track2", TRACK2],
            "--track2",
        ),
        (
            &["sale", "--amount", "1", "--track2", "6222020000000000018"],
            "--track2",
        ),
        (
            &["sale", "--amount", "1", "--card", CARD, "--field55", "9F"],
            "--field55",
        ),
        (
            &["sale", "--amount", "1", "--card", CARD, "--contactless"],
            "--contactless",
        ),
        (&["void"], "--sale, --voucher or --last"),
        (&["void", "--last", "--voucher", "1"], "--sale"),
        (&["void", "--voucher", "1234567"], "--voucher"),
        (&["void", "--last", "--approve", "boss"], "--approve"),
        (&["sync", "--wait", "soon"], "--wait"),
        (&["queue", "hold"], "ID"),
        (&["show"], "SALE"),
        (&["show", "S1"], "SALE"),
        (&["verify", "now"], "arguments"),
    ] {
        let done = shop.run(arguments);
        let (kind, found, _) = done.error();
        assert_eq!(
            (done.code, kind.as_str(), found.as_str()),
            (2, "usage", place),
            "{arguments:?}"
        );
        let all = format!("{}{}", done.stdout, done.stderr);
        assert!(!all.contains("622202"), "{arguments:?}");
    }
    assert_eq!(shop.ok(0, &["journal"])["sales"], json!([]));
}
