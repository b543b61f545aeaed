//! A shop that sells by WeChat and Alipay: its till, the network, and the simulated wallets.

mod checker;
mod codes;
mod link;
mod rails;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use pos_channels::wechat::SubMerchant;
use pos_channels::wechat::v2::SignType;
use pos_domain::{Amount, Id, LocalCode, Rail, SaleStatus, ToldUnpaid};
use pos_flows::wallet::{
    Next, PaymentCode, Rails, ScanOrder, ShowOrder, Till, WebRefund, WebRules,
};
use pos_flows::{FlowError, PassReport, VoidRequest, Voided};
use pos_ledger::{
    DataKey, Ledger, LedgerError, LedgerOptions, Query, SaleView, Sealer, Undo, WebOrder,
};
use pos_sim::{Customer, Hosts, WalletSettings};
use tempfile::TempDir;

pub use checker::web_findings;
pub use codes::{alipay_code, asked_for, code, unionpay_code, wechat_code};
pub use link::{MemoryWeb, WebNetwork, WebTamper};

use self::rails::{rails, rules};
use crate::link::Death;
use crate::ports::{CountingRandom, MemoryOutside, TestClock};
use crate::shop::{DATA_KEY, folder};

/// How a shop and its wallets differ from the usual.
pub struct WebSetup {
    /// What the terminal's profile says.
    pub rules: WebRules,
    /// Who sells, and how the wallets behave.
    pub wallets: WalletSettings,
    /// How WeChat v2 messages are signed.
    pub sign_type: SignType,
    /// The shop behind a service provider.
    pub sub: Option<SubMerchant>,
}

/// What stays when the program dies.
struct Home {
    folder: TempDir,
    network: Arc<WebNetwork>,
    clock: Arc<TestClock>,
    outside: Arc<MemoryOutside>,
    random: Arc<CountingRandom>,
    rules: Arc<WebRules>,
    rails: Arc<Rails>,
}

/// A shop, its terminal's folder, and the wallets.
pub struct WebShop {
    home: Home,
    /// The network.
    pub network: Arc<WebNetwork>,
    /// The clocks.
    pub clock: Arc<TestClock>,
    /// The disk.
    pub outside: Arc<MemoryOutside>,
    /// The terminal at work.
    pub till: Till,
}

impl Home {
    /// The program, before it put right what it finds.
    fn open(&self) -> Till {
        let sealer = Sealer::new(&DataKey(DATA_KEY), Arc::clone(&self.random) as _);
        let ledger = Ledger::open(LedgerOptions {
            path: self.folder.path().join("ledger.db"),
            sealer,
            random: Arc::clone(&self.random) as _,
        })
        .expect("the ledger");
        Till {
            ledger: Arc::new(ledger),
            clock: Arc::clone(&self.clock) as _,
            random: Arc::clone(&self.random) as _,
            storage: Arc::clone(&self.outside) as _,
            rules: Arc::clone(&self.rules),
            rails: Arc::clone(&self.rails),
        }
    }
}

impl WebShop {
    /// A new shop at the usual wallets.
    pub fn open() -> Self {
        Self::set_up(|_| {})
    }

    /// A new shop that differs from the usual.
    pub fn set_up(change: impl FnOnce(&mut WebSetup)) -> Self {
        let mut setup = WebSetup {
            rules: rules(),
            wallets: WalletSettings::default(),
            sign_type: SignType::HmacSha256,
            sub: None,
        };
        change(&mut setup);
        let clock = Arc::new(TestClock::default());
        let hosts = Hosts::new(pos_sim::Settings::default(), &setup.wallets).expect("the wallets");
        let hosts = Arc::new(Mutex::new(hosts));
        let network = WebNetwork::new(hosts, Arc::clone(&clock));
        let outside = Arc::new(MemoryOutside::default());
        let home = Home {
            folder: folder(),
            network: Arc::clone(&network),
            clock: Arc::clone(&clock),
            outside: Arc::clone(&outside),
            random: Arc::default(),
            rails: Arc::new(rails(&setup, &network)),
            rules: Arc::new(setup.rules),
        };
        let till = home.open();
        till.recover().expect("recovery");
        Self {
            home,
            network,
            clock,
            outside,
            till,
        }
    }

    /// The program dies where it stands and starts again on the same folder.
    pub fn restart(&mut self) {
        self.till = self.home.open();
        self.till.recover().expect("recovery");
    }

    /// Where the ledger lies.
    pub fn folder(&self) -> PathBuf {
        self.home.folder.path().to_owned()
    }

    /// Stops the program at its `nth` commit from now; `committed` says whether that one is made.
    pub fn stop_at(&self, nth: i64, committed: bool) {
        self.till.ledger.stop_point().arm(nth, committed);
    }

    /// Commits made since the program started.
    pub fn commits(&self) -> i64 {
        self.till.ledger.stop_point().seen()
    }

    /// Runs a flow until the program dies in its `nth` call; `None` when it died.
    pub async fn dies_in<T>(
        &self,
        nth: u32,
        place: Death,
        flow: impl Future<Output = T>,
    ) -> Option<T> {
        self.network.die_in(nth, place);
        tokio::select! {
            biased;
            done = flow => Some(done),
            () = self.home.network.died() => None,
        }
    }

    /// The wallets, for faults and customers.
    pub fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.network.hosts.lock().expect("a test panicked")
    }

    /// Adds faults in their TOML form.
    pub fn faults(&self, toml: &str) {
        let faults = pos_sim::fault::parse(toml).expect("a fault script");
        self.hosts().add_faults(faults);
    }

    /// Adds one fault.
    pub fn fault(&self, on: &str, at: &str, action: &str) {
        self.faults(&crate::shop::fault(on, at, action, ""));
    }

    /// The customer of the newest order at `rail` does something.
    pub fn customer(&self, rail: Rail, what: Customer) {
        let now = self.clock.true_time();
        let mut hosts = self.hosts();
        let wallet = match rail {
            Rail::WeChat => hosts.wechat(),
            Rail::Alipay => hosts.alipay(),
            Rail::UnionPay => hosts.acp(),
        };
        assert!(wallet.execute(what, None, now), "no such order");
    }

    /// Sells by a payment code.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn sell(&self, fen: i64, code: &PaymentCode) -> Result<Id, FlowError> {
        let amount = Amount::from_minor(fen).expect("an amount");
        let sale = ScanOrder {
            amount,
            code,
            request: None,
        };
        self.till.sell("01", &sale).await
    }

    /// Sells by a payment code, and waits until the sale is proven either way.
    pub async fn sell_through(&self, fen: i64, code: &PaymentCode) -> Id {
        let sale = self.sell(fen, code).await.expect("the sale");
        self.follow(&sale).await.expect("the steps");
        sale
    }

    /// Sells by a QR of ours.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn show(&self, fen: i64, rail: Rail) -> Result<Id, FlowError> {
        let amount = Amount::from_minor(fen).expect("an amount");
        let sale = ShowOrder {
            rail,
            amount,
            request: None,
        };
        self.till.show("01", &sale).await
    }

    /// Steps a sale until it is proven, or for three hours.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn follow(&self, sale: &Id) -> Result<(), FlowError> {
        self.follow_for(sale, 3 * 3_600_000).await
    }

    /// Steps a sale until it is proven, or for so many milliseconds.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn follow_for(&self, sale: &Id, ms: u64) -> Result<(), FlowError> {
        let until = tokio::time::Instant::now() + Duration::from_millis(ms);
        while let Next::After(wait) = self.till.step("01", sale).await? {
            if tokio::time::Instant::now() + wait > until {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Steps a sale until the counter is told this of it, and not one step further.
    pub async fn follow_until_told(&self, sale: &Id, told: ToldUnpaid) {
        loop {
            let next = self.till.step("01", sale).await.expect("a step");
            match next {
                _ if self.order(sale).told == told => return,
                Next::After(wait) => tokio::time::sleep(wait).await,
                Next::Ended => panic!("{sale} ended before anybody was told"),
            }
        }
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
        self.till.void("01", &asked, |_, _, _| Ok(())).await
    }

    /// Taps 撤销 where it cannot be refused; gives the void.
    pub async fn void_id(&self, sale: &Id) -> Id {
        match self.void(sale).await.expect("the void") {
            Voided::Recorded(id) => id,
            Voided::Refused(code) => panic!("refused: {code}"),
        }
    }

    /// Gives part of a sale back.
    ///
    /// # Errors
    /// Those of the flow; a stopped program is one.
    pub async fn refund(&self, sale: &Id, fen: i64) -> Result<Voided, FlowError> {
        let asked = WebRefund {
            sale,
            amount: Amount::from_minor(fen).expect("an amount"),
            reason: None,
            follows: None,
            request: None,
        };
        self.till.refund("01", &asked, |_, _, _| Ok(())).await
    }

    /// Works off everything owed, waiting as long as it takes, at most `rounds` passes.
    ///
    /// # Errors
    /// Those of the flow.
    pub async fn work_off(&self, rounds: u32) -> Result<PassReport, FlowError> {
        self.till.begin_round("01")?;
        let mut report = PassReport::default();
        for _ in 0..rounds {
            report = self.till.pass("01").await?;
            let Some(wait) = report.next_due_ms.filter(|_| report.left > 0) else {
                break;
            };
            self.wait(wait.max(100)).await;
        }
        Ok(report)
    }

    /// Time passes, milliseconds.
    pub async fn wait(&self, ms: i64) {
        tokio::time::sleep(Duration::from_millis(ms.unsigned_abs())).await;
    }

    /// Reads the ledger.
    pub fn read<T>(&self, work: impl FnOnce(Query<'_>) -> Result<T, LedgerError>) -> T {
        self.till.ledger.read(work).expect("the ledger")
    }

    /// A sale as people see it.
    pub fn view(&self, sale: &Id) -> SaleView {
        self.read(|query| query.sale(sale))
    }

    /// A sale's status.
    pub fn status(&self, sale: &Id) -> SaleStatus {
        self.view(sale).status
    }

    /// A sale's code as `explain` takes it; empty without one.
    pub fn code(&self, sale: &Id) -> String {
        let code = self.view(sale).original.code;
        code.map(|code| code.to_string()).unwrap_or_default()
    }

    /// A sale's web side.
    pub fn order(&self, sale: &Id) -> WebOrder {
        self.read(|query| query.web_order(sale)).expect("an order")
    }

    /// An undo.
    pub fn undo(&self, id: &Id) -> Undo {
        self.read(|query| query.undo(id))
    }

    /// What every request so far asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.network
            .requests()
            .iter()
            .map(|(_, request)| asked_for(request))
            .collect()
    }
}

/// Whether a flow was refused for this reason.
pub fn is_refused<T>(result: &Result<T, FlowError>, why: LocalCode) -> bool {
    matches!(result, Err(FlowError::Refused(code)) if *code == why.into())
}
