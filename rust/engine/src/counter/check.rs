//! The self-check: what somebody should look at before customers come.

use pos_diagnosis::Situation;
use pos_domain::Lang;

use super::reader::Reader;
use super::shapes::{CheckItem, CheckState, LinkState};
use super::terminal::is_training;
use super::{Counter, Failure};
use crate::profile::PlainTcp;
use crate::terminal::EngineError;

/// Less free space than this and no sale is made.
const LITTLE: u64 = 20 * 1024 * 1024;
/// Less than this and somebody should look.
const TIGHT: u64 = 200 * 1024 * 1024;

/// What a line says, in both languages.
struct Said {
    title: (&'static str, &'static str),
    detail: (String, String),
    state: CheckState,
}

fn said(title: (&'static str, &'static str), detail: (&str, &str), state: CheckState) -> Said {
    let detail = (detail.0.to_owned(), detail.1.to_owned());
    Said {
        title,
        detail,
        state,
    }
}

impl Counter {
    /// Looks at ledger, disk, keys, line, clock and crew. Asks no host.
    ///
    /// # Errors
    /// Those of the ledger; what is wrong is in the result.
    pub fn self_check(&self) -> Result<Vec<CheckItem>, Failure> {
        let link = self.opened()?.health.state();
        self.ask(Situation::Other, |reader| {
            let lines = [
                reader.check_ledger()?,
                reader.check_disk(),
                reader.check_keys()?,
                check_line(link),
                reader.check_way(),
                reader.check_clock()?,
                reader.check_queue()?,
            ];
            Ok(lines.map(|line| in_language(line, reader.lang)).into())
        })
    }
}

fn in_language(said: Said, lang: Lang) -> CheckItem {
    let (title, detail) = match lang {
        Lang::Zh => (said.title.0, said.detail.0),
        Lang::En => (said.title.1, said.detail.1),
    };
    CheckItem {
        title: title.to_owned(),
        detail,
        state: said.state,
    }
}

impl Reader<'_> {
    fn check_ledger(&self) -> Result<Said, EngineError> {
        let title = ("账本", "Ledger");
        if self.terminal.is_restored()? {
            let detail = (
                "由备份恢复，等主管确认",
                "Restored from a copy, a supervisor has to look",
            );
            return Ok(said(title, detail, CheckState::Bad));
        }
        let found = self.terminal.verify()?;
        let (count, bad) = (found.entries, found.problems.len());
        let (detail, state) = if bad == 0 {
            let zh = format!("完好，{count} 条记录");
            ((zh, format!("Whole, {count} entries")), CheckState::Ok)
        } else {
            let zh = format!("{bad} 处不对，请联系维护人员");
            let en = format!("{bad} problems, call service");
            ((zh, en), CheckState::Bad)
        };
        Ok(Said {
            title,
            detail,
            state,
        })
    }

    fn check_disk(&self) -> Said {
        let title = ("存储空间", "Storage");
        let Some(free) = self.terminal.free_bytes() else {
            return said(title, ("系统没有说", "Not told"), CheckState::Warning);
        };
        let megabytes = free / (1024 * 1024);
        Said {
            title,
            detail: (
                format!("剩余 {megabytes} MB"),
                format!("{megabytes} MB free"),
            ),
            state: match free {
                free if free < LITTLE => CheckState::Bad,
                free if free < TIGHT => CheckState::Warning,
                _ => CheckState::Ok,
            },
        }
    }

    fn check_keys(&self) -> Result<Said, EngineError> {
        let title = ("签到", "Sign-in");
        let warning = CheckState::Warning;
        if self.terminal.profile().unionpay.is_none() {
            let detail = ("银行卡没有开通", "Cards are switched off");
            return Ok(said(title, detail, warning));
        }
        Ok(match self.terminal.sign_in_needed()? {
            None => said(title, ("今天已签到", "Signed in today"), CheckState::Ok),
            Some(_) => said(title, ("下一笔交易前会签到", "Will sign in first"), warning),
        })
    }

    fn check_way(&self) -> Said {
        let title = ("线路", "Route");
        let profile = self.terminal.profile();
        let Some(unionpay) = &profile.unionpay else {
            return said(title, ("没有", "None"), CheckState::Warning);
        };
        let host = unionpay.host.to_string();
        let (zh, en) = if is_training(profile) {
            ("模拟主机，不动真钱", "simulated host, no real money")
        } else if unionpay.plain_tcp == PlainTcp::PrivateNetwork {
            ("专网，未加密", "private network, not encrypted")
        } else {
            ("加密连接", "encrypted")
        };
        let plain = is_training(profile) || unionpay.plain_tcp == PlainTcp::PrivateNetwork;
        Said {
            title,
            detail: (format!("{host}，{zh}"), format!("{host}, {en}")),
            state: if plain {
                CheckState::Warning
            } else {
                CheckState::Ok
            },
        }
    }

    fn check_clock(&self) -> Result<Said, EngineError> {
        let title = ("时间", "Time");
        let trusted = self.terminal.ledger().read(|query| query.trusted_time())?;
        let now = self.terminal.now();
        Ok(match trusted.and_then(|trusted| trusted.at(&now)) {
            Some(_) => said(title, ("已与银行对时", "Told by the bank"), CheckState::Ok),
            None => said(
                title,
                ("开机后还没有对时", "Not told by the bank since start"),
                CheckState::Warning,
            ),
        })
    }

    fn check_queue(&self) -> Result<Said, EngineError> {
        let title = ("待办", "Owed");
        let count = self.owed()?.count;
        Ok(match count {
            0 => said(title, ("没有", "Nothing"), CheckState::Ok),
            count => Said {
                title,
                detail: (format!("{count} 项未完成"), format!("{count} not done")),
                state: CheckState::Warning,
            },
        })
    }
}

fn check_line(link: LinkState) -> Said {
    let title = ("银行连接", "Line to the bank");
    match link {
        LinkState::Online => said(title, ("正常", "Good"), CheckState::Ok),
        LinkState::Slow => said(title, ("慢", "Slow"), CheckState::Warning),
        LinkState::Offline => said(title, ("断开", "Down"), CheckState::Bad),
        LinkState::Unknown => said(title, ("还没有用过", "Not used yet"), CheckState::Warning),
    }
}
