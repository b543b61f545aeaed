//! A request's parameters and their signature (§2 to §5).

use base64ct::{Base64, Encoding};
use pos_domain::WallTime;
use serde_json::{Map, Value};

use super::{Alipay, answer, clock, kind_of};
use crate::fault::Kind;
use crate::wallet::{Draft, Form, pem_bytes};
use crate::web::{WebRequest, decode_form};

const PATH: &str = "/gateway.do";
/// How far a request's time may be off, in milliseconds.
const LARGEST_SKEW_MS: i64 = 15 * 60_000;

/// All parameters, from the query and from the body.
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    /// What is wrong with the request as such.
    broken: Option<&'static str>,
}

impl Parameters {
    pub(super) fn read(request: &WebRequest) -> Self {
        let body = match request.method.as_str() {
            "POST" => std::str::from_utf8(&request.body).ok(),
            _ => Some(""),
        };
        let query = decode_form(request.query());
        let (Some(mut pairs), Some(rest)) = (query, body.and_then(decode_form)) else {
            return Self {
                pairs: Vec::new(),
                broken: Some("isv.invalid-encoding"),
            };
        };
        let twice = rest
            .iter()
            .any(|(name, _)| pairs.iter().any(|(own, _)| own == name));
        pairs.extend(rest);
        let known = request.path() == PATH && matches!(request.method.as_str(), "GET" | "POST");
        Self {
            pairs,
            broken: match (twice, known) {
                (true, _) => Some("isv.invalid-parameter"),
                (_, false) => Some("isv.invalid-method"),
                _ => None,
            },
        }
    }

    /// A value; empty when absent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    /// The members of `biz_content`; none when it is no JSON object.
    pub(super) fn business(&self) -> Map<String, Value> {
        serde_json::from_str(self.get("biz_content")).unwrap_or_default()
    }

    /// The node of the answer.
    pub(super) fn form(&self) -> Form {
        let method = self.get("method");
        let name = match kind_of(method) {
            Kind::Other => "error_response".to_owned(),
            _ => format!("{}_response", method.replace('.', "_")),
        };
        Form::Node {
            name,
            by_certificate: !self.get("app_cert_sn").is_empty(),
        }
    }

    /// The text that a request signs: everything with a value but `sign`, in byte order.
    fn signed_text(&self) -> String {
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .filter(|(name, value)| name != "sign" && !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.sort_unstable();
        pairs.join("&")
    }
}

/// A failure before any business.
pub(super) struct Invalid {
    pub form: Form,
    pub code: &'static str,
    pub sub_code: &'static str,
}

impl Invalid {
    /// It has no signature (§4).
    pub(super) fn draft(self) -> Draft {
        let form = match self.form {
            Form::Node { name, .. } => Form::Node {
                name,
                by_certificate: false,
            },
            other => other,
        };
        let message = match self.code {
            "40001" => "Missing Required Arguments",
            _ => "Invalid Arguments",
        };
        let mut draft = answer(form, self.code, message)
            .with("sub_code", self.sub_code)
            .with("sub_msg", self.sub_code);
        draft.signed = false;
        draft.left_open()
    }
}

impl Alipay {
    /// Checks form, application, time and signature.
    pub(super) fn admit(&self, parameters: &Parameters, now: WallTime) -> Result<(), Invalid> {
        let of_node = |code, sub_code| Invalid {
            form: parameters.form(),
            code,
            sub_code,
        };
        let bare = |sub_code| Invalid {
            form: Form::Node {
                name: "error_response".to_owned(),
                by_certificate: false,
            },
            code: "40002",
            sub_code,
        };
        if let Some(what) = parameters.broken {
            return Err(bare(what));
        }
        let missing = [
            ("app_id", "isv.missing-app-id"),
            ("method", "isv.missing-method"),
            ("charset", "isv.missing-charset"),
            ("sign_type", "isv.missing-signature-type"),
            ("sign", "isv.missing-signature"),
            ("timestamp", "isv.missing-timestamp"),
            ("version", "isv.missing-version"),
            ("biz_content", "isv.missing-biz-content"),
        ]
        .into_iter()
        .find(|(name, _)| parameters.get(name).is_empty());
        if let Some((_, what)) = missing {
            return Err(of_node("40001", what));
        }
        if parameters.get("app_id") != self.settings.alipay_app_id {
            return Err(bare("isv.invalid-app-id"));
        }
        if kind_of(parameters.get("method")) == Kind::Other {
            return Err(bare("isv.invalid-method"));
        }
        let wrong = |what| Err(of_node("40002", what));
        if !parameters.get("charset").eq_ignore_ascii_case("utf-8") {
            return wrong("isv.invalid-charset");
        }
        if parameters.get("sign_type") != "RSA2" {
            return wrong("isv.invalid-signature-type");
        }
        if parameters.get("version") != "1.0" || !is_recent(parameters.get("timestamp"), now) {
            return wrong("isv.invalid-timestamp");
        }
        let text = parameters.signed_text();
        if !self.app.verifies(text.as_bytes(), parameters.get("sign")) {
            return wrong("isv.invalid-signature");
        }
        if !self.serials_fit(parameters) {
            return wrong("isv.invalid-app-cert-sn");
        }
        if parameters.business().is_empty() {
            return wrong("isv.invalid-parameter");
        }
        Ok(())
    }

    /// In certificate mode both serials must be right (§5).
    fn serials_fit(&self, parameters: &Parameters) -> bool {
        let given = ["app_cert_sn", "alipay_root_cert_sn"].map(|name| parameters.get(name));
        let own = [
            self.settings.alipay_app_serial.as_str(),
            self.settings.alipay_root_serial.as_str(),
        ];
        given == ["", ""] || given == own
    }

    /// The certificate that answers are signed with (§5).
    pub(super) fn certificate(&self, business: &Map<String, Value>, form: Form) -> Draft {
        let asked = super::text(business, "alipay_cert_sn");
        let der = pem_bytes(&self.settings.wallet_certificate, "CERTIFICATE");
        if asked != self.settings.alipay_wallet_serial || der.is_none() {
            return super::refused(form, "isv.invalid-parameter");
        }
        let content = Base64::encode_string(self.settings.wallet_certificate.as_bytes());
        super::success(form).with("alipay_cert_content", content)
    }
}

/// True for a time within a quarter of an hour of ours, as we would write it ourselves.
fn is_recent(given: &str, now: WallTime) -> bool {
    let at = |ms| clock(now.plus(ms));
    // Times of this form are in the order of their texts.
    given.len() == 19 && *given >= *at(-LARGEST_SKEW_MS) && *given <= *at(LARGEST_SKEW_MS)
}
