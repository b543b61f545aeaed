//! Payment by code, and what is asked of its order: query, reverse, close (spec §3 to §5, §7).

use std::net::IpAddr;

use pos_codes::{Form, PaymentCode};
use pos_domain::Amount;

use super::super::{Trade, TradeState, codes};
use super::answer::{Answer, Asked};
use super::{Fields, V2};
use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::{BuildError, Checked, Effect, Fault, Nonce, Order, OrderNumber, Sent, fitting};

/// A sale by the customer's payment code (§3).
#[derive(Clone, Copy, Debug)]
pub struct Micropay<'a> {
    /// Our number, stored before the call.
    pub order: &'a OrderNumber,
    /// How much.
    pub amount: Amount,
    /// The customer's code.
    pub code: &'a PaymentCode,
    /// What is sold, at most 127 characters.
    pub body: &'a str,
    /// The terminal's address.
    pub ip: IpAddr,
    /// The terminal's number, at most 32 characters.
    pub device: Option<&'a str>,
    /// Where the shop is: JSON, at most 256 characters.
    pub scene: Option<&'a str>,
    /// What is told of the terminal: JSON, at most 1024 characters.
    pub information: Option<&'a str>,
    /// Refuse credit cards.
    pub no_credit: bool,
}

/// A payment that is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The wallet's number.
    pub transaction_id: String,
    /// When, yyyyMMddHHmmss in UTC+8.
    pub paid_at: Option<String>,
    /// The customer's bank or balance.
    pub bank_type: Option<String>,
}

/// What an accepted reverse asks for (§5). Neither proves anything: the query after it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// Taken.
    Done,
    /// Call again.
    Again,
}

impl V2 {
    /// `POST /pay/micropay`.
    ///
    /// # Errors
    /// A code that is not WeChat's; a text that does not fit its field.
    pub fn micropay(&self, sale: &Micropay<'_>, nonce: &Nonce) -> Result<HttpRequest, BuildError> {
        if sale.code.rail() != pos_codes::Rail::WeChat || sale.code.form() != Form::Digits {
            return Err(BuildError::ForeignCode);
        }
        let device = sale.device.map(|text| fitting("device_info", text, 32));
        let scene = sale.scene.map(|text| fitting("scene_info", text, 256));
        let information = sale
            .information
            .map(|text| fitting("terminal_info", text, 1024));
        let fields = Fields::new()
            .with("out_trade_no", sale.order.as_str())
            .with("total_fee", &sale.amount.minor().to_string())
            .with("auth_code", sale.code.text())
            .with("body", fitting("body", sale.body, 127)?)
            .with("spbill_create_ip", &sale.ip.to_string())
            .with_some("device_info", device.transpose()?)
            .with_some("scene_info", scene.transpose()?)
            .with_some("terminal_info", information.transpose()?)
            .with_some("limit_pay", sale.no_credit.then_some("no_credit"));
        Ok(self.request("/pay/micropay", false, fields, nonce))
    }

    /// Checks the answer to [`V2::micropay`]. A yes is money taken (§3).
    #[must_use]
    pub fn check_micropay(
        &self,
        number: &OrderNumber,
        amount: Amount,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Paid> {
        let order = Order::Ours(number.clone());
        let asked = asked(&order, codes::MICROPAY, Effect::Sale, sent);
        let accept = |answer: &Answer| {
            answer.must_name(&order)?;
            answer.must_amount("total_fee", amount)?;
            answer.may_be("fee_type", "CNY", Fault::OtherCurrency)?;
            Ok(Paid {
                transaction_id: answer.must("transaction_id")?.to_owned(),
                paid_at: answer.get("time_end").map(str::to_owned),
                bank_type: answer.get("bank_type").map(str::to_owned),
            })
        };
        self.check(&asked, response, accept, None)
    }

    /// `POST /pay/orderquery` (§4).
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn query(&self, order: &Order, nonce: &Nonce) -> Result<HttpRequest, BuildError> {
        let fields = Fields::new().with_order(order)?;
        Ok(self.request("/pay/orderquery", false, fields, nonce))
    }

    /// Checks the answer to [`V2::query`]. A yes says that the question was answered; the answer
    /// is the state.
    #[must_use]
    pub fn check_query(
        &self,
        order: &Order,
        amount: Amount,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Trade> {
        let asked = asked(order, codes::QUERY, Effect::Ask, sent);
        let accept = |answer: &Answer| {
            let state = TradeState::from_wire(answer.must("trade_state")?);
            let state = state.ok_or(Fault::Incomplete)?;
            answer.must_name(order)?;
            answer.may_be("fee_type", "CNY", Fault::OtherCurrency)?;
            answer.may_amount("total_fee", amount)?;
            if state == TradeState::Success {
                answer.must_amount("total_fee", amount)?;
                answer.must("transaction_id")?;
            }
            Ok(Trade {
                state,
                transaction_id: answer.get("transaction_id").map(str::to_owned),
                paid_at: answer.get("time_end").map(str::to_owned),
            })
        };
        self.check(&asked, response, accept, Some(Trade::NOT_FOUND))
    }

    /// `POST /secapi/pay/reverse` (§5), with the merchant's TLS certificate.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn reverse(&self, order: &Order, nonce: &Nonce) -> Result<HttpRequest, BuildError> {
        let fields = Fields::new().with_order(order)?;
        Ok(self.request("/secapi/pay/reverse", true, fields, nonce))
    }

    /// Checks the answer to [`V2::reverse`]. Even a yes is confirmed by a query.
    #[must_use]
    pub fn check_reverse(
        &self,
        order: &Order,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Recall> {
        let asked = asked(order, codes::REVERSE, Effect::Undo, sent);
        let accept = |answer: &Answer| match answer.must("recall")? {
            "N" => Ok(Recall::Done),
            "Y" => Ok(Recall::Again),
            _ => Err(Fault::Incomplete),
        };
        self.check(&asked, response, accept, None)
    }

    /// `POST /pay/closeorder` (§7): never for an order by payment code.
    #[must_use]
    pub fn close(&self, number: &OrderNumber, nonce: &Nonce) -> HttpRequest {
        let fields = Fields::new().with("out_trade_no", number.as_str());
        self.request("/pay/closeorder", false, fields, nonce)
    }

    /// Checks the answer to [`V2::close`].
    #[must_use]
    pub fn check_close(
        &self,
        number: &OrderNumber,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<()> {
        let order = Order::Ours(number.clone());
        let asked = asked(&order, codes::CLOSE, Effect::Undo, sent);
        self.check(&asked, response, |_| Ok(()), Some(()))
    }
}

fn asked<'a>(
    order: &'a Order,
    table: crate::wallet::Table,
    effect: Effect,
    sent: Sent,
) -> Asked<'a> {
    Asked {
        order,
        refund: None,
        table,
        effect,
        sent,
    }
}
