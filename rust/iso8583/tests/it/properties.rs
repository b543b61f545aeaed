//! Properties over generated messages and over damaged frames.

use pos_iso8583::security::{
    CupEcb, Family, MacAlgorithm, X9_9, X9_19, algorithm, decrypt_ecb, encrypt_track,
};
use pos_iso8583::{decode, encode, encode_with_mac};
use proptest::prelude::*;

use crate::exercise::exercise;
use crate::generate::messages;
use crate::support::{frame_of, unhex, vectors};

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6);
    (messages(), edits, any::<bool>()).prop_map(|(message, edits, mend_length)| {
        let mut bytes = encode(&message).expect("a good message");
        for (index, byte, way) in edits {
            let at = index.index(bytes.len());
            match way {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {}
            }
        }
        if mend_length && bytes.len() >= 2 {
            let length = u16::try_from(bytes.len() - 2).expect("a short frame");
            bytes[..2].copy_from_slice(&length.to_be_bytes());
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_gives_back_what_was_encoded(message in messages()) {
        let bytes = encode(&message).unwrap();
        let frame = decode(&bytes).unwrap();
        prop_assert_eq!(frame.to_message(), message);
        exercise(&bytes);
    }

    #[test]
    fn the_mac_input_is_what_the_receiver_sees(message in messages()) {
        let mut seen = Vec::new();
        let bytes = encode_with_mac(&message, |input| {
            seen = input.to_vec();
            Ok::<_, ()>(*b"01234567")
        }).unwrap();
        let frame = decode(&bytes).unwrap();
        prop_assert_eq!(frame.mac_input(), &seen[..]);
        prop_assert_eq!(frame.mac(), Some(b"01234567"));
    }

    #[test]
    fn any_values_are_refused_or_come_back(
        values in prop::collection::vec((0..70_u8, prop::collection::vec(
            prop_oneof![4 => b'0'..=b'9', 1 => any::<u8>()], 0..20,
        )), 0..12),
    ) {
        let mut message = decode(&frame_of("TV-A")).unwrap().to_message();
        for (field, value) in values {
            message.fields.set(field, value);
        }
        if let Ok(bytes) = encode(&message) {
            prop_assert_eq!(decode(&bytes).unwrap().to_message(), message);
        }
    }

    #[test]
    fn any_bytes_are_taken_or_refused_with_an_offset(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        exercise(&bytes);
    }

    #[test]
    fn damaged_frames_are_taken_or_refused_with_an_offset(bytes in mutated()) {
        exercise(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_doubled_key_is_the_single_key(
        key in any::<[u8; 8]>(),
        input in prop::collection::vec(any::<u8>(), 1..200),
    ) {
        let twice = [key, key].concat();
        prop_assert_eq!(CupEcb.mac(&key, &input), CupEcb.mac(&twice, &input));
        prop_assert_eq!(X9_9.mac(&key, &input), X9_19.mac(&twice, &input));
    }

    #[test]
    fn zeros_at_the_end_are_padding_and_all_else_is_seen(
        key in any::<[u8; 16]>(),
        input in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
    ) {
        // The padding of every algorithm here is zeros, so it does not tell lengths apart: the
        // length prefixes inside the input do.
        let mut padded = input.clone();
        padded.resize(input.len().next_multiple_of(16), 0);
        let mut changed = input.clone();
        changed[at.index(input.len())] ^= 0x40;
        for name in ["cup-ecb", "x9.19", "sm4-cbc-raw", "sm4-fold-raw"] {
            let algorithm = algorithm(name).unwrap();
            let mac = algorithm.mac(&key, &input).unwrap();
            if !name.starts_with("x9") || input.len().next_multiple_of(8) == padded.len() {
                prop_assert_eq!(mac, algorithm.mac(&key, &padded).unwrap(), "{}", name);
            }
            prop_assert_ne!(mac, algorithm.mac(&key, &changed).unwrap(), "{}", name);
        }
    }

    #[test]
    fn an_encrypted_track_decrypts_in_place(
        track in "[0-9]{12,19}=[0-9]{7,17}",
        tdk in any::<[u8; 16]>(),
    ) {
        let encrypted = encrypt_track(track.as_bytes(), &tdk).unwrap();
        prop_assert_eq!(encrypted.len(), track.len());
        let end = track.len() - if track.len() % 2 == 0 { 2 } else { 1 };
        let nibbles = |text: &[u8]| {
            unhex(&String::from_utf8(text.to_vec()).unwrap().replace('=', "D"))
        };
        let clear = decrypt_ecb(Family::Des, &tdk, &nibbles(&encrypted[end - 16..end])).unwrap();
        prop_assert_eq!(&clear[..], &nibbles(&track.as_bytes()[end - 16..end])[..]);
    }
}

#[test]
fn every_cut_of_a_frame_is_refused() {
    for vector in vectors("frames.txt") {
        let bytes = vector.bytes("frame");
        for end in 0..bytes.len() {
            assert!(
                decode(&bytes[..end]).is_err(),
                "{} cut at {end}",
                vector.name
            );
            if end >= 2 {
                // The same cut with a length that agrees.
                let mut cut = bytes[..end].to_vec();
                cut[..2].copy_from_slice(&u16::try_from(end - 2).unwrap().to_be_bytes());
                assert!(!exercise(&cut), "{} cut at {end}", vector.name);
            }
        }
    }
}
