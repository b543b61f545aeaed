//! Building and starting what the terminal consists of: the command line that is also the
//! simulated hosts, and the app on its JVM.
//!
//! The app's process prints one JSON line `{"port": N}` once it serves the live screen on
//! loopback; what it serves stands in `android/jvm/terminal`. It keeps nothing that was set by
//! control: the supervisor tells it again after a restart.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

use super::cards;
use crate::apk::stamp::{Stamps, files};
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
const MAIN_CLASS: &str = "com/voidproof/terminal/Main.class";
const CORE: &str = "libpos_ffi.so";
/// What the app's classes are made of, besides the core.
const INPUTS: &[&str] = &[
    "uniffi.toml",
    "android/pom.xml",
    "android/gateway/pom.xml",
    "android/gateway/src",
    "android/app/pom.xml",
    "android/app/src/main",
    "android/jvm/fake/pom.xml",
    "android/jvm/robolectric/pom.xml",
    "android/jvm/robolectric/src",
    "android/jvm/terminal/pom.xml",
    "android/jvm/terminal/src/main",
];

/// Where the built parts lie.
pub struct Built {
    /// `voidproof`.
    pub cli: PathBuf,
    root: PathBuf,
    native: PathBuf,
}

/// Sets up what is missing and builds; all output goes to standard error, and how long each
/// part took.
pub fn build(repo: &Repo) -> Result<Built, Stop> {
    timed("tools", || gate::set_up(repo))?;
    let graph = Graph::members(repo)?;
    let native = graph.target.join("release");
    timed("hosts", || {
        Tool::release(repo, graph.in_folder("rust/cli")?)
    })?;
    timed("core", || Tool::release(repo, graph.in_folder("rust/ffi")?))?;
    timed("app", || app_classes(repo, &native.join(CORE)))?;
    Ok(Built {
        cli: native.join("voidproof"),
        root: repo.root().to_path_buf(),
        native,
    })
}

fn timed(part: &str, work: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    let begun = Instant::now();
    work()?;
    eprintln!("{part:<6} {:>5.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Maven needs half a minute to find that nothing changed: it is called only if something did,
/// or if something is gone.
fn app_classes(repo: &Repo, core: &Path) -> Result<(), Stop> {
    let inputs = INPUTS.iter().map(|input| repo.path(input));
    let inputs: Vec<PathBuf> = inputs.chain([core.to_path_buf()]).collect();
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let class_path = repo.path(MODULE).join("class-path");
    let listed = fs::read_to_string(&class_path).unwrap_or_default();
    let runtime = repo.path(MODULE).join("native-runtime/icu");
    let mut made = vec![class_path.as_path(), &runtime];
    let main = repo.path(MODULE).join("classes").join(MAIN_CLASS);
    made.push(&main);
    made.extend(listed.trim().split(':').map(Path::new));
    let folder = repo.path(MODULE).join("stamps");
    let stamps = Stamps::in_folder(folder.clone())?;
    // Somebody who builds by hand leaves classes that the stamp knows nothing of.
    let stamp = folder.join("classes");
    if made.iter().any(|path| newest(path) > newest(&stamp)) {
        fs::remove_file(&stamp).or_else(|e| match e.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(Stop::io(stamp.display(), &e)),
        })?;
    }
    let make = || maven(repo);
    stamps.once("classes", "", &inputs, &made, make).map(|_| ())
}

/// When the file, or the newest one below the folder, was written; none if there is none.
fn newest(path: &Path) -> Option<SystemTime> {
    let written = |file: &PathBuf| fs::metadata(file).and_then(|data| data.modified()).ok();
    files(path).ok()?.iter().filter_map(written).max()
}

fn maven(repo: &Repo) -> Result<(), Stop> {
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
        .pass()
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
