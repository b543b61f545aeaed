//! Both ledgers, side by side.

use std::collections::BTreeMap;

use pos_engine::domain::SaleStatus;
use serde::Serialize;
use serde_json::Value;

use super::narrator::Narrator;
use super::shop::{Shop, at};
use crate::Failure;

/// One sale as one side knows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    rail: String,
    /// Batch and trace, `BBBBBB:TTTTTT`, or a wallet's order number.
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

/// The rails, each with a ledger of its own on the other side.
const RAILS: [&str; 3] = ["unionpay", "wechat", "alipay"];

/// Reads both.
pub(super) fn compare(shop: &Shop) -> Result<Ledgers, Failure> {
    let journal = shop.expect(0, &["journal"])?;
    let sound = shop.run(&["verify"])?.code == Some(0);
    let hosts = shop.host.ledger();
    Ok(Ledgers::of(&journal, &hosts, sound))
}

impl Line {
    fn of(sale: &Value, rail: String, key: String, status: &str) -> Self {
        Self {
            rail,
            key,
            amount: at(sale, "amount").as_i64().unwrap_or_default(),
            net: at(sale, "net").as_i64(),
            status: text(at(sale, status)),
        }
    }
}

impl Ledgers {
    /// From the terminal's journal and the hosts' ledgers.
    fn of(journal: &Value, books: &Value, sound: bool) -> Self {
        let own_key = |sale: &Value| match at(sale, "order_no").as_str() {
            Some(order) => order.to_owned(),
            None => format!("{}:{}", text(at(sale, "batch")), text(at(sale, "trace"))),
        };
        let terminal: Vec<Line> = list(at(journal, "sales"))
            .iter()
            .map(|sale| Line::of(sale, text(at(sale, "rail")), own_key(sale), "status"))
            .collect();
        let (mut host, mut violations) = (Vec::new(), Vec::new());
        for rail in RAILS {
            let book = at(books, rail);
            host.extend(
                list(at(book, "sales"))
                    .iter()
                    .map(|sale| Line::of(sale, rail.to_owned(), text(at(sale, "key")), "state")),
            );
            violations.extend(list(at(book, "violations")));
        }
        let money = |lines: &[Line]| -> BTreeMap<(String, String), Option<i64>> {
            let of = |line: &Line| ((line.rail.clone(), line.key.clone()), line.net);
            lines.iter().map(of).collect()
        };
        let known = terminal.iter().all(|line| line.net.is_some());
        let same = known && money(&terminal) == money(&host);
        Self {
            equal: sound && violations.is_empty() && same,
            terminal,
            host,
            violations,
        }
    }

    /// Whether every sale is voided here, and nothing is left of it on either side.
    pub(super) fn all_voided(&self) -> bool {
        let voided = SaleStatus::Voided.as_str();
        let mut lines = self.terminal.iter().chain(&self.host);
        let mut own = self.terminal.iter();
        own.all(|line| line.status == voided) && lines.all(|line| line.net == Some(0))
    }
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
            (
                narrator.pick("收单机构与钱包", "acquirer and wallets"),
                &self.host,
            ),
        ];
        for (side, lines) in sides {
            narrator.line(&format!("  {side}"))?;
            for line in lines {
                let (rail, key) = (&line.rail, &line.key);
                let (amount, status) = (yuan(line.amount), &line.status);
                let net = line.net.map_or_else(|| "?".to_owned(), yuan);
                let left = narrator.pick("剩余", "left");
                narrator.line(&format!(
                    "    {rail:<8}  {key:<24}  {amount:>8}  {left} {net:>8}  {status}"
                ))?;
            }
        }
        if self.equal && self.all_voided() {
            narrator.say(
                "两边完全一致：每一笔都撤销了，而且只撤销了一次。",
                "They are equal: each sale was taken back, and only once.",
            )
        } else {
            narrator.say(
                "两边不一致，或有一笔没有撤销！",
                "They are NOT equal, or one is not voided!",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ledgers(net: Value, theirs: i64, violations: Value, sound: bool) -> Ledgers {
        let journal = json!({"sales": [{
            "rail": "unionpay", "batch": "000001", "trace": "000002", "order_no": null,
            "amount": 1234, "net": net, "status": "voided",
        }, {
            "rail": "wechat", "batch": null, "trace": null, "order_no": "ORDER",
            "amount": 880, "net": 0, "status": "voided",
        }]});
        let books = json!({
            "unionpay": {"violations": violations, "sales": [{
                "key": "000001:000002", "amount": 1234, "net": theirs, "state": "voided",
            }]},
            "wechat": {"violations": [], "sales": [{
                "key": "ORDER", "amount": 880, "net": 0, "state": "reversed",
            }]},
        });
        Ledgers::of(&journal, &books, sound)
    }

    #[test]
    fn only_equal_money_on_both_sides_is_equal() {
        let good = ledgers(json!(0), 0, json!([]), true);
        assert!(good.equal && good.all_voided());
        assert!(!ledgers(json!(0), 1234, json!([]), true).equal);
        assert!(!ledgers(json!("unknown"), 0, json!([]), true).equal);
        assert!(!ledgers(json!(0), 0, json!(["one"]), true).equal);
        assert!(!ledgers(json!(0), 0, json!([]), false).equal);
        let standing = ledgers(json!(1234), 1234, json!([]), true);
        assert!(standing.equal && !standing.all_voided());
        let missing = Ledgers::of(
            &json!({"sales": []}),
            &json!({"alipay": {"sales": [
                {"key": "000001:000002", "amount": 1, "net": 0, "state": "voided"},
            ]}}),
            true,
        );
        assert!(!missing.equal);
    }
}
