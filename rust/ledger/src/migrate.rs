//! Schemas: a ledger of an older program is copied, and then brought to this one's.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::LedgerError;

/// The migrations in order; the schema number is how many have run.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_ledger.sql"),
    include_str!("../migrations/0002_messages.sql"),
    include_str!("../migrations/0003_wallets.sql"),
    include_str!("../migrations/0004_cleared.sql"),
];

/// The newest schema this program knows.
pub const SCHEMA_VERSION: i64 = 4;

/// Makes an empty file that its owner alone can read and write, unless there is one. SQLite gives
/// what it makes beside a file the same rights.
pub(crate) fn create_private(path: &Path) -> Result<(), LedgerError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(LedgerError::DiskFull),
        Err(error) => Err(LedgerError::ReadOnly(error.to_string())),
    }
}

pub(crate) fn schema_of(connection: &Connection) -> Result<i64, LedgerError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// What a migration may need beside the ledger's own size: SQLite's files and the folder's.
const MARGIN: u64 = 4 * 1024 * 1024;
/// Copies of before a migration that are kept at most.
const KEPT_COPIES: usize = 2;

/// The copy of a ledger from before its schema changes, in the steps in which it is made. It is
/// whole or absent; an older copy of the same schema gives way, as it may be of before a restore.
struct Copying {
    half: PathBuf,
    whole: PathBuf,
}

fn copy_failed(error: io::Error) -> LedgerError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LedgerError::DiskFull,
        _ => LedgerError::ReadOnly(format!("copy before migration: {error}")),
    }
}

/// Removes a file; it may be absent.
fn remove(path: &Path) -> Result<(), LedgerError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(copy_failed(error)),
        _ => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

impl Copying {
    fn of(path: &Path, schema: i64) -> Self {
        Self {
            half: path.with_extension(format!("v{schema}.part")),
            whole: path.with_extension(format!("v{schema}.db")),
        }
    }

    /// All steps. What fails leaves no half of a copy: the disk may be full of it.
    fn make(&self, connection: &Connection) -> Result<(), LedgerError> {
        let made = self.write(connection).and_then(|()| self.publish());
        if made.is_err() {
            // The first failure is the one to tell.
            let _ = remove(&self.half);
        }
        made
    }

    fn write(&self, connection: &Connection) -> Result<(), LedgerError> {
        remove(&self.half)?;
        copy_into(connection, &self.half)
    }

    /// The name is durable, too, before the first change.
    fn publish(&self) -> Result<(), LedgerError> {
        std::fs::rename(&self.half, &self.whole).map_err(copy_failed)?;
        let folder = File::open(folder_of(&self.whole));
        folder.and_then(|it| it.sync_all()).map_err(copy_failed)
    }
}

/// Writes what is committed into a new file, for its owner alone, and waits until it is durable.
pub(crate) fn copy_into(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let target = path
        .to_str()
        .ok_or_else(|| LedgerError::ReadOnly("path is not text".into()))?;
    create_private(path)?;
    connection.execute("VACUUM INTO ?1", [target])?;
    let file = File::open(path);
    file.and_then(|file| file.sync_all()).map_err(copy_failed)
}

/// The copies of before a migration that lie beside a ledger, newest schema first.
fn copies_of(path: &Path) -> Vec<PathBuf> {
    let found = (1..SCHEMA_VERSION).rev();
    let found = found.map(|schema| Copying::of(path, schema).whole);
    found.filter(|copy| copy.is_file()).collect()
}

/// Removes all copies of before a migration but the newest `keep`. One that stays is no harm.
pub(crate) fn forget_copies(path: &Path, keep: usize) {
    for copy in copies_of(path).into_iter().skip(keep) {
        if let Err(error) = remove(&copy) {
            log::warn!("ledger: an old copy stays: {error}");
        }
    }
}

/// Refuses a migration for which there is no room: the copy, and the ledger written anew.
fn check_room(connection: &Connection, free: Option<u64>) -> Result<(), LedgerError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let size = pragma("page_count")?.saturating_mul(pragma("page_size")?);
    let wanted = u64::try_from(size).unwrap_or(0).saturating_mul(2);
    match free {
        Some(free) if free < wanted.saturating_add(MARGIN) => Err(LedgerError::DiskFull),
        _ => Ok(()),
    }
}

/// Free bytes of the disk that a folder or a file lies on; none when the platform does not say.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    stat.f_bavail.checked_mul(stat.f_frsize)
}

/// Brings a ledger to this program's schema; tells whether it had another one.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<bool, LedgerError> {
    let found = schema_of(connection)?;
    migrate_by(connection, path, MIGRATIONS, free_bytes(folder_of(path)))?;
    Ok(found > 0 && found < SCHEMA_VERSION)
}

fn migrate_by(
    connection: &mut Connection,
    path: &Path,
    migrations: &[&str],
    free: Option<u64>,
) -> Result<(), LedgerError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let found = schema_of(connection)?;
    if found >= known {
        return Ok(());
    }
    if found > 0 {
        check_room(connection, free)?;
        Copying::of(path, found).make(connection)?;
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another opener may have been faster.
    if schema_of(&tx)? != found {
        drop(tx);
        return migrate_by(connection, path, migrations, free);
    }
    apply(&tx, migrations, found)?;
    tx.commit()?;
    forget_copies(path, KEPT_COPIES);
    log::info!("ledger: schema {found} -> {known}");
    Ok(())
}

/// Runs the migrations that a ledger of schema `found` has not had.
fn apply(tx: &Connection, migrations: &[&str], found: i64) -> Result<(), LedgerError> {
    let mut known = found;
    for (number, script) in (1i64..).zip(migrations) {
        if number > found {
            tx.execute_batch(script)?;
        }
        known = known.max(number);
    }
    Ok(tx.pragma_update(None, "user_version", known)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::prepare;

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
        migrate_by(&mut connection, &path, &[MIGRATIONS[0], WIDENED], None).unwrap();
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
        let failed = migrate_by(&mut connection, &path, &[MIGRATIONS[0], &broken], None);
        assert!(matches!(failed, Err(LedgerError::Sqlite(_))), "{failed:?}");
        drop(connection);
        is_untouched(&path);
        is_untouched(&folder.path().join("ledger.v1.db"));
    }

    /// What a power cut leaves: the folder as its files are at this moment.
    fn cut(folder: &Path) -> (tempfile::TempDir, PathBuf) {
        let left = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(folder).unwrap() {
            let from = entry.unwrap();
            std::fs::copy(from.path(), left.path().join(from.file_name())).unwrap();
        }
        let path = left.path().join("ledger.db");
        (left, path)
    }

    /// The old program still finds its ledger whole; the new one then brings it over and has the
    /// copy of before.
    fn goes_on(left: &(tempfile::TempDir, PathBuf), step: &str) {
        let (folder, path) = left;
        is_untouched(path);
        let mut again = opened(path);
        migrate_by(&mut again, path, &[MIGRATIONS[0], WIDENED], None).unwrap();
        assert_eq!(schema_of(&again).unwrap(), 2, "{step}");
        is_untouched(&folder.path().join("ledger.v1.db"));
        assert!(!folder.path().join("ledger.v1.part").exists(), "{step}");
    }

    #[test]
    fn i09_a_power_cut_at_any_step_of_a_migration_leaves_the_old_ledger() {
        let (folder, path) = first_release();
        let mut connection = opened(&path);
        let copying = Copying::of(&path, 1);
        goes_on(&cut(folder.path()), "before");
        create_private(&copying.half).unwrap();
        goes_on(&cut(folder.path()), "the copy is begun");
        std::fs::write(&copying.half, vec![1; 5000]).unwrap();
        goes_on(&cut(folder.path()), "the copy is half there");
        copying.write(&connection).unwrap();
        goes_on(&cut(folder.path()), "the copy is written");
        copying.publish().unwrap();
        goes_on(&cut(folder.path()), "the copy has its name");
        // Spilled to the log before the commit, as a large migration is.
        connection
            .pragma_update(None, "cache_size", 1)
            .expect("a small cache");
        let exclusive = TransactionBehavior::Exclusive;
        let tx = connection.transaction_with_behavior(exclusive).unwrap();
        apply(&tx, &[MIGRATIONS[0], WIDENED], 1).unwrap();
        goes_on(&cut(folder.path()), "all is changed and nothing committed");
        tx.commit().unwrap();
        let (_after, path) = cut(folder.path());
        assert_eq!(schema_of(&opened(&path)).unwrap(), 2);
    }

    #[test]
    fn i09_without_room_for_its_copy_no_migration_begins() {
        let (folder, path) = first_release();
        let size = std::fs::metadata(&path).unwrap().len();
        let mut connection = opened(&path);
        let scripts = [MIGRATIONS[0], WIDENED];
        let failed = migrate_by(&mut connection, &path, &scripts, Some(2 * size));
        assert!(matches!(failed, Err(LedgerError::DiskFull)), "{failed:?}");
        is_untouched(&path);
        assert!(!folder.path().join("ledger.v1.part").exists());
        let enough = Some(2 * size + MARGIN);
        migrate_by(&mut connection, &path, &scripts, enough).unwrap();
        assert_eq!(schema_of(&connection).unwrap(), 2);
    }

    #[test]
    fn only_the_newest_copies_of_before_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let exists = |schema: i64| Copying::of(&path, schema).whole.exists();
        for schema in 1..SCHEMA_VERSION {
            std::fs::write(Copying::of(&path, schema).whole, "old").unwrap();
        }
        forget_copies(&path, KEPT_COPIES);
        let kept: Vec<i64> = (1..SCHEMA_VERSION).filter(|s| exists(*s)).collect();
        assert_eq!(kept, [SCHEMA_VERSION - 2, SCHEMA_VERSION - 1]);
        forget_copies(&path, 0);
        assert!(!(1..SCHEMA_VERSION).any(exists));
    }

    #[test]
    fn i09_without_its_copy_no_migration_begins() {
        let (folder, path) = first_release();
        // Nothing can be written where the copy would be made.
        std::fs::create_dir_all(folder.path().join("ledger.v1.part/in-the-way")).unwrap();
        let mut connection = opened(&path);
        let failed = migrate_by(&mut connection, &path, &[MIGRATIONS[0], WIDENED], None);
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
