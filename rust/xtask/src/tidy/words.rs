//! Words that must not be left behind.

use super::regions::in_test;
use super::source::has_word;
use super::{File, Finding, Tree, numbered};

/// Left over in a comment or in code.
const LEFT_OVER: &[&str] = &["FIXME", "TODO", "XXX"];
/// Left over in code.
const IN_CODE: &[&str] = &["dbg!", "todo!", "unimplemented!", "#[ignore", "@Ignore"];
/// Waiting in real time: a test waits for a fact, or runs under paused time.
const SLEEPS: &[&str] = &[
    "thread::sleep",
    "time::sleep",
    "Thread.sleep",
    "SystemClock.sleep",
];
/// Tokio's sleep moves a paused clock instead of waiting; these folders know no other clock.
const PAUSED: (&str, &[&str]) = ("time::sleep", &["tests/scenarios/"]);
/// Folders that exist on somebody's machine only. In two parts, so that this file is clean.
const MACHINES: &[(&str, &str)] = &[("/wo", "rk/"), ("/ro", "ot/"), ("/tmp/", "brief")];

pub fn banned(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().chain(tree.kotlin()) {
        let File { views, .. } = file;
        let lines = numbered(&views.code).zip(views.comments.lines());
        for ((line, code), comment) in lines {
            let everywhere = LEFT_OVER
                .iter()
                .filter(|w| has_word(code, w) || has_word(comment, w));
            let in_code = IN_CODE.iter().filter(|w| has_word(code, w));
            findings.extend(everywhere.chain(in_code).map(|word| file.at(line, *word)));
        }
    }
    findings
}

pub fn sleeping_tests(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().chain(tree.kotlin()) {
        for (line, code) in numbered(&file.views.code) {
            let (tokio, folders) = PAUSED;
            let sleep = SLEEPS
                .iter()
                .filter(|word| **word != tokio || !file.below(folders))
                .find(|word| has_word(code, word));
            if let Some(word) = sleep.filter(|_| in_test(file, line)) {
                findings.push(file.at(line, format!("a test waits by {word}")));
            }
        }
    }
    findings
}

pub fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let machines: Vec<String> = MACHINES.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut findings = Vec::new();
    for file in &tree.files {
        for (line, text) in numbered(&file.text) {
            let found = machines.iter().find(|machine| starts_there(text, machine));
            findings.extend(found.map(|machine| file.at(line, format!("names {machine}"))));
        }
    }
    findings
}

/// Whether an absolute path begins so: `/…` after a path character is only a part of one.
fn starts_there(text: &str, machine: &str) -> bool {
    text.match_indices(machine).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/}~".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn what_is_left_over_is_found_but_not_in_strings() {
        assert_eq!(
            said(banned, &[("a.rs", "// TODO: later")]),
            ["a.rs:1: TODO"]
        );
        assert_eq!(
            said(banned, &[("a.rs", "fn f() {\n dbg!(1);\n}")]),
            ["a.rs:2: dbg!"]
        );
        assert_eq!(
            said(banned, &[("a.rs", "#[ignore]\nfn f() {}")]),
            ["a.rs:1: #[ignore"]
        );
        assert_eq!(said(banned, &[("a.rs", "todo!()")]), ["a.rs:1: todo!"]);
        assert_eq!(
            said(banned, &[("a.rs", "unimplemented!()")]),
            ["a.rs:1: unimplemented!"]
        );
        assert_eq!(
            said(banned, &[("A.kt", "@Ignore fun f() {}")]),
            ["A.kt:1: @Ignore"]
        );
        assert!(
            said(
                banned,
                &[("a.rs", "let x = \"FIXME dbg!\"; // dbg! is banned")]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_sleep_is_found_in_tests_only() {
        let text = "fn f() { thread::sleep(s) }\n#[cfg(test)]\nmod t {\n tokio::time::sleep(s);\n}";
        assert_eq!(
            said(sleeping_tests, &[("rust/x/src/a.rs", text)]),
            ["rust/x/src/a.rs:4: a test waits by time::sleep"]
        );
        let paused = "tokio::time::sleep(s)";
        assert!(said(sleeping_tests, &[("tests/scenarios/src/a.rs", paused)]).is_empty());
        let real = "std::thread::sleep(s)";
        assert_eq!(
            said(sleeping_tests, &[("tests/scenarios/src/a.rs", real)]).len(),
            1
        );
        let text = "std::thread::sleep(s)";
        assert_eq!(
            said(sleeping_tests, &[("rust/x/tests/it/main.rs", text)]).len(),
            1
        );
    }

    #[test]
    fn machine_paths_are_found_in_any_file() {
        for (a, b) in MACHINES {
            let text = format!("cd {a}{b}x");
            assert_eq!(said(machine_paths, &[("a.md", &text)]).len(), 1, "{text}");
        }
        let text = format!("see android{}{}notes", "/wo", "rk/");
        assert!(said(machine_paths, &[("a.md", &text)]).is_empty());
    }
}
