//! The map of fields.

use pos_iso8583::Fields;

#[test]
fn fields_are_kept_in_order_and_replaced() {
    let mut fields = Fields::new();
    assert!(fields.is_empty());
    fields
        .set(60, "22000001")
        .set(3, "000000")
        .set(41, b"10000001")
        .set(3, "200000");
    let numbers: Vec<u8> = fields.iter().map(|(field, _)| field).collect();
    assert_eq!(numbers, [3, 41, 60]);
    assert_eq!((fields.text(3), fields.len()), (Some("200000"), 3));
    assert_eq!(fields.get(41), Some(&b"10000001"[..]));
    assert!(fields.contains(60) && !fields.contains(4));
    assert_eq!(fields.get(4), None);
    assert!(fields.remove(60) && !fields.remove(60));
    fields.set(63, [0xD5, 0xFD]);
    assert_eq!(
        (fields.text(63), fields.get(63)),
        (None, Some(&[0xD5, 0xFD][..]))
    );
}

#[test]
fn equality_is_of_content() {
    let (mut one, mut other) = (Fields::new(), Fields::new());
    one.set(3, "000000").set(4, "000000000100");
    other.set(4, "000000000100").set(3, "000000");
    assert_eq!(one, other);
    other.set(3, "200000");
    assert_ne!(one, other);
}
