//! A shop with one terminal: it sells, voids, loses its network, dies and starts again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_channels::unionpay::{Identity, KeyMode, VoidReversalOriginal};
use pos_domain::{Amount, CardInput, Expiry, Id, OriginalKind, Pan, SaleStatus, UndoStatus};
use pos_engine::SoftCipher;
use pos_flows::{Desk, FlowError, Order, PassReport, Rules, VoidRequest, Voided};
use pos_iso8583::security;
use pos_ledger::{DataKey, Ledger, LedgerOptions, SaleView, Sealer, Undo};
use pos_sim::{Acquirer, Settings};
use tempfile::TempDir;

use crate::link::MemoryLink;
use crate::ports::{CountingRandom, MemoryOutside, TestClock};

/// A card of the tests; it exists nowhere else.
pub const CARD: &str = "6222020000000000000";
/// Its expiry date.
pub const EXPIRY: &str = "3012";
/// The master key of both sides.
pub const TMK: [u8; 16] = *b"1234567812345678";

/// A shop, its terminal's folder, and the acquirer.
pub struct Shop {
    folder: TempDir,
    /// The acquirer.
    pub acquirer: Arc<Mutex<Acquirer>>,
    /// The network.
    pub link: Arc<MemoryLink>,
    /// The clocks.
    pub clock: Arc<TestClock>,
    /// The place outside the ledger.
    pub outside: Arc<MemoryOutside>,
    random: Arc<CountingRandom>,
    /// The terminal at work.
    pub desk: Desk,
    rules: Arc<Rules>,
}

/// The rules of the tests: short waits, everything else as a profile's defaults.
fn rules() -> Rules {
    Rules {
        identity: Identity {
            terminal: "10000001".to_owned(),
            merchant: "898310048140001".to_owned(),
            tpdu: "6000030000".parse().expect("a header"),
            header: "603100311300".parse().expect("a header"),
            algorithm_digit: '6',
            tracks_encrypted: false,
            capability: '6',
            void_reversal: VoidReversalOriginal::Void,
        },
        key_mode: KeyMode::Double,
        timeout: Duration::from_secs(60),
        resend_limit: 3,
        void_needs_card: false,
        void_needs_pin: false,
        unmaced_decline: false,
        late_window_ms: 120_000,
        day_cutover_minute: 23 * 60,
        max_batch: 500,
    }
}

impl Shop {
    /// A new shop at a new acquirer.
    pub fn open() -> Self {
        Self::open_with(rules())
    }

    /// A new shop whose acquirer has other rules.
    pub fn open_where(change: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = rules();
        change(&mut rules);
        Self::open_with(rules)
    }

    fn open_with(rules: Rules) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::default());
        let acquirer = Arc::new(Mutex::new(Acquirer::new(Settings::default())));
        let link = Arc::new(MemoryLink::new(Arc::clone(&acquirer), Arc::clone(&clock)));
        let outside = Arc::new(MemoryOutside::default());
        let random = Arc::new(CountingRandom::default());
        let rules = Arc::new(rules);
        let desk = start(&folder, &link, &clock, &outside, &random, &rules);
        Self {
            folder,
            acquirer,
            link,
            clock,
            outside,
            random,
            desk,
            rules,
        }
    }

    /// The program dies where it stands and starts again on the same folder.
    pub fn restart(&mut self) {
        self.desk = start(
            &self.folder,
            &self.link,
            &self.clock,
            &self.outside,
            &self.random,
            &self.rules,
        );
    }

    /// Stops the program at its `nth` commit from now; `committed` says whether that one is made.
    pub fn stop_at(&self, nth: i64, committed: bool) {
        self.desk.ledger.stop_point().arm(nth, committed);
    }

    /// Commits made since the program started.
    pub fn commits(&self) -> i64 {
        self.desk.ledger.stop_point().seen()
    }

    /// The acquirer, for faults and cut-overs.
    pub fn host(&self) -> std::sync::MutexGuard<'_, Acquirer> {
        self.acquirer.lock().expect("a test panicked")
    }

    /// Adds faults in their TOML form.
    pub fn faults(&self, toml: &str) {
        let faults = pos_sim::fault::parse(toml).expect("a fault script");
        self.host().add_faults(faults);
    }

    /// Sells by keyed card.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn sell(&self, fen: i64) -> Result<Id, FlowError> {
        let card = card();
        let amount = Amount::from_minor(fen).expect("an amount");
        let kind = OriginalKind::Sale;
        let order = Order {
            kind,
            amount,
            card: &card,
            parent: None,
            request: None,
        };
        self.desk.take("01", &order).await
    }

    /// Taps 撤销.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn void(&self, sale: &Id) -> Result<Voided, FlowError> {
        let asked = VoidRequest {
            sale,
            card: None,
            reason: None,
            request: None,
        };
        self.desk.void("01", &asked, |_, _, _| Ok(())).await
    }

    /// Works off everything owed, waiting as long as it takes, at most `rounds` passes.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn work_off(&self, rounds: u32) -> Result<PassReport, FlowError> {
        let mut report = PassReport::default();
        self.desk.begin_round("01")?;
        for _ in 0..rounds {
            report = self.desk.pass("01").await?;
            if report.left == 0 {
                break;
            }
            let wait = report.next_due_ms.unwrap_or(1_000).max(100);
            tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
        }
        Ok(report)
    }

    /// A sale as people see it.
    pub fn view(&self, sale: &Id) -> SaleView {
        self.desk
            .ledger
            .read(|query| query.sale(sale))
            .expect("the sale")
    }

    /// A sale's status.
    pub fn status(&self, sale: &Id) -> SaleStatus {
        self.view(sale).status
    }

    /// An undo.
    pub fn undo(&self, id: &Id) -> Undo {
        self.desk
            .ledger
            .read(|query| query.undo(id))
            .expect("the undo")
    }

    /// The newest undo's status of a sale.
    pub fn undo_status(&self, sale: &Id) -> Option<UndoStatus> {
        self.view(sale).undo.map(|undo| undo.status)
    }
}

/// The card of the tests, keyed in.
pub fn card() -> CardInput {
    CardInput::keyed(
        Pan::parse(CARD).expect("a card"),
        Expiry::parse(EXPIRY).ok(),
    )
}

fn start(
    folder: &TempDir,
    link: &Arc<MemoryLink>,
    clock: &Arc<TestClock>,
    outside: &Arc<MemoryOutside>,
    random: &Arc<CountingRandom>,
    rules: &Arc<Rules>,
) -> Desk {
    let sealer = Sealer::new(&DataKey([7; 32]), Arc::clone(random) as _);
    let ledger = Ledger::open(LedgerOptions {
        path: folder.path().join("ledger.db"),
        sealer,
        random: Arc::clone(random) as _,
    })
    .expect("the ledger");
    let algorithm = security::algorithm("cup-ecb").expect("the default algorithm");
    let desk = Desk {
        ledger: Arc::new(ledger),
        link: Arc::clone(link) as _,
        clock: Arc::clone(clock) as _,
        cipher: Arc::new(SoftCipher::new(&TMK, rules.key_mode, algorithm)),
        outside: Arc::clone(outside) as _,
        storage: Arc::clone(outside) as _,
        rules: Arc::clone(rules),
    };
    desk.recover().expect("recovery");
    desk
}
