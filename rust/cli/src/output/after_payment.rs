//! Objects of `signature`, `chip-result` and `balance`, with their words.

use pos_engine::domain::{Explanation, Lang, SaleStatus};
use serde::Serialize;

use super::Human;
use super::human::{explained, words, yuan};

/// What became of something that was to be stored beside a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stored {
    /// Stored; nothing is owed for it alone.
    Stored,
    /// Stored, and owed to the host.
    Owed,
    /// Not stored.
    Refused,
}

/// `signature`.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureOut {
    /// The sale that was signed.
    pub sale: String,
    /// `owed` or `refused`.
    pub status: Stored,
    /// The code that lies behind the signature, eight hexadecimal digits; none when refused.
    pub feature: Option<String>,
    /// Whether a paper slip has to be signed.
    pub paper_slip: bool,
    /// Why it was refused.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

impl Human for SignatureOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match &self.feature {
            Some(feature) => format!(
                "{} {feature}",
                words(
                    lang,
                    "签名已存好，等着上送：sync 现在就送。特征码",
                    "The signature is stored and will be uploaded; sync does it now. Feature code",
                )
            ),
            None => words(lang, "没有存签名。", "The signature was not stored.").to_owned(),
        };
        if self.paper_slip {
            text.push('\n');
            text.push_str(words(
                lang,
                "请顾客在纸质签购单上签名。",
                "Have the customer sign the paper slip.",
            ));
        }
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

/// `chip-result`.
#[derive(Clone, Debug, Serialize)]
pub struct ChipResultOut {
    /// The sale whose chip said it.
    pub sale: String,
    /// `stored` or `refused`.
    pub status: Stored,
    /// Why it was refused.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

impl Human for ChipResultOut {
    fn human(&self, lang: Lang) -> String {
        let mut text = match self.status {
            Stored::Refused => words(lang, "没有存。", "It was not stored."),
            Stored::Stored | Stored::Owed => words(
                lang,
                "芯片的结果已存好，通知和批上送会带上。",
                "What the chip said is stored; notice and batch upload will carry it.",
            ),
        }
        .to_owned();
        explained(&mut text, self.explanation.as_ref(), lang);
        text
    }
}

/// `balance`.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceOut {
    /// `approved`, `declined`, `not_sent` or `unknown`.
    pub status: SaleStatus,
    /// Minor units, negative for a debit balance; none when the host did not tell.
    pub balance: Option<i64>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: Option<String>,
    /// What the code means and what to do.
    pub explanation: Option<Explanation>,
}

impl Human for BalanceOut {
    fn human(&self, lang: Lang) -> String {
        let Some(balance) = self.balance else {
            let mut text = words(lang, "没有查到余额。", "The balance is not known.").to_owned();
            explained(&mut text, self.explanation.as_ref(), lang);
            return text;
        };
        let sign = if balance < 0 { "-" } else { "" };
        let amount = yuan(balance.checked_abs().unwrap_or(i64::MAX));
        format!("{} {sign}{amount}", words(lang, "余额", "Balance"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debit_balance_has_its_sign() {
        let out = |balance| BalanceOut {
            status: SaleStatus::Approved,
            balance: Some(balance),
            code: Some("00".to_owned()),
            explanation: None,
        };
        assert_eq!(out(-50).human(Lang::En), "Balance -0.50");
        assert_eq!(out(123_456).human(Lang::Zh), "余额 1234.56");
    }
}
