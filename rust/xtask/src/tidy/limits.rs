//! Sizes: a file is read in one sitting, a function fits a screen, a line fits half of it.

use super::regions::functions;
use super::{File, Finding, Tree, numbered};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;
const RUST_COLUMNS: usize = 100;
const KOTLIN_COLUMNS: usize = 160;

pub fn lengths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (files, columns) in [
        (tree.rust().collect(), RUST_COLUMNS),
        (kotlin(tree), KOTLIN_COLUMNS),
    ] {
        for file in files {
            findings.extend(of_file(file, columns));
        }
    }
    findings
}

fn kotlin(tree: &Tree) -> Vec<&File> {
    tree.kotlin().collect()
}

fn of_file(file: &File, columns: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = file.text.lines().count();
    if lines >= FILE_LINES {
        findings.push(file.at(0, format!("{lines} lines, fewer than {FILE_LINES} wanted")));
    }
    for (line, text) in numbered(&file.text) {
        let count = text.chars().count();
        if count > columns {
            findings.push(file.at(line, format!("{count} columns, at most {columns} wanted")));
        }
    }
    for function in functions(&file.views.code) {
        let count = function.lines.clone().count();
        if count > FUNCTION_LINES {
            let name = &function.name;
            let what = format!("{name} has {count} lines, at most {FUNCTION_LINES} wanted");
            findings.push(file.at(*function.lines.start(), what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::said;

    #[test]
    fn each_limit_is_kept_to_the_line() {
        let long = |lines: usize| "// x\n".repeat(lines);
        assert!(said(lengths, &[("a.rs", &long(399))]).is_empty());
        assert_eq!(
            said(lengths, &[("a.rs", &long(400))]),
            ["a.rs: 400 lines, fewer than 400 wanted"]
        );
        let line = "x".repeat(101);
        assert_eq!(
            said(lengths, &[("a.rs", &line)]),
            ["a.rs:1: 101 columns, at most 100 wanted"]
        );
        assert!(said(lengths, &[("a.kt", &line)]).is_empty());
        let function = format!("\nfn f() {{\n{}}}\n", "    x;\n".repeat(69));
        assert_eq!(
            said(lengths, &[("a.rs", &function)]),
            ["a.rs:2: f has 71 lines, at most 70 wanted"]
        );
    }
}
