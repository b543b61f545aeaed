//! A random day at the counter. The same seed gives the same day, byte for byte.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Id, SaleStatus, UndoStatus};
use pos_flows::FlowError;
use pos_ledger::{JournalFilter, Obligation, Tx, Undo};

use crate::cards::swiped;
use crate::checker::{Finding, every_void_ends, findings};
use crate::shop::{Shop, fault};

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `below` - 1.
    fn below(&mut self, below: u64) -> u64 {
        self.next() % below
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let at = (count > 0).then(|| self.below(count))?;
        all.get(usize::try_from(at).ok()?)
    }
}

/// How a random day went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Every request that reached the host, and at the end the status of every sale.
    pub trace: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Plays the day of this seed with so many steps, and then lets everything come to rest.
pub async fn play(seed: u64, steps: u32) -> Outcome {
    let mut day = Day {
        dice: Dice(seed),
        shop: Shop::set_up(|setup| {
            setup.acquirer.day_cutover = Some(23 * 60);
            // The host's delays are counted in requests, which may take hours here.
            setup.rules.late_window_ms = 2 * 3_600_000;
        }),
        unplugged: false,
        cut_over: false,
    };
    for _ in 0..steps {
        if day.step().await.is_err() {
            // Only a planned stop ends a flow with an error.
            day.shop.restart();
        }
    }
    day.rest().await
}

struct Day {
    dice: Dice,
    shop: Shop,
    unplugged: bool,
    cut_over: bool,
}

/// Faults that a network or a host can have without lying.
const FAULTS: [(&str, &str, &str); 16] = [
    ("request_read", "drop", ""),
    ("request_read", "cut", ""),
    ("request_read", "duplicate", ""),
    ("request_read", "corrupt", ""),
    ("request_read", "late", "1"),
    ("request_read", "late", "2"),
    ("request_read", "code", "96"),
    ("request_read", "code", "90"),
    ("request_read", "code", "A0"),
    ("after_booking", "drop", ""),
    ("after_booking", "wrong_mac", ""),
    ("after_booking", "late", "1"),
    ("after_booking", "code", "91"),
    ("after_booking", "foreign_answer", ""),
    ("mid_answer", "cut", ""),
    ("mid_answer", "corrupt", ""),
];

const REQUESTS: [&str; 5] = ["sale", "void", "reversal_sale", "reversal_void", "sign_in"];

impl Day {
    async fn step(&mut self) -> Result<(), FlowError> {
        match self.dice.below(100) {
            0..=24 => {
                let fen = 1 + self.dice.below(500_000);
                self.shop.sell(i64::try_from(fen).unwrap_or(1)).await?;
            }
            25..=44 => self.void().await?,
            45..=54 => self.someone_touches_the_queue()?,
            55..=62 => self.plug(),
            63..=74 => self.trouble(),
            75..=79 => self.shop.restart(),
            80..=84 => self.stop_soon(),
            85..=86 => self.clocks(),
            87 => self.host_acts(),
            88..=89 => self.refund().await?,
            _ => self.time_passes().await?,
        }
        Ok(())
    }

    fn sales(&self) -> Vec<Id> {
        let filter = JournalFilter {
            limit: 10_000,
            ..JournalFilter::default()
        };
        let sales = self.shop.read(|query| query.sales(&filter));
        sales.into_iter().map(|sale| sale.original.id).collect()
    }

    async fn void(&mut self) -> Result<(), FlowError> {
        let sales = self.sales();
        if let Some(sale) = self.dice.one_of(&sales) {
            self.shop.void(sale).await?;
        }
        Ok(())
    }

    async fn refund(&mut self) -> Result<(), FlowError> {
        let sales = self.sales();
        if let Some(sale) = self.dice.one_of(&sales) {
            let most = self.shop.read(|query| query.remaining(sale));
            if most > 0 && self.shop.status(sale) == SaleStatus::Approved {
                self.shop.try_refund(sale, most).await?;
            }
        }
        Ok(())
    }

    /// What is refused is refused; an error is a stop.
    fn someone_touches_the_queue(&mut self) -> Result<(), FlowError> {
        let open = self.shop.read(|query| query.open_undos());
        let Some(undo) = self.dice.one_of(&open) else {
            return Ok(());
        };
        let desk = &self.shop.desk;
        let done = match self.dice.below(3) {
            0 => desk.hold("01", &undo.id),
            1 => desk.release("01", &undo.id),
            _ => desk.withdraw("01", &undo.id, |_: &Tx<'_>, _: &Undo| Ok(())),
        };
        match done {
            Err(FlowError::Refused(_)) => Ok(()),
            other => other,
        }
    }

    fn plug(&mut self) {
        self.unplugged = !self.unplugged;
        self.shop.link.unplug(self.unplugged);
    }

    fn trouble(&mut self) {
        let (at, action, arg) = *self.dice.one_of(&FAULTS).expect("a fault");
        let on = self.dice.one_of(&REQUESTS).expect("a request");
        self.shop.faults(&fault(on, at, action, arg));
    }

    /// The program will be stopped at one of its next commits.
    fn stop_soon(&mut self) {
        let nth = 1 + self.dice.below(9);
        let committed = self.dice.below(2) == 0;
        self.shop
            .stop_at(i64::try_from(nth).unwrap_or(1), committed);
    }

    fn clocks(&mut self) {
        match self.dice.below(3) {
            0 => self.shop.clock.jump_wall(86_400_000),
            1 => self.shop.clock.jump_wall(-86_400_000),
            _ => self.shop.clock.reboot(),
        }
    }

    fn host_acts(&mut self) {
        match self.dice.below(4) {
            0 => {
                self.cut_over = true;
                self.shop.cut_over();
            }
            1 => self.shop.host().drop_keys(),
            2 => self.shop.host().rotate_keys(),
            _ => self.shop.host().ask_for(3),
        }
    }

    async fn time_passes(&mut self) -> Result<(), FlowError> {
        let wait = self.dice.below(20 * 60_000);
        self.shop.wait(i64::try_from(wait).unwrap_or(0)).await;
        self.shop.desk.pass("01").await?;
        Ok(())
    }

    /// All trouble ends, everything held is released, and everything is worked off.
    async fn rest(mut self) -> Outcome {
        self.shop.host().clear_faults();
        self.shop.link.unplug(false);
        self.shop.restart();
        let open = |shop: &Shop| shop.read(|query| query.open_undos());
        for undo in open(&self.shop) {
            if undo.status == UndoStatus::OnHold {
                self.shop.desk.release("01", &undo.id).expect("a release");
            }
        }
        // First what shuts the gate, then the customers with their cards.
        self.shop.finish(60).await.expect("the reversals");
        for undo in open(&self.shop) {
            if undo.status == UndoStatus::NeedsCard {
                let card = swiped();
                let presented = self.shop.desk.present_card("01", &undo.id, &card);
                presented.await.expect("a card");
            }
        }
        self.shop.finish(60).await.expect("the rest of the day");
        let mut wrong = findings(&self.shop);
        if !every_void_ends(&self.shop) {
            wrong.push(self.finding("ends", "a void is still being sent".to_owned()));
        }
        for owed in self.shop.read(|query| query.left()) {
            if owed.status != ObligationStatus::Escalated && !self.waits_for_sale(&owed) {
                wrong.push(self.finding("left", format!("{owed:?}")));
            }
        }
        Outcome {
            trace: self.trace(),
            findings: wrong,
        }
    }

    /// A void of a sale that only the acquirer can prove goes on when he has spoken.
    fn waits_for_sale(&self, owed: &Obligation) -> bool {
        let status = |sale| self.shop.read(|query| query.original(sale)).status;
        owed.kind == ObligationKind::Void
            && owed.original.as_ref().map(status) == Some(SaleStatus::Unknown)
    }

    fn finding(&self, check: &'static str, detail: String) -> Finding {
        Finding { check, detail }
    }

    fn trace(&self) -> Vec<String> {
        let requests = self.shop.link.requests();
        let hex = |frame: &Vec<u8>| frame.iter().map(|byte| format!("{byte:02X}")).collect();
        let mut trace: Vec<String> = requests.iter().map(hex).collect();
        for sale in self.sales() {
            trace.push(format!("{sale} {}", self.shop.status(&sale)));
        }
        trace
    }
}
