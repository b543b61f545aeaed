//! Opening the file: pragmas, migrations with a copy first, one writer and one reader.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pos_domain::ports::Random;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::{LedgerError, Query, Sealer, Stamp, Tx};

/// The migrations in order; the schema number is how many have run.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_ledger.sql")];

/// The newest schema this program knows.
pub const SCHEMA_VERSION: i64 = 1;

/// Where the ledger is and how it is sealed.
pub struct LedgerOptions {
    /// The file; made when absent.
    pub path: PathBuf,
    /// Seals account data.
    pub sealer: Sealer,
    /// Random bytes for identifiers.
    pub random: Arc<dyn Random>,
}

/// The open ledger: one writer, and one reader for screens.
pub struct Ledger {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    sealer: Sealer,
    random: Arc<dyn Random>,
    #[cfg(feature = "planted")]
    stop: pos_domain::planted::StopPoint,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger(…)")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic inside a transaction rolled it back; the connection itself is sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prepare(connection: &Connection) -> Result<(), LedgerError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn schema_of(connection: &Connection) -> Result<i64, LedgerError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Copies a ledger beside itself before its schema changes; the copy is whole or absent.
fn copy_before_migration(
    connection: &Connection,
    path: &Path,
    from: i64,
) -> Result<(), LedgerError> {
    let copy = path.with_extension(format!("v{from}.db"));
    if copy.exists() {
        return Ok(());
    }
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
    std::fs::rename(&half, &copy).map_err(failed)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let found = schema_of(connection)?;
    if found > SCHEMA_VERSION {
        return Err(LedgerError::Newer {
            found,
            known: SCHEMA_VERSION,
        });
    }
    if found == SCHEMA_VERSION {
        return Ok(());
    }
    if found > 0 {
        copy_before_migration(connection, path, found)?;
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    for (number, script) in (1i64..).zip(MIGRATIONS) {
        if number > found {
            tx.execute_batch(script)?;
        }
    }
    tx.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    tx.commit()?;
    log::info!("ledger: schema {found} -> {SCHEMA_VERSION}");
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
        prepare(&writer)?;
        migrate(&mut writer, &path)?;
        let reader = Connection::open_with_flags(
            &path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        reader.busy_timeout(std::time::Duration::from_secs(5))?;
        reader.pragma_update(None, "query_only", "ON")?;
        reader.set_prepared_statement_cache_capacity(128);
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            sealer,
            random,
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
        let mut connection = lock(&self.writer);
        let inner = Transaction::new(&mut connection, TransactionBehavior::Immediate)
            .map_err(LedgerError::from)?;
        let tx = Tx {
            inner,
            stamp,
            sealer: &self.sealer,
            random: self.random.as_ref(),
        };
        let value = work(&tx)?;
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
