//! Counts and the one thing worth fixing.

use pos_diagnosis::Situation;
use pos_diagnosis::statistics::{Record, by_cause, by_code, by_hour, worth_fixing};
use pos_domain::{Cause, Code, Lang, LocalCode, NetCode, Rail, WallTime};

fn wire(code: &str) -> Code {
    Code::Wire(Rail::UnionPay, code.to_owned())
}

/// A record at this hour in UTC+8 of one day.
fn record(hour: i64, situation: Situation, code: impl Into<Code>) -> Record {
    Record {
        at: WallTime(1_795_449_600_000 + hour * 3_600_000),
        rail: Some(Rail::UnionPay),
        situation,
        code: code.into(),
    }
}

fn day() -> Vec<Record> {
    use Situation::{Sale, Void};
    vec![
        record(9, Sale, wire("51")),
        record(9, Sale, wire("51")),
        record(10, Sale, wire("51")),
        record(10, Sale, wire("51")),
        record(18, Sale, NetCode::NoAnswer),
        record(18, Void, NetCode::NoAnswer),
        record(23, Void, NetCode::Unreachable),
        record(0, Void, LocalCode::Settled),
        record(12, Sale, wire("00")),
        record(12, Void, LocalCode::Withdrawn),
        record(12, Situation::Upload, wire("94")),
    ]
}

#[test]
fn counts_leave_out_what_is_no_failure() {
    let day = day();
    assert_eq!(by_cause(&day), [(Cause::Limits, 5), (Cause::Network, 3)]);
    let codes = by_code(&day);
    assert_eq!(codes[0], ((Some(Rail::UnionPay), "51".to_owned()), 4));
    assert_eq!(
        codes[1],
        ((Some(Rail::UnionPay), "net.NO_ANSWER".to_owned()), 2)
    );
    assert_eq!(codes.len(), 4);
    let hours = by_hour(&day);
    assert_eq!(
        (
            hours[0], hours[9], hours[10], hours[12], hours[18], hours[23]
        ),
        (1, 2, 2, 0, 2, 1)
    );
    assert_eq!(hours.iter().sum::<usize>(), 8);
}

#[test]
fn worth_fixing_is_the_most_frequent_thing_the_shop_can_change() {
    let worth = worth_fixing(&day()).unwrap();
    assert_eq!(
        (worth.cause, worth.count, worth.total, worth.hour),
        (Cause::Network, 3, 8, 18)
    );
    assert_eq!(worth.code.to_string(), "net.NO_ANSWER");
    assert_eq!(
        worth.sentence(Lang::Zh),
        "最值得先解决的是网络：3 次，占 37%，18 点最多，常见的是“没有收到应答，结果未定”。\
         检查店内网络，在繁忙时段准备备用线路。"
    );
    assert_eq!(
        worth.sentence(Lang::En),
        "Fix the network first: 3 times, 37% of all, mostly after 18:00, usually \
         \"No answer: outcome not proven\". Check the shop's network and have a second line for \
         busy hours."
    );
}

#[test]
fn of_equal_causes_the_one_that_hurts_undos_comes_first() {
    use Situation::{Sale, Void};
    let records = [
        record(8, Sale, NetCode::Unreachable),
        record(8, Sale, NetCode::Unreachable),
        record(9, Void, LocalCode::Settled),
        record(9, Void, LocalCode::DeadlinePassed),
    ];
    assert_eq!(worth_fixing(&records).unwrap().cause, Cause::Limits);
}

#[test]
fn once_is_no_pattern_and_a_customers_balance_is_not_the_shops_to_fix() {
    assert_eq!(worth_fixing(&[]), None);
    assert_eq!(
        worth_fixing(&[record(9, Situation::Sale, NetCode::Unreachable)]),
        None
    );
    let poor = [
        record(9, Situation::Sale, wire("51")),
        record(9, Situation::Sale, wire("51")),
    ];
    assert_eq!(worth_fixing(&poor), None);
    assert_eq!(by_cause(&poor), [(Cause::Limits, 2)]);
}
