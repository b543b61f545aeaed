//! Blocks of Rust code found by their braces: functions, and what is compiled for tests only.

use std::ops::RangeInclusive;

use super::source::has_word;
use super::{File, numbered};

/// A function with its name and the lines from `fn` to its closing brace.
pub struct Function {
    pub name: String,
    pub lines: RangeInclusive<usize>,
}

/// All functions with a body, nested ones too.
pub fn functions(code: &str) -> Vec<Function> {
    numbered(code)
        .filter_map(|(line, text)| {
            let name = function_name(text)?;
            Some(Function {
                name: name.to_owned(),
                lines: block(code, line)?,
            })
        })
        .collect()
}

/// The name in `fn name(…`; a function pointer `fn(…)` has none.
pub fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    if before.ends_with(super::source::is_word) {
        return None;
    }
    let name = after.split(|c| !super::source::is_word(c)).next()?;
    (!name.is_empty()).then_some(name)
}

/// The lines from `first` to the brace that closes the first one opened from there on. None
/// when a semicolon comes first: a declaration without a body.
fn block(code: &str, first: usize) -> Option<RangeInclusive<usize>> {
    let mut depth = 0_usize;
    let mut brackets = 0_usize;
    for (line, text) in numbered(code).skip(first.saturating_sub(1)) {
        for character in text.chars() {
            match character {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets = brackets.saturating_sub(1),
                ';' if depth == 0 && brackets == 0 => return None,
                '{' => depth += 1,
                '}' if depth <= 1 => return Some(first..=line),
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    None
}

/// Whether a line of this file is compiled for tests alone.
pub fn in_test(file: &File, line: usize) -> bool {
    is_test_file(&file.path)
        || test_blocks(&file.views.code)
            .iter()
            .any(|b| b.contains(&line))
}

/// Test folders of Rust and of Kotlin, the scenarios crate, and modules named for tests.
pub fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/src/test/")
        || path.contains("/src/androidTest/")
        || matches!(name, "tests.rs" | "test.rs")
        || name.ends_with("_tests.rs")
}

fn test_blocks(code: &str) -> Vec<RangeInclusive<usize>> {
    numbered(code)
        .filter(|(_, text)| text.contains("#[cfg(") && has_word(text, "test"))
        .filter_map(|(line, _)| block(code, line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_with_their_last_line() {
        let code = "fn a(x: [u8; 2]) {\n  if x {\n  }\n}\ntype F = fn(u8);\nfn b();\nfn c() {}\n";
        let found: Vec<_> = functions(code)
            .into_iter()
            .map(|f| (f.name, *f.lines.start(), *f.lines.end()))
            .collect();
        assert_eq!(found, [("a".to_owned(), 1, 4), ("c".to_owned(), 7, 7)]);
    }

    #[test]
    fn test_code_is_told_from_the_rest() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n";
        let file = File::new("rust/x/src/lib.rs".to_owned(), text.to_owned());
        let lines: Vec<bool> = (1..=6).map(|line| in_test(&file, line)).collect();
        assert_eq!(lines, [false, true, true, true, true, false]);
        assert!(is_test_file("android/app/src/test/kotlin/A.kt"));
        assert!(!is_test_file("rust/xtask/src/gate/android.rs"));
    }
}
