//! Evidence about a sale, in lines that a person reads and a file that is handed on.

use pos_diagnosis::Situation;

use super::shapes::{Evidence, EvidenceFile};
use super::{Counter, Failure, id};

impl Counter {
    /// Everything about one sale: what happened, codes, and hashes that bind it to the audit. No
    /// account data.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn evidence(&self, sale: &str) -> Result<Evidence, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Sale, |reader| {
            let found = reader.terminal.evidence(&sale, reader.lang)?;
            let text = found.lines(reader.lang);
            let mut bytes = text.join("\n").into_bytes();
            bytes.push(b'\n');
            Ok(Evidence {
                sale: sale.to_string(),
                sound: found.sound,
                text,
                files: vec![EvidenceFile {
                    name: format!("evidence-{sale}.txt"),
                    media_type: "text/plain; charset=utf-8".to_owned(),
                    bytes,
                }],
            })
        })
    }
}
