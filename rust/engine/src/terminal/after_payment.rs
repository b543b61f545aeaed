//! What comes after a payment: the customer's signature, and what the chip said. Both are stored
//! at once, whatever goes over the line; delivering is the worker's.

use pos_domain::Id;

use super::{EngineError, Terminal};

impl Terminal {
    /// Stores a customer's signature, a compressed image, to be uploaded. Gives the feature code
    /// that lies behind it on the screen, eight hexadecimal digits.
    ///
    /// # Errors
    /// [`EngineError::Refused`] where it cannot go to the host, so that a paper slip is signed;
    /// [`EngineError::Ledger`] for no such sale.
    pub fn add_signature(&self, who: &str, sale: &Id, image: &[u8]) -> Result<String, EngineError> {
        let feature = self.desk()?.add_signature(who, sale, image)?;
        self.line.nudge();
        Ok(feature)
    }

    /// Whether a paper slip has to be signed: there is no signature on the screen, or the host
    /// keeps refusing it.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn needs_paper_slip(&self, sale: &Id) -> Result<bool, EngineError> {
        Ok(self.desk()?.needs_paper_slip(sale)?)
    }

    /// Stores what a chip said after the answer (BER-TLV): its last cryptogram, for the batch
    /// upload, and the results of the issuer's scripts, for their notice.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for a sale that no chip made, or data that is no chip data;
    /// [`EngineError::Ledger`] for no such sale.
    pub fn add_chip_result(&self, who: &str, sale: &Id, data: &[u8]) -> Result<(), EngineError> {
        Ok(self.desk()?.add_chip_result(who, sale, data)?)
    }
}
