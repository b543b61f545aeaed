//! Taking a copy over on a replacement terminal. What comes out is a *restored* ledger: nothing is
//! sent until a supervisor says that the old terminal is retired, and hosts are asked first.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;

use pos_domain::ports::{KeyStore, Outside, Random};
use pos_flows::{EPOCH, TRACE_END};
use pos_ledger::{DataKey, Ledger};
use pos_policy::Passphrase;

use super::envelope::{HEAD, read_head};
use super::sections::{FACTS, KEYS, LEDGER, SECTIONS_MOST};
use super::stream::Opening;
use super::{CopyError, CopyFacts};
use crate::files::{self, FileError};
use crate::home::Home;
use crate::secrets::Vault;

/// Trace numbers that the old terminal may have used since the copy: more than any batch holds.
const SINCE_THE_COPY: u64 = 100_000;

/// What a copy holds, its ledger apart.
struct Content {
    facts: CopyFacts,
    data_key: DataKey,
    sealed: Vec<(String, Vec<u8>)>,
}

/// Opens a copy and checks all of it; changes nothing.
///
/// # Errors
/// [`CopyError`] that says what is wrong with passphrase or file.
pub fn look_at_copy(
    file: &Path,
    passphrase: &Passphrase,
    random: &Arc<dyn Random>,
) -> Result<CopyFacts, CopyError> {
    let read = read_copy(file, passphrase, random, |_| Ok(()))?;
    Ok(read.facts)
}

/// Takes a copy over into a home without a ledger, its keys wrapped anew. `merchant`, where given,
/// is whose copy it has to be.
///
/// # Errors
/// [`CopyError`]; there is no ledger in the home then, and it can be tried again.
pub fn restore_copy(
    home: &Home,
    file: &Path,
    passphrase: &Passphrase,
    merchant: Option<&str>,
    (key_store, outside, random): (&dyn KeyStore, &dyn Outside, &Arc<dyn Random>),
) -> Result<CopyFacts, CopyError> {
    let check_empty = || match home.ledger().exists() {
        true => Err(CopyError::NotEmpty),
        false => Ok(()),
    };
    // A terminal at work holds the lock, and that it is there is the better answer.
    check_empty()?;
    home.create()?;
    let _lock = home.lock()?;
    check_empty()?;
    let part = home.root().join("ledger.part");
    let done = take_over(
        home,
        file,
        &part,
        (passphrase, merchant),
        (key_store, outside, random),
    );
    if done.is_err() {
        // The first failure is the one to tell.
        let _ = files::remove(&part);
    }
    done
}

fn take_over(
    home: &Home,
    file: &Path,
    part: &Path,
    (passphrase, merchant): (&Passphrase, Option<&str>),
    (key_store, outside, random): (&dyn KeyStore, &dyn Outside, &Arc<dyn Random>),
) -> Result<CopyFacts, CopyError> {
    let failed = |error: std::io::Error| FileError::new(part, &error);
    files::remove(part)?;
    let mut to = BufWriter::new(files::create(part)?);
    let content = read_copy(file, passphrase, random, |bytes| {
        Ok(to.write_all(bytes).map_err(failed)?)
    })?;
    let to = to
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    to.sync_all().map_err(failed)?;
    let facts = content.facts;
    if let Some(wanted) = merchant.filter(|wanted| *wanted != facts.merchant) {
        return Err(CopyError::OtherMerchant {
            found: facts.merchant,
            wanted: wanted.to_owned(),
        });
    }
    Ledger::inspect(part)?;
    // What makes it a restored ledger stands outside before there is a ledger, whatever epoch this
    // device had.
    let there = outside.read(EPOCH)?.unwrap_or(0);
    let newer = there.max(facts.epoch).saturating_add(1);
    outside.write(EPOCH, newer)?;
    outside.write(TRACE_END, facts.trace_end.saturating_add(SINCE_THE_COPY))?;
    Vault::adopt(&home.keys(), key_store, &content.data_key, &content.sealed)?;
    files::put_in_place(part, &home.ledger())?;
    Ok(facts)
}

/// Reads a whole copy; the ledger goes to `ledger`, piece by piece.
fn read_copy(
    file: &Path,
    passphrase: &Passphrase,
    random: &Arc<dyn Random>,
    mut ledger: impl FnMut(&[u8]) -> Result<(), CopyError>,
) -> Result<Content, CopyError> {
    let failed = |error: std::io::Error| FileError::new(file, &error);
    let mut from = BufReader::new(File::open(file).map_err(failed)?);
    let mut head = Vec::with_capacity(HEAD);
    let most = u64::try_from(HEAD).unwrap_or(0);
    let read = from.by_ref().take(most).read_to_end(&mut head);
    read.map_err(failed)?;
    let (key, data_key) = read_head(&head, random)?.open(passphrase, random)?;
    let mut body = Opening::begin(from, file, key);
    let first = body.section()?;
    if first.name != FACTS {
        return Err(CopyError::NotACopy);
    }
    let facts = facts_of(&body.content(&first)?)?;
    let mut sealed = Vec::new();
    for _ in 0..SECTIONS_MOST {
        let section = body.section()?;
        if section.name == LEDGER {
            body.pour(section.length, &mut ledger)?;
            body.end()?;
            return Ok(Content {
                facts,
                data_key,
                sealed,
            });
        }
        let content = body.content(&section)?;
        // What a later program adds is left out.
        if let Some(name) = section.name.strip_prefix(KEYS) {
            sealed.push((name.to_owned(), content));
        }
    }
    Err(CopyError::NotACopy)
}

fn facts_of(text: &[u8]) -> Result<CopyFacts, CopyError> {
    let text = std::str::from_utf8(text).map_err(|_| CopyError::NotACopy)?;
    toml::from_str(text).map_err(|_| CopyError::NotACopy)
}
