//! Every key mode: what goes over the wire, and that the host can read it.

use pos_channels::unionpay::{KeyMode, LengthWidth, TerminalInformation};
use pos_domain::{CardInput, Id, SaleStatus, UndoStatus};
use pos_flows::Voided;
use pos_iso8583::subfields::f59;
use pos_scenarios::{CARD, PIN, Setup, Shop, TRACK2, card, findings, swiped, with_pin};

use crate::stops;

const MODES: [KeyMode; 4] = [
    KeyMode::Single,
    KeyMode::Double,
    KeyMode::DoubleTrack,
    KeyMode::Sm4,
];

/// As the profile's key mode sets the rest.
fn set_mode(setup: &mut Setup, mode: KeyMode) {
    setup.rules.key_mode = mode;
    setup.rules.identity.algorithm_digit = match mode {
        KeyMode::Single => '0',
        KeyMode::Double | KeyMode::DoubleTrack => '6',
        KeyMode::Sm4 | KeyMode::Sm4Track => '3',
    };
    setup.rules.identity.tracks_encrypted = mode == KeyMode::DoubleTrack;
}

/// A shop in this mode, at a host that knows the card's PIN.
fn shop(mode: KeyMode) -> Shop {
    Shop::set_up(|setup| {
        set_mode(setup, mode);
        let known = pos_sim::Card {
            pin: Some(PIN.to_owned()),
            ..pos_sim::Card::default()
        };
        setup.acquirer.cards.insert(CARD.to_owned(), known);
    })
}

async fn void_with(shop: &Shop, sale: &Id, card: &CardInput) -> Id {
    match shop.void_with(sale, Some(card)).await.unwrap() {
        Voided::Recorded(id) => id,
        Voided::Refused(code) => panic!("refused: {code}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_swipe_with_pin_is_sold_and_voided_in_every_mode() {
    for mode in MODES {
        let shop = shop(mode);
        let sale = shop.sell_to(1234, &with_pin(), None).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved, "{mode:?}");
        void_with(&shop, &sale, &with_pin()).await;
        assert_eq!(
            shop.undo_status(&sale),
            Some(UndoStatus::Voided),
            "{mode:?}"
        );
        assert_eq!(findings(&shop), [], "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_that_is_not_presented_is_voided_in_every_mode() {
    for mode in MODES {
        let shop = shop(mode);
        let sale = shop.sell_to(1234, &card(), None).await.unwrap();
        shop.void_id(&sale).await;
        assert_eq!(
            shop.undo_status(&sale),
            Some(UndoStatus::Voided),
            "{mode:?}"
        );
        assert_eq!(findings(&shop), [], "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn i02_lost_answers_are_reversed_in_every_mode() {
    for mode in MODES {
        let shop = shop(mode);
        shop.fault("sale", "after_booking", "drop");
        let lost = shop.sell_to(1000, &with_pin(), None).await.unwrap();
        assert_eq!(shop.status(&lost), SaleStatus::Reversed, "{mode:?}");
        let reversal = shop.last("reversal_sale").message.fields;
        for secret in [26, 35, 36, 52, 53, 59] {
            assert!(
                !reversal.contains(secret),
                "{mode:?}: F{secret} in a reversal"
            );
        }
        let sale = shop.sell_to(1000, &with_pin(), None).await.unwrap();
        shop.fault("void", "after_booking", "drop");
        void_with(&shop, &sale, &with_pin()).await;
        shop.work_off(9).await.unwrap();
        assert_eq!(
            shop.undo_status(&sale),
            Some(UndoStatus::Voided),
            "{mode:?}"
        );
        assert_eq!(findings(&shop), [], "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn field_53_says_how_pin_and_track_are_hidden() {
    for (mode, with, without) in [
        (KeyMode::Single, "2000000000000000", "0000000000000000"),
        (KeyMode::Double, "2600000000000000", "0600000000000000"),
        (KeyMode::DoubleTrack, "2610000000000000", "0610000000000000"),
        (KeyMode::Sm4, "2300000000000000", "0300000000000000"),
    ] {
        let shop = shop(mode);
        shop.sell_to(1000, &with_pin(), None).await.unwrap();
        assert_eq!(shop.last("sale").text(53), with);
        assert_eq!(
            (shop.last("sale").text(22), shop.last("sale").text(26)),
            ("021", "12")
        );
        shop.sell_to(1000, &swiped(), None).await.unwrap();
        assert_eq!(shop.last("sale").text(53), without);
        assert_eq!(shop.last("sale").text(22), "022");
        assert!(!shop.last("sale").message.fields.contains(52));
        shop.sell(1000).await.unwrap();
        assert!(!shop.last("sale").message.fields.contains(53));
    }
}

#[tokio::test(start_paused = true)]
async fn an_encrypted_track_is_never_in_clear_on_the_wire() {
    for mode in MODES {
        let shop = shop(mode);
        let sale = shop.sell_to(1000, &swiped(), None).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Approved, "{mode:?}");
        let sent = shop.last("sale").text(35).to_owned();
        assert_eq!(sent.len(), TRACK2.len());
        assert_eq!(sent == TRACK2, mode != KeyMode::DoubleTrack, "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_sm4_pin_block_goes_in_field_59_and_field_52_is_zeros() {
    let shop = shop(KeyMode::Sm4);
    shop.sell_to(1000, &with_pin(), None).await.unwrap();
    let fields = shop.last("sale").message.fields;
    assert_eq!(fields.get(52), Some(&[0; 8][..]));
    let private = fields.get(59).unwrap();
    let block = f59::find(private, LengthWidth::Three, f59::SM4_PIN).unwrap();
    assert_eq!(block.len(), 16);
    let kept = shop.rows("SELECT COUNT(*) FROM attempt");
    assert_eq!(kept, [["1"]]);
    let stored = shop.read(|query| {
        let attempt = &query.attempts_by_trace("000002")?[0];
        query.attempt_fields(&attempt.id)
    });
    let found = stored.windows(16).any(|part| part == block);
    assert!(!found, "the PIN block is stored");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_is_refused_by_the_host_in_every_mode() {
    for mode in MODES {
        let shop = shop(mode);
        let mut card = with_pin();
        card.pin = pos_domain::Pin::parse("111111").ok();
        let sale = shop.sell_to(1000, &card, None).await.unwrap();
        assert_eq!(shop.status(&sale), SaleStatus::Declined, "{mode:?}");
        let code = shop.view(&sale).original.code.unwrap().to_string();
        assert_eq!(code, "55", "{mode:?}");
        assert_eq!(findings(&shop), [], "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn i11_neither_track_nor_pin_is_written_down() {
    for mode in MODES {
        let shop = shop(mode);
        let sale = shop.sell_to(1000, &with_pin(), None).await.unwrap();
        void_with(&shop, &sale, &with_pin()).await;
        let written = shop.written();
        for secret in [TRACK2, PIN, CARD] {
            let found = written
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{mode:?}: a secret lies in the folder");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_at_any_write_of_a_day_with_pin_under_sm4() {
    let open = || shop(KeyMode::Sm4);
    let day = async |shop: &Shop| {
        let sale = shop.sell_to(1234, &with_pin(), None).await?;
        if shop.status(&sale) == SaleStatus::Approved {
            shop.void_with(&sale, Some(&with_pin())).await?;
        }
        Ok(())
    };
    stops::everywhere(open, day, async |_, _| {}).await;
}

#[tokio::test(start_paused = true)]
async fn terminal_information_goes_along_when_the_acquirer_wants_it() {
    for (outer, inner) in [
        (LengthWidth::Three, LengthWidth::Two),
        (LengthWidth::Two, LengthWidth::Three),
    ] {
        let information = TerminalInformation::new("04", "0000430123", "00010000", inner).unwrap();
        let shop = Shop::set_up(|setup| {
            set_mode(setup, KeyMode::Sm4);
            let habits = &mut setup.rules.identity.habits;
            habits.f59_lengths = outer;
            habits.terminal_information = Some(information.clone());
        });
        shop.fault("sale", "request_read", "drop");
        shop.sell_to(1000, &with_pin(), None).await.unwrap();
        let sale = shop.sell_to(1000, &with_pin(), None).await.unwrap();
        void_with(&shop, &sale, &swiped()).await;
        for kind in ["sale", "reversal_sale", "void"] {
            let fields = shop.last(kind).message.fields;
            let private = fields.get(59).unwrap();
            let told = f59::find(private, outer, f59::TERMINAL);
            assert_eq!(told, Some(information.value()), "{kind}");
        }
        assert_eq!(shop.status(&sale), SaleStatus::Voided);
        assert_eq!(findings(&shop), []);
    }
    let plain = Shop::open();
    plain.sell(1000).await.unwrap();
    assert!(
        !plain.last("sale").message.fields.contains(59),
        "off unless set"
    );
}
