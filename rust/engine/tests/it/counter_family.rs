//! Pre-authorisations, evidence and the report at a counter whose host does not listen.

use pos_engine::counter::{
    Approval, CardRead, ClearingGiven, CompletionRequest, Failure, PreauthRequest,
};
use pos_engine::domain::{Cause, OriginalKind, SaleStatus};

use crate::counter::{CARD, PIN, Shop, is_unsent, set_up};

fn card() -> CardRead {
    CardRead::Manual {
        number: CARD.into(),
        expiry: "3012".into(),
        pin: None,
    }
}

fn preauth(request: &str, add_to: Option<&str>) -> PreauthRequest {
    PreauthRequest {
        request: request.to_owned(),
        amount: 50_000,
        card: card(),
        add_to: add_to.map(str::to_owned),
    }
}

fn unsent_preauth(shop: &Shop) -> String {
    let made = shop.counter.preauth(&preauth("p1", None)).unwrap();
    shop.hear(|change| is_unsent(change, &made.id));
    made.id
}

fn refusal<T: std::fmt::Debug>(told: Result<T, Failure>) -> String {
    match told.unwrap_err() {
        Failure::Refused { explanation } => explanation.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_never_sent_holds_nothing_and_is_not_completed() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let id = unsent_preauth(&shop);
    assert_eq!(
        shop.counter.preauth(&preauth("p1", None)).unwrap().id,
        id,
        "the same request holds once"
    );
    let found = shop.counter.held_preauth(&id).unwrap();
    assert_eq!(found.sale.kind, OriginalKind::Preauth);
    assert_eq!((found.held, found.most_to_take), (0, 0));
    assert_eq!(found.blocked.unwrap().code, "local.NOTHING_TO_UNDO");
    assert!(
        shop.counter
            .held_preauths(None, 10)
            .unwrap()
            .preauths
            .is_empty()
    );
    for advice in [false, true] {
        let told = shop.counter.complete(&CompletionRequest {
            request: "c1".to_owned(),
            preauth: id.clone(),
            amount: 100,
            card: card(),
            advice,
        });
        assert_eq!(refusal(told), "local.NOTHING_TO_UNDO");
    }
    let told = shop.counter.preauth(&preauth("p2", Some(&id)));
    assert_eq!(refusal(told), "local.NOTHING_TO_UNDO");
    let sale = shop.unsent_sale("r1");
    let told = shop.counter.held_preauth(&sale).unwrap_err();
    assert_eq!(told, Failure::NotFound { id: sale });
}

#[test]
fn evidence_and_report_tell_a_failed_day_without_account_data() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let id = shop.unsent_sale("r1");
    let evidence = shop.counter.evidence(&id).unwrap();
    assert!(evidence.sound);
    let text = evidence.text.join("\n");
    assert!(text.contains(&id) && text.contains("not_sent"), "{text}");
    assert!(!text.contains(CARD), "{text}");
    let [file] = evidence.files.as_slice() else {
        panic!("{:?}", evidence.files)
    };
    assert_eq!(file.bytes, format!("{text}\n").into_bytes());
    assert_eq!(shop.counter.sale(&id).unwrap().status, SaleStatus::NotSent);

    let report = shop.counter.report(None).unwrap();
    assert_eq!((report.taken.count, report.net), (0, 0));
    assert_eq!(report.causes[0].cause, Cause::Network);
    assert!(report.codes[0].code.starts_with("net."), "{report:?}");
    let before = shop.counter.report(Some("2020-02-29")).unwrap();
    assert_eq!(
        (before.day.as_str(), before.causes.len()),
        ("2020-02-29", 0)
    );
}

#[test]
fn clearing_wants_a_reason_and_something_stuck() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let by = || Approval {
        operator: "00".to_owned(),
        pin: PIN.into(),
    };
    let clear = |item: &str, reason: &str| {
        shop.counter.clear(&ClearingGiven {
            item: item.to_owned(),
            reason: reason.to_owned(),
            first: by(),
            second: by(),
        })
    };
    for unfit in ["", "two\nlines", "6222020000000000018", &"x".repeat(65)] {
        match clear("V1", unfit).unwrap_err() {
            Failure::InputInvalid { what, .. } => assert_eq!(what, "reason"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refusal(clear("V1", "no answer")), "local.NOT_FOUND");
    assert!(shop.counter.settlement().unwrap().cleared.is_empty());
}
