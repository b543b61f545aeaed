//! Message authentication, keys, PIN blocks and tracks against the published vectors.

use pos_iso8583::security::{
    self, CheckError, CupEcb, Family, KeyMode, MacAlgorithm, SecurityError, WorkingKeys,
    decrypt_ecb, encrypt_ecb, encrypt_track, encrypted_pin_block, kcv, pin_block, pin_block_sm4,
    unwrap_working_keys, verify_mac,
};
use pos_iso8583::{Frame, decode, encode_with_mac};

use crate::support::{frame_of, hex, unhex, vector, vectors};

const TV_A_KEY: [u8; 8] = [0x07, 0x23, 0xC8, 0x0D, 0xB5, 0xF4, 0xCD, 0x3D];

#[test]
fn macs_of_all_vectors() {
    for vector in vectors("mac.txt") {
        let algorithm = security::algorithm(vector.get("algorithm")).expect("a known name");
        let mac = algorithm
            .mac(&vector.bytes("key"), &vector.bytes("input"))
            .unwrap();
        assert_eq!(hex(&mac), vector.get("mac"), "{}", vector.name);
    }
}

fn error(frame: &Frame<'_>, key: &[u8]) -> (&'static str, Option<u8>, usize) {
    match verify_mac(frame, &CupEcb, key) {
        Err(CheckError::Content(error)) => (error.kind(), error.field, error.offset),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_is_checked_with_its_key() {
    let bytes = frame_of("TV-A");
    let frame = decode(&bytes).unwrap();
    verify_mac(&frame, &CupEcb, &TV_A_KEY).unwrap();
    let mac_at = bytes.len() - 8;
    assert_eq!(error(&frame, &[7; 8]), ("mac_mismatch", Some(64), mac_at));
    // Any changed bit between message type and F63 is seen; here one of the merchant id.
    let mut changed = bytes.clone();
    changed[60] ^= 1;
    let changed = decode(&changed).unwrap();
    assert_eq!(
        error(&changed, &TV_A_KEY),
        ("mac_mismatch", Some(64), mac_at)
    );
    // Lower case is another MAC.
    let mut lower = bytes.clone();
    lower[mac_at..].make_ascii_lowercase();
    assert_eq!(error(&decode(&lower).unwrap(), &TV_A_KEY).0, "mac_mismatch");
    let mut message = frame.to_message();
    message.fields.remove(64);
    let bare = pos_iso8583::encode(&message).unwrap();
    assert_eq!(
        error(&decode(&bare).unwrap(), &TV_A_KEY),
        ("mac_missing", Some(64), bare.len())
    );
    assert!(matches!(
        verify_mac(&frame, &CupEcb, &[1; 24]),
        Err(CheckError::Key(_))
    ));
}

#[test]
fn encoding_with_a_mac_gives_the_published_frame() {
    let bytes = frame_of("TV-A");
    let mut message = decode(&bytes).unwrap().to_message();
    let sign = |input: &[u8]| CupEcb.mac(&TV_A_KEY, input);
    assert_eq!(encode_with_mac(&message, sign).unwrap(), bytes);
    message.fields.remove(64);
    assert_eq!(encode_with_mac(&message, sign).unwrap(), bytes);
    assert!(encode_with_mac(&message, |_| Err::<[u8; 8], _>("no key")).is_err());
}

#[test]
fn working_keys_of_the_published_sign_in() {
    let v = vector("keys.txt", "TV-C");
    let keys = unwrap_working_keys(&v.bytes("f62"), KeyMode::Double, &v.bytes("tmk")).unwrap();
    assert_eq!(hex(keys.pik.as_bytes()), v.get("pik"));
    assert_eq!(hex(keys.mak.as_bytes()), v.get("mak"));
    assert_eq!(keys.tdk, None);
    assert_eq!(
        hex(&kcv(Family::Des, keys.pik.as_bytes()).unwrap()),
        v.get("pik_check")
    );
    assert_eq!(
        hex(&kcv(Family::Des, keys.mak.as_bytes()).unwrap()),
        v.get("mak_check")
    );
}

/// F62 with the given clear keys under `tmk`; a key shorter than its slot is followed by zeros.
fn wrapped(family: Family, tmk: &[u8], slot: usize, keys: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for key in keys {
        let mut encrypted = encrypt_ecb(family, tmk, key).unwrap().to_vec();
        encrypted.resize(slot, 0);
        out.extend(encrypted);
        out.extend_from_slice(&kcv(family, key).unwrap()[..4]);
    }
    out
}

#[test]
fn working_keys_of_every_mode() {
    let tmk = unhex("0123456789ABCDEFFEDCBA9876543210");
    let (short, long): ([u8; 8], [u8; 16]) = ([0x3B; 8], *b"sixteen byte key");
    let other: [u8; 16] = *b"another 16 bytes";
    type Case<'a> = (KeyMode, usize, usize, &'a [&'a [u8]]);
    let cases: [Case<'_>; 6] = [
        (KeyMode::Single, 8, 24, &[&short, &[0x5D; 8]]),
        (KeyMode::Double, 16, 40, &[&long, &short]),
        (KeyMode::Double, 16, 40, &[&long, &other]),
        (KeyMode::DoubleTrack, 16, 60, &[&long, &short, &other]),
        (KeyMode::Sm4, 16, 40, &[&long, &other]),
        (KeyMode::Sm4Track, 16, 60, &[&other, &long, &other]),
    ];
    for (mode, slot, size, keys) in cases {
        let f62 = wrapped(mode.family(), &tmk, slot, keys);
        assert_eq!(f62.len(), size);
        let WorkingKeys { pik, mak, tdk } = unwrap_working_keys(&f62, mode, &tmk).unwrap();
        assert_eq!(pik.as_bytes(), keys[0]);
        assert_eq!(mak.as_bytes(), keys[1]);
        assert_eq!(tdk.as_ref().map(|key| key.as_bytes()), keys.get(2).copied());
        for at in 0..size {
            let mut bad = f62.clone();
            bad[at] ^= 0x10;
            let Err(CheckError::Content(error)) = unwrap_working_keys(&bad, mode, &tmk) else {
                panic!("{mode:?}: byte {at} may change");
            };
            assert_eq!((error.kind(), error.field), ("kcv_mismatch", Some(62)));
            assert_eq!(error.offset, at / (slot + 4) * (slot + 4) + slot);
        }
    }
}

#[test]
fn modes_name_their_network_code_and_size() {
    let modes = [
        (KeyMode::Single, "001", 24),
        (KeyMode::Double, "003", 40),
        (KeyMode::DoubleTrack, "004", 60),
        (KeyMode::Sm4, "005", 40),
        (KeyMode::Sm4Track, "006", 60),
    ];
    for (mode, code, size) in modes {
        assert_eq!((mode.network_code(), mode.size()), (code, size));
    }
}

#[test]
fn algorithms_take_only_their_keys_and_some_input() {
    for (name, lengths) in [
        ("cup-ecb", &[8, 16][..]),
        ("x9.9", &[8]),
        ("x9.19", &[16]),
        ("sm4-cbc", &[16]),
        ("sm4-cbc-raw", &[16]),
        ("sm4-fold", &[16]),
        ("sm4-fold-raw", &[16]),
    ] {
        let algorithm = security::algorithm(name).expect(name);
        assert_eq!(algorithm.name(), name);
        for length in 0..=32 {
            let taken = algorithm.mac(&vec![3; length], b"input").is_ok();
            assert_eq!(
                taken,
                lengths.contains(&length),
                "{name} with {length} bytes"
            );
        }
        let empty = algorithm.mac(&vec![3; lengths[0]], b"");
        assert_eq!(empty, Err(SecurityError::EmptyInput), "{name}");
    }
    assert!(security::algorithm("cup").is_none());
    let part = encrypt_ecb(Family::Sm4, &[1; 16], &[0; 8]);
    assert_eq!(
        part,
        Err(SecurityError::BlockLength {
            found: 8,
            block: 16
        })
    );
}

#[test]
fn working_keys_of_a_wrong_length_are_refused() {
    for (length, kind, at) in [(39, "field_truncated", 39), (41, "trailing_bytes", 40)] {
        let Err(CheckError::Content(e)) =
            unwrap_working_keys(&vec![0; length], KeyMode::Double, &[1; 16])
        else {
            panic!("{length} bytes taken");
        };
        assert_eq!((e.kind(), e.field, e.offset), (kind, Some(62), at));
    }
    let result = unwrap_working_keys(&[0; 40], KeyMode::Double, &[1; 15]);
    assert!(matches!(
        result,
        Err(CheckError::Key(SecurityError::KeyLength { .. }))
    ));
}

#[test]
fn master_keys_under_transport_keys() {
    let v = vector("keys.txt", "TV-E");
    let clear = decrypt_ecb(Family::Des, &v.bytes("transport"), &v.bytes("cipher")).unwrap();
    assert_eq!(hex(&clear), v.get("clear"));
    assert_eq!(hex(&kcv(Family::Des, &clear).unwrap()), v.get("check"));
    let v = vector("keys.txt", "TV-F");
    let clear = decrypt_ecb(Family::Des, &v.bytes("tmk"), &v.bytes("cipher")).unwrap();
    assert_eq!(hex(&clear), v.get("clear"));
}

#[test]
fn pin_blocks() {
    for name in ["TV-D first", "TV-D second"] {
        let v = vector("keys.txt", name);
        let (pin, pan) = (v.get("pin"), Some(v.get("pan")));
        assert_eq!(hex(&*pin_block(pin, pan).unwrap()), v.get("block"));
        let block = encrypted_pin_block(Family::Des, &v.bytes("pik"), pin, pan).unwrap();
        assert_eq!(hex(&block), v.get("encrypted"));
    }
    assert_eq!(hex(&*pin_block("1234", None).unwrap()), "041234FFFFFFFFFF");
    assert_eq!(
        hex(&*pin_block("123456789012", None).unwrap()),
        "0C123456789012FF"
    );
    assert_eq!(
        hex(&*pin_block("1234", Some("1239")).unwrap()),
        "041234FFFFFFFEDC"
    );
    for bad in ["123", "1234567890123", "12a4", ""] {
        assert_eq!(pin_block(bad, None).unwrap_err(), SecurityError::Pin);
    }
    assert_eq!(
        pin_block("1234", Some("12 4")).unwrap_err(),
        SecurityError::Pan
    );
}

#[test]
fn sm4_keys_and_pin_block() {
    let v = vector("keys.txt", "TV-G");
    let clear = decrypt_ecb(Family::Sm4, &v.bytes("tmk"), &v.bytes("cipher")).unwrap();
    assert_eq!(hex(&clear), v.get("clear"));
    let check = encrypt_ecb(Family::Sm4, &clear, &[0; 16]).unwrap();
    assert_eq!(hex(&check), v.get("check"));
    assert_eq!(kcv(Family::Sm4, &clear).unwrap()[..], check[..8]);
    let (pin, pan) = (v.get("pin"), Some(v.get("pan")));
    assert_eq!(hex(&*pin_block_sm4(pin, pan).unwrap()), v.get("block"));
    let block = encrypted_pin_block(Family::Sm4, &clear, pin, pan).unwrap();
    assert_eq!(hex(&block), v.get("encrypted"));
}

#[test]
fn tracks_change_only_in_the_chosen_block() {
    let v = vector("keys.txt", "TV-I");
    let (track, tdk) = (v.get("track"), v.bytes("tdk"));
    let encrypted = encrypt_track(track.as_bytes(), &tdk).unwrap();
    let encrypted = String::from_utf8(encrypted.to_vec()).unwrap();
    // An odd count of digits: the block is at [len - 17, len - 1).
    let at = track.len() - 17;
    assert_eq!(&track[at..at + 16], v.get("selected"));
    assert_eq!(
        &encrypted[at..at + 16],
        v.get("encrypted").replace('D', "=")
    );
    assert_eq!(encrypted[..at], track[..at]);
    assert_eq!(encrypted[at + 16..], track[at + 16..]);
    // An even count: [len - 18, len - 2).
    let even = &track.as_bytes()[1..];
    let encrypted = encrypt_track(even, &tdk).unwrap();
    let at = even.len() - 18;
    assert_eq!(
        (&encrypted[..at], &encrypted[at + 16..]),
        (&even[..at], &even[at + 16..])
    );
    assert_ne!(encrypted[at..at + 16], even[at..at + 16]);
}

#[test]
fn tracks_that_cannot_be_encrypted_are_refused() {
    let short = SecurityError::TrackTooShort { found: 18 };
    assert_eq!(encrypt_track(&[b'1'; 18], &[1; 16]).unwrap_err(), short);
    assert!(encrypt_track(&[b'1'; 19], &[1; 16]).is_ok());
    assert_eq!(
        encrypt_track(b"1234567890 1234567890", &[1; 16]),
        Err(SecurityError::Track)
    );
    assert_eq!(
        encrypt_track(b"", &[1; 16]),
        Err(SecurityError::TrackTooShort { found: 0 })
    );
}
