//! Native orders: create, query, close (spec wechat-pay §10.6).

use pos_domain::{Amount, WallTime};
use serde_json::Value;

use super::super::{Trade, TradeState, codes};
use super::answer::{Answer, Asked};
use super::{Stamp, V3, in_cny, object};
use crate::http::{HttpRequest, HttpResponse, percent_encode};
use crate::wallet::{BuildError, Checked, Effect, Fault, Order, OrderNumber, Sent, fitting};

/// A QR for the customer to scan.
#[derive(Clone, Copy, Debug)]
pub struct Native<'a> {
    /// Our number, stored before the call.
    pub order: &'a OrderNumber,
    /// How much.
    pub amount: Amount,
    /// What is sold, at most 127 characters.
    pub description: &'a str,
    /// Where the merchant's back end hears of it, at most 256 characters; mandatory on the wire.
    pub notify_url: &'a str,
    /// When the order closes unpaid.
    pub expires: Option<WallTime>,
    /// The terminal's number, at most 32 characters.
    pub device: Option<&'a str>,
    /// The terminal's address, which goes with the number.
    pub ip: std::net::IpAddr,
}

impl V3 {
    /// `POST …/native`.
    ///
    /// # Errors
    /// A text that does not fit its field.
    pub fn native(&self, sale: &Native<'_>, stamp: Stamp<'_>) -> Result<HttpRequest, BuildError> {
        let own = self.merchant.app_id.as_str();
        let apps = match &self.merchant.sub {
            None => vec![("appid", own)],
            Some(sub) => std::iter::once(("sp_appid", own))
                .chain(sub.app_id.as_deref().map(|app| ("sub_appid", app)))
                .collect(),
        };
        let expires = sale.expires.map(WallTime::rfc3339);
        let texts = [
            (
                "description",
                fitting("description", sale.description, 127)?,
            ),
            ("out_trade_no", sale.order.as_str()),
            ("notify_url", fitting("notify_url", sale.notify_url, 256)?),
        ];
        let merchant = self.merchant_members();
        let mut body = object(apps.into_iter().chain(merchant).chain(texts));
        if let Some(expires) = expires {
            body.insert("time_expire".to_owned(), Value::from(expires));
        }
        let amount = Value::Object(in_cny("total", sale.amount));
        body.insert("amount".to_owned(), amount);
        let ip = sale.ip.to_string();
        let mut scene = object([("payer_client_ip", ip.as_str())]);
        if let Some(device) = sale.device {
            let device = fitting("device_id", device, 32)?;
            scene.insert("device_id".to_owned(), Value::from(device));
        }
        body.insert("scene_info".to_owned(), Value::Object(scene));
        self.request(
            format!("{}/native", self.transactions()),
            Some(&body),
            stamp,
        )
    }

    /// Checks the answer to [`V3::native`]: the text to draw as a QR, valid for 2 hours. `now` is
    /// trusted time in Unix seconds, here and below.
    #[must_use]
    pub fn check_native(&self, response: &HttpResponse, sent: Sent, now: i64) -> Checked<String> {
        let asked = Asked {
            table: codes::V3_NATIVE,
            effect: Effect::Sale,
            sent,
            now,
        };
        let accept = |answer: &Answer| {
            let url = answer.must("code_url")?;
            if url.starts_with("weixin://") {
                Ok(url.to_owned())
            } else {
                Err(Fault::Incomplete)
            }
        };
        self.check(&asked, response, accept, None)
    }

    /// `GET …/out-trade-no/{number}` or `…/id/{number}`. An unpaid order is found by our number
    /// only.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn query(&self, order: &Order, stamp: Stamp<'_>) -> Result<HttpRequest, BuildError> {
        let (kind, number) = match order {
            Order::Ours(number) => ("out-trade-no", number.as_str()),
            Order::Theirs(number) => ("id", Order::theirs("transaction_id", number)?),
        };
        let pairs: Vec<String> = self
            .merchant_members()
            .iter()
            .map(|(name, value)| format!("{name}={}", *percent_encode(value)))
            .collect();
        let base = self.transactions();
        let target = format!("{base}/{kind}/{number}?{}", pairs.join("&"));
        self.request(target, None, stamp)
    }

    /// Checks the answer to [`V3::query`]. A yes says that the question was answered; the answer is
    /// the state.
    #[must_use]
    pub fn check_query(
        &self,
        order: &Order,
        amount: Amount,
        response: &HttpResponse,
        sent: Sent,
        now: i64,
    ) -> Checked<Trade> {
        let asked = Asked {
            table: codes::V3_QUERY,
            effect: Effect::Ask,
            sent,
            now,
        };
        let accept = |answer: &Answer| {
            answer.must_name(order)?;
            for (name, own) in self.merchant_members() {
                answer.must_be(name, own, Fault::OtherMerchant)?;
            }
            let app = match self.merchant.sub {
                None => "appid",
                Some(_) => "sp_appid",
            };
            answer.must_be(app, &self.merchant.app_id, Fault::OtherApp)?;
            let state = TradeState::from_wire(answer.must("trade_state")?);
            let state = state.ok_or(Fault::Incomplete)?;
            if state == TradeState::Success {
                answer.must("transaction_id")?;
            }
            if state == TradeState::Success || answer.has_amount() {
                answer.must_amount("total", amount)?;
            }
            Ok(Trade {
                state,
                transaction_id: answer.get("transaction_id").map(str::to_owned),
                paid_at: answer.get("success_time").map(str::to_owned),
            })
        };
        self.check(&asked, response, accept, Some(Trade::NOT_FOUND))
    }

    /// `POST …/out-trade-no/{number}/close`; safe to repeat. A query follows: the customer may have
    /// paid in between.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn close(&self, number: &OrderNumber, stamp: Stamp<'_>) -> Result<HttpRequest, BuildError> {
        let body = object(self.merchant_members());
        let base = self.transactions();
        let target = format!("{base}/out-trade-no/{number}/close");
        self.request(target, Some(&body), stamp)
    }

    /// Checks the answer to [`V3::close`], which is a signed 204.
    #[must_use]
    pub fn check_close(&self, response: &HttpResponse, sent: Sent, now: i64) -> Checked<()> {
        let asked = Asked {
            table: codes::V3_CLOSE,
            effect: Effect::Undo,
            sent,
            now,
        };
        self.check(&asked, response, |_| Ok(()), Some(()))
    }
}
