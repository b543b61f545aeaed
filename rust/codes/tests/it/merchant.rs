//! Merchant-presented codes.

use pos_codes::emvco::{self, MerchantCode, Object, ObjectId, QrError, QrErrorKind as K, crc16};
use proptest::prelude::*;

use crate::support::{vector, vectors};

const FILE: &str = "merchant.txt";

fn text(name: &str) -> String {
    vector(FILE, name).get("text").to_owned()
}

fn error(text: &str) -> QrError {
    MerchantCode::parse(text.as_bytes()).expect_err(text)
}

/// The text with a CRC that fits.
fn sealed(objects: &str) -> String {
    let covered = format!("{objects}6304");
    format!("{covered}{:04X}", crc16(covered.as_bytes()))
}

#[test]
fn checksums() {
    for vector in vectors("crc.txt") {
        let crc = crc16(vector.get("text").as_bytes());
        assert_eq!(format!("{crc:04X}"), vector.get("crc"), "{}", vector.name);
    }
}

#[test]
fn published_codes_have_their_objects_and_are_built_again() {
    for vector in vectors(FILE) {
        let code = MerchantCode::parse(vector.get("text").as_bytes()).unwrap();
        let mut found = Vec::new();
        for object in code.objects() {
            found.push((object.id().to_string(), object.value().to_owned()));
            if object.id().is_template() {
                let inner = object.objects();
                assert!(!inner.is_empty(), "{} {}", vector.name, object.id());
                found.extend(
                    inner
                        .iter()
                        .map(|o| (format!("{}.{}", object.id(), o.id()), o.value().to_owned())),
                );
            }
        }
        assert_eq!(found, vector.without(&["text", "crc"]), "{}", vector.name);
        assert_eq!(code.crc(), vector.get("crc"));
        assert_eq!(code.text(), vector.get("text"));
        assert_eq!(MerchantCode::new(code.objects().to_vec()), Ok(code));
    }
}

#[test]
fn lengths_count_code_points_and_the_checksum_counts_bytes() {
    let code = MerchantCode::parse(text("M1").as_bytes()).unwrap();
    let name = code.objects().iter().find(|o| o.id().get() == 64).unwrap();
    assert_eq!(name.objects()[1].value(), "最佳运输");
    assert!(name.to_string().starts_with("64200002ZH0104最佳运输"));
}

#[test]
fn it_serialises_to_objects_and_crc() {
    let code = emvco::parse(text("M3").as_bytes()).unwrap();
    let json = serde_json::to_value(&code).unwrap();
    assert_eq!(json["crc"], "F153");
    assert_eq!(json["objects"][0], serde_json::json!(["00", "01"]));
    assert_eq!(
        json["objects"][6],
        serde_json::json!(["59", "Discount Testing"])
    );
    assert_eq!(json.as_object().unwrap().len(), 2);
}

#[test]
fn a_checksum_is_compared_without_regard_to_case_but_compared() {
    let good = text("M1");
    let lower = good.replace("A13A", "a13a");
    assert!(MerchantCode::parse(lower.as_bytes()).is_ok());
    let zero = error(&good.replace("A13A", "0000"));
    assert_eq!(
        (zero.kind, zero.at),
        (K::CrcMismatch, good.chars().count() - 4)
    );
    assert_eq!(zero.detail(), "the CRC should be A13A, it is 0000");
    assert_eq!(
        error(&good.replace("BEIJING", "NANJING")).kind,
        K::CrcMismatch
    );
}

#[test]
fn each_fault_has_its_kind_and_place() {
    let head = "00020101021152047011530334454031.05802HK5904Shop6002HK";
    let end = head.len();
    assert!(MerchantCode::parse(sealed(head).as_bytes()).is_ok());
    let with = |extra: &str| sealed(&format!("{head}{extra}"));
    let cut = |object: &str| sealed(&head.replace(object, ""));
    let rows = [
        (String::new(), K::CrcMissing, 0),
        ("0".into(), K::ObjectTruncated, 0),
        ("000".into(), K::ObjectTruncated, 2),
        ("000201".into(), K::CrcMissing, 6),
        ("0x0201".into(), K::IdNotDigits, 0),
        ("+10201".into(), K::IdNotDigits, 0),
        ("００0201".into(), K::IdNotDigits, 0),
        ("00+201".into(), K::LengthNotDigits, 2),
        ("0003ab".into(), K::ObjectTruncated, 4),
        (format!("{head}6304"), K::ObjectTruncated, end + 4),
        (format!("{head}6304GGGG"), K::CrcInvalid, end),
        (format!("{head}6303ABC"), K::CrcInvalid, end),
        (with("") + "x", K::CrcNotLast, end + 8),
        (with("") + "6101x", K::CrcNotLast, end + 8),
        (with("6002HK"), K::IdDuplicate, end),
        (with("62040101"), K::ObjectTruncated, end + 8),
        (with("6205 1011"), K::IdNotDigits, end + 4),
        (with("62100101a0101b"), K::IdDuplicate, end + 9),
        (with("2602xy"), K::IdNotDigits, end + 4),
        (
            sealed(&head.replace("000201", "000202")),
            K::FormatInvalid,
            0,
        ),
        (cut("000201"), K::FormatInvalid, 0),
        (cut("52047011"), K::ObjectMissing, end - 8),
        (cut("5303344"), K::ObjectMissing, end - 7),
        (cut("5802HK"), K::ObjectMissing, end - 6),
        (cut("5904Shop"), K::ObjectMissing, end - 8),
        (cut("6002HK"), K::ObjectMissing, end - 6),
        (
            sealed(&head.replace("5904Shop", "5900")),
            K::ObjectEmpty,
            40,
        ),
    ];
    for (text, kind, at) in rows {
        let found = error(&text);
        assert_eq!((found.kind, found.at), (kind, at), "{text}");
    }
    let too_long = MerchantCode::parse(&[b'0'; 3000]).unwrap_err();
    assert_eq!(too_long.kind, K::TooLong);
}

#[test]
fn bytes_that_are_not_text_are_told_by_characters() {
    let mut bytes = "000201最佳".as_bytes().to_vec();
    bytes.push(0xFF);
    let error = MerchantCode::parse(&bytes).unwrap_err();
    assert_eq!((error.kind, error.at), (K::NotUtf8, 8));
    let json = serde_json::to_value(error).unwrap();
    let wanted = serde_json::json!({"kind": "not_utf8", "at": 8, "detail": "not UTF-8 text"});
    assert_eq!(json, wanted);
}

#[test]
fn building_refuses_what_reading_would_refuse() {
    let object = |id, value: &str| Object::new(id, value).unwrap();
    let good = vec![
        object(0, "01"),
        object(52, "7011"),
        object(53, "156"),
        object(58, "CN"),
        object(59, "示例商户"),
        object(60, "北京"),
    ];
    let code = MerchantCode::new(good.clone()).unwrap();
    assert!(code.text().contains("5904示例商户6002北京6304"));
    assert_eq!(code.get(59), Some("示例商户"));

    let kind = |objects: Vec<Object>| MerchantCode::new(objects).unwrap_err().kind;
    assert_eq!(kind(good[1..].to_vec()), K::FormatInvalid);
    assert_eq!(kind(good[..5].to_vec()), K::ObjectMissing);
    assert_eq!(
        kind([good.clone(), vec![object(60, "x")]].concat()),
        K::IdDuplicate
    );
    assert_eq!(
        kind([good.clone(), vec![object(63, "ABCD")]].concat()),
        K::ValueInvalid
    );
    assert_eq!(
        kind([good, vec![object(62, "no objects")]].concat()),
        K::IdNotDigits
    );
    assert_eq!(Object::new(100, "").unwrap_err().kind, K::ValueInvalid);
    assert!(Object::new(26, "深".repeat(99)).is_ok());
    assert_eq!(
        Object::new(26, "深".repeat(100)).unwrap_err().kind,
        K::ValueInvalid
    );
    let twice = Object::template(62, &[object(1, "a"), object(1, "b")]);
    assert_eq!(twice.unwrap_err().kind, K::IdDuplicate);
    assert_eq!(ObjectId::new(100), None);
}

fn any_code() -> impl Strategy<Value = Vec<Object>> {
    let value = "[ -~最佳运输é🀄]{0,20}";
    let inner = proptest::collection::btree_map(0u8..=99, "[ -~运]{0,4}", 1..4);
    let template = inner.prop_map(|inner| {
        let inner: Vec<Object> = inner
            .iter()
            .map(|(id, v)| Object::new(*id, v).unwrap())
            .collect();
        inner
    });
    let plain = proptest::collection::btree_map(1u8..=99, value, 0..8);
    let templates = proptest::collection::btree_map(26u8..=51, template, 0..3);
    (plain, templates, any::<proptest::sample::Index>()).prop_map(|(plain, templates, turn)| {
        let mut objects: Vec<Object> = templates
            .iter()
            .map(|(id, inner)| Object::template(*id, inner).unwrap())
            .collect();
        for (id, value) in plain {
            let id = ObjectId::new(id).unwrap();
            let free = objects.iter().all(|o| o.id() != id);
            if free && !id.is_template() && id.get() != 63 {
                objects.push(Object::new(id.get(), value).unwrap());
            }
        }
        for (id, value) in [
            (52, "7011"),
            (53, "156"),
            (58, "CN"),
            (59, "商户"),
            (60, "京"),
        ] {
            objects.retain(|o| o.id().get() != id);
            objects.push(Object::new(id, value).unwrap());
        }
        let by = turn.index(objects.len());
        objects.rotate_left(by);
        objects.insert(0, Object::new(0, "01").unwrap());
        objects
    })
}

proptest! {
    #[test]
    fn what_was_built_is_read_back(objects in any_code()) {
        let code = MerchantCode::new(objects.clone()).unwrap();
        let read = MerchantCode::parse(code.text().as_bytes()).unwrap();
        prop_assert_eq!(read.objects(), &objects[..]);
        prop_assert_eq!(read.text(), code.text());
    }

    #[test]
    fn one_changed_character_is_noticed(objects in any_code(), at: proptest::sample::Index) {
        let text = MerchantCode::new(objects).unwrap().text();
        let mut changed: Vec<char> = text.chars().collect();
        let at = at.index(changed.len());
        changed[at] = if changed[at] == '7' { '8' } else { '7' };
        let changed: String = changed.into_iter().collect();
        prop_assert!(MerchantCode::parse(changed.as_bytes()).is_err());
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = emvco::parse(&bytes);
    }

    #[test]
    fn anything_like_a_code_gets_an_answer_inside_the_text(
        head in "(00020[0-9])?([0-9]{4}[ -~运]{0,9}){0,6}",
        tail in "(6304[0-9A-Fa-f]{4})?.?",
    ) {
        let text = head + &tail;
        if let Err(error) = MerchantCode::parse(text.as_bytes()) {
            prop_assert!(error.at <= text.chars().count());
        }
    }
}
