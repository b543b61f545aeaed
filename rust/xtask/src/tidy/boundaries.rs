//! What may be done where: unsafe code, SQL, sockets, generated code, exported errors.

use super::regions::{in_test, is_test_file};
use super::source::has_word;
use super::{File, Finding, Tree, numbered};

/// Folders and files that may have unsafe code; beyond the boundary only tests, each listed.
const MAY_BE_UNSAFE: &[&str] = &[
    "rust/ffi/",
    // An allocator that counts.
    "rust/iso8583/tests/it/allocations.rs",
    // A layer under SQLite that counts syncs.
    "rust/ledger/tests/it/vfs.rs",
];

pub fn unsafe_code(tree: &Tree) -> Vec<Finding> {
    words_outside(tree.rust(), MAY_BE_UNSAFE, &["unsafe"], |_, _| true)
}

/// How a statement begins. Prose in a message may begin like one; so two words each.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];
const MAY_SPEAK_SQL: &[&str] = &["rust/ledger/", "rust/xtask/src/tidy/", "tests/scenarios/"];

pub fn sql(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .rust()
        .chain(tree.kotlin())
        .filter(|file| !file.below(MAY_SPEAK_SQL))
    {
        for (line, text) in numbered(&file.views.strings) {
            let statement = SQL
                .iter()
                .find(|start| text.trim_start().starts_with(*start));
            findings.extend(statement.map(|start| file.at(line, format!("SQL: {start}"))));
        }
    }
    findings
}

const SOCKETS: &[&str] = &[
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "UnixListener",
    "TcpSocket",
];
const MAY_OPEN_SOCKETS: &[&str] = &["rust/engine/", "rust/sim/", "rust/cli/", "rust/xtask/"];

pub fn sockets(tree: &Tree) -> Vec<Finding> {
    words_outside(tree.rust(), MAY_OPEN_SOCKETS, SOCKETS, |file, line| {
        !in_test(file, line)
    })
}

fn words_outside<'a>(
    files: impl Iterator<Item = &'a File>,
    allowed: &[&str],
    words: &[&str],
    counts: fn(&File, usize) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.filter(|file| !file.below(allowed)) {
        for (line, code) in numbered(&file.views.code) {
            let word = words.iter().find(|word| has_word(code, word));
            if let Some(word) = word.filter(|_| counts(file, line)) {
                findings.push(file.at(line, format!("{word} has no place here")));
            }
        }
    }
    findings
}

/// Kotlin's exceptions have a `message` of their own: an exported field of that name does
/// not compile there.
pub fn message(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .rust()
        .filter(|file| file.path.starts_with("rust/ffi/"))
    {
        let mut depth = 0_usize;
        let mut exported = false;
        for (line, code) in numbered(&file.views.code) {
            exported |= code.contains("uniffi::Error") || code.contains("derive(Error");
            if exported && depth > 0 && has_word(code, "message:") {
                findings.push(file.at(line, "an exported error has a field `message`"));
            }
            depth += code.matches('{').count();
            depth = depth.saturating_sub(code.matches('}').count());
            exported &= depth > 0 || !code.contains('}');
        }
    }
    findings
}

/// Only the gateway sees generated code; nothing of ours needs AndroidX.
pub fn kotlin(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.kotlin() {
        for (line, code) in numbered(&file.views.code) {
            if code.contains("com.voidproof.core") && !file.below(GATEWAY) {
                findings.push(file.at(line, "generated code is for the gateway alone"));
            }
            // The stand-in for its test monitor has this one package of its own.
            let in_test = code.contains("androidx.test.") && is_test_file(&file.path);
            if code.contains("androidx.") && !in_test && !file.below(&["android/jvm/"]) {
                findings.push(file.at(line, "no AndroidX"));
            }
        }
    }
    findings
}

const GATEWAY: &[&str] = &["android/gateway/", "tests/jvm/"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn unsafe_code_is_caught_outside_the_boundary() {
        let text = "// unsafe in a comment\nunsafe { f() }\n";
        assert_eq!(
            said(unsafe_code, &[("rust/domain/src/a.rs", text)]),
            ["rust/domain/src/a.rs:2: unsafe has no place here"]
        );
        assert!(said(unsafe_code, &[("rust/ffi/src/a.rs", text)]).is_empty());
    }

    #[test]
    fn sql_is_caught_outside_the_ledger() {
        let text = "let q = \"SELECT 1\";\nlet s = \"please SELECT one\";\n// UPDATE me\n";
        assert_eq!(
            said(sql, &[("rust/flows/src/a.rs", text)]),
            ["rust/flows/src/a.rs:1: SQL: SELECT "]
        );
        assert!(said(sql, &[("rust/ledger/src/a.rs", text)]).is_empty());
    }

    #[test]
    fn a_socket_is_caught_outside_the_links() {
        let text =
            "use std::net::TcpStream;\n#[cfg(test)]\nmod t {\n use std::net::TcpListener;\n}";
        assert_eq!(
            said(sockets, &[("rust/flows/src/a.rs", text)]),
            ["rust/flows/src/a.rs:1: TcpStream has no place here"]
        );
        assert!(said(sockets, &[("rust/engine/src/a.rs", text)]).is_empty());
    }

    #[test]
    fn an_exported_field_called_message_is_caught() {
        let text = "struct A {\n message: String,\n}\n#[derive(Debug, uniffi::Error)]\n\
                    enum E {\n A { message: String },\n}\nstruct B { message: String }\n";
        assert_eq!(
            said(message, &[("rust/ffi/src/a.rs", text)]),
            ["rust/ffi/src/a.rs:6: an exported error has a field `message`"]
        );
    }

    #[test]
    fn generated_code_and_androidx_are_caught_in_the_app() {
        let text = "import com.voidproof.core.Engine\nimport androidx.core.View\n";
        assert_eq!(
            said(kotlin, &[("android/app/src/main/kotlin/A.kt", text)]).len(),
            2
        );
        assert_eq!(
            said(kotlin, &[("android/gateway/src/main/kotlin/A.kt", text)]).len(),
            1
        );
    }
}
