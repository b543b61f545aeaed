//! The published vectors.

use pos_iso8583::{Mti, decode, encode};

use crate::exercise::exercise;
use crate::support::{frame_of, shown, unhex, vectors, vectors_folder};

#[test]
fn frames_decode_to_their_fields_and_encode_to_themselves() {
    for vector in vectors("frames.txt") {
        let bytes = vector.bytes("frame");
        let frame = decode(&bytes).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
        assert_eq!(frame.tpdu().to_string(), vector.get("tpdu"));
        assert_eq!(frame.header().to_string(), vector.get("header"));
        assert_eq!(frame.mti().to_string(), vector.get("mti"));
        let message = frame.to_message();
        let mut fields = 0;
        for (field, value) in message.fields.iter() {
            assert_eq!(
                shown(field, value),
                vector.get(&field.to_string()),
                "F{field}"
            );
            fields += 1;
        }
        let listed = vector
            .values
            .keys()
            .filter(|key| key.parse::<u8>().is_ok())
            .count();
        assert_eq!(fields, listed, "{}", vector.name);
        assert_eq!(encode(&message).unwrap(), bytes, "{}", vector.name);
    }
}

#[test]
fn status_digit_tells_test_mode() {
    assert!(decode(&frame_of("TV-A")).unwrap().header().test_mode());
    assert!(!decode(&frame_of("TV-H")).unwrap().header().test_mode());
}

#[test]
fn bitmaps_of_the_usual_messages() {
    for vector in vectors("bitmaps.txt") {
        let fields = vector
            .get("fields")
            .split(' ')
            .map(|n| n.parse::<u8>().unwrap());
        let mut message = decode(&frame_of("TV-A")).unwrap().to_message();
        let present: Vec<u8> = message.fields.iter().map(|(field, _)| field).collect();
        present
            .iter()
            .for_each(|&field| assert!(message.fields.remove(field)));
        for field in fields {
            let spec = pos_iso8583::table::field(field).unwrap();
            let value = if field == 55 {
                vec![0; 4]
            } else {
                vec![b'0'; spec.max.min(16)]
            };
            message.fields.set(field, value);
        }
        message.mti = Mti::FINANCIAL;
        let bytes = encode(&message).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
        let bitmap = format!("{:016X}", decode(&bytes).unwrap().bitmap());
        assert_eq!(bitmap, vector.get("bitmap"), "{}", vector.name);
        assert_eq!(bytes[15..23], vector.bytes("bitmap")[..]);
    }
}

#[test]
fn the_corpus_has_the_outcomes_that_it_names() {
    let path = vectors_folder().join("corpus/outcomes.txt");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.lines().count() > 100, "the corpus is kept");
    for line in text.lines() {
        let (expected, frame) = line.split_once(' ').unwrap();
        let frame = unhex(frame);
        exercise(&frame);
        let outcome = match decode(&frame) {
            Ok(_) => "ok".into(),
            Err(error) => {
                format!(
                    "{}:{}",
                    error.kind(),
                    error.field.map_or("-".into(), |f| f.to_string())
                )
            }
        };
        assert_eq!(outcome, expected, "{line}");
    }
}
