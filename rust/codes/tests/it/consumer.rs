//! Consumer-presented codes.

use pos_codes::emvco::{self, ConsumerCode, Content, QrCode, QrErrorKind as K, Tlv};
use proptest::prelude::*;

use crate::support::{Vector, vector, vectors};

const FILE: &str = "consumer.txt";

fn read(vector: &Vector) -> ConsumerCode {
    ConsumerCode::parse(vector.get("text").as_bytes()).unwrap()
}

fn leaves(element: &Tlv, above: &str, out: &mut Vec<(String, String)>) {
    let path = format!("{above}{:X}", element.tag());
    match element.content() {
        Content::Bytes(bytes) => {
            out.push((path, bytes.iter().map(|b| format!("{b:02X}")).collect()));
        }
        Content::Elements(inner) => {
            inner
                .iter()
                .for_each(|e| leaves(e, &format!("{path}."), out));
        }
    }
}

#[test]
fn published_codes_have_their_elements_and_are_built_again() {
    for vector in vectors(FILE) {
        let code = read(&vector);
        let mut found = Vec::new();
        code.elements()
            .iter()
            .for_each(|e| leaves(e, "", &mut found));
        assert_eq!(found, vector.without(&["text"]), "{}", vector.name);
        assert_eq!(code.text().as_str(), vector.get("text"), "{}", vector.name);
        assert_eq!(ConsumerCode::new(code.elements().to_vec()), Ok(code));
    }
}

#[test]
fn brand_and_last_four_digits_can_be_shown() {
    let shown = |name| {
        let code = read(&vector(FILE, name));
        let of = |a: emvco::Application<'_>| (a.label().map(str::to_owned), a.last_four());
        code.applications().map(of).collect::<Vec<_>>()
    };
    let products = ["Product1", "Product2"].map(|name| (Some(name.to_owned()), None));
    assert_eq!(shown("C1"), products);
    assert_eq!(shown("C2"), [(None, Some("3672".to_owned()))]);
    assert_eq!(shown("C3"), [(None, Some("5641".to_owned()))]);
    let credit = read(&vector(FILE, "C2"));
    let aid = [0xA0, 0, 0, 3, 0x33, 1, 1, 2];
    assert_eq!(credit.applications().next().unwrap().aid(), Some(&aid[..]));
}

#[test]
fn account_data_is_in_no_debug_text_and_in_no_serialised_one() {
    for name in ["C1", "C2", "C3"] {
        let vector = vector(FILE, name);
        let code = read(&vector);
        let element = &code.elements()[1];
        let shown = format!(
            "{code:?} {element:?} {:?}",
            code.applications().next().unwrap()
        );
        let json = serde_json::to_string(&code).unwrap();
        for (path, value) in vector.without(&["text"]) {
            let tag = path.rsplit('.').next().unwrap();
            if ["57", "5A", "5F20"].contains(&tag) {
                assert!(!json.contains(&value), "{name} {path} in {json}");
            }
            assert!(
                value.len() < 6 || !shown.contains(&value),
                "{name} {path} in {shown}"
            );
        }
    }
}

#[test]
fn debug_texts_tell_tags_and_sizes_only() {
    let application = "61[4F(8 bytes), 57(17 bytes), 5F34(1 bytes), 63[9F26(8 bytes), \
        9F27(1 bytes), 9F10(17 bytes), 9F36(2 bytes), 82(2 bytes), 9F37(4 bytes)]]";
    let code = read(&vector(FILE, "C2"));
    let wanted = format!("ConsumerCode([85(5 bytes), {application}])");
    assert_eq!(format!("{code:?}"), wanted);
    let shown = format!("{:?}", code.applications().next().unwrap());
    assert_eq!(shown, format!("Application({application})"));
    assert_eq!(format!("{:?}", code.elements()[0].content()), "5 bytes");
}

#[test]
fn it_serialises_to_paths_and_bytes_without_a_crc() {
    let code = emvco::parse(vector(FILE, "C2").get("text").as_bytes()).unwrap();
    assert!(matches!(code, QrCode::Consumer(_)));
    let json = serde_json::to_value(&code).unwrap();
    assert_eq!(json["crc"], serde_json::Value::Null);
    assert_eq!(json["objects"][0], serde_json::json!(["85", "4350563031"]));
    assert_eq!(
        json["objects"][1],
        serde_json::json!(["61.4F", "A000000333010102"])
    );
    assert_eq!(
        json["objects"][2],
        serde_json::json!(["61.57", "*".repeat(34)])
    );
}

#[test]
fn each_fault_has_its_kind_and_place() {
    // hQVDUFYwMW is 85 05 CPV01; the rest follows in groups of three bytes.
    let rows = [
        ("", K::FormatInvalid, 0),
        ("hQVDUFYw MWET", K::Base64Invalid, 8),
        ("hQVDUFYwMW=", K::Base64Invalid, 10),
        ("hQVDUFYwMQ===", K::Base64Invalid, 10),
        ("hQVDUFYwMR==", K::Base64Invalid, 9),
        ("hQVDUFYwMQ==", K::ObjectMissing, 7),
        ("hQVDUFYwMQ", K::ObjectMissing, 7),
        ("hQVDUFYwMg==", K::FormatInvalid, 0),
        ("YQNPAaA=", K::FormatInvalid, 0),
        ("hQVDUFYwMWED", K::TlvMalformed, 7),
        ("hQVDUFYwMWECTwI=", K::TlvMalformed, 9),
        ("hQVDUFYwMWEGYgRhAmIA", K::TooDeep, 15),
    ];
    for (text, kind, at) in rows {
        let error = ConsumerCode::parse(text.as_bytes()).expect_err(text);
        assert_eq!((error.kind, error.at), (kind, at), "{text}");
    }
    let long = "A".repeat(513);
    assert_eq!(
        ConsumerCode::parse(long.as_bytes()).unwrap_err().kind,
        K::TooLong
    );
    assert_eq!(
        emvco::parse(b"hQVDUFYwMg==").unwrap_err().kind,
        K::FormatInvalid
    );
}

#[test]
fn an_element_must_be_what_its_tag_says() {
    assert!(Tlv::bytes(0x5F34, [0]).is_ok());
    assert!(Tlv::template(0x61, vec![]).is_ok());
    for tag in [0, 0x61, 0x5F, 0x9F, 0x1_5F34, 0x009F_2600, 0x9FFF_FFFF] {
        assert_eq!(
            Tlv::bytes(tag, [0]).unwrap_err().kind,
            K::TlvMalformed,
            "{tag:X}"
        );
    }
    assert_eq!(
        Tlv::template(0x5A, vec![]).unwrap_err().kind,
        K::TlvMalformed
    );
    assert!(Tlv::bytes(0x5A, vec![0; 0xFFFF]).is_ok());
    assert!(Tlv::bytes(0x5A, vec![0; 0x1_0000]).is_err());
}

fn any_element() -> impl Strategy<Value = Tlv> {
    let tag = prop::sample::select(vec![0x4F, 0x50, 0x57, 0x5A, 0x5F20, 0x5F34, 0x9F10, 0x9F26]);
    let leaf = (tag, prop::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(tag, bytes)| Tlv::bytes(tag, bytes).unwrap());
    let transparent = (
        prop::sample::select(vec![0x63, 0x64]),
        prop::collection::vec(leaf.clone(), 0..3),
    )
        .prop_map(|(tag, inner)| Tlv::template(tag, inner).unwrap());
    prop_oneof![leaf, transparent]
}

proptest! {
    #[test]
    fn what_was_built_is_read_back(
        application in prop::collection::vec(any_element(), 0..4),
        common in prop::option::of(prop::collection::vec(any_element(), 0..2)),
    ) {
        let mut elements = vec![
            Tlv::bytes(0x85, *b"CPV01").unwrap(),
            Tlv::template(0x61, application).unwrap(),
        ];
        elements.extend(common.map(|inner| Tlv::template(0x62, inner).unwrap()));
        let code = ConsumerCode::new(elements.clone());
        if let Ok(code) = code {
            prop_assert_eq!(code.elements(), &elements[..]);
            let read = ConsumerCode::parse(code.text().as_bytes());
            prop_assert_eq!(read, Ok(code));
        } else {
            prop_assert_eq!(code.unwrap_err().kind, K::TooLong);
        }
    }

    #[test]
    fn anything_like_a_code_gets_an_answer(rest in "[A-Za-z0-9+/]{0,80}={0,2}") {
        let _ = ConsumerCode::parse(format!("hQVDUFYwMW{rest}").as_bytes());
    }
}
