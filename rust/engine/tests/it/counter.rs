//! The counter without a host: what it remembers, tells and refuses.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use pos_engine::counter::{
    Approval, CardRead, Change, Copy, CoreState, Counter, CounterPorts, Event, Failure, LinkState,
    Means, NewOperator, Observer, Role, SaleFilter, SaleQuery, SaleRequest, SlipOf, UndoReason,
    VoidRequest, WayBack,
};
use pos_engine::desk::DeskKeyStore;
use pos_engine::domain::{Cause, Lang, SaleStatus};
use pos_engine::{Edition, FileOutside, Home, SystemClock, SystemRandom};

pub(crate) const PIN: &str = "824605";
pub(crate) const CARD: &str = "6222020000000000018";

/// Passes on what it is told.
struct Ear(Sender<Event>);

impl Observer for Ear {
    fn on_event(&self, event: Event) {
        // A test that ended hears nothing.
        let _ = self.0.send(event);
    }
}

/// A counter in a folder, the host of which does not listen.
pub(crate) struct Shop {
    pub(crate) counter: Counter,
    told: Receiver<Event>,
}

pub(crate) fn shop(folder: &Path) -> Shop {
    let home = Home::at(folder.join("home"));
    let (ear, told) = channel();
    let ports = CounterPorts {
        clock: Arc::new(SystemClock::new().unwrap()),
        key_store: Arc::new(DeskKeyStore::new(
            &folder.join("platform"),
            Arc::new(SystemRandom),
        )),
        outside: Arc::new(FileOutside::new(&folder.join("outside"))),
        edition: Edition::Training,
        link: None,
    };
    std::fs::create_dir_all(folder.join("platform")).unwrap();
    let counter = Counter::new(home, ports, Arc::new(Ear(ear)));
    Shop { counter, told }
}

pub(crate) fn supervisor() -> NewOperator {
    NewOperator {
        number: "00".to_owned(),
        name: "王店长".to_owned(),
        role: Role::Supervisor,
        pin: PIN.into(),
    }
}

/// A port at which nobody listens.
fn nowhere() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub(crate) fn profile() -> String {
    format!(
        "schema = 1\n[merchant]\nid = \"898310048140001\"\nname = \"示例便利店\"\n\
         [terminal]\nid = \"10000001\"\n[unionpay]\nhost = \"127.0.0.1:{}\"\ntimeout_s = 2\n",
        nowhere()
    )
}

pub(crate) fn set_up(folder: &Path) -> Shop {
    let shop = shop(folder);
    let state = shop
        .counter
        .set_up(&profile().as_str().into(), &supervisor())
        .unwrap();
    assert!(matches!(state, CoreState::Ready { .. }), "{state:?}");
    shop
}

fn sale(request: &str) -> SaleRequest {
    SaleRequest {
        request: request.to_owned(),
        amount: 1234,
        means: by_card(CardRead::Manual {
            number: CARD.into(),
            expiry: "3012".into(),
            pin: None,
        }),
    }
}

const fn by_card(card: CardRead) -> Means {
    Means::Card { card }
}

/// Whether this tells that a sale was not sent.
pub(crate) fn is_unsent(change: &Change, id: &str) -> bool {
    let status = SaleStatus::NotSent;
    let sale = id.to_owned();
    *change == Change::SaleChanged { sale, status }
}

impl Shop {
    /// Hears events until one satisfies `wanted`.
    pub(crate) fn hear(&self, wanted: impl Fn(&Change) -> bool) -> Event {
        loop {
            let event = self.told.recv_timeout(Duration::from_secs(20)).unwrap();
            if wanted(&event.change) {
                return event;
            }
        }
    }

    pub(crate) fn unsent_sale(&self, request: &str) -> String {
        let made = self.counter.sell(&sale(request)).unwrap();
        self.hear(|change| is_unsent(change, &made.id));
        made.id
    }
}

#[test]
fn a_sale_without_a_host_is_told_as_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let id = shop.unsent_sale("r1");
    let sale = shop.counter.sale(&id).unwrap();
    assert_eq!((sale.net, sale.way_back), (Some(0), WayBack::Impossible));
    assert_eq!(sale.explanation.unwrap().cause, Cause::Network);
    assert_eq!(shop.counter.terminal().unwrap().link, LinkState::Offline);
    shop.counter.close();
}

#[test]
fn the_same_request_sells_once() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let first = shop.unsent_sale("r1");
    assert_eq!(shop.counter.sell(&sale("r1")).unwrap().id, first);
    let found = shop.counter.sale_of_request("r1").unwrap().unwrap();
    assert_eq!(found.id, first);
    assert_eq!(shop.counter.sale_of_request("r2").unwrap(), None);
}

#[test]
fn i12_what_is_no_amount_or_card_is_refused_with_words() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let refused = |asked: &SaleRequest| match shop.counter.sell(asked) {
        Err(Failure::Refused { explanation }) => explanation.code,
        other => format!("{other:?}"),
    };
    let nothing = SaleRequest {
        amount: 0,
        ..sale("r1")
    };
    assert_eq!(refused(&nothing), "local.AMOUNT_INVALID");
    let mut mistyped = sale("r2");
    mistyped.means = by_card(CardRead::Stripe {
        track2: "6222020000000000011=3012".into(),
        pin: None,
    });
    assert_eq!(refused(&mistyped), "local.CARD_UNREADABLE");
    let all = SaleQuery {
        text: String::new(),
        filter: SaleFilter::All,
        after: None,
        limit: 10,
        since: None,
    };
    assert_eq!(shop.counter.sales(&all).unwrap().sales, Vec::new());
}

#[test]
fn nobody_logged_on_sells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    shop.counter.log_off();
    let told = shop.counter.sell(&sale("r1")).unwrap_err();
    assert!(matches!(told, Failure::Refused { .. }), "{told:?}");
    assert_eq!(shop.counter.terminal().unwrap().operator, None);
}

#[test]
fn what_was_never_paid_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let sale = shop.unsent_sale("r1");
    let preview = shop.counter.preview_void(&sale).unwrap();
    assert_eq!(preview.blocked.unwrap().code, "local.NOTHING_TO_UNDO");
    assert!(!preview.refund_instead);
    let asked = VoidRequest {
        request: "r2".to_owned(),
        sale,
        reason: UndoReason::CustomerReturns,
        approval: Some(Approval {
            operator: "00".to_owned(),
            pin: PIN.into(),
        }),
        card: None,
    };
    let told = shop.counter.void(&asked).unwrap_err();
    assert!(matches!(told, Failure::Refused { .. }), "{told:?}");
    assert_eq!(shop.counter.undo_of_request("r2").unwrap(), None);
    assert_eq!(shop.counter.queue().unwrap(), Vec::new());
}

#[test]
fn a_slip_that_came_out_is_a_duplicate_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let of = SlipOf::Sale {
        sale: shop.unsent_sale("r1"),
    };
    let again = |copy| {
        let lines = shop.counter.receipt(&of, copy).unwrap();
        lines.iter().any(|line| line.text == "重打印凭证")
    };
    assert!(!again(Copy::Merchant));
    shop.counter.slip_printed(&of, Copy::Merchant).unwrap();
    assert!(again(Copy::Merchant) && !again(Copy::Customer));
}

#[test]
fn events_are_told_again_until_somebody_has_seen_them() {
    let folder = tempfile::tempdir().unwrap();
    let first = set_up(folder.path());
    let sale = first.unsent_sale("r1");
    first.counter.close();
    drop(first);

    let second = shop(folder.path());
    assert!(matches!(
        second.counter.open().unwrap(),
        CoreState::Ready { .. }
    ));
    let is_end = |change: &Change| is_unsent(change, &sale);
    let event = second.hear(is_end);
    second.counter.acknowledge(event.sequence).unwrap();
    let waiting = second.counter.waiting_events().unwrap();
    assert!(waiting.iter().all(|event| !is_end(&event.change)));
    second.counter.close();
}

#[test]
fn every_stored_event_is_told_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    for request in ["r1", "r2", "r3"] {
        shop.counter.sell(&sale(request)).unwrap();
    }
    let last = shop.counter.sale_of_request("r3").unwrap().unwrap().id;
    let mut told = Vec::new();
    loop {
        let event = shop.told.recv_timeout(Duration::from_secs(20)).unwrap();
        told.extend(Some(event.sequence).filter(|sequence| *sequence > 0));
        if is_unsent(&event.change, &last) {
            break;
        }
    }
    let stored = shop.counter.waiting_events().unwrap();
    let stored: Vec<_> = stored.iter().map(|event| event.sequence).collect();
    assert!(stored.starts_with(&told), "{told:?} of {stored:?}");
}

#[test]
fn a_new_profile_is_taken_from_the_supervisor_alone() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let stranger = NewOperator {
        pin: "739146".into(),
        ..supervisor()
    };
    let renamed = profile().replace("示例便利店", "新店").as_str().into();
    let told = shop.counter.set_up(&renamed, &stranger).unwrap_err();
    assert!(
        matches!(
            told,
            Failure::WrongPin {
                attempts_left: Some(4),
                ..
            }
        ),
        "{told:?}"
    );
    assert_eq!(shop.counter.terminal().unwrap().merchant_name, "示例便利店");
    shop.counter.set_up(&renamed, &supervisor()).unwrap();
    assert_eq!(shop.counter.terminal().unwrap().merchant_name, "新店");
}

#[test]
fn words_are_in_the_language_set() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let zh = shop.counter.self_check().unwrap();
    shop.counter.set_language(Lang::En);
    let en = shop.counter.self_check().unwrap();
    assert_eq!(zh.len(), en.len());
    for (zh, en) in zh.iter().zip(&en) {
        assert_eq!(zh.state, en.state);
        assert!(en.title.is_ascii() && !zh.title.is_ascii(), "{en:?}");
        assert!(en.detail.is_ascii() && !zh.detail.is_ascii(), "{en:?}");
    }
}

#[test]
fn i09_a_restored_ledger_waits_for_a_supervisor() {
    let folder = tempfile::tempdir().unwrap();
    let first = set_up(folder.path());
    first.counter.close();
    let ledger = folder.path().join("home/ledger.db");
    let copy = std::fs::read(&ledger).unwrap();
    assert!(matches!(
        first.counter.open().unwrap(),
        CoreState::Ready { .. }
    ));
    first.counter.close();
    drop(first);
    std::fs::write(&ledger, copy).unwrap();

    let shop = shop(folder.path());
    shop.counter.open().unwrap();
    assert!(shop.counter.terminal().unwrap().restored);
    shop.counter.log_on("00", &PIN.into()).unwrap();
    let sale = shop.unsent_sale("r1");
    let why = shop.counter.sale(&sale).unwrap().explanation.unwrap();
    assert_eq!(why.code, "local.RESTORED");
    let consent = |pin: &str| Approval {
        operator: "00".to_owned(),
        pin: pin.into(),
    };
    let told = shop.counter.accept_restored(&consent("1111")).unwrap_err();
    assert!(matches!(told, Failure::WrongPin { .. }), "{told:?}");
    shop.counter.accept_restored(&consent(PIN)).unwrap();
    assert!(!shop.counter.terminal().unwrap().restored);
    shop.counter.close();
}
