//! Faults: their file form, and each action at each moment where it is possible.

use pos_sim::fault::{self, ActionName, Moment};
use pos_sim::{Connect, Step};

use crate::desk::{Desk, Draft};

fn fault(on: &str, at: &str, action: &str, arg: &str) -> String {
    let arg = if arg.is_empty() {
        String::new()
    } else {
        format!("arg=\"{arg}\"\n")
    };
    format!("[[fault]]\non=\"{on}\"\nat=\"{at}\"\ndo=\"{action}\"\n{arg}")
}

/// What only a wallet can do wrong.
const FOR_WALLETS: [ActionName; 3] = [
    ActionName::Unsigned,
    ActionName::OtherAmount,
    ActionName::Http,
];

fn argument(action: ActionName) -> &'static str {
    match action {
        ActionName::Delay => "2000",
        ActionName::Code => "98",
        ActionName::Http => "502",
        _ => "",
    }
}

/// One sale under one fault: what the terminal sees, and whether it is booked.
struct Struck {
    desk: Desk,
    sale: Draft,
}

fn struck(at: &str, action: &str, arg: &str) -> Struck {
    let mut desk = Desk::signed_in();
    desk.faults(&fault("sale", at, action, arg));
    let sale = desk.sale(100);
    desk.try_send(&sale);
    Struck { desk, sale }
}

impl Struck {
    fn booked(&self) -> bool {
        self.desk.sale_state(&self.sale).0 != "none"
    }

    fn codes(&self) -> Vec<String> {
        self.desk
            .answers()
            .iter()
            .map(|answer| answer.code().to_owned())
            .collect()
    }

    fn shape(&self) -> String {
        let letter = |step: &Step| match step {
            Step::Send(_) => 's',
            Step::Wait(_) => 'w',
            Step::Close => 'c',
        };
        self.desk.steps.iter().map(letter).collect()
    }

    fn right_macs(&self) -> usize {
        self.desk
            .answers()
            .iter()
            .filter(|answer| self.desk.mac_is_right(answer))
            .count()
    }
}

type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static [&'static str],
    usize,
);

/// Moment, action, argument; steps, booked, codes of whole answers, how many have a right MAC.
const ROWS: &[Row] = &[
    ("request_read", "drop", "", "", false, &[], 0),
    ("request_read", "delay", "2000", "ws", true, &["00"], 1),
    (
        "request_read",
        "duplicate",
        "",
        "ss",
        true,
        &["00", "94"],
        2,
    ),
    ("request_read", "cut", "", "c", false, &[], 0),
    ("request_read", "corrupt", "", "s", false, &["A0"], 1),
    ("request_read", "wrong_mac", "", "s", false, &["A0"], 1),
    ("request_read", "foreign_answer", "", "s", false, &["00"], 1),
    ("request_read", "code", "98", "s", false, &["98"], 1),
    ("request_read", "late", "", "", false, &[], 0),
    ("request_read", "cutover", "", "s", true, &["00"], 1),
    ("after_booking", "drop", "", "", true, &[], 0),
    ("after_booking", "delay", "2000", "ws", true, &["00"], 1),
    (
        "after_booking",
        "duplicate",
        "",
        "ss",
        true,
        &["00", "00"],
        2,
    ),
    ("after_booking", "cut", "", "c", true, &[], 0),
    ("after_booking", "corrupt", "", "s", true, &["00"], 0),
    ("after_booking", "wrong_mac", "", "s", true, &["00"], 0),
    (
        "after_booking",
        "foreign_answer",
        "",
        "ss",
        true,
        &["00", "00"],
        2,
    ),
    ("after_booking", "code", "98", "s", true, &["98"], 1),
    ("after_booking", "late", "", "", true, &[], 0),
    ("after_booking", "cutover", "", "s", true, &["00"], 1),
    ("mid_answer", "drop", "", "s", true, &[], 0),
    ("mid_answer", "delay", "2000", "sws", true, &["00"], 1),
    ("mid_answer", "cut", "", "sc", true, &[], 0),
    ("mid_answer", "corrupt", "", "ss", true, &["00"], 0),
    ("mid_answer", "cutover", "", "ss", true, &["00"], 1),
    ("after_answer", "delay", "2000", "swc", true, &["00"], 1),
    (
        "after_answer",
        "duplicate",
        "",
        "ss",
        true,
        &["00", "00"],
        2,
    ),
    ("after_answer", "cut", "", "sc", true, &["00"], 1),
    (
        "after_answer",
        "foreign_answer",
        "",
        "ss",
        true,
        &["00", "00"],
        2,
    ),
    ("after_answer", "cutover", "", "s", true, &["00"], 1),
];

#[test]
fn what_each_action_does_at_each_moment() {
    for &(at, action, arg, shape, booked, codes, right) in ROWS {
        let struck = struck(at, action, arg);
        let why = format!("{action} at {at}");
        assert_eq!(struck.shape(), shape, "{why}");
        assert_eq!(struck.booked(), booked, "{why}");
        assert_eq!(struck.codes(), codes, "{why}");
        assert_eq!(struck.right_macs(), right, "{why}");
        assert!(struck.desk.host.faults().is_empty(), "{why}");
    }
    let possible = Moment::ALL
        .iter()
        .filter(|at| **at != Moment::BeforeConnect)
        .flat_map(|at| ActionName::ALL.iter().filter(|name| name.possible_at(*at)))
        .filter(|name| !FOR_WALLETS.contains(name))
        .count();
    assert_eq!(ROWS.len(), possible, "every possible pair has a row");
}

#[test]
fn connecting_can_be_refused_once() {
    for action in ["drop", "cut"] {
        let mut desk = Desk::signed_in();
        desk.faults(&fault("any", "before_connect", action, ""));
        assert_eq!(desk.host.on_connect(desk.now), Connect::Refuse);
        assert_eq!(desk.host.on_connect(desk.now), Connect::Accept);
    }
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    desk.faults(&fault("any", "before_connect", "cutover", ""));
    assert_eq!(desk.host.on_connect(desk.now), Connect::Accept);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "12");
}

#[test]
fn offline_refuses_until_online() {
    let mut desk = Desk::new();
    desk.host.set_offline(true);
    assert_eq!(desk.host.on_connect(desk.now), Connect::Refuse);
    desk.host.set_offline(false);
    assert_eq!(desk.host.on_connect(desk.now), Connect::Accept);
}

#[test]
fn a_foreign_answer_has_another_trace() {
    let struck = struck("after_booking", "foreign_answer", "");
    let traces: Vec<_> = struck
        .desk
        .answers()
        .iter()
        .map(|a| a.text(11).to_owned())
        .collect();
    assert_eq!(traces, ["000003", "000002"]);
}

#[test]
fn a_late_answer_comes_first_on_a_later_connection() {
    let Struck { mut desk, sale } = struck("after_booking", "late", "2");
    let reversal = sale.reversal();
    desk.faults(&fault("reversal_sale", "request_read", "drop", ""));
    assert!(desk.try_send(&reversal).is_none());
    desk.send(&reversal);
    let seen: Vec<_> = desk
        .answers()
        .iter()
        .map(|answer| (answer.0.mti.to_string(), answer.code().to_owned()))
        .collect();
    assert_eq!(
        seen,
        [("0210".into(), "00".into()), ("0410".into(), "00".into())]
    );
    assert_eq!(desk.sale_state(&sale), ("reversed".into(), 0));
}

#[test]
fn a_late_request_is_booked_after_its_reversal() {
    let Struck { mut desk, sale } = struck("request_read", "late", "");
    assert_eq!(desk.send(&sale.reversal()).code(), "25");
    assert_eq!(desk.sale_state(&sale), ("approved".into(), 100));
    assert_eq!(desk.send(&sale.reversal()).code(), "00");
    assert_eq!(desk.sale_state(&sale), ("reversed".into(), 0));
    assert!(desk.rules().is_empty());
}

#[test]
fn faults_skip_and_run_out() {
    let mut desk = Desk::signed_in();
    let mut toml = fault("sale", "request_read", "code", "96");
    toml.push_str("skip=1\ntimes=2\n");
    desk.faults(&toml);
    let codes: Vec<_> = (0..4)
        .map(|_| {
            let sale = desk.sale(100);
            desk.send(&sale).code().to_owned()
        })
        .collect();
    assert_eq!(codes, ["00", "96", "96", "00"]);
}

#[test]
fn a_fault_strikes_only_its_kind() {
    let mut desk = Desk::signed_in();
    desk.faults(&fault("void", "after_booking", "code", "96"));
    let (sale, answer) = desk.approved_sale(100);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(desk.send(&void).code(), "96");
    assert_eq!(desk.sale_state(&sale).0, "voided");
    desk.faults(&fault("any", "after_booking", "wrong_mac", ""));
    desk.host.clear_faults();
    desk.approved_sale(100);
}

#[test]
fn a_wrong_check_value_at_sign_in() {
    let mut desk = Desk::new();
    let good = desk.sign_in("003").0.fields.get(62).unwrap().to_vec();
    let mut desk = Desk::new();
    desk.faults(&fault("sign_in", "after_booking", "wrong_mac", ""));
    let bad = desk.sign_in("003").0.fields.get(62).unwrap().to_vec();
    assert_eq!(good[..39], bad[..39]);
    assert_ne!(good[39], bad[39]);
}

/// The body of a table; line, key and a part of what is said about it.
const BAD_FILES: &[(&str, usize, Option<&str>, &str)] = &[
    (
        "on=\"sales\"\nat=\"request_read\"\ndo=\"drop\"",
        3,
        Some("on"),
        "none of any, sign_in",
    ),
    (
        "on=\"sale\"\nat=\"later\"\ndo=\"drop\"",
        4,
        Some("at"),
        "before_connect",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"explode\"",
        5,
        Some("do"),
        "foreign_answer",
    ),
    (
        "on=\"sale\"\nat=\"before_connect\"\ndo=\"drop\"",
        3,
        Some("on"),
        "not known yet",
    ),
    (
        "on=\"sale\"\nat=\"after_answer\"\ndo=\"code\"\narg=\"98\"",
        5,
        Some("do"),
        "after_answer",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"code\"",
        5,
        Some("do"),
        "answer code",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"code\"\narg=\"9\"",
        6,
        Some("arg"),
        "answer code",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"delay\"\narg=\"x\"",
        6,
        Some("arg"),
        "millisec",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"drop\"\narg=\"1\"",
        6,
        Some("arg"),
        "no argument",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"drop\"\ntimes=0",
        6,
        Some("times"),
        "1 to",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"drop\"\nskip=-1",
        6,
        Some("skip"),
        "0 to",
    ),
    (
        "on=\"sale\"\nat=\"request_read\"\ndo=\"drop\"\nwhen=1",
        6,
        None,
        "when",
    ),
    ("on=\"sale\"\nat=\"request_read\"", 2, None, "do"),
    ("on=\"sale", 3, None, ""),
];

#[test]
fn a_fault_file_names_line_and_key() {
    let line = |body: &str| format!("# faults\n[[fault]]\n{body}");
    for &(body, at, key, part) in BAD_FILES {
        let error = fault::parse(&line(body)).unwrap_err();
        assert_eq!((error.line, error.key), (at, key), "{error}");
        assert!(error.detail.contains(part), "{error}");
        assert!(error.to_string().starts_with(&format!("line {at}: ")));
    }
    let number = fault::parse(&line(
        "on=\"any\"\nat=\"after_answer\"\ndo=\"delay\"\narg=20",
    ));
    assert_eq!(number.unwrap()[0].action, fault::Action::Delay { ms: 20 });
    assert_eq!(fault::parse("").unwrap(), []);
    assert!(
        fault::parse("[[faults]]\n")
            .unwrap_err()
            .to_string()
            .contains("faults")
    );
}

#[test]
fn every_action_has_an_argument_rule() {
    for name in ActionName::ALL {
        let toml = fault("sale", "request_read", name.as_str(), argument(*name));
        assert_eq!(fault::parse(&toml).unwrap().len(), 1, "{name}");
    }
}
