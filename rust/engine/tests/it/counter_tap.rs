//! A card held to the reader of a counter whose host does not listen.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use pos_emv::simulated::{Decision, Tag};
use pos_engine::counter::{
    CardProduct, CardRead, Counter, CounterPorts, Event, Failure, Means, Observer, SaleRequest,
    TapFor, TapRequest, TapStep, TappedCard,
};
use pos_engine::desk::DeskKeyStore;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::{Entry, Explanation, Goods, Moment, Retry, WallTime};
use pos_engine::{Edition, FileOutside, Home, Secret, SystemClock, SystemRandom};

use crate::counter::{CARD, PIN, Shop, is_unsent, set_up, shop};

/// Something that answers commands.
type Card<'a> = dyn FnMut(&[u8]) -> Vec<u8> + 'a;

fn tag() -> Tag {
    Tag::new(CARD, "3012")
}

fn begin(counter: &Counter, purpose: TapFor, amount: i64) -> TapStep {
    let asked = TapRequest { purpose, amount };
    counter.begin_reading(&asked).unwrap()
}

/// Carries commands and answers until the conversation ends.
fn talk(counter: &Counter, mut step: TapStep, card: &mut Card<'_>) -> TapStep {
    while let TapStep::Send { reading, command } = step {
        let answer = Secret::new(card(&command).into());
        step = counter.card_answered(&reading, &answer).unwrap();
    }
    step
}

fn read(counter: &Counter, purpose: TapFor, amount: i64, card: &mut Card<'_>) -> TapStep {
    talk(counter, begin(counter, purpose, amount), card)
}

fn tapped(counter: &Counter, amount: i64, mut tag: Tag) -> TappedCard {
    match read(counter, TapFor::Sale, amount, &mut |c| tag.transmit(c)) {
        TapStep::Read { card } => card,
        other => panic!("{other:?}"),
    }
}

fn failed(step: TapStep) -> Explanation {
    match step {
        TapStep::Failed { explanation } => explanation,
        other => panic!("{other:?}"),
    }
}

fn sale(request: &str, amount: i64, handle: &str, pin: Option<&str>) -> SaleRequest {
    let card = CardRead::Held {
        handle: handle.to_owned(),
        pin: pin.map(Secret::from),
    };
    SaleRequest {
        request: request.to_owned(),
        amount,
        means: Means::Card { card },
    }
}

fn refusal<T: std::fmt::Debug>(told: Result<T, Failure>) -> String {
    match told.unwrap_err() {
        Failure::Refused { explanation } => explanation.code,
        other => panic!("{other:?}"),
    }
}

fn open() -> (tempfile::TempDir, Shop) {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    (folder, shop)
}

#[test]
fn a_card_that_was_read_pays_once() {
    let (_folder, shop) = open();
    let card = tapped(&shop.counter, 1234, tag());
    assert_eq!(card.product, CardProduct::Credit);
    assert_eq!(card.number, "622202*********0018");
    assert!(!card.needs_pin && !card.needs_signature && !card.slow);
    let asked = sale("t1", 1234, &card.handle, None);
    let made = shop.counter.sell(&asked).unwrap();
    shop.hear(|change| is_unsent(change, &made.id));
    assert_eq!(made.entry, Entry::Contactless);
    assert_eq!(made.last_four.as_deref(), Some("0018"));
    assert_eq!(shop.counter.sell(&asked).unwrap().id, made.id, "repeated");
    let other = sale("t2", 1234, &card.handle, None);
    assert_eq!(refusal(shop.counter.sell(&other)), "local.TAP_SPENT");
}

#[test]
fn a_card_pays_only_what_it_was_told() {
    let (_folder, shop) = open();
    let counter = &shop.counter;
    let more = tapped(counter, 1234, tag()).handle;
    let told = counter.sell(&sale("t1", 1235, &more, None));
    assert_eq!(refusal(told), "local.TAP_SPENT");
    let mut back = tag();
    let TapStep::Read { card } = read(counter, TapFor::Refund, 1234, &mut |c| back.transmit(c))
    else {
        panic!("not read")
    };
    let told = counter.sell(&sale("t2", 1234, &card.handle, None));
    assert_eq!(refusal(told), "local.TAP_SPENT");
    for end in [Counter::log_off, |counter: &Counter| {
        let _begun = begin(counter, TapFor::Sale, 1);
    }] {
        let handle = tapped(counter, 1234, tag()).handle;
        end(counter);
        let _ = counter.log_on("00", &PIN.into());
        let told = counter.sell(&sale("t3", 1234, &handle, None));
        assert_eq!(refusal(told), "local.TAP_SPENT");
    }
    let handle = tapped(counter, 1234, tag()).handle;
    counter.forget_card(&handle);
    let told = counter.sell(&sale("t4", 1234, &handle, None));
    assert_eq!(refusal(told), "local.TAP_SPENT");
}

#[test]
fn a_large_sale_wants_the_pin() {
    let (_folder, shop) = open();
    let card = tapped(&shop.counter, 100_000, tag());
    assert!(card.needs_pin);
    let told = shop.counter.sell(&sale("t1", 100_000, &card.handle, None));
    assert_eq!(refusal(told), "local.PIN_NEEDED");
    let again = tapped(&shop.counter, 100_000, tag()).handle;
    let made = shop
        .counter
        .sell(&sale("t2", 100_000, &again, Some("123456")));
    let made = made.unwrap();
    shop.hear(|change| is_unsent(change, &made.id));
}

#[test]
fn what_cannot_pay_is_explained() {
    let (_folder, shop) = open();
    let counter = &shop.counter;
    let ended = |card: &mut Card<'_>| failed(read(counter, TapFor::Sale, 1234, card));
    assert_eq!(
        ended(&mut |_| vec![0x6A, 0x82]).code,
        "local.TAP_NO_PAYMENT"
    );
    let mut phone = tag();
    let locked = ended(&mut |command| match command {
        [0x80, ..] => vec![0x69, 0x86],
        _ => phone.transmit(command),
    });
    assert_eq!(locked.code, "local.TAP_NOT_READY");
    assert_eq!(ended(&mut |_| vec![0x90]).code, "local.TAP_UNREADABLE");
    let mut wrong_number = Tag::new("6222020000000000019", "3012");
    let told = ended(&mut |c| wrong_number.transmit(c));
    assert_eq!(told.code, "local.TAP_UNREADABLE");
    let mut old = Tag::new(CARD, "2001");
    assert_eq!(ended(&mut |c| old.transmit(c)).code, "local.CARD_EXPIRED");
    let mut declining = tag().deciding(Decision::Decline);
    let told = ended(&mut |c| declining.transmit(c));
    assert_eq!(told.code, "local.TAP_DECLINED");
    let mut purse = tag().deciding(Decision::Approve);
    let alone = ended(&mut |c| purse.transmit(c));
    assert_eq!(alone.code, "local.TAP_APPROVED_ALONE");
    assert_eq!((alone.goods, alone.retry), (Goods::Keep, Retry::Never));
    assert_eq!(alone.reference, "tap-00000007");
}

#[test]
fn a_card_taken_away_ends_the_reading() {
    let (_folder, shop) = open();
    let counter = &shop.counter;
    let TapStep::Send { reading, .. } = begin(counter, TapFor::Sale, 1234) else {
        panic!("not begun")
    };
    assert_eq!(failed(counter.card_gone(&reading)).code, "local.TAP_MOVED");
    let late = counter.card_answered(&reading, &Secret::new(vec![0x90, 0].into()));
    assert_eq!(failed(late.unwrap()).code, "local.TAP_SPENT");
}

#[test]
fn i11_no_step_shows_what_the_card_said() {
    let (_folder, shop) = open();
    let mut card = tag();
    let step = read(&shop.counter, TapFor::Sale, 1234, &mut |c| card.transmit(c));
    let shown = format!("{step:?}");
    for secret in [CARD, "3012", "9F26", "2206960"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// One application in the directory.
const DIRECTORY: &[u8] = b"\x6F\x12\xBF\x0C\x0F\x61\x0D\x4F\x08\xA0\x00\x00\x03\x33\x01\x01\x02\
                           \x87\x01\x01\x90\x00";
/// It asks for tags 9F66, 9A, 9F37 and 9F41.
const WISHES: &[u8] = b"\x6F\x10\xA5\x0E\x9F\x38\x0B\x9F\x66\x04\x9A\x03\x9F\x37\x04\x9F\x41\x04\
                        \x90\x00";

/// Date, random number and counter as a card hears them.
fn heard(counter: &Counter) -> ([u8; 3], [u8; 4], [u8; 4]) {
    let mut heard = None;
    let mut asking = |command: &[u8]| match command {
        [0x00, 0xA4, 4, 0, 14, ..] => DIRECTORY.to_vec(),
        [0x00, 0xA4, ..] => WISHES.to_vec(),
        [0x80, 0xA8, 0, 0, 17, 0x83, 15, told @ ..] => {
            let part = |from: usize, to: usize| &told[from..to];
            heard = Some((
                part(4, 7).try_into().unwrap(),
                part(7, 11).try_into().unwrap(),
                part(11, 15).try_into().unwrap(),
            ));
            vec![0x6F, 0x00]
        }
        other => panic!("{other:02X?}"),
    };
    let _ended = read(counter, TapFor::Sale, 1234, &mut asking);
    heard.unwrap()
}

/// Today in UTC+8, BCD.
fn today() -> [u8; 3] {
    let day = SystemClock::new().unwrap().now().wall.yyyymmdd();
    [2, 4, 6].map(|at| u8::from_str_radix(day.get(at..at + 2).unwrap(), 16).unwrap())
}

#[test]
fn the_card_hears_the_business_date_and_a_counter_that_goes_on() {
    let (folder, first) = open();
    let before = today();
    let (date, random, number) = heard(&first.counter);
    assert!([before, today()].contains(&date), "{date:02X?}");
    assert_eq!(number, [0, 0, 0, 1]);
    first.counter.close();
    let again = shop(folder.path());
    again.counter.open().unwrap();
    again.counter.log_on("00", &PIN.into()).unwrap();
    let (_, other, number) = heard(&again.counter);
    assert_eq!(number, [0, 0, 0, 2]);
    assert_ne!(random, other);
}

/// A clock that a test winds.
#[derive(Clone, Default)]
struct Wound(Arc<AtomicI64>);

impl Clock for Wound {
    fn now(&self) -> Moment {
        let since_boot = self.0.load(Ordering::SeqCst);
        Moment {
            wall: WallTime(1_795_515_600_000),
            since_boot,
            boot_id: "boot".to_owned(),
        }
    }
}

impl Observer for Wound {
    fn on_event(&self, _: Event) {}
}

#[test]
fn a_slow_card_is_told_and_a_stale_reading_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    set_up(folder.path()).counter.close();
    let clock = Wound::default();
    let store = DeskKeyStore::new(&folder.path().join("platform"), Arc::new(SystemRandom));
    let ports = CounterPorts {
        clock: Arc::new(clock.clone()),
        key_store: Arc::new(store),
        outside: Arc::new(FileOutside::new(&folder.path().join("outside"))),
        edition: Edition::Training,
        link: None,
    };
    let home = Home::at(folder.path().join("home"));
    let counter = Counter::new(home, ports, Arc::new(clock.clone()));
    counter.open().unwrap();
    counter.log_on("00", &PIN.into()).unwrap();
    let held = |each: i64| {
        let begun = begin(&counter, TapFor::Sale, 1234);
        // However long nobody holds a card to it.
        clock.0.fetch_add(60_000, Ordering::SeqCst);
        let mut card = tag();
        let step = talk(&counter, begun, &mut |command| {
            clock.0.fetch_add(each, Ordering::SeqCst);
            card.transmit(command)
        });
        match step {
            TapStep::Read { card } => card,
            other => panic!("{other:?}"),
        }
    };
    // Four commands: three waits after the first answer.
    let quick = held(160);
    assert_eq!((quick.took, quick.slow), (480, false));
    let slow = held(170);
    assert_eq!((slow.took, slow.slow), (510, true));
    clock.0.fetch_add(300_001, Ordering::SeqCst);
    let told = counter.sell(&sale("t1", 1234, &slow.handle, None));
    assert_eq!(refusal(told), "local.TAP_SPENT");
}
