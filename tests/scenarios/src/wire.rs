//! What went over the wire, read field by field, and answers changed on their way with a MAC that
//! still fits.

use std::sync::Arc;

use pos_domain::ports::Cipher;
use pos_iso8583::{Message, decode, encode, encode_with_mac};

use crate::shop::Shop;

/// A request as the host saw it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Message type, four digits.
    pub mti: String,
    /// All fields.
    pub message: Message,
}

impl Request {
    /// From the bytes of a whole frame.
    pub fn of(frame: &[u8]) -> Self {
        let message = decode(frame).expect("a request of our own").to_message();
        Self {
            mti: message.mti.to_string(),
            message,
        }
    }

    /// A field's text; empty when it is absent.
    pub fn text(&self, field: u8) -> &str {
        self.message.fields.text(field).unwrap_or_default()
    }

    /// What it is: `sign_in`, `sale`, `void`, `refund`, `reversal_sale`, `reversal_void`, or its
    /// message type.
    pub fn kind(&self) -> &str {
        match (self.mti.as_str(), self.text(3)) {
            ("0800", _) => "sign_in",
            ("0200", "000000") => "sale",
            ("0200", "200000") => "void",
            ("0220", _) => "refund",
            ("0400", "000000") => "reversal_sale",
            ("0400", "200000") => "reversal_void",
            _ => &self.mti,
        }
    }
}

impl Shop {
    /// Every request that reached the host, in order.
    pub fn requests(&self) -> Vec<Request> {
        let frames = self.link.requests();
        frames.iter().map(|frame| Request::of(frame)).collect()
    }

    /// The kinds of all requests, in order.
    pub fn kinds(&self) -> Vec<String> {
        let requests = self.requests();
        requests.iter().map(|r| r.kind().to_owned()).collect()
    }

    /// How many requests of a kind reached the host.
    pub fn count(&self, kind: &str) -> usize {
        self.kinds().iter().filter(|k| *k == kind).count()
    }

    /// The newest request of a kind.
    pub fn last(&self, kind: &str) -> Request {
        let newest = self.requests().into_iter().rfind(|r| r.kind() == kind);
        newest.unwrap_or_else(|| panic!("no {kind} reached the host"))
    }

    /// The newest working keys, to sign what a test makes up.
    pub fn forger(&self) -> Forger {
        let read = self
            .desk
            .ledger
            .read(|query| query.counter("key_generation"));
        let generation = read.expect("the counter").expect("a sign-in");
        Forger {
            cipher: Arc::clone(&self.desk.cipher),
            generation: u32::try_from(generation).expect("a generation"),
        }
    }
}

/// Signs like the host.
#[derive(Clone)]
pub struct Forger {
    cipher: Arc<dyn Cipher>,
    generation: u32,
}

impl Forger {
    /// The frame changed, with a MAC that fits.
    pub fn changed(&self, frame: &[u8], change: impl FnOnce(&mut Message)) -> Vec<u8> {
        let mut message = decode(frame).expect("an answer").to_message();
        change(&mut message);
        encode_with_mac(&message, |input| self.cipher.mac(self.generation, input))
            .expect("a frame that can be written")
    }

    /// The frame changed, without field 64.
    pub fn without_mac(&self, frame: &[u8], change: impl FnOnce(&mut Message)) -> Vec<u8> {
        let mut message = decode(frame).expect("an answer").to_message();
        message.fields.remove(64);
        change(&mut message);
        encode(&message).expect("a frame that can be written")
    }
}
