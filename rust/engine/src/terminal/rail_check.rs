//! The self-check's lines about the rails by code.

use pos_domain::{Lang, Rail};

use super::rails::{QR_MODE, RailState};
use super::self_check::{Check, CheckState};

impl RailState {
    /// What somebody should know of this rail.
    pub(super) fn check(&self, lang: Lang) -> Check {
        let (state, detail) = self.found(lang);
        Check {
            name: self.rail.as_str(),
            title: match (self.rail, lang) {
                (Rail::UnionPay, Lang::Zh) => "银联二维码",
                (Rail::UnionPay, Lang::En) => "UnionPay QR",
                (Rail::WeChat, Lang::Zh) => "微信支付",
                (Rail::WeChat, Lang::En) => "WeChat Pay",
                (Rail::Alipay, Lang::Zh) => "支付宝",
                (Rail::Alipay, Lang::En) => "Alipay",
            },
            state,
            detail,
        }
    }

    fn found(&self, lang: Lang) -> (CheckState, String) {
        let missing = |key: &str, zh: &str, en: &str| match lang {
            Lang::Zh => format!("{key} 没有或不合格：{zh}"),
            Lang::En => format!("{key} is missing or does not fit: {en}"),
        };
        if let Some(key) = self.codes_need {
            let what = missing(key, "收不了款", "no money can be taken");
            return (CheckState::Bad, what);
        }
        if let Some(key) = self.undo_needs {
            let what = missing(
                key,
                "平台会拒绝撤销",
                "the wallet refuses to take payments back",
            );
            return (CheckState::Bad, what);
        }
        if let Some(key) = self.show_needs.filter(|key| *key != QR_MODE) {
            let what = missing(key, "不能展示收款码", "no code of ours can be shown");
            return (CheckState::Warning, what);
        }
        let (state, zh, en) = if self.show_needs.is_some() {
            let zh = "可收款，走银行卡线路；不展示收款码";
            (
                CheckState::Ok,
                zh,
                "Ready, on the card's line; none of ours is shown",
            )
        } else if self.is_verified {
            (
                CheckState::Ok,
                "可收款，TLS 加密",
                "Ready, encrypted with TLS",
            )
        } else {
            (
                CheckState::Warning,
                "本机明文：只连模拟钱包",
                "In clear on this machine: a simulated wallet alone",
            )
        };
        let text = match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        (state, text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_thing_is_told() {
        let whole = RailState {
            rail: Rail::WeChat,
            codes_need: None,
            show_needs: None,
            undo_needs: None,
            is_verified: true,
        };
        assert_eq!(whole.check(Lang::En).state, CheckState::Ok);
        let loopback = RailState {
            is_verified: false,
            ..whole.clone()
        };
        assert_eq!(loopback.check(Lang::En).state, CheckState::Warning);
        let no_show = RailState {
            show_needs: Some("wechat.v3_key"),
            ..whole
        };
        let told = no_show.check(Lang::En);
        assert_eq!(told.state, CheckState::Warning);
        assert!(told.detail.starts_with("wechat.v3_key"), "{told:?}");
        let no_undo = RailState {
            undo_needs: Some("wechat.client_cert"),
            ..no_show
        };
        let told = no_undo.check(Lang::Zh);
        assert_eq!((told.name, told.state), ("wechat", CheckState::Bad));
        assert!(told.detail.starts_with("wechat.client_cert"), "{told:?}");
        let nothing = RailState {
            codes_need: Some("wechat.api_key"),
            ..no_undo
        };
        assert!(nothing.check(Lang::Zh).detail.starts_with("wechat.api_key"));
    }
}
