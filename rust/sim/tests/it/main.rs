//! The simulated hosts from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod acp;
mod agreement;
mod alipay;
mod any_bytes;
mod batch;
mod codes;
mod desk;
mod faults;
mod holds;
mod related;
mod sales;
mod served;
mod shop;
mod shop_forms;
mod violations;
mod wallet_bytes;
mod wallet_faults;
mod wallet_lies;
mod wallet_oracle;
mod wallet_served;
mod wechat_v2;
mod wechat_v3;
