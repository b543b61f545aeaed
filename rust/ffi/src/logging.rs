//! Where log lines go: two files in a folder that no backup copies and, on a device, Android's
//! log too. No crate of ours logs the value of a field.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use log::{LevelFilter, Log, Metadata, Record};
use pos_engine::domain::WallTime;

/// The most that is ever said.
const LEVEL: LevelFilter = LevelFilter::Info;
/// A file that is longer gives way to a new one.
const MOST_BYTES: u64 = 1024 * 1024;
const FILE: &str = "core.log";
const FILE_BEFORE: &str = "core.1.log";

/// Has log lines written into a folder, which is made when absent. Doing it again changes nothing.
#[uniffi::export]
pub fn init_logging(folder: String) {
    static FILES: OnceLock<LogFiles> = OnceLock::new();
    let files = FILES.get_or_init(|| LogFiles::new(folder.into()));
    if log::set_logger(files).is_ok() {
        log::set_max_level(LEVEL);
    }
}

struct LogFiles {
    folder: PathBuf,
    most_bytes: u64,
    open: Mutex<Option<File>>,
}

impl LogFiles {
    const fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            most_bytes: MOST_BYTES,
            open: Mutex::new(None),
        }
    }

    fn write(&self, line: &str) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(FILE);
        if path
            .metadata()
            .is_ok_and(|file| file.len() > self.most_bytes)
        {
            *open = None;
            fs::rename(&path, self.folder.join(FILE_BEFORE))?;
        }
        if open.is_none() {
            *open = Some(opened(&path)?);
        }
        match open.as_mut() {
            Some(file) => file.write_all(line.as_bytes()),
            None => Ok(()),
        }
    }
}

fn opened(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

impl Log for LogFiles {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= LEVEL
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let at = i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX);
        let (at, level) = (WallTime(at), record.level());
        let line = format!("{at} {level} {}: {}\n", record.target(), record.args());
        // A full disk must not stop a payment.
        let _ = self.write(&line);
        #[cfg(target_os = "android")]
        crate::android::tell(record);
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use log::Level;

    use super::*;

    fn say(log: &LogFiles, level: Level, text: &str) {
        let mut record = Record::builder();
        log.log(
            &record
                .level(level)
                .target("t")
                .args(format_args!("{text}"))
                .build(),
        );
    }

    #[test]
    fn lines_go_into_two_files_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFiles::new(folder.path().join("log"));
        log.most_bytes = 100;
        say(&log, Level::Debug, "never");
        for number in 0..20 {
            say(&log, Level::Info, &format!("line {number}"));
        }
        let read = |file| fs::read_to_string(folder.path().join("log").join(file)).unwrap();
        let (now, before) = (read(FILE), read(FILE_BEFORE));
        assert!(
            now.contains("line 19") && !now.contains("line 0\n"),
            "{now}"
        );
        assert!(before.len() < 200 && now.len() < 200, "{before}{now}");
        assert!(now.contains("+08:00 INFO t: line 19\n"), "{now}");
        assert!(!(now + &before).contains("never"));
        let files = folder.path().join("log").read_dir().unwrap().count();
        assert_eq!(files, 2);
    }
}
