//! Both ledgers, side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::narrator::Narrator;
use super::shop::{Shop, at};
use crate::Failure;

/// One sale as one side knows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// Batch and trace, `BBBBBB:TTTTTT`.
    key: String,
    amount: i64,
    /// What is left of it, minor units; none while a side does not know.
    net: Option<i64>,
    status: String,
}

/// What both sides say.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Ledgers {
    /// Whether both know the same sales with the same money, the host saw no rule broken, and the
    /// terminal's ledger is sound.
    pub equal: bool,
    terminal: Vec<Line>,
    host: Vec<Line>,
    violations: Vec<Value>,
}

fn text(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}

fn list(of: &Value) -> Vec<Value> {
    of.as_array().cloned().unwrap_or_default()
}

/// Reads both.
pub(super) fn compare(shop: &Shop) -> Result<Ledgers, Failure> {
    let journal = shop.expect(0, &["journal"])?;
    let sound = shop.run(&["verify"])?.code == Some(0);
    let terminal: Vec<Line> = list(at(&journal, "sales"))
        .iter()
        .map(|sale| Line {
            key: format!("{}:{}", text(at(sale, "batch")), text(at(sale, "trace"))),
            amount: at(sale, "amount").as_i64().unwrap_or_default(),
            net: at(sale, "net").as_i64(),
            status: text(at(sale, "status")),
        })
        .collect();
    let ledger = shop.host.ledger();
    let ledger = at(&ledger, "unionpay");
    let host: Vec<Line> = list(at(ledger, "sales"))
        .iter()
        .map(|sale| Line {
            key: text(at(sale, "key")),
            amount: at(sale, "amount").as_i64().unwrap_or_default(),
            net: at(sale, "net").as_i64(),
            status: text(at(sale, "state")),
        })
        .collect();
    let violations = list(at(ledger, "violations"));
    let money = |lines: &[Line]| -> BTreeMap<String, Option<i64>> {
        let of = lines.iter().map(|line| (line.key.clone(), line.net));
        of.collect()
    };
    let equal = sound && violations.is_empty() && money(&terminal) == money(&host);
    Ok(Ledgers {
        equal,
        terminal,
        host,
        violations,
    })
}

fn yuan(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, (minor % 100).abs())
}

impl Ledgers {
    /// Prints both and whether they are equal.
    pub(super) fn tell(&self, narrator: &Narrator) -> Result<(), Failure> {
        narrator.act("两边的账", "Both ledgers")?;
        let sides = [
            (narrator.pick("终端", "terminal"), &self.terminal),
            (narrator.pick("收单机构", "acquirer"), &self.host),
        ];
        for (side, lines) in sides {
            narrator.line(&format!("  {side}"))?;
            for line in lines {
                let (key, amount, status) = (&line.key, yuan(line.amount), &line.status);
                let net = line.net.map_or_else(|| "?".to_owned(), yuan);
                let left = narrator.pick("剩余", "left");
                narrator.line(&format!(
                    "    {key}  {amount:>8}  {left} {net:>8}  {status}"
                ))?;
            }
        }
        if self.equal {
            narrator.say(
                "两边完全一致:每一笔都只撤销了一次。",
                "They are equal: each sale was taken back, once.",
            )
        } else {
            narrator.say("两边不一致!", "They are NOT equal!")
        }
    }
}
