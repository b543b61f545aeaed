//! The data files, parsed once, and how to look something up in them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pos_domain::{Cause, Code, Goods, Lang, LocalCode, NetCode, Rail};

use crate::shape::{CauseWords, CodeFile, Common, Entry, Patch, Patches, Who, parse};
use crate::situation::Situation;
use crate::verdict::Class;

const COMMON: &str = include_str!("../data/common.toml");

/// Whose codes a file lists.
#[derive(Clone, Copy)]
enum Owner {
    Wire(Rail),
    Local,
    Net,
}

/// Every file of codes. A new rail is one more line.
const FILES: &[(Owner, &str)] = &[
    (
        Owner::Wire(Rail::UnionPay),
        include_str!("../data/unionpay.toml"),
    ),
    (
        Owner::Wire(Rail::UnionPay),
        include_str!("../data/acp.toml"),
    ),
    (
        Owner::Wire(Rail::WeChat),
        include_str!("../data/wechat.toml"),
    ),
    (
        Owner::Wire(Rail::Alipay),
        include_str!("../data/alipay.toml"),
    ),
    (Owner::Local, include_str!("../data/local.toml")),
    (Owner::Net, include_str!("../data/net.toml")),
];

/// All data, parsed once.
pub(crate) struct Tables {
    wire: BTreeMap<(Rail, String), Entry>,
    local: BTreeMap<String, Entry>,
    net: BTreeMap<String, Entry>,
    unlisted: Entry,
    goods: BTreeMap<(Situation, Class), Goods>,
    class: BTreeMap<Class, Patches>,
    family: BTreeMap<String, Patches>,
    who: BTreeMap<String, Who>,
    cause: BTreeMap<Cause, CauseWords>,
}

impl Tables {
    /// The embedded data. A file that does not parse counts as empty here, so that every answer
    /// is the safe default; the tests prove that all files parse.
    pub(crate) fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| Self::load(COMMON, FILES).unwrap_or_else(|_| Self::empty()))
    }

    fn empty() -> Self {
        Self {
            wire: BTreeMap::new(),
            local: BTreeMap::new(),
            net: BTreeMap::new(),
            unlisted: Entry::unlisted(),
            goods: BTreeMap::new(),
            class: BTreeMap::new(),
            family: BTreeMap::new(),
            who: BTreeMap::new(),
            cause: BTreeMap::new(),
        }
    }

    fn load(common: &str, files: &[(Owner, &str)]) -> Result<Self, String> {
        let common: Common = toml::from_str(common).map_err(|e| format!("common: {e}"))?;
        let mut tables = Self::empty();
        for (name, patches) in common.class {
            tables.class.insert(parse(&name)?, patches);
        }
        for (name, by_class) in common.goods {
            for (class, goods) in by_class {
                tables
                    .goods
                    .insert((parse(&name)?, parse(&class)?), parse(&goods)?);
            }
        }
        for (name, words) in common.cause {
            tables.cause.insert(parse(&name)?, words);
        }
        tables.family = common.family;
        tables.who = common.who;
        for (owner, file) in files {
            tables.add(*owner, file)?;
        }
        Ok(tables)
    }

    fn add(&mut self, owner: Owner, file: &str) -> Result<(), String> {
        let file: CodeFile = toml::from_str(file).map_err(|e| e.to_string())?;
        for (names, entry) in file.code {
            self.check(&names, &entry)?;
            for name in names.split_whitespace() {
                let (name_, entry) = (name.to_owned(), entry.clone());
                let before = match owner {
                    Owner::Wire(rail) => self.wire.insert((rail, name_), entry),
                    Owner::Local => self
                        .local
                        .insert(parse::<LocalCode>(name)?.to_string(), entry),
                    Owner::Net => self.net.insert(parse::<NetCode>(name)?.to_string(), entry),
                };
                if before.is_some() {
                    return Err(format!("{name}: twice"));
                }
            }
        }
        Ok(())
    }

    /// Every name that an entry uses must exist.
    fn check(&self, names: &str, entry: &Entry) -> Result<(), String> {
        let patched = entry.situations.0.values().filter_map(|p| p.who.as_ref());
        if let Some(who) = patched
            .chain([&entry.who])
            .find(|w| !self.who.contains_key(*w))
        {
            return Err(format!("{names}: nobody is called {who}"));
        }
        if !entry.family.is_empty() && !self.family.contains_key(&entry.family) {
            return Err(format!("{names}: no family {}", entry.family));
        }
        Ok(())
    }

    /// The entry of a rail's answer code: its own, else that of a name ending in `*` which it
    /// begins with, else the safe default.
    pub(crate) fn wire(&self, rail: Rail, code: &str) -> &Entry {
        let exact = self.wire.get(&(rail, code.to_owned()));
        let by_beginning = || {
            let begins = |name: &str| {
                name.strip_suffix('*')
                    .is_some_and(|beginning| code.starts_with(beginning))
            };
            self.wire
                .iter()
                .find(|((of, name), _)| *of == rail && begins(name))
                .map(|(_, entry)| entry)
        };
        exact.or_else(by_beginning).unwrap_or(&self.unlisted)
    }

    /// The entry of any code, or the safe default.
    pub(crate) fn entry(&self, code: &Code) -> &Entry {
        match code {
            Code::Wire(rail, code) => self.wire(*rail, code),
            Code::Local(code) => self.local.get(code.as_str()).unwrap_or(&self.unlisted),
            Code::Net(code) => self.net.get(code.as_str()).unwrap_or(&self.unlisted),
        }
    }

    /// The listed answer codes of a rail, sorted.
    pub(crate) fn codes(&self, rail: Rail) -> impl Iterator<Item = &str> {
        self.wire
            .keys()
            .filter(move |(of, _)| *of == rail)
            .map(|(_, code)| code.as_str())
    }

    pub(crate) fn class(&self, class: Class, situation: Situation) -> Option<&Patch> {
        self.class.get(&class)?.get(situation)
    }

    pub(crate) fn family(&self, family: &str, situation: Situation) -> Option<&Patch> {
        self.family.get(family)?.get(situation)
    }

    /// The usual advice about goods; without one nobody moves anything.
    pub(crate) fn goods(&self, situation: Situation, class: Class) -> Goods {
        self.goods
            .get(&(situation, class))
            .copied()
            .unwrap_or(Goods::Wait)
    }

    pub(crate) fn who(&self, name: &str) -> Option<&Who> {
        self.who.get(name)
    }

    /// A cause's name, and what a shop does about it when it comes often.
    pub(crate) fn cause(&self, cause: Cause, lang: Lang) -> (&str, &str) {
        match self.cause.get(&cause) {
            Some(words) => (words.name.in_lang(lang), words.advice.in_lang(lang)),
            None => (cause.as_str(), ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    #[test]
    fn the_embedded_files_parse_and_are_complete() {
        let tables = Tables::load(COMMON, FILES).unwrap();
        for code in LocalCode::ALL {
            assert!(tables.local.contains_key(code.as_str()), "{code}");
        }
        for code in NetCode::ALL {
            assert!(tables.net.contains_key(code.as_str()), "{code}");
        }
        for cause in Cause::ALL {
            assert!(tables.cause.contains_key(cause), "{cause}");
        }
        // Every layer must be one that some entry can reach.
        for family in tables.family.keys() {
            assert!(
                tables.wire.values().any(|e| e.family == *family),
                "{family}"
            );
        }
        for situation in Situation::ALL {
            let listed = Class::ALL
                .iter()
                .any(|c| tables.goods.contains_key(&(*situation, *c)));
            assert!(listed, "{situation}");
        }
    }

    #[test]
    fn only_hosts_verdicts_stand_in_a_rails_file() {
        let tables = Tables::get();
        for ((_, code), entry) in &tables.wire {
            let patched = entry.situations.0.values().filter_map(|p| p.effect);
            for effect in patched.chain([entry.effect]) {
                let terminals = [
                    Class::Refused,
                    Class::NotSent,
                    Class::Waiting,
                    Class::Closed,
                ];
                assert!(!terminals.contains(&effect.class()), "{code}: {effect}");
            }
        }
    }

    #[test]
    fn slips_in_a_data_file_are_found() {
        let good = r#"
            [code."51 61"]
            effect = "declined"
            cause = "limits"
            title = { zh = "a", en = "b" }
            next = { zh = "a", en = "b" }
            who = "customer"
            retry = "never"
            [code."51 61"."void refund"]
            goods = "wait"
        "#;
        let load = |file: &str| Tables::load(COMMON, &[(Owner::Wire(Rail::WeChat), file)]);
        let tables = load(good).unwrap();
        assert_eq!(tables.codes(Rail::WeChat).collect::<Vec<_>>(), ["51", "61"]);
        assert_eq!(tables.codes(Rail::UnionPay).count(), 0);
        for (slip, instead) in [
            ("51 61\"]", "51 51\"]"),
            ("\"declined\"", "\"declinde\""),
            ("\"limits\"", "\"limit\""),
            ("title =", "tilte ="),
            ("who = \"customer\"", "who = \"somebody\""),
            ("retry =", "family = \"none\"\nretry ="),
            ("void refund", "void void"),
            ("void refund", "voids"),
            ("goods =", "good ="),
            ("\"wait\"", "\"later\""),
        ] {
            assert!(good.contains(slip));
            assert!(
                load(&good.replace(slip, instead)).is_err(),
                "{slip} -> {instead}"
            );
        }
    }

    #[test]
    fn without_any_data_everything_is_unproven() {
        let none = Tables::empty();
        let entry = none.wire(Rail::UnionPay, "00");
        assert_eq!(entry.verdict(), Verdict::Unknown);
        assert_eq!(none.goods(Situation::Sale, Class::Unknown), Goods::Wait);
    }
}
