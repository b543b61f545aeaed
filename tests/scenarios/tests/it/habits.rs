//! What acquirers do differently, each as its setting says; and whose card it was.

use pos_domain::{Amount, Id, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{Balance, FlowError, Order, Rules};
use pos_scenarios::{CARD, Request, Shop, card, findings, with_pin};
use pos_sim::Step;

async fn take(
    shop: &Shop,
    kind: OriginalKind,
    fen: i64,
    parent: Option<&Id>,
) -> Result<Id, FlowError> {
    let order = Order {
        kind,
        amount: Amount::from_minor(fen).unwrap(),
        card: &card(),
        parent,
        request: None,
    };
    shop.desk.take("01", &order).await
}

#[tokio::test(start_paused = true)]
async fn a_completion_takes_as_much_as_the_acquirer_lets_it() {
    for (most, allowed, refused) in [(100, 10_000, 10_001), (120, 12_000, 12_001)] {
        let shop = Shop::open_where(|rules| rules.completion_most = most);
        let take = async |kind, fen, parent| take(&shop, kind, fen, parent).await;
        let preauth = take(OriginalKind::Preauth, 10_000, None).await.unwrap();
        assert_eq!(shop.desk.preauth_room(&preauth).unwrap(), allowed);
        let over = take(OriginalKind::Completion, refused, Some(&preauth)).await;
        let too_much = LocalCode::OverPreauth.into();
        assert!(matches!(over, Err(FlowError::Refused(code)) if code == too_much));
        if most <= 115 {
            let within = take(OriginalKind::Completion, allowed, Some(&preauth)).await;
            assert_eq!(shop.status(&within.unwrap()), SaleStatus::Approved);
        }
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn field_26_says_what_the_acquirer_wants() {
    for said in ["12", "06"] {
        let shop = Shop::open_where(|rules| rules.identity.habits.pin_capture = said.to_owned());
        shop.sell_to(500, &with_pin(), None).await.unwrap();
        assert_eq!(shop.last("sale").text(26), said);
        assert_eq!(findings(&shop), []);
    }
}

/// From now on answers to sales name another processing code of the same class.
fn name_another_kind(shop: &Shop) {
    let forger = shop.forger();
    shop.link.tamper(Box::new(move |request, steps| {
        let changed = |step| match step {
            Step::Send(answer) => Step::Send(forger.changed(&answer, |answer| {
                answer.fields.set(3, "001000");
            })),
            other => other,
        };
        match Request::of(request).kind() {
            "sale" => steps.into_iter().map(changed).collect(),
            _ => steps,
        }
    }));
}

#[tokio::test(start_paused = true)]
async fn i06_an_answer_repeats_as_many_digits_of_field_3_as_the_setting_says() {
    for (digits, status) in [(6, SaleStatus::Reversed), (2, SaleStatus::Approved)] {
        let shop = Shop::open_where(|rules| rules.identity.habits.processing_code_digits = digits);
        shop.desk.sign_in("01").await.unwrap();
        name_another_kind(&shop);
        let sale = shop.sell(1000).await.unwrap();
        shop.link.honest();
        assert_eq!(shop.status(&sale), status, "{digits} digits");
        shop.finish(9).await.unwrap();
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn the_reversal_of_a_sale_names_it_where_the_acquirer_wants_it_to() {
    for named in [false, true] {
        let shop = Shop::open_where(|rules| rules.identity.habits.sale_reversal_f61 = named);
        shop.fault("sale", "after_booking", "drop");
        shop.sell(1000).await.unwrap();
        let trace = shop.last("sale").text(11).to_owned();
        let batch = shop.last("sale").text(60)[2..8].to_owned();
        let own = format!("{batch}{trace}0000");
        let said = shop.last("reversal_sale").text(61).to_owned();
        assert_eq!(said, if named { own } else { String::new() });
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refund_names_the_organisation_of_its_sale() {
    for organisation in [None, Some("VIS")] {
        let shop = Shop::set_up(|setup| {
            let known = pos_sim::Card {
                organisation: organisation.map(str::to_owned),
                ..pos_sim::Card::default()
            };
            setup.acquirer.cards.insert(CARD.to_owned(), known);
        });
        let sale = shop.sell(1000).await.unwrap();
        let told = shop.view(&sale).original.facts.card_org;
        let told = told.unwrap_or_else(|| panic!("not told: {organisation:?}"));
        assert_eq!(told, organisation.unwrap_or("CUP"));
        shop.refund(&sale, 400).await;
        assert_eq!(shop.last("refund").text(63), told);
        let settled = shop.desk.settle("01", &[]).await.unwrap();
        assert_eq!(settled.balance, Balance::Balanced, "{organisation:?}");
        assert_eq!(findings(&shop), []);
    }
}

/// Which void an acquirer asks something for, and what.
type Asks = fn(&mut Rules);

#[tokio::test(start_paused = true)]
async fn what_a_void_of_held_money_needs_is_waited_for() {
    let asks: [(Asks, bool, LocalCode); 3] = [
        (
            |r| r.completion_void_needs_card = true,
            true,
            LocalCode::CardNeeded,
        ),
        (
            |r| r.completion_void_needs_pin = true,
            true,
            LocalCode::PinNeeded,
        ),
        (
            |r| r.preauth_void_needs_pin = true,
            false,
            LocalCode::PinNeeded,
        ),
    ];
    for (ask, of_completion, missing) in asks {
        let shop = Shop::open_where(ask);
        let preauth = take(&shop, OriginalKind::Preauth, 1000, None)
            .await
            .unwrap();
        let other = take(&shop, OriginalKind::Preauth, 500, None).await.unwrap();
        let completion = take(&shop, OriginalKind::Completion, 900, Some(&preauth));
        let completion = completion.await.unwrap();
        let (asked, free) = if of_completion {
            (completion, other)
        } else {
            (other, completion)
        };
        shop.void_id(&free).await;
        assert_eq!(
            shop.status(&free),
            SaleStatus::Voided,
            "nothing is asked for it"
        );
        let void = shop.void_id(&asked).await;
        assert_eq!(shop.undo(&void).status, UndoStatus::NeedsCard);
        assert_eq!(shop.undo(&void).code, Some(missing.into()));
        shop.desk
            .present_card("01", &void, &with_pin())
            .await
            .unwrap();
        assert_eq!(shop.status(&asked), SaleStatus::Voided);
        let sent = shop.requests().pop().unwrap();
        assert!(sent.message.fields.contains(52), "the PIN went along");
        assert_eq!(findings(&shop), []);
    }
}
