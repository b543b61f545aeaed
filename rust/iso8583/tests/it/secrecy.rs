//! Account data in nothing that is shown.

use pos_iso8583::security::{KeyMode, unwrap_working_keys};
use pos_iso8583::subfields::{f48, f59};
use pos_iso8583::{decode, describe, encode, tlv};
use zeroize::Zeroizing;

use crate::support::{frame_of, hex, vector};

const PAN: &str = "6224242900000113";
const SECRETS: [&str; 9] = [
    PAN,
    // The digits between the first six and last four, wherever they come from.
    "290000",
    "28062013949031013",
    "D2806",
    "=2806",
    // The PIN block, and key and account data of F55 and F59.
    "D1EEF419D0AE2609",
    "95BBE372271DDA7C",
    "0300011304",
    "000113040804",
];

fn assert_hides(what: &str, shown: &str) {
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
        let spelled = format!("{:?}", secret.as_bytes());
        assert!(
            !shown.contains(spelled.trim_matches(['[', ']'])),
            "{what} spells {secret}"
        );
        assert!(
            !shown.contains(&hex(secret.as_bytes())),
            "{what} shows {secret} in hexadecimal"
        );
    }
    // The expiry date as a field of its own.
    assert!(!shown.contains("\"2806\""), "{what} shows the expiry date");
}

#[test]
fn debug_display_and_description_are_masked() {
    let bytes = frame_of("TV-H");
    let frame = decode(&bytes).unwrap();
    let message = frame.to_message();
    assert_hides("Frame", &format!("{frame:?} {frame:#?}"));
    assert_hides("Message", &format!("{message:?} {message:#?}"));
    assert_hides("Fields", &format!("{:?}", message.fields));
    assert_hides("Masked", &describe::Masked(&frame).to_string());
    assert_hides("describe", &format!("{:?}", describe::describe(&frame)));
    let elements: Vec<_> = tlv::elements(frame.bytes(55).unwrap()).collect();
    assert_hides("tlv", &format!("{elements:?}"));
    let entries = f59::parse(frame.bytes(59).unwrap(), f59::LengthWidth::Two);
    assert_hides("F59", &format!("{entries:?}"));
}

#[test]
fn masking_keeps_what_may_be_seen() {
    let bytes = frame_of("TV-H");
    let shown = describe::Masked(&decode(&bytes).unwrap()).to_string();
    assert!(shown.starts_with("0200 sale (消费) tpdu 6000060000 header 603100311003\n"));
    assert!(shown.contains("622424******0113"));
    assert!(shown.contains("850100082410002"));
    assert_eq!(describe::masked(2, b"622424290000"), "************");
    assert_eq!(describe::masked(35, b"1234567890123456=2806"), "<21>");
    assert_eq!(describe::masked(57, b"any"), "<3>");
}

#[test]
fn errors_of_every_damaged_byte_are_silent() {
    let good = frame_of("TV-H");
    for at in 0..good.len() {
        for value in [0xFF, 0x99, good[at] ^ 0x80] {
            let mut bad = good.clone();
            bad[at] = value;
            match decode(&bad) {
                Ok(frame) => assert_hides("Frame", &format!("{frame:?}")),
                Err(error) => assert_hides("DecodeError", &format!("{error} {error:?}")),
            }
        }
    }
}

#[test]
fn encode_errors_are_silent() {
    let good = decode(&frame_of("TV-H")).unwrap().to_message();
    for (field, value) in [
        (2, "6224242900000113x"),
        (35, "6224242900000113=2806201394903101x"),
    ] {
        let mut bad = good.clone();
        bad.fields.set(field, value);
        let error = encode(&bad).unwrap_err();
        assert_hides("EncodeError", &format!("{error} {error:?}"));
    }
}

#[test]
fn keys_and_batch_details_are_masked() {
    let v = vector("keys.txt", "TV-C");
    let keys = unwrap_working_keys(&v.bytes("f62"), KeyMode::Double, &v.bytes("tmk")).unwrap();
    let shown = format!("{keys:?}");
    assert!(
        !shown.contains(v.get("pik")) && !shown.contains("128, 122, 35"),
        "{shown}"
    );
    let detail = f48::BatchDetail {
        foreign: false,
        trace: 403,
        account: Zeroizing::new(PAN.into()),
        amount: 1,
    };
    assert_hides("BatchDetail", &format!("{detail:?}"));
}

#[test]
fn clear_values_have_the_agreed_shape() {
    assert_eq!(describe::clear(4, b"000000000001"), "000000000001");
    assert_eq!(describe::clear(35, b"12=34"), "12=34");
    assert_eq!(describe::clear(41, b"10000019"), "10000019");
    assert_eq!(
        describe::clear(63, &[b'C', b'U', b'P', 0xB3]),
        "hex:435550B3"
    );
    assert_eq!(describe::clear(63, b"hex:41"), "hex:6865783A3431");
    assert_eq!(describe::clear(52, &[0xD1, 0xEE]), "D1EE");
    assert_eq!(describe::clear(62, b"12"), "3132");
    assert_eq!(describe::parse_clear(62, "313"), None);
    assert_eq!(describe::parse_clear(63, "hex:4x"), None);
    assert_eq!(
        describe::parse_clear(63, "hex:41").unwrap().as_slice(),
        b"A"
    );
}
