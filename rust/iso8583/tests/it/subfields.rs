//! Private fields: what goes in comes out, and nothing is read past the end.

use pos_iso8583::subfields::f48::{self, BatchDetail, Settlement, Totals, Verdict};
use pos_iso8583::subfields::f53::{Balance, Cipher, PinFormat, SecurityControl};
use pos_iso8583::subfields::f59::{self, Entry, LengthWidth};
use pos_iso8583::subfields::f60::{Parts, Private};
use pos_iso8583::subfields::f61::Original;
use pos_iso8583::subfields::f62::{self, ChipUpload, ListState};
use pos_iso8583::subfields::{f55, f63};
use pos_iso8583::{decode, tlv};
use zeroize::Zeroizing;

use crate::support::{frame_of, unhex, vector};

#[test]
fn settlement_totals_have_62_digits_and_two_verdicts() {
    let totals = |debit_amount, debit_count, credit_amount, credit_count| Totals {
        debit_amount,
        debit_count,
        credit_amount,
        credit_count,
    };
    let mut settlement = Settlement {
        domestic: totals(12_345, 3, 600, 1),
        foreign: totals(0, 0, 999_999_999_999, 999),
        ..Settlement::default()
    };
    let value = settlement.to_value().unwrap();
    assert_eq!(
        value,
        "00000001234500300000000060000100000000000000009999999999999990"
    );
    assert_eq!(value.len(), 62);
    assert_eq!(Settlement::parse(value.as_bytes()).unwrap(), settlement);
    let mut answer = value.clone().into_bytes();
    (answer[30], answer[61]) = (b'1', b'2');
    let parsed = Settlement::parse(&answer).unwrap();
    assert_eq!(parsed.domestic_verdict, Verdict::Balanced);
    assert_eq!(parsed.foreign_verdict, Verdict::NotBalanced);
    (answer[30], answer[61]) = (b'3', b'7');
    let parsed = Settlement::parse(&answer).unwrap();
    assert_eq!(parsed.domestic_verdict, Verdict::Error);
    assert_eq!(parsed.foreign_verdict, Verdict::Failed(7));
    assert_eq!(Settlement::parse(&answer[..61]).unwrap_err().at, 61);
    assert_eq!(
        Settlement::parse(&[&answer[..], b"0"].concat())
            .unwrap_err()
            .at,
        62
    );
    settlement.domestic.debit_count = 1000;
    assert_eq!(settlement.to_value().unwrap_err().at, 12);
    settlement.domestic.debit_amount = 1_000_000_000_000;
    assert_eq!(settlement.to_value().unwrap_err().at, 0);
}

#[test]
fn batch_details_are_forty_digits_each() {
    let detail = |foreign, trace, account: &str, amount| BatchDetail {
        foreign,
        trace,
        account: Zeroizing::new(account.into()),
        amount,
    };
    let details = vec![
        detail(false, 403, "6224242900000113", 1),
        detail(true, 999_999, "4", 100),
    ];
    let value = f48::details_value(&details).unwrap();
    let first = "0000040300006224242900000113000000000001";
    assert_eq!(
        *value,
        format!("02{first}0199999900000000000000000004000000000100")
    );
    assert_eq!(f48::parse_details(value.as_bytes()).unwrap(), details);
    assert_eq!(
        f48::parse_details(&value.as_bytes()[..80]).unwrap_err().at,
        70
    );
    assert_eq!(f48::parse_details(b"09").unwrap_err().at, 0);
    assert_eq!(
        f48::parse_details(format!("01{}", first.replacen("00", "02", 1)).as_bytes())
            .unwrap_err()
            .at,
        2
    );
    assert!(f48::details_value(&vec![detail(false, 1, "1", 1); 9]).is_err());
    assert!(f48::details_value(&[detail(false, 1_000_000, "1", 1)]).is_err());
    assert!(f48::details_value(&[detail(false, 1, "123456789012345678901", 1)]).is_err());
    assert_eq!(f48::end_value(0).unwrap(), "0000");
    assert_eq!(f48::parse_end(b"0012").unwrap(), 12);
    assert!(f48::end_value(10_000).is_err() && f48::parse_end(b"012").is_err());
}

#[test]
fn security_control_and_balance() {
    let control = SecurityControl {
        pin: PinFormat::WithPan,
        cipher: Cipher::TripleDes,
        track_encrypted: true,
    };
    assert_eq!(control.to_value(), "2610000000000000");
    assert_eq!(
        SecurityControl::parse(b"2610000000000000").unwrap(),
        control
    );
    assert_eq!(
        SecurityControl::parse(b"2700000000000000").unwrap_err().at,
        1
    );
    let balance = Balance::parse(b"1002156C000000012345").unwrap();
    assert_eq!(
        (balance.debit, balance.amount, &*balance.currency),
        (false, 12_345, "156")
    );
    assert_eq!(Balance::parse(b"1002156X000000012345").unwrap_err().at, 7);
    assert!(Balance::parse(b"1002156C00000001234").is_err());
}

#[test]
fn chip_tags_are_found_and_chosen() {
    let bytes = frame_of("TV-H");
    let chip = decode(&bytes).unwrap().bytes(55).unwrap();
    assert_eq!(f55::missing(chip, &f55::REQUEST), Vec::<u32>::new());
    assert_eq!(f55::missing(chip, &[0x9F26, 0x91]), [0x91]);
    assert_eq!(tlv::find(chip, 0x9F36), Some(&[0x01, 0x57][..]));
    assert_eq!(tlv::find(chip, 0x95).map(<[u8]>::len), Some(5));
    let reversal = f55::only(chip, &f55::REVERSAL).unwrap();
    let tags: Vec<u32> = tlv::elements(&reversal).map(|e| e.unwrap().tag).collect();
    assert_eq!(tags, [0x9F10, 0x9F36, 0x95, 0x9F1E]);
    assert_eq!(f55::only(&chip[..20], &[0x9F26]).unwrap_err().at, 15);
}

#[test]
fn tlv_tags_and_lengths_of_every_size() {
    let mut out = Vec::new();
    for (tag, size) in [(0x95, 127), (0x9F26, 128), (0xFF80, 0), (0xDF_8105, 256)] {
        tlv::push(&mut out, tag, &vec![7; size]).unwrap();
    }
    let sizes: Vec<_> = tlv::elements(&out)
        .map(|e| e.map(|e| (e.tag, e.value.len())))
        .collect();
    assert_eq!(
        sizes,
        [(0x95, 127), (0x9F26, 128), (0xFF80, 0), (0xDF_8105, 256)].map(Ok)
    );
    for bad in [0, 0x9F, 0x9F81_2601, 0xFF_8001, 0x9501] {
        assert!(tlv::push(&mut Vec::new(), bad, &[]).is_err(), "{bad:X}");
    }
    assert!(tlv::push(&mut Vec::new(), 0x95, &vec![0; 65_536]).is_err());
    assert_eq!(tlv::check(&unhex("0000950100009F2600")), Ok(()));
    for (bad, at) in [
        ("9F", 0),
        ("95", 0),
        ("950100829F", 3),
        ("9583000001", 0),
        ("9F818181", 0),
    ] {
        assert_eq!(tlv::check(&unhex(bad)).unwrap_err().at, at, "{bad}");
    }
}

#[test]
fn f59_reads_both_length_widths() {
    let bytes = frame_of("TV-H");
    let value = decode(&bytes).unwrap().bytes(59).unwrap();
    let entries = f59::parse(value, LengthWidth::Two).unwrap();
    let tags: Vec<&str> = entries.iter().map(|entry| entry.tag).collect();
    assert_eq!(tags, ["12", "13", "14", "15", "17", "A2"]);
    let inside = f59::find(value, LengthWidth::Two, f59::TERMINAL).unwrap();
    assert_eq!(
        f59::find(inside, LengthWidth::Two, "03"),
        Some(&b"000113"[..])
    );
    assert_eq!(f59::to_value(&entries, LengthWidth::Two).unwrap(), value);
    let code = Entry {
        tag: f59::PAYMENT_CODE,
        value: b"6212345678901234567",
    };
    let three = f59::to_value(&[code], LengthWidth::Three).unwrap();
    assert_eq!(three, b"A30196212345678901234567");
    assert_eq!(f59::parse(&three, LengthWidth::Three).unwrap(), [code]);
    assert_eq!(
        f59::parse(&three[..20], LengthWidth::Three).unwrap_err().at,
        5
    );
    assert_eq!(f59::parse(b"A3x19", LengthWidth::Two).unwrap_err().at, 2);
    assert!(
        f59::to_value(
            &[Entry {
                tag: "A33",
                value: b""
            }],
            LengthWidth::Two
        )
        .is_err()
    );
    assert!(
        f59::to_value(
            &[Entry {
                tag: "A3",
                value: &[0; 100]
            }],
            LengthWidth::Two
        )
        .is_err()
    );
}

#[test]
fn f60_of_any_length() {
    let whole = Private::parse(b"22000024000601048").unwrap();
    assert_eq!(whole.transaction_type(), Some("22"));
    assert_eq!(whole.batch(), Some(24));
    assert_eq!(whole.network_code(), Some("000"));
    assert_eq!(
        (whole.entry_capability(), whole.chip_condition()),
        (Some("6"), Some("0"))
    );
    assert_eq!(
        (whole.partial_approval(), whole.account_type()),
        (Some(true), Some("048"))
    );
    let short = Private::parse(b"2200002").unwrap();
    assert_eq!(
        (short.transaction_type(), short.batch()),
        (Some("22"), None)
    );
    assert_eq!((short.network_code(), short.account_type()), (None, None));
    assert_eq!(Private::parse(b"").unwrap().transaction_type(), None);
    assert!(Private::parse(b"22x").is_err());
    let parts = |rest| {
        Parts {
            transaction_type: "22",
            batch: 24,
            rest,
        }
        .to_value()
    };
    assert_eq!(parts(&[]).unwrap(), "22000024");
    assert_eq!(parts(&["000", "6", "0", "0"]).unwrap(), "22000024000600");
    assert!(parts(&["00"]).is_err() && parts(&["000", "6", "0", "1", "048", "0"]).is_err());
}

#[test]
fn f61_in_its_four_lengths() {
    for (value, original) in [
        ("000024000403", Original::numbered(24, 403)),
        ("0000000000000731", Original::dated("0731")),
        (
            "00002400040307310112345678901",
            Original {
                date: Some("0731".into()),
                method: Some("01".into()),
                institution: Some("12345678901".into()),
                ..Original::numbered(24, 403)
            },
        ),
    ] {
        assert_eq!(original.to_value().unwrap(), value);
        assert_eq!(Original::parse(value.as_bytes()).unwrap(), original);
    }
    for (bad, at) in [
        ("00002400040", 6),
        ("0000240004030", 12),
        ("00002400040307310", 16),
    ] {
        assert_eq!(Original::parse(bad.as_bytes()).unwrap_err().at, at, "{bad}");
    }
    let gap = Original {
        method: Some("01".into()),
        ..Original::numbered(1, 1)
    };
    assert!(gap.to_value().is_err());
    assert!(Original::numbered(1_000_000, 1).to_value().is_err());
}

#[test]
fn f62_in_its_uses() {
    let device = f62::device_value("VENDOR00004301234567890123").unwrap();
    assert_eq!(device, "Sequence No26VENDOR00004301234567890123");
    assert_eq!(
        f62::parse_device(device.as_bytes()).unwrap(),
        "VENDOR00004301234567890123"
    );
    assert!(f62::parse_device(&device.as_bytes()[..30]).is_err());
    assert!(f62::parse_device(b"Sequence Nr01A").is_err());
    assert_eq!(f62::parse_device(b"Sequence No01AB").unwrap_err().at, 14);
    assert!(f62::device_value(&"9".repeat(100)).is_err());
    let sizes = [("12", 2), ("22", 4)];
    let parameters = f62::parse_parameters(b"126022SHOP", &sizes).unwrap();
    assert_eq!(
        (parameters[1].code, parameters[1].value),
        ("22", &b"SHOP"[..])
    );
    assert_eq!(f62::parse_parameters(b"126023", &sizes).unwrap_err().at, 4);
    assert_eq!(f62::parse_parameters(b"22SHO", &sizes).unwrap_err().at, 2);
    assert_eq!(f62::query_value(0).unwrap(), "100");
    assert!(f62::query_value(100).is_err());
    let switch = f62::parse_contactless(b"FF805D0011FF8058012000000030000").unwrap();
    assert_eq!(
        (switch[1].tag, switch[1].value),
        ("FF8058", &b"000000030000"[..])
    );
    assert!(f62::parse_contactless(b"FF805D0021").is_err());
    let good = ChipUpload::Good {
        foreign: false,
        amount: 1234,
    };
    assert_eq!(
        f62::chip_upload_value(good).unwrap(),
        "610000000000001234156"
    );
    let failed = ChipUpload::Failed { amount: 1234 };
    assert_eq!(
        f62::chip_upload_value(failed).unwrap(),
        "71001100000000123415610"
    );
}

#[test]
fn the_published_key_list_has_twelve_keys() {
    let input = vector("mac.txt", "TV-B").bytes("input");
    // Message type, bitmap, F39, F41, F42, F60 and the length of F62 come first.
    let at = 2 + 8 + 2 + 8 + 15 + 2 + 6 + 2;
    let (state, list) = f62::parse_list(&input[at..]).unwrap();
    assert_eq!(state, ListState::Complete);
    let tags: Vec<u32> = tlv::elements(list).map(|e| e.unwrap().tag).collect();
    assert_eq!(tags, [0x9F06, 0x9F22, 0xDF05].repeat(12));
    assert!(f62::parse_list(b"").is_err() && f62::parse_list(b"4").is_err());
}

#[test]
fn f63_texts_may_be_cut() {
    assert_eq!(f63::operator_value("01").unwrap(), "01 ");
    assert!(f63::operator_value("1").is_err());
    let answer = f63::Answer::parse(b"").unwrap();
    assert!(answer.is_domestic() && answer.organisation.is_none());
    let value = [b"VIS".as_slice(), &[0xD5; 20], &[b' '; 20], &[b'x'; 7]].concat();
    let answer = f63::Answer::parse(&value).unwrap();
    assert!(!answer.is_domestic());
    assert_eq!(
        (answer.issuer, answer.acquirer),
        (&[0xD5; 20][..], &b"xxxxxxx"[..])
    );
    assert!(answer.terminal.is_empty());
    assert!(f63::Answer::parse(b"CU").is_err());
}
