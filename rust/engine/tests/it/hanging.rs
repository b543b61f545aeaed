//! What a person does with an owed item while the host hangs: it is done at once, and what the
//! exchange comes back to does not undo it.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_domain::{
    Amount, CardInput, Delivery, Entry, Id, Lang, NetCode, OriginalKind, Pan, Rail, SaleStatus,
    Track2, UndoStatus,
};
use pos_engine::desk::{DeskKeyStore, DeskOutside};
use pos_engine::terminal::host_link::{Exchange, Link, LinkFailure, Next};
use pos_engine::terminal::{
    Opening, Ports, RefundOrder, RefundSource, Terminal, UndoRequest, WebLinks,
};
use pos_engine::{Home, Loaded, SetupPorts, SystemClock, SystemRandom, SystemStorage, set_up};
use pos_ledger::{Account, NewOriginal, Stamp};
use tokio::sync::Notify;

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n\
    [unionpay]\nhost = \"simulator\"\n";
/// Longer than any of these may take, shorter than the exchange that hangs.
const AT_ONCE: Duration = Duration::from_secs(20);

/// A host that accepts and says nothing until it is let go.
struct Hanging {
    begun: Mutex<Sender<()>>,
    gone: Notify,
}

impl Link for Hanging {
    fn exchange<'a>(
        &'a self,
        _: &'a [u8],
        _: Duration,
        _: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(async {
            let _ = self.begun.lock().unwrap().send(());
            self.gone.notified().await;
            Err(LinkFailure {
                delivery: Delivery::NotSent,
                code: NetCode::Unreachable,
            })
        })
    }
}

struct Shop {
    terminal: Arc<Terminal>,
    host: Arc<Hanging>,
    begun: Receiver<()>,
    _folder: tempfile::TempDir,
}

fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path().join("home"));
    let random = Arc::new(SystemRandom);
    let key_store = DeskKeyStore::new(&home.keys(), random.clone());
    let clock = Arc::new(SystemClock::new().unwrap());
    let ports = SetupPorts {
        key_store: &key_store,
        random: random.clone(),
        clock: clock.as_ref(),
    };
    let loaded = Loaded::from_text(PROFILE, Path::new("")).unwrap();
    set_up(&home, &loaded, &ports, "01").unwrap();
    let (begun, told) = channel();
    let host = Arc::new(Hanging {
        begun: Mutex::new(begun),
        gone: Notify::new(),
    });
    let ports = Ports {
        clock,
        random,
        outside: Arc::new(DeskOutside::new(&home.keys())),
        storage: Arc::new(SystemStorage(home.root().to_owned())),
        key_store: Arc::new(key_store),
        link: Some(host.clone()),
        web: WebLinks::default(),
        cipher: None,
        edition: None,
    };
    let terminal = Terminal::open(&home, ports, Opening::Working).unwrap();
    Shop {
        terminal: Arc::new(terminal),
        host,
        begun: told,
        _folder: folder,
    }
}

impl Shop {
    /// A refund whose way to the host hangs in the sign-in before it.
    fn refund_under_way(&self) -> Id {
        let track2 = Track2::parse("6222020000000000018=30121010000").unwrap();
        let order = RefundOrder {
            of: RefundSource::Reference {
                reference: "123456789012".to_owned(),
                date: "1124".to_owned(),
                of: None,
            },
            amount: Amount::from_minor(100).unwrap(),
            card: Some(CardInput::swiped(track2).unwrap()),
            reason: None,
            request: None,
            approving: Vec::new(),
        };
        let id = self.terminal.start_refund("01", order).unwrap();
        self.begun.recv_timeout(AT_ONCE).unwrap();
        id
    }

    /// A void whose way to the host hangs in the sign-in before it.
    fn void_under_way(&self) -> Id {
        let sale = Id::parse("S1").unwrap();
        let account = Account {
            pan: Pan::parse("6222020000000000018").unwrap(),
            expiry: None,
            sequence: None,
        };
        let stamp = Stamp {
            at: self.terminal.now(),
            operator: "01".to_owned(),
        };
        let made = self.terminal.ledger().write(stamp, |tx| {
            tx.insert_original(&NewOriginal {
                id: &sale,
                kind: OriginalKind::Sale,
                rail: Rail::UnionPay,
                amount: Amount::from_minor(1234).unwrap(),
                entry: Entry::Manual,
                account: Some(&account),
                batch: "000001",
                trace: Some("000001"),
                terminal: "T       ",
                merchant: "M              ",
                status: SaleStatus::Approved,
                code: None,
                parent: None,
                deadline: None,
                request: None,
            })
        });
        made.unwrap();
        let asked = UndoRequest::default();
        let id = self.terminal.start_void("01", &sale, asked).unwrap();
        self.begun.recv_timeout(AT_ONCE).unwrap();
        id
    }

    /// Does it in a thread of its own: it must not wait for the host.
    fn at_once(&self, id: &Id, work: fn(&Terminal, &Id)) {
        let (terminal, id) = (Arc::clone(&self.terminal), id.clone());
        let (done, told) = channel();
        let worker = std::thread::spawn(move || {
            work(&terminal, &id);
            done.send(()).unwrap();
        });
        let ended = told.recv_timeout(AT_ONCE);
        assert!(ended.is_ok(), "it waited for the host");
        worker.join().unwrap();
    }

    /// Lets the host go, and waits until what was under way has ended.
    fn let_go(&self) {
        self.host.gone.notify_one();
        let terminal = &self.terminal;
        let echo = std::thread::scope(|scope| {
            let echo = scope.spawn(|| terminal.echo("01").map(drop));
            self.begun.recv_timeout(AT_ONCE).unwrap();
            self.host.gone.notify_one();
            echo.join().unwrap()
        });
        echo.unwrap();
    }

    fn status(&self, id: &Id) -> UndoStatus {
        self.terminal.undo_report(id, Lang::En).unwrap().status
    }
}

const UNDER_WAY: [fn(&Shop) -> Id; 2] = [Shop::refund_under_way, Shop::void_under_way];

#[test]
fn a_hold_waits_for_no_host_and_stays() {
    for under_way in UNDER_WAY {
        let shop = shop();
        let undo = under_way(&shop);
        shop.at_once(&undo, |terminal, id| terminal.hold("01", id).unwrap());
        assert_eq!(shop.status(&undo), UndoStatus::OnHold);
        shop.let_go();
        assert_eq!(shop.status(&undo), UndoStatus::OnHold);
        assert!(shop.terminal.verify().unwrap().ok);
    }
}

#[test]
fn a_withdrawal_waits_for_no_host_and_stays() {
    for under_way in UNDER_WAY {
        let shop = shop();
        let undo = under_way(&shop);
        shop.at_once(&undo, |terminal, id| {
            terminal.hold("01", id).unwrap();
            terminal.release("01", id).unwrap();
            terminal.withdraw("01", id, &[]).unwrap();
        });
        shop.let_go();
        assert_eq!(shop.status(&undo), UndoStatus::Withdrawn);
        assert_eq!(shop.terminal.queue(Lang::En).unwrap().len(), 0);
        assert!(shop.terminal.verify().unwrap().ok);
    }
}

#[test]
fn an_escalation_waits_for_no_host_and_stays() {
    for under_way in UNDER_WAY {
        let shop = shop();
        let undo = under_way(&shop);
        let escalate = |terminal: &Terminal, id: &Id| terminal.escalate("01", id, &[]).unwrap();
        shop.at_once(&undo, escalate);
        shop.let_go();
        assert_eq!(shop.status(&undo), UndoStatus::Escalated);
        assert!(shop.terminal.verify().unwrap().ok);
    }
}

#[test]
fn a_new_round_waits_for_no_host() {
    let shop = shop();
    let refund = shop.refund_under_way();
    shop.at_once(&refund, |terminal, _| terminal.retry_all("01").unwrap());
    shop.let_go();
}
