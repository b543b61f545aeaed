//! The head of a copy: how the passphrase is stretched, and the two wrapped keys.

use std::sync::Arc;

use pos_domain::ports::Random;
use pos_ledger::{DataKey, LedgerError, Sealer};
use pos_policy::{Passphrase, Stretching};

use super::CopyError;
use crate::hex::hex;

/// How every copy begins.
const MAGIC: &[u8; 8] = b"VOIDCOPY";
/// The newest format that this program reads and writes.
pub(super) const FORMAT: u16 = 1;
/// Magic, format, three costs, salt.
const OPENING: usize = 8 + 2 + 12 + 16;
/// A key of 32 bytes, sealed.
const SEALED_KEY: usize = 1 + 12 + 32 + 16;
/// What all copies of one opt-in begin with.
pub(super) const FIXED: usize = OPENING + 2 * SEALED_KEY;
/// The salt of one file.
const FILE_SALT: usize = 16;
/// Tells a damaged head from a wrong passphrase; no protection.
const CHECK: usize = 8;
/// The whole head.
pub(super) const HEAD: usize = FIXED + FILE_SALT + CHECK;

/// The head that all copies of one opt-in share.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Fixed(pub [u8; FIXED]);

/// Seals the parts of one file.
pub(super) struct FileKey(pub Sealer);

fn new_key(random: &dyn Random) -> Result<DataKey, CopyError> {
    let mut key = DataKey([0; 32]);
    random.fill(&mut key.0)?;
    Ok(key)
}

/// The stretched passphrase guards the copy key for just these costs and this salt.
fn opening_place(opening: &[u8]) -> String {
    format!("copy key:{}", hex(opening))
}

const DATA_KEY_PLACE: &str = "data key";

pub(super) fn as_key(clear: &[u8]) -> Option<DataKey> {
    Some(DataKey(clear.try_into().ok()?))
}

impl Fixed {
    /// Makes a copy key and wraps it under a passphrase, and the data key under it.
    pub(super) fn make(
        passphrase: &Passphrase,
        data_key: &DataKey,
        random: &Arc<dyn Random>,
    ) -> Result<(Self, DataKey), CopyError> {
        let copy_key = new_key(random.as_ref())?;
        let how = Stretching::NEW;
        let mut salt = [0; 16];
        random.fill(&mut salt)?;
        let mut bytes = Vec::with_capacity(FIXED);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_be_bytes());
        for cost in [how.memory_kib, how.passes, how.lanes] {
            bytes.extend_from_slice(&cost.to_be_bytes());
        }
        bytes.extend_from_slice(&salt);
        let guard = DataKey(*how.stretch(passphrase, &salt)?);
        let place = opening_place(&bytes);
        let sealed = Sealer::new(&guard, Arc::clone(random)).seal(&place, &copy_key.0)?;
        bytes.extend_from_slice(&sealed);
        let inner = Sealer::new(&copy_key, Arc::clone(random));
        bytes.extend_from_slice(&inner.seal(DATA_KEY_PLACE, &data_key.0)?);
        let fixed = bytes.try_into().map_err(|_| LedgerError::Seal)?;
        Ok((Self(fixed), copy_key))
    }

    /// The copy key, by the passphrase.
    pub(super) fn open(
        &self,
        passphrase: &Passphrase,
        random: &Arc<dyn Random>,
    ) -> Result<DataKey, CopyError> {
        let (opening, sealed) = self.0.split_at(OPENING);
        let (sealed, _) = sealed.split_at(SEALED_KEY);
        let (how, salt) = costs(opening).ok_or(CopyError::NotACopy)?;
        if !how.is_bearable() {
            return Err(CopyError::Damaged { at: 10 });
        }
        let guard = DataKey(*how.stretch(passphrase, &salt)?);
        let opened = Sealer::new(&guard, Arc::clone(random)).open(&opening_place(opening), sealed);
        let clear = opened.map_err(|_| CopyError::WrongPassphrase)?;
        as_key(&clear).ok_or(CopyError::WrongPassphrase)
    }

    /// The data key, by the copy key.
    pub(super) fn data_key(
        &self,
        copy_key: &DataKey,
        random: &Arc<dyn Random>,
    ) -> Result<DataKey, CopyError> {
        let (_, sealed) = self.0.split_at(OPENING + SEALED_KEY);
        let at = u64::try_from(OPENING + SEALED_KEY).unwrap_or(0);
        let inner = Sealer::new(copy_key, Arc::clone(random));
        let clear = inner.open(DATA_KEY_PLACE, sealed);
        let clear = clear.map_err(|_| CopyError::Damaged { at })?;
        as_key(&clear).ok_or(CopyError::Damaged { at })
    }
}

fn costs(opening: &[u8]) -> Option<(Stretching, [u8; 16])> {
    let number = |at: usize| {
        let bytes = opening.get(at..at.checked_add(4)?)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let how = Stretching {
        memory_kib: number(10)?,
        passes: number(14)?,
        lanes: number(18)?,
    };
    Some((how, opening.get(22..)?.try_into().ok()?))
}

/// Eight bytes that follow from the rest of the head, for anybody.
fn check(head: &[u8], random: &Arc<dyn Random>) -> [u8; CHECK] {
    let hash = Sealer::new(&DataKey([0; 32]), Arc::clone(random)).hash("copy head", head);
    let mut short = [0; CHECK];
    short.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    short
}

/// The head of a new file, and its own key.
pub(super) fn new_head(
    fixed: &Fixed,
    copy_key: &DataKey,
    random: &Arc<dyn Random>,
) -> Result<(Vec<u8>, FileKey), CopyError> {
    let mut salt = [0; FILE_SALT];
    random.fill(&mut salt)?;
    let mut head = [&fixed.0[..], &salt[..]].concat();
    let key = file_key(copy_key, &head, random);
    head.extend_from_slice(&check(&head, random));
    Ok((head, key))
}

/// What a head says before its passphrase is known.
pub(super) struct Head {
    fixed: Fixed,
    salted: Vec<u8>,
}

/// Reads a head; says what is wrong with it.
pub(super) fn read_head(bytes: &[u8], random: &Arc<dyn Random>) -> Result<Head, CopyError> {
    let at = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let magic = bytes.get(..8).ok_or(CopyError::NotACopy)?;
    if magic != MAGIC {
        return Err(CopyError::NotACopy);
    }
    let format = bytes.get(8..10).and_then(|two| two.try_into().ok());
    let format = format.map(u16::from_be_bytes);
    match format.ok_or(CopyError::Truncated { at })? {
        FORMAT => {}
        0 => return Err(CopyError::Damaged { at: 8 }),
        found => {
            let known = FORMAT;
            return Err(CopyError::Newer { found, known });
        }
    }
    let whole = bytes.get(..HEAD).ok_or(CopyError::Truncated { at })?;
    let (salted, told) = whole.split_at(HEAD - CHECK);
    if told != check(salted, random) {
        return Err(CopyError::Damaged { at: 10 });
    }
    let fixed = salted.get(..FIXED).and_then(|part| part.try_into().ok());
    Ok(Head {
        fixed: Fixed(fixed.ok_or(CopyError::NotACopy)?),
        salted: salted.to_vec(),
    })
}

impl Head {
    /// The file's own key and the data key, by the passphrase.
    pub(super) fn open(
        &self,
        passphrase: &Passphrase,
        random: &Arc<dyn Random>,
    ) -> Result<(FileKey, DataKey), CopyError> {
        let copy_key = self.fixed.open(passphrase, random)?;
        let data_key = self.fixed.data_key(&copy_key, random)?;
        Ok((file_key(&copy_key, &self.salted, random), data_key))
    }
}

/// One key a file, so that no part of one can stand in another.
fn file_key(copy_key: &DataKey, salted: &[u8], random: &Arc<dyn Random>) -> FileKey {
    let key = Sealer::new(copy_key, Arc::clone(random)).hash("copy file", salted);
    FileKey(Sealer::new(&DataKey(key), Arc::clone(random)))
}
