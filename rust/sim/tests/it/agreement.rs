//! Two makers, one wire: what the codec's own security makes, this host reads, and the other way
//! round, in every key mode.

use pos_iso8583::security::{
    CupEcb, Family, KeyMode, MacAlgorithm, Sm4Cbc, Sm4Fold, Sm4Form, WorkingKeys, X9_9, X9_19,
    encrypt_track, encrypted_pin_block, unwrap_working_keys, verify_mac,
};
use pos_iso8583::{Message, decode, encode, encode_with_mac};
use pos_sim::{Acquirer, MacMethod, Settings, Step, parse_cards};

use crate::desk::{CARD, Desk, Draft, NOW};

const TMK: &[u8] = b"1234567812345678";
const MODES: [KeyMode; 5] = [
    KeyMode::Single,
    KeyMode::Double,
    KeyMode::DoubleTrack,
    KeyMode::Sm4,
    KeyMode::Sm4Track,
];

/// A terminal that leaves all security to the codec.
struct Terminal {
    host: Acquirer,
    drafts: Desk,
    mode: KeyMode,
    keys: WorkingKeys,
}

impl Terminal {
    fn signed_in(settings: Settings, mode: KeyMode) -> Self {
        let mut host = Acquirer::new(settings);
        let mut drafts = Desk::new();
        let trace = drafts.next_trace();
        let draft = drafts
            .management(pos_iso8583::Mti::SIGN_IN, mode.network_code())
            .set(11, trace);
        let answer = first(host.on_frame(&encode(&message(&draft)).unwrap(), NOW));
        let answer = decode(&answer).unwrap().to_message();
        let keys = unwrap_working_keys(answer.fields.get(62).unwrap(), mode, TMK).unwrap();
        Self {
            host,
            drafts,
            mode,
            keys,
        }
    }

    /// The code of the answer, whose MAC must be right.
    fn send(&mut self, draft: &Draft, mac: &dyn MacAlgorithm) -> String {
        let mak = self.keys.mak.as_bytes();
        let frame = encode_with_mac(&message(draft), |input| mac.mac(mak, input)).unwrap();
        let answer = first(self.host.on_frame(&frame, NOW));
        let answer = decode(&answer).unwrap();
        verify_mac(&answer, mac, mak).unwrap();
        answer.text(39).unwrap().to_owned()
    }

    fn default_mac(&self) -> &'static dyn MacAlgorithm {
        match self.mode.family() {
            Family::Des => &CupEcb,
            Family::Sm4 => &Sm4Fold(Sm4Form::Ascii),
        }
    }
}

fn message(draft: &Draft) -> Message {
    Message {
        tpdu: "6000030000".parse().unwrap(),
        header: "603100311300".parse().unwrap(),
        mti: draft.mti,
        fields: draft.fields.clone(),
    }
}

fn first(steps: Vec<Step>) -> Vec<u8> {
    match steps.into_iter().next() {
        Some(Step::Send(frame)) => frame,
        other => panic!("no answer but {other:?}"),
    }
}

#[test]
fn keys_and_macs_in_every_mode() {
    for mode in MODES {
        let mut terminal = Terminal::signed_in(Settings::default(), mode);
        assert_eq!(terminal.keys.tdk.is_some(), mode.size() == 60);
        let sale = terminal.drafts.sale(100);
        assert_eq!(
            terminal.send(&sale, terminal.default_mac()),
            "00",
            "{mode:?}"
        );
    }
}

#[test]
fn every_mac_method() {
    let methods: [(KeyMode, MacMethod, &dyn MacAlgorithm); 7] = [
        (KeyMode::Double, MacMethod::Fold, &CupEcb),
        (KeyMode::Single, MacMethod::CbcRaw, &X9_9),
        (KeyMode::Double, MacMethod::X919, &X9_19),
        (KeyMode::Sm4, MacMethod::Cbc, &Sm4Cbc(Sm4Form::Ascii)),
        (KeyMode::Sm4, MacMethod::CbcRaw, &Sm4Cbc(Sm4Form::Raw)),
        (KeyMode::Sm4, MacMethod::Fold, &Sm4Fold(Sm4Form::Ascii)),
        (KeyMode::Sm4, MacMethod::FoldRaw, &Sm4Fold(Sm4Form::Raw)),
    ];
    for (mode, method, algorithm) in methods {
        let settings = Settings {
            mac: method,
            sm4_mac: method,
            long_mac_key: true,
            ..Settings::default()
        };
        let mut terminal = Terminal::signed_in(settings, mode);
        let sale = terminal.drafts.sale(100);
        assert_eq!(terminal.send(&sale, algorithm), "00", "{method}");
    }
}

#[test]
fn pins_in_every_mode() {
    let cards = parse_cards(&format!("[[card]]\npan=\"{CARD}\"\npin=\"123456\"\n")).unwrap();
    for mode in MODES {
        for pan in [Some(CARD), None] {
            let settings = Settings {
                cards: cards.clone(),
                ..Settings::default()
            };
            let mut terminal = Terminal::signed_in(settings, mode);
            for (pin, code) in [("123456", "00"), ("654321", "55")] {
                let pik = terminal.keys.pik.as_bytes();
                let block = encrypted_pin_block(mode.family(), pik, pin, pan).unwrap();
                let format = if pan.is_some() { '2' } else { '1' };
                let draft = terminal.drafts.sale(100).set(22, "011").set(26, "12");
                let draft = if mode.family() == Family::Sm4 {
                    let tagged = [&b"A1016"[..], &block].concat();
                    draft
                        .set(52, [0; 8])
                        .set(59, tagged)
                        .set(53, format!("{format}300000000000000"))
                } else {
                    draft
                        .set(52, block)
                        .set(53, format!("{format}600000000000000"))
                };
                assert_eq!(
                    terminal.send(&draft, terminal.default_mac()),
                    code,
                    "{mode:?}"
                );
            }
        }
    }
}

#[test]
fn encrypted_tracks() {
    let mut terminal = Terminal::signed_in(Settings::default(), KeyMode::DoubleTrack);
    let tdk = terminal.keys.tdk.clone().unwrap();
    for tail in ["30122010000000000000", "3012201000000000000"] {
        let track = encrypt_track(format!("{CARD}={tail}").as_bytes(), tdk.as_bytes()).unwrap();
        let sale = terminal
            .drafts
            .sale(100)
            .without(2)
            .without(14)
            .set(22, "022");
        let sale = sale.set(35, &*track).set(53, "0610000000000000");
        assert_eq!(terminal.send(&sale, &CupEcb), "00");
    }
    let mut other = Terminal::signed_in(Settings::default(), KeyMode::Double);
    let sale = other.drafts.sale(100).without(2).set(22, "022");
    let sale = sale
        .set(35, "6222020000000007=3012")
        .set(53, "0610000000000000");
    assert_eq!(other.send(&sale, &CupEcb), "30", "no track key was given");
}
