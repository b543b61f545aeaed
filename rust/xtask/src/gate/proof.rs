//! Proof that what is shipped contains no planted bug.
//!
//! The planted bugs are compiled in by a feature of that name. Cargo is asked which features
//! each crate gets when a shipped package is built as it is shipped.

use crate::cargo_graph::Graph;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::tally::Tally;

/// The feature, and the folders of the packages that leave the house.
const FEATURE: &str = "planted";
const SHIPPED: &[&str] = &["rust/cli", "rust/ffi"];

pub fn run(repo: &Repo) -> Result<Tally, Stop> {
    let graph = Graph::members(repo)?;
    for folder in SHIPPED {
        let package = graph.in_folder(folder)?;
        let tree = Tool::cargo(repo)
            .args([
                "tree",
                "--locked",
                "--package",
                package,
                "--edges",
                "no-dev",
            ])
            .args(["--prefix", "none", "--format", "{p}|{f}"])
            .read()?;
        let found = planted(&tree);
        if !found.is_empty() {
            return Err(Stop::failed(format!(
                "{package} would contain {FEATURE}: {found:?}"
            )));
        }
        println!(
            "{package}: {} packages, none with {FEATURE}",
            tree.lines().count()
        );
    }
    Ok(Tally::NONE)
}

/// Lines of `cargo tree` whose feature list has the feature.
fn planted(tree: &str) -> Vec<&str> {
    tree.lines()
        .filter(|line| {
            let (_, features) = line.rsplit_once('|').unwrap_or_default();
            features
                .trim_end_matches(" (*)")
                .split(',')
                .any(|feature| feature.trim() == FEATURE)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::planted;

    #[test]
    fn the_feature_is_found_in_the_list_of_any_crate() {
        let tree = "pos-cli v0.1.0|\npos-flows v0.1.0|default,planted (*)\nx v1.0.0|std\n";
        assert_eq!(planted(tree), ["pos-flows v0.1.0|default,planted (*)"]);
        assert!(planted("pos-cli v0.1.0|\nimplanted v1.0.0|replanted\n").is_empty());
    }
}
