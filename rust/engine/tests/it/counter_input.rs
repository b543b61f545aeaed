//! What a person gives that cannot be used: which of it, and what would be right.

use pos_engine::counter::{
    Approval, CardRead, Failure, FileGiven, ProfileGiven, ReferenceRefund, StatementGiven,
    UndoReason,
};

use crate::counter::{CARD, PIN, profile, set_up, shop};

fn invalid<T: std::fmt::Debug>(told: Result<T, Failure>) -> (String, String) {
    match told.unwrap_err() {
        Failure::InputInvalid { what, detail } => (what, detail),
        other => panic!("{other:?}"),
    }
}

fn with_ca(beside: Vec<FileGiven>) -> ProfileGiven {
    ProfileGiven {
        toml: format!("{}tls_ca = \"keys/ca.pem\"\n", profile())
            .as_str()
            .into(),
        beside,
    }
}

#[test]
fn a_file_that_the_profile_names_is_asked_for_and_then_read() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let told = shop
        .counter
        .check_profile(&with_ca(Vec::new()))
        .unwrap_err();
    let Failure::ProfileInvalid {
        line, key, missing, ..
    } = told
    else {
        panic!("{told:?}")
    };
    assert_eq!((line, key.as_str()), (10, "unionpay.tls_ca"));
    assert_eq!(missing.as_deref(), Some("keys/ca.pem"));
    let wrong = FileGiven {
        name: "keys/ca.pem".to_owned(),
        bytes: "not a certificate".into(),
    };
    let told = shop.counter.check_profile(&with_ca(vec![wrong]));
    let Failure::ProfileInvalid { key, missing, .. } = told.unwrap_err() else {
        panic!("read")
    };
    assert_eq!((key.as_str(), missing), ("unionpay.tls_ca", None));
}

#[test]
fn i11_no_file_of_the_device_is_read_because_a_profile_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let there = folder.path().join("there.pem");
    std::fs::write(&there, "x").unwrap();
    let toml = format!("{}tls_ca = \"{}\"\n", profile(), there.display());
    let told = shop.counter.check_profile(&toml.as_str().into());
    let Failure::ProfileInvalid { missing, .. } = told.unwrap_err() else {
        panic!("read")
    };
    assert_eq!(missing, there.to_str().map(str::to_owned));
}

#[test]
fn a_profile_that_is_no_text_says_on_which_line() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut bytes = b"schema = 1\n[merchant]\nname = \"".to_vec();
    bytes.extend([0xCA, 0xBE]);
    let given = ProfileGiven {
        toml: pos_engine::Secret::new(bytes.into()),
        beside: Vec::new(),
    };
    let told = shop.counter.check_profile(&given).unwrap_err();
    assert!(
        matches!(told, Failure::ProfileInvalid { line: 3, .. }),
        "{told:?}"
    );
}

#[test]
fn a_reference_a_date_and_a_day_have_their_forms() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let preview = |reference, date| shop.counter.preview_reference(reference, date);
    assert_eq!(invalid(preview("12345", "1124")).0, "reference");
    assert_eq!(invalid(preview("12345678901é", "1124")).0, "reference");
    for date in ["1301", "0230", "", "11é4", "11-4"] {
        assert_eq!(invalid(preview("123456789012", date)).0, "date", "{date}");
    }
    let elsewhere = preview("123456789012", "0229").unwrap();
    assert_eq!((elsewhere.sale, elsewhere.up_to), (None, None));
    assert_eq!(invalid(shop.counter.report(Some("24.11.2026"))).0, "day");
    let told = shop.counter.refund_reference(&ReferenceRefund {
        request: "f1".to_owned(),
        reference: "1".to_owned(),
        date: "1124".to_owned(),
        sale_amount: None,
        amount: 100,
        reason: UndoReason::Other,
        approval: None,
        card: CardRead::Stripe {
            track2: "6222020000000000018=30121010000".into(),
            pin: None,
        },
    });
    assert_eq!(invalid(told).0, "reference");
}

#[test]
fn i11_a_statement_is_not_named_by_a_card_number() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let sale = shop.unsent_sale("r1");
    let consent = |operator: &str| Approval {
        operator: operator.to_owned(),
        pin: PIN.into(),
    };
    let resolve = |reference: &str| {
        shop.counter.resolve(&StatementGiven {
            item: sale.clone(),
            executed: true,
            reference: reference.to_owned(),
            first: consent("00"),
            second: consent("01"),
        })
    };
    for wrong in ["", "a\nb", &"x".repeat(65), &format!("no {CARD}")] {
        assert_eq!(invalid(resolve(wrong)).0, "reference", "{wrong}");
    }
    let told = resolve("letter 17 of 24 November").unwrap_err();
    assert!(!matches!(told, Failure::InputInvalid { .. }), "{told:?}");
}
