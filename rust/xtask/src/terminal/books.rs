//! Both ledgers for the page: read again only when one of them changed, and told at once.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::ledgers;
use super::world::lock;
use crate::http::Answer;

/// How often it is looked whether a ledger changed, while somebody waits for that.
const LOOK: Duration = Duration::from_millis(100);
/// So long a question waits for a change.
const PATIENCE: Duration = Duration::from_secs(10);
/// A file written as lately as this may have been written again within one tick of its clock.
const FRESH: Duration = Duration::from_millis(500);

/// The header that names the state of both ledgers.
pub const TAG: &str = "x-ledgers";

/// Reads the terminal's ledger beside the running app.
pub struct Books {
    /// The command line.
    cli: PathBuf,
    /// The terminal's home.
    home: PathBuf,
    read: Mutex<Option<(Stamp, Value)>>,
}

/// When the ledger's files were written last, and their lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp([Option<(SystemTime, u64)>; 2]);

impl Stamp {
    fn of(home: &Path) -> Self {
        Self(["ledger.db", "ledger.db-wal"].map(|name| {
            let about = fs::metadata(home.join(name)).ok()?;
            Some((about.modified().ok()?, about.len()))
        }))
    }

    fn is_fresh(&self) -> bool {
        let written = self.0.iter().flatten();
        written
            .into_iter()
            .any(|(at, _)| at.elapsed().is_ok_and(|since| since < FRESH))
    }
}

impl Books {
    pub fn new(cli: PathBuf, home: PathBuf) -> Self {
        let read = Mutex::default();
        Self { cli, home, read }
    }

    /// Both ledgers, and whether they agree. With the tag of what is known already, waits a
    /// while for something else. `host` asks the hosts for theirs.
    pub fn compare(&self, known: Option<&str>, host: impl Fn() -> Answer) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.compare_now(&host());
            let tag = answer.headers.get(TAG).map(String::as_str);
            if tag.is_none() || tag != known || begun.elapsed() > PATIENCE {
                return answer;
            }
            thread::sleep(LOOK);
        }
    }

    fn compare_now(&self, host: &Answer) -> Answer {
        if host.status != 200 {
            return host.clone();
        }
        let Ok(host) = serde_json::from_slice::<Value>(&host.body) else {
            return Answer::error(503, "the host's ledger is not JSON");
        };
        match self.journal() {
            Ok(journal) => {
                let mut answer = Answer::json(200, &ledgers::compare(&journal, &host));
                let mut hasher = DefaultHasher::new();
                answer.body.hash(&mut hasher);
                let tag = format!("{:016x}", hasher.finish());
                answer.headers.insert(TAG.to_owned(), tag);
                answer
            }
            Err(text) => Answer::error(503, text),
        }
    }

    /// The terminal's sales, as the command line prints them.
    fn journal(&self) -> Result<Value, String> {
        // Held while reading: who waits behind finds what was read meanwhile.
        let mut read = lock(&self.read);
        let stamp = Stamp::of(&self.home);
        match &*read {
            Some((seen, journal)) if *seen == stamp && !stamp.is_fresh() => {
                return Ok(journal.clone());
            }
            _ => {}
        }
        let journal = self.read_journal()?;
        *read = Some((stamp, journal.clone()));
        Ok(journal)
    }

    fn read_journal(&self) -> Result<Value, String> {
        if !self.home.join("ledger.db").exists() {
            return Ok(json!({ "sales": [] }));
        }
        let output = Command::new(&self.cli)
            .arg("--home")
            .arg(&self.home)
            .args(["--json", "journal"])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start {}: {error}", self.cli.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let journal = serde_json::from_str::<Value>(&text).ok();
        journal
            .filter(|journal| journal.get("sales").is_some())
            .ok_or_else(|| {
                let errors = String::from_utf8_lossy(&output.stderr);
                format!("the terminal's ledger cannot be read: {text}{errors}")
            })
    }
}
