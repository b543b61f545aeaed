//! Payment by code, a QR to show, and what is asked of a trade (spec alipay §6, §8, §10).

use pos_codes::{Form, PaymentCode};
use pos_domain::{Amount, WallTime};

use super::answer::{Answer, Asked};
use super::gateway::Business;
use super::{Alipay, codes};
use crate::http::{HttpRequest, HttpResponse, Method};
use crate::wallet::{BuildError, Checked, Effect, Fault, Order, OrderNumber, Sent, fitting};

/// Who sells, for risk control and reports; each at most 32 characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shop<'a> {
    /// `store_id`.
    pub store: Option<&'a str>,
    /// `terminal_id`.
    pub terminal: Option<&'a str>,
    /// `operator_id`.
    pub operator: Option<&'a str>,
}

/// A sale by the customer's payment code (§6).
#[derive(Clone, Copy, Debug)]
pub struct Pay<'a> {
    /// Our number, stored before the call.
    pub order: &'a OrderNumber,
    /// How much.
    pub amount: Amount,
    /// The customer's code, digits or a face token.
    pub code: &'a PaymentCode,
    /// What is sold: at most 256 characters, none of them `/`, `=` or `&`.
    pub subject: &'a str,
    /// After how many minutes the trade closes unpaid, 1 to 21600; none = the default of 3 hours.
    pub timeout_minutes: Option<u16>,
    /// Who sells.
    pub shop: Shop<'a>,
    /// What is told of the terminal: JSON, at most 1024 characters.
    pub information: Option<&'a str>,
}

/// A QR for the customer to scan (§6). The trade exists only once someone scans it.
#[derive(Clone, Copy, Debug)]
pub struct Precreate<'a> {
    /// Our number, stored before the call.
    pub order: &'a OrderNumber,
    /// How much.
    pub amount: Amount,
    /// What is sold, as in [`Pay`].
    pub subject: &'a str,
    /// As in [`Pay`].
    pub timeout_minutes: Option<u16>,
    /// Who sells.
    pub shop: Shop<'a>,
}

/// A payment that is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Alipay's number.
    pub trade_no: String,
    /// When, `yyyy-MM-dd HH:mm:ss` in UTC+8.
    pub paid_at: Option<String>,
    /// What the shop receives; less than the amount with a platform's promotion.
    pub receipt: Option<Amount>,
}

/// What a query says of a trade (§6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// Created, waiting for the customer.
    Waiting,
    /// Paid, refundable.
    Success,
    /// Paid, the refund period is over.
    Finished,
    /// Unpaid and timed out, cancelled, or wholly refunded.
    Closed,
    /// No such trade, or not yet: a QR that nobody scanned, a request still on its way.
    NotFound,
}

/// A trade as a query shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Its state.
    pub state: TradeState,
    /// Alipay's number.
    pub trade_no: Option<String>,
    /// When it was paid.
    pub paid_at: Option<String>,
}

/// What a cancel did (§8). The query after it proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// Whether to call again.
    pub again: bool,
    /// What happened; none when no trade was found.
    pub action: Option<Action>,
}

/// What a cancel did to the trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It was unpaid and is closed.
    Close,
    /// It was paid and the money went back.
    Refund,
}

impl Alipay {
    /// `alipay.trade.pay`, always by POST.
    ///
    /// # Errors
    /// A code that is not Alipay's; a text or an amount that does not fit its field.
    pub fn pay(&self, sale: &Pay<'_>, now: WallTime) -> Result<HttpRequest, BuildError> {
        let scene = match (sale.code.rail(), sale.code.form()) {
            (pos_codes::Rail::Alipay, Form::Digits) => "bar_code",
            (pos_codes::Rail::Alipay, Form::Face) => "security_code",
            _ => return Err(BuildError::ForeignCode),
        };
        let business = Business::new()
            .with("out_trade_no", sale.order.as_str())
            .with("scene", scene)
            .with("auth_code", sale.code.text())
            .with_amount("total_amount", sale.amount)?;
        let information = sale
            .information
            .map(|text| fitting("terminal_params", text, 1024));
        let business = business.with_some("terminal_params", information.transpose()?);
        let business = self.described(business, sale.subject, sale.timeout_minutes, sale.shop)?;
        self.request("alipay.trade.pay", &business, now, Method::Post)
    }

    /// Checks the answer to [`Alipay::pay`]. A yes is money taken; 10003 is unknown until a query.
    #[must_use]
    pub fn check_pay(
        &self,
        number: &OrderNumber,
        amount: Amount,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Paid> {
        let order = Order::Ours(number.clone());
        let asked = Asked {
            node: "alipay_trade_pay_response",
            order: &order,
            table: codes::PAY,
            effect: Effect::Sale,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(&order)?;
            answer.must_amount("total_amount", amount)?;
            Ok(Checked::Yes(Paid {
                trade_no: answer.must("trade_no")?.to_owned(),
                paid_at: answer.get("gmt_payment").map(str::to_owned),
                receipt: answer.amount("receipt_amount").ok().flatten(),
            }))
        };
        self.check(&asked, response, accept, None)
    }

    /// `alipay.trade.precreate`.
    ///
    /// # Errors
    /// A text or an amount that does not fit its field.
    pub fn precreate(
        &self,
        sale: &Precreate<'_>,
        now: WallTime,
    ) -> Result<HttpRequest, BuildError> {
        let business = Business::new()
            .with("out_trade_no", sale.order.as_str())
            .with_amount("total_amount", sale.amount)?;
        let business = self.described(business, sale.subject, sale.timeout_minutes, sale.shop)?;
        self.request("alipay.trade.precreate", &business, now, self.method)
    }

    /// Checks the answer to [`Alipay::precreate`]: the text to draw as a QR, valid for 2 hours.
    #[must_use]
    pub fn check_precreate(
        &self,
        number: &OrderNumber,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<String> {
        let order = Order::Ours(number.clone());
        let asked = Asked {
            node: "alipay_trade_precreate_response",
            order: &order,
            table: codes::PAY,
            effect: Effect::Sale,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(&order)?;
            Ok(Checked::Yes(answer.must("qr_code")?.to_owned()))
        };
        self.check(&asked, response, accept, None)
    }

    /// `alipay.trade.query`.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn query(&self, order: &Order, now: WallTime) -> Result<HttpRequest, BuildError> {
        let business = Business::new().with_order(order)?;
        self.request("alipay.trade.query", &business, now, self.method)
    }

    /// Checks the answer to [`Alipay::query`]. A yes says that the question was answered; the
    /// answer is the state.
    #[must_use]
    pub fn check_query(
        &self,
        order: &Order,
        amount: Amount,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Trade> {
        let asked = Asked {
            node: "alipay_trade_query_response",
            order,
            table: codes::QUERY,
            effect: Effect::Ask,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(order)?;
            let state = match answer.must("trade_status")? {
                "WAIT_BUYER_PAY" => TradeState::Waiting,
                "TRADE_SUCCESS" => TradeState::Success,
                "TRADE_FINISHED" => TradeState::Finished,
                "TRADE_CLOSED" => TradeState::Closed,
                _ => return Err(Fault::Incomplete),
            };
            answer.may_amount("total_amount", amount)?;
            if matches!(state, TradeState::Success | TradeState::Finished) {
                answer.must_amount("total_amount", amount)?;
                answer.must("trade_no")?;
            }
            Ok(Checked::Yes(Trade {
                state,
                trade_no: answer.get("trade_no").map(str::to_owned),
                paid_at: answer.get("send_pay_date").map(str::to_owned),
            }))
        };
        let not_found = Trade {
            state: TradeState::NotFound,
            trade_no: None,
            paid_at: None,
        };
        self.check(&asked, response, accept, Some(not_found))
    }

    /// `alipay.trade.cancel`: for sales whose outcome is unknown only (decision 20).
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn cancel(&self, order: &Order, now: WallTime) -> Result<HttpRequest, BuildError> {
        let business = Business::new().with_order(order)?;
        self.request("alipay.trade.cancel", &business, now, self.method)
    }

    /// Checks the answer to [`Alipay::cancel`]. Even a yes is confirmed by a query.
    #[must_use]
    pub fn check_cancel(
        &self,
        order: &Order,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Cancelled> {
        let asked = Asked {
            node: "alipay_trade_cancel_response",
            order,
            table: codes::CANCEL,
            effect: Effect::Undo,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(order)?;
            let again = match answer.must("retry_flag")? {
                "N" => false,
                "Y" => true,
                _ => return Err(Fault::Incomplete),
            };
            let action = match answer.get("action") {
                None => None,
                Some("close") => Some(Action::Close),
                Some("refund") => Some(Action::Refund),
                Some(_) => return Err(Fault::Incomplete),
            };
            Ok(Checked::Yes(Cancelled { again, action }))
        };
        self.check(&asked, response, accept, None)
    }

    /// `alipay.trade.close`: only for a trade that exists and is unpaid.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn close(&self, order: &Order, now: WallTime) -> Result<HttpRequest, BuildError> {
        let business = Business::new().with_order(order)?;
        self.request("alipay.trade.close", &business, now, self.method)
    }

    /// Checks the answer to [`Alipay::close`].
    #[must_use]
    pub fn check_close(&self, order: &Order, response: &HttpResponse, sent: Sent) -> Checked<()> {
        let asked = Asked {
            node: "alipay_trade_close_response",
            order,
            table: codes::CLOSE,
            effect: Effect::Undo,
            sent,
        };
        let accept = |answer: &Answer| answer.must_name(order).map(Checked::Yes);
        self.check(&asked, response, accept, None)
    }

    /// What is sold, by whom, through which provider.
    fn described(
        &self,
        business: Business,
        subject: &str,
        timeout_minutes: Option<u16>,
        shop: Shop<'_>,
    ) -> Result<Business, BuildError> {
        if subject.contains(['/', '=', '&']) {
            return Err(BuildError::Field {
                field: "subject",
                why: "it must not hold / = or &",
            });
        }
        if timeout_minutes.is_some_and(|minutes| !(1..=21_600).contains(&minutes)) {
            return Err(BuildError::Field {
                field: "timeout_express",
                why: "it is 1 minute to 15 days",
            });
        }
        let timeout = timeout_minutes.map(|minutes| format!("{minutes}m"));
        let business = business
            .with("subject", fitting("subject", subject, 256)?)
            .with_some("timeout_express", timeout.as_deref());
        let business = shop.written(business)?;
        Ok(match &self.provider {
            Some(provider) => {
                business.with_nested("extend_params", "sys_service_provider_id", provider)
            }
            None => business,
        })
    }
}

impl Shop<'_> {
    pub(super) fn written(self, business: Business) -> Result<Business, BuildError> {
        let fit = |field, text: Option<_>| text.map(|text| fitting(field, text, 32)).transpose();
        Ok(business
            .with_some("store_id", fit("store_id", self.store)?)
            .with_some("terminal_id", fit("terminal_id", self.terminal)?)
            .with_some("operator_id", fit("operator_id", self.operator)?))
    }
}
