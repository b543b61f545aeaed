//! Documents that must exist: module docs of each crate, and the list of decisions.

use super::{Finding, Tree, numbered};

pub fn crate_docs(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let is_root = file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs");
        let begins = file.text.lines().find(|line| !line.trim().is_empty());
        if is_root && !begins.is_some_and(|line| line.starts_with("//! ")) {
            findings.push(file.at(
                1,
                "must begin with `//!`: what it is, what it must not know",
            ));
        }
    }
    findings
}

const DECISIONS: &str = "docs/adr/";
const LIST: &str = "docs/adr/README.md";

/// Decisions are numbered without a gap, say their own number and stand in the list.
pub fn decisions(tree: &Tree) -> Vec<Finding> {
    let mut files: Vec<_> = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(DECISIONS) && file.path.ends_with(".md"))
        .filter(|file| file.path != LIST && !file.path.ends_with("/template.md"))
        .collect();
    files.sort_by_key(|file| &file.path);
    let list = tree
        .file(LIST)
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let mut findings = Vec::new();
    for (number, file) in (1..).zip(files) {
        let name = file.path.trim_start_matches(DECISIONS);
        let wanted = format!("{number:04}");
        if !name.starts_with(&format!("{wanted}-")) {
            findings.push(file.at(0, format!("should be number {wanted}")));
        }
        let title = numbered(&file.text)
            .next()
            .map(|(_, line)| line)
            .unwrap_or_default();
        if !title.starts_with(&format!("# {wanted}: ")) {
            findings.push(file.at(1, format!("should begin with `# {wanted}: …`")));
        }
        if !list.contains(&format!("({name})")) {
            findings.push(file.at(0, format!("is not in {LIST}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn a_crate_without_docs_is_caught() {
        let path = "rust/x/src/lib.rs";
        assert!(said(crate_docs, &[(path, "//! Money.\n")]).is_empty());
        assert_eq!(said(crate_docs, &[(path, "pub mod a;\n")]).len(), 1);
        assert!(said(crate_docs, &[("rust/x/src/a.rs", "pub mod a;\n")]).is_empty());
    }

    #[test]
    fn a_decision_out_of_order_or_unlisted_is_caught() {
        let list = (
            LIST,
            "[one](0001-one.md) [two](0002-two.md) [three](0003-three.md)",
        );
        let one = ("docs/adr/0001-one.md", "# 0001: One\n");
        assert!(said(decisions, &[list, one]).is_empty());
        let gap = ("docs/adr/0003-three.md", "# 0003: Three\n");
        assert_eq!(
            said(decisions, &[list, one, gap]),
            [
                "docs/adr/0003-three.md: should be number 0002",
                "docs/adr/0003-three.md:1: should begin with `# 0002: …`"
            ]
        );
        assert_eq!(
            said(decisions, &[one]),
            ["docs/adr/0001-one.md: is not in docs/adr/README.md"]
        );
    }
}
