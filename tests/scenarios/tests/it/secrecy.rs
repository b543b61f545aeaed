//! Nothing secret is written down or shown: not in the ledger's files, not in the log, not in what
//! a programmer prints.

use std::sync::{Mutex, OnceLock};

use log::{LevelFilter, Log, Metadata, Record};
use pos_domain::UndoStatus;
use pos_iso8583::security::{self, KeyMode};
use pos_ledger::JournalFilter;
use pos_scenarios::web::{WebShop, code};
use pos_scenarios::{CARD, DATA_KEY, PIN, Shop, TMK, TRACK2, fault, findings, with_pin};
use pos_sim::Step;

/// Keeps every line of every test.
struct Ears(Mutex<String>);

impl Log for Ears {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut lines = self.0.lock().unwrap();
        lines.push_str(&format!("{} {}\n", record.level(), record.args()));
    }

    fn flush(&self) {}
}

fn ears() -> &'static Ears {
    static EARS: OnceLock<&'static Ears> = OnceLock::new();
    EARS.get_or_init(|| {
        let ears: &Ears = Box::leak(Box::new(Ears(Mutex::default())));
        log::set_logger(ears).unwrap();
        log::set_max_level(LevelFilter::Trace);
        ears
    })
}

/// What must be found nowhere, with its name.
struct Secrets(Vec<(&'static str, Vec<u8>)>);

impl Secrets {
    /// Card, PIN and keys in the forms in which they could be written.
    fn of(working_keys: &[Vec<u8>]) -> Self {
        let mut all = Vec::new();
        let texts = [
            ("card number", CARD),
            ("track 2", TRACK2),
            ("track 2 with D", &TRACK2.replace('=', "D")),
            ("discretionary data", &TRACK2[27..]),
            ("PIN", PIN),
        ];
        for (name, text) in texts {
            all.push((name, text.as_bytes().to_vec()));
            all.push((name, packed(text)));
        }
        let keys = [
            ("master key", TMK.to_vec()),
            ("data key", DATA_KEY.to_vec()),
        ];
        let working = working_keys.iter().map(|key| ("working key", key.clone()));
        for (name, key) in keys.into_iter().chain(working) {
            let hex: String = key.iter().map(|byte| format!("{byte:02X}")).collect();
            all.push((name, hex.to_lowercase().into_bytes()));
            all.push((name, hex.into_bytes()));
            all.push((name, key));
        }
        Self(all)
    }

    /// The names of those that are found in `bytes`.
    fn found(&self, bytes: &[u8]) -> Vec<&'static str> {
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
        let found = self.0.iter().filter(|(_, secret)| holds(secret));
        found.map(|(name, _)| *name).collect()
    }
}

/// Two digits a byte, as on the wire.
fn packed(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .map(|c| if c.is_ascii_digit() { c - b'0' } else { 0x0D })
        .collect();
    let pairs = digits.chunks_exact(2);
    pairs.map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Listens for sign-in answers and opens the working keys in them.
fn listen(shop: &Shop) -> std::sync::Arc<Mutex<Vec<Vec<u8>>>> {
    let keys: std::sync::Arc<Mutex<Vec<Vec<u8>>>> = std::sync::Arc::default();
    let heard = std::sync::Arc::clone(&keys);
    shop.link.tamper(Box::new(move |_, steps| {
        for step in &steps {
            let Step::Send(answer) = step else { continue };
            let answer = pos_iso8583::decode(answer).map(|a| a.to_message());
            let Some(field) = answer
                .ok()
                .and_then(|a| a.fields.get(62).map(<[u8]>::to_vec))
            else {
                continue;
            };
            let opened = security::unwrap_working_keys(&field, KeyMode::Double, &TMK).unwrap();
            let mut heard = heard.lock().unwrap();
            heard.push(opened.pik.as_bytes().to_vec());
            heard.push(opened.mak.as_bytes()[..8].to_vec());
        }
        steps
    }));
    keys
}

/// A day with card and PIN, lost and late answers, a refund, a restart, garbage.
async fn day(shop: &mut Shop) {
    let sale = shop
        .sell_to(1000, &with_pin(), Some("tap-1"))
        .await
        .unwrap();
    shop.fault("void", "after_booking", "drop");
    shop.void_id(&sale).await;
    shop.finish(9).await.unwrap();
    shop.faults(&fault("sale", "after_booking", "late", "1"));
    shop.sell_to(1100, &with_pin(), None).await.unwrap();
    shop.fault("sale", "after_booking", "corrupt");
    shop.sell_to(1200, &with_pin(), None).await.unwrap();
    shop.fault("sale", "after_booking", "foreign_answer");
    let refunded = shop.sell(1300).await.unwrap();
    shop.refund(&refunded, 300).await;
    shop.link.unplug(true);
    let queued = shop.sell_to(1400, &with_pin(), None).await.unwrap();
    assert_eq!(shop.undo_status(&queued), None);
    shop.link.unplug(false);
    let keyed = shop.sell(1500).await.unwrap();
    shop.link.unplug(true);
    shop.void_id(&keyed).await;
    shop.restart();
    shop.link.unplug(false);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo_status(&keyed), Some(UndoStatus::Voided));
    assert_eq!(findings(shop), []);
}

/// Everything of a shop that can be printed.
fn printed(shop: &Shop) -> String {
    let filter = JournalFilter {
        limit: 100,
        ..JournalFilter::default()
    };
    let sales = shop.read(|query| query.sales(&filter));
    let mut text = format!("{sales:?} {:?}", with_pin());
    for sale in &sales {
        let id = &sale.original.id;
        text += &format!("{:?}", shop.read(|query| query.account(id)));
        text += &format!("{:?}", shop.read(|query| query.attempts_of(id)));
        text += &format!("{:?}", shop.read(|query| query.obligations_of(id)));
        text += &format!("{:?}", shop.read(|query| query.undos_of(id)));
        text += &format!("{:?}", shop.read(|query| query.audit_of(id.as_str())));
    }
    text += &format!("{:?} {:?}", shop.desk.ledger, shop.desk.rules);
    text + &format!("{:?}", shop.read(|query| query.waiting_events(1000)))
}

#[tokio::test(start_paused = true)]
async fn i11_no_card_no_pin_and_no_key_is_written_or_shown_anywhere() {
    let ears = ears();
    let mut shop = Shop::open_where(|rules| rules.void_needs_pin = false);
    let keys = listen(&shop);
    day(&mut shop).await;
    shop.desk.sign_in("01").await.unwrap();
    let keys = keys.lock().unwrap().clone();
    assert!(keys.len() >= 4, "two sign-ins");
    let secrets = Secrets::of(&keys);
    let logged = ears.0.lock().unwrap().clone();
    assert!(
        logged.contains("sale") && logged.len() > 1000,
        "something was logged"
    );
    assert_eq!(
        secrets.found(logged.as_bytes()),
        Vec::<&str>::new(),
        "in the log"
    );
    let written = shop.written();
    assert!(written.len() > 100_000, "the ledger was read");
    assert_eq!(
        secrets.found(&written),
        Vec::<&str>::new(),
        "in the ledger's files"
    );
    assert_eq!(
        secrets.found(printed(&shop).as_bytes()),
        Vec::<&str>::new(),
        "printed"
    );
}

#[tokio::test(start_paused = true)]
async fn i11_the_search_finds_what_it_looks_for() {
    let shop = Shop::open();
    let keys = listen(&shop);
    shop.sell_to(1000, &with_pin(), None).await.unwrap();
    let secrets = Secrets::of(&keys.lock().unwrap());
    let wire: Vec<u8> = shop.link.requests().concat();
    assert!(
        secrets.found(&wire).contains(&"track 2 with D"),
        "a sale by track 2"
    );
    for (name, secret) in &secrets.0 {
        let hidden = [b"before".as_slice(), secret, b"after"].concat();
        assert!(secrets.found(&hidden).contains(name));
    }
}

#[tokio::test(start_paused = true)]
async fn i11_track_and_pin_are_not_stored_even_sealed() {
    let shop = Shop::open();
    let sale = shop.sell_to(1000, &with_pin(), None).await.unwrap();
    let attempt = shop.read(|query| query.attempts_of(&sale))[0].id.clone();
    let stored = shop.read(|query| query.attempt_fields(&attempt));
    let fields = pos_iso8583::decode(&stored).unwrap().to_message().fields;
    for field in [35, 36, 52, 64] {
        assert!(!fields.contains(field), "field {field}");
    }
}

#[tokio::test(start_paused = true)]
async fn i11_no_payment_code_and_no_wallet_key_is_logged() {
    let ears = ears();
    let shop = WebShop::open();
    let codes = [
        "134650201234567890",
        "283876543210987654",
        "6236098835899996543",
    ];
    for on in ["sale", "void", "query"] {
        shop.fault(on, "after_booking", "corrupt");
    }
    for text in codes {
        let sale = shop.sell_through(880, &code(text)).await;
        shop.void_id(&sale).await;
    }
    shop.work_off(9).await.unwrap();
    let logged = ears.0.lock().unwrap().clone();
    assert!(
        logged.contains("take_back: answered"),
        "something was logged"
    );
    let printed = format!("{:?} {:?}", shop.till.rails, shop.till.rules);
    let key = "192006250b4c09247ec02edce69f6a2d";
    for secret in codes.iter().chain([&key]) {
        assert!(
            !logged.contains(secret) && !printed.contains(secret),
            "{secret}"
        );
    }
}
