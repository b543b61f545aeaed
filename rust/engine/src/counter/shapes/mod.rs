//! What the counter is told, in flat records. Amounts are minor units (fen), times epoch
//! milliseconds of the wall clock, durations milliseconds.

mod papers;
mod payment;
mod preauth;
mod sale;
mod settlement;
mod tap;
mod terminal;
mod undo;

pub use papers::{CauseCount, CodeCount, Evidence, EvidenceFile, Report};
pub use payment::{CodeKind, Modules, Payment};
pub use preauth::{Preauth, PreauthPage};
pub use sale::{
    Sale, SaleFilter, SalePage, SaleRecord, TimelineEntry, TimelineKind, UndoSummary, WayBack,
};
pub use settlement::{Settlement, SettlementPhase, SettlementResult, Total};
pub use tap::{CardProduct, TapFor, TapRequest, TapStep, TappedCard};
pub use terminal::{
    CheckItem, CheckState, Deadline, LineTest, LinkState, Operator, Owed, ProfileSummary, Role,
    SignIn, TerminalState, Waiting,
};
pub use undo::{
    Consent, Consequences, OwedAction, OwedItem, RefundPreview, Step, StepKind, StepState, Undo,
    UndoReason, VoidPreview, Why,
};
