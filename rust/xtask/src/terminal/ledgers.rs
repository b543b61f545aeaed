//! Both ledgers side by side: what the terminal believes, what the host has booked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// One sale on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Side {
    /// Minor units that moved for good; None = not known yet (terminal only).
    net: Option<i64>,
    state: String,
}

/// Rail, then batch:trace or the order number.
type Key = (String, String);

/// The sales of one side, oldest first.
type Sales = Vec<(Key, Side)>;

/// `{"terminal","host","equal","differences"}`. `journal` is what the command `journal`
/// prints, `host` what the simulated hosts' control port gives.
pub fn compare(journal: &Value, host: &Value) -> Value {
    let terminal = terminal_sales(journal);
    let booked = host_sales(host);
    let mut differences = violations(host);
    let (ours, theirs) = (by_key(&terminal), by_key(&booked));
    let keys: BTreeSet<&Key> = ours.keys().chain(theirs.keys()).copied().collect();
    for key in keys {
        let (ours, theirs) = (ours.get(key).copied(), theirs.get(key).copied());
        if let Some(why) = difference(ours, theirs) {
            differences.push(json!({
                "rail": key.0,
                "key": key.1,
                "terminal": ours.map(|side| side.net),
                "host": theirs.map(|side| side.net),
                "why": why,
            }));
        }
    }
    json!({
        "terminal": rows(&terminal),
        "host": rows(&booked),
        "equal": differences.is_empty(),
        "differences": differences,
    })
}

/// Why the two sides do not agree. A sale that moved nothing may be absent on either side.
fn difference(terminal: Option<&Side>, host: Option<&Side>) -> Option<&'static str> {
    let booked = host.map_or(Some(0), |side| side.net);
    match terminal {
        Some(Side { net: None, .. }) => Some("unknown"),
        Some(Side { net, .. }) if *net != booked => Some("amount"),
        None if booked != Some(0) => Some("missing"),
        _ => None,
    }
}

fn violations(host: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for (rail, ledger) in host.as_object().into_iter().flatten() {
        for violation in items(ledger, "violations") {
            found.push(json!({
                "rail": rail, "key": null, "terminal": null, "host": violation,
                "why": "violation",
            }));
        }
    }
    found
}

fn by_key(sales: &Sales) -> BTreeMap<&Key, &Side> {
    sales.iter().map(|(key, side)| (key, side)).collect()
}

fn terminal_sales(journal: &Value) -> Sales {
    let mut sales = Sales::new();
    for sale in items(journal, "sales") {
        let rail = text(sale, "rail");
        let order = text(sale, "order_no");
        let key = match order.is_empty() {
            true => format!("{}:{}", text(sale, "batch"), text(sale, "trace")),
            false => order,
        };
        let status = text(sale, "status");
        let undo = sale.get("undo").map(|undo| text(undo, "status"));
        let state = match undo.filter(|undo| !undo.is_empty() && *undo != status) {
            None => status,
            Some(undo) => format!("{status} {undo}"),
        };
        let net = sale.get("net").and_then(Value::as_i64);
        sales.push(((rail, key), Side { net, state }));
    }
    sales
}

fn host_sales(host: &Value) -> Sales {
    let mut sales = Sales::new();
    for (rail, ledger) in host.as_object().into_iter().flatten() {
        for sale in items(ledger, "sales") {
            let net = sale.get("net").and_then(Value::as_i64);
            let side = Side {
                net,
                state: text(sale, "state"),
            };
            sales.push(((rail.clone(), text(sale, "key")), side));
        }
    }
    sales
}

fn rows(sales: &Sales) -> Vec<Value> {
    let mut rows = Vec::new();
    for ((rail, key), Side { net, state }) in sales {
        rows.push(json!({ "rail": rail, "key": key, "net": net, "state": state }));
    }
    rows
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(net: Value) -> Value {
        json!({ "sales": [{
            "rail": "unionpay", "status": "approved", "batch": "000001", "trace": "000007",
            "order_no": null, "net": net, "undo": { "status": "queued" },
        }] })
    }

    fn host(net: i64) -> Value {
        json!({ "unionpay": { "violations": [], "sales": [
            { "key": "000001:000007", "net": net, "state": "booked" },
        ] } })
    }

    fn why(journal: &Value, host: &Value) -> Vec<String> {
        let result = compare(journal, host);
        let why: Vec<String> = items(&result, "differences")
            .map(|d| text(d, "why"))
            .collect();
        assert_eq!(result["equal"], json!(why.is_empty()));
        why
    }

    #[test]
    fn the_same_money_on_both_sides_is_equal() {
        assert!(why(&journal(json!(1234)), &host(1234)).is_empty());
        let empty = json!({ "sales": [] });
        assert!(why(&empty, &json!({})).is_empty());
        assert!(
            why(&journal(json!(0)), &json!({})).is_empty(),
            "declined here, never there"
        );
        assert!(
            why(&empty, &host(0)).is_empty(),
            "reversed there, never here"
        );
    }

    #[test]
    fn every_difference_is_told() {
        assert_eq!(why(&journal(json!(1234)), &host(0)), ["amount"]);
        assert_eq!(why(&journal(json!(1234)), &json!({})), ["amount"]);
        assert_eq!(why(&json!({ "sales": [] }), &host(1234)), ["missing"]);
        assert_eq!(why(&journal(json!("unknown")), &host(1234)), ["unknown"]);
        let broken = json!({ "unionpay": { "sales": [], "violations": ["voided twice"] } });
        assert_eq!(why(&json!({ "sales": [] }), &broken), ["violation"]);
    }

    #[test]
    fn a_done_undo_is_said_once() {
        let sale = |undo: &str| {
            json!({ "sales": [{ "rail": "unionpay", "status": "voided", "batch": "000001",
                "trace": "000007", "net": 0, "undo": { "status": undo } }] })
        };
        let state = |undo: &str| compare(&sale(undo), &json!({}))["terminal"][0]["state"].clone();
        assert_eq!(state("voided"), "voided");
        assert_eq!(state("escalated"), "voided escalated");
    }

    #[test]
    fn each_rail_has_its_own_money_and_rows_stand_in_the_order_of_the_journal() {
        let sale = |(rail, order): (&str, Option<&str>)| {
            json!({ "rail": rail, "status": "approved", "batch": "000001", "trace": "000007",
                "order_no": order, "net": 5, "undo": null })
        };
        let orders = [
            ("wechat", Some("b")),
            ("unionpay", None),
            ("alipay", Some("a")),
        ];
        let journal = json!({ "sales": orders.map(sale) });
        let booked = |key: &str, net: i64| {
            let sale = json!({ "key": key, "net": net, "state": "paid" });
            json!({ "violations": [], "sales": [sale] })
        };
        let hosts = |alipay: i64| {
            let unionpay = booked("000001:000007", 5);
            json!({ "alipay": booked("a", alipay), "wechat": booked("b", 5), "unionpay": unionpay })
        };
        assert!(why(&journal, &hosts(5)).is_empty());
        assert_eq!(why(&journal, &hosts(4)), ["amount"]);
        let result = compare(&journal, &hosts(5));
        let rails = items(&result, "terminal").map(|row| text(row, "rail"));
        assert!(rails.eq(["wechat", "unionpay", "alipay"]), "{result}");
    }

    #[test]
    fn rows_name_key_money_and_state() {
        let result = compare(&journal(json!(1234)), &host(1234));
        let row = json!({ "rail": "unionpay", "key": "000001:000007", "net": 1234,
            "state": "approved queued" });
        assert_eq!(result["terminal"], json!([row]));
    }
}
