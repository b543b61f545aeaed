//! What the acquirer keeps for each terminal: keys, batches, what it is owed, what is on its way.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use super::crypto::{Generator, Key};
use super::request::TxnKey;
use super::settings::Settings;
use crate::fault::Kind;

/// Working keys of one sign-in.
#[derive(Clone, Debug)]
pub(crate) struct WorkingKeys {
    pub pin: Key,
    pub mac: Key,
    pub track: Option<Key>,
}

/// Which keys a sign-in asks for, by 60.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMode {
    Single,
    Double,
    DoubleTrack,
    Sm4,
    Sm4Track,
}

impl KeyMode {
    pub(crate) fn from_network(code: &str) -> Option<Self> {
        Some(match code {
            "001" => Self::Single,
            "003" => Self::Double,
            "004" => Self::DoubleTrack,
            "005" => Self::Sm4,
            "006" => Self::Sm4Track,
            _ => return None,
        })
    }
}

impl WorkingKeys {
    pub(crate) fn generate(mode: KeyMode, settings: &Settings, random: &mut Generator) -> Self {
        let double = |random: &mut Generator| Key::TripleDes(random.bytes());
        match mode {
            KeyMode::Single => Self {
                pin: Key::Des(random.bytes()),
                mac: Key::Des(random.bytes()),
                track: None,
            },
            KeyMode::Double | KeyMode::DoubleTrack => Self {
                pin: double(random),
                mac: if settings.long_mac_key {
                    double(random)
                } else {
                    Key::Des(random.bytes())
                },
                track: (mode == KeyMode::DoubleTrack).then(|| double(random)),
            },
            KeyMode::Sm4 | KeyMode::Sm4Track => Self {
                pin: Key::Sm4(random.bytes()),
                mac: Key::Sm4(random.bytes()),
                track: (mode == KeyMode::Sm4Track).then(|| Key::Sm4(random.bytes())),
            },
        }
    }

    /// F62 of the answer: each key under the master key, with its check value (spec 6.2).
    pub(crate) fn wrapped(&self, settings: &Settings) -> Vec<u8> {
        let master = match self.pin {
            Key::Sm4(_) => Key::Sm4(settings.master_key.0),
            Key::Des(_) | Key::TripleDes(_) => Key::TripleDes(settings.master_key.0),
        };
        let slot_size = self.pin.bytes().len();
        let mut out = Vec::new();
        for key in [Some(&self.pin), Some(&self.mac), self.track.as_ref()]
            .into_iter()
            .flatten()
        {
            let mut slot = key.bytes().to_vec();
            master.encrypt(&mut slot);
            slot.resize(slot_size, 0);
            out.extend_from_slice(&slot);
            out.extend_from_slice(&key.check_value());
        }
        out
    }
}

/// A frame that a fault holds back.
#[derive(Clone, Debug)]
pub(crate) struct Withheld {
    /// How many requests of the terminal still come first.
    pub after: u32,
    pub frame: Zeroizing<Vec<u8>>,
}

/// One terminal as the acquirer knows it.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// `None` before the first sign-in, after a sign-out, and when keys were dropped.
    pub keys: Option<WorkingKeys>,
    pub mode: Option<KeyMode>,
    /// The current batch number.
    pub batch: u32,
    /// Batches that the terminal has begun to settle.
    pub settled: BTreeSet<String>,
    /// Batches that were given up for another one before they were settled.
    pub left_open: BTreeSet<String>,
    /// Reversible requests whose right answer surely never arrived, until a reversal is answered.
    pub owed: BTreeMap<TxnKey, Kind>,
    /// Requests whose reversal came to its end, as far as the terminal was told.
    pub reversals_ended: BTreeSet<TxnKey>,
    /// Answers that come first on a later connection.
    pub late_answers: Vec<Withheld>,
    /// Requests that are handled later than they were sent.
    pub held_requests: Vec<Withheld>,
}

impl Terminal {
    pub(crate) const fn new(first_batch: u32) -> Self {
        Self {
            keys: None,
            mode: None,
            batch: first_batch,
            settled: BTreeSet::new(),
            left_open: BTreeSet::new(),
            owed: BTreeMap::new(),
            reversals_ended: BTreeSet::new(),
            late_answers: Vec::new(),
            held_requests: Vec::new(),
        }
    }

    pub(crate) fn batch_text(&self) -> String {
        format!("{:06}", self.batch)
    }

    /// True for the current batch and for those that were left unsettled. The batch after a settled
    /// one becomes the current one, since terminals count on.
    pub(crate) fn takes_batch(&mut self, batch: &str) -> bool {
        let settled = self.settled.contains(&self.batch_text());
        if settled && batch == format!("{:06}", self.next_batch()) {
            self.move_to(self.next_batch());
        }
        self.left_open.contains(batch) || batch == self.batch_text()
    }

    /// Moves to a batch; an unsettled one that is left stays open for voids and settlement.
    pub(crate) fn move_to(&mut self, batch: u32) {
        let old = self.batch_text();
        if !self.settled.contains(&old) && self.batch != batch {
            self.left_open.insert(old);
        }
        self.batch = batch;
        self.left_open.remove(&self.batch_text());
    }

    /// The batch after the current one; 999999 is followed by 1.
    pub(crate) const fn next_batch(&self) -> u32 {
        if self.batch >= 999_999 {
            1
        } else {
            self.batch + 1
        }
    }
}

/// Takes out what is due now and counts the rest down.
pub(crate) fn take_due(withheld: &mut Vec<Withheld>) -> Vec<Zeroizing<Vec<u8>>> {
    let mut due = Vec::new();
    withheld.retain_mut(|one| {
        one.after = one.after.saturating_sub(1);
        if one.after == 0 {
            due.push(std::mem::take(&mut one.frame));
        }
        one.after > 0
    });
    due
}
