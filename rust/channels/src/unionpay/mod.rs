//! The UnionPay POS dialect (spec unionpay-8583).

mod answer;
mod chip_upload;
mod coded;
mod downloads;
mod draft;
mod financial;
mod habits;
mod inquiry;
mod management;
mod reversal;
mod script;
mod settlement;
mod signature;
mod stray;
mod terminal;

pub use answer::{Answer, Expected, Mismatch, check};
pub use chip_upload::{chip_upload, has_certificate, is_chip_data};
pub use coded::{Coded, coded, voucher_of, without_code};
pub use downloads::{
    ListPart, answers_job, application_list, ca_key_list, is_named, job_message, parameters,
    query_value, raw_part,
};
pub use draft::{Draft, DraftError, Secrets};
pub use financial::{Kind, Related, financial};
pub use habits::{Habits, TerminalInformation};
pub use inquiry::{balance, inquiry};
pub use management::{KeyMode, echo, sign_in, sign_out};
pub use pos_iso8583::subfields::f59::LengthWidth;
pub use pos_iso8583::{Fields, ProcessingRequest};
pub use reversal::{Reason, reversal};
pub use script::{Scripted, carries_script, script_notice};
pub use settlement::{Detail, Org, Totals, batch_details, batch_end, notice_copy, settlement};
pub use signature::{LARGEST_IMAGE, Signed, feature_code, signature_upload};
pub use stray::{Stray, is_authentic};
pub use terminal::{Identity, VoidReversalOriginal};
