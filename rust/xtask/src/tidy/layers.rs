//! Who may use whom: the table of crates, read against `cargo metadata`.

use crate::cargo_graph::{Dependency, Package};

use super::{Finding, Tree};

/// One of our crates: its folder and the folders it may use.
struct Layer {
    folder: &'static str,
    may_use: &'static [&'static str],
    /// In its own tests besides.
    tests_use: &'static [&'static str],
    /// Only as an optional dependency.
    optional: &'static [&'static str],
}

const fn layer(folder: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer {
        folder,
        may_use,
        tests_use: &[],
        optional: &[],
    }
}

const EVERYTHING: &[&str] = &[
    "rust/domain",
    "rust/iso8583",
    "rust/emv",
    "rust/codes",
    "rust/channels",
    "rust/ledger",
    "rust/policy",
    "rust/diagnosis",
    "rust/flows",
    "rust/engine",
    "rust/sim",
    "rust/cli",
    "rust/ffi",
];

const LAYERS: &[Layer] = &[
    layer("rust/domain", &[]),
    layer("rust/iso8583", &[]),
    layer("rust/emv", &[]),
    layer("rust/codes", &[]),
    layer(
        "rust/channels",
        &["rust/domain", "rust/iso8583", "rust/emv", "rust/codes"],
    ),
    layer("rust/ledger", &["rust/domain"]),
    layer("rust/policy", &["rust/domain"]),
    layer("rust/diagnosis", &["rust/domain"]),
    Layer {
        tests_use: &["rust/sim", "rust/iso8583"],
        ..layer(
            "rust/flows",
            &[
                "rust/domain",
                "rust/channels",
                "rust/ledger",
                "rust/policy",
                "rust/diagnosis",
            ],
        )
    },
    Layer {
        tests_use: &["rust/sim"],
        ..layer(
            "rust/engine",
            &[
                "rust/domain",
                "rust/iso8583",
                "rust/emv",
                "rust/codes",
                "rust/channels",
                "rust/ledger",
                "rust/policy",
                "rust/diagnosis",
                "rust/flows",
            ],
        )
    },
    layer(
        "rust/sim",
        &["rust/domain", "rust/iso8583", "rust/emv", "rust/codes"],
    ),
    layer(
        "rust/cli",
        &[
            "rust/engine",
            "rust/sim",
            "rust/iso8583",
            "rust/emv",
            "rust/codes",
            "rust/diagnosis",
        ],
    ),
    Layer {
        optional: &["rust/sim"],
        ..layer("rust/ffi", &["rust/engine", "rust/sim"])
    },
    layer("rust/bindgen", &[]),
    layer("rust/xtask", &[]),
    layer("tests/scenarios", EVERYTHING),
];

/// A crate from outside that only some of ours may name.
struct Guarded {
    name: &'static str,
    users: &'static [&'static str],
    why: &'static str,
}

const GUARDED: &[Guarded] = &[
    Guarded {
        name: "uniffi",
        users: &["rust/ffi", "rust/bindgen"],
        why: "one boundary",
    },
    Guarded {
        name: "jni",
        users: &["rust/ffi"],
        why: "one boundary",
    },
    Guarded {
        name: "android_logger",
        users: &["rust/ffi"],
        why: "one boundary",
    },
    Guarded {
        name: "rusqlite",
        users: &["rust/ledger", "tests/scenarios"],
        why: "SQL lives in the ledger",
    },
    Guarded {
        name: "rustls",
        users: &["rust/engine", "rust/sim", "rust/cli", "tests/scenarios"],
        why: "links live in the engine",
    },
    Guarded {
        name: "tokio-rustls",
        users: &["rust/engine", "rust/sim", "rust/cli", "tests/scenarios"],
        why: "links live in the engine",
    },
];

/// The feature that compiles the planted bugs in, and the one place that may ask for it.
const PLANTED: &str = "planted";
const MAY_PLANT: &str = "tests/scenarios";

pub fn arrows(tree: &Tree) -> Vec<Finding> {
    let ours: Vec<&Package> = tree.graph.ours().collect();
    let mut findings = Vec::new();
    for package in &ours {
        let Some(layer) = LAYERS.iter().find(|layer| layer.folder == package.folder) else {
            findings.push(finding(
                package,
                "is in no line of the table of crates".to_owned(),
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(used) = ours.iter().find(|other| other.name == dependency.name) else {
                continue;
            };
            findings.extend(wrong(layer, dependency, &used.folder).map(|w| finding(package, w)));
        }
    }
    findings
}

fn wrong(layer: &Layer, dependency: &Dependency, used: &str) -> Option<String> {
    let asks_for_bugs = dependency.features.iter().any(|feature| feature == PLANTED);
    if asks_for_bugs && layer.folder != MAY_PLANT {
        return Some(format!("asks {used} for the feature {PLANTED}"));
    }
    if layer.optional.contains(&used) && !dependency.optional && !dependency.dev {
        return Some(format!("must have {used} as an optional dependency"));
    }
    let allowed = layer.may_use.contains(&used)
        || dependency.dev && (layer.tests_use.contains(&used) || used == layer.folder);
    (!allowed).then(|| format!("must not use {used}"))
}

pub fn guarded(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree.graph.ours() {
        for dependency in &package.dependencies {
            let broken = GUARDED.iter().find(|guarded| {
                guarded.name == dependency.name && !guarded.users.contains(&package.folder.as_str())
            });
            if let Some(Guarded { name, why, .. }) = broken {
                findings.push(finding(package, format!("must not use {name}: {why}")));
            }
        }
    }
    findings
}

fn finding(package: &Package, what: String) -> Finding {
    Finding {
        path: format!("{}/Cargo.toml", package.folder),
        line: 0,
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo_graph::Graph;

    fn uses(name: &str) -> Dependency {
        Dependency {
            name: name.to_owned(),
            ..Dependency::default()
        }
    }

    /// What the rule says when the crate in `folder` has this dependency.
    fn said(rule: fn(&Tree) -> Vec<Finding>, folder: &str, dependency: Dependency) -> Vec<String> {
        let package = |folder: &str| Package {
            name: folder.replace("rust/", "pos-"),
            folder: folder.to_owned(),
            ..Package::default()
        };
        let mut packages: Vec<Package> = EVERYTHING.iter().map(|folder| package(folder)).collect();
        let user = Package {
            dependencies: vec![dependency],
            ..package(folder)
        };
        packages.retain(|other| other.folder != folder);
        packages.push(user);
        let tree = Tree {
            graph: Graph {
                packages,
                ..Graph::default()
            },
            ..Tree::default()
        };
        rule(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_arrow_that_points_back_is_caught() {
        assert!(said(arrows, "rust/ledger", uses("pos-domain")).is_empty());
        assert_eq!(
            said(arrows, "rust/domain", uses("pos-ledger")),
            ["rust/domain/Cargo.toml: must not use rust/ledger"]
        );
        assert_eq!(
            said(arrows, "rust/sim", uses("pos-channels")),
            ["rust/sim/Cargo.toml: must not use rust/channels"]
        );
    }

    #[test]
    fn the_simulator_is_for_tests_and_for_training_only() {
        assert_eq!(said(arrows, "rust/engine", uses("pos-sim")).len(), 1);
        let dev = Dependency {
            dev: true,
            ..uses("pos-sim")
        };
        assert!(said(arrows, "rust/engine", dev).is_empty());
        assert_eq!(
            said(arrows, "rust/ffi", uses("pos-sim")),
            ["rust/ffi/Cargo.toml: must have rust/sim as an optional dependency"]
        );
        let optional = Dependency {
            optional: true,
            ..uses("pos-sim")
        };
        assert!(said(arrows, "rust/ffi", optional).is_empty());
    }

    #[test]
    fn planted_bugs_are_asked_for_by_the_scenarios_only() {
        let planted = || Dependency {
            features: vec![PLANTED.to_owned()],
            ..uses("pos-engine")
        };
        assert_eq!(
            said(arrows, "rust/cli", planted()),
            ["rust/cli/Cargo.toml: asks rust/engine for the feature planted"]
        );
        assert!(said(arrows, "tests/scenarios", planted()).is_empty());
    }

    #[test]
    fn an_unknown_crate_is_caught() {
        assert_eq!(
            said(arrows, "rust/extra", uses("log")),
            ["rust/extra/Cargo.toml: is in no line of the table of crates"]
        );
    }

    #[test]
    fn a_guarded_crate_has_few_users() {
        assert!(said(guarded, "rust/ffi", uses("jni")).is_empty());
        assert_eq!(
            said(guarded, "rust/engine", uses("uniffi")),
            ["rust/engine/Cargo.toml: must not use uniffi: one boundary"]
        );
        assert_eq!(said(guarded, "rust/cli", uses("rusqlite")).len(), 1);
    }
}
