//! Evidence about one sale, for the acquirer: what happened, when, and hashes that bind it to the
//! audit chain. No account data.

use pos_domain::{Id, WallTime};
use pos_ledger::LedgerError;

use super::{EngineError, SaleReport, Story, Terminal};
use crate::hex::hex;
use pos_domain::Lang;

/// The version of the evidence's form.
pub const EVIDENCE_SCHEMA: u32 = 1;

/// A hash, and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// An attempt's identifier, or the number of an audit entry.
    pub of: String,
    /// SHA-256 or, of a message, HMAC-SHA-256 under the terminal's key; lower-case hexadecimal.
    pub hash: String,
}

/// Everything about one sale.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// When it was put together.
    pub at: WallTime,
    /// Terminal number.
    pub terminal: String,
    /// Merchant number.
    pub merchant: String,
    /// The sale.
    pub sale: SaleReport,
    /// Its messages and changes of state.
    pub story: Story,
    /// Keyed hashes of the messages as they were sent, without their MAC.
    pub messages: Vec<Proven>,
    /// Hashes of the audit entries in the chain.
    pub entries: Vec<Proven>,
    /// The newest entry of the whole chain: whoever keeps it can tell a later change.
    pub head: Option<Proven>,
    /// Whether the whole ledger is sound now.
    pub sound: bool,
}

impl Terminal {
    /// Puts together everything about a sale.
    ///
    /// # Errors
    /// Those of the ledger; [`LedgerError::Missing`] for no such sale.
    pub fn evidence(&self, sale: &Id, lang: Lang) -> Result<Evidence, EngineError> {
        let report = self.sale_report(sale, lang)?;
        let story = self.story(sale)?;
        let sound = self.verify()?.ok;
        let (messages, entries, head) = self.ledger.read(|query| {
            let mut messages = Vec::new();
            for attempt in &story.attempts {
                let hash = hex(&query.attempt_hash(&attempt.id)?);
                let of = attempt.id.to_string();
                messages.push(Proven { of, hash });
            }
            let proven = |(seq, hash): (i64, Vec<u8>)| Proven {
                of: seq.to_string(),
                hash: hex(&hash),
            };
            let mut entries = Vec::new();
            for entry in &story.entries {
                entries.extend(query.audit_hash(entry.seq)?.map(proven));
            }
            let head = query.audit_end()?.map(proven);
            Ok::<_, LedgerError>((messages, entries, head))
        })?;
        Ok(Evidence {
            at: self.ports.clock.now().wall,
            terminal: self.profile.terminal.id.clone(),
            merchant: self.profile.merchant.id.clone(),
            sale: report,
            story,
            messages,
            entries,
            head,
            sound,
        })
    }
}
