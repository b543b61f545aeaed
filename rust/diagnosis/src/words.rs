//! Finds the words for a code in a situation, layer by layer.

use pos_domain::{Cause, Goods, Lang, Retry};

use crate::shape::{Entry, Patch, Who};
use crate::situation::Situation;
use crate::table::Tables;
use crate::verdict::{Class, Effect, Verdict};

/// The layers that speak for one code in one situation, the most specific first: the code in
/// this situation, its family in this situation, its class in this situation, the code itself.
pub(crate) struct Words<'a> {
    tables: &'a Tables,
    entry: &'a Entry,
    situation: Situation,
    effect: Effect,
    layers: [Option<&'a Patch>; 3],
}

impl<'a> Words<'a> {
    pub(crate) fn find(tables: &'a Tables, entry: &'a Entry, situation: Situation) -> Self {
        let own = entry.situations.get(situation);
        let family = tables.family(&entry.family, situation);
        let effect = own
            .and_then(|p| p.effect)
            .or_else(|| family.and_then(|p| p.effect))
            .unwrap_or(entry.effect);
        let class = tables.class(effect.class(), situation);
        Self {
            tables,
            entry,
            situation,
            effect,
            layers: [own, family, class],
        }
    }

    fn first<T>(&self, field: impl Fn(&'a Patch) -> Option<T>) -> Option<T> {
        self.layers.iter().copied().flatten().find_map(field)
    }

    fn who_entry(&self) -> Option<&'a Who> {
        let name = self.first(|p| p.who.as_deref()).unwrap_or(&self.entry.who);
        self.tables.who(name)
    }

    pub(crate) const fn verdict(&self) -> Verdict {
        self.effect.verdict()
    }

    pub(crate) const fn class(&self) -> Class {
        self.effect.class()
    }

    pub(crate) fn cause(&self) -> Cause {
        self.first(|p| p.cause).unwrap_or(self.entry.cause)
    }

    pub(crate) fn title(&self, lang: Lang) -> &'a str {
        self.first(|p| p.title.as_ref())
            .unwrap_or(&self.entry.title)
            .in_lang(lang)
    }

    pub(crate) fn next_step(&self, lang: Lang) -> &'a str {
        self.first(|p| p.next.as_ref())
            .unwrap_or(&self.entry.next)
            .in_lang(lang)
    }

    pub(crate) fn who(&self, lang: Lang) -> &'a str {
        let anybody = match lang {
            Lang::Zh => "收单机构",
            Lang::En => "the acquirer",
        };
        self.who_entry()
            .map_or(anybody, |who| who.name.in_lang(lang))
    }

    /// Whether the shop can do something so that it comes less often. Where a situation says that
    /// the terminal follows up, whoever cures the code itself still counts.
    pub(crate) fn fixable(&self) -> bool {
        let cures = |who: Option<&Who>| who.is_some_and(|who| who.fixable);
        cures(self.who_entry()) || cures(self.tables.who(&self.entry.who))
    }

    pub(crate) fn goods(&self) -> Goods {
        self.first(|p| p.goods)
            .unwrap_or_else(|| self.tables.goods(self.situation, self.class()))
    }

    pub(crate) fn retry(&self) -> Retry {
        self.first(|p| p.retry).unwrap_or(self.entry.retry)
    }
}
