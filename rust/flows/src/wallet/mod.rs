//! Sales, voids and refunds by WeChat and Alipay: orders over the web.
//!
//! Each order stands alone: there is no gate, and nothing waits for anything but its own order.
//! Its number is made and stored before the first call and never used for anything else, and every
//! call is stored before it is made. An order whose outcome is unknown is asked about, and resolved
//! towards what the counter was told: once that was "not paid, keep the goods", a payment is given
//! back.
//!
//! Whoever calls lets one flow run at a time on one order.

mod deliver;
mod exchange;
mod link;
mod pass;
mod queue;
mod rail;
mod recover;
mod restore;
mod round;
mod rules;
mod sale;
mod take_back;
mod till;
mod undo;
mod wait;

pub use link::{WebCall, WebLink};
pub use pos_channels::http::{HttpRequest, HttpResponse, Method};
pub use pos_channels::wallet::{PaymentCode, SerialSeal, TerminalInformation};
pub use rail::{AcpRail, AlipayRail, Rails, WeChatRail};
pub use rules::{WebRules, window_ms};
pub use sale::{ScanOrder, ShowOrder};
pub use till::Till;
pub use undo::WebRefund;
pub use wait::Next;
