//! Messages of any shape for property tests.

use pos_iso8583::table::{Coding, FIELDS, FieldSpec, Prefix};
use pos_iso8583::{Fields, Message, Mti, tlv};
use proptest::collection::vec;
use proptest::prelude::*;

fn mtis() -> impl Strategy<Value = Mti> {
    digits(4).prop_map(|text| text.parse().expect("four digits"))
}

fn digits(count: usize) -> BoxedStrategy<String> {
    vec(prop::char::range('0', '9'), count)
        .prop_map(String::from_iter)
        .boxed()
}

fn track(encrypted: bool) -> impl Strategy<Value = char> {
    let plain: Vec<char> = "0123456789=".chars().collect();
    let any: Vec<char> = "0123456789ABC=EF".chars().collect();
    prop::sample::select(if encrypted { any } else { plain })
}

/// A sequence of elements of at most 255 bytes.
fn chip_data() -> impl Strategy<Value = Vec<u8>> {
    let tags = prop::sample::select(vec![0x9F26, 0x95, 0x9F37, 0x71, 0xDF31, 0xFF80, 0x1F_8133]);
    vec((tags, vec(any::<u8>(), 0..24)), 0..8).prop_map(|elements| {
        let mut out = Vec::new();
        for (tag, value) in elements {
            tlv::push(&mut out, tag, &value).expect("a short element");
        }
        out.truncate(if out.len() > 255 { 0 } else { out.len() });
        out
    })
}

fn value(spec: &'static FieldSpec, encrypted: bool) -> BoxedStrategy<Vec<u8>> {
    let least = if spec.prefix == Prefix::Fixed {
        spec.max
    } else {
        0
    };
    let count = least..=spec.max;
    match (spec.number, spec.coding) {
        (53, _) => digits(16)
            .prop_map(move |mut text| {
                let mark = if encrypted { "1" } else { "0" };
                text.replace_range(2..3, mark);
                text.into_bytes()
            })
            .boxed(),
        (55, _) => chip_data().boxed(),
        (_, Coding::DigitsLeft | Coding::DigitsRight) => count
            .prop_flat_map(digits)
            .prop_map(String::into_bytes)
            .boxed(),
        (_, Coding::Track) => vec(track(encrypted), count)
            .prop_map(|characters| String::from_iter(characters).into_bytes())
            .boxed(),
        (_, Coding::Text | Coding::Binary) => vec(any::<u8>(), count).boxed(),
    }
}

/// Messages with any fields and any values that the table allows.
pub fn messages() -> impl Strategy<Value = Message> {
    (any::<bool>(), vec(any::<bool>(), FIELDS.len())).prop_flat_map(|(encrypted, present)| {
        let values: Vec<_> = FIELDS
            .iter()
            .zip(present)
            .filter(|(spec, present)| *present || (encrypted && spec.number == 53))
            .map(|(spec, _)| (Just(spec.number), value(spec, encrypted)))
            .collect();
        (mtis(), digits(8), digits(12), values).prop_map(|(mti, tpdu, header, values)| {
            let mut fields = Fields::new();
            for (number, value) in values {
                fields.set(number, value);
            }
            let tpdu = format!("60{tpdu}").parse().expect("ten digits");
            Message {
                tpdu,
                header: header.parse().expect("twelve digits"),
                mti,
                fields,
            }
        })
    })
}
