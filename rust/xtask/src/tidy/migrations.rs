//! What is owed survives every update: no migration drops, renames, empties or makes again
//! the tables of the queue.

use super::{File, Finding, Tree, numbered};

/// Tables that hold money, what is owed, who did it, and the numbers that never come again.
const KEPT: &[&str] = &[
    "original",
    "undo",
    "attempt",
    "obligation",
    "late_answer",
    "event",
    "audit",
    "audit_head",
    "approval",
    "tombstone",
    "settlement",
    "operator",
    "counter",
    "key_generation",
];
/// Statements that lose rows, each before a table's name.
const LOSING: &[&str] = &["DROP TABLE", "DELETE FROM", "ALTER TABLE"];

pub fn keep(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut made: Vec<String> = Vec::new();
    for file in tree.files.iter().filter(|file| is_migration(file)) {
        for (line, statement) in statements(&file.text) {
            let upper = statement.to_uppercase();
            for losing in LOSING {
                let table = after(&upper, losing).filter(|table| is_kept(table));
                let harmless = *losing == "ALTER TABLE" && !upper.contains(" RENAME TO ");
                if let Some(table) = table.filter(|_| !harmless) {
                    let what = format!("{losing} {table} loses what is owed");
                    findings.push(file.at(line, what));
                }
            }
            if let Some(table) = after(&upper, "CREATE TABLE").filter(|table| is_kept(table)) {
                if made.contains(&table) {
                    findings.push(file.at(line, format!("{table} is made a second time")));
                }
                made.push(table);
            }
        }
    }
    findings
}

fn is_migration(file: &File) -> bool {
    file.path.starts_with("rust/ledger/") && file.path.ends_with(".sql")
}

/// Statements with the line they begin on, comments left out, white space squeezed.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut begun = 1;
    for (line, text) in numbered(text) {
        let code = text.split_once("--").map_or(text, |(code, _)| code);
        for (index, part) in code.split(';').enumerate() {
            if index > 0 {
                statements.push((begun, std::mem::take(&mut current)));
            }
            let words: Vec<&str> = part.split_whitespace().collect();
            if !words.is_empty() && current.is_empty() {
                begun = line;
            }
            for word in words {
                current.push_str(word);
                current.push(' ');
            }
        }
    }
    statements.push((begun, current));
    statements
}

/// The table named after the words of a statement.
fn after(statement: &str, words: &str) -> Option<String> {
    let (_, rest) = statement.split_once(words)?;
    let rest = rest.trim_start();
    let rest = rest
        .strip_prefix("IF NOT EXISTS ")
        .or(rest.strip_prefix("IF EXISTS "))
        .unwrap_or(rest);
    let name = rest
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .find(|s| !s.is_empty())?;
    Some(name.to_lowercase())
}

fn is_kept(table: &str) -> bool {
    KEPT.iter()
        .any(|kept| table == *kept || table.strip_suffix('s') == Some(*kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    fn check(sql: &str, expected: &[&str]) {
        let first = "CREATE TABLE obligation (id TEXT);";
        let files = [
            ("rust/ledger/src/migrations/0001.sql", first),
            ("rust/ledger/src/migrations/0002.sql", sql),
        ];
        let expected: Vec<String> = expected
            .iter()
            .map(|what| format!("rust/ledger/src/migrations/0002.sql:{what}"))
            .collect();
        assert_eq!(said(keep, &files), expected, "{sql}");
    }

    #[test]
    fn whatever_loses_a_row_is_caught() {
        check("ALTER TABLE obligation ADD COLUMN why TEXT;", &[]);
        check("DROP TABLE scratch; -- not DROP TABLE obligation\n", &[]);
        check(
            "DROP TABLE\n obligation;",
            &["1: DROP TABLE obligation loses what is owed"],
        );
        check(
            "\ndrop table if exists attempts;",
            &["2: DROP TABLE attempts loses what is owed"],
        );
        check(
            "DELETE FROM obligation;",
            &["1: DELETE FROM obligation loses what is owed"],
        );
        check(
            "ALTER TABLE obligation RENAME TO old;",
            &["1: ALTER TABLE obligation loses what is owed"],
        );
        check(
            "CREATE TABLE obligation (id);",
            &["1: obligation is made a second time"],
        );
    }
}
