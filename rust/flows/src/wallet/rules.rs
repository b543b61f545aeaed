//! What every request to a wallet says of the shop, and the times of waiting and taking back.

use std::net::IpAddr;

use pos_channels::wallet::{PaymentCode, TerminalInformation};
use pos_domain::{WallTime, WebMethod};
use zeroize::Zeroizing;

/// The shop's and the acquirer's rules for orders over the web, from the profile.
#[derive(Clone, Debug)]
pub struct WebRules {
    /// This terminal's number.
    pub terminal: String,
    /// This merchant's number.
    pub merchant: String,
    /// What is sold, as the customer reads it: at most 127 characters, none of them `/`, `=`, `&`.
    pub shop: String,
    /// This terminal's address.
    pub ip: IpAddr,
    /// Tries in one round; never a reason to forget.
    pub resend_limit: u32,
    /// The acquirer's cut-over, minute of the day in UTC+8 (1440 is midnight).
    pub day_cutover_minute: i64,
    /// What is told of the terminal with each payment by code; none tells nothing.
    pub information: Option<TerminalInformation>,
}

/// Between two questions while the customer is expected to pay.
pub(crate) const QUESTION_EVERY: i64 = 5_000;
/// Before a wallet's take-back is called again because it asked for that.
pub(crate) const CALL_AGAIN: i64 = 2_000;
/// An unproven payment that nobody decided about is taken back this long before it no longer can.
pub(crate) const DECIDE_BEFORE: i64 = 2 * HOUR;
/// After the question that found the window over, a payment still counts as made within it.
pub(crate) const WINDOW_SLACK: i64 = 10_000;
/// Before asking what became of a refund (spec alipay §9).
pub(crate) const ASK_REFUND_AFTER: i64 = 10_000;
/// Between refunds of one order, and between questions about one under way (spec wechat-pay §6).
pub(crate) const REFUND_EVERY: i64 = 60_000;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// For how long the customer may take to pay, counted from submission (specs wechat-pay §3.2,
/// alipay §7.1).
#[must_use]
pub const fn window_ms(method: WebMethod) -> i64 {
    match method {
        WebMethod::Micropay => 45_000,
        WebMethod::Pay | WebMethod::AcpScan => 60_000,
        WebMethod::Native | WebMethod::Precreate | WebMethod::AcpShow => 120_000,
    }
}

/// How soon after submission a take-back may be called (spec wechat-pay §3.2).
pub(crate) const fn take_back_after_ms(method: WebMethod) -> i64 {
    match method {
        WebMethod::Micropay => 15_000,
        _ => 0,
    }
}

/// For how long after submission a wallet that knows no such order may still get to know it: the
/// request is on its way, or somebody can still scan our QR, which is valid for two hours.
pub(crate) const fn may_arrive_ms(method: WebMethod) -> i64 {
    match method {
        WebMethod::Micropay | WebMethod::Native | WebMethod::Pay | WebMethod::AcpScan => 60_000,
        WebMethod::Precreate | WebMethod::AcpShow => 2 * HOUR,
    }
}

/// For how long after submission an unproven payment can be taken back (specs wechat-pay §5,
/// alipay §8); for a QR of ours the refund period is longer than anybody waits.
pub(crate) const fn revoke_window_ms(method: WebMethod) -> i64 {
    match method {
        WebMethod::Micropay => 7 * DAY,
        WebMethod::Native => 30 * DAY,
        WebMethod::Pay | WebMethod::Precreate => DAY,
        WebMethod::AcpScan | WebMethod::AcpShow => DAY,
    }
}

impl WebRules {
    /// What is told of the terminal with a payment by `code`.
    pub(crate) fn told(&self, code: &PaymentCode) -> Option<Zeroizing<String>> {
        let information = self.information.as_ref()?;
        Some(information.told(&self.terminal, &self.ip.to_string(), code))
    }

    /// Until when an order of this method, made at `at`, can be voided: as long as the method of
    /// its void works (decision 20).
    pub(crate) fn void_until(&self, method: WebMethod, refund_days: i64, at: WallTime) -> WallTime {
        match method {
            WebMethod::Micropay => at.plus(7 * DAY),
            WebMethod::Native | WebMethod::Pay | WebMethod::Precreate => {
                at.plus(refund_days.saturating_mul(DAY))
            }
            WebMethod::AcpScan | WebMethod::AcpShow => at.next_daily(self.day_cutover_minute),
        }
    }
}
