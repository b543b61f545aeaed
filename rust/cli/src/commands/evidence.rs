//! `evidence`: everything about one sale in a file, for the acquirer.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pos_engine::terminal::{EVIDENCE_SCHEMA, Evidence, Proven};
use pos_engine::{FileError, in_words};

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{EvidenceFile, EvidenceOut, Hashed, NumberedEvent, ProofOut};
use crate::{Exit, Failure, Kind, open, report};

pub(super) const COMMAND: Command = Command {
    name: "evidence",
    usage: "evidence SALE --out FILE",
    about: "write everything about a sale to FILE (JSON) and FILE.txt: what happened, codes, \
            hashes, no account data",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut id, mut out) = (None, None);
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "out" => out = Some(PathBuf::from(options.value()?)),
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "SALE")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("SALE"))?;
    let out = out.ok_or_else(|| options.missing("--out"))?;
    let terminal = open::looking(context)?;
    let original = terminal.ledger().read(|query| query.original(&id));
    original.map_err(super::missing("SALE", "there is no such sale"))?;
    let file = file_of(context, terminal.evidence(&id, context.lang)?);
    let text_path = with_txt(&out);
    let json = serde_json::to_string_pretty(&file)
        .map_err(|_| Failure::new(Kind::Internal, "--out", "cannot be written as JSON"))?;
    write_new(&out, &json)?;
    write_new(&text_path, &file.text.join("\n")).inspect_err(|_| {
        // Half of it is no evidence.
        let _ = std::fs::remove_file(&out);
    })?;
    context.print(&EvidenceOut {
        sale: id.to_string(),
        file: out.display().to_string(),
        text: text_path.display().to_string(),
        attempts: file.attempts.len(),
        events: file.events.len(),
        sound: file.sound,
    })?;
    Ok(Exit::Good)
}

fn with_txt(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".txt");
    PathBuf::from(name)
}

/// Evidence is never written over, and never left half written.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path).map_err(|error| failed(path, &error))?;
    let written = writeln!(file, "{text}").and_then(|()| file.sync_all());
    written.map_err(|error| {
        // What is left of it would only stand in the way of the next try.
        let _ = std::fs::remove_file(path);
        failed(path, &error)
    })
}

/// A place where no file can be made is a wrong argument; a disk that is full is none.
fn failed(path: &Path, error: &io::Error) -> Failure {
    use io::ErrorKind as K;
    match error.kind() {
        K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem => {
            FileError::new(path, error).into()
        }
        _ => Failure::usage("--out", format!("{}: {}", path.display(), in_words(error))),
    }
}

fn file_of(context: &Context, evidence: Evidence) -> EvidenceFile {
    let text = evidence.lines(context.lang);
    let card = evidence.sale.view.original.card_mask.clone();
    let sale = report::journal_sale(evidence.sale);
    let attempts = evidence.story.attempts.into_iter();
    let hashed = attempts
        .zip(evidence.messages)
        .map(|(attempt, proven)| Hashed {
            attempt: report::attempt(attempt),
            frame_hash: proven.hash,
        });
    let entries = evidence.story.entries.into_iter().zip(evidence.entries);
    let events = entries.map(|(entry, proven)| NumberedEvent {
        number: entry.seq,
        event: report::event(entry),
        hash: proven.hash,
    });
    EvidenceFile {
        schema: EVIDENCE_SCHEMA,
        at: evidence.at,
        terminal: evidence.terminal,
        merchant: evidence.merchant,
        card: card.map(|mask| last_four(&mask)),
        sale,
        attempts: hashed.collect(),
        events: events.collect(),
        head: evidence.head.map(proof),
        sound: evidence.sound,
        text,
    }
}

fn proof(proven: Proven) -> ProofOut {
    ProofOut {
        number: proven.of,
        hash: proven.hash,
    }
}

/// The last four digits alone.
fn last_four(mask: &str) -> String {
    let skip = mask.chars().count().saturating_sub(4);
    mask.chars().skip(skip).collect()
}
