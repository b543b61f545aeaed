//! What is shown, kept or handed on.

use pos_domain::{Cause, Rail};

use super::Total;

/// Everything about one sale, for the acquirer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which sale.
    pub sale: String,
    /// Whether the whole ledger checks as sound now.
    pub sound: bool,
    /// Lines to be read, without account data.
    pub text: Vec<String>,
    /// What to keep.
    pub files: Vec<EvidenceFile>,
}

/// A file to be kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Letters, digits, `-` and `.`.
    pub name: String,
    /// MIME type.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The sums of one day, and what failed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Such as `2026-11-24`, in UTC+8.
    pub day: String,
    /// Sales and completions that were approved.
    pub taken: Total,
    /// Those taken back as a whole.
    pub voided: Total,
    /// What was given back.
    pub refunded: Total,
    /// Pre-authorisations that hold.
    pub held: Total,
    /// Those the host refused.
    pub declined: Total,
    /// Those proven undone.
    pub reversed: Total,
    /// Those not proven either way.
    pub unknown: Total,
    /// What the shop has of the day without the unknown, minor units.
    pub net: i64,
    /// Items owed now.
    pub owed: u32,
    /// Failures by cause, most frequent first.
    pub causes: Vec<CauseCount>,
    /// Failures by code, most frequent first.
    pub codes: Vec<CodeCount>,
    /// The one thing worth fixing first, in words.
    pub advice: Option<String>,
}

/// How often something failed for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseCount {
    /// Why.
    pub cause: Cause,
    /// How often.
    pub count: u32,
}

/// How often something failed with one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCount {
    /// On which rail.
    pub rail: Option<Rail>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: String,
    /// How often.
    pub count: u32,
}
