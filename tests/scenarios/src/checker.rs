//! The state checker: both money ledgers, the terminal's rules, and what no terminal may do.

use pos_domain::status::ObligationKind;
use pos_domain::{Id, OriginalKind, SaleStatus, UndoStatus};
use pos_ledger::{JournalFilter, Net, SaleView};
use serde_json::Value;

use crate::shop::Shop;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// What it saw.
    pub detail: String,
}

fn finding(check: &'static str, detail: impl Into<String>) -> Finding {
    Finding {
        check,
        detail: detail.into(),
    }
}

/// Compares terminal and host. A sale whose net is unknown may be either at the host; everything
/// else must be equal to the fen.
pub fn findings(shop: &Shop) -> Vec<Finding> {
    let mut found = Vec::new();
    let verified = shop
        .desk
        .ledger
        .read(|query| query.verify())
        .expect("the ledger");
    found.extend(
        verified
            .problems
            .iter()
            .map(|p| finding("verify", format!("{}: {}", p.rule, p.subject))),
    );
    let host = shop.host().ledger();
    for violation in host["violations"].as_array().into_iter().flatten() {
        found.push(finding("violation", violation.to_string()));
    }
    let filter = JournalFilter {
        limit: 10_000,
        ..JournalFilter::default()
    };
    let sales = shop
        .desk
        .ledger
        .read(|query| query.sales(&filter))
        .expect("the journal");
    for sale in &sales {
        let id = &sale.original.id;
        found.extend(compare(sale, &host).filter(|_| !is_at_risk(shop, id)));
    }
    found.extend(unknown_to_the_terminal(&sales, &host));
    found
}

fn key(sale: &SaleView) -> Option<String> {
    let original = &sale.original;
    Some(format!(
        "{}:{}",
        original.batch.as_deref()?,
        original.trace.as_deref()?
    ))
}

fn at_host<'a>(host: &'a Value, list: &str, key: &str) -> Option<&'a Value> {
    host[list].as_array()?.iter().find(|one| one["key"] == key)
}

/// What the host has taken, or holds, under this key.
fn net_at_host(sale: &SaleView, host: &Value, key: &str) -> i64 {
    if sale.original.kind != OriginalKind::Preauth {
        let taken = at_host(host, "sales", key).and_then(|sale| sale["net"].as_i64());
        return taken.unwrap_or(0);
    }
    let hold = at_host(host, "holds", key);
    let stands = hold.filter(|hold| hold["state"] == "approved" || hold["state"] == "completed");
    stands.and_then(|hold| hold["amount"].as_i64()).unwrap_or(0)
}

fn compare(sale: &SaleView, host: &Value) -> Option<Finding> {
    let id = &sale.original.id;
    if sale.original.kind == OriginalKind::Unmatched {
        let taken = matches!(sale.net, Net::Known(net) if net > 0);
        return taken.then(|| finding("equal", format!("{id}: taken elsewhere, counted here")));
    }
    let Some(key) = key(sale) else {
        let sent = sale.status != SaleStatus::NotSent;
        return sent.then(|| finding("equal", format!("{id} has no trace")));
    };
    let at_host = net_at_host(sale, host, &key);
    match sale.net {
        Net::Known(net) if net != at_host => Some(finding(
            "equal",
            format!("{id} {key}: terminal {net}, host {at_host}"),
        )),
        Net::Known(_) => None,
        Net::Unknown if is_open(sale) => None,
        Net::Unknown => Some(finding(
            "equal",
            format!("{id} {key}: unknown and nothing owed"),
        )),
    }
}

/// Whether the terminal lists the sale as money that may stay taken: its confirming reversal came
/// after a cut-over.
fn is_at_risk(shop: &Shop, sale: &Id) -> bool {
    let left = shop.read(|query| query.left());
    let cleared = shop.read(|query| query.cleared());
    let confirms = |kind| kind == ObligationKind::Confirmation;
    left.iter()
        .chain(&cleared)
        .any(|owed| confirms(owed.kind) && owed.original.as_ref() == Some(sale))
}

/// An unknown net is only right while something is owed for it.
fn is_open(sale: &SaleView) -> bool {
    let undo_open = sale.undo.as_ref().is_some_and(|undo| undo.status.is_open());
    undo_open
        || matches!(
            sale.original.status,
            SaleStatus::Sending | SaleStatus::Unknown
        )
}

fn unknown_to_the_terminal(sales: &[SaleView], host: &Value) -> Vec<Finding> {
    let known: Vec<String> = sales.iter().filter_map(key).collect();
    let list = |name: &str| host[name].as_array().into_iter().flatten();
    let holds = list("holds").filter(|hold| hold["state"] == "approved");
    let taken = list("sales").filter(|sale| sale["net"].as_i64() != Some(0));
    taken
        .chain(holds)
        .filter_map(|sale| sale["key"].as_str())
        .filter(|key| !known.iter().any(|k| k == key))
        .map(|key| finding("equal", format!("{key}: only the host knows it")))
        .collect()
}

/// Whether every void is in exactly one state that is an end or still owed.
pub fn every_void_ends(shop: &Shop) -> bool {
    let open = shop
        .desk
        .ledger
        .read(|query| query.open_undos())
        .expect("the undos");
    open.iter().all(|undo| undo.status != UndoStatus::Sending)
}
