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

/// The simulated hosts' own terminal master key, the one they have without an option.
const TMK: &str = "31323334353637383132333435363738";
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
}

impl Host {
    pub fn new(built: &Built, state: &Path) -> Result<Self, Stop> {
        let file = state.join("cards.toml");
        fs::write(&file, cards::for_hosts()).map_err(|e| Stop::io(file.display(), &e))?;
        Ok(Self {
            cli: built.cli.clone(),
            cards: file,
        })
    }

    pub fn command(&self) -> Command {
        let mut command = bound_to_us(&self.cli);
        command
            .args(["host", "--port", "0", "--cards"])
            .arg(&self.cards);
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

    /// The terminal's home, as the app places it below its files.
    pub fn home(&self) -> PathBuf {
        self.state.join("files/home")
    }

    pub fn command(&self) -> Command {
        // Robolectric unpacks its fonts here, and leaves them when it is killed.
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
            .arg("-Dterminal.port=0")
            .arg(property("terminal.state", &self.state))
            .args(["-cp", &self.class_path, MAIN]);
        command
    }
}

/// A profile for the app's first start, with the plug's port for each rail that has a host.
pub fn profile(ports: &BTreeMap<&str, u16>) -> Result<String, Stop> {
    let unionpay = ports
        .get("unionpay")
        .ok_or_else(|| Stop::failed("the hosts serve no unionpay"))?;
    Ok(format!(
        "schema = 1\n\n\
         [merchant]\nid = \"898310048140001\"\nname = \"示例商户\"\n\n\
         [terminal]\nid = \"10000001\"\nserial = \"00004301234567890123\"\n\n\
         [unionpay]\nhost = \"127.0.0.1:{unionpay}\"\ntimeout_s = 15\ntmk = \"{TMK}\"\n"
    ))
}
