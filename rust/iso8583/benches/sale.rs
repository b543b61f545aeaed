//! Encoding and decoding of a chip sale with 20 fields and 333 bytes, beside another public codec.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark stops at the first surprise"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use iso8583_codec_rs::iso8583 as peer;
use pos_iso8583::table::{Coding, FIELDS, Prefix};
use pos_iso8583::{Message, decode, describe, encode};

const FRAMES: &str = include_str!("../../../tests/vectors/iso8583/frames.txt");

/// The published contactless sale with a shorter F59.
fn sale() -> Message {
    let section = FRAMES.split("[TV-H]").nth(1).unwrap();
    let frame = section
        .lines()
        .find_map(|line| line.strip_prefix("frame = "))
        .unwrap();
    let frame = describe::parse_clear(62, frame).unwrap();
    let mut message = decode(&frame).unwrap().to_message();
    let short = message.fields.get(59).unwrap()[..58].to_vec();
    message.fields.set(59, short);
    assert_eq!(message.fields.len(), 20);
    assert_eq!(encode(&message).unwrap().len(), 333);
    message
}

/// The same fields for the other codec. It knows no TPDU and header, no odd digits on the left
/// (F22 and F48 go out with an even count) and no digit count for tracks (F35 counts bytes); it
/// does not look into F55.
fn for_peer(message: &Message) -> (serde_json::Value, iso8583_codec_rs::LoadedSpec) {
    let mut rows = Vec::new();
    let mut values = serde_json::Map::new();
    for spec in &FIELDS {
        let Some(value) = message.fields.get(spec.number) else {
            continue;
        };
        let mut length = spec.max;
        let mut text = describe::clear(spec.number, value);
        let encoding = match spec.coding {
            Coding::Text => "ascii",
            Coding::Track => "binary",
            Coding::Binary => "binary",
            Coding::DigitsLeft | Coding::DigitsRight => "bcd",
        };
        match spec.number {
            22 => (length, text) = (4, format!("{text}0")),
            48 => text.push('0'),
            35 => text = text.replace('=', "D"),
            _ => {}
        }
        let prefix = match spec.prefix {
            Prefix::Fixed => "fixed",
            Prefix::Ll => "LLVAR",
            Prefix::Lll => "LLLVAR",
        };
        rows.push(serde_json::json!({
            "de": spec.number, "name": "f", "type": "string", "length": length,
            "prefix": prefix, "encoding": encoding, "padding": { "side": "none" },
        }));
        values.insert(format!("de{:03}_f", spec.number), text.into());
    }
    let spec = serde_json::json!({
        "version": "1987",
        "defaults": { "encoding": "ascii", "prefix_encoding": "bcd", "bitmap_encoding": "binary",
                      "mti_encoding": "bcd", "max_bitmaps": 1 },
        "fields": rows,
    });
    let spec = iso8583_codec_rs::load_spec(&spec.to_string()).unwrap();
    (serde_json::json!({ "mti": "0200", "fields": values }), spec)
}

fn encoding(c: &mut Criterion) {
    let message = sale();
    let mut group = c.benchmark_group("encode");
    group.bench_function("pos-iso8583", |b| {
        b.iter(|| encode(black_box(&message)).unwrap())
    });
    let (json, spec) = for_peer(&message);
    group.bench_function("iso8583-codec-rs 0.1.0", |b| {
        b.iter(|| peer::publish_bytes(black_box(&json), &spec).unwrap());
    });
    group.finish();
}

fn decoding(c: &mut Criterion) {
    let message = sale();
    let frame = encode(&message).unwrap();
    let mut group = c.benchmark_group("decode");
    group.bench_function("pos-iso8583", |b| {
        b.iter(|| decode(black_box(&frame)).unwrap())
    });
    group.bench_function("pos-iso8583, copied out", |b| {
        b.iter(|| decode(black_box(&frame)).unwrap().to_message());
    });
    let (json, spec) = for_peer(&message);
    let bytes = peer::publish_bytes(&json, &spec).unwrap();
    assert_eq!(bytes.len(), frame.len() - 13);
    assert_eq!(
        peer::parse_bytes(&bytes, &spec).unwrap()["fields"],
        json["fields"]
    );
    group.bench_function("iso8583-codec-rs 0.1.0", |b| {
        b.iter(|| peer::parse_bytes(black_box(&bytes), &spec).unwrap());
    });
    group.finish();
}

criterion_group!(benches, encoding, decoding);
criterion_main!(benches);
