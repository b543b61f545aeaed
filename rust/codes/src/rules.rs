//! The rules as data: their form, their reading, and whether one fits.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::recognise::{Form, Rail};
use crate::refusal::Refusal;

const STANDARD: &str = include_str!("../data/rules.toml");
const SCHEMA: u32 = 1;

/// Why a rule file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Not TOML, an unknown key, or a value of the wrong kind; line and column are in the text.
    #[error("{0}")]
    Malformed(String),
    /// Written for another version of this program.
    #[error("schema {found}, this program reads {SCHEMA}")]
    Schema {
        /// The number in the file.
        found: u32,
    },
    /// A rule has neither or both of `take` with `form` and `refuse`, or no test at all.
    #[error("rule {name} needs a test, and either take with form, or refuse")]
    Incomplete {
        /// The rule.
        name: String,
    },
}

/// Recognition rules in their order.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    schema: u32,
    rule: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(default = "on")]
    enabled: bool,
    #[serde(default)]
    begins: Vec<String>,
    #[serde(default)]
    ignore_case: bool,
    digits: Option<(usize, usize)>,
    first_two: Option<(u8, u8)>,
    letters: Option<usize>,
    #[serde(default)]
    base64: bool,
    take: Option<Rail>,
    form: Option<Form>,
    refuse: Option<Refusal>,
}

const fn on() -> bool {
    true
}

/// What the rules say of a cleaned text.
pub(crate) enum Verdict {
    Take(Rail, Form),
    Refuse(Refusal),
}

impl Rules {
    /// The rules that come with the program.
    #[must_use]
    pub fn standard() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        // Without rules every code is refused; a test proves that the file can be read.
        RULES.get_or_init(|| Self::parse(STANDARD).unwrap_or(Self { rules: Vec::new() }))
    }

    /// Reads a rule file; its form is explained at the head of `data/rules.toml`.
    ///
    /// # Errors
    /// [`RulesError`], with line and column or the rule's name.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: RuleFile =
            toml::from_str(text).map_err(|error| RulesError::Malformed(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(RulesError::Schema { found: file.schema });
        }
        match file.rule.iter().find(|rule| !rule.is_complete()) {
            Some(rule) => Err(RulesError::Incomplete {
                name: rule.name.clone(),
            }),
            None => Ok(Self { rules: file.rule }),
        }
    }

    /// The same rules with one switched on or off; unchanged when there is none of that name.
    #[must_use]
    pub fn switched(mut self, name: &str, enabled: bool) -> Self {
        for rule in self.rules.iter_mut().filter(|rule| rule.name == name) {
            rule.enabled = enabled;
        }
        self
    }

    /// The first rule that fits.
    pub(crate) fn verdict(&self, text: &str) -> Option<Verdict> {
        self.enabled().find(|rule| rule.fits(text))?.verdict(text)
    }

    /// Whether the first two digits belong to a payment code, whatever the length.
    pub(crate) fn begins_like_payment(&self, text: &str) -> bool {
        self.enabled()
            .filter(|rule| rule.take.is_some() && rule.first_two.is_some())
            .any(|rule| rule.first_two_fit(text))
    }

    fn enabled(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.enabled)
    }
}

impl Rule {
    fn is_complete(&self) -> bool {
        let tested = !self.begins.is_empty() || self.digits.is_some();
        tested && (self.take.is_some() == self.form.is_some()) && {
            self.take.is_some() != self.refuse.is_some()
        }
    }

    fn verdict(&self, text: &str) -> Option<Verdict> {
        if self.base64 && !text.bytes().all(is_base64) {
            return Some(Verdict::Refuse(Refusal::Damaged));
        }
        let taken = self.take.zip(self.form);
        taken
            .map(|(rail, form)| Verdict::Take(rail, form))
            .or(self.refuse.map(Verdict::Refuse))
    }

    fn fits(&self, text: &str) -> bool {
        let Some(rest) = self.after_beginning(text) else {
            return false;
        };
        self.digits
            .is_none_or(|(least, most)| all_digits(text) && (least..=most).contains(&text.len()))
            && self.first_two_fit(text)
            && self.letters.is_none_or(|n| {
                rest.len() == n && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
    }

    /// What follows the beginning; all of the text when the rule has none.
    fn after_beginning<'a>(&self, text: &'a str) -> Option<&'a str> {
        if self.begins.is_empty() {
            return Some(text);
        }
        self.begins.iter().find_map(|begin| {
            let (head, rest) = text.split_at_checked(begin.len())?;
            let same = head == begin || (self.ignore_case && head.eq_ignore_ascii_case(begin));
            same.then_some(rest)
        })
    }

    fn first_two_fit(&self, text: &str) -> bool {
        self.first_two.is_none_or(|(least, most)| {
            let two = text.get(..2).and_then(|two| two.parse().ok());
            two.is_some_and(|two: u8| (least..=most).contains(&two))
        })
    }
}

pub(crate) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}
