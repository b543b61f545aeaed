//! A terminal of the simplest kind, for one test: it builds frames, plays the host's steps to their
//! end, and remembers nothing on its own.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use pos_domain::WallTime;
use pos_iso8583::{Fields, Message, Mti, decode, encode, encode_with_mac, messages};
use pos_sim::{Acquirer, Settings, Step, fault};
use serde_json::Value;

/// 2026-11-24 18:20 in Beijing.
pub const NOW: WallTime = WallTime(1_795_515_600_000);
pub const CARD: &str = "6222020000000007";
pub const OTHER_CARD: &str = "6217000000000006";

pub struct Desk {
    pub host: Acquirer,
    pub now: WallTime,
    pub terminal: String,
    pub merchant: String,
    pub batch: String,
    pub trace: u32,
    pub mak: Vec<u8>,
    pub pik: Vec<u8>,
    /// What the host did last.
    pub steps: Vec<Step>,
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub struct Answer(pub Message);

impl Answer {
    pub fn read(frame: &[u8]) -> Self {
        Self(decode(frame).unwrap().to_message())
    }

    /// The answer has the fields of its transaction, by the codec's own table.
    pub fn check(&self) {
        let kind = messages::identify(self.0.mti, &self.0.fields);
        let kind = kind.unwrap_or_else(|| panic!("an answer of no kind: {self:?}"));
        assert_eq!(
            messages::check_response(kind, &self.0.fields),
            Ok(()),
            "{kind:?} {self:?}"
        );
    }

    pub fn code(&self) -> &str {
        self.text(39)
    }

    pub fn text(&self, field: u8) -> &str {
        self.0.fields.text(field).unwrap_or_default()
    }

    pub fn has(&self, field: u8) -> bool {
        self.0.fields.contains(field)
    }
}

/// A request with the trace under which it goes out.
#[derive(Clone)]
pub struct Draft {
    pub mti: Mti,
    pub fields: Fields,
}

impl Draft {
    pub fn set(mut self, field: u8, value: impl AsRef<[u8]>) -> Self {
        self.fields.set(field, value);
        self
    }

    pub fn without(mut self, field: u8) -> Self {
        self.fields.remove(field);
        self
    }

    pub fn trace(&self) -> &str {
        self.fields.text(11).unwrap()
    }

    /// The reversal of this request.
    pub fn reversal(&self) -> Self {
        let mut fields = self.fields.clone();
        for field in [14, 26, 35, 37, 38, 52, 53, 55, 61, 63] {
            fields.remove(field);
        }
        if self.fields.text(3) == Some("200000") {
            let sixty = self.fields.text(60).unwrap();
            fields.set(61, format!("{}{}", &sixty[2..8], self.trace()));
        }
        fields.set(39, "98");
        Self {
            mti: Mti::REVERSAL,
            fields,
        }
    }
}

impl Desk {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        Self {
            host: Acquirer::new(settings),
            now: NOW,
            terminal: "10000001".into(),
            merchant: "898310048140001".into(),
            batch: "000001".into(),
            trace: 0,
            mak: Vec::new(),
            pik: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// A terminal that is signed in with double-length keys.
    pub fn signed_in() -> Self {
        let mut desk = Self::new();
        desk.sign_in("003");
        desk
    }

    pub fn faults(&mut self, toml: &str) {
        self.host.add_faults(fault::parse(toml).unwrap());
    }

    pub fn next_trace(&mut self) -> String {
        self.trace += 1;
        format!("{:06}", self.trace)
    }

    pub fn management(&mut self, mti: Mti, network: &str) -> Draft {
        let mut fields = Fields::new();
        fields
            .set(41, &self.terminal)
            .set(42, &self.merchant)
            .set(60, format!("00{}{network}", self.batch));
        Draft { mti, fields }
    }

    pub fn sign_in(&mut self, network: &str) -> Answer {
        let trace = self.next_trace();
        let draft = self
            .management(Mti::SIGN_IN, network)
            .set(11, trace)
            .set(63, "01 ");
        let answer = self.send_plain(&draft).expect("an answer to the sign-in");
        self.take_keys(&answer, network);
        answer
    }

    /// Takes the batch and the working keys of a sign-in; the keys only in DES modes.
    pub fn take_keys(&mut self, answer: &Answer, network: &str) {
        assert_eq!(answer.code(), "00");
        self.batch = answer.text(60)[2..8].to_owned();
        let keys = answer.0.fields.get(62).unwrap();
        let size = if network == "001" { 8 } else { 16 };
        self.pik = unwrapped(&keys[..size]);
        let mak = &keys[size + 4..size * 2 + 4];
        let significant = if mak[8..].iter().all(|b| *b == 0) {
            8
        } else {
            16
        };
        self.mak = unwrapped(&mak[..significant.min(size)]);
    }

    pub fn financial(&mut self, mti: Mti, processing: &str, kind: &str, amount: i64) -> Draft {
        let trace = self.next_trace();
        let mut fields = Fields::new();
        fields
            .set(2, CARD)
            .set(3, processing)
            .set(4, format!("{amount:012}"))
            .set(11, trace)
            .set(14, "3012")
            .set(22, "012")
            .set(25, "00")
            .set(41, &self.terminal)
            .set(42, &self.merchant)
            .set(49, "156")
            .set(60, format!("{kind}{}00060", self.batch));
        Draft { mti, fields }
    }

    pub fn sale(&mut self, amount: i64) -> Draft {
        self.financial(Mti::FINANCIAL, "000000", "22", amount)
    }

    pub fn void_of(&mut self, sale: &Draft, answer: &Answer) -> Draft {
        let amount = sale.fields.text(4).unwrap().parse().unwrap();
        let batch = sale.fields.text(60).unwrap()[2..8].to_owned();
        self.financial(Mti::FINANCIAL, "200000", "23", amount)
            .set(37, answer.text(37))
            .set(38, answer.text(38))
            .set(61, format!("{batch}{}", sale.trace()))
    }

    pub fn refund_of(&mut self, answer: &Answer, amount: i64) -> Draft {
        self.financial(Mti::NOTICE, "200000", "25", amount)
            .set(37, answer.text(37))
            .set(61, format!("000000000000{}", answer.text(13)))
            .set(63, "CUP")
    }

    /// A sale that is approved.
    pub fn approved_sale(&mut self, amount: i64) -> (Draft, Answer) {
        let sale = self.sale(amount);
        let answer = self.send(&sale);
        assert_eq!(answer.code(), "00");
        (sale, answer)
    }

    /// Sends with a MAC and takes the first answer.
    pub fn send(&mut self, draft: &Draft) -> Answer {
        let answer = self.try_send(draft).expect("an answer");
        answer.check();
        answer
    }

    /// Sends with a MAC; `None` when no whole, readable answer came.
    pub fn try_send(&mut self, draft: &Draft) -> Option<Answer> {
        let frame = self.frame(draft);
        self.exchange(&frame)
    }

    pub fn send_plain(&mut self, draft: &Draft) -> Option<Answer> {
        let frame = self.plain_frame(draft);
        let answer = self.exchange(&frame);
        // An unsupported request has no row in the table.
        if let Some(answer) = answer.as_ref().filter(|answer| answer.code() != "40") {
            answer.check();
        }
        answer
    }

    /// The request without a MAC.
    pub fn plain_frame(&self, draft: &Draft) -> Vec<u8> {
        encode(&self.message(draft)).unwrap()
    }

    fn message(&self, draft: &Draft) -> Message {
        Message {
            tpdu: "6000030000".parse().unwrap(),
            header: "603100311300".parse().unwrap(),
            mti: draft.mti,
            fields: draft.fields.clone(),
        }
    }

    /// The request as it goes out, with its MAC.
    pub fn frame(&self, draft: &Draft) -> Vec<u8> {
        let mac = |input: &[u8]| Ok::<_, ()>(fold_mac(&self.mak, input));
        encode_with_mac(&self.message(draft), mac).unwrap()
    }

    pub fn exchange(&mut self, frame: &[u8]) -> Option<Answer> {
        self.steps = self.host.on_frame(frame, self.now);
        self.answers().into_iter().next()
    }

    /// All whole answers of the last exchange.
    pub fn answers(&self) -> Vec<Answer> {
        let mut bytes = Vec::new();
        for step in &self.steps {
            if let Step::Send(part) = step {
                bytes.extend_from_slice(part);
            }
        }
        let mut answers = Vec::new();
        while let Some(size) = bytes.first_chunk::<2>() {
            let end = 2 + usize::from(u16::from_be_bytes(*size));
            if bytes.len() < end {
                break;
            }
            let rest = bytes.split_off(end);
            if let Ok(frame) = decode(&bytes) {
                answers.push(Answer(frame.to_message()));
            }
            bytes = rest;
        }
        answers
    }

    /// True when the answer's MAC is right under the current key.
    pub fn mac_is_right(&self, answer: &Answer) -> bool {
        let Some(given) = answer.0.fields.get(64).map(<[u8]>::to_vec) else {
            return false;
        };
        let frame = encode(&answer.0).unwrap();
        given == fold_mac(&self.mak, decode(&frame).unwrap().mac_input())
    }

    pub fn ledger(&self) -> Value {
        self.host.ledger()
    }

    /// `state` and `net` of the sale with this trace in the current batch.
    pub fn sale_state(&self, sale: &Draft) -> (String, i64) {
        let batch = &sale.fields.text(60).unwrap()[2..8];
        let key = format!("{batch}:{}", sale.trace());
        let ledger = self.ledger();
        let sales = ledger["sales"].as_array().unwrap();
        let found = sales
            .iter()
            .find(|s| s["key"] == key.as_str() && s["terminal"] == self.terminal.as_str());
        found.map_or(("none".into(), 0), |s| {
            (
                s["state"].as_str().unwrap().to_owned(),
                s["net"].as_i64().unwrap(),
            )
        })
    }

    pub fn rules(&self) -> Vec<&'static str> {
        self.host
            .violations()
            .iter()
            .map(|v| v.rule.as_str())
            .collect()
    }
}

/// Decrypted under the acquirer's default master key.
fn unwrapped(slot: &[u8]) -> Vec<u8> {
    let master = TdesEde2::new(b"1234567812345678".into());
    let mut out = Vec::new();
    for block in slot.chunks_exact(8) {
        let mut block = <[u8; 8]>::try_from(block).unwrap().into();
        master.decrypt_block(&mut block);
        out.extend_from_slice(&block);
    }
    out
}

fn encrypted(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    let mut block = block.into();
    match key.len() {
        8 => Des::new(key.try_into().unwrap()).encrypt_block(&mut block),
        _ => TdesEde2::new(key.try_into().unwrap()).encrypt_block(&mut block),
    }
    block.into()
}

fn fold_mac(key: &[u8], input: &[u8]) -> [u8; 8] {
    let mut folded = [0u8; 8];
    for (at, byte) in input.iter().enumerate() {
        folded[at % 8] ^= byte;
    }
    let hex = |bytes: [u8; 8]| format!("{:016X}", u64::from_be_bytes(bytes)).into_bytes();
    let expanded = hex(folded);
    let mut middle = encrypted(key, expanded[..8].try_into().unwrap());
    for (byte, other) in middle.iter_mut().zip(&expanded[8..]) {
        *byte ^= other;
    }
    hex(encrypted(key, middle))[..8].try_into().unwrap()
}

impl Desk {
    /// Field 52 for a PIN, under the current PIN key of a DES mode.
    pub fn pin_block(&self, pin: &str, pan: &str) -> [u8; 8] {
        let field = format!("0{}{pin:F<14}", pin.len());
        let account = format!("0000{}", &pan[pan.len() - 13..pan.len() - 1]);
        let number = |hex: &str| u64::from_str_radix(hex, 16).unwrap();
        encrypted(&self.pik, (number(&field) ^ number(&account)).to_be_bytes())
    }
}
