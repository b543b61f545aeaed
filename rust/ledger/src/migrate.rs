//! Schemas: a ledger of an older program is copied, and then brought to this one's.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

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

/// Copies a ledger beside itself before its schema changes; the copy is whole or absent. An older
/// copy of the same schema gives way: it may be of before a restore.
fn copy_before_migration(
    connection: &Connection,
    path: &Path,
    from: i64,
) -> Result<(), LedgerError> {
    let copy = path.with_extension(format!("v{from}.db"));
    let half = path.with_extension(format!("v{from}.part"));
    let failed = |e: io::Error| LedgerError::ReadOnly(format!("copy before migration: {e}"));
    if half.exists() {
        std::fs::remove_file(&half).map_err(failed)?;
    }
    let target = half
        .to_str()
        .ok_or_else(|| LedgerError::ReadOnly("path is not text".into()))?;
    create_private(&half)?;
    connection.execute("VACUUM INTO ?1", [target])?;
    File::open(&half)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    std::fs::rename(&half, &copy).map_err(failed)?;
    // The name is durable, too, before the first change.
    let folder = copy.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

/// Brings a ledger to this program's schema.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    migrate_by(connection, path, MIGRATIONS)
}

fn migrate_by(
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
        return migrate_by(connection, path, migrations);
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
        migrate_by(&mut connection, &path, &[MIGRATIONS[0], WIDENED]).unwrap();
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
        let failed = migrate_by(&mut connection, &path, &[MIGRATIONS[0], &broken]);
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
        let failed = migrate_by(&mut connection, &path, &[MIGRATIONS[0], WIDENED]);
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
