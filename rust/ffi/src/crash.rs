//! What is kept of a fault of the core: where it was, never what it said, since a message can
//! quote anything. Whoever watches is asked to open the core again; recovery is the normal start.

use std::fs::OpenOptions;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, OnceLock, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Core;

/// The side file in the home.
const FILE: &str = "crash.log";
/// A longer one is begun anew.
const MOST_BYTES: u64 = 64 * 1024;

type Watched = Mutex<Vec<(PathBuf, Weak<Core>)>>;

fn watched() -> &'static Watched {
    static WATCHED: OnceLock<Watched> = OnceLock::new();
    WATCHED.get_or_init(Watched::default)
}

/// Has faults recorded in `home` and told to whoever watches `core`, for as long as it lives.
pub(crate) fn watch(home: &Path, core: Weak<Core>) {
    let mut watched = watched().lock().unwrap_or_else(PoisonError::into_inner);
    watched.retain(|(_, core)| core.strong_count() > 0);
    watched.push((home.to_owned(), core));
    drop(watched);
    install();
}

fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            note(info);
            before(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let line = line_of(info);
    log::error!("fault {}", line.trim_end());
    let Ok(watched) = watched().try_lock() else {
        return;
    };
    for (home, core) in watched.iter() {
        // Nobody is left to be told when this fails.
        let _ = append(home, &line);
        if let Some(core) = core.upgrade() {
            core.ask_for_restart();
        }
    }
}

fn line_of(info: &PanicHookInfo<'_>) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let at = since.unwrap_or_default().as_secs();
    let place = info
        .location()
        .map_or_else(String::new, ToString::to_string);
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("?");
    format!("{at} {} {thread} {place}\n", env!("CARGO_PKG_VERSION"))
}

fn append(home: &Path, line: &str) -> std::io::Result<()> {
    let path = home.join(FILE);
    let long = path.metadata().is_ok_and(|file| file.len() > MOST_BYTES);
    let mut options = OpenOptions::new();
    options
        .create(true)
        .append(!long)
        .write(true)
        .truncate(long);
    options.open(path)?.write_all(line.as_bytes())
}
