//! The field table against its own rules.

use pos_iso8583::table::{self, Coding, FIELDS, Prefix, Secrecy};
use pos_iso8583::{EncodeError, decode, encode};

use crate::support::frame_of;

#[test]
fn rows_are_ascending_named_and_possible() {
    assert!(
        FIELDS
            .windows(2)
            .all(|pair| pair[0].number < pair[1].number)
    );
    for spec in &FIELDS {
        assert!((2..=64).contains(&spec.number));
        assert!(
            !spec.name_zh.is_ascii() && spec.name_en.is_ascii(),
            "F{}",
            spec.number
        );
        let most = match spec.prefix {
            Prefix::Fixed => 16,
            Prefix::Ll => 99,
            Prefix::Lll => 999,
        };
        assert!(spec.max > 0 && spec.max <= most, "F{}", spec.number);
        if spec.coding == Coding::DigitsRight {
            assert_eq!(
                spec.prefix,
                Prefix::Fixed,
                "variable digits begin at the left"
            );
        }
        assert_eq!(table::field(spec.number).unwrap().number, spec.number);
    }
    assert!(
        [0, 1, 57, 65, 255]
            .iter()
            .all(|&number| table::field(number).is_none())
    );
}

#[test]
fn account_data_is_never_open() {
    for number in [2, 14, 35, 36, 48, 52, 54, 55, 58, 59, 62] {
        assert_ne!(
            table::field(number).unwrap().secrecy,
            Secrecy::Open,
            "F{number}"
        );
    }
}

#[test]
fn the_longest_message_fits_the_length_prefix() {
    let fields: usize = FIELDS
        .iter()
        .map(|s| s.prefix.size() + s.coding.wire_size(s.max))
        .sum();
    assert!(fields + 21 <= usize::from(u16::MAX));
}

#[test]
fn values_that_do_not_fit_their_row_are_not_encoded() {
    let good = decode(&frame_of("TV-H")).unwrap().to_message();
    let cases: [(u8, &[u8], EncodeError); 13] = [
        (1, b"0", EncodeError::FieldUnknown { field: 1 }),
        (57, b"0", EncodeError::FieldUnknown { field: 57 }),
        (65, b"0", EncodeError::FieldUnknown { field: 65 }),
        (
            4,
            b"100",
            EncodeError::Length {
                field: 4,
                max: 12,
                found: 3,
            },
        ),
        (
            41,
            b"123456789",
            EncodeError::Length {
                field: 41,
                max: 8,
                found: 9,
            },
        ),
        (
            2,
            &[b'1'; 20],
            EncodeError::Length {
                field: 2,
                max: 19,
                found: 20,
            },
        ),
        (
            64,
            b"1234567",
            EncodeError::Length {
                field: 64,
                max: 8,
                found: 7,
            },
        ),
        (3, b"00000:", EncodeError::Digit { field: 3, at: 5 }),
        (22, b"02/", EncodeError::Digit { field: 22, at: 2 }),
        (23, b" 01", EncodeError::Digit { field: 23, at: 0 }),
        (35, b"12=3A", EncodeError::Digit { field: 35, at: 4 }),
        (60, b"0000000a", EncodeError::Digit { field: 60, at: 7 }),
        (
            55,
            &[0x9F, 0x26, 2, 0],
            EncodeError::Tlv { field: 55, at: 0 },
        ),
    ];
    for (field, value, error) in cases {
        let mut bad = good.clone();
        bad.fields.set(field, value);
        assert_eq!(encode(&bad), Err(error));
    }
}
