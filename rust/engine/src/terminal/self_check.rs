//! The self-check: what somebody should look at before customers come. Asks no host.

use pos_domain::{Lang, ObligationStatus};

use super::{EngineError, Terminal};
use crate::profile::{HostAddress, PlainTcp, UnionPay};

/// Less free space than this and no sale is made, bytes.
const LITTLE: u64 = 20 * 1024 * 1024;
/// Less than this and somebody should look, bytes.
const TIGHT: u64 = 200 * 1024 * 1024;
/// A wall clock this far from the host's, in milliseconds, confuses people.
const FAR: u64 = 300_000;

/// How a line of the self-check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Works, but somebody should look.
    Warning,
    /// Does not work.
    Bad,
}

/// One line of the self-check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, for programs: `disk`, `ledger`, `line`, …
    pub name: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// How that is.
    pub state: CheckState,
    /// What was found.
    pub detail: String,
}

use CheckState::{Bad, Ok as Good, Warning};

/// What a line says, in Chinese and English.
struct Said {
    name: &'static str,
    title: (&'static str, &'static str),
    state: CheckState,
    detail: (String, String),
}

/// A line whose words do not depend on what was found.
fn plain(
    name: &'static str,
    title: (&'static str, &'static str),
    state: CheckState,
    detail: (&str, &str),
) -> Said {
    let detail = (detail.0.to_owned(), detail.1.to_owned());
    Said {
        name,
        title,
        state,
        detail,
    }
}

impl Said {
    fn told(self, lang: Lang) -> Check {
        let (title, detail) = match lang {
            Lang::Zh => (self.title.0, self.detail.0),
            Lang::En => (self.title.1, self.detail.1),
        };
        Check {
            name: self.name,
            title,
            state: self.state,
            detail,
        }
    }
}

impl Terminal {
    /// Looks at disk, ledger, line, sign-in, people, queue, clock and wallets. Asks no host.
    ///
    /// # Errors
    /// Those of the ledger; what is wrong is in the result.
    pub fn self_check(&self, lang: Lang) -> Result<Vec<Check>, EngineError> {
        let mut lines = vec![disk(self.free_bytes()), self.check_ledger()?];
        lines.push(self.check_line());
        if let Some(desk) = &self.desk {
            lines.push(sign_in(desk.sign_in_needed(&self.now())?.is_none()));
        }
        if self.is_restored()? {
            lines.push(restored());
        }
        lines.push(people(self.has_supervisor()?));
        lines.push(self.check_owed()?);
        lines.push(self.check_clock()?);
        let lines = lines.into_iter().map(|line| line.told(lang));
        let rails = self.rails.iter().map(|rail| rail.check(lang));
        Ok(lines.chain(rails).collect())
    }

    fn check_ledger(&self) -> Result<Said, EngineError> {
        let found = self.verify()?;
        let (entries, wrong) = (found.entries, found.problems.len());
        let (state, detail) = if found.ok {
            let zh = format!("完好，{entries} 条审计");
            (Good, (zh, format!("Sound, {entries} audit entries")))
        } else {
            let zh = format!("{wrong} 处不对，请联系维护人员");
            (Bad, (zh, format!("{wrong} problems; call service")))
        };
        Ok(Said {
            name: "ledger",
            title: ("账本", "Ledger"),
            state,
            detail,
        })
    }

    fn check_line(&self) -> Said {
        match &self.profile.unionpay {
            Some(unionpay) => {
                let tls = self.desk.as_ref();
                line(
                    unionpay,
                    tls.is_some_and(|desk| desk.rules.authenticated_link),
                )
            }
            None => plain(
                "line",
                LINE,
                Warning,
                ("银行卡没有开通", "Cards are switched off"),
            ),
        }
    }

    fn check_owed(&self) -> Result<Said, EngineError> {
        let left = self.ledger.read(|query| query.left())?;
        let stuck = left
            .iter()
            .filter(|item| item.status == ObligationStatus::Escalated);
        let (state, detail) = match (left.len(), stuck.count()) {
            (0, _) => (Good, ("没有".to_owned(), "Nothing".to_owned())),
            (count, 0) => {
                let zh = format!("{count} 项，联网后会自动送达");
                let en = format!("{count}; they go out by themselves once online");
                (Warning, (zh, en))
            }
            (count, stuck) => {
                let zh = format!("{count} 项，其中 {stuck} 项要收单机构书面答复");
                let en = format!("{count}, {stuck} of them wait for the acquirer's written word");
                (Warning, (zh, en))
            }
        };
        Ok(Said {
            name: "owed",
            title: ("待办", "Owed"),
            state,
            detail,
        })
    }

    fn check_clock(&self) -> Result<Said, EngineError> {
        let trusted = self.ledger.read(|query| query.trusted_time())?;
        let now = self.now();
        let (state, detail) = match trusted.and_then(|trusted| trusted.at(&now)) {
            None => (
                Warning,
                (
                    "开机后主机还没有对过时：截止时间不确定，不会过期",
                    "No host has told the time since start: deadlines are not certain, \
                     nothing expires",
                ),
            ),
            Some(host) if host.0.abs_diff(now.wall.0) > FAR => (
                Warning,
                (
                    "本机时钟与主机相差五分钟以上，显示的时间会不对",
                    "This clock is more than five minutes from the host's; times shown are off",
                ),
            ),
            Some(_) => (Good, ("已与主机对时", "The host has told the time")),
        };
        Ok(plain("clock", ("时间", "Time"), state, detail))
    }
}

const LINE: (&str, &str) = ("线路", "Line");

/// Who can read and change what goes over the line.
fn line(unionpay: &UnionPay, tls: bool) -> Said {
    let host = &unionpay.host;
    let (state, (zh, en)) = match host {
        HostAddress::Simulator => (
            Warning,
            ("模拟主机，不动真钱", "simulated host, no real money"),
        ),
        HostAddress::Tcp { .. } if tls => (Good, ("TLS 加密", "encrypted with TLS")),
        HostAddress::Tcp { .. } if unionpay.plain_tcp == PlainTcp::PrivateNetwork => {
            (Warning, ("专网明文", "in clear, on a private network"))
        }
        HostAddress::Tcp { .. } => (Good, ("本机明文", "in clear, on this machine alone")),
    };
    Said {
        name: "line",
        title: LINE,
        state,
        detail: (format!("{host}，{zh}"), format!("{host}, {en}")),
    }
}

fn disk(free: Option<u64>) -> Said {
    let title = ("存储空间", "Disk");
    let Some(free) = free else {
        let detail = (
            "系统没有说剩余空间",
            "The system does not tell how much is free",
        );
        return plain("disk", title, Warning, detail);
    };
    let megabytes = free / (1024 * 1024);
    Said {
        name: "disk",
        title,
        state: match free {
            free if free < LITTLE => Bad,
            free if free < TIGHT => Warning,
            _ => Good,
        },
        detail: (
            format!("剩余 {megabytes} MB"),
            format!("{megabytes} MB free"),
        ),
    }
}

fn sign_in(done: bool) -> Said {
    let title = ("签到", "Sign-in");
    if done {
        let detail = ("今天已签到", "Signed in today");
        return plain("sign_in", title, Good, detail);
    }
    let detail = ("下一笔交易前会先签到", "The next payment signs in first");
    plain("sign_in", title, Warning, detail)
}

fn restored() -> Said {
    let detail = (
        "账本由备份恢复：确认旧终端已停用后，由主管放行",
        "The ledger was put back from a copy: once the old terminal is retired, a supervisor lets \
         it go on",
    );
    plain("restored", ("账本来源", "Copy"), Bad, detail)
}

fn people(supervised: bool) -> Said {
    let title = ("人员", "People");
    if supervised {
        return plain("people", title, Good, ("有主管", "There is a supervisor"));
    }
    let detail = (
        "没有主管：撤销和退货不需要任何人批准",
        "There is no supervisor: nobody has to approve a void or a refund",
    );
    plain("people", title, Warning, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Loaded;

    fn line_of(host: &str, tls: bool) -> (CheckState, String) {
        let text = format!(
            "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n[unionpay]\n{host}\n"
        );
        let loaded = Loaded::from_text(&text, std::path::Path::new("")).unwrap();
        let check = line(&loaded.profile.unionpay.unwrap(), tls).told(Lang::En);
        (check.state, check.detail)
    }

    #[test]
    fn only_tls_is_called_encrypted() {
        let private = "host = \"10.0.0.1:1\"\nplain_tcp = \"private_network\"";
        let cases = [
            ("host = \"simulator\"", false, Warning, "no real money"),
            (
                "host = \"127.0.0.1:1\"",
                false,
                Good,
                "in clear, on this machine",
            ),
            ("host = \"127.0.0.1:1\"", true, Good, "encrypted with TLS"),
            (private, false, Warning, "in clear, on a private network"),
            (private, true, Good, "encrypted with TLS"),
        ];
        for (host, tls, state, words) in cases {
            let (found, detail) = line_of(host, tls);
            assert_eq!(found, state, "{host} {tls}");
            assert!(detail.contains(words), "{detail}");
            assert_eq!(detail.contains("encrypted"), tls, "{detail}");
        }
    }

    #[test]
    fn little_space_is_bad_and_some_is_tight() {
        let state = |free| disk(free).state;
        assert_eq!(state(Some(LITTLE - 1)), Bad);
        assert_eq!(state(Some(TIGHT - 1)), Warning);
        assert_eq!((state(Some(TIGHT)), state(None)), (Good, Warning));
    }
}
