//! The self-check, with how the line to the bank has been lately.

use pos_diagnosis::Situation;
use pos_domain::Lang;

use super::shapes::{CheckItem, CheckState, LinkState};
use super::{Counter, Failure};

impl Counter {
    /// Looks at disk, ledger, line, sign-in, people, queue and clock. Asks no host.
    ///
    /// # Errors
    /// Those of the ledger; what is wrong is in the result.
    pub fn self_check(&self) -> Result<Vec<CheckItem>, Failure> {
        let link = self.opened()?.health.state();
        self.ask(Situation::Other, |reader| {
            let found = reader.terminal.self_check(reader.lang)?;
            let mut lines = vec![check_link(link, reader.lang)];
            lines.extend(found.into_iter().map(|check| CheckItem {
                title: check.title.to_owned(),
                detail: check.detail,
                state: check.state,
            }));
            Ok(lines)
        })
    }
}

/// How the bank has answered since the start.
fn check_link(link: LinkState, lang: Lang) -> CheckItem {
    let (state, zh, en) = match link {
        LinkState::Online => (CheckState::Ok, "正常", "Good"),
        LinkState::Slow => (CheckState::Warning, "慢", "Slow"),
        LinkState::Offline => (CheckState::Bad, "断开", "Down"),
        LinkState::Unknown => (CheckState::Warning, "还没有用过", "Not used yet"),
    };
    let (title, detail) = match lang {
        Lang::Zh => ("银行连接", zh),
        Lang::En => ("Connection to the bank", en),
    };
    CheckItem {
        title: title.to_owned(),
        detail: detail.to_owned(),
        state,
    }
}
