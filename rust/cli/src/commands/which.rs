//! The options that name a sale: `--sale ID`, `--voucher NO`, `--last`.

use pos_engine::domain::Id;
use pos_engine::terminal::Which;

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
    pub(super) fn which(self, options: &Options) -> Result<Which, Failure> {
        if self.twice {
            let rule = "name the sale once: --sale, --voucher or --last";
            return Err(Failure::usage("--sale", rule));
        }
        self.named
            .ok_or_else(|| options.missing("--sale, --voucher or --last"))
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
