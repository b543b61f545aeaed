//! `self-check`: what somebody should look at before customers come. Asks no host.

use std::fs::OpenOptions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pos_engine::domain::Lang;

use super::Command;
use crate::args::Options;
use crate::context::Context;
use crate::output::{CheckOut, CheckState, ChecksOut};
use crate::{Exit, Failure, open};

pub(super) const COMMAND: Command = Command {
    name: "self-check",
    usage: "self-check",
    about: "look at home, ledger, keys, line, sign-in, people, queue, disk and clock",
    run,
};

use CheckState::{Bad, Ok as Good, Warn};

struct Checks<'a> {
    context: &'a Context,
    lines: Vec<CheckOut>,
}

impl Checks<'_> {
    fn add(&mut self, what: What, state: CheckState, zh: &str, en: &str) {
        let (title, detail) = match self.context.lang {
            Lang::Zh => (what.zh, zh),
            Lang::En => (what.en, en),
        };
        self.lines.push(CheckOut {
            name: what.name,
            title,
            state,
            detail: detail.to_owned(),
        });
    }
}

/// What is looked at on a desk before the terminal is opened.
#[derive(Clone, Copy)]
struct What {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
}

const HOME: What = What {
    name: "home",
    zh: "终端文件夹",
    en: "Home",
};
const KEYS: What = What {
    name: "keys",
    zh: "密钥",
    en: "Keys",
};
const TERMINAL: What = What {
    name: "terminal",
    zh: "终端",
    en: "Terminal",
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    options.end()?;
    context.terminal()?;
    let mut checks = Checks {
        context,
        lines: Vec::new(),
    };
    home(&mut checks);
    match open::looking(context) {
        Ok(terminal) if terminal.has_keys() => {
            let found = terminal.self_check(context.lang)?;
            checks.lines.extend(found.into_iter().map(|check| CheckOut {
                name: check.name,
                title: check.title,
                state: check.state.into(),
                detail: check.detail,
            }));
        }
        Ok(_) => checks.add(
            TERMINAL,
            Bad,
            "密钥已丢失，请主管用 import-keys 重新导入",
            "The keys are lost; have a supervisor import them with import-keys",
        ),
        Err(failure) => {
            let (place, detail) = (&failure.place, &failure.detail);
            let zh = format!("打不开：{place}：{detail}");
            let en = format!("Cannot be opened: {place}: {detail}");
            checks.add(TERMINAL, Bad, &zh, &en);
        }
    }
    let bad = checks.lines.iter().any(|line| line.state == Bad);
    context.print(&ChecksOut {
        ok: !bad,
        checks: checks.lines,
    })?;
    Ok(if bad { Exit::No } else { Exit::Good })
}

/// Whether others than its owner can read it; none when it is not there.
fn is_open(path: &Path) -> Option<bool> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    Some(mode & 0o077 != 0)
}

/// Whether a writer could open its lock here. Writes nothing.
fn is_writable(root: &Path) -> bool {
    let lock = OpenOptions::new().append(true).open(root.join("lock"));
    lock.is_ok()
}

fn home(checks: &mut Checks<'_>) {
    let home = &checks.context.home;
    let (root, keys) = (home.root().to_owned(), home.keys());
    let place = root.display().to_string();
    if !is_writable(&root) {
        let zh = format!("{place} 写不进去：做不了交易，请检查磁盘和权限");
        let en = format!("{place} cannot be written: no payment is possible; see disk and rights");
        checks.add(HOME, Bad, &zh, &en);
    } else if is_open(&root) == Some(true) {
        let zh = format!("{place} 别人也能进，请收紧权限");
        let en = format!("Others can enter {place}; tighten its rights");
        checks.add(HOME, Warn, &zh, &en);
    } else {
        checks.add(HOME, Good, &place, &place);
    }
    let files = std::fs::read_dir(&keys).into_iter().flatten().flatten();
    let loose = files
        .filter(|file| is_open(&file.path()) == Some(true))
        .count();
    match (keys.is_dir(), loose) {
        (false, _) => checks.add(KEYS, Bad, "没有密钥文件夹", "There is no folder of keys"),
        (true, 0) => checks.add(KEYS, Good, "只有本人可读", "Only their owner can read them"),
        (true, count) => {
            let zh = format!("{count} 个密钥文件别人可读，请收紧权限");
            let en = format!("Others can read {count} key files; tighten their rights");
            checks.add(KEYS, Bad, &zh, &en);
        }
    }
}
