//! Evidence in lines that a person reads.

use pos_domain::{Lang, WallTime};
use pos_ledger::Net;

use super::{Evidence, SaleReport};

impl Evidence {
    /// The same in lines that a person reads.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let said = |zh: &'static str, en: &'static str| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let mut lines = vec![
            said("交易证据", "Evidence about a sale").to_owned(),
            format!("{} {}", said("编制时间", "put together"), self.at),
            format!(
                "{} {}  {} {}",
                said("商户", "merchant"),
                self.merchant,
                said("终端", "terminal"),
                self.terminal
            ),
            sale_line(&self.sale, lang),
            String::new(),
            said("报文", "Messages").to_owned(),
        ];
        for (attempt, proven) in self.story.attempts.iter().zip(&self.messages) {
            let code = attempt.code.as_ref().map(ToString::to_string);
            lines.push(format!(
                "{}  {} {}  {}:{}  {}  {}",
                attempt.created,
                attempt.mti,
                attempt.purpose,
                attempt.batch,
                attempt.trace,
                attempt.state,
                code.unwrap_or_default()
            ));
            lines.push(format!("    {}", proven.hash));
        }
        lines.push(String::new());
        lines.push(said("经过", "What happened").to_owned());
        for (entry, proven) in self.story.entries.iter().zip(&self.entries) {
            lines.push(format!(
                "{}  {}  {}  {} {}  {} \u{2192} {}",
                entry.seq,
                WallTime(entry.wall),
                entry.operator,
                entry.action,
                entry.subject,
                entry.before.as_deref().unwrap_or("-"),
                entry.after.as_deref().unwrap_or("-")
            ));
            lines.push(format!("    {}", proven.hash));
        }
        lines.push(String::new());
        if let Some(head) = &self.head {
            let name = said("审计链末端", "end of the audit chain");
            lines.push(format!("{name} {}  {}", head.of, head.hash));
        }
        lines.push(if self.sound {
            said("账本校验完好。", "The ledger checks as sound.").to_owned()
        } else {
            said("账本校验有问题！", "The ledger does NOT check as sound!").to_owned()
        });
        lines
    }
}

/// What the sale is worth and how it is found at the acquirer.
fn sale_line(sale: &SaleReport, lang: Lang) -> String {
    let original = &sale.view.original;
    let net = match (sale.view.net, lang) {
        (Net::Known(minor), _) => decimal(minor),
        (Net::Unknown, Lang::Zh) => "未知".to_owned(),
        (Net::Unknown, Lang::En) => "unknown".to_owned(),
    };
    let found_by = [
        original.batch.as_deref(),
        original.trace.as_deref(),
        original.facts.reference.as_deref(),
        original.order_no.as_deref(),
        original.last_four.as_deref(),
    ];
    let found_by: Vec<_> = found_by.into_iter().flatten().collect();
    let (amount, status) = (original.amount, sale.view.status);
    let kind = original.kind.as_str();
    format!(
        "{}  {kind}  {}  {status}  {amount}  net {net}  {}",
        original.id,
        original.created,
        found_by.join(" ")
    )
}

/// Minor units with two decimals.
fn decimal(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}
