//! The shape of the data files.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use pos_domain::{Cause, Goods, Lang, Retry};
use serde::{Deserialize, Deserializer};

use crate::situation::Situation;
use crate::verdict::{Effect, Verdict};

/// One text in both languages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    zh: String,
    en: String,
}

impl Text {
    pub(crate) fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// What a situation changes; what is absent falls through to the next layer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    #[serde(default, deserialize_with = "optional")]
    pub(crate) effect: Option<Effect>,
    #[serde(default, deserialize_with = "optional")]
    pub(crate) cause: Option<Cause>,
    pub(crate) title: Option<Text>,
    pub(crate) next: Option<Text>,
    pub(crate) who: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    pub(crate) goods: Option<Goods>,
    #[serde(default, deserialize_with = "optional")]
    pub(crate) retry: Option<Retry>,
}

/// Patches by situation. In the files a key may name several situations, separated by spaces.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, Patch>")]
pub(crate) struct Patches(pub(crate) BTreeMap<Situation, Patch>);

impl Patches {
    pub(crate) fn get(&self, situation: Situation) -> Option<&Patch> {
        self.0.get(&situation)
    }
}

impl TryFrom<BTreeMap<String, Patch>> for Patches {
    type Error = String;

    fn try_from(named: BTreeMap<String, Patch>) -> Result<Self, Self::Error> {
        let mut patches = BTreeMap::new();
        for (names, patch) in named {
            for name in names.split_whitespace() {
                let situation = Situation::from_str(name).map_err(|e| format!("{name}: {e}"))?;
                if patches.insert(situation, patch.clone()).is_some() {
                    return Err(format!("{name}: twice"));
                }
            }
        }
        Ok(Self(patches))
    }
}

/// A code's entry: what holds unless a situation changes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    #[serde(deserialize_with = "text")]
    pub(crate) effect: Effect,
    #[serde(deserialize_with = "text")]
    pub(crate) cause: Cause,
    pub(crate) title: Text,
    pub(crate) next: Text,
    pub(crate) who: String,
    #[serde(deserialize_with = "text")]
    pub(crate) retry: Retry,
    /// Codes of one family share words for each situation.
    #[serde(default)]
    pub(crate) family: String,
    /// What a code is explained for when nobody says what was being done.
    #[serde(default = "sale", deserialize_with = "text")]
    pub(crate) usual: Situation,
    #[serde(flatten)]
    pub(crate) situations: Patches,
}

impl Entry {
    pub(crate) const fn verdict(&self) -> Verdict {
        self.effect.verdict()
    }

    /// What holds for a code that nobody listed: not proven, ask first.
    pub(crate) fn unlisted() -> Self {
        let both = |zh: &str, en: &str| Text {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        Self {
            effect: Effect::Unknown,
            cause: Cause::System,
            title: both(
                "应答码未登记，结果未定",
                "Unlisted code: outcome not proven",
            ),
            next: both(
                "结果还不确定，先别交货，也别重复收款。终端会自动处理；请把应答码和编号报给收单机构。",
                "The outcome is not proven. Keep the goods and do not charge again. The terminal \
                 follows up; give the code and reference to the acquirer.",
            ),
            who: "acquirer".to_owned(),
            retry: Retry::AskFirst,
            family: String::new(),
            usual: sale(),
            situations: Patches::default(),
        }
    }
}

/// Who can put something right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Who {
    pub(crate) name: Text,
    /// Whether the shop can do something about it, itself or by a call.
    pub(crate) fixable: bool,
}

/// What the statistics say about a cause.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CauseWords {
    pub(crate) name: Text,
    pub(crate) advice: Text,
}

/// A file of codes. A key may name several codes, separated by spaces.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeFile {
    pub(crate) code: BTreeMap<String, Entry>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Common {
    pub(crate) who: BTreeMap<String, Who>,
    pub(crate) goods: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) class: BTreeMap<String, Patches>,
    pub(crate) family: BTreeMap<String, Patches>,
    pub(crate) cause: BTreeMap<String, CauseWords>,
}

const fn sale() -> Situation {
    Situation::Sale
}

/// Reads one of an enum's fixed forms; the error names the text.
pub(crate) fn parse<T: FromStr<Err: Display>>(name: &str) -> Result<T, String> {
    name.parse().map_err(|e| format!("{name}: {e}"))
}

fn text<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(from: D) -> Result<T, D::Error> {
    parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn optional<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    text(from).map(Some)
}
