//! `self-check`: what somebody should look at before customers come. Asks no host.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use pos_engine::domain::ObligationStatus;
use pos_engine::domain::ports::{Clock, Storage};
use pos_engine::profile::{HostAddress, PlainTcp, UnionPay};
use pos_engine::terminal::Terminal;
use pos_engine::{SystemClock, SystemRandom, SystemStorage, Vault};

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

/// The name of the line's CA in the sealed store.
const LINE_CA: &str = "unionpay.tls_ca";
/// Less free space than this and no sale is made.
const LITTLE: u64 = 20 * 1024 * 1024;
/// Less than this and somebody should look.
const TIGHT: u64 = 200 * 1024 * 1024;
/// A wall clock this far from the host's, in milliseconds, confuses people.
const FAR: u64 = 300_000;

use CheckState::{Bad, Ok as Good, Warn};

struct Checks<'a> {
    context: &'a Context,
    lines: Vec<CheckOut>,
}

impl Checks<'_> {
    fn add(&mut self, name: &'static str, state: CheckState, zh: &str, en: &str) {
        let detail = match self.context.lang {
            pos_engine::domain::Lang::Zh => zh,
            pos_engine::domain::Lang::En => en,
        };
        self.lines.push(CheckOut {
            name,
            state,
            detail: detail.to_owned(),
        });
    }
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    options.end()?;
    context.terminal()?;
    let mut checks = Checks {
        context,
        lines: Vec::new(),
    };
    home(&mut checks);
    disk(&mut checks);
    match open::looking(context) {
        Ok(terminal) if terminal.has_keys() => inside(&mut checks, &terminal)?,
        Ok(_) => checks.add(
            "terminal",
            Bad,
            "密钥已丢失，请主管用 import-keys 重新导入",
            "the keys are lost; have a supervisor import them with import-keys",
        ),
        Err(failure) => {
            let (place, detail) = (&failure.place, &failure.detail);
            let zh = format!("打不开：{place}：{detail}");
            let en = format!("cannot be opened: {place}: {detail}");
            checks.add("terminal", Bad, &zh, &en);
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

fn home(checks: &mut Checks<'_>) {
    let home = &checks.context.home;
    let (root, keys) = (home.root().to_owned(), home.keys());
    let place = root.display().to_string();
    if is_open(&root) == Some(true) {
        let zh = format!("{place} 别人也能进，请收紧权限");
        let en = format!("others can enter {place}; tighten its rights");
        checks.add("home", Warn, &zh, &en);
    } else {
        checks.add("home", Good, &place, &place);
    }
    let files = std::fs::read_dir(&keys).into_iter().flatten().flatten();
    let loose = files
        .filter(|file| is_open(&file.path()) == Some(true))
        .count();
    match (keys.is_dir(), loose) {
        (false, _) => checks.add("keys", Bad, "没有密钥文件夹", "there is no folder of keys"),
        (true, 0) => checks.add(
            "keys",
            Good,
            "只有本人可读",
            "only their owner can read them",
        ),
        (true, count) => {
            let zh = format!("{count} 个密钥文件别人可读，请收紧权限");
            let en = format!("others can read {count} key files; tighten their rights");
            checks.add("keys", Bad, &zh, &en);
        }
    }
}

fn disk(checks: &mut Checks<'_>) {
    let storage = SystemStorage(checks.context.home.root().to_owned());
    let Some(free) = storage.free_bytes() else {
        checks.add(
            "disk",
            Warn,
            "系统没有说剩余空间",
            "the system does not tell how much is free",
        );
        return;
    };
    let megabytes = free / (1024 * 1024);
    let (zh, en) = (
        format!("剩余 {megabytes} MB"),
        format!("{megabytes} MB free"),
    );
    let state = match free {
        free if free < LITTLE => Bad,
        free if free < TIGHT => Warn,
        _ => Good,
    };
    checks.add("disk", state, &zh, &en);
}

fn inside(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let found = terminal.verify()?;
    let (entries, wrong) = (found.entries, found.problems.len());
    if found.ok {
        let (zh, en) = (
            format!("完好，{entries} 条审计"),
            format!("sound, {entries} audit entries"),
        );
        checks.add("ledger", Good, &zh, &en);
    } else {
        let zh = format!("{wrong} 处不对，请用 verify 查看并联系维护人员");
        let en = format!("{wrong} problems; look with verify and call service");
        checks.add("ledger", Bad, &zh, &en);
    }
    match &terminal.profile().unionpay {
        Some(unionpay) => {
            let tls = has_ca(checks.context)?;
            line(checks, unionpay, tls);
            sign_in(checks, terminal)?;
            restored(checks, terminal)?;
        }
        None => checks.add("line", Warn, "银行卡没有开通", "cards are switched off"),
    }
    people(checks, terminal)?;
    owed(checks, terminal)?;
    clock(checks, terminal)
}

/// Whether the home holds a CA for the line, which means TLS.
fn has_ca(context: &Context) -> Result<bool, Failure> {
    let random = Arc::new(SystemRandom);
    let vault = Vault::open(&context.home.keys(), &context.key_store(), random)?;
    Ok(vault.get(LINE_CA)?.is_some())
}

fn line(checks: &mut Checks<'_>, unionpay: &UnionPay, tls: bool) {
    let host = unionpay.host.to_string();
    let (state, zh, en) = match &unionpay.host {
        HostAddress::Simulator => (
            Warn,
            "模拟主机，不动真钱".to_owned(),
            "simulated host, no real money".to_owned(),
        ),
        HostAddress::Tcp { .. } if tls => (
            Good,
            format!("{host}，TLS 加密"),
            format!("{host}, encrypted with TLS"),
        ),
        HostAddress::Tcp { .. } if unionpay.plain_tcp == PlainTcp::PrivateNetwork => (
            Warn,
            format!("{host}，专网明文"),
            format!("{host}, in clear on a private network"),
        ),
        HostAddress::Tcp { .. } => (
            Good,
            format!("{host}，本机明文"),
            format!("{host}, in clear on this machine alone"),
        ),
    };
    checks.add("line", state, &zh, &en);
}

fn sign_in(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    match terminal.sign_in_needed()? {
        None => checks.add("sign_in", Good, "今天已签到", "signed in today"),
        Some(_) => checks.add(
            "sign_in",
            Warn,
            "下一笔交易前会先签到",
            "the next payment signs in first",
        ),
    }
    Ok(())
}

fn restored(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    if terminal.is_restored()? {
        checks.add(
            "restored",
            Bad,
            "账本是从副本放回来的：确认旧终端已停用后，主管用 accept-restored 放行",
            "the ledger was put back from a copy: once the old terminal is retired, a supervisor \
             lets it go on with accept-restored",
        );
    }
    Ok(())
}

fn people(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    if terminal.has_supervisor()? {
        checks.add("people", Good, "有主管", "there is a supervisor");
    } else {
        checks.add(
            "people",
            Warn,
            "没有主管：撤销和退货不需要任何人批准",
            "there is no supervisor: nobody has to approve a void or a refund",
        );
    }
    Ok(())
}

fn owed(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let left = terminal.ledger().read(|query| query.left())?;
    let escalated = left
        .iter()
        .filter(|item| item.status == ObligationStatus::Escalated);
    match (left.len(), escalated.count()) {
        (0, _) => checks.add("owed", Good, "没有待办", "nothing is owed"),
        (count, 0) => {
            let zh = format!("{count} 项待办，联网后会自动送达");
            let en = format!("{count} owed; they go out by themselves once online");
            checks.add("owed", Warn, &zh, &en);
        }
        (count, stuck) => {
            let zh = format!("{count} 项待办，其中 {stuck} 项要收单机构书面答复");
            let en = format!("{count} owed, {stuck} of them wait for the acquirer's written word");
            checks.add("owed", Warn, &zh, &en);
        }
    }
    Ok(())
}

fn clock(checks: &mut Checks<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let now = SystemClock::new()?.now();
    let trusted = terminal.ledger().read(|query| query.trusted_time())?;
    match trusted.and_then(|trusted| trusted.at(&now)) {
        None => checks.add(
            "clock",
            Warn,
            "开机后主机还没有对过时：截止时间不确定，不会过期",
            "no host has told the time since start: deadlines are not certain, nothing expires",
        ),
        Some(host) if host.0.abs_diff(now.wall.0) > FAR => checks.add(
            "clock",
            Warn,
            "本机时钟与主机相差五分钟以上，显示的时间会不对",
            "this clock is more than five minutes from the host's; times shown are off",
        ),
        Some(_) => checks.add("clock", Good, "已与主机对时", "the host has told the time"),
    }
    Ok(())
}
