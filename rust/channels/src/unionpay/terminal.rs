//! Who speaks, and the acquirer's habits that are settings.

use pos_iso8583::{Fields, Header, Message, Mti, Tpdu};

use super::habits::Habits;

/// What field 61 of a void's reversal names (the sources disagree, spec §2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum VoidReversalOriginal {
    /// The void's own batch and trace.
    #[default]
    Void,
    /// The original sale's batch and trace, as in the void.
    Sale,
}

/// The terminal's numbers and the acquirer's habits.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Field 41, eight characters.
    pub terminal: String,
    /// Field 42, fifteen characters.
    pub merchant: String,
    /// Transport header.
    pub tpdu: Tpdu,
    /// Application header.
    pub header: Header,
    /// Field 53 digit 2: 0 single DES, 6 double, 3 SM4 (§2.6).
    pub algorithm_digit: char,
    /// Whether tracks go out encrypted (field 53 digit 3).
    pub tracks_encrypted: bool,
    /// Field 60.4, the terminal's highest reading capability.
    pub capability: char,
    /// What field 61 of a void's reversal names.
    pub void_reversal: VoidReversalOriginal,
    /// What else acquirers do differently.
    pub habits: Habits,
}

impl Identity {
    /// An empty message of this terminal.
    pub(crate) fn message(&self, mti: Mti) -> Message {
        let mut fields = Fields::new();
        fields.set(41, &self.terminal).set(42, &self.merchant);
        Message {
            tpdu: self.tpdu,
            header: self.header,
            mti,
            fields,
        }
    }
}
