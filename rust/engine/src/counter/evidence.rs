//! Evidence about a sale, in lines that a person reads and a file that is handed on.

use pos_diagnosis::Situation;
use pos_domain::{Lang, WallTime};
use pos_ledger::Net;

use super::shapes::{Evidence, EvidenceFile};
use super::{Counter, Failure, id};
use crate::terminal::{Evidence as Found, SaleReport};

impl Counter {
    /// Everything about one sale: what happened, codes, and hashes that bind it to the audit. No
    /// account data.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn evidence(&self, sale: &str) -> Result<Evidence, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Sale, |reader| {
            let found = reader.terminal.evidence(&sale, reader.lang)?;
            let text = lines(&found, reader.lang);
            let mut bytes = text.join("\n").into_bytes();
            bytes.push(b'\n');
            Ok(Evidence {
                sale: sale.to_string(),
                sound: found.sound,
                text,
                files: vec![EvidenceFile {
                    name: format!("evidence-{sale}.txt"),
                    media_type: "text/plain; charset=utf-8".to_owned(),
                    bytes,
                }],
            })
        })
    }
}

fn lines(found: &Found, lang: Lang) -> Vec<String> {
    let said = |zh: &'static str, en: &'static str| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let mut lines = vec![
        said("交易证据", "Evidence about a sale").to_owned(),
        format!("{} {}", said("编制时间", "put together"), found.at),
        format!(
            "{} {}  {} {}",
            said("商户", "merchant"),
            found.merchant,
            said("终端", "terminal"),
            found.terminal
        ),
        sale_line(&found.sale, lang),
        String::new(),
        said("报文", "Messages").to_owned(),
    ];
    for (attempt, proven) in found.story.attempts.iter().zip(&found.messages) {
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
    for (entry, proven) in found.story.entries.iter().zip(&found.entries) {
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
    if let Some(head) = &found.head {
        let name = said("审计链末端", "end of the audit chain");
        lines.push(format!("{name} {}  {}", head.of, head.hash));
    }
    lines.push(if found.sound {
        said("账本校验完好。", "The ledger checks as sound.").to_owned()
    } else {
        said("账本校验有问题！", "The ledger does NOT check as sound!").to_owned()
    });
    lines
}

/// What the sale is worth and how it is found at the acquirer.
fn sale_line(sale: &SaleReport, lang: Lang) -> String {
    let original = &sale.view.original;
    let net = match (sale.view.net, lang) {
        (Net::Known(minor), _) => minor.to_string(),
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
