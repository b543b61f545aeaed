//! Chip and contactless cards by their field 55: sale, void, reversal.

use pos_domain::{CardInput, Entry, SaleStatus, UndoStatus};
use pos_iso8583::{subfields::f55, tlv};
use pos_scenarios::{Shop, card, findings, with_pin};

use crate::stops;

/// Chip data of a first cryptogram, whole for a sale.
pub fn field55() -> Vec<u8> {
    let mut data = Vec::new();
    let values: [(u32, &[u8]); 16] = [
        (0x9F26, &[0x11; 8]),
        (0x9F27, &[0x80]),
        (0x9F10, &[0x07, 0x01, 0x01, 0x03, 0xA0, 0x20, 0x02]),
        (0x9F37, &[1, 2, 3, 4]),
        (0x9F36, &[0x00, 0x2A]),
        (0x95, &[0x00, 0x80, 0x04, 0xE8, 0x00]),
        (0x9A, &[0x26, 0x11, 0x24]),
        (0x9C, &[0x00]),
        (0x9F02, &[0, 0, 0, 0, 0x12, 0x34]),
        (0x5F2A, &[0x01, 0x56]),
        (0x82, &[0x7C, 0x00]),
        (0x9F1A, &[0x01, 0x56]),
        (0x9F03, &[0; 6]),
        (0x9F33, &[0xE0, 0xF8, 0xC8]),
        (0x9F1E, b"00430123"),
        (0x84, &[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01]),
    ];
    for (tag, value) in values {
        tlv::push(&mut data, tag, value).unwrap();
    }
    assert_eq!(f55::missing(&data, &f55::REQUEST), [0u32; 0]);
    data
}

/// The card of the tests, read by contact or without.
pub fn read_by(entry: Entry) -> CardInput {
    let mut read = with_pin();
    read.entry = entry;
    read.field55 = Some(field55());
    read.sequence = Some("001".to_owned());
    if entry == Entry::Contactless {
        read.pin = None;
    }
    read
}

const ENTRIES: [Entry; 2] = [Entry::Chip, Entry::Contactless];

#[tokio::test(start_paused = true)]
async fn a_chip_is_sold_with_its_data_and_voided_without() {
    for entry in ENTRIES {
        let shop = Shop::open();
        let card = read_by(entry);
        let sale = shop.sell_to(1234, &card, None).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved);
        let sent = shop.last("sale");
        let mode = if entry == Entry::Chip { "051" } else { "072" };
        assert_eq!((sent.text(22), sent.text(23)), (mode, "001"));
        assert_eq!(sent.message.fields.get(55), Some(field55().as_slice()));
        assert!(sent.message.fields.contains(2) && sent.message.fields.contains(14));
        shop.void_with(&sale, Some(&card)).await.unwrap();
        assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
        let void = shop.last("void");
        assert!(
            !void.message.fields.contains(55),
            "a follow-up reads the chip in short"
        );
        assert_eq!(void.text(22), mode);
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_chip_sale_is_voided_without_the_card() {
    for entry in ENTRIES {
        let shop = Shop::open();
        let sale = shop.sell_to(1234, &read_by(entry), None).await.unwrap();
        shop.void_id(&sale).await;
        assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
        assert_eq!(shop.last("void").text(22), "012");
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i02_a_lost_chip_sale_is_reversed_with_the_tags_of_a_reversal() {
    for entry in ENTRIES {
        let shop = Shop::open();
        shop.fault("sale", "after_booking", "drop");
        let sale = shop.sell_to(1234, &read_by(entry), None).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Reversed);
        let reversal = shop.last("reversal_sale").message.fields;
        let told: Vec<u32> = tlv::elements(reversal.get(55).unwrap())
            .map(|element| element.unwrap().tag)
            .collect();
        assert_eq!(told, [0x95, 0x9F1E, 0x9F10], "no 9F36 without an answer");
        assert_eq!(reversal.text(23), Some("001"));
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i02_a_lost_void_of_a_chip_sale_is_reversed_and_made_again() {
    for entry in ENTRIES {
        let shop = Shop::open();
        let sale = shop.sell_to(1234, &read_by(entry), None).await.unwrap();
        shop.fault("void", "after_booking", "drop");
        shop.void_id(&sale).await;
        shop.work_off(9).await.unwrap();
        assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
        assert!(!shop.last("reversal_void").message.fields.contains(55));
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_at_any_write_of_a_day_with_chips() {
    let day = async |shop: &Shop| {
        for entry in ENTRIES {
            let sale = shop.sell_to(1234, &read_by(entry), None).await?;
            shop.void_with(&sale, Some(&card())).await?;
        }
        Ok(())
    };
    stops::everywhere(Shop::open, day, async |_, _| {}).await;
}
