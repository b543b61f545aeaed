//! Opening the file: pragmas, one writer and one reader.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use pos_domain::ports::Random;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::migrate::{
    SCHEMA_VERSION, copy_into, create_private, forget_copies, migrate, schema_of,
};
use crate::{LedgerError, Query, Sealer, Stamp, Tx};

/// Where the ledger is and how it is sealed.
pub struct LedgerOptions {
    /// The file; made when absent.
    pub path: PathBuf,
    /// Seals account data.
    pub sealer: Sealer,
    /// Random bytes for identifiers.
    pub random: Arc<dyn Random>,
}

/// Called after each commit, on the thread that made it; must return at once.
pub type Watcher = Box<dyn Fn() + Send + Sync>;

/// The open ledger: one writer, and one reader for screens.
pub struct Ledger {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    sealer: Sealer,
    random: Arc<dyn Random>,
    watcher: OnceLock<Watcher>,
    path: PathBuf,
    /// Whether this opening changed the schema.
    migrated: bool,
    #[cfg(feature = "planted")]
    stop: pos_domain::planted::StopPoint,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger(…)")
    }
}

/// How long a statement waits for another program's transaction.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries of what SQLite does not wait for itself.
const A_MOMENT: Duration = Duration::from_millis(5);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic inside a transaction rolled it back; the connection itself is sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Switches to the write-ahead log. SQLite itself does not wait for another opener that is doing
/// the same to a new file.
fn begin_log(connection: &Connection) -> Result<(), LedgerError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let done = connection.pragma_update(None, "journal_mode", "WAL");
        match done.map_err(LedgerError::from) {
            Err(LedgerError::InUse) if Instant::now() < until => std::thread::sleep(A_MOMENT),
            done => return done,
        }
    }
}

pub(crate) fn prepare(connection: &Connection) -> Result<(), LedgerError> {
    begin_log(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // So that REPLACE, too, meets the triggers that keep rows.
    connection.pragma_update(None, "recursive_triggers", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// A connection that changes nothing. The file itself is opened for writing: a reader of a
/// write-ahead log has to say in shared memory that it reads.
fn read_only(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// A connection for one look. Reading a write-ahead log needs a file beside it, which a disk that
/// is full or only readable has no place for. Where nothing is in the log, nobody is writing, and
/// the ledger is all in its own file, which then is read as one that does not change.
fn looking(path: &Path) -> Result<(Connection, i64), LedgerError> {
    let usual = read_only(path).and_then(|c| schema_of(&c).map(|found| (c, found)));
    match usual {
        Err(LedgerError::DiskFull | LedgerError::ReadOnly(_)) if has_empty_log(path) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(unchanging(path), flags)?;
            connection.set_prepared_statement_cache_capacity(128);
            let found = schema_of(&connection)?;
            Ok((connection, found))
        }
        usual => usual,
    }
}

fn has_empty_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let size = std::fs::metadata(log).map_or(0, |found| found.len());
    path.exists() && size == 0
}

/// The address of a file that does not change while it is read.
fn unchanging(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                uri.push(char::from(*byte));
            }
            // Writing to a string cannot fail.
            other => drop(write!(uri, "%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

impl Ledger {
    /// Opens or makes the ledger. A new file and all that is made beside it can be read and written
    /// by their owner alone.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`], [`LedgerError::Newer`], [`LedgerError::ReadOnly`],
    /// [`LedgerError::DiskFull`] or [`LedgerError::InUse`]; the file is left as it was.
    pub fn open(options: LedgerOptions) -> Result<Self, LedgerError> {
        let path = &options.path;
        create_private(path)?;
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(PATIENCE)?;
        // Before the first write: a file that this program must not touch stays as it is.
        let found = schema_of(&writer)?;
        if found > SCHEMA_VERSION {
            let known = SCHEMA_VERSION;
            return Err(LedgerError::Newer { found, known });
        }
        if writer.is_readonly("main")? {
            let what = "the file may only be read".to_owned();
            return Err(LedgerError::ReadOnly(what));
        }
        prepare(&writer)?;
        let migrated = migrate(&mut writer, path)?;
        let reader = read_only(path)?;
        Ok(Self {
            migrated,
            ..Self::of(writer, reader, options)
        })
    }

    /// Opens a ledger only to read it, beside a program that may be at work on it: it makes no
    /// file, updates no schema, and every write is refused. A full disk, or one that can only be
    /// read, is no hindrance.
    ///
    /// # Errors
    /// Those of [`Ledger::open`], and [`LedgerError::Older`] for one that has to be updated first.
    pub fn look(options: LedgerOptions) -> Result<Self, LedgerError> {
        let ((writer, _), (reader, found)) = (looking(&options.path)?, looking(&options.path)?);
        let known = SCHEMA_VERSION;
        match found.cmp(&known) {
            Ordering::Less => Err(LedgerError::Older { found, known }),
            Ordering::Greater => Err(LedgerError::Newer { found, known }),
            Ordering::Equal => Ok(Self::of(writer, reader, options)),
        }
    }

    fn of(writer: Connection, reader: Connection, options: LedgerOptions) -> Self {
        let LedgerOptions {
            path,
            sealer,
            random,
        } = options;
        Self {
            path,
            migrated: false,
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            sealer,
            random,
            watcher: OnceLock::new(),
            #[cfg(feature = "planted")]
            stop: pos_domain::planted::StopPoint::default(),
        }
    }

    /// Runs `work` in one transaction and commits it: durable when this returns.
    ///
    /// # Errors
    /// The work's own error, after which nothing was changed, or the commit's.
    pub fn write<T, E: From<LedgerError>>(
        &self,
        stamp: Stamp,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let value = self.commit(stamp, work)?;
        if let Some(watcher) = self.watcher.get() {
            watcher();
        }
        Ok(value)
    }

    fn commit<T, E: From<LedgerError>>(
        &self,
        stamp: Stamp,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = lock(&self.writer);
        let inner = Transaction::new(&mut connection, TransactionBehavior::Immediate)
            .map_err(LedgerError::from)?;
        let tx = Tx {
            inner,
            stamp,
            sealer: &self.sealer,
            random: self.random.as_ref(),
            head: RefCell::default(),
        };
        let value = work(&tx)?;
        tx.mark_audit_head()?;
        if pos_domain::planted!(TellBeforeCommit)
            && let Some(watcher) = self.watcher.get()
        {
            watcher();
        }
        #[cfg(feature = "planted")]
        if self.stop.before_commit() {
            return Err(LedgerError::Stopped.into());
        }
        tx.inner.commit().map_err(LedgerError::from)?;
        #[cfg(feature = "planted")]
        if self.stop.after_commit() {
            return Err(LedgerError::Stopped.into());
        }
        Ok(value)
    }

    /// The program started well on this ledger: copies of before a migration are not needed any
    /// more, except that of a migration just made, which has to prove itself at one more start.
    pub fn started_well(&self) {
        if !self.migrated {
            forget_copies(&self.path, 0);
        }
    }

    /// Checks that a file is a whole ledger that this program can open; gives its schema. Nothing
    /// may write to it meanwhile.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`], [`LedgerError::Newer`].
    pub fn inspect(path: &Path) -> Result<i64, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(unchanging(path), flags)?;
        let (found, known) = (schema_of(&connection)?, SCHEMA_VERSION);
        if found > known {
            return Err(LedgerError::Newer { found, known });
        }
        let said: String = connection.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        match (found, said.as_str()) {
            (1.., "ok") => Ok(found),
            (1.., _) => Err(LedgerError::Corrupt(said)),
            _ => Err(LedgerError::Corrupt("there is no ledger in it".to_owned())),
        }
    }

    /// Writes all that is committed at this moment into a new file, for its owner alone; durable
    /// when this returns. Neither reader nor writer waits for it.
    ///
    /// # Errors
    /// [`LedgerError::DiskFull`], [`LedgerError::ReadOnly`]; the new file is then of no use.
    pub fn copy_into(&self, path: &Path) -> Result<(), LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        copy_into(&connection, path)
    }

    /// Has `watcher` called after each commit from now on. The first one stays.
    pub fn watch(&self, watcher: Watcher) {
        let _ = self.watcher.set(watcher);
    }

    /// Runs `work` on the reading connection, which sees what is committed.
    ///
    /// # Errors
    /// The work's own error.
    pub fn read<T, E: From<LedgerError>>(
        &self,
        work: impl FnOnce(Query<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = lock(&self.reader);
        work(Query {
            inner: &connection,
            sealer: &self.sealer,
        })
    }

    /// Where tests stop the program.
    #[cfg(feature = "planted")]
    pub const fn stop_point(&self) -> &pos_domain::planted::StopPoint {
        &self.stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_path_with_any_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b?c#d%20\u{7a33}.db");
        let made = Connection::open(&path).unwrap();
        made.pragma_update(None, "user_version", 7).unwrap();
        drop(made);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let found = Connection::open_with_flags(unchanging(&path), flags).unwrap();
        assert_eq!(schema_of(&found).unwrap(), 7);
        assert!(has_empty_log(&path));
        std::fs::write(folder.path().join("a b?c#d%20\u{7a33}.db-wal"), "x").unwrap();
        assert!(!has_empty_log(&path));
        assert!(!has_empty_log(&folder.path().join("none.db")));
    }
}
