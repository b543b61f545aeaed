//! A shop with one terminal: it sells, voids, loses its network, dies and starts again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_channels::unionpay::{Habits, Identity, KeyMode, VoidReversalOriginal};
use pos_domain::{Amount, CardInput, Id, OriginalKind, SaleStatus, UndoStatus};
use pos_flows::{Desk, FlowError, Order, PassReport, Rules, VoidRequest, Voided};
use pos_ledger::{DataKey, Ledger, LedgerOptions, Obligation, Query, SaleView, Sealer, Undo};
use pos_sim::{Acquirer, Settings};
use tempfile::TempDir;

use crate::cards::card;
use crate::keypad::KeyPad;
use crate::link::{Death, MemoryLink};
use crate::ports::{CountingRandom, MemoryOutside, TestClock};

/// The master key of both sides.
pub const TMK: [u8; 16] = *b"1234567812345678";
/// The key that the ledger's account data is sealed with.
pub const DATA_KEY: [u8; 32] = [7; 32];

/// How a shop and its acquirer differ from the usual.
pub struct Setup {
    /// What the terminal's profile says.
    pub rules: Rules,
    /// How the acquirer behaves.
    pub acquirer: Settings,
    /// The master key in the terminal; the acquirer's is [`TMK`].
    pub tmk: [u8; 16],
}

/// What stays when the program dies.
struct Home {
    folder: TempDir,
    link: Arc<MemoryLink>,
    clock: Arc<TestClock>,
    outside: Arc<MemoryOutside>,
    random: Arc<CountingRandom>,
    rules: Arc<Rules>,
    tmk: [u8; 16],
    data_key: [u8; 32],
}

/// A shop, its terminal's folder, and the acquirer.
pub struct Shop {
    home: Home,
    /// The acquirer.
    pub acquirer: Arc<Mutex<Acquirer>>,
    /// The network.
    pub link: Arc<MemoryLink>,
    /// The clocks.
    pub clock: Arc<TestClock>,
    /// The place outside the ledger.
    pub outside: Arc<MemoryOutside>,
    /// The terminal at work.
    pub desk: Desk,
}

/// The rules of the tests: those of a profile's defaults.
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
            habits: Habits::default(),
        },
        key_mode: KeyMode::Double,
        timeout: Duration::from_secs(60),
        resend_limit: 3,
        void_needs_card: false,
        void_needs_pin: false,
        completion_void_needs_card: false,
        completion_void_needs_pin: false,
        preauth_void_needs_pin: false,
        unmaced_decline: false,
        authenticated_link: false,
        late_window_ms: 120_000,
        day_cutover_minute: 23 * 60,
        max_batch: 500,
        qr_void_reversal: false,
        completion_most: 115,
    }
}

/// A folder in memory where the platform has that: each of thousands of commits is synced.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a folder")
}

impl Home {
    /// The program, before it put right what it finds.
    fn open(&self) -> Desk {
        let sealer = Sealer::new(&DataKey(self.data_key), Arc::clone(&self.random) as _);
        let ledger = Ledger::open(LedgerOptions {
            path: self.folder.path().join("ledger.db"),
            sealer,
            random: Arc::clone(&self.random) as _,
        })
        .expect("the ledger");
        let key_mode = self.rules.key_mode;
        Desk {
            ledger: Arc::new(ledger),
            link: Arc::clone(&self.link) as _,
            clock: Arc::clone(&self.clock) as _,
            cipher: Arc::new(KeyPad::new(self.tmk, key_mode)),
            outside: Arc::clone(&self.outside) as _,
            storage: Arc::clone(&self.outside) as _,
            rules: Arc::clone(&self.rules),
        }
    }
}

impl Shop {
    /// A new shop at a new acquirer.
    pub fn open() -> Self {
        Self::set_up(|_| {})
    }

    /// A new shop whose profile says other things.
    pub fn open_where(change: impl FnOnce(&mut Rules)) -> Self {
        Self::set_up(|setup| change(&mut setup.rules))
    }

    /// A new shop that differs from the usual.
    pub fn set_up(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup {
            rules: rules(),
            acquirer: Settings::default(),
            tmk: TMK,
        };
        change(&mut setup);
        let clock = Arc::new(TestClock::default());
        let acquirer = Arc::new(Mutex::new(Acquirer::new(setup.acquirer)));
        let link = Arc::new(MemoryLink::new(Arc::clone(&acquirer), Arc::clone(&clock)));
        let outside = Arc::new(MemoryOutside::default());
        let home = Home {
            folder: folder(),
            link: Arc::clone(&link),
            clock: Arc::clone(&clock),
            outside: Arc::clone(&outside),
            random: Arc::default(),
            rules: Arc::new(setup.rules),
            tmk: setup.tmk,
            data_key: DATA_KEY,
        };
        let desk = home.open();
        desk.recover().expect("recovery");
        Self {
            home,
            acquirer,
            link,
            clock,
            outside,
            desk,
        }
    }

    /// The program dies where it stands and starts again on the same folder.
    pub fn restart(&mut self) {
        self.start_unrecovered();
        self.desk.recover().expect("recovery");
    }

    /// As [`Shop::restart`], but what was found is not put right yet.
    pub fn start_unrecovered(&mut self) {
        self.desk = self.home.open();
    }

    /// From the next start on, the key store has lost the key that account data is sealed with.
    pub fn lose_data_key(&mut self) {
        self.home.data_key = [8; 32];
    }

    /// Where the ledger lies.
    pub fn folder(&self) -> PathBuf {
        self.home.folder.path().to_owned()
    }

    /// Stops the program at its `nth` commit from now; `committed` says whether that one is made.
    pub fn stop_at(&self, nth: i64, committed: bool) {
        self.desk.ledger.stop_point().arm(nth, committed);
    }

    /// Commits made since the program started.
    pub fn commits(&self) -> i64 {
        self.desk.ledger.stop_point().seen()
    }

    /// Runs a flow until the program dies in its `nth` exchange; `None` when it died.
    pub async fn dies_in<T>(
        &self,
        nth: u32,
        place: Death,
        flow: impl Future<Output = T>,
    ) -> Option<T> {
        self.link.die_in(nth, place);
        tokio::select! {
            biased;
            done = flow => Some(done),
            () = self.link.died() => None,
        }
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

    /// Adds one fault without an argument.
    pub fn fault(&self, on: &str, at: &str, action: &str) {
        self.faults(&fault(on, at, action, ""));
    }

    /// The business day of the acquirer moves on.
    pub fn cut_over(&self) {
        let now = self.clock.true_time();
        self.host().cutover(now, 0);
    }

    /// Sells by keyed card.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn sell(&self, fen: i64) -> Result<Id, FlowError> {
        self.sell_to(fen, &card(), None).await
    }

    /// Sells to a card, perhaps under the caller's own name of the command.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn sell_to(
        &self,
        fen: i64,
        card: &CardInput,
        request: Option<&str>,
    ) -> Result<Id, FlowError> {
        let order = Order {
            kind: OriginalKind::Sale,
            amount: Amount::from_minor(fen).expect("an amount"),
            card,
            parent: None,
            request,
        };
        self.desk.take("01", &order).await
    }

    /// Taps 撤销.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn void(&self, sale: &Id) -> Result<Voided, FlowError> {
        self.void_with(sale, None).await
    }

    /// Taps 撤销 with the card.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn void_with(
        &self,
        sale: &Id,
        card: Option<&CardInput>,
    ) -> Result<Voided, FlowError> {
        let asked = VoidRequest {
            sale,
            card,
            reason: None,
            request: None,
        };
        self.desk.void("01", &asked, |_, _, _| Ok(())).await
    }

    /// Taps 撤销 where it cannot be refused; gives the void.
    pub async fn void_id(&self, sale: &Id) -> Id {
        match self.void(sale).await.expect("the void") {
            Voided::Recorded(id) => id,
            Voided::Refused(code) => panic!("refused: {code}"),
        }
    }

    /// Works off everything owed, waiting as long as it takes, at most `rounds` passes.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn work_off(&self, rounds: u32) -> Result<PassReport, FlowError> {
        self.desk.begin_round("01")?;
        self.work_while(rounds, |report| report.left > 0).await
    }

    /// Works everything off, and the confirmations too, which count as nothing left.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn finish(&self, rounds: u32) -> Result<PassReport, FlowError> {
        self.desk.begin_round("01")?;
        self.work_while(rounds, |report| {
            report.left > 0 || report.next_due_ms.is_some()
        })
        .await
    }

    async fn work_while(
        &self,
        rounds: u32,
        go_on: impl Fn(&PassReport) -> bool,
    ) -> Result<PassReport, FlowError> {
        let mut report = PassReport::default();
        for _ in 0..rounds {
            report = self.desk.pass("01").await?;
            if !go_on(&report) {
                break;
            }
            let wait = report.next_due_ms.unwrap_or(1_000).max(100);
            self.wait(wait).await;
        }
        Ok(report)
    }

    /// Time passes, milliseconds.
    pub async fn wait(&self, ms: i64) {
        tokio::time::sleep(Duration::from_millis(ms.unsigned_abs())).await;
    }

    /// Reads the ledger.
    pub fn read<T>(&self, work: impl FnOnce(Query<'_>) -> Result<T, pos_ledger::LedgerError>) -> T {
        self.desk.ledger.read(work).expect("the ledger")
    }

    /// A sale as people see it.
    pub fn view(&self, sale: &Id) -> SaleView {
        self.read(|query| query.sale(sale))
    }

    /// A sale's status.
    pub fn status(&self, sale: &Id) -> SaleStatus {
        self.view(sale).status
    }

    /// An undo.
    pub fn undo(&self, id: &Id) -> Undo {
        self.read(|query| query.undo(id))
    }

    /// The newest undo's status of a sale.
    pub fn undo_status(&self, sale: &Id) -> Option<UndoStatus> {
        self.view(sale).undo.map(|undo| undo.status)
    }

    /// An obligation.
    pub fn owed(&self, id: &Id) -> Obligation {
        self.read(|query| query.obligation(id))
    }

    /// The newest reversal about a sale or its undos.
    pub fn reversal(&self, sale: &Id) -> Obligation {
        let all = self.read(|query| query.obligations_of(sale));
        let newest = all
            .into_iter()
            .rfind(|owed| owed.kind == pos_domain::status::ObligationKind::Reversal);
        newest.expect("a reversal")
    }

    /// Why the next exchange signs in first; empty when it does not.
    pub fn sign_in_needed(&self) -> String {
        self.read(|query| query.setting("state.sign_in_needed"))
            .unwrap_or_default()
    }
}

/// One fault in its TOML form; `arg` may be empty.
pub fn fault(on: &str, at: &str, action: &str, arg: &str) -> String {
    let arg = match arg {
        "" => String::new(),
        arg => format!("arg=\"{arg}\"\n"),
    };
    format!("[[fault]]\non=\"{on}\"\nat=\"{at}\"\ndo=\"{action}\"\n{arg}")
}
