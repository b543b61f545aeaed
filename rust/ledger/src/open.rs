//! Opening the file: pragmas, migrations with a copy first, one writer and one reader.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use pos_domain::ports::Random;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::{LedgerError, Query, Sealer, Stamp, Tx};

/// The migrations in order; the schema number is how many have run.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_ledger.sql"),
    include_str!("../migrations/0002_messages.sql"),
    include_str!("../migrations/0003_wallets.sql"),
];

/// The newest schema this program knows.
pub const SCHEMA_VERSION: i64 = 3;

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

fn prepare(connection: &Connection) -> Result<(), LedgerError> {
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

fn schema_of(connection: &Connection) -> Result<i64, LedgerError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Copies a ledger beside itself before its schema changes; the copy is whole or absent. An older
/// copy of the same schema gives way: it may be of before a restore.
fn copy_before_migration(
    connection: &Connection,
    path: &Path,
    from: i64,
) -> Result<(), LedgerError> {
    let copy = path.with_extension(format!("v{from}.db"));
    let half = path.with_extension(format!("v{from}.part"));
    let failed = |e: std::io::Error| LedgerError::ReadOnly(format!("copy before migration: {e}"));
    if half.exists() {
        std::fs::remove_file(&half).map_err(failed)?;
    }
    let target = half
        .to_str()
        .ok_or_else(|| LedgerError::ReadOnly("path is not text".into()))?;
    connection.execute("VACUUM INTO ?1", [target])?;
    std::fs::File::open(&half)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    std::fs::rename(&half, &copy).map_err(failed)?;
    // The name is durable, too, before the first change.
    let folder = copy.parent().filter(|p| !p.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

fn migrate(
    connection: &mut Connection,
    path: &Path,
    migrations: &[&str],
) -> Result<(), LedgerError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let found = schema_of(connection)?;
    if found >= known {
        return Ok(());
    }
    if found > 0 {
        copy_before_migration(connection, path, found)?;
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another opener may have been faster.
    if schema_of(&tx)? != found {
        drop(tx);
        return migrate(connection, path, migrations);
    }
    for (number, script) in (1i64..).zip(migrations) {
        if number > found {
            tx.execute_batch(script)?;
        }
    }
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    log::info!("ledger: schema {found} -> {known}");
    Ok(())
}

impl Ledger {
    /// Opens or makes the ledger.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`], [`LedgerError::Newer`], [`LedgerError::ReadOnly`],
    /// [`LedgerError::DiskFull`] or [`LedgerError::InUse`]; the file is left as it was.
    pub fn open(options: LedgerOptions) -> Result<Self, LedgerError> {
        let LedgerOptions {
            path,
            sealer,
            random,
        } = options;
        let mut writer = Connection::open(&path)?;
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
        migrate(&mut writer, &path, MIGRATIONS)?;
        let reader = Connection::open_with_flags(
            &path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        reader.busy_timeout(PATIENCE)?;
        reader.pragma_update(None, "query_only", "ON")?;
        reader.set_prepared_statement_cache_capacity(128);
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            sealer,
            random,
            watcher: OnceLock::new(),
            #[cfg(feature = "planted")]
            stop: pos_domain::planted::StopPoint::default(),
        })
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

    const WIDENED: &str = "ALTER TABLE original ADD COLUMN note TEXT;
                           UPDATE setting SET value = 'changed'";

    /// The first release's ledger in a folder of its own, not yet migrated.
    fn first_release() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/ledgers");
        std::fs::copy(vectors.join("v0.1.0.db"), &path).unwrap();
        (folder, path)
    }

    fn opened(path: &Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        prepare(&connection).unwrap();
        connection
    }

    fn count(connection: &Connection, sql: &str) -> i64 {
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// That this is the first release's ledger, whole and unchanged.
    fn is_untouched(path: &Path) {
        let connection = Connection::open(path).unwrap();
        assert_eq!(schema_of(&connection).unwrap(), 1);
        let changed = "SELECT COUNT(*) FROM setting WHERE value = 'changed'";
        assert_eq!(count(&connection, changed), 0);
        assert!(count(&connection, "SELECT COUNT(*) FROM obligation") > 20);
        let whole: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(whole, "ok");
    }

    #[test]
    fn i09_a_migration_copies_before_it_changes() {
        let (folder, path) = first_release();
        let copy = folder.path().join("ledger.v1.db");
        // Left over from another day; neither may be taken for this ledger's copy.
        std::fs::write(folder.path().join("ledger.v1.part"), "half").unwrap();
        std::fs::write(&copy, "of before a restore").unwrap();
        let mut connection = opened(&path);
        let owed = "SELECT COUNT(*) FROM obligation";
        let before = count(&connection, owed);
        migrate(&mut connection, &path, &[MIGRATIONS[0], WIDENED]).unwrap();
        assert_eq!(schema_of(&connection).unwrap(), 2);
        assert_eq!(count(&connection, owed), before);
        assert_eq!(count(&connection, "SELECT COUNT(note) FROM original"), 0);
        is_untouched(&copy);
        assert!(!folder.path().join("ledger.v1.part").exists());
    }

    #[test]
    fn i09_a_migration_that_fails_changes_nothing() {
        let (folder, path) = first_release();
        let broken = format!("{WIDENED}; CREATE TABLE original (x)");
        let mut connection = opened(&path);
        let failed = migrate(&mut connection, &path, &[MIGRATIONS[0], &broken]);
        assert!(matches!(failed, Err(LedgerError::Sqlite(_))), "{failed:?}");
        drop(connection);
        is_untouched(&path);
        is_untouched(&folder.path().join("ledger.v1.db"));
    }

    #[test]
    fn i09_without_its_copy_no_migration_begins() {
        let (folder, path) = first_release();
        // Nothing can be written where the copy would be made.
        std::fs::create_dir_all(folder.path().join("ledger.v1.part/in-the-way")).unwrap();
        let mut connection = opened(&path);
        let failed = migrate(&mut connection, &path, &[MIGRATIONS[0], WIDENED]);
        assert!(
            matches!(failed, Err(LedgerError::ReadOnly(_))),
            "{failed:?}"
        );
        drop(connection);
        is_untouched(&path);
    }

    #[test]
    fn i04_no_statement_of_ours_replaces_a_row() {
        let (_folder, path) = first_release();
        let connection = opened(&path);
        for table in ["original", "undo", "attempt", "obligation", "audit"] {
            let sql = format!("REPLACE INTO {table} SELECT * FROM {table}");
            let said = connection.execute(&sql, []).unwrap_err().to_string();
            assert!(
                said.contains("never deleted") || said.contains("undo rule"),
                "{said}"
            );
        }
    }

    #[test]
    fn the_schema_number_is_the_count_of_migrations() {
        assert_eq!(usize::try_from(SCHEMA_VERSION), Ok(MIGRATIONS.len()));
    }
}
