//! UnionPay's all-channel gateway: requests signed so that another library verifies them, answers
//! believed only with the right signature, certificate, order and amount.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use pos_channels::acp::{Acp, State, Trade, Undo};
use pos_channels::http::{HttpRequest, HttpResponse};
use pos_channels::wallet::{BuildError, Certificate, Checked, Fault, Kind, Sent, SigningKey};
use pos_domain::{NetCode, WallTime};
use rsa::pkcs1v15;
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use sha2::{Digest, Sha256};

use crate::common::{fen, number, payment_code, refund_number};
use crate::vector;

const NOW: WallTime = WallTime(1_795_600_000_000);
const SENT: Sent = Sent {
    first: true,
    verified_tls: true,
};

fn acp() -> Acp {
    let certificate = Certificate::from_text(vector!("keys/merchant.crt")).unwrap();
    Acp {
        merchant: "898310048140001".to_owned(),
        terminal: "10000001".to_owned(),
        key: SigningKey::from_text(vector!("keys/merchant.pkcs8.pem")).unwrap(),
        cert_id: certificate.serial_decimal(),
        authorities: Certificate::all_from_text(vector!("keys/roots.pem")).unwrap(),
        signer: Some("Wallet Test".to_owned()),
        back_url: "https://example.com/paid".to_owned(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn pairs(request: &HttpRequest) -> BTreeMap<String, String> {
    let body = std::str::from_utf8(&request.body).unwrap();
    body.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

/// The digest's text over everything but the signature.
fn digest(pairs: &BTreeMap<String, String>) -> String {
    let text: Vec<String> = pairs
        .iter()
        .filter(|(name, value)| *name != "signature" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let digest = Sha256::digest(text.join("&").as_bytes());
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_sale_is_signed_so_that_another_library_verifies_it() {
    let (number, code) = (number(), payment_code("6236098835899996543"));
    let sale = Trade {
        number: &number,
        at: NOW,
        amount: fen(880),
    };
    let request = acp()
        .scan(&sale, &code, Some("{\"serial_num\":\"1\"}"))
        .unwrap();
    assert_eq!(request.path(), "/gateway/api/backTransReq.do");
    let pairs = pairs(&request);
    for (name, value) in [
        ("txnType", "01"),
        ("txnSubType", "06"),
        ("txnAmt", "880"),
        ("currencyCode", "156"),
        ("qrNo", "6236098835899996543"),
        ("certId", "249365383121"),
        ("orderId", number.as_str()),
        ("termInfo", "{\"serial_num\":\"1\"}"),
    ] {
        assert_eq!(pairs[name], value, "{name}");
    }
    let key = rsa::PublicKey::from_public_key_pem(vector!("keys/merchant.pub.pem")).unwrap();
    let key = pkcs1v15::VerifyingKey::<Sha256>::new(key);
    let signature = Base64::decode_vec(&pairs["signature"]).unwrap();
    let signature = pkcs1v15::Signature::try_from(signature.as_slice()).unwrap();
    key.verify(digest(&pairs).as_bytes(), &signature).unwrap();
    assert!(!format!("{request:?}").contains("6236098835899996543"));
    let wechat = payment_code("134650201234567890");
    let refused = acp().scan(&sale, &wechat, None);
    assert_eq!(refused.unwrap_err(), BuildError::ForeignCode);
}

/// An answer to the query of a sale, with changes; signed by `key` under `certificate`.
fn answered(changes: &[(&str, &str)], key: &str, certificate: &str) -> HttpResponse {
    let mut pairs: BTreeMap<String, String> = [
        ("merId", "898310048140001"),
        ("orderId", number().as_str()),
        ("txnTime", &format!("{}{}", NOW.yyyymmdd(), NOW.hhmmss())),
        ("txnType", "00"),
        ("txnSubType", "00"),
        ("txnAmt", "880"),
        ("currencyCode", "156"),
        ("respCode", "00"),
        ("origRespCode", "00"),
        ("queryId", "012345678901234567890"),
        ("signPubKeyCert", certificate),
    ]
    .into_iter()
    .chain(changes.iter().copied())
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let key = rsa::PrivateKey::from_pkcs8_pem(key).unwrap();
    let key = pkcs1v15::SigningKey::<Sha256>::new(key);
    let signature = key.sign(digest(&pairs).as_bytes()).to_vec();
    pairs.insert("signature".to_owned(), Base64::encode_string(&signature));
    let body: Vec<String> = pairs
        .iter()
        .map(|(name, value)| {
            format!(
                "{name}={}",
                value
                    .replace('%', "%25")
                    .replace('+', "%2B")
                    .replace('&', "%26")
            )
        })
        .collect();
    HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: body.join("&").into_bytes(),
    }
}

fn asked(response: &HttpResponse) -> Checked<State> {
    let number = number();
    let sale = Trade {
        number: &number,
        at: NOW,
        amount: fen(880),
    };
    acp().check_query(&sale, response, SENT, NOW)
}

const WALLET_KEY: &str = vector!("keys/wallet.pkcs8.pem");
const WALLET_CERTIFICATE: &str = vector!("keys/wallet.crt");

fn genuine(changes: &[(&str, &str)]) -> Checked<State> {
    asked(&answered(changes, WALLET_KEY, WALLET_CERTIFICATE))
}

fn fault(checked: &Checked<State>) -> Option<Fault> {
    match checked {
        Checked::Unknown(reason) => match reason.kind {
            Kind::Fault(fault) => Some(fault),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn i06_an_answer_counts_only_for_its_order_and_amount() {
    let paid = State::Paid(Some("012345678901234567890".to_owned()));
    assert_eq!(genuine(&[]), Checked::Yes(paid));
    for (change, wanted) in [
        (("orderId", "0123456789ABCDEFGHJKMNPQ"), Fault::OtherOrder),
        (("txnTime", "20260101120000"), Fault::OtherOrder),
        (("txnType", "01"), Fault::OtherOrder),
        (("txnAmt", "881"), Fault::OtherAmount),
        (("currencyCode", "840"), Fault::OtherCurrency),
        (("merId", "898310048140002"), Fault::OtherMerchant),
        (("origRespCode", ""), Fault::Incomplete),
        (("origRespCode", "Q9"), Fault::Incomplete),
        (("respCode", ""), Fault::Incomplete),
    ] {
        assert_eq!(fault(&genuine(&[change])), Some(wanted), "{change:?}");
    }
}

#[test]
fn i06_only_the_gateways_own_signature_is_believed() {
    let merchant_key = vector!("keys/merchant.pkcs8.pem");
    let merchant = vector!("keys/merchant.crt");
    // Signed by a merchant whose certificate comes from the same authorities.
    let other = asked(&answered(&[], merchant_key, merchant));
    assert_eq!(fault(&other), Some(Fault::ForeignKey));
    // The right certificate, another key.
    let other = asked(&answered(&[], merchant_key, WALLET_CERTIFICATE));
    assert_eq!(fault(&other), Some(Fault::BadSignature));
    let other = asked(&answered(&[], WALLET_KEY, "no certificate"));
    assert_eq!(fault(&other), Some(Fault::ForeignKey));
    // No signature at all, and one byte changed after signing.
    let mut bare = answered(&[], WALLET_KEY, WALLET_CERTIFICATE);
    let text = String::from_utf8(bare.body).unwrap();
    bare.body = text.replace("signature=", "sign=").into_bytes();
    assert_eq!(fault(&asked(&bare)), Some(Fault::Unsigned));
    let changed = text
        .replace("origRespCode=00", "origRespCode=05")
        .into_bytes();
    bare.body = changed;
    assert_eq!(fault(&asked(&bare)), Some(Fault::BadSignature));
    // An authority that does not know the certificate, and one of another time.
    let mut stranger = acp();
    stranger.authorities = Certificate::all_from_text(merchant).unwrap();
    let number = number();
    let sale = Trade {
        number: &number,
        at: NOW,
        amount: fen(880),
    };
    let response = answered(&[], WALLET_KEY, WALLET_CERTIFICATE);
    let checked = stranger.check_query(&sale, &response, SENT, NOW);
    assert_eq!(fault(&checked), Some(Fault::ForeignKey));
    let century = WallTime(NOW.0 + 110 * 365 * 86_400_000);
    let checked = acp().check_query(&sale, &response, SENT, century);
    assert_eq!(fault(&checked), Some(Fault::ForeignKey));
}

#[test]
fn i04_what_a_query_says_is_proof_or_waiting_never_silence() {
    assert_eq!(
        genuine(&[("origRespCode", "05")]),
        Checked::Yes(State::Waiting)
    );
    assert_eq!(
        genuine(&[("origRespCode", "35")]),
        Checked::Yes(State::Closed)
    );
    assert_eq!(
        genuine(&[("respCode", "34")]),
        Checked::Yes(State::NotFound)
    );
    for body in ["", "<html>502</html>", "respCode=00"] {
        for status in [200, 302, 502] {
            let response = HttpResponse {
                status,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
            };
            assert!(
                matches!(asked(&response), Checked::Unknown(_)),
                "{status} {body}"
            );
        }
    }
    let unknown = genuine(&[("respCode", "99")]);
    assert!(matches!(unknown, Checked::Unknown(_)));
    let code = unknown.reason().unwrap().code.to_string();
    assert_eq!(code, "ACP.99");
    assert_eq!(Fault::Unsigned.code(), NetCode::SignatureMissing);
}

#[test]
fn i03_a_void_takes_all_of_the_sale_and_a_return_no_more() {
    let (sale_number, own_number) = (number(), refund_number());
    let undo = |fen_back, is_void| Undo {
        sale: Trade {
            number: &sale_number,
            at: NOW,
            amount: fen(880),
        },
        own: Trade {
            number: &own_number,
            at: NOW,
            amount: fen(fen_back),
        },
        is_void,
    };
    assert!(acp().undo(&undo(879, true)).is_err());
    assert!(acp().undo(&undo(881, false)).is_err());
    let request = acp().undo(&undo(500, false)).unwrap();
    let pairs = pairs(&request);
    assert_eq!(pairs["txnType"], "04");
    assert_eq!(pairs["origOrderId"], sale_number.as_str());
    assert_eq!(pairs["orderId"], own_number.as_str());
    assert_eq!(pairs["txnAmt"], "500");
}
