//! A simulated contactless card, phone or wristband: it answers the commands of a payment as one
//! that goes online would. Its cryptograms are made up; no host here checks them.

use crate::list::wishes;
use crate::tlv;

/// What the card decides when asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Ask the host.
    Online,
    /// Approve from its own electronic cash.
    Approve,
    /// Decline.
    Decline,
}

/// A card held to the reader.
#[derive(Clone, PartialEq, Eq)]
pub struct Tag {
    number: String,
    expiry: String,
    decision: Decision,
    /// Tag 9F6C: how it wants its holder checked.
    qualifiers: [u8; 2],
    counter: u16,
    selected: bool,
}

impl std::fmt::Debug for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tag({:?}, used {} times)", self.decision, self.counter)
    }
}

const DIRECTORY: &[u8] = b"2PAY.SYS.DDF01";
const APPLICATION: [u8; 8] = [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02];
/// 9F66 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37, as UnionPay's cards ask (spec qr-and-emv 7).
const WISHES: &[u8] = &[
    0x9F, 0x66, 4, 0x9F, 0x02, 6, 0x9F, 0x03, 6, 0x9F, 0x1A, 2, 0x95, 5, 0x5F, 0x2A, 2, 0x9A, 3,
    0x9C, 1, 0x9F, 0x37, 4,
];

impl Tag {
    /// A card with this number (digits) and expiry (YYMM).
    #[must_use]
    pub fn new(number: &str, expiry: &str) -> Self {
        Self {
            number: number.to_owned(),
            expiry: expiry.to_owned(),
            decision: Decision::Online,
            qualifiers: [0, 0],
            counter: 0,
            selected: false,
        }
    }

    /// The same card, deciding so.
    #[must_use]
    pub const fn deciding(mut self, decision: Decision) -> Self {
        self.decision = decision;
        self
    }

    /// The same card in a phone that has checked its owner.
    #[must_use]
    pub const fn in_phone(mut self) -> Self {
        self.qualifiers = [0, 0x80];
        self
    }

    /// Answers one command, status included.
    #[must_use]
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        match *command {
            [0x00, 0xA4, 0x04, 0x00, _, ref rest @ ..] => self.select(rest),
            [0x80, 0xA8, 0, 0, _, 0x83, _, ref data @ ..] if self.selected => self.pay(data),
            [0x00, 0xB2, 1, 0x0C, ..] if self.selected => self.record(),
            [0x00, 0xB2, ..] => vec![0x6A, 0x83],
            _ => vec![0x6D, 0x00],
        }
    }

    fn select(&mut self, name: &[u8]) -> Vec<u8> {
        if name.starts_with(DIRECTORY) {
            let entry = [tlv_of(0x4F, &APPLICATION), tlv_of(0x87, &[1])].concat();
            let listed = tlv_of(0xA5, &tlv_of(0xBF0C, &tlv_of(0x61, &entry)));
            return done(&tlv_of(0x6F, &[tlv_of(0x84, DIRECTORY), listed].concat()));
        }
        self.selected = name.starts_with(&APPLICATION);
        if !self.selected {
            return vec![0x6A, 0x82];
        }
        let own = [tlv_of(0x50, b"UNIONPAY"), tlv_of(0x9F38, WISHES)].concat();
        done(&tlv_of(
            0x6F,
            &[tlv_of(0x84, &APPLICATION), tlv_of(0xA5, &own)].concat(),
        ))
    }

    /// Looks at what it was told as a card would: the lengths must be those it asked for.
    fn pay(&mut self, data: &[u8]) -> Vec<u8> {
        let asked: usize = wishes(WISHES)
            .unwrap_or_default()
            .iter()
            .map(|wish| wish.len)
            .sum();
        if data.len() != asked.saturating_add(1) {
            return vec![0x67, 0x00];
        }
        self.counter = self.counter.wrapping_add(1);
        let (kind, history) = match self.decision {
            Decision::Online => (0x80, 0xA0),
            Decision::Approve => (0x40, 0x90),
            Decision::Decline => (0x00, 0x80),
        };
        let told = data.get(data.len().saturating_sub(9)..).unwrap_or_default();
        let cryptogram: [u8; 8] =
            std::array::from_fn(|at| told.get(at).copied().unwrap_or_default() ^ 0x5A);
        let answer = [
            tlv_of(0x82, &[0x7C, 0x00]),
            tlv_of(0x94, &[0x08, 0x01, 0x01, 0x00]),
            tlv_of(0x9F36, &self.counter.to_be_bytes()),
            tlv_of(0x57, &self.track()),
            tlv_of(0x9F10, &[0x07, 0x01, 0x03, history, 0x00, 0x00, 0x01]),
            tlv_of(0x9F26, &cryptogram),
            tlv_of(0x9F27, &[kind]),
            tlv_of(0x5F34, &[0x01]),
            tlv_of(0x9F6C, &self.qualifiers),
        ];
        done(&tlv_of(0x77, &answer.concat()))
    }

    fn record(&self) -> Vec<u8> {
        let facts = tlv_of(0x5A, &packed(&self.number));
        done(&tlv_of(0x70, &facts))
    }

    fn track(&self) -> Vec<u8> {
        packed(&format!("{}D{}2206960000000", self.number, self.expiry))
    }
}

/// Two digits (or D) a byte, an odd number filled up with F.
fn packed(text: &str) -> Vec<u8> {
    let nibble = |byte: u8| match byte {
        b'0'..=b'9' => byte & 0x0F,
        b'D' => 0x0D,
        _ => 0x0F,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let low = pair.get(1).copied().unwrap_or(b'F');
            nibble(pair.first().copied().unwrap_or(b'F')) << 4 | nibble(low)
        })
        .collect()
}

fn tlv_of(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _fits = tlv::push(&mut out, tag, value);
    out
}

fn done(answer: &[u8]) -> Vec<u8> {
    [answer, &[0x90, 0x00]].concat()
}
