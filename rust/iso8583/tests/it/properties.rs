//! Properties over generated messages and over damaged frames.

use pos_iso8583::{decode, encode, encode_with_mac};
use proptest::prelude::*;

use crate::exercise::exercise;
use crate::generate::messages;
use crate::support::{frame_of, vectors};

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
