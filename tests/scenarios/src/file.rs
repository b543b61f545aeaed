//! The ledger's file as it lies on the disk, read past the ledger's own functions.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::shop::Shop;

impl Shop {
    /// The rows of a query, each value as text: numbers in decimal, bytes in hexadecimal, nothing
    /// as `-`.
    pub fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let path = self.folder().join("ledger.db");
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the ledger's file");
        let mut statement = file.prepare(sql).expect("a query");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|column| row.get_ref(column).map(text))
                .collect()
        });
        let rows: rusqlite::Result<_> = rows.expect("rows").collect();
        rows.expect("rows")
    }

    /// Answers that came when nobody waited for them: message type, trace, code, whether they were
    /// found right, and the attempt they belong to.
    pub fn late_answers(&self) -> Vec<Vec<String>> {
        self.rows("SELECT mti, trace, code, checked, attempt FROM late_answer ORDER BY seq")
    }

    /// Everything that is written down: the ledger's file, its log of changes, its index of them.
    pub fn written(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder()).expect("the folder");
        let mut bytes = Vec::new();
        for file in files {
            bytes.extend(std::fs::read(file.expect("a file").path()).expect("a file"));
        }
        bytes
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
    }
}
