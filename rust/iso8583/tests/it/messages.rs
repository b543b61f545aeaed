//! The table of transactions, and checks of messages against it.

use std::collections::BTreeSet;

use pos_iso8583::messages::{
    Code, Kind, Problem, Reversible, TRANSACTIONS, check, check_response, identify, transaction,
};
use pos_iso8583::subfields::f60::Parts;
use pos_iso8583::{Fields, Mti, decode, table};

use crate::support::{frame_of, vectors};

fn first(code: Code) -> Option<&'static str> {
    match code {
        Code::Absent | Code::Original | Code::Any => None,
        Code::Is(value) => Some(value),
        Code::OneOf(values) => values.first().copied(),
    }
}

/// The smallest request of a transaction.
fn smallest(kind: Kind) -> Fields {
    let row = transaction(kind);
    let mut fields = Fields::new();
    for &field in row.request.mandatory {
        let spec = table::field(field).expect("a known field");
        fields.set(field, vec![b'0'; spec.max.min(12)]);
    }
    for (field, code) in [(3, row.processing_code), (25, row.condition_code)] {
        if let Some(value) = first(code) {
            fields.set(field, value);
        }
    }
    if kind.is_qr() {
        fields.set(22, "032");
    }
    let rest = [first(row.network_code).unwrap_or("000")];
    let transaction_type = first(row.transaction_type).unwrap_or("25");
    fields.set(
        60,
        Parts {
            transaction_type,
            batch: 1,
            rest: &rest,
        }
        .to_value()
        .unwrap(),
    );
    fields
}

#[test]
fn every_kind_has_one_row_with_sound_lists() {
    let kinds: BTreeSet<String> = TRANSACTIONS
        .iter()
        .map(|row| format!("{:?}", row.kind))
        .collect();
    assert_eq!(kinds.len(), TRANSACTIONS.len());
    for row in &TRANSACTIONS {
        assert_eq!(transaction(row.kind).kind, row.kind);
        for presence in [&row.request, &row.response] {
            let lists = [presence.mandatory, presence.conditional, presence.optional];
            let all: Vec<u8> = lists.concat();
            let distinct: BTreeSet<u8> = all.iter().copied().collect();
            assert_eq!(
                distinct.len(),
                all.len(),
                "{:?} lists a field twice",
                row.kind
            );
            assert!(
                all.iter()
                    .all(|&field| table::field(field).is_some() && field != 64)
            );
            for list in lists {
                assert!(
                    list.windows(2).all(|pair| pair[0] < pair[1]),
                    "{:?}",
                    row.kind
                );
            }
        }
        assert_eq!(
            row.request.allows(3),
            row.processing_code != Code::Absent,
            "{:?}",
            row.kind
        );
        assert_eq!(
            row.request.allows(25),
            row.condition_code != Code::Absent,
            "{:?}",
            row.kind
        );
        assert!(row.request.mandatory.contains(&60));
        if row.reversible != Reversible::No {
            assert!(row.mac && matches!(row.mti, Mti::AUTHORIZATION | Mti::FINANCIAL));
        }
    }
}

#[test]
fn what_can_be_reversed() {
    let reversible: Vec<Kind> = TRANSACTIONS
        .iter()
        .filter(|row| row.reversible == Reversible::Yes)
        .map(|row| row.kind)
        .collect();
    assert_eq!(
        reversible,
        [
            Kind::QrSale,
            Kind::Sale,
            Kind::Void,
            Kind::PreAuth,
            Kind::IncrementalPreAuth,
            Kind::PreAuthVoid,
            Kind::Completion,
            Kind::CompletionVoid,
        ]
    );
    assert_eq!(transaction(Kind::QrVoid).reversible, Reversible::Setting);
}

#[test]
fn the_smallest_request_passes_and_needs_each_of_its_fields() {
    for row in &TRANSACTIONS {
        let fields = smallest(row.kind);
        assert_eq!(check(row.kind, &fields), Ok(()), "{:?}", row.kind);
        for &field in row.request.mandatory {
            let mut less = fields.clone();
            less.remove(field);
            let problem = Err(Problem::Missing { field });
            assert_eq!(check(row.kind, &less), problem, "{:?}", row.kind);
        }
        let mut more = fields.clone();
        let stranger = if row.request.allows(44) { 54 } else { 44 };
        more.set(stranger, "0");
        assert_eq!(
            check(row.kind, &more),
            Err(Problem::Unexpected { field: stranger })
        );
        // F64 is no matter of this check.
        assert_eq!(check(row.kind, fields.clone().set(64, "01234567")), Ok(()));
    }
}

#[test]
fn codes_of_another_transaction_are_refused() {
    let sale = smallest(Kind::Sale);
    for (field, value, problem) in [
        (3, "200000", Problem::Code { field: 3, part: 0 }),
        (25, "06", Problem::Code { field: 25, part: 0 }),
        (60, "23000001000", Problem::Code { field: 60, part: 1 }),
        (60, "22000001201", Problem::Code { field: 60, part: 3 }),
    ] {
        assert_eq!(
            check(Kind::Sale, sale.clone().set(field, value)),
            Err(problem)
        );
    }
    // QR messages may end after the batch.
    assert_eq!(
        check(Kind::QrSale, smallest(Kind::QrSale).set(60, "22000001")),
        Ok(())
    );
}

#[test]
fn pin_and_track_bring_their_companions() {
    let mut fields = smallest(Kind::Sale);
    fields.set(52, [0; 8]);
    assert_eq!(
        check(Kind::Sale, &fields),
        Err(Problem::Missing { field: 26 })
    );
    fields.set(26, "12");
    assert_eq!(
        check(Kind::Sale, &fields),
        Err(Problem::Missing { field: 53 })
    );
    fields.set(53, "2600000000000000");
    assert_eq!(check(Kind::Sale, &fields), Ok(()));
    fields.remove(52);
    assert_eq!(
        check(Kind::Sale, &fields),
        Err(Problem::Missing { field: 52 })
    );
    let mut fields = smallest(Kind::Sale);
    fields.set(35, "1234567890123456=2806");
    assert_eq!(
        check(Kind::Sale, &fields),
        Err(Problem::Missing { field: 53 })
    );
}

#[test]
fn requests_and_answers_are_identified() {
    for row in &TRANSACTIONS {
        let fields = smallest(row.kind);
        assert_eq!(identify(row.mti, &fields), Some(row.kind), "{:?}", row.kind);
        assert_eq!(
            identify(row.mti.response(), &fields),
            Some(row.kind),
            "{:?}",
            row.kind
        );
    }
    let mut decline = smallest(Kind::Void);
    decline.remove(25);
    assert_eq!(
        identify(Mti::FINANCIAL.response(), &decline),
        Some(Kind::Void)
    );
    assert_eq!(identify(Mti::FINANCIAL, &decline), None);
    assert_eq!(
        identify(Mti::new(0x0700).unwrap(), &smallest(Kind::Sale)),
        None
    );
    let mut sign_in = smallest(Kind::SignIn);
    sign_in.set(3, "000000");
    assert_eq!(identify(Mti::SIGN_IN, &sign_in), None);
}

#[test]
fn published_messages_are_sales() {
    let bytes = frame_of("TV-H");
    let sale = decode(&bytes).unwrap().to_message();
    assert_eq!(identify(sale.mti, &sale.fields), Some(Kind::Sale));
    assert_eq!(check(Kind::Sale, &sale.fields), Ok(()));
}

#[test]
fn the_usual_field_sets_are_allowed() {
    for (name, kind) in [
        ("sign-in", Kind::SignIn),
        ("sign-in with F62", Kind::SignIn),
        ("echo", Kind::Echo),
        ("download", Kind::ParameterDownload),
        ("sale, swipe and PIN", Kind::Sale),
        ("sale, swipe, no PIN", Kind::Sale),
        ("sale, chip and PIN", Kind::Sale),
        ("contactless, no PIN", Kind::Sale),
        ("QR sale", Kind::QrSale),
        ("QR void", Kind::QrVoid),
        ("void without card, no PIN", Kind::Void),
        ("reversal of swiped sale", Kind::Reversal),
        ("reversal of chip sale", Kind::Reversal),
        ("reversal of QR sale", Kind::Reversal),
        ("settlement", Kind::Settlement),
        ("batch detail", Kind::BatchDetail),
    ] {
        let vector = vectors("bitmaps.txt")
            .into_iter()
            .find(|v| v.name == name)
            .expect(name);
        let row = transaction(kind);
        let mut fields = smallest(kind);
        for field in vector
            .get("fields")
            .split(' ')
            .map(|n| n.parse::<u8>().unwrap())
        {
            if !fields.contains(field) {
                fields.set(field, "0");
            }
        }
        assert_eq!(check(kind, &fields), Ok(()), "{name}");
        let listed = vector.get("fields").split(' ').count();
        assert_eq!(
            fields.len(),
            listed,
            "{name}: a mandatory field is not in the bitmap"
        );
        assert_eq!(fields.contains(64), row.mac, "{name}");
    }
}

#[test]
fn answers_need_their_answer_code() {
    let mut fields = Fields::new();
    fields
        .set(11, "000001")
        .set(39, "00")
        .set(41, "10000001")
        .set(42, "898310048140001");
    assert_eq!(check_response(Kind::Sale, &fields), Ok(()));
    fields.remove(39);
    assert_eq!(
        check_response(Kind::Sale, &fields),
        Err(Problem::Missing { field: 39 })
    );
    // 0510 is the exception: its verdict is in F48.
    assert_eq!(
        check_response(Kind::Settlement, fields.set(48, "0")),
        Ok(())
    );
}
