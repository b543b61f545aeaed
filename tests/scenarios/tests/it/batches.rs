//! Chip transactions in a batch upload, and what must be at the host before the totals.

use pos_domain::{Amount, Entry, Id, OriginalKind};
use pos_flows::{Balance, Order};
use pos_iso8583::messages::{Kind, check};
use pos_iso8583::{decode, encode, tlv};
use pos_scenarios::{Request, Shop, card, fault, findings};
use pos_sim::Step;

use crate::chips::{field55, read_by};
use crate::stops;

const CERTIFICATE: [u8; 8] = [0x77; 8];

/// The chip data of a second cryptogram.
fn last_word(kind: u8) -> Vec<u8> {
    let mut data = Vec::new();
    tlv::push(&mut data, 0x9F26, &CERTIFICATE).unwrap();
    tlv::push(&mut data, 0x9F27, &[kind]).unwrap();
    tlv::push(&mut data, 0x95, &[0, 0x80, 4, 0xF8, 0]).unwrap();
    data
}

/// A chip sale, with its certificate when there is one.
async fn sell(shop: &Shop, fen: i64, certified: bool) -> Id {
    let sale = shop
        .sell_to(fen, &read_by(Entry::Chip), None)
        .await
        .unwrap();
    if certified {
        let said = last_word(0x40);
        shop.desk.add_chip_result("01", &sale, &said).unwrap();
    }
    sale
}

/// 60.3 of everything that went up, in order.
fn uploads(shop: &Shop) -> Vec<String> {
    let sent = shop.requests().into_iter().filter(|r| r.mti == "0320");
    sent.map(|upload| upload.text(60).get(8..11).unwrap().to_owned())
        .collect()
}

/// From now on the host says that the domestic totals differ.
fn dispute(shop: &Shop) {
    shop.link.tamper(Box::new(|request, mut steps| {
        let settles = Request::of(request).mti == "0500";
        for step in steps.iter_mut().filter(|_| settles) {
            if let Step::Send(frame) = step {
                let mut answer = decode(frame).unwrap().to_message();
                let mut totals = answer.fields.text(48).unwrap().to_owned();
                totals.replace_range(30..31, "2");
                answer.fields.set(48, totals);
                *frame = encode(&answer).unwrap();
            }
        }
        steps
    }));
}

#[tokio::test(start_paused = true)]
async fn certificates_go_up_when_the_totals_agree() {
    let shop = Shop::open();
    let sale = sell(&shop, 1234, true).await;
    sell(&shop, 500, false).await;
    shop.sell(300).await.unwrap();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert_eq!(
        settled.without_cryptogram, 1,
        "the other chip never said its last word"
    );
    assert_eq!(uploads(&shop), ["203", "207"]);
    let upload = &shop.requests()[shop.requests().len() - 2];
    assert_eq!(upload.text(11), shop.view(&sale).original.trace.unwrap());
    assert_eq!(upload.text(62), "610000000000001234156");
    assert_eq!((upload.text(22), upload.text(23)), ("051", "001"));
    assert!(upload.text(60).ends_with("20360"), "{}", upload.text(60));
    let chip = upload.message.fields.get(55).unwrap();
    assert_eq!(tlv::find(chip, 0x9F26), Some(&CERTIFICATE[..]));
    assert_eq!(tlv::find(chip, 0x9F27), Some(&[0x40][..]));
    assert_eq!(tlv::find(chip, 0x95), Some(&[0, 0x80, 4, 0xF8, 0][..]));
    assert_eq!(tlv::find(chip, 0x9F37), tlv::find(&field55(), 0x9F37));
    assert_eq!(shop.last("0320").text(48), "0001");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn in_a_dispute_a_chip_without_certificate_goes_up_as_a_detail() {
    let shop = Shop::open();
    sell(&shop, 1234, true).await;
    sell(&shop, 500, false).await;
    shop.sell(300).await.unwrap();
    dispute(&shop);
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::NotBalanced);
    assert_eq!(settled.without_cryptogram, 1);
    assert_eq!(uploads(&shop), ["201", "205", "202"]);
    assert_eq!(shop.last("0320").text(48), "0003");
    let details = shop.requests();
    let details = details
        .iter()
        .find(|r| r.text(60).ends_with("201") && r.mti == "0320");
    assert!(
        details.unwrap().text(48).starts_with("02"),
        "both plain ones"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn in_a_dispute_refunds_and_advices_go_up_as_they_were() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.refund(&sale, 300).await;
    let card = card();
    let order = |kind, parent| Order {
        kind,
        amount: Amount::from_minor(5_000).unwrap(),
        card: &card,
        parent,
        request: None,
    };
    let held = order(OriginalKind::Preauth, None);
    let preauth = shop.desk.take("01", &held).await.unwrap();
    let told = order(OriginalKind::Completion, Some(&preauth));
    shop.desk.complete_by_advice("01", &told).await.unwrap();
    let notices: Vec<Request> = shop
        .requests()
        .into_iter()
        .filter(|r| r.mti == "0220")
        .collect();
    dispute(&shop);
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.balance, settled.code),
        (Balance::NotBalanced, None)
    );
    let uploads: Vec<Request> = shop
        .requests()
        .into_iter()
        .filter(|r| r.mti == "0320")
        .collect();
    let mut copies: Vec<&Request> = uploads.iter().filter(|r| !r.text(3).is_empty()).collect();
    copies.sort_by_key(|copy| copy.text(11).to_owned());
    assert_eq!(copies.len(), 2);
    for (copy, notice) in copies.iter().zip(&notices) {
        assert_eq!(check(Kind::BatchNotice, &copy.message.fields), Ok(()));
        for field in [2, 3, 4, 11, 25, 37, 38, 60, 61, 63] {
            let (sent, was) = (
                copy.message.fields.get(field),
                notice.message.fields.get(field),
            );
            assert_eq!(sent, was, "F{field}");
        }
        let never = [35, 52, 64].map(|field| copy.message.fields.contains(field));
        assert_eq!(never, [false; 3]);
    }
    assert_eq!(uploads.last().unwrap().text(48), "0003");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_certificate_does_not_go_up() {
    let shop = Shop::open();
    let sale = sell(&shop, 1234, false).await;
    let refused = last_word(0x00);
    shop.desk.add_chip_result("01", &sale, &refused).unwrap();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.balance, settled.without_cryptogram),
        (Balance::Balanced, 1)
    );
    assert_eq!(uploads(&shop), ["207"]);
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_comes_after_the_totals_changes_nothing_of_the_upload() {
    let shop = Shop::open();
    sell(&shop, 1234, true).await;
    let late = sell(&shop, 500, false).await;
    shop.fault("upload", "after_booking", "drop");
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Unknown);
    let said = last_word(0x40);
    shop.desk.add_chip_result("01", &late, &said).unwrap();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert_eq!(
        uploads(&shop),
        ["203", "203", "207"],
        "the first once more, then the end"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i08_a_stop_at_any_write_of_a_settlement_with_chips() {
    let day = async |shop: &Shop| {
        for fen in [1234, 500] {
            let sale = shop.sell_to(fen, &read_by(Entry::Chip), None).await?;
            let said = last_word(0x40);
            shop.desk.add_chip_result("01", &sale, &said)?;
        }
        shop.desk.settle("01", &[]).await?;
        Ok(())
    };
    let look = async |shop: &Shop, place: &str| {
        let batch = shop.read(|query| query.batch());
        if batch == "000001" {
            let settled = shop.desk.settle("01", &[]).await.unwrap();
            assert_eq!(settled.balance, Balance::Balanced, "{place}");
        }
        let next = shop.sell(100).await.unwrap();
        let original = shop.view(&next).original;
        assert_eq!(original.batch.as_deref(), Some("000002"), "{place}");
        assert_eq!(findings(shop), [], "{place}");
    };
    stops::everywhere(Shop::open, day, look).await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_data_key_stops_no_settlement() {
    let mut shop = Shop::open();
    sell(&shop, 1234, true).await;
    shop.fault("upload", "request_read", "drop");
    shop.desk.settle("01", &[]).await.unwrap();
    shop.lose_data_key();
    shop.restart();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert_eq!(uploads(&shop), ["203", "207"]);
}

#[tokio::test(start_paused = true)]
async fn a_signature_goes_up_before_the_totals_or_stops_them() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.desk.add_signature("01", &sale, b"image").unwrap();
    let lost = fault("esign", "request_read", "drop", "");
    shop.faults(&format!("{lost}times=9\n"));
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Blocked);
    assert_eq!(shop.count("0500"), 0);
    shop.host().clear_faults();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    let requests = shop.requests();
    let signed = requests.iter().rposition(|r| r.text(60).starts_with("07"));
    let totals = requests.iter().position(|r| r.mti == "0500");
    assert!(signed < totals);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_signature_the_host_refuses_becomes_a_paper_slip_and_stops_no_totals() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.desk.add_signature("01", &sale, b"image").unwrap();
    let refused = fault("esign", "request_read", "code", "30");
    shop.faults(&format!("{refused}times=9\n"));
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert!(shop.desk.needs_paper_slip(&sale).unwrap());
    assert_eq!(findings(&shop), []);
}
