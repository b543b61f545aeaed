//! The shop of the demonstration: an acquirer and wallets on real ports, cables to them, and a
//! terminal in a temporary home that is worked by real processes.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pos_engine::SystemClock;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::time::DAY_MS;
use pos_sim::{Options as Hosts, Ports, Running, fault, serve, starter_files};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::cable::Cable;
use crate::{Failure, Kind};

/// Seconds that the terminal waits for an answer: short, for there is nobody at the counter.
const TIMEOUT_S: u64 = 2;
/// How long a slow machine may take until a process does what the story tells.
const PATIENCE: Duration = Duration::from_secs(30);
/// The profile among the files that the hosts hand out.
const PROFILE: &str = "profile.toml";

/// Everything that takes part.
pub(super) struct Shop {
    pub host: Running,
    cables: [Cable; 3],
    folder: TempDir,
    program: PathBuf,
    // Last: what it drives goes first.
    _runtime: Runtime,
}

pub(super) fn failed(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Internal, what, error.kind().to_string())
}

/// A value of an object; null when it has none of this key.
pub(super) fn at<'a>(object: &'a Value, key: &str) -> &'a Value {
    object.get(key).unwrap_or(&Value::Null)
}

/// Half a day from now, so that no void's time ends in the middle of the story.
fn far_cutover() -> Result<String, Failure> {
    let later = SystemClock::new()?.now().wall.plus(DAY_MS / 2).hhmmss();
    Ok(format!("{}:00", later.get(..2).unwrap_or("00")))
}

/// The profile of nobody at the counter: short time-outs, and a day that does not end now.
fn hurried(profile: &str) -> Result<String, Failure> {
    let cutover = format!("[terminal]\nday_cutover = \"{}\"", far_cutover()?);
    let mut text = profile.replace("[terminal]", &cutover);
    for rail in ["[unionpay]", "[wechat]", "[alipay]"] {
        text = text.replace(rail, &format!("{rail}\ntimeout_s = {TIMEOUT_S}"));
    }
    Ok(text)
}

/// What a process printed and how it ended.
pub(super) struct Ended {
    pub code: Option<i32>,
    pub object: Value,
}

impl Shop {
    /// Opens the shop; its terminal is not set up yet.
    pub(super) fn open() -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| failed("the runtime", &error))?;
        let host = runtime
            .block_on(serve(Hosts::default()))
            .map_err(|error| Failure::new(Kind::Internal, "the acquirer", error.to_string()))?;
        let ports = host.ports();
        let cables = runtime
            .block_on(async {
                Ok([
                    Cable::to(ports.unionpay).await?,
                    Cable::to(ports.wechat).await?,
                    Cable::to(ports.alipay).await?,
                ])
            })
            .map_err(|error| failed("the cable", &error))?;
        Ok(Self {
            host,
            cables,
            folder: tempfile::tempdir().map_err(|error| failed("the temporary home", &error))?,
            program: std::env::current_exe().map_err(|error| failed("this program", &error))?,
            _runtime: runtime,
        })
    }

    /// Pulls the network out.
    pub(super) fn pull(&self) {
        self.cables.iter().for_each(Cable::pull);
    }

    /// Puts it back.
    pub(super) fn plug(&self) {
        self.cables.iter().for_each(Cable::plug);
    }

    /// Writes the terminal's profile and the keys that it names, and gives its path.
    pub(super) fn write_profile(&self) -> Result<String, Failure> {
        let [unionpay, wechat, alipay] = &self.cables;
        let ports = Ports {
            unionpay: unionpay.port,
            wechat: wechat.port,
            alipay: alipay.port,
            ..self.host.ports()
        };
        let hosts = Hosts::default();
        let place = self.folder.path();
        for file in starter_files(ports, &hosts.settings.master_key, &hosts.wallets) {
            let path = place.join(file.name);
            let text = match file.name {
                PROFILE => hurried(&file.text)?,
                _ => file.text,
            };
            std::fs::create_dir_all(path.parent().unwrap_or(place))
                .and_then(|()| std::fs::write(&path, text))
                .map_err(|error| failed("the profile", &error))?;
        }
        Ok(place.join(PROFILE).display().to_string())
    }

    /// Starts a process of this program in the shop's home.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<Child, Failure> {
        Command::new(&self.program)
            .arg("--home")
            .arg(self.folder.path().join("home"))
            .arg("--json")
            .args(arguments)
            .env_remove("VOIDPROOF_PIN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed("a process", &error))
    }

    /// Runs a process to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Ended, Failure> {
        let output = self
            .start(arguments)?
            .wait_with_output()
            .map_err(|error| failed("a process", &error))?;
        let object = serde_json::from_slice(&output.stdout)
            .map_err(|_| Failure::new(Kind::Internal, "a process", "printed no object"))?;
        Ok(Ended {
            code: output.status.code(),
            object,
        })
    }

    /// Runs a process that must end with this code.
    pub(super) fn expect(&self, code: i32, arguments: &[&str]) -> Result<Value, Failure> {
        let ended = self.run(arguments)?;
        if ended.code == Some(code) {
            return Ok(ended.object);
        }
        let what = arguments.first().copied().unwrap_or_default();
        let detail = format!("ended with {:?}: {}", ended.code, ended.object);
        Err(Failure::new(Kind::Internal, what, detail))
    }

    /// Waits until the queue, read beside whoever works, has an item of this status.
    pub(super) fn wait_for(&self, status: &str) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            let queue = self.expect(0, &["queue"])?;
            let items = at(&queue, "items").as_array().into_iter().flatten();
            if items.filter(|item| at(item, "status") == status).count() > 0 {
                return Ok(());
            }
            if Instant::now() > until {
                let detail = format!("nothing in it became {status}");
                return Err(Failure::new(Kind::Internal, "the queue", detail));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Has the acquirer misbehave.
    pub(super) fn break_host(&self, faults: &str) -> Result<(), Failure> {
        let faults = fault::parse(faults)
            .map_err(|error| Failure::new(Kind::Internal, "the faults", error.to_string()))?;
        self.host.with_hosts(|hosts| hosts.add_faults(faults));
        Ok(())
    }
}
