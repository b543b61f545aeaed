//! Alipay: payment codes and a QR of ours (spec alipay §6 to §10).

use std::time::Duration;

use pos_channels::alipay::{self as wire, Shop, TradeState};
use pos_channels::http::{HttpRequest, HttpResponse};
use pos_channels::wallet::{BuildError, Checked, Fault, Order, Sent};

use super::{
    AlipayRail, Ask, Back, Fact, Payment, Return, Seen, Stamp, Subject, Wire, map, not_asked,
};
use crate::wallet::link::WebLink;
use crate::wallet::rules::WebRules;

/// An order that nobody pays closes itself after this many minutes.
const CLOSES_AFTER: u16 = 120;

/// Both methods: they differ in how the money is asked for only.
pub(super) struct Both<'a>(pub &'a AlipayRail);

fn shop(rules: &WebRules) -> Shop<'_> {
    Shop {
        store: None,
        terminal: Some(&rules.terminal),
        operator: None,
    }
}

const fn refund<'a>(
    order: &'a Order,
    subject: &'a Subject,
    back: &'a Return,
    shop: Shop<'a>,
) -> wire::Refund<'a> {
    wire::Refund {
        order,
        number: &back.number,
        total: subject.amount,
        amount: back.amount,
        reason: None,
        shop,
    }
}

fn seen(trade: wire::Trade) -> Seen {
    match trade.state {
        TradeState::Waiting => Seen::Waiting,
        TradeState::Success | TradeState::Finished => Seen::Paid(Payment {
            number: trade.trade_no,
            at: trade.paid_at,
        }),
        TradeState::Closed => Seen::Closed,
        TradeState::NotFound => Seen::NotFound,
    }
}

impl Wire for Both<'_> {
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
        let driver = &self.0.driver;
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(Some(code)) => {
                let information = rules.told(code);
                let sale = wire::Pay {
                    order: &subject.number,
                    amount: subject.amount,
                    code,
                    subject: &rules.shop,
                    timeout_minutes: None,
                    shop: shop(rules),
                    information: information.as_deref().map(String::as_str),
                };
                driver.pay(&sale, stamp.now)
            }
            Ask::Submit(None) => {
                let sale = wire::Precreate {
                    order: &subject.number,
                    amount: subject.amount,
                    subject: &rules.shop,
                    timeout_minutes: Some(CLOSES_AFTER),
                    shop: shop(rules),
                };
                driver.precreate(&sale, stamp.now)
            }
            Ask::Query => driver.query(&order, stamp.now),
            Ask::TakeBack => driver.cancel(&order, stamp.now),
            Ask::Refund(back) => {
                driver.refund(&refund(&order, subject, back, shop(rules)), stamp.now)
            }
            Ask::RefundQuery(back) => {
                driver.refund_query(&refund(&order, subject, back, shop(rules)), stamp.now)
            }
            Ask::Returned => not_asked(),
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
        let driver = &self.0.driver;
        let order = Order::Ours(subject.number.clone());
        match ask {
            Ask::Submit(Some(_)) => {
                let paid = driver.check_pay(&subject.number, subject.amount, response, sent);
                map(paid, |paid| {
                    Fact::Paid(Payment {
                        number: Some(paid.trade_no),
                        at: paid.paid_at,
                    })
                })
            }
            Ask::Submit(None) => map(
                driver.check_precreate(&subject.number, response, sent),
                Fact::Shown,
            ),
            Ask::Query => map(
                driver.check_query(&order, subject.amount, response, sent),
                |trade| Fact::Seen(seen(trade)),
            ),
            Ask::TakeBack => map(driver.check_cancel(&order, response, sent), |cancelled| {
                Fact::TakenBack {
                    again: cancelled.again,
                }
            }),
            Ask::Refund(back) => {
                let asked = refund(&order, subject, back, Shop::default());
                map(driver.check_refund(&asked, response, sent), |_| {
                    Fact::Back(Back::Done)
                })
            }
            Ask::Returned => Fault::Incomplete.unknown(),
            Ask::RefundQuery(back) => {
                let asked = refund(&order, subject, back, Shop::default());
                map(driver.check_refund_query(&asked, response, sent), |state| {
                    Fact::Back(match state {
                        wire::RefundState::Success => Back::Done,
                        wire::RefundState::NotFound => Back::NotFound,
                    })
                })
            }
        }
    }
}
