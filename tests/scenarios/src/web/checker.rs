//! The state checker for wallets: the terminal's journal against each wallet's money ledger.

use pos_domain::{Rail, SaleStatus};
use pos_ledger::{JournalFilter, Net, SaleView};
use serde_json::Value;

use super::WebShop;
use crate::checker::Finding;

fn finding(check: &'static str, detail: impl Into<String>) -> Finding {
    Finding {
        check,
        detail: detail.into(),
    }
}

/// Compares terminal and wallets. What is unknown may be either at the wallet; everything else must
/// be equal to the fen, and nothing may be taken that the counter was told is not.
pub fn web_findings(shop: &WebShop) -> Vec<Finding> {
    let mut found = Vec::new();
    let verified = shop.read(|query| query.verify());
    found.extend(
        verified
            .problems
            .iter()
            .map(|p| finding("verify", format!("{}: {}", p.rule, p.subject))),
    );
    let ledger = shop.hosts().ledger();
    for rail in Rail::ALL {
        for violation in list(&ledger, *rail, "violations") {
            found.push(finding("violation", violation.to_string()));
        }
    }
    let filter = JournalFilter {
        limit: 100_000,
        ..JournalFilter::default()
    };
    let sales = shop.read(|query| query.sales(&filter));
    found.extend(sales.iter().filter_map(|sale| compare(sale, &ledger)));
    found.extend(unknown_to_the_terminal(&sales, &ledger));
    found
}

fn list<'a>(ledger: &'a Value, rail: Rail, name: &str) -> impl Iterator<Item = &'a Value> {
    ledger[rail.as_str()][name].as_array().into_iter().flatten()
}

/// What the wallet has taken under an order's number.
fn net_at_wallet(ledger: &Value, rail: Rail, number: &str) -> i64 {
    list(ledger, rail, "sales")
        .find(|sale| sale["key"] == number)
        .and_then(|sale| sale["net"].as_i64())
        .unwrap_or(0)
}

fn compare(sale: &SaleView, ledger: &Value) -> Option<Finding> {
    let original = &sale.original;
    let number = original.order_no.as_deref()?;
    let at_wallet = net_at_wallet(ledger, original.rail, number);
    let id = &original.id;
    match sale.net {
        Net::Known(net) if net != at_wallet => Some(finding(
            "equal",
            format!("{id} {number}: terminal {net}, wallet {at_wallet}"),
        )),
        Net::Known(_) => None,
        Net::Unknown => {
            let undo_open = sale.undo.as_ref().is_some_and(|undo| undo.status.is_open());
            let open = matches!(original.status, SaleStatus::Sending | SaleStatus::Unknown);
            (!undo_open && !open)
                .then(|| finding("equal", format!("{id}: unknown and nothing owed")))
        }
    }
}

fn unknown_to_the_terminal(sales: &[SaleView], ledger: &Value) -> Vec<Finding> {
    let known = |number: &Value| {
        sales
            .iter()
            .any(|sale| sale.original.order_no.as_deref() == number.as_str())
    };
    Rail::ALL
        .iter()
        .flat_map(|rail| list(ledger, *rail, "sales"))
        .filter(|sale| sale["net"].as_i64() != Some(0) && !known(&sale["key"]))
        .map(|sale| {
            finding(
                "equal",
                format!("{}: only the wallet knows it", sale["key"]),
            )
        })
        .collect()
}
