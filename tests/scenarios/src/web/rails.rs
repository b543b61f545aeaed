//! What the shop's profile says: its rules, and the drivers with their keys.

use std::sync::Arc;
use std::time::Duration;

use pos_channels::acp::Acp;
use pos_channels::alipay::Alipay;
use pos_channels::http::Method;
use pos_channels::wallet::{ApiKey, Certificate, PublicKey, SigningKey};
use pos_channels::wechat::Merchant;
use pos_channels::wechat::v2::V2;
use pos_channels::wechat::v3::{PlatformKey, V3};
use pos_flows::wallet::{AcpRail, AlipayRail, Rails, TerminalInformation, WeChatRail, WebRules};
use pos_sim::{MERCHANT_KEY, ROOT_CERTIFICATES, WALLET_PUBLIC_KEY, WebHost};

use super::{MemoryWeb, WebNetwork, WebSetup};

pub(super) fn rules() -> WebRules {
    WebRules {
        terminal: "10000001".to_owned(),
        merchant: "898310048140001".to_owned(),
        shop: "示例商户".to_owned(),
        ip: std::net::Ipv4Addr::LOCALHOST.into(),
        resend_limit: 3,
        day_cutover_minute: 23 * 60,
        information: Some(TerminalInformation {
            device_type: "04".to_owned(),
            serial: "00004301234567890123".to_owned(),
            network_license: String::new(),
            version: "00001000".to_owned(),
            location: "+31.2304/+121.4737".to_owned(),
            seal: None,
        }),
    }
}

pub(super) fn rails(setup: &WebSetup, network: &Arc<WebNetwork>) -> Rails {
    let wallets = &setup.wallets;
    let link = |host| Arc::new(MemoryWeb(Arc::clone(network), host));
    let merchant = Merchant {
        app_id: wallets.wechat_app_id.clone(),
        mch_id: wallets.wechat_mch_id.clone(),
        sub: setup.sub.clone(),
    };
    let key = || SigningKey::from_text(MERCHANT_KEY).expect("a key");
    let wallet_key = PublicKey::from_text(WALLET_PUBLIC_KEY).expect("a key");
    Rails {
        wechat: Some(WeChatRail {
            link: link(WebHost::WeChat),
            timeout: Duration::from_secs(30),
            v2: V2 {
                merchant: merchant.clone(),
                key: ApiKey::new(&wallets.wechat_api_key).expect("a key"),
                sign_type: setup.sign_type,
            },
            v3: Some(V3 {
                merchant,
                key: key(),
                serial: wallets.wechat_merchant_serial.clone(),
                platform_keys: vec![PlatformKey {
                    serial: wallets.wechat_public_key_id.clone(),
                    key: wallet_key.clone(),
                }],
            }),
            notify_url: "https://example.com/paid".to_owned(),
            refund_days: 365,
        }),
        alipay: Some(AlipayRail {
            link: link(WebHost::Alipay),
            timeout: Duration::from_secs(30),
            driver: Alipay {
                path: "/gateway.do".to_owned(),
                app_id: wallets.alipay_app_id.clone(),
                key: key(),
                alipay_key: wallet_key,
                certificates: None,
                app_auth_token: None,
                provider: None,
                method: Method::Post,
            },
            refund_days: 365,
        }),
        acp: Some(AcpRail {
            link: link(WebHost::Acp),
            timeout: Duration::from_secs(30),
            driver: Acp {
                merchant: wallets.acp_merchant.clone(),
                terminal: setup.rules.terminal.clone(),
                key: key(),
                cert_id: wallets.acp_merchant_serial.clone(),
                authorities: Certificate::all_from_text(ROOT_CERTIFICATES).expect("certificates"),
                signer: Some("Wallet Test".to_owned()),
                back_url: "https://example.com/paid".to_owned(),
            },
        }),
    }
}
