//! The fourteen invariants: each has at least one test that carries its number.

use std::collections::BTreeMap;

use super::regions::{function_name, in_test};
use super::{Finding, Tree, numbered};

const COUNT: u8 = 14;
/// From the day this exists, all of them are demanded.
const SCENARIOS: &str = "tests/scenarios/Cargo.toml";

/// The files that have a test `iNN_…`, by `iNN`.
pub fn places(tree: &Tree) -> BTreeMap<String, Vec<&str>> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in tree.rust() {
        for (line, text) in numbered(&file.views.code) {
            let number = function_name(text).and_then(invariant);
            if let Some(number) = number.filter(|_| in_test(file, line)) {
                let files = places.entry(number).or_default();
                if files.last() != Some(&file.path.as_str()) {
                    files.push(&file.path);
                }
            }
        }
    }
    places
}

/// `i07` of `i07_late_answers_are_matched`.
fn invariant(name: &str) -> Option<String> {
    let (number, _) = name.split_once('_')?;
    let digits = number
        .strip_prefix('i')
        .filter(|digits| digits.len() == 2)?;
    digits
        .parse::<u8>()
        .ok()
        .filter(|n| (1..=COUNT).contains(n))
        .map(|_| number.to_owned())
}

pub fn demanded(tree: &Tree) -> Vec<Finding> {
    if tree.file(SCENARIOS).is_none() {
        return Vec::new();
    }
    let places = places(tree);
    (1..=COUNT)
        .map(|number| format!("i{number:02}"))
        .filter(|number| !places.contains_key(number))
        .map(|number| Finding {
            path: SCENARIOS.to_owned(),
            line: 0,
            what: format!("no test is named {number}_…"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_invariant_is_caught() {
        let tests: String = (1..=13)
            .map(|n| format!("#[test]\nfn i{n:02}_x() {{}}\n"))
            .collect();
        let files = [
            (SCENARIOS, ""),
            ("tests/scenarios/tests/a.rs", tests.as_str()),
        ];
        let tree = Tree::of(&files);
        let said: Vec<String> = demanded(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["tests/scenarios/Cargo.toml: no test is named i14_…"]);
        assert_eq!(
            places(&tree).get("i03").unwrap(),
            &["tests/scenarios/tests/a.rs"]
        );
    }

    #[test]
    fn only_a_test_with_a_number_counts() {
        let files = [
            ("rust/x/src/a.rs", "fn i01_x() {}"),
            ("tests/a.rs", "fn i15_x() {}\nfn i_2() {}"),
        ];
        assert!(places(&Tree::of(&files)).is_empty());
    }
}
