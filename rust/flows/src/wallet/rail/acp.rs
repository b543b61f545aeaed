//! UnionPay's all-channel gateway (spec qr-and-emv §2.2).

use std::time::Duration;

use pos_channels::acp::{Back as Undone, State, Trade, Undo};
use pos_channels::http::{HttpRequest, HttpResponse};
use pos_channels::wallet::{BuildError, Checked, Fault, Sent};
use pos_domain::{UndoMethod, WallTime};

use super::{
    AcpRail, Ask, Back, Fact, Payment, Return, Seen, Stamp, Subject, Wire, map, not_asked,
};
use crate::wallet::link::WebLink;
use crate::wallet::rules::WebRules;

/// Both methods: they differ in how the money is asked for only.
pub(super) struct Both<'a>(pub &'a AcpRail);

const fn sale(subject: &Subject) -> Trade<'_> {
    Trade {
        number: &subject.number,
        at: subject.at,
        amount: subject.amount,
    }
}

const fn own(back: &Return) -> Trade<'_> {
    Trade {
        number: &back.number,
        at: back.at,
        amount: back.amount,
    }
}

const fn undo<'a>(subject: &'a Subject, back: &'a Return) -> Undo<'a> {
    Undo {
        sale: sale(subject),
        own: own(back),
        is_void: matches!(back.method, UndoMethod::AcpVoid),
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
        _stamp: &Stamp,
    ) -> Result<HttpRequest, BuildError> {
        let driver = &self.0.driver;
        match ask {
            Ask::Submit(Some(code)) => {
                let information = rules.told(code);
                let information = information.as_deref().map(String::as_str);
                driver.scan(&sale(subject), code, information)
            }
            Ask::Submit(None) => driver.show(&sale(subject)),
            Ask::Query => driver.query(&sale(subject)),
            Ask::TakeBack => driver.reverse(&sale(subject)),
            Ask::Refund(back) => driver.undo(&undo(subject, back)),
            Ask::RefundQuery(back) => driver.query(&own(back)),
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
        let driver = &self.0.driver;
        let now = WallTime(now.saturating_mul(1000));
        let sale = sale(subject);
        match ask {
            Ask::Submit(Some(_)) => map(driver.check_scan(&sale, response, sent, now), |number| {
                Fact::Paid(Payment { number, at: None })
            }),
            Ask::Submit(None) => map(driver.check_show(&sale, response, sent, now), Fact::Shown),
            Ask::Query => map(driver.check_query(&sale, response, sent, now), |state| {
                Fact::Seen(match state {
                    State::Paid(number) => Seen::Paid(Payment { number, at: None }),
                    State::Waiting => Seen::Waiting,
                    State::Closed => Seen::Closed,
                    State::NotFound => Seen::NotFound,
                })
            }),
            Ask::TakeBack => map(driver.check_reverse(&sale, response, sent, now), |()| {
                Fact::TakenBack { again: false }
            }),
            Ask::Refund(back) => {
                let undo = undo(subject, back);
                map(driver.check_undo(&undo, response, sent, now), |()| {
                    Fact::Back(Back::Taken)
                })
            }
            Ask::Returned => Fault::Incomplete.unknown(),
            Ask::RefundQuery(back) => {
                let checked = driver.check_undo_query(&own(back), response, sent, now);
                map(checked, |state| {
                    Fact::Back(match state {
                        Undone::Done => Back::Done,
                        Undone::UnderWay => Back::UnderWay,
                        Undone::Failed => Back::Stuck,
                        Undone::NotFound => Back::NotFound,
                    })
                })
            }
        }
    }
}
