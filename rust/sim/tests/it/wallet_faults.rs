//! Faults of the wallets: each action at each moment where it is possible, what is booked, and
//! what the terminal can have read.

use pos_sim::fault::{ActionName, Moment};
use pos_sim::{Connect, WebResponse, WebStep};

use crate::shop::{Shop, WECHAT_CODE, code_of, micropay_fields};

const NO: &str = "T20260101000001";

fn fault(on: &str, at: &str, action: &str, arg: &str) -> String {
    let arg = if arg.is_empty() {
        String::new()
    } else {
        format!("arg=\"{arg}\"\n")
    };
    format!("[[fault]]\nrail=\"wechat\"\non=\"{on}\"\nat=\"{at}\"\ndo=\"{action}\"\n{arg}")
}

fn shape(steps: &[WebStep]) -> String {
    let letter = |step: &WebStep| match step {
        WebStep::Answer(_) => 'a',
        WebStep::Half(_) => 'h',
        WebStep::Rest(_) => 'r',
        WebStep::Wait(_) => 'w',
        WebStep::Close => 'c',
    };
    steps.iter().map(letter).collect()
}

/// The first answer in a word: its code when it is rightly signed and about this order and amount,
/// else what is wrong with it.
fn read(shop: &Shop, answer: &WebResponse) -> String {
    if answer.status != 200 {
        return answer.status.to_string();
    }
    let Ok(text) = std::str::from_utf8(&answer.body) else {
        return "no text".into();
    };
    if !text.starts_with("<xml>") {
        return "no xml".into();
    }
    let (fields, signed) = shop.v2_read(answer);
    match code_of(&fields) {
        code if !signed => format!("unsigned {}", code.split(' ').next().unwrap()),
        code if code == "SUCCESS" && fields["out_trade_no"] != NO => "foreign".into(),
        code if code == "SUCCESS" && fields["total_fee"] != "880" => "other amount".into(),
        code => code,
    }
}

type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
);

/// Moment, action, argument; steps, booked, first answer.
const ROWS: &[Row] = &[
    ("request_read", "drop", "", "", false, ""),
    ("request_read", "delay", "2000", "wa", true, "SUCCESS"),
    ("request_read", "duplicate", "", "a", true, "SUCCESS"),
    ("request_read", "cut", "", "c", false, ""),
    (
        "request_read",
        "corrupt",
        "",
        "a",
        false,
        "unsigned unsigned:",
    ),
    (
        "request_read",
        "wrong_mac",
        "",
        "a",
        false,
        "unsigned unsigned:",
    ),
    ("request_read", "foreign_answer", "", "a", false, "foreign"),
    ("request_read", "code", "NOTENOUGH", "a", false, "NOTENOUGH"),
    ("request_read", "late", "", "", false, ""),
    (
        "request_read",
        "unsigned",
        "",
        "a",
        false,
        "unsigned SUCCESS",
    ),
    (
        "request_read",
        "other_amount",
        "",
        "a",
        false,
        "other amount",
    ),
    ("request_read", "http", "502", "a", false, "502"),
    ("after_booking", "drop", "", "", true, ""),
    ("after_booking", "delay", "2000", "wa", true, "SUCCESS"),
    ("after_booking", "duplicate", "", "aa", true, "SUCCESS"),
    ("after_booking", "cut", "", "c", true, ""),
    (
        "after_booking",
        "corrupt",
        "",
        "a",
        true,
        "unsigned SUCCESS",
    ),
    (
        "after_booking",
        "wrong_mac",
        "",
        "a",
        true,
        "unsigned SUCCESS",
    ),
    ("after_booking", "foreign_answer", "", "a", true, "foreign"),
    (
        "after_booking",
        "code",
        "SYSTEMERROR",
        "a",
        true,
        "SYSTEMERROR",
    ),
    ("after_booking", "late", "", "", true, ""),
    (
        "after_booking",
        "unsigned",
        "",
        "a",
        true,
        "unsigned SUCCESS",
    ),
    (
        "after_booking",
        "other_amount",
        "",
        "a",
        true,
        "other amount",
    ),
    ("after_booking", "http", "502", "a", true, "502"),
    ("mid_answer", "drop", "", "h", true, ""),
    ("mid_answer", "delay", "2000", "hwr", true, "SUCCESS"),
    ("mid_answer", "cut", "", "hc", true, ""),
    ("mid_answer", "corrupt", "", "a", true, "unsigned SUCCESS"),
    ("after_answer", "delay", "2000", "awc", true, "SUCCESS"),
    ("after_answer", "duplicate", "", "aa", true, "SUCCESS"),
    ("after_answer", "cut", "", "ac", true, "SUCCESS"),
    ("after_answer", "foreign_answer", "", "aa", true, "SUCCESS"),
];

#[test]
fn every_action_at_every_moment() {
    for &(at, action, arg, steps, booked, answer) in ROWS {
        let mut shop = Shop::wechat();
        shop.faults(&fault("sale", at, action, arg));
        let request = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
        let got = shop.exchange(&request);
        let why = format!("{action} at {at}");
        assert_eq!(shape(&shop.steps), steps, "{why}");
        assert_eq!(shop.sale(NO).0 == "approved", booked, "{why}");
        let said = got.map(|answer| read(&shop, &answer)).unwrap_or_default();
        assert_eq!(said, answer, "{why}");
        assert!(shop.wallet.faults().is_empty(), "{why}");
        assert!(shop.rules().is_empty(), "{why}");
        assert_eq!(shop.trade_state(NO) == "SUCCESS", booked, "{why}");
    }
    let possible = Moment::ALL
        .iter()
        .filter(|at| **at != Moment::BeforeConnect)
        .flat_map(|at| ActionName::ALL.iter().filter(|name| name.possible_at(*at)))
        .filter(|name| **name != ActionName::Cutover)
        .count();
    assert_eq!(ROWS.len(), possible, "every possible pair has a row");
}

#[test]
fn something_else_answers_in_the_wallets_stead() {
    for (arg, said) in [
        ("503", "503"),
        ("html", "no xml"),
        ("redirect", "302"),
        ("charset", "no text"),
        ("empty", "no xml"),
    ] {
        let mut shop = Shop::wechat();
        shop.faults(&fault("sale", "after_booking", "http", arg));
        let request = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
        let answer = shop.exchange(&request).unwrap();
        assert_eq!(read(&shop, &answer), said);
        assert_eq!(shop.trade_state(NO), "SUCCESS");
    }
    for arg in ["200", "600", "502x", ""] {
        let toml = fault("sale", "after_booking", "http", arg);
        assert!(pos_sim::fault::parse(&toml).is_err(), "{arg}");
    }
}

#[test]
fn a_late_request_is_booked_after_a_reversal_only_if_the_number_is_open() {
    for (closes, state) in [(true, "none"), (false, "approved")] {
        let mut shop = Shop::wechat_with(&pos_sim::WalletSettings {
            undo_closes_unknown: closes,
            ..pos_sim::WalletSettings::default()
        });
        shop.faults(&fault("sale", "request_read", "late", "2"));
        let request = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
        assert!(shop.exchange(&request).is_none());
        shop.wait(45);
        assert_eq!(shop.reverse(NO), "N");
        assert_eq!(shop.trade_state(NO), "ORDERNOTEXIST");
        assert_eq!(shop.sale(NO).0, state);
    }
}

#[test]
fn a_void_is_any_request_that_gives_the_whole_back() {
    let mut shop = Shop::wechat();
    shop.micropay(NO, 880, WECHAT_CODE);
    shop.faults(&fault("void", "request_read", "code", "SYSTEMERROR"));
    assert_eq!(shop.refund(NO, "R1", 880, 300), "SUCCESS");
    shop.micropay("T2", 880, "134650201234567891");
    assert_eq!(shop.refund("T2", "R2", 880, 880), "SYSTEMERROR");
    shop.faults(&fault("void", "request_read", "code", "SYSTEMERROR"));
    assert_eq!(shop.reverse("T2"), "SYSTEMERROR");
    assert_eq!(shop.sale("T2").1, 880);
}

#[test]
fn connecting_can_be_refused_and_another_rails_fault_waits() {
    let mut shop = Shop::wechat();
    shop.wallet.set_offline(true);
    assert_eq!(shop.wallet.on_connect(shop.now), Connect::Refuse);
    shop.wallet.set_offline(false);
    assert_eq!(shop.wallet.on_connect(shop.now), Connect::Accept);
    shop.faults(&fault("any", "before_connect", "drop", ""));
    assert_eq!(shop.wallet.on_connect(shop.now), Connect::Refuse);
    assert_eq!(shop.wallet.on_connect(shop.now), Connect::Accept);
    shop.faults(&fault("sale", "request_read", "drop", "").replace("wechat", "alipay"));
    shop.faults(&fault("sale", "request_read", "code", "98"));
    assert_eq!(shop.sold(NO, 880, WECHAT_CODE), "SUCCESS");
    assert_eq!(shop.wallet.faults().list().len(), 2);
}

/// What a careless terminal does after a lost answer, and what the wallet says of it.
#[test]
fn careless_terminals_are_noticed() {
    let lost = |on: &str, at: &str| {
        let mut shop = Shop::wechat();
        shop.micropay(NO, 880, WECHAT_CODE);
        shop.faults(&fault(on, at, "drop", ""));
        shop
    };
    let refund = |shop: &mut Shop, number: &str, amount: i64| {
        let amount = amount.to_string();
        let fields = [
            ("out_trade_no", NO),
            ("out_refund_no", number),
            ("total_fee", "880"),
            ("refund_fee", &amount),
        ];
        let request = shop.v2_request("/secapi/pay/refund", &fields);
        shop.exchange(&request);
        shop.wait(60);
    };
    for at in ["after_booking", "request_read"] {
        // A refund with a new number after a time-out.
        let mut shop = lost("refund", at);
        refund(&mut shop, "R1", 400);
        refund(&mut shop, "R2", 400);
        assert_eq!(shop.rules(), ["undo_resent"], "{at}");
        // The same number again is right.
        let mut shop = lost("refund", at);
        refund(&mut shop, "R1", 400);
        refund(&mut shop, "R1", 400);
        refund(&mut shop, "R2", 400);
        assert!(shop.rules().is_empty(), "{at}");
    }
    // A refund while a reversal is unanswered.
    let mut shop = lost("reverse", "after_booking");
    shop.wait(15);
    let request = shop.v2_request("/secapi/pay/reverse", &[("out_trade_no", NO)]);
    assert!(shop.exchange(&request).is_none());
    refund(&mut shop, "R1", 880);
    assert_eq!(shop.rules(), ["undo_resent"]);
    assert_eq!(shop.sale(NO).1, 0);
    // The reversal again, or a refund that a query has told of, is right.
    let mut shop = lost("reverse", "after_booking");
    shop.wait(15);
    shop.exchange(&request);
    assert_eq!(shop.reverse(NO), "N");
    assert!(shop.rules().is_empty());
    // A second sale with the same code while the first is unanswered.
    let mut shop = Shop::wechat();
    shop.faults(&fault("sale", "after_booking", "drop", ""));
    let request = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
    assert!(shop.exchange(&request).is_none());
    assert_eq!(shop.sold("T2", 880, WECHAT_CODE), "AUTH_CODE_INVALID");
    assert_eq!(shop.rules(), ["code_resent"]);
}

/// A code that leaves it open binds the terminal to its number; a definite one frees it, even as a
/// lie.
#[test]
fn a_code_that_leaves_it_open_frees_nobody() {
    for (code, rules) in [("SYSTEMERROR", &["undo_resent"][..]), ("ERROR", &[])] {
        let mut shop = Shop::wechat();
        shop.micropay(NO, 880, WECHAT_CODE);
        shop.faults(&fault("refund", "after_booking", "code", code));
        assert_eq!(shop.refund(NO, "R1", 880, 400), code);
        shop.wait(60);
        assert_eq!(shop.refund(NO, "R2", 880, 400), "SUCCESS");
        assert_eq!(shop.rules(), rules, "{code}");
    }
}
