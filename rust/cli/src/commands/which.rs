//! The options that name a sale: `--sale ID`, `--voucher NO`, `--last`.

use pos_engine::domain::{Id, Lang, OriginalKind};
use pos_engine::terminal::{JournalFilter, Terminal, Which};

use crate::Failure;
use crate::args::Options;

/// Which sale was named so far, and by which option.
#[derive(Default)]
pub(super) struct WhichOptions {
    named: Option<Which>,
    twice: bool,
}

impl WhichOptions {
    /// Takes the option `--name` when it names a sale.
    pub(super) fn take(&mut self, name: &str, options: &mut Options) -> Result<bool, Failure> {
        let named = match name {
            "sale" => Which::Id(sale_id(&options.value()?, "--sale")?),
            "voucher" => Which::Voucher(voucher(&options.value()?)?),
            "last" => Which::Last,
            _ => return Ok(false),
        };
        self.twice |= self.named.replace(named).is_some();
        Ok(true)
    }

    /// The sale that was named, by exactly one option.
    pub(super) fn which(self, options: &Options) -> Result<Named, Failure> {
        if self.twice {
            let rule = "name the sale once: --sale, --voucher or --last";
            return Err(Failure::usage("--sale", rule));
        }
        self.named
            .map(Named)
            .ok_or_else(|| options.missing("--sale, --voucher or --last"))
    }

    /// Whether any option named a sale.
    pub(super) const fn is_named(&self) -> bool {
        self.named.is_some()
    }
}

/// A sale that was named.
pub(super) struct Named(Which);

/// Looked at one after the other when the newest of a kind is asked for.
const PAGE: u32 = 100;

impl Named {
    /// The sale; none when there is none, or it is of another kind than wanted. The newest one is
    /// the newest that was made here of the kind wanted, or of any: never an older one because the
    /// newest is of another kind than somebody had in mind.
    pub(super) fn find(
        &self,
        terminal: &Terminal,
        wanted: Option<OriginalKind>,
        lang: Lang,
    ) -> Result<Option<Id>, Failure> {
        if self.0 == Which::Last {
            return newest(terminal, wanted, lang);
        }
        let found = terminal.find(&self.0)?;
        let fits = found.filter(|original| wanted.is_none_or(|kind| original.kind == kind));
        Ok(fits.map(|original| original.id))
    }
}

fn newest(
    terminal: &Terminal,
    wanted: Option<OriginalKind>,
    lang: Lang,
) -> Result<Option<Id>, Failure> {
    let made_here = |kind| kind != OriginalKind::Unmatched;
    let fits = |kind| wanted.map_or(made_here(kind), |wanted| kind == wanted);
    let mut filter = JournalFilter {
        limit: PAGE,
        ..JournalFilter::default()
    };
    loop {
        let page = terminal.sales(&filter, lang)?;
        let Some(oldest) = page.last() else {
            return Ok(None);
        };
        filter.before_seq = Some(oldest.view.original.seq);
        let found = page.into_iter().find(|sale| fits(sale.view.original.kind));
        if let Some(found) = found {
            return Ok(Some(found.view.original.id));
        }
    }
}

/// An identifier as the journal shows it.
pub(super) fn sale_id(text: &str, place: &str) -> Result<Id, Failure> {
    Id::parse(text).map_err(|error| Failure::usage(place, error.to_string()))
}

fn voucher(text: &str) -> Result<String, Failure> {
    let fits = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::usage("--voucher", "has at most six digits"))
    }
}
