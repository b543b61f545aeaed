//! Refunds, settlement, and the acquirer's statement.

use serde_json::{Value, json};

use crate::people::{BOSS, OTHER, TILL, staffed};
use crate::support::{CARD, Shop, TRACK2, keys};

fn code(object: &Value) -> &str {
    object["code"].as_str().unwrap_or_default()
}

fn undo_id(of: &Value) -> String {
    of.as_str().unwrap().to_owned()
}

#[test]
fn refunds_together_never_exceed_the_sale() {
    let shop = Shop::open();
    let id = shop.sale("10");
    let refund = |code, amount: &str| {
        shop.ok(
            code,
            &[
                "refund", "--sale", &id, "--amount", amount, "--track2", TRACK2,
            ],
        )
    };
    let part = refund(0, "4");
    assert_eq!(
        keys(&part),
        [
            "refund",
            "sale",
            "rail",
            "status",
            "deadline",
            "deadline_certain",
            "code",
            "explanation"
        ]
    );
    assert_eq!(part["status"], "refunded");
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&sale["status"], &sale["net"]),
        (&json!("partly_refunded"), &json!(600))
    );
    assert_eq!(code(&refund(3, "6.01")), "local.OVER_REMAINING");
    let void = shop.ok(3, &["void", "--last"]);
    assert_eq!(code(&void), "local.PARTLY_REFUNDED");
    assert_eq!(refund(0, "6")["status"], "refunded");
    assert_eq!(code(&refund(3, "0.01")), "local.ALREADY_UNDONE");
    shop.assert_equal_ledgers();
}

#[test]
fn a_refund_wants_the_card_that_paid() {
    let shop = Shop::open();
    shop.sale("10");
    let refund =
        |card: &[&str]| shop.ok(3, &[&["refund", "--last", "--amount", "1"], card].concat());
    assert_eq!(code(&refund(&["--card", CARD])), "local.CARD_NEEDED");
    let other = "6222020000000000026=30121010000";
    assert_eq!(code(&refund(&["--track2", other])), "local.OTHER_CARD");
    shop.host.order("offline");
    let waiting = ["refund", "--last", "--amount", "1", "--track2", TRACK2];
    let noted = shop.ok(4, &waiting);
    assert_eq!(noted["status"], "needs_card");
    shop.host.order("online");
    let done = shop.ok(0, &waiting);
    assert_eq!(
        (&done["status"], &done["refund"]),
        (&json!("refunded"), &noted["refund"])
    );
    shop.assert_equal_ledgers();
}

#[test]
fn i04_an_unanswered_refund_is_closed_only_by_a_statement_of_two_people() {
    let shop = staffed();
    let sale = shop.run_as("01", TILL, &["sale", "--amount", "10", "--card", CARD]);
    assert_eq!(sale.code, 0, "{}", sale.stdout);
    shop.host.breaks("refund", "after_booking", "drop");
    let both = format!("{TILL}\n{BOSS}");
    let refund = [
        "refund",
        "--last",
        "--amount",
        "10",
        "--track2",
        TRACK2,
        "--approve",
        "90",
    ];
    let refund = shop.run_as("01", &both, &refund);
    assert_eq!(
        (refund.code, &refund.object()["status"]),
        (4, &json!("unknown"))
    );
    let id = undo_id(&refund.object()["refund"]);
    shop.ok(4, &["sync"]);
    assert_eq!(shop.ok(0, &["journal"])["sales"][0]["net"], "unknown");

    let resolve = |pins: &str, approve: &[&str]| {
        let start = ["resolve", &id, "--executed", "--ref", "letter 17"];
        shop.run_as("01", pins, &[&start[..], approve].concat())
    };
    let alone = resolve(&both, &["--approve", "90"]);
    assert_eq!(
        keys(&alone.object()),
        ["id", "status", "code", "explanation"]
    );
    assert_eq!(
        (alone.code, code(&alone.object())),
        (3, "local.TWO_PEOPLE_NEEDED")
    );
    let twice = resolve(
        &format!("{TILL}\n{BOSS}\n{BOSS}"),
        &["--approve", "90", "--approve", "90"],
    );
    assert_eq!(code(&twice.object()), "local.APPROVAL_SAME_PERSON");
    let two = format!("{TILL}\n{BOSS}\n{OTHER}");
    let done = resolve(&two, &["--approve", "90", "--approve", "91"]);
    assert_eq!(
        (done.code, &done.object()["status"]),
        (0, &json!("refunded"))
    );
    let again = resolve(&two, &["--approve", "90", "--approve", "91"]);
    assert_eq!(
        (again.code, code(&again.object())),
        (3, "local.NOT_IN_THIS_STATE")
    );
    shop.assert_equal_ledgers();
}

#[test]
fn a_statement_is_about_something_and_names_no_card() {
    let shop = Shop::open();
    let wrong = |arguments: &[&str]| shop.run(&[&["resolve"], arguments].concat()).error().1;
    assert_eq!(wrong(&["S1", "--executed"]), "--ref");
    assert_eq!(wrong(&["S1", "--ref", "x"]), "--executed or --not-executed");
    assert_eq!(wrong(&["--executed", "--ref", "x"]), "ID");
    assert_eq!(
        wrong(&["S1", "--executed", "--not-executed", "--ref", "x"]),
        "--not-executed"
    );
    let card = ["S1", "--executed", "--ref", "card 6222020000000000018"];
    assert_eq!(wrong(&card), "--ref");
    let nothing = shop.ok(3, &["resolve", "S1", "--executed", "--ref", "x"]);
    assert_eq!(code(&nothing), "local.NOT_FOUND");
}

#[test]
fn a_refund_by_reference_finds_its_sale_or_gets_a_row_of_its_own() {
    let shop = Shop::open();
    let sale = shop.ok(0, &["sale", "--amount", "10", "--track2", TRACK2]);
    let reference = sale["reference"].as_str().unwrap();
    let today = &reference[..4];
    let refund = |code, arguments: &[&str]| {
        let fixed = ["refund", "--track2", TRACK2, "--amount", "4"];
        shop.ok(code, &[&fixed[..], arguments].concat())
    };
    let known = refund(0, &["--reference", reference, "--date", today]);
    assert_eq!(known["sale"], sale["sale"]);
    let foreign = refund(
        3,
        &["--reference", "999999999999", "--date", "0101", "--of", "5"],
    );
    assert_eq!(
        (&foreign["status"], code(&foreign)),
        (&json!("refused"), "25")
    );
    assert_ne!(foreign["sale"], sale["sale"]);
    for (arguments, place) in [
        (&["--reference", "99", "--date", "0101"][..], "--reference"),
        (&["--reference", "999999999999"], "--date"),
        (&["--reference", "999999999999", "--date", "1301"], "--date"),
        (
            &["--reference", "999999999999", "--date", "0101", "--last"],
            "--reference",
        ),
        (&["--date", "0101"], "--reference"),
        (&[], "--sale, --voucher or --last"),
    ] {
        let fixed = ["refund", "--track2", TRACK2, "--amount", "4"];
        let done = shop.run(&[&fixed[..], arguments].concat());
        assert_eq!(
            (done.code, done.error().1.as_str()),
            (2, place),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_last_one_is_never_an_older_one() {
    let shop = Shop::open();
    let sale = shop.sale("5");
    shop.ok(0, &["preauth", "--amount", "20", "--track2", TRACK2]);
    let done = ["complete", "--last", "--amount", "15", "--track2", TRACK2];
    let completion = shop.ok(0, &done)["sale"].clone();
    let foreign = [
        "refund",
        "--reference",
        "999999999999",
        "--date",
        "0101",
        "--amount",
        "1",
    ];
    shop.ok(3, &[&foreign[..], &["--track2", TRACK2]].concat());
    let void = shop.ok(0, &["void", "--last"]);
    assert_eq!(void["sale"], completion);
    assert_eq!(
        shop.ok(0, &["journal"])["sales"][0]["net"],
        500,
        "{sale} stands"
    );
    assert_eq!(shop.host.book()["net"], 500);
}

#[test]
fn i04_without_people_a_statement_is_refused_and_the_way_is_told() {
    let shop = Shop::open();
    shop.sale("10");
    shop.host.breaks("refund", "after_booking", "drop");
    let refund = ["refund", "--last", "--amount", "10", "--track2", TRACK2];
    let refund = shop.ok(4, &refund);
    let id = undo_id(&refund["refund"]);
    let alone = shop.run(&["resolve", &id, "--executed", "--ref", "letter 17"]);
    assert_eq!(
        (alone.code, code(&alone.object())),
        (3, "local.TWO_PEOPLE_NEEDED")
    );
    assert!(
        alone.stderr.contains("operator add NO --supervisor"),
        "{}",
        alone.stderr
    );
    let add = |operator: &str, pins: &str, arguments: &[&str]| {
        let all = [&["operator", "add"][..], arguments].concat();
        assert_eq!(shop.run_as(operator, pins, &all).code, 0);
    };
    add("01", BOSS, &["90", "--supervisor"]);
    let pins = format!("{BOSS}\n{BOSS}\n{TILL}");
    add("90", &pins, &["01", "--approve", "90"]);
    let both = ["--approve", "90", "--approve", "01"];
    let resolve = ["resolve", &id, "--executed", "--ref", "letter 17"];
    let pins = format!("{TILL}\n{BOSS}\n{TILL}");
    let done = shop.run_as("01", &pins, &[&resolve[..], &both].concat());
    assert_eq!(done.code, 0, "{}", done.stdout);
}

#[test]
fn a_batch_is_settled_and_its_sales_can_only_be_refunded() {
    let shop = Shop::open();
    shop.sale("10");
    shop.sale("20");
    shop.ok(0, &["void", "--last"]);
    let settled = shop.ok(0, &["settle"]);
    assert_eq!(
        keys(&settled),
        [
            "status",
            "batch",
            "debit",
            "credit",
            "uploaded",
            "left",
            "items",
            "cleared",
            "code",
            "explanation"
        ]
    );
    assert_eq!(
        (&settled["status"], &settled["batch"]),
        (&json!("balanced"), &json!("000001"))
    );
    assert_eq!(settled["debit"], json!({"count": 2, "amount": 3000}));
    assert_eq!(settled["credit"], json!({"count": 1, "amount": 2000}));
    let late = shop.ok(3, &["void", "--voucher", "2"]);
    assert_eq!(code(&late), "local.SETTLED");
    let refund = [
        "refund",
        "--voucher",
        "2",
        "--amount",
        "10",
        "--track2",
        TRACK2,
    ];
    assert_eq!(shop.ok(0, &refund)["status"], "refunded");
    shop.assert_equal_ledgers();
}

#[test]
fn an_open_void_stops_the_settlement_until_a_supervisor_passes_it_over() {
    let shop = staffed();
    assert_eq!(
        shop.run_as("01", TILL, &["sale", "--amount", "10", "--card", CARD])
            .code,
        0
    );
    shop.host.order("offline");
    let both = format!("{TILL}\n{BOSS}");
    let void = shop
        .run_as("01", &both, &["void", "--last", "--approve", "90"])
        .object();
    let id = undo_id(&void["void"]);
    let held = shop.run_as("01", TILL, &["queue", "hold", &id]);
    assert_eq!(held.code, 4);
    shop.host.order("online");
    let stopped = shop.run_as("01", TILL, &["settle"]);
    let object = stopped.object();
    assert_eq!((stopped.code, &object["status"]), (4, &json!("blocked")));
    assert_eq!(
        (code(&object), &object["left"]),
        ("local.UNDOS_OPEN", &json!(1))
    );
    assert_eq!(object["items"][0]["id"], id.as_str());
    let over = ["settle", "--pass-over", &id];
    let alone = shop.run_as("01", TILL, &over);
    assert_eq!(
        (alone.code, code(&alone.object())),
        (3, "local.APPROVAL_NEEDED")
    );
    let wrong = shop.run_as("01", TILL, &["settle", "--pass-over", "V1"]);
    assert_eq!((wrong.code, wrong.error().1.as_str()), (2, "--pass-over"));
    let done = shop.run_as("01", &both, &[&over[..], &["--approve", "90"]].concat());
    assert_eq!(
        (done.code, &done.object()["status"]),
        (0, &json!("balanced")),
        "{}",
        done.stdout
    );
    let sale = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(sale["undo"]["status"], "refund_offered");
    assert_eq!(sale["net"], 1000);
    shop.assert_equal_ledgers();
}
