//! The scan-code rails from the profile: drivers with their keys, and the ways to their servers.

use std::fmt;
use std::sync::Arc;

use pos_channels::acp::Acp;
use pos_channels::alipay::{Alipay, Serials};
use pos_channels::http::Method;
use pos_channels::wallet::{ApiKey, Certificate, KeyError, PublicKey, SigningKey, bundle_serial};
use pos_channels::wechat::v2::{self, V2};
use pos_channels::wechat::v3::{PlatformKey, V3};
use pos_channels::wechat::{Merchant, SubMerchant};
use pos_domain::Rail;
use pos_flows::wallet::{AcpRail, AlipayRail, Rails, WeChatRail, WebLink};

use crate::link::tcp::LinkSetupError;
use crate::link::tls::{Identity, Trust};
use crate::link::web::{HttpLink, WebAddress};
use crate::profile::{self, HttpMethod, Profile, QrMode, SIMULATOR, SignType};
use crate::secrets::{Secret, Secrets};

/// Ways to wallets inside the process, for addresses that say `simulator`.
#[derive(Clone, Default)]
pub struct WebLinks {
    /// To WeChat Pay.
    pub wechat: Option<Arc<dyn WebLink>>,
    /// To Alipay.
    pub alipay: Option<Arc<dyn WebLink>>,
    /// To UnionPay's all-channel gateway.
    pub acp: Option<Arc<dyn WebLink>>,
}

impl fmt::Debug for WebLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = |link: &Option<Arc<dyn WebLink>>| link.is_some();
        f.debug_struct("WebLinks")
            .field("wechat", &has(&self.wechat))
            .field("alipay", &has(&self.alipay))
            .field("acp", &has(&self.acp))
            .finish()
    }
}

/// What of a rail that the profile switched on can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailState {
    /// The rail.
    pub rail: Rail,
    /// The key of the profile without which payment codes cannot be charged; none when they can.
    pub codes_need: Option<&'static str>,
    /// The key of the profile without which no QR of ours can be shown; none when it can.
    pub show_needs: Option<&'static str>,
    /// The key of the profile without which the wallet will refuse to take payments back; none
    /// when it is there or not needed.
    pub undo_needs: Option<&'static str>,
    /// Whether the server proves its name by TLS.
    pub is_verified: bool,
}

/// The rails and what of them can be used.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    pub rails: Rails,
    pub states: Vec<RailState>,
}

/// The card dialect has no code of ours to show.
pub(super) const QR_MODE: Missing = "unionpay_qr.mode";
/// What WeChat Pay's server demands for reverse and refund (spec wechat-pay §1).
const CERTIFICATE: Missing = "wechat.client_cert";

/// A key of the profile that is absent or does not fit.
type Missing = &'static str;

/// # Errors
/// [`LinkSetupError`] for an address that cannot be reached by any certificate.
pub(super) fn assemble(
    profile: &Profile,
    secrets: &Secrets,
    links: &WebLinks,
) -> Result<Assembled, LinkSetupError> {
    let mut assembled = Assembled::default();
    if let Some(wechat) = &profile.wechat {
        let link = wechat_link(wechat, secrets, links)?;
        let (rail, state) = wechat_rail(wechat, secrets, link);
        assembled.rails.wechat = rail;
        assembled.states.push(state);
    }
    if let Some(alipay) = &profile.alipay {
        let (trust, own) = (trust(secrets, "alipay.tls_ca"), links.alipay.as_ref());
        let link = link_to(&alipay.gateway, trust, None, own)?;
        let is_verified = link.is_verified();
        let needs = match alipay_driver(alipay, secrets) {
            Ok(driver) => {
                assembled.rails.alipay = Some(AlipayRail {
                    link,
                    timeout: alipay.timeout,
                    driver,
                    refund_days: alipay.refund_days,
                });
                None
            }
            Err(missing) => Some(missing),
        };
        assembled.states.push(RailState {
            rail: Rail::Alipay,
            codes_need: needs,
            show_needs: needs,
            undo_needs: None,
            is_verified,
        });
    }
    if let Some(qr) = &profile.unionpay_qr {
        let state = match qr.mode {
            QrMode::Iso8583 => on_the_card_line(profile, secrets),
            QrMode::Acp => {
                let (rail, state) = acp_rail(profile, qr, secrets, links)?;
                assembled.rails.acp = rail;
                state
            }
        };
        assembled.states.push(state);
    }
    Ok(assembled)
}

/// UnionPay codes in the card dialect: they go where cards go, and none of ours is shown.
fn on_the_card_line(profile: &Profile, secrets: &Secrets) -> RailState {
    let off = profile.unionpay.is_none();
    RailState {
        rail: Rail::UnionPay,
        codes_need: off.then_some("unionpay.host"),
        show_needs: Some(QR_MODE),
        undo_needs: None,
        is_verified: secrets.get("unionpay.tls_ca").is_some(),
    }
}

fn acp_rail(
    profile: &Profile,
    qr: &profile::UnionPayQr,
    secrets: &Secrets,
    links: &WebLinks,
) -> Result<(Option<AcpRail>, RailState), LinkSetupError> {
    let trust = trust(secrets, "unionpay_qr.tls_ca");
    let link = link_to(&qr.base_url, trust, None, links.acp.as_ref())?;
    let is_verified = link.is_verified();
    let driver = acp_driver(profile, qr, secrets);
    let needs = driver.as_ref().err().copied();
    let rail = driver.ok().map(|driver| AcpRail {
        link,
        timeout: qr.timeout,
        driver,
    });
    let state = RailState {
        rail: Rail::UnionPay,
        codes_need: needs,
        show_needs: needs,
        undo_needs: None,
        is_verified,
    };
    Ok((rail, state))
}

fn acp_driver(
    profile: &Profile,
    qr: &profile::UnionPayQr,
    secrets: &Secrets,
) -> Result<Acp, Missing> {
    let own = "unionpay_qr.sign_cert";
    Ok(Acp {
        merchant: match qr.mer_id.as_str() {
            "" => profile.merchant.id.clone(),
            number => number.to_owned(),
        },
        terminal: profile.terminal.id.clone(),
        key: read(secrets, "unionpay_qr.sign_key", SigningKey::from_text)?,
        cert_id: read(secrets, own, Certificate::from_text)?.serial_decimal(),
        authorities: read(secrets, "unionpay_qr.root_cert", Certificate::all_from_text)?,
        signer: Some(qr.signer.clone()).filter(|name| !name.is_empty()),
        back_url: filled(&qr.back_url, "unionpay_qr.back_url")?,
    })
}

fn trust<'a>(secrets: &'a Secrets, key: &str) -> Trust<'a> {
    let pem = secrets.get(key).map(Secret::expose);
    pem.map_or(Trust::Public, Trust::Pinned)
}

fn link_to(
    url: &str,
    trust: Trust<'_>,
    identity: Option<&Identity>,
    inside: Option<&Arc<dyn WebLink>>,
) -> Result<Arc<dyn WebLink>, LinkSetupError> {
    if url == SIMULATOR {
        return inside.cloned().ok_or(LinkSetupError::Simulator);
    }
    let address: WebAddress = url.parse().map_err(|_| LinkSetupError::Address)?;
    Ok(Arc::new(HttpLink::new(address, trust, identity)?))
}

fn wechat_link(
    wechat: &profile::WeChat,
    secrets: &Secrets,
    links: &WebLinks,
) -> Result<Arc<dyn WebLink>, LinkSetupError> {
    let bytes = |key| secrets.get(key).map(Secret::expose);
    let certificate = bytes(CERTIFICATE);
    let identity = certificate
        .map(|pem| Identity::from_parts(pem, bytes("wechat.client_key")))
        .transpose()?;
    let trust = trust(secrets, "wechat.tls_ca");
    link_to(
        &wechat.base_url,
        trust,
        identity.as_ref(),
        links.wechat.as_ref(),
    )
}

/// A secret as text.
fn text(secrets: &Secrets, key: Missing) -> Result<&str, Missing> {
    let bytes = secrets.get(key).ok_or(key)?.expose();
    std::str::from_utf8(bytes).map_err(|_| key)
}

/// A secret read by `read`.
fn read<T>(
    secrets: &Secrets,
    key: Missing,
    read: impl FnOnce(&str) -> Result<T, KeyError>,
) -> Result<T, Missing> {
    read(text(secrets, key)?).map_err(|_| key)
}

fn filled(value: &str, key: Missing) -> Result<String, Missing> {
    if value.is_empty() {
        Err(key)
    } else {
        Ok(value.to_owned())
    }
}

fn wechat_rail(
    wechat: &profile::WeChat,
    secrets: &Secrets,
    link: Arc<dyn WebLink>,
) -> (Option<WeChatRail>, RailState) {
    let mut state = RailState {
        rail: Rail::WeChat,
        codes_need: None,
        show_needs: None,
        undo_needs: None,
        is_verified: link.is_verified(),
    };
    if state.is_verified && secrets.get(CERTIFICATE).is_none() {
        state.undo_needs = Some(CERTIFICATE);
    }
    let v2 = match v2(wechat, secrets) {
        Ok(v2) => v2,
        Err(missing) => {
            (state.codes_need, state.show_needs) = (Some(missing), Some(missing));
            return (None, state);
        }
    };
    let v3 = v3(wechat, secrets, &v2.merchant);
    state.show_needs = v3.as_ref().err().copied();
    let rail = WeChatRail {
        link,
        timeout: wechat.timeout,
        v2,
        v3: v3.ok(),
        notify_url: wechat.notify_url.clone(),
        refund_days: wechat.refund_days,
    };
    (Some(rail), state)
}

fn v2(wechat: &profile::WeChat, secrets: &Secrets) -> Result<V2, Missing> {
    let optional = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let sub = optional(&wechat.sub_mch_id).map(|mch_id| SubMerchant {
        mch_id,
        app_id: optional(&wechat.sub_app_id),
    });
    Ok(V2 {
        merchant: Merchant {
            app_id: filled(&wechat.app_id, "wechat.app_id")?,
            mch_id: filled(&wechat.mch_id, "wechat.mch_id")?,
            sub,
        },
        key: read(secrets, "wechat.api_key", ApiKey::new)?,
        sign_type: match wechat.sign_type {
            SignType::HmacSha256 => v2::SignType::HmacSha256,
            SignType::Md5 => v2::SignType::Md5,
        },
    })
}

fn v3(wechat: &profile::WeChat, secrets: &Secrets, merchant: &Merchant) -> Result<V3, Missing> {
    filled(&wechat.notify_url, "wechat.notify_url")?;
    let platform = "wechat.platform_public_key";
    let key = PlatformKey {
        key: read(secrets, platform, PublicKey::from_text)?,
        serial: filled(&wechat.platform_serial, "wechat.platform_serial")
            .or_else(|missing| serial_of(secrets, platform).ok_or(missing))?,
    };
    Ok(V3 {
        merchant: merchant.clone(),
        key: read(secrets, "wechat.v3_key", SigningKey::from_text)?,
        serial: filled(&wechat.v3_serial, "wechat.v3_serial")
            .or_else(|missing| serial_of(secrets, CERTIFICATE).ok_or(missing))?,
        platform_keys: vec![key],
    })
}

/// The serial number of a certificate; none when the file has none.
fn serial_of(secrets: &Secrets, key: Missing) -> Option<String> {
    let certificate = Certificate::from_text(text(secrets, key).ok()?).ok()?;
    Some(certificate.serial_hex())
}

fn alipay_driver(alipay: &profile::Alipay, secrets: &Secrets) -> Result<Alipay, Missing> {
    let certificates = match secrets.get("alipay.app_cert") {
        None => None,
        Some(_) => Some(Serials {
            app: alipay_serial(secrets, "alipay.app_cert")?,
            root: read(secrets, "alipay.root_cert", bundle_serial)?,
            alipay: alipay_serial(secrets, "alipay.alipay_cert")?,
        }),
    };
    let their_key = match certificates {
        None => "alipay.alipay_public_key",
        Some(_) => "alipay.alipay_cert",
    };
    let path = alipay.gateway.splitn(4, '/').nth(3).unwrap_or_default();
    Ok(Alipay {
        path: match path {
            "" => "/gateway.do".to_owned(),
            path => format!("/{path}"),
        },
        app_id: filled(&alipay.app_id, "alipay.app_id")?,
        key: read(secrets, "alipay.app_private_key", SigningKey::from_text)?,
        alipay_key: read(secrets, their_key, PublicKey::from_text)?,
        certificates,
        app_auth_token: text(secrets, "alipay.app_auth_token")
            .ok()
            .map(str::to_owned),
        provider: Some(alipay.provider.clone()).filter(|number| !number.is_empty()),
        method: match alipay.http_method {
            HttpMethod::Post => Method::Post,
            HttpMethod::Get => Method::Get,
        },
    })
}

fn alipay_serial(secrets: &Secrets, key: Missing) -> Result<String, Missing> {
    read(secrets, key, |text| {
        Certificate::from_text(text)?.alipay_serial()
    })
}
