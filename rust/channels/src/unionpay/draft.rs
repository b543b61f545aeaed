//! A message in the making: what may be stored, and what is added only for the wire.

use pos_domain::ports::{Cipher, CipherError};
use pos_domain::{Pan, Pin, Track2};
use pos_iso8583::subfields::SubfieldError;
use pos_iso8583::subfields::f59::LengthWidth;
use pos_iso8583::{EncodeError, EncodeMacError, Fields, Message, decode, encode, encode_with_mac};
use zeroize::Zeroizing;

use super::habits::with_pin_block;

/// An SM4 PIN block: too long for field 52.
const SM4_BLOCK: usize = 16;

/// What goes into one attempt and is never stored: fields 35 and 52, and the SM4 PIN block.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// Track 2 as read.
    pub track2: Option<Track2>,
    /// The cardholder's PIN.
    pub pin: Option<Pin>,
    /// The number that the PIN block is made with.
    pub pan: Option<Pan>,
    /// A signature's image, which field 62 takes and one place only keeps.
    pub image: Option<Zeroizing<Vec<u8>>>,
}

/// A message without fields 35, 36, 52 and 64.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The message so far.
    pub message: Message,
    /// What is added for the wire.
    pub secrets: Secrets,
    /// Whether field 64 is added (§6.6).
    pub mac: bool,
    /// How many digits a length in field 59 has.
    pub(crate) f59_lengths: LengthWidth,
}

/// Why a message could not be packed. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A field does not fit the dialect.
    #[error("the message cannot be packed: {0}")]
    Encode(#[from] EncodeError),
    /// A part of a field does not fit.
    #[error("the message cannot be packed: {0}")]
    Part(#[from] SubfieldError),
    /// The key pad could not do its part.
    #[error("the message cannot be packed: {0}")]
    Cipher(#[from] CipherError),
    /// Stored fields cannot be read back.
    #[error("stored fields cannot be read back")]
    Stored,
}

impl From<EncodeMacError<CipherError>> for DraftError {
    fn from(error: EncodeMacError<CipherError>) -> Self {
        match error {
            EncodeMacError::Encode(error) => Self::Encode(error),
            EncodeMacError::Mac(error) => Self::Cipher(error),
        }
    }
}

impl Draft {
    pub(crate) fn plain(message: Message, mac: bool) -> Self {
        Self {
            message,
            secrets: Secrets::default(),
            mac,
            f59_lengths: LengthWidth::Three,
        }
    }

    /// The storable form: a frame without fields 35, 36, 52 and 64. It still holds the card
    /// number, so it must be sealed.
    ///
    /// # Errors
    /// [`DraftError::Encode`] for a field that does not fit.
    pub fn stored(&self) -> Result<Zeroizing<Vec<u8>>, DraftError> {
        Ok(Zeroizing::new(encode(&self.message)?))
    }

    /// A message once more as [`Draft::stored`] made it, with a MAC of its own; what was never
    /// stored does not go along.
    ///
    /// # Errors
    /// [`DraftError::Stored`].
    pub fn again(stored: &[u8]) -> Result<Self, DraftError> {
        let frame = decode(stored).map_err(|_| DraftError::Stored)?;
        Ok(Self::plain(frame.to_message(), true))
    }

    /// Reads back what [`Draft::stored`] made.
    ///
    /// # Errors
    /// [`DraftError::Stored`].
    pub fn fields_of(stored: &[u8]) -> Result<Fields, DraftError> {
        Ok(decode(stored)
            .map_err(|_| DraftError::Stored)?
            .to_message()
            .fields)
    }

    /// Adds fields 35, 52 and 64 with the working keys of `generation`: the bytes for the wire. A
    /// PIN block of SM4 goes into field 59 tag A1, and field 52 holds zeros (§6.3).
    ///
    /// # Errors
    /// [`DraftError`]; nothing was sent then.
    pub fn finish(
        &self,
        cipher: &dyn Cipher,
        generation: u32,
    ) -> Result<Zeroizing<Vec<u8>>, DraftError> {
        let mut message = self.message.clone();
        if let Some(track) = &self.secrets.track2 {
            match cipher.encrypt_track(generation, track.text())? {
                Some(encrypted) => message.fields.set(35, encrypted.as_bytes()),
                None => message.fields.set(35, track.text()),
            };
        }
        if let Some(pin) = &self.secrets.pin {
            let block = cipher.pin_block(generation, pin, self.secrets.pan.as_ref())?;
            if block.len() == SM4_BLOCK {
                let rest = message.fields.get(59);
                let private = with_pin_block(rest, &block, self.f59_lengths)?;
                message.fields.set(59, private).set(52, [0; 8]);
            } else {
                message.fields.set(52, block);
            }
        }
        if let Some(image) = &self.secrets.image {
            message.fields.set(62, image);
        }
        let frame = if self.mac {
            encode_with_mac(&message, |input| cipher.mac(generation, input))?
        } else {
            encode(&message)?
        };
        Ok(Zeroizing::new(frame))
    }
}
