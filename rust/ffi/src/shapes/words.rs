//! The core's fixed words.

use pos_engine::counter::Role;
use pos_engine::domain::receipt::{Align, Line, LineKind, Size};
use pos_engine::domain::{
    Cause, Entry, Explanation, Goods, Lang, ObligationKind, OriginalKind, Rail, Retry, SaleStatus,
    UndoKind, UndoStatus,
};

#[uniffi::remote(Enum)]
pub enum Rail {
    UnionPay,
    WeChat,
    Alipay,
}

#[uniffi::remote(Enum)]
pub enum Lang {
    Zh,
    En,
}

#[uniffi::remote(Enum)]
pub enum OriginalKind {
    Sale,
    Preauth,
    Completion,
    Unmatched,
}

#[uniffi::remote(Enum)]
pub enum SaleStatus {
    Sending,
    Approved,
    Declined,
    Unknown,
    Reversed,
    Voided,
    Refunded,
    PartlyRefunded,
    NotSent,
    Held,
    Completed,
}

#[uniffi::remote(Enum)]
pub enum UndoKind {
    Void,
    Refund,
}

#[uniffi::remote(Enum)]
pub enum UndoStatus {
    Queued,
    Sending,
    NeedsCard,
    OnHold,
    Unknown,
    Voided,
    Refunded,
    Refused,
    Withdrawn,
    RefundOffered,
    Escalated,
}

#[uniffi::remote(Enum)]
pub enum ObligationKind {
    Reversal,
    Confirmation,
    Void,
    Refund,
    Query,
    Revoke,
    ScriptNotice,
    BatchUpload,
    Signature,
}

#[uniffi::remote(Enum)]
pub enum Cause {
    System,
    Hardware,
    Procedure,
    CustomerData,
    Limits,
    Network,
    BankOrPlatform,
}

#[uniffi::remote(Enum)]
pub enum Goods {
    Keep,
    HandOver,
    TakeBack,
    Wait,
}

#[uniffi::remote(Enum)]
pub enum Retry {
    Now,
    After,
    Never,
    AskFirst,
}

#[uniffi::remote(Record)]
pub struct Explanation {
    pub code: String,
    pub rail: Option<Rail>,
    pub cause: Cause,
    pub title: String,
    pub next_step: String,
    pub who_fixes: String,
    pub goods: Goods,
    pub retry: Retry,
    pub reference: String,
}

#[uniffi::remote(Enum)]
pub enum Entry {
    Manual,
    Swipe,
    Chip,
    Contactless,
    Code,
}

#[uniffi::remote(Enum)]
pub enum Align {
    Left,
    Centre,
    Spread,
}

#[uniffi::remote(Enum)]
pub enum Size {
    Small,
    Normal,
    Large,
}

#[uniffi::remote(Enum)]
pub enum LineKind {
    Text,
    Rule,
    Barcode,
    Qr,
    Cut,
}

#[uniffi::remote(Record)]
pub struct Line {
    pub text: String,
    pub align: Align,
    pub size: Size,
    pub kind: LineKind,
}

#[uniffi::remote(Enum)]
pub enum Role {
    Cashier,
    Supervisor,
}
