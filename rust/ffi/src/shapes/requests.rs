//! What the counter asks for.

use pos_engine::Secret;
use pos_engine::counter::{
    Approval, CardRead, ClearingGiven, CompletionRequest, Copy, FileGiven, Means, NewOperator,
    PreauthRequest, ProfileGiven, ReferenceRefund, RefundRequest, Role, SaleFilter, SaleQuery,
    SaleRequest, SlipOf, StatementGiven, UndoReason, VoidRequest,
};
use pos_engine::domain::Rail;
use zeroize::Zeroizing;

uniffi::custom_type!(Secret, Vec<u8>, {
    remote,
    try_lift: |bytes| Ok(Secret::new(Zeroizing::new(bytes))),
    lower: |secret| secret.expose().to_vec(),
});

#[uniffi::remote(Enum)]
pub enum CardRead {
    Manual {
        number: Secret,
        expiry: Secret,
        pin: Option<Secret>,
    },
    Stripe {
        track2: Secret,
        pin: Option<Secret>,
    },
    Chip {
        field55: Secret,
        track2: Secret,
        sequence: Option<String>,
        contactless: bool,
        pin: Option<Secret>,
    },
    Held {
        handle: String,
        pin: Option<Secret>,
    },
}

#[uniffi::remote(Record)]
pub struct SaleRequest {
    pub request: String,
    pub amount: i64,
    pub means: Means,
}

#[uniffi::remote(Enum)]
pub enum Means {
    Card { card: CardRead },
    Code { code: Secret },
    Show { rail: Rail },
}

#[uniffi::remote(Record)]
pub struct VoidRequest {
    pub request: String,
    pub sale: String,
    pub reason: UndoReason,
    pub approval: Option<Approval>,
    pub card: Option<CardRead>,
}

#[uniffi::remote(Record)]
pub struct RefundRequest {
    pub request: String,
    pub sale: String,
    pub amount: i64,
    pub reason: UndoReason,
    pub approval: Option<Approval>,
    pub card: Option<CardRead>,
}

#[uniffi::remote(Record)]
pub struct PreauthRequest {
    pub request: String,
    pub amount: i64,
    pub card: CardRead,
    pub add_to: Option<String>,
}

#[uniffi::remote(Record)]
pub struct CompletionRequest {
    pub request: String,
    pub preauth: String,
    pub amount: i64,
    pub card: CardRead,
    pub advice: bool,
}

#[uniffi::remote(Record)]
pub struct ReferenceRefund {
    pub request: String,
    pub reference: String,
    pub date: String,
    pub sale_amount: Option<i64>,
    pub amount: i64,
    pub reason: UndoReason,
    pub approval: Option<Approval>,
    pub card: CardRead,
}

#[uniffi::remote(Record)]
pub struct StatementGiven {
    pub item: String,
    pub executed: bool,
    pub reference: String,
    pub first: Approval,
    pub second: Approval,
}

#[uniffi::remote(Record)]
pub struct ClearingGiven {
    pub item: String,
    pub reason: String,
    pub first: Approval,
    pub second: Approval,
}

#[uniffi::remote(Record)]
pub struct SaleQuery {
    pub text: String,
    pub filter: SaleFilter,
    pub after: Option<String>,
    pub limit: u32,
    pub since: Option<i64>,
}

#[uniffi::remote(Record)]
pub struct ProfileGiven {
    pub toml: Secret,
    pub beside: Vec<FileGiven>,
}

#[uniffi::remote(Record)]
pub struct FileGiven {
    pub name: String,
    pub bytes: Secret,
}

#[uniffi::remote(Record)]
pub struct NewOperator {
    pub number: String,
    pub name: String,
    pub role: Role,
    pub pin: Secret,
}

#[uniffi::remote(Record)]
pub struct Approval {
    pub operator: String,
    pub pin: Secret,
}

#[uniffi::remote(Enum)]
pub enum Copy {
    Merchant,
    Customer,
}

#[uniffi::remote(Enum)]
pub enum SlipOf {
    Sale { sale: String },
    Undo { undo: String },
    Settlement { batch: String },
}
