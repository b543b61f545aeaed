//! Licences, banned crates, duplicates and sources of all dependencies, against `deny.toml`
//! (the format of cargo-deny; the checks here need no tool from outside).

mod spdx;

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::cargo_graph::{Graph, Package};
use crate::repo::Repo;
use crate::stop::Stop;

/// What `deny.toml` says, the part that is checked here.
#[derive(Debug, Default)]
struct Policy {
    targets: Vec<String>,
    allowed: Vec<String>,
    banned: Vec<String>,
    /// `name@version` of the second versions that are known and accepted.
    known_duplicates: Vec<String>,
}

pub fn check(repo: &Repo) -> Result<(), Stop> {
    let policy = policy(&repo.read("deny.toml")?)?;
    let graph = Graph::locked(repo, &policy.targets)?;
    let problems = problems(&policy, &graph);
    println!(
        "{} packages, {} problems",
        graph.packages.len(),
        problems.len()
    );
    match problems.as_slice() {
        [] => Ok(()),
        list => Err(Stop::failed(format!(
            "deny.toml is not kept:\n{}",
            list.join("\n")
        ))),
    }
}

fn policy(text: &str) -> Result<Policy, Stop> {
    let table: Table = text
        .parse()
        .map_err(|e| Stop::failed(format!("deny.toml is not TOML: {e}")))?;
    let policy = Policy {
        targets: strings(&table, "graph", "targets"),
        allowed: strings(&table, "licenses", "allow"),
        banned: strings(&table, "bans", "deny"),
        known_duplicates: strings(&table, "bans", "skip"),
    };
    if policy.targets.is_empty() || policy.allowed.is_empty() {
        return Err(Stop::failed(
            "deny.toml needs graph.targets and licenses.allow",
        ));
    }
    Ok(policy)
}

/// A list of strings, or of tables with a `crate` or `triple` in them.
fn strings(table: &Table, section: &str, key: &str) -> Vec<String> {
    let list = table
        .get(section)
        .and_then(|section| section.get(key))
        .and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|item| item.as_str().or_else(|| item.get("crate")?.as_str()))
        .map(str::to_owned)
        .collect()
}

fn problems(policy: &Policy, graph: &Graph) -> Vec<String> {
    let mut problems = Vec::new();
    for package in &graph.packages {
        let Package { name, version, .. } = package;
        match &package.licence {
            None => problems.push(format!("{name} {version}: states no licence")),
            Some(licence) if !spdx::satisfied(licence, &policy.allowed) => {
                problems.push(format!(
                    "{name} {version}: licence {licence} is not allowed"
                ));
            }
            Some(_) => {}
        }
        if policy.banned.contains(name) {
            problems.push(format!("{name} {version}: is banned"));
        }
        if package
            .source
            .as_ref()
            .is_some_and(|source| !source.starts_with("registry+"))
        {
            problems.push(format!(
                "{name} {version}: comes from elsewhere than the registry"
            ));
        }
    }
    problems.extend(duplicates(policy, graph));
    problems
}

/// Of each crate all versions but the newest must be listed, and every listed one must exist.
fn duplicates(policy: &Policy, graph: &Graph) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &graph.packages {
        versions
            .entry(&package.name)
            .or_default()
            .push(&package.version);
    }
    let mut older = Vec::new();
    for (name, mut list) in versions {
        list.sort_by_key(|version| numbers(version));
        list.pop();
        older.extend(list.iter().map(|version| format!("{name}@{version}")));
    }
    let unknown = older
        .iter()
        .filter(|item| !policy.known_duplicates.contains(item));
    let gone = policy
        .known_duplicates
        .iter()
        .filter(|item| !older.contains(item));
    unknown
        .map(|item| format!("{item}: a second version, not in bans.skip"))
        .chain(gone.map(|item| format!("{item}: in bans.skip, but no second version any more")))
        .collect()
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split(['.', '-', '+'])
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
        [graph]
        targets = ["x86_64-unknown-linux-gnu"]
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [{ crate = "openssl", reason = "one TLS" }]
        skip = [{ crate = "syn@1.0.9", reason = "old macro" }]
    "#;

    fn package(name: &str, version: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: Some("MIT".to_owned()),
            source: Some("registry+x".to_owned()),
            ..Package::default()
        }
    }

    /// What is wrong with these packages beside an accepted old `syn`.
    fn found(packages: Vec<Package>) -> Vec<String> {
        let mut packages = packages;
        packages.extend([package("syn", "2.0.100"), package("syn", "1.0.9")]);
        problems(
            &policy(POLICY).unwrap(),
            &Graph {
                packages,
                ..Graph::default()
            },
        )
    }

    #[test]
    fn clean_packages_pass() {
        assert_eq!(found(vec![package("log", "0.4.1")]), Vec::<String>::new());
    }

    #[test]
    fn each_violation_is_caught() {
        let licence = Package {
            licence: Some("GPL-3.0-only".into()),
            ..package("x", "1.0.0")
        };
        assert_eq!(
            found(vec![licence]),
            ["x 1.0.0: licence GPL-3.0-only is not allowed"]
        );
        let none = Package {
            licence: None,
            ..package("x", "1.0.0")
        };
        assert_eq!(found(vec![none]), ["x 1.0.0: states no licence"]);
        assert_eq!(
            found(vec![package("openssl", "0.1.0")]),
            ["openssl 0.1.0: is banned"]
        );
        let git = Package {
            source: Some("git+https://x".into()),
            ..package("x", "1.0.0")
        };
        assert_eq!(
            found(vec![git]),
            ["x 1.0.0: comes from elsewhere than the registry"]
        );
        let twice = vec![package("x", "0.9.0"), package("x", "0.10.0")];
        assert_eq!(
            found(twice),
            ["x@0.9.0: a second version, not in bans.skip"]
        );
    }

    #[test]
    fn a_stale_entry_of_the_list_is_caught() {
        let graph = Graph {
            packages: vec![package("syn", "2.0.100")],
            ..Graph::default()
        };
        let problems = problems(&policy(POLICY).unwrap(), &graph);
        assert_eq!(
            problems,
            ["syn@1.0.9: in bans.skip, but no second version any more"]
        );
    }

    #[test]
    fn a_policy_without_licences_is_refused() {
        assert!(policy("[graph]\ntargets = [\"x\"]").is_err());
    }
}
