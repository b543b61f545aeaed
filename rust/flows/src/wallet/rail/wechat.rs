//! WeChat Pay: v2 for payment codes (spec wechat-pay §3 to §6), APIv3 for a QR of ours (§10).

use std::time::Duration;

use pos_channels::http::{HttpRequest, HttpResponse};
use pos_channels::wallet::{BuildError, Checked, Fault, Order, Sent};
use pos_channels::wechat::{RefundState, Trade, TradeState, v2, v3};

use super::{
    Ask, Back, Fact, Payment, Return, Seen, Stamp, Subject, WeChatRail, Wire, map, not_asked,
};
use crate::wallet::link::WebLink;
use crate::wallet::rules::WebRules;

/// The customer's code is scanned.
pub(super) struct ByCode<'a>(pub &'a WeChatRail);

/// The customer scans ours.
pub(super) struct ByQr<'a>(pub &'a WeChatRail, pub &'a v3::V3);

fn seen(trade: Trade) -> Seen {
    match trade.state {
        TradeState::Success => Seen::Paid(Payment {
            number: trade.transaction_id,
            at: trade.paid_at,
        }),
        TradeState::Refund => Seen::Returned,
        TradeState::NotPay | TradeState::UserPaying | TradeState::Accept => Seen::Waiting,
        TradeState::Closed => Seen::Closed,
        TradeState::Revoked => Seen::Revoked,
        TradeState::PayError => Seen::Failed,
        TradeState::NotFound => Seen::NotFound,
    }
}

const fn back(state: RefundState) -> Back {
    match state {
        RefundState::Success => Back::Done,
        RefundState::Processing => Back::UnderWay,
        RefundState::Closed | RefundState::Abnormal => Back::Stuck,
        RefundState::NotFound => Back::NotFound,
    }
}

const fn refund_v2<'a>(order: &'a Order, subject: &'a Subject, back: &'a Return) -> v2::Refund<'a> {
    v2::Refund {
        order,
        number: &back.number,
        total: subject.amount,
        amount: back.amount,
        reason: None,
    }
}

const fn refund_v3<'a>(order: &'a Order, subject: &'a Subject, back: &'a Return) -> v3::Refund<'a> {
    v3::Refund {
        order,
        number: &back.number,
        total: subject.amount,
        amount: back.amount,
        reason: None,
    }
}

impl Wire for ByCode<'_> {
    fn link(&self) -> &dyn WebLink {
        self.0.link.as_ref()
    }

    fn timeout(&self) -> Duration {
        self.0.timeout
    }

    fn request(
        &self,
        rules: &WebRules,
        subject: &Subject,
        ask: Ask<'_>,
        stamp: &Stamp,
    ) -> Result<HttpRequest, BuildError> {
        let (driver, nonce) = (&self.0.v2, &stamp.nonce);
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(code) => {
                let code = code.ok_or(BuildError::ForeignCode)?;
                let information = rules.told(code);
                let sale = v2::Micropay {
                    order: &subject.number,
                    amount: subject.amount,
                    code,
                    body: &rules.shop,
                    ip: rules.ip,
                    device: Some(&rules.terminal),
                    scene: None,
                    information: information.as_deref().map(String::as_str),
                    no_credit: false,
                };
                driver.micropay(&sale, nonce)
            }
            Ask::Query => driver.query(&order, nonce),
            Ask::TakeBack => driver.reverse(&order, nonce),
            Ask::Refund(back) => driver.refund(&refund_v2(&order, subject, back), nonce),
            Ask::RefundQuery(back) => Ok(driver.refund_query(&back.number, nonce)),
            Ask::Returned => driver.refunds(&order, nonce),
        }
    }

    fn read(
        &self,
        subject: &Subject,
        ask: Ask<'_>,
        response: &HttpResponse,
        sent: Sent,
        _now: i64,
    ) -> Checked<Fact> {
        let driver = &self.0.v2;
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(_) => {
                let paid = driver.check_micropay(&subject.number, subject.amount, response, sent);
                map(paid, |paid| {
                    Fact::Paid(Payment {
                        number: Some(paid.transaction_id),
                        at: paid.paid_at,
                    })
                })
            }
            Ask::Query => map(
                driver.check_query(&order, subject.amount, response, sent),
                |trade| Fact::Seen(seen(trade)),
            ),
            Ask::TakeBack => map(driver.check_reverse(&order, response, sent), |recall| {
                Fact::TakenBack {
                    again: recall == v2::Recall::Again,
                }
            }),
            Ask::Refund(back) => map(
                driver.check_refund(&refund_v2(&order, subject, back), response, sent),
                |_| Fact::Back(Back::Taken),
            ),
            Ask::RefundQuery(asked) => map(
                driver.check_refund_query(&refund_v2(&order, subject, asked), response, sent),
                |state| Fact::Back(back(state)),
            ),
            Ask::Returned => map(
                driver.check_refunds(&order, subject.amount, response, sent),
                Fact::Returned,
            ),
        }
    }
}

impl Wire for ByQr<'_> {
    fn link(&self) -> &dyn WebLink {
        self.0.link.as_ref()
    }

    fn timeout(&self) -> Duration {
        self.0.timeout
    }

    fn request(
        &self,
        rules: &WebRules,
        subject: &Subject,
        ask: Ask<'_>,
        stamp: &Stamp,
    ) -> Result<HttpRequest, BuildError> {
        let driver = self.1;
        let signed = v3::Stamp {
            seconds: stamp.seconds(),
            nonce: &stamp.nonce,
        };
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(_) => {
                let sale = v3::Native {
                    order: &subject.number,
                    amount: subject.amount,
                    description: &rules.shop,
                    notify_url: &self.0.notify_url,
                    expires: None,
                    device: Some(&rules.terminal),
                    ip: rules.ip,
                };
                driver.native(&sale, signed)
            }
            Ask::Query => driver.query(&order, signed),
            Ask::TakeBack => driver.close(&subject.number, signed),
            Ask::Refund(back) => driver.refund(&refund_v3(&order, subject, back), signed),
            Ask::RefundQuery(back) => driver.refund_query(&back.number, signed),
            Ask::Returned => not_asked(),
        }
    }

    fn read(
        &self,
        subject: &Subject,
        ask: Ask<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: i64,
    ) -> Checked<Fact> {
        let driver = self.1;
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(_) => map(driver.check_native(response, sent, now), Fact::Shown),
            Ask::Query => map(
                driver.check_query(&order, subject.amount, response, sent, now),
                |trade| Fact::Seen(seen(trade)),
            ),
            Ask::TakeBack => map(driver.check_close(response, sent, now), |()| {
                Fact::TakenBack { again: false }
            }),
            Ask::Refund(asked) => {
                let asked = refund_v3(&order, subject, asked);
                map(driver.check_refund(&asked, response, sent, now), |state| {
                    Fact::Back(back(state))
                })
            }
            Ask::Returned => Fault::Incomplete.unknown(),
            Ask::RefundQuery(asked) => {
                let asked = refund_v3(&order, subject, asked);
                map(
                    driver.check_refund_query(&asked, response, sent, now),
                    |state| Fact::Back(back(state)),
                )
            }
        }
    }
}
