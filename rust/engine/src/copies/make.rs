//! Making one copy: a snapshot of the ledger, sealed on the terminal's own disk, then put outside.
//! Neither the writer nor a payment waits for it.

use std::fs::{self, File};
use std::io::{BufWriter, Read};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use pos_flows::{EPOCH, TRACE_END};
use pos_ledger::{DataKey, LedgerError};

use super::envelope::{FIXED, FileKey, Fixed, as_key, new_head};
use super::keeper::{KEY_PLACE, Keeper, LastCopy, Mark, Stored};
use super::sections::{FACTS, KEYS, LEDGER};
use super::stream::Sealing;
use super::{CopyError, CopyFacts, CopyPlace, KEPT, SUFFIX};
use crate::files::{self, FileError};
use crate::secrets::Vault;

/// What a copy leaves free on the terminal's own disk: sales need 20 MB.
const LEFT_FREE: u64 = 40 * 1024 * 1024;

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its name in the place.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

impl Keeper {
    /// Makes a copy of the ledger as it is now and puts it into `place`; then older ones of this
    /// terminal go, but for the newest [`KEPT`]. How it went is kept for [`Keeper::state`].
    ///
    /// # Errors
    /// [`CopyError`]; the copies made before stand.
    pub fn write(&self, place: &dyn CopyPlace) -> Result<Copied, CopyError> {
        let _alone = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.make(place);
        let at = self.clock.now().wall.0;
        let stored = match &done {
            Ok((copied, mark)) => Stored {
                last: Some(LastCopy {
                    name: copied.name.clone(),
                    at,
                    mark: mark.clone(),
                }),
                ..Stored::default()
            },
            Err(CopyError::Off) => return Err(CopyError::Off),
            Err(error) => Stored {
                failed: Some(error.code().to_string()),
                failed_at: Some(at),
                ..self.stored()?
            },
        };
        // A full disk is no reason to tell a copy that was made as failed, or the other way round.
        if let Err(error) = self.store(&stored) {
            log::warn!("safety copy: {error}");
        }
        done.map(|(copied, _)| copied)
    }

    fn make(&self, place: &dyn CopyPlace) -> Result<(Copied, Mark), CopyError> {
        let (fixed, copy_key) = self.keys()?;
        let folder = self.folder();
        let (clear, sealed) = (folder.join("ledger.part"), folder.join("copy.part"));
        files::remove(&clear)?;
        files::remove(&sealed)?;
        // Taken before: what changes meanwhile makes the next copy due.
        let done = self.mark().and_then(|mark| {
            self.check_room()?;
            self.ledger.copy_into(&clear)?;
            let bytes = self.seal(&fixed, &copy_key, &clear, &sealed)?;
            let name = self.name(mark.audit)?;
            place.put(&name, &sealed)?;
            self.forget_older(place, &name);
            Ok((Copied { name, bytes }, mark))
        });
        for left in [&clear, &sealed] {
            if let Err(error) = files::remove(left) {
                log::warn!("safety copy: {error}");
            }
        }
        done
    }

    /// The head of all copies, and the copy key as the terminal keeps it.
    fn keys(&self) -> Result<(Fixed, DataKey), CopyError> {
        let stored = files::read(&self.enabled())?.ok_or(CopyError::Off)?;
        let (fixed, sealed) = stored.split_first_chunk::<FIXED>().ok_or(CopyError::Off)?;
        // Sealed under the data key that the head wraps, so both are of one opt-in; keys that were
        // replaced since need a new one.
        let clear = Vault::open(
            &self.home.keys(),
            self.key_store.as_ref(),
            Arc::clone(&self.random),
        )?
        .sealer()
        .open(KEY_PLACE, sealed)
        .map_err(|_| CopyError::Off)?;
        Ok((Fixed(*fixed), as_key(&clear).ok_or(CopyError::Off)?))
    }

    /// There has to be room for two copies, and for sales behind them.
    fn check_room(&self) -> Result<(), CopyError> {
        let size = fs::metadata(self.home.ledger()).map_or(0, |found| found.len());
        let wanted = size.saturating_mul(2).saturating_add(LEFT_FREE);
        match self.storage.free_bytes() {
            Some(free) if free < wanted => Err(FileError::DiskFull(self.folder()).into()),
            _ => Ok(()),
        }
    }

    fn facts(&self) -> Result<CopyFacts, CopyError> {
        let (epoch, owed) = self.ledger.read(|query| {
            let epoch = query.counter(EPOCH)?.unwrap_or(0);
            Ok::<_, LedgerError>((epoch, query.left()?.len()))
        })?;
        Ok(CopyFacts {
            merchant: self.named.merchant.clone(),
            name: self.named.name.clone(),
            terminal: self.named.terminal.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made: self.clock.now().wall.0,
            owed: u32::try_from(owed).unwrap_or(u32::MAX),
            epoch: u64::try_from(epoch).unwrap_or(0),
            trace_end: self.outside.read(TRACE_END)?.unwrap_or(0),
        })
    }

    /// Seals facts, sealed secrets and the ledger's snapshot into a file; gives its size.
    fn seal(
        &self,
        fixed: &Fixed,
        copy_key: &DataKey,
        ledger: &Path,
        to: &Path,
    ) -> Result<u64, CopyError> {
        let failed = |error: std::io::Error| FileError::new(to, &error);
        let facts = toml::to_string(&self.facts()?).map_err(|_| LedgerError::Value("facts"))?;
        let out = BufWriter::new(files::create(to)?);
        let (head, key): (Vec<u8>, FileKey) = new_head(fixed, copy_key, &self.random)?;
        let mut body = Sealing::begin(out, to, &head, key)?;
        body.small(FACTS, facts.as_bytes())?;
        for (name, bytes) in Vault::sealed_files(&self.home.keys())? {
            body.small(&format!("{KEYS}{name}"), &bytes)?;
        }
        pour_file(ledger, &mut body)?;
        let out = body.end()?.into_inner();
        let out = out.map_err(|error| failed(error.into_error()))?;
        out.sync_all().map_err(failed)?;
        Ok(out.metadata().map_err(failed)?.len())
    }

    /// Names sort in the order in which copies were made, whatever the clocks showed.
    fn name(&self, audit: i64) -> Result<String, CopyError> {
        let epoch = self.ledger.read(|query| query.counter(EPOCH))?.unwrap_or(0);
        Ok(format!("{}{epoch:08}-{audit:010}{SUFFIX}", self.prefix()))
    }

    fn prefix(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let terminal: String = self.named.terminal.chars().map(plain).collect();
        format!("voidproof-{terminal}-")
    }

    /// Other terminals' copies stay. One that cannot be removed is no harm.
    fn forget_older(&self, place: &dyn CopyPlace, newest: &str) {
        let prefix = self.prefix();
        let own = |name: &String| name.starts_with(&prefix) && name.ends_with(SUFFIX);
        let mut names: Vec<String> = match place.names() {
            Ok(names) => names.into_iter().filter(own).collect(),
            Err(error) => {
                log::warn!("safety copy: {error}");
                return;
            }
        };
        names.sort_unstable_by(|one, other| other.cmp(one));
        for old in names.iter().filter(|name| *name != newest).skip(KEPT - 1) {
            if let Err(error) = place.remove(old) {
                log::warn!("safety copy: {error}");
            }
        }
    }
}

fn pour_file(from: &Path, body: &mut Sealing<BufWriter<File>>) -> Result<(), CopyError> {
    let failed = |error: std::io::Error| FileError::new(from, &error);
    let mut file = File::open(from).map_err(failed)?;
    body.section(LEDGER, file.metadata().map_err(failed)?.len())?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        match buffer.get(..read) {
            Some([]) | None => return Ok(()),
            Some(bytes) => body.add(bytes)?,
        }
    }
}
