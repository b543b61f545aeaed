//! What must hold for any bytes whatever. Used by the property tests and by the fuzz runner.

use pos_iso8583::subfields::{f48, f53, f55, f59, f60, f61, f62, f63};
use pos_iso8583::{Frame, decode, describe, encode, messages, tlv};

/// Decodes, and reads all that can be read. Panics when a promise is broken.
pub fn exercise(bytes: &[u8]) -> bool {
    let frame = match decode(bytes) {
        Ok(frame) => frame,
        Err(error) => {
            assert!(
                error.offset <= bytes.len(),
                "offset behind the end: {error}"
            );
            assert!(error.field.is_none_or(|field| (1..=64).contains(&field)));
            assert!(!error.detail().is_empty());
            return false;
        }
    };
    read_everything(&frame);
    let message = frame.to_message();
    let again = encode(&message).expect("what was decoded can be encoded");
    let second = decode(&again).expect("what was encoded can be decoded");
    assert_eq!(second.to_message(), message);
    // Only nibbles without a meaning may differ between the two.
    assert_eq!(again.len(), bytes.len());
    true
}

fn read_everything(frame: &Frame<'_>) {
    let message = frame.to_message();
    for field in 0..=u8::MAX {
        assert_eq!(frame.has(field), message.fields.contains(field));
        assert_eq!(frame.has(field), frame.raw(field).is_some());
        let forms = (frame.digits(field).is_some(), frame.bytes(field).is_some());
        assert!(!frame.has(field) || matches!(forms, (true, false) | (false, true)));
    }
    for (field, value) in message.fields.iter() {
        let shown = describe::clear(field, value);
        assert_eq!(
            describe::parse_clear(field, &shown)
                .expect("reads back")
                .as_slice(),
            value
        );
        read_subfields(value);
    }
    assert!(frame.mac_input().len() >= 10);
    assert_eq!(describe::describe(frame).len(), message.fields.len());
    let _ = (
        format!("{frame:?}"),
        messages::identify(frame.mti(), &message.fields),
    );
}

/// Any reader may meet any value.
fn read_subfields(value: &[u8]) {
    for element in tlv::elements(value).flatten() {
        assert!(element.value.len() <= value.len());
    }
    if let Ok(settlement) = f48::Settlement::parse(value) {
        assert_eq!(
            settlement.to_value().expect("writes back").as_bytes(),
            value
        );
    }
    if let Ok(original) = f61::Original::parse(value) {
        assert_eq!(original.to_value().expect("writes back").as_bytes(), value);
    }
    for width in [f59::LengthWidth::Two, f59::LengthWidth::Three] {
        if let Ok(entries) = f59::parse(value, width) {
            assert_eq!(f59::to_value(&entries, width).expect("writes back"), value);
        }
    }
    if let Ok(private) = f60::Private::parse(value) {
        let _ = (
            private.transaction_type(),
            private.batch(),
            private.network_code(),
        );
        let _ = (private.entry_capability(), private.chip_condition());
        let _ = (private.partial_approval(), private.account_type());
    }
    let _ = (
        f48::parse_details(value),
        f48::parse_end(value),
        f53::Balance::parse(value),
    );
    let _ = (
        f53::SecurityControl::parse(value),
        f55::missing(value, &f55::REQUEST),
    );
    let _ = (
        f62::parse_device(value),
        f62::parse_list(value),
        f62::parse_contactless(value),
    );
    let _ = (
        f62::parse_parameters(value, &[("22", 40), ("12", 2)]),
        f63::Answer::parse(value),
    );
}
