//! What is shown, kept or handed on.

use pos_engine::counter::{CauseCount, CodeCount, Evidence, EvidenceFile, Report, Total};
use pos_engine::domain::{Cause, Rail};

#[uniffi::remote(Record)]
pub struct EvidenceFile {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

#[uniffi::remote(Record)]
pub struct Evidence {
    pub sale: String,
    pub sound: bool,
    pub text: Vec<String>,
    pub files: Vec<EvidenceFile>,
}

#[uniffi::remote(Record)]
pub struct CauseCount {
    pub cause: Cause,
    pub count: u32,
}

#[uniffi::remote(Record)]
pub struct CodeCount {
    pub rail: Option<Rail>,
    pub code: String,
    pub count: u32,
}

#[uniffi::remote(Record)]
pub struct Report {
    pub day: String,
    pub taken: Total,
    pub voided: Total,
    pub refunded: Total,
    pub held: Total,
    pub declined: Total,
    pub reversed: Total,
    pub unknown: Total,
    pub net: i64,
    pub owed: u32,
    pub causes: Vec<CauseCount>,
    pub codes: Vec<CodeCount>,
    pub advice: Option<String>,
}
