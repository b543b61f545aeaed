//! The one object: each call goes to the counter.

use std::path::PathBuf;
use std::sync::Arc;

use pos_engine::counter::{
    Approval, CardRead, CheckItem, ClearingGiven, CodeKind, CompletionRequest, Copy, CoreState,
    Counter, CounterPorts, Event, Evidence, Failure, Frame, LineTest, Modules, Network,
    NewOperator, Operator, OwedAction, OwedItem, Preauth, PreauthPage, PreauthRequest,
    ProfileGiven, ProfileSummary, ReferencePreview, ReferenceRefund, RefundPreview, RefundRequest,
    Report, Sale, SalePage, SaleQuery, SaleRecord, SaleRequest, Settlement, SlipOf, StatementGiven,
    TapRequest, TapStep, TerminalState, Undo, VoidPreview, VoidRequest,
};
use pos_engine::domain::receipt::Line;
use pos_engine::domain::{Explanation, Lang, Rail};
use pos_engine::{Edition, FileOutside, Home, Secret};

use crate::crash;
use crate::ports::{Clock, ForeignClock, ForeignKeys, ForeignObserver, KeyStore, Observer};

/// The folders of a terminal.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Places {
    /// Its home: ledger and keys.
    pub home: String,
    /// Beside it and never copied with it: what tells a restored ledger from the old one.
    pub outside: String,
    /// The app's edition: each has a ledger of its own.
    pub edition: Edition,
}

/// The terminal at the counter. One per process, for as long as it lives.
///
/// Any thread may call it, but not one on which the core calls a port. Calls are short: what has
/// to wait for a host is a job of the core, and what becomes of it comes as an event.
#[derive(uniffi::Object)]
pub struct Core {
    pub(crate) counter: Counter,
}

pub(crate) type Answer<T> = Result<T, Failure>;

impl Core {
    pub(crate) fn ask_for_restart(&self) {
        self.counter.ask_for_restart();
    }
}

#[uniffi::export]
impl Core {
    /// The core of a home. Touches nothing.
    #[uniffi::constructor]
    pub fn new(
        places: Places,
        clock: Arc<dyn Clock>,
        keys: Arc<dyn KeyStore>,
        observer: Arc<dyn Observer>,
    ) -> Arc<Self> {
        let home = PathBuf::from(places.home);
        let ports = CounterPorts {
            clock: Arc::new(ForeignClock(clock)),
            key_store: Arc::new(ForeignKeys(keys)),
            outside: Arc::new(FileOutside::new(places.outside.as_ref())),
            edition: places.edition,
            link: None,
        };
        let observer = Arc::new(ForeignObserver(observer));
        let counter = Counter::new(Home::at(home.clone()), ports, observer);
        let core = Arc::new(Self { counter });
        crash::watch(&home, Arc::downgrade(&core));
        core
    }

    /// Opens the terminal, recovers, and begins to deliver what is owed.
    pub fn open(&self) -> Answer<CoreState> {
        self.counter.open()
    }

    /// Ends the engine; what is owed stays in the ledger.
    pub fn shutdown(&self) {
        self.counter.close();
    }

    /// The language of explanations and slips from now on.
    pub fn set_language(&self, language: Lang) {
        self.counter.set_language(language);
    }

    /// Takes the device's idea of its network.
    pub fn network_changed(&self, network: Network) -> Answer<()> {
        self.counter.network_changed(network)
    }

    /// Reads a profile without keeping anything.
    pub fn check_profile(&self, profile: ProfileGiven) -> Answer<ProfileSummary> {
        self.counter.check_profile(&profile)
    }

    /// Imports a profile and makes the first supervisor.
    pub fn set_up(&self, profile: ProfileGiven, supervisor: NewOperator) -> Answer<CoreState> {
        self.counter.set_up(&profile, &supervisor)
    }

    /// Puts an operator at the counter.
    pub fn log_on(&self, operator: String, pin: Secret) -> Answer<Operator> {
        self.counter.log_on(&operator, &pin)
    }

    /// Leaves the counter to nobody.
    pub fn log_off(&self) {
        self.counter.log_off();
    }

    /// Everybody who works or worked here.
    pub fn operators(&self) -> Answer<Vec<Operator>> {
        self.counter.operators()
    }

    /// Adds an operator, or gives one a new name, role or PIN.
    pub fn add_operator(&self, operator: NewOperator, approval: Approval) -> Answer<Operator> {
        self.counter.add_operator(&operator, &approval)
    }

    /// Disables an operator.
    pub fn disable_operator(&self, number: String, approval: Approval) -> Answer<()> {
        self.counter.disable_operator(&number, &approval)
    }

    /// Name, numbers, sign-in, line and what is owed, in one read.
    pub fn terminal(&self) -> Answer<TerminalState> {
        self.counter.terminal()
    }

    /// Signs in at the acquirer.
    pub fn sign_in(&self) -> Answer<()> {
        self.counter.sign_in()
    }

    /// Signs out at the acquirer and waits for its answer; gives why it did not.
    pub fn sign_out(&self) -> Answer<Option<Explanation>> {
        self.counter.sign_out()
    }

    /// Asks the acquirer for an echo and waits for it.
    pub fn test_line(&self) -> Answer<LineTest> {
        self.counter.test_line()
    }

    /// What somebody should look at.
    pub fn self_check(&self) -> Answer<Vec<CheckItem>> {
        self.counter.self_check()
    }

    /// Commits a sale and sends it.
    pub fn sell(&self, request: SaleRequest) -> Answer<Sale> {
        self.counter.sell(&request)
    }

    /// Begins to read a card held to the reader.
    pub fn begin_reading(&self, request: TapRequest) -> Answer<TapStep> {
        self.counter.begin_reading(&request)
    }

    /// Takes a card's whole answer to the last command.
    pub fn card_answered(&self, reading: String, answer: Secret) -> Answer<TapStep> {
        self.counter.card_answered(&reading, &answer)
    }

    /// The card was taken away too early.
    pub fn card_gone(&self, reading: String) -> TapStep {
        self.counter.card_gone(&reading)
    }

    /// Drops a reading, or a card that was read, by its name.
    pub fn forget_card(&self, name: String) {
        self.counter.forget_card(&name);
    }

    /// The sale that a request made.
    pub fn sale_of_request(&self, request: String) -> Answer<Option<Sale>> {
        self.counter.sale_of_request(&request)
    }

    /// The cashier stops a payment by code.
    pub fn give_up_sale(&self, sale: String) -> Answer<Sale> {
        self.counter.give_up_sale(&sale)
    }

    /// The goods are with the customer: a payment that is found stays.
    pub fn handed_over(&self, sale: String, approval: Option<Approval>) -> Answer<Sale> {
        self.counter.handed_over(&sale, approval.as_ref())
    }

    /// What a scanned or typed code is.
    pub fn recognise(&self, code: Secret) -> Answer<CodeKind> {
        self.counter.recognise(&code)
    }

    /// The codes in one camera picture.
    pub fn read_frame(&self, frame: Frame) -> Answer<Vec<Secret>> {
        self.counter.read_frame(&frame)
    }

    /// The modules of a code with this text.
    pub fn modules(&self, text: String) -> Answer<Modules> {
        self.counter.modules(&text)
    }

    /// A page of sales, newest first.
    pub fn sales(&self, query: SaleQuery) -> Answer<SalePage> {
        self.counter.sales(&query)
    }

    /// One sale.
    pub fn sale(&self, sale: String) -> Answer<Sale> {
        self.counter.sale(&sale)
    }

    /// A sale with all that happened to it.
    pub fn record(&self, sale: String) -> Answer<SaleRecord> {
        self.counter.record(&sale)
    }

    /// What a void would do and need.
    pub fn preview_void(&self, sale: String) -> Answer<VoidPreview> {
        self.counter.preview_void(&sale)
    }

    /// Records a void, so that it is owed, and sends it.
    pub fn void_sale(&self, request: VoidRequest) -> Answer<Undo> {
        self.counter.void(&request)
    }

    /// What a refund would do and need.
    pub fn preview_refund(&self, sale: String) -> Answer<RefundPreview> {
        self.counter.preview_refund(&sale)
    }

    /// Records a refund and sends it.
    pub fn refund(&self, request: RefundRequest) -> Answer<Undo> {
        self.counter.refund(&request)
    }

    /// What a refund of a sale that perhaps another terminal made would do and need.
    pub fn preview_reference(&self, reference: String, date: String) -> Answer<ReferencePreview> {
        self.counter.preview_reference(&reference, &date)
    }

    /// Records a refund of a sale that perhaps another terminal made, and sends it.
    pub fn refund_reference(&self, request: ReferenceRefund) -> Answer<Undo> {
        self.counter.refund_reference(&request)
    }

    /// Holds money on a card.
    pub fn preauth(&self, request: PreauthRequest) -> Answer<Sale> {
        self.counter.preauth(&request)
    }

    /// Takes what is held.
    pub fn complete(&self, request: CompletionRequest) -> Answer<Sale> {
        self.counter.complete(&request)
    }

    /// What a pre-authorisation holds, and what can be done with it.
    pub fn held_preauth(&self, sale: String) -> Answer<Preauth> {
        self.counter.held_preauth(&sale)
    }

    /// A page of pre-authorisations that hold money, newest first.
    pub fn held_preauths(&self, after: Option<String>, limit: u32) -> Answer<PreauthPage> {
        self.counter.held_preauths(after.as_deref(), limit)
    }

    /// How the batch stands that would be settled next.
    pub fn settlement(&self) -> Answer<Settlement> {
        self.counter.settlement()
    }

    /// Settles, or goes on where it was interrupted, and waits for what comes of it.
    pub fn settle(
        &self,
        approval: Option<Approval>,
        over: Option<Vec<String>>,
    ) -> Answer<Settlement> {
        self.counter.settle(approval.as_ref(), over.as_deref())
    }

    /// One undo.
    pub fn undo(&self, undo: String) -> Answer<Undo> {
        self.counter.undo(&undo)
    }

    /// The undo that a request made.
    pub fn undo_of_request(&self, request: String) -> Answer<Option<Undo>> {
        self.counter.undo_of_request(&request)
    }

    /// Presents the card that a void waits for.
    pub fn present_card(&self, undo: String, card: CardRead) -> Answer<Undo> {
        self.counter.present_card(&undo, &card)
    }

    /// Everything owed, in the order in which it will be tried.
    pub fn queue(&self) -> Answer<Vec<OwedItem>> {
        self.counter.queue()
    }

    /// Does something with an owed item; null when it is owed no longer.
    pub fn act(
        &self,
        item: String,
        action: OwedAction,
        approval: Option<Approval>,
    ) -> Answer<Option<OwedItem>> {
        self.counter.act(&item, action, approval.as_ref())
    }

    /// Begins a new round of everything owed.
    pub fn retry_all(&self) -> Answer<()> {
        self.counter.retry_all()
    }

    /// A supervisor lets a restored ledger go on.
    pub fn accept_restored(&self, approval: Approval) -> Answer<()> {
        self.counter.accept_restored(&approval)
    }

    /// Enters the acquirer's written statement about something unknown.
    pub fn resolve(&self, statement: StatementGiven) -> Answer<()> {
        self.counter.resolve(&statement)
    }

    /// Takes a stuck item out of gate and list, with two people's consent.
    pub fn clear(&self, clearing: ClearingGiven) -> Answer<()> {
        self.counter.clear(&clearing)
    }

    /// Replaces keys that are lost for good by those of a profile, and opens the terminal.
    pub fn import_keys(&self, profile: ProfileGiven, approval: Approval) -> Answer<CoreState> {
        self.counter.import_keys(&profile, &approval)
    }

    /// Everything about one sale, for the acquirer.
    pub fn evidence(&self, sale: String) -> Answer<Evidence> {
        self.counter.evidence(&sale)
    }

    /// The sums of a day, and what failed on it.
    pub fn report(&self, day: Option<String>) -> Answer<Report> {
        self.counter.report(day.as_deref())
    }

    /// Explains a code.
    pub fn explain(&self, code: String, rail: Option<Rail>) -> Answer<Explanation> {
        self.counter.explain(&code, rail)
    }

    /// The lines of a slip as things stand now.
    pub fn receipt(&self, of: SlipOf, copy: Copy) -> Answer<Vec<Line>> {
        self.counter.receipt(&of, copy)
    }

    /// Notes that a slip came out.
    pub fn slip_printed(&self, of: SlipOf, copy: Copy) -> Answer<()> {
        self.counter.slip_printed(&of, copy)
    }

    /// Stored events that nobody acknowledged yet, oldest first.
    pub fn waiting_events(&self) -> Answer<Vec<Event>> {
        self.counter.waiting_events()
    }

    /// The person has seen all events up to and with `sequence`.
    pub fn acknowledge(&self, sequence: i64) -> Answer<()> {
        self.counter.acknowledge(sequence)
    }
}
