//! A frame that nobody waits for: late, or another message's.

use pos_domain::ports::Cipher;
use pos_iso8583::{Frame, Mti, decode, encode};

/// What can be read off a frame that nobody waits for.
#[derive(Clone, Debug, Default)]
pub struct Stray {
    /// Message type, four digits; empty when the bytes are no frame.
    pub mti: String,
    /// Trace number.
    pub trace: Option<String>,
    /// Answer code.
    pub code: Option<String>,
    /// The frame as it may be stored: without fields 35, 36 and 52.
    pub stored: Vec<u8>,
}

impl Stray {
    /// Reads a frame; one that cannot be decoded gives nothing.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let Ok(frame) = decode(bytes) else {
            return Self::default();
        };
        Self {
            mti: frame.mti().to_string(),
            trace: frame.digits(11),
            code: frame.text(39).map(str::to_owned),
            stored: without_card_data(&frame),
        }
    }

    /// Whether its type is that of an answer to the message type `request`, four digits.
    #[must_use]
    pub fn answers(&self, request: &str) -> bool {
        let type_of = |text: &str| u16::from_str_radix(text, 16).ok().and_then(Mti::new);
        match (type_of(request), type_of(&self.mti)) {
            (Some(request), Some(answer)) => request.response() == answer,
            _ => false,
        }
    }
}

/// Whether a frame carries the MAC that the keys of `generation` make.
#[must_use]
pub fn is_authentic(bytes: &[u8], cipher: &dyn Cipher, generation: u32) -> bool {
    decode(bytes).is_ok_and(|frame| {
        let right = cipher.mac(generation, frame.mac_input());
        frame
            .mac()
            .is_some_and(|mac| right.is_ok_and(|right| right == *mac))
    })
}

/// A frame without fields 35, 36 and 52.
pub(crate) fn without_card_data(frame: &Frame<'_>) -> Vec<u8> {
    let mut message = frame.to_message();
    for field in [35, 36, 52] {
        message.fields.remove(field);
    }
    encode(&message).unwrap_or_default()
}
