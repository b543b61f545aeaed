//! Interface v3: Native orders, query, close (§10.6).

use pos_domain::WallTime;
use serde_json::{Map, Value, json};

use super::v3::{body, error, fen, number, text};
use super::{WeChat, is_order_number};
use crate::wallet::{Book, Draft, Form, How, NewOrder, Order, OrderState, Taken, md5_hex};
use crate::web::{WebRequest, decode_form};

impl WeChat {
    pub(super) fn native(
        &self,
        request: &WebRequest,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let members = body(request);
        let no = text(&members, "out_trade_no");
        let app = [text(&members, "appid"), text(&members, "sp_appid")];
        let described = !text(&members, "description").is_empty()
            && !text(&members, "notify_url").is_empty()
            && is_order_number(no);
        let (Some(amount), true) = (fen(&members, "total"), described) else {
            return error(form, 400, "PARAM_ERROR", number::PARAMETER);
        };
        if !app.contains(&self.settings.wechat_app_id.as_str()) || !self.names_us(&members) {
            return error(form, 400, "APPID_MCHID_NOT_MATCH", "268445527");
        }
        let scene = members.get("scene_info");
        let device = scene.and_then(|scene| scene.get("device_id"));
        let new = NewOrder {
            no,
            code: None,
            amount,
            terminal: device.and_then(Value::as_str).unwrap_or_default(),
            sub_merchant: text(&members, "sub_mchid"),
            content: md5_hex(&Value::Object(members.clone()).to_string()),
            echo: vec![("attach", text(&members, "attach").to_owned())],
        };
        match (book.take(new, now, "", ""), book.get(no)) {
            (Taken::OtherContent, _) => {
                error(form, 403, "OUT_TRADE_NO_USED", number::OTHER_CONTENT)
            }
            (Taken::New, Some(order)) if order.script.errs() => {
                error(form, 500, "SYSTEM_ERROR", number::NONE)
            }
            (_, Some(order)) => match order.state {
                OrderState::Unscanned | OrderState::Waiting => {
                    let tail = order.id.get(18..).unwrap_or_default();
                    let url = format!("weixin://wxpay/bizpayurl?pr={tail}");
                    Draft::new(form).with("code_url", url)
                }
                OrderState::Paid => error(form, 400, "ORDERPAID", number::PAID),
                _ => error(form, 400, "ORDER_CLOSED", number::EXPIRED),
            },
            (Taken::Closed, None) => error(form, 400, "ORDER_CLOSED", number::EXPIRED),
            (_, None) => error(form, 500, "SYSTEM_ERROR", number::NONE),
        }
    }

    pub(super) fn query(
        &self,
        no: &str,
        request: &WebRequest,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let pairs = decode_form(request.query()).unwrap_or_default();
        let pairs: Map<String, Value> = pairs.into_iter().map(|(n, v)| (n, v.into())).collect();
        if !self.names_us(&pairs) {
            return error(form, 400, "PARAM_ERROR", number::PARAMETER);
        }
        book.poll(no, now, "TRADE_ERROR");
        let sub = text(&pairs, "sub_mchid");
        match book.get(no).filter(|order| order.sub_merchant == sub) {
            Some(order) => self.described(order, form),
            None => error(form, 404, "ORDER_NOT_EXIST", number::ABSENT),
        }
    }

    fn described(&self, order: &Order, form: Form) -> Draft {
        let (state, words) = self.trade_state(order);
        let (app, mch) = (&self.settings.wechat_app_id, &self.settings.wechat_mch_id);
        let draft = Draft::new(form);
        let draft = if order.sub_merchant.is_empty() {
            draft
                .with("appid", app.as_str())
                .with("mchid", mch.as_str())
        } else {
            draft
                .with("sp_appid", app.as_str())
                .with("sp_mchid", mch.as_str())
                .with("sub_mchid", order.sub_merchant.as_str())
        };
        let draft = draft
            .with("out_trade_no", order.no.as_str())
            .with("trade_state", state)
            .with("trade_state_desc", words);
        let total = order.amount;
        let Some(paid_at) = order.paid_at else {
            let amount = json!({"total": total, "currency": "CNY"});
            return draft.with("amount", amount);
        };
        let kind = match order.how {
            How::Scanned => "MICROPAY",
            How::Shown => "NATIVE",
        };
        draft
            .with("transaction_id", order.id.as_str())
            .with("trade_type", kind)
            .with("bank_type", "OTHERS")
            .with("success_time", paid_at.rfc3339())
            .with("payer", json!({"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}))
            .with(
                "amount",
                json!({
                    "total": total,
                    "payer_total": total,
                    "currency": "CNY",
                    "payer_currency": "CNY",
                }),
            )
    }

    pub(super) fn close_v3(
        &self,
        no: &str,
        request: &WebRequest,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        if !self.names_us(&body(request)) {
            return error(form, 400, "PARAM_ERROR", number::PARAMETER);
        }
        match book.get(no).map(|order| order.how) {
            None => return error(form, 404, "ORDER_NOT_EXIST", number::ABSENT),
            Some(How::Scanned) => {
                return error(form, 400, "INVALID_REQUEST", number::ONLY_REVERSE);
            }
            Some(How::Shown) => {}
        }
        match book.close(no, now) {
            OrderState::Paid => error(form, 400, "ORDERPAID", number::PAID),
            _ => {
                let mut draft = Draft::new(form);
                draft.status = 204;
                draft
            }
        }
    }
}
