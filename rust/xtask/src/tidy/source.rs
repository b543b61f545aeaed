//! A source file seen three ways: its code, its comments, its string contents.
//!
//! Each view has the same lines and columns as the file; what belongs to another view is
//! blank there. So a rule about code never stumbles over a word in a comment or a string.

use std::iter::Peekable;
use std::str::Chars;

/// How comments and strings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Rust,
    Kotlin,
}

/// The three views.
#[derive(Debug, Default)]
pub struct Views {
    pub code: String,
    pub comments: String,
    pub strings: String,
}

#[derive(Clone, Copy, PartialEq)]
enum View {
    Code,
    Comment,
    String,
}

/// Splits a file. Anything unterminated reaches to the end of the file.
pub fn split(text: &str, language: Language) -> Views {
    let mut scanner = Scanner {
        rest: text.chars().peekable(),
        views: Views::default(),
        language,
        before: ' ',
    };
    while scanner.rest.peek().is_some() {
        scanner.token();
    }
    scanner.views
}

struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    views: Views,
    language: Language,
    /// The character before the next one: `r"` begins a raw string, `for"` does not.
    before: char,
}

impl Scanner<'_> {
    fn token(&mut self) {
        if self.sees("//") {
            self.until(View::Comment, "\n");
        } else if self.sees("/*") {
            self.block_comment();
        } else if self.sees("\"\"\"") && self.language == Language::Kotlin {
            self.emit(View::Code, 3);
            self.until(View::String, "\"\"\"");
            self.emit(View::Code, 3);
        } else if self.sees("\"") {
            self.emit(View::Code, 1);
            self.string_body();
        } else if self.sees("'") {
            self.quote();
        } else if let Some(hashes) = self.raw_string() {
            self.emit(View::Code, hashes + 2);
            let end = format!("\"{}", "#".repeat(hashes));
            self.until(View::String, &end);
            self.emit(View::Code, hashes + 1);
        } else {
            self.emit(View::Code, 1);
        }
    }

    /// The number of hashes when a raw string begins here (at its `r`).
    fn raw_string(&mut self) -> Option<usize> {
        let starts_word = !is_word(self.before) || matches!(self.before, 'b' | 'c');
        if self.language != Language::Rust || !starts_word || !self.sees("r") {
            return None;
        }
        let mut ahead = self.rest.clone();
        ahead.next();
        let hashes = std::iter::from_fn(|| ahead.next_if_eq(&'#')).count();
        (ahead.next() == Some('"')).then_some(hashes)
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.rest.peek().is_some() {
            if self.sees("/*") {
                depth += 1;
                self.emit(View::Comment, 2);
            } else if self.sees("*/") {
                depth -= 1;
                self.emit(View::Comment, 2);
                if depth == 0 {
                    return;
                }
            } else {
                self.emit(View::Comment, 1);
            }
        }
    }

    /// After the opening quote: to the closing one. Kotlin's `${…}` is code again.
    fn string_body(&mut self) {
        while self.rest.peek().is_some() {
            if self.sees("\\") {
                self.emit(View::String, 2);
            } else if self.sees("\"") {
                self.emit(View::Code, 1);
                return;
            } else if self.sees("${") && self.language == Language::Kotlin {
                self.template();
            } else {
                self.emit(View::String, 1);
            }
        }
    }

    fn template(&mut self) {
        self.emit(View::Code, 2);
        let mut depth = 1_usize;
        while depth > 0 && self.rest.peek().is_some() {
            match self.rest.peek() {
                Some('{') => depth += 1,
                Some('}') => depth -= 1,
                _ => {}
            }
            self.token();
        }
    }

    /// A character literal, or a lifetime.
    fn quote(&mut self) {
        let mut ahead = self.rest.clone().skip(1);
        let (first, second) = (ahead.next(), ahead.next());
        self.emit(View::Code, 1);
        if first == Some('\\') {
            self.emit(View::String, 2);
            self.until(View::String, "'");
            self.emit(View::Code, 1);
        } else if second == Some('\'') {
            self.emit(View::String, 1);
            self.emit(View::Code, 1);
        }
    }

    fn until(&mut self, view: View, end: &str) {
        while self.rest.peek().is_some() && !self.sees(end) {
            self.emit(view, 1);
        }
    }

    fn sees(&self, text: &str) -> bool {
        let mut ahead = self.rest.clone();
        text.chars().all(|expected| ahead.next() == Some(expected))
    }

    fn emit(&mut self, view: View, count: usize) {
        for _ in 0..count {
            let Some(character) = self.rest.next() else {
                return;
            };
            self.before = character;
            let shown = |wanted| {
                if character == '\n' || view == wanted {
                    character
                } else {
                    ' '
                }
            };
            self.views.code.push(shown(View::Code));
            self.views.comments.push(shown(View::Comment));
            self.views.strings.push(shown(View::String));
        }
    }
}

pub fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `word` stands in `line` with nothing alphanumeric at either end of it.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        let starts = !word.starts_with(is_word) || !before.is_some_and(is_word);
        let ends = !word.ends_with(is_word) || !after.is_some_and(is_word);
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, text: &str, code: &str, comments: &str, strings: &str) {
        let views = split(text, language);
        let squeeze = |view: &str| view.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeeze(&views.code), code, "code of {text}");
        assert_eq!(squeeze(&views.comments), comments, "comments of {text}");
        assert_eq!(squeeze(&views.strings), strings, "strings of {text}");
        assert_eq!(
            views.code.chars().count(),
            text.chars().count(),
            "columns of {text}"
        );
    }

    #[test]
    fn rust() {
        let check = |text, code, comments, strings| {
            check(Language::Rust, text, code, comments, strings);
        };
        check("a // b\nc", "a c", "// b", "");
        check("a /* b /* c */ d */ e", "a e", "/* b /* c */ d */", "");
        check(r#"f("x // \" y") g"#, r#"f(" ") g"#, "", r#"x // \" y"#);
        check(r##"r#"a "b" c"# d"##, r##"r#" "# d"##, "", r#"a "b" c"#);
        check(r#"br"a\" c"#, r#"br" " c"#, "", r"a\");
        check("for\"x\"", "for\" \"", "", "x");
        check("'{' + '\\'' + b'}'", "' ' + ' ' + b' '", "", "{ \\' }");
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}", "", "");
    }

    #[test]
    fn kotlin() {
        let check = |text, code, comments, strings| {
            check(Language::Kotlin, text, code, comments, strings);
        };
        check(
            "\"\"\"a \" // b\"\"\" c",
            "\"\"\" \"\"\" c",
            "",
            "a \" // b",
        );
        check("\"a ${f(\"}\")} b\"", "\" ${f(\" \")} \"", "", "a } b");
    }

    #[test]
    fn words_have_ends() {
        assert!(has_word("an unsafe block", "unsafe"));
        assert!(!has_word("unsafe_code = 1", "unsafe"));
        assert!(has_word("x=dbg!(y)", "dbg!"));
    }
}
