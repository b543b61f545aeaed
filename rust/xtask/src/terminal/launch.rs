//! Building and starting what the terminal consists of: the command line that is also the
//! simulated hosts, and the app on its JVM.
//!
//! The app's process prints one JSON line `{"port": N}` once it serves the live screen on
//! loopback; what it serves stands in `android/jvm/terminal`. It keeps nothing that was set by
//! control: the supervisor tells it again after a restart.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cards;
use crate::cargo_graph::Graph;
use crate::child::bound_to_us;
use crate::fetched::remove;
use crate::gate;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

/// Below the state: the profile that the hosts leave, and its keys.
const STARTER: &str = "hosts";
/// The app's folder for files from elsewhere, below its own.
const IMPORT: &str = "external/import";
const LOOPBACK: &str = "127.0.0.1:";
const MODULE: &str = "android/jvm/terminal/target";
const MAIN: &str = "com.voidproof.terminal.Main";

/// Where the built parts lie.
pub struct Built {
    /// `voidproof`.
    pub cli: PathBuf,
    root: PathBuf,
    native: PathBuf,
}

/// Sets up what is missing and builds; all output goes to standard error.
pub fn build(repo: &Repo) -> Result<Built, Stop> {
    gate::set_up(repo)?;
    let graph = Graph::members(repo)?;
    let package = graph.in_folder("rust/cli")?;
    Tool::cargo(repo)
        .args(["build", "--locked", "--release", "--package", package])
        .pass()?;
    Tool::new(repo, "mvn")
        .args([
            "--file",
            "android/pom.xml",
            "--batch-mode",
            "--no-transfer-progress",
            "--quiet",
        ])
        .args([
            "--projects",
            "jvm/terminal",
            "--also-make",
            "-DskipTests",
            "process-classes",
        ])
        .pass()?;
    let native = graph.target.join("release");
    Ok(Built {
        cli: native.join("voidproof"),
        root: repo.root().to_path_buf(),
        native,
    })
}

/// The simulated hosts.
pub struct Host {
    cli: PathBuf,
    cards: PathBuf,
    starter: PathBuf,
}

impl Host {
    pub fn new(built: &Built, state: &Path) -> Result<Self, Stop> {
        let file = state.join("cards.toml");
        fs::write(&file, cards::for_hosts()).map_err(|e| Stop::io(file.display(), &e))?;
        Ok(Self {
            cli: built.cli.clone(),
            cards: file,
            starter: state.join(STARTER),
        })
    }

    pub fn command(&self) -> Command {
        let mut command = bound_to_us(&self.cli);
        command
            .args(["host", "--port", "0", "--cards"])
            .arg(&self.cards)
            .arg("--write-profile")
            .arg(&self.starter);
        command
    }
}

/// The app on Robolectric's JVM.
pub struct App {
    root: PathBuf,
    native: PathBuf,
    state: PathBuf,
    class_path: String,
}

impl App {
    pub fn new(built: &Built, state: &Path) -> Result<Self, Stop> {
        let libraries = built.root.join(MODULE).join("class-path");
        let libraries =
            fs::read_to_string(&libraries).map_err(|e| Stop::io(libraries.display(), &e))?;
        Ok(Self {
            root: built.root.clone(),
            native: built.native.clone(),
            state: state.join("app"),
            class_path: format!("{MODULE}/classes:{}", libraries.trim()),
        })
    }

    /// Puts the files that the hosts' profile names where the app looks for them, as a computer
    /// at the device's USB port does.
    pub fn import_keys(&self, state: &Path) -> Result<(), Stop> {
        let (from, to) = (state.join(STARTER).join("keys"), self.state.join(IMPORT));
        fs::create_dir_all(&to).map_err(|e| Stop::io(to.display(), &e))?;
        let left = fs::read_dir(&from).map_err(|e| Stop::io(from.display(), &e))?;
        for file in left {
            let file = file.map_err(|e| Stop::io(from.display(), &e))?;
            fs::copy(file.path(), to.join(file.file_name()))
                .map_err(|e| Stop::io(file.path().display(), &e))?;
        }
        Ok(())
    }

    /// The terminal's home, as the app places it below its files.
    pub fn home(&self) -> PathBuf {
        self.state.join("files/home")
    }

    pub fn command(&self) -> Command {
        // A process that is killed leaves its files here.
        let scratch = self.state.join("tmp");
        if let Err(stop) = remove(&scratch) {
            eprintln!("xtask: {stop}");
        }
        if let Err(error) = fs::create_dir_all(&scratch) {
            eprintln!("xtask: {}: {error}", scratch.display());
        }
        let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
        let mut command = bound_to_us("java");
        command
            .current_dir(&self.root)
            .arg("@android/jvm/robolectric.args")
            .arg(property("java.io.tmpdir", &scratch))
            .arg(property("jna.library.path", &self.native))
            .arg("-Drobolectric.dependency.dir=android/jvm/robolectric/target/sdks")
            .arg(format!("-Dterminal.runtime={MODULE}/native-runtime"))
            .arg("-Dterminal.port=0")
            .arg(property("terminal.state", &self.state))
            .args(["-cp", &self.class_path, MAIN]);
        command
    }
}

/// The profile that the hosts left for a terminal, with the plug's ports in place of theirs: a
/// host is called through the plug or not at all. `ports` has the plug's port for each of theirs.
pub fn profile(state: &Path, ports: &BTreeMap<u16, u16>) -> Result<String, Stop> {
    let file = state.join(STARTER).join("profile.toml");
    let text = fs::read_to_string(&file).map_err(|e| Stop::io(file.display(), &e))?;
    through(&text, ports)
}

fn through(text: &str, ports: &BTreeMap<u16, u16>) -> Result<String, Stop> {
    let mut parts = text.split(LOOPBACK);
    let mut profile = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        let (port, rest) = part.split_at(digits);
        let carried = port.parse().ok().and_then(|port| ports.get(&port));
        let carried = carried.ok_or_else(|| {
            Stop::failed(format!("no plug before {LOOPBACK}{port} of the profile"))
        })?;
        profile.push_str(&format!("{LOOPBACK}{carried}{rest}"));
    }
    // A person at this counter does not wait a minute for an answer that is lost.
    let profile = profile.replacen("[unionpay]\n", "[unionpay]\ntimeout_s = 15\n", 1);
    let checked: Result<toml::Table, _> = profile.parse();
    checked.map_err(|e| Stop::failed(format!("the hosts' profile: {e}")))?;
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::through;

    const LEFT: &str = "[unionpay]\nhost = \"127.0.0.1:400\"\n\
        [alipay]\ngateway = \"http://127.0.0.1:4001/gateway.do\"\n";

    #[test]
    fn every_host_of_the_profile_is_called_through_the_plug() {
        let profile = through(LEFT, &[(400, 4001), (4001, 7)].into()).unwrap();
        let profile: toml::Table = profile.parse().unwrap();
        assert_eq!(profile["unionpay"]["host"].as_str(), Some("127.0.0.1:4001"));
        assert_eq!(profile["unionpay"]["timeout_s"].as_integer(), Some(15));
        let gateway = profile["alipay"]["gateway"].as_str();
        assert_eq!(gateway, Some("http://127.0.0.1:7/gateway.do"));
    }

    #[test]
    fn a_host_without_a_plug_is_an_error() {
        let error = through(LEFT, &[(400, 1)].into()).unwrap_err().to_string();
        assert!(error.contains("127.0.0.1:4001"), "{error}");
    }
}
