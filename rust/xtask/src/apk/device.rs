//! `cargo xtask device-test`: the tests on a device or an emulator that adb reaches.
//!
//! Tests in pairs prove what survives: the first half leaves a void owed at the simulated host of
//! this machine, then the app is killed or the device restarted, then the second half delivers it.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::child::{Running, bound_to_us};
use crate::repo::Repo;
use crate::resources::Edition;
use crate::stop::Stop;
use crate::tool::Tool;

use super::installed::{NAME, RUNNER};
use super::{PACKAGE, Wish, abi, build};

const USAGE: &str = "usage: cargo xtask device-test [--reboot]";
const TESTS: &str = "com.voidproof.app.installed";
const HOST: &str = "target/release/voidproof";
/// Before a kill or a restart, and after it: a void that waits for the network.
const WAITING: [&str; 2] = ["BeforeTheEnd", "AfterTheEnd"];
/// The same of a void that is on its way.
const ON_ITS_WAY: [&str; 2] = ["BeforeTheCut", "AfterTheCut"];
/// Of the simulated host's greeting and of a device that restarts.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let reboot = match arguments {
        [] => false,
        [word] if word == "--reboot" => true,
        _ => return Err(Stop::usage(USAGE)),
    };
    let processor = adb(repo, &["shell", "getprop", "ro.product.cpu.abi"])?;
    let abis = abi::parse(processor.trim())?;
    let wish = Wish {
        release: false,
        abis,
        edition: None,
        cores: false,
        check: false,
        run: false,
        qemu: false,
    };
    let built = build(repo, &wish)?;
    let tests = built.out.join(format!("{NAME}.apk"));
    for apk in built
        .made
        .iter()
        .map(|made| made.apk.as_path())
        .chain([tests.as_path()])
    {
        install(repo, apk)?;
    }
    let mut failed = Vec::new();
    let mut note = |name: &str, result: Result<u32, Stop>| match result {
        Ok(count) => println!("== {name}: ok, {count} tests"),
        Err(stop) => {
            println!("== {name}: {stop}");
            failed.push(name.to_owned());
        }
    };
    note("tests", instrument(repo, &[]));
    note("kill", pair(repo, WAITING, kill));
    note("kill in the middle", pair(repo, ON_ITS_WAY, kill));
    match reboot {
        true => note("reboot", pair(repo, WAITING, restart)),
        false => println!("== reboot: not asked for (--reboot)"),
    }
    match failed.as_slice() {
        [] => Ok(()),
        names => Err(Stop::failed(format!("failed: {}", names.join(" ")))),
    }
}

fn adb(repo: &Repo, arguments: &[&str]) -> Result<String, Stop> {
    Tool::new(repo, "adb").args(arguments).read()
}

fn install(repo: &Repo, apk: &Path) -> Result<(), Stop> {
    Tool::new(repo, "adb")
        .args(["install", "-r", "-t"])
        .path(apk)
        .pass()
}

/// Both halves around `end`, against a simulated host that the device reaches by its own loopback.
fn pair(
    repo: &Repo,
    [before, after]: [&str; 2],
    end: impl FnOnce(&Repo) -> Result<(), Stop>,
) -> Result<u32, Stop> {
    Tool::release(repo, "pos-cli")?;
    let (send, greeting) = mpsc::channel();
    let mut command: Command = bound_to_us(repo.path(HOST));
    command.args([
        "host",
        "--port",
        "0",
        "--control-port",
        "0",
        "--wechat-port",
        "0",
    ]);
    let _host = Running::start("host", &mut command, move |hello| {
        let _ = send.send(hello);
    })?;
    let hello = greeting
        .recv_timeout(PATIENCE)
        .map_err(|_| Stop::failed("the simulated host did not start"))?;
    let (host, control) = (port(&hello, "unionpay")?, port(&hello, "control")?);
    let reach = |repo: &Repo| -> Result<(), Stop> {
        for port in [&host, &control] {
            adb(
                repo,
                &["reverse", &format!("tcp:{port}"), &format!("tcp:{port}")],
            )?;
        }
        Ok(())
    };
    let half = |name: &str| {
        let name = format!("{TESTS}.{name}");
        let (host, control) = (format!("127.0.0.1:{host}"), format!("127.0.0.1:{control}"));
        instrument(
            repo,
            &[
                "-e", "class", &name, "-e", "host", &host, "-e", "control", &control,
            ],
        )
    };
    reach(repo)?;
    let first = half(before)?;
    end(repo)?;
    reach(repo)?;
    Ok(first + half(after)?)
}

fn port(hello: &Value, name: &str) -> Result<String, Stop> {
    let found = hello.get(name).and_then(Value::as_u64);
    found
        .map(|port| port.to_string())
        .ok_or_else(|| Stop::failed(format!("the simulated host names no port {name}")))
}

/// The debug APK is the training edition.
fn installed() -> String {
    format!("{PACKAGE}{}", Edition::Training.suffix())
}

fn kill(repo: &Repo) -> Result<(), Stop> {
    adb(repo, &["shell", "am", "force-stop", &installed()]).map(|_| ())
}

fn restart(repo: &Repo) -> Result<(), Stop> {
    adb(repo, &["reboot"])?;
    adb(repo, &["wait-for-device"])?;
    // The shell waits on the device itself; a device that does not come back ends the command.
    let wait = "while [ \"$(getprop sys.boot_completed)\" != 1 ]; do sleep 1; done";
    adb(repo, &["shell", wait]).map(|_| ())
}

fn instrument(repo: &Repo, arguments: &[&str]) -> Result<u32, Stop> {
    let text = Tool::new(repo, "adb")
        .args(["shell", "am", "instrument", "-w"])
        .args(arguments)
        .args([RUNNER])
        .read()?;
    passed(&text).ok_or_else(|| Stop::failed(format!("the device says:\n{text}")))
}

/// Tests that passed, by the last line of a run in which none failed. A crash has no such line.
fn passed(text: &str) -> Option<u32> {
    let line = text.lines().rev().find(|line| line.starts_with("OK ("))?;
    let count = line.strip_prefix("OK (")?.split(' ').next()?.parse().ok()?;
    let bad = ["FAILURES!!!", "INSTRUMENTATION_FAILED", "Process crashed"];
    (count > 0 && !bad.iter().any(|word| text.contains(word))).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_without_failure_counts() {
        let good = "\ncom.voidproof.app.installed.CoreTest:..\n\nOK (2 tests)\n\n";
        assert_eq!(passed(good), Some(2));
        assert_eq!(passed("OK (0 tests)"), None);
        assert_eq!(passed("FAILURES!!!\nTests run: 3,  Failures: 1"), None);
        assert_eq!(
            passed("OK (1 test)\nINSTRUMENTATION_RESULT: Process crashed."),
            None
        );
        assert_eq!(passed(""), None);
    }

    #[test]
    fn ports_are_read_from_the_greeting() {
        let hello = serde_json::json!({ "unionpay": 7000 });
        assert_eq!(port(&hello, "unionpay").unwrap(), "7000");
        assert!(port(&hello, "control").is_err());
    }
}
