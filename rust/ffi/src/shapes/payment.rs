//! Payments by code.

use pos_engine::counter::{CodeKind, Frame, Modules, Payment};
use pos_engine::domain::{Explanation, Rail};
use pos_engine::terminal::Stage;

#[uniffi::remote(Enum)]
pub enum Stage {
    Asking,
    Waiting,
    Scanning,
    Looking,
    TakingBack,
    PaidLate,
    HandedOver,
}

#[uniffi::remote(Record)]
pub struct Payment {
    pub stage: Stage,
    pub left: Option<i64>,
    pub can_take_back: bool,
    pub can_hand_over: bool,
    pub code: Option<String>,
}

#[uniffi::remote(Enum)]
pub enum CodeKind {
    Pays { rail: Rail },
    Other { explanation: Explanation },
}

#[uniffi::remote(Record)]
pub struct Frame {
    pub luminance: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub stride: u32,
}

#[uniffi::remote(Record)]
pub struct Modules {
    pub size: u32,
    pub dark: Vec<u8>,
}
