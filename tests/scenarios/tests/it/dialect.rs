//! Every request of a day with everything in it, held against the dialect's table of transactions.

use pos_channels::unionpay::KeyMode;
use pos_domain::{Amount, Entry, OriginalKind};
use pos_flows::Order;
use pos_iso8583::messages::{Kind, check, identify};
use pos_scenarios::{Shop, card, fault, findings, swiped, with_pin};

use crate::chips::read_by;

/// A day that sends every message there is a flow for.
async fn day(shop: &Shop) {
    let card = card();
    let order = |kind, fen, parent| Order {
        kind,
        amount: Amount::from_minor(fen).unwrap(),
        card: &card,
        parent,
        request: None,
    };
    for job in [1, 2, 4, 5, 6, 7] {
        shop.host().ask_for(job);
        shop.sell(100).await.unwrap();
    }
    shop.desk.inquire("01", &with_pin()).await.unwrap();
    shop.sell_to(500, &with_pin(), None).await.unwrap();
    let chip = shop
        .sell_to(700, &read_by(Entry::Chip), None)
        .await
        .unwrap();
    let said = [&[0x9F, 0x26, 8][..], &[7; 8], &[0x9F, 0x27, 1, 0x40]].concat();
    shop.desk.add_chip_result("01", &chip, &said).unwrap();
    shop.desk.add_signature("01", &chip, b"image").unwrap();
    let sale = shop.sell(900).await.unwrap();
    shop.void_id(&sale).await;
    let refunded = shop.sell_to(800, &swiped(), None).await.unwrap();
    shop.refund(&refunded, 300).await;
    let held = order(OriginalKind::Preauth, 5_000, None);
    let first = shop.desk.take("01", &held).await.unwrap();
    let added = order(OriginalKind::Preauth, 100, Some(&first));
    let more = shop.desk.take("01", &added).await.unwrap();
    shop.void_id(&more).await;
    let taken = order(OriginalKind::Completion, 5_000, Some(&first));
    let completion = shop.desk.take("01", &taken).await.unwrap();
    shop.void_id(&completion).await;
    let held = order(OriginalKind::Preauth, 4_000, None);
    let second = shop.desk.take("01", &held).await.unwrap();
    let told = order(OriginalKind::Completion, 4_000, Some(&second));
    shop.desk.complete_by_advice("01", &told).await.unwrap();
    shop.faults(&fault("sale", "after_booking", "drop", ""));
    shop.sell_to(600, &read_by(Entry::Contactless), None)
        .await
        .unwrap();
    shop.desk.echo("01").await.unwrap();
    shop.work_off(5).await.unwrap();
    shop.desk.settle("01", &[]).await.unwrap();
    shop.desk.sign_out("01").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn every_request_is_one_of_the_dialects_transactions() {
    for (mode, digit) in [(KeyMode::Double, '6'), (KeyMode::Sm4, '3')] {
        let shop = Shop::open_where(|rules| {
            rules.key_mode = mode;
            rules.identity.algorithm_digit = digit;
        });
        day(&shop).await;
        assert_eq!(findings(&shop), []);
        let mut seen: Vec<Kind> = Vec::new();
        for request in shop.requests() {
            let fields = &request.message.fields;
            let kind = identify(request.message.mti, fields);
            let kind = kind.unwrap_or_else(|| panic!("{} {}", request.mti, request.text(60)));
            assert_eq!(check(kind, fields), Ok(()), "{kind:?}");
            seen.push(kind);
        }
        for wanted in [
            Kind::SignIn,
            Kind::ParameterDownload,
            Kind::ParameterEnd,
            Kind::StatusUpload,
            Kind::CaKeyQuery,
            Kind::CaKeyDownload,
            Kind::CaKeyEnd,
            Kind::ChipParameterQuery,
            Kind::ChipParameterDownload,
            Kind::ChipParameterEnd,
            Kind::Inquiry,
            Kind::Sale,
            Kind::Void,
            Kind::Refund,
            Kind::PreAuth,
            Kind::IncrementalPreAuth,
            Kind::PreAuthVoid,
            Kind::Completion,
            Kind::CompletionVoid,
            Kind::CompletionAdvice,
            Kind::Reversal,
            Kind::ESignature,
            Kind::Echo,
            Kind::Settlement,
            Kind::BatchChip,
            Kind::BatchEnd,
            Kind::SignOut,
        ] {
            assert!(seen.contains(&wanted), "{mode:?}: no {wanted:?} in the day");
        }
    }
}
