//! RSA keys, certificates and sealed resources against OpenSSL's values and another crate.

use base64ct::{Base64, Encoding};
use pos_channels::wallet::{
    ApiKey, Certificate, KeyError, PublicKey, SigningKey, bundle_serial, unseal,
};
use proptest::prelude::*;
use rsa::PrivateKey;
use rsa::pkcs1v15;
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use sha2::Sha256;

use crate::vector;

const PKCS8: &str = vector!("keys/merchant.pkcs8.pem");
const PKCS1: &str = vector!("keys/merchant.pkcs1.pem");
const PUBLIC: &str = vector!("keys/merchant.pub.pem");
const CERTIFICATE: &str = vector!("keys/merchant.crt");
const WALLET_CERTIFICATE: &str = vector!("keys/wallet.crt");
const WALLET_PUBLIC: &str = vector!("keys/wallet.pub.pem");
const ROOTS: &str = vector!("keys/roots.pem");

/// The base64 between the marks of a PEM text.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn openssls_signatures_come_out_of_every_form_of_the_key() {
    let (bare8, bare1) = (bare(PKCS8), bare(PKCS1));
    for text in [PKCS8, PKCS1, &bare8, &bare1] {
        let key = SigningKey::from_text(text).unwrap();
        let mut seen = 0;
        for line in vector!("rsa.txt").lines() {
            let [name, signature, message] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line}");
            };
            let message = message.replace('⏎', "\n");
            assert_eq!(key.sign(message.as_bytes()).unwrap(), signature, "{name}");
            seen += 1;
        }
        assert_eq!(seen, 7);
    }
}

#[test]
fn the_gateways_published_answer_verifies_and_no_other_does() {
    let [text, signature, key] = vector!("alipay-a1.txt").lines().collect::<Vec<_>>()[..] else {
        panic!();
    };
    let key = PublicKey::from_text(key).unwrap();
    assert!(key.verifies(text.as_bytes(), signature));
    let swapped = text.replacen(
        r#""code":"10000","msg":"Success""#,
        r#""msg":"Success","code":"10000""#,
        1,
    );
    let spaced = text.replacen("\":", "\": ", 1);
    for other in [
        swapped,
        spaced,
        format!("{text}\n"),
        text.replacen("{", "", 1),
    ] {
        assert_ne!(other, text);
        assert!(!key.verifies(other.as_bytes(), signature));
    }
    assert!(!key.verifies(text.as_bytes(), &signature.to_lowercase()));
    assert!(!key.verifies(text.as_bytes(), ""));
    for at in 0..text.len() {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(!key.verifies(&bytes, signature), "{at}");
    }
}

#[test]
fn a_public_key_is_the_same_in_every_form() {
    let key = PublicKey::from_text(PUBLIC).unwrap();
    assert_eq!(PublicKey::from_text(&bare(PUBLIC)), Ok(key.clone()));
    assert_eq!(PublicKey::from_text(CERTIFICATE), Ok(key.clone()));
    assert_eq!(PublicKey::from_text(ROOTS), Ok(key.clone()));
    assert_ne!(PublicKey::from_text(WALLET_CERTIFICATE), Ok(key));
    let wallet = PublicKey::from_text(WALLET_PUBLIC);
    assert_eq!(PublicKey::from_text(WALLET_CERTIFICATE), wallet);
}

#[test]
fn i11_keys_that_do_not_fit_are_refused_and_none_shows_itself() {
    let refused = |text: &str| SigningKey::from_text(text).map(|_| ());
    assert_eq!(
        refused(vector!("keys/short.pkcs8.pem")),
        Err(KeyError::Unfit)
    );
    assert_eq!(refused(PUBLIC), Err(KeyError::Malformed));
    assert_eq!(refused(CERTIFICATE), Err(KeyError::Malformed));
    assert_eq!(refused(""), Err(KeyError::Malformed));
    assert_eq!(
        refused(&format!("{PKCS8}{PKCS8}")),
        Err(KeyError::Malformed)
    );
    assert_eq!(
        refused(&PKCS8.replacen("END PRIVATE", "END PUBLIC", 1)),
        Err(KeyError::Malformed)
    );
    assert_eq!(PublicKey::from_text(PKCS8), Err(KeyError::Malformed));
    assert_eq!(PublicKey::from_text("AAAA"), Err(KeyError::Malformed));
    let debug = format!("{:?}", SigningKey::from_text(PKCS8).unwrap());
    assert_eq!(debug, "SigningKey(…)");
}

#[test]
fn certificates_have_the_names_that_the_wallets_give_them() {
    for line in vector!("certificates.txt").lines() {
        let [name, alipay, hex] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let text = match name {
            "merchant" => CERTIFICATE,
            "wallet" => WALLET_CERTIFICATE,
            "roots" => {
                // The elliptic root in the middle is left out.
                assert_eq!(bundle_serial(ROOTS), Ok(alipay.to_owned()));
                continue;
            }
            other => panic!("{other}"),
        };
        let certificate = Certificate::from_text(text).unwrap();
        assert_eq!(certificate.alipay_serial(), Ok(alipay.to_owned()), "{name}");
        assert_eq!(certificate.serial_hex(), hex, "{name}");
    }
    assert_eq!(bundle_serial(PUBLIC), Err(KeyError::Malformed));
}

#[test]
fn sealed_resources_open_with_the_right_four_only() {
    let rows: Vec<Vec<&str>> = vector!("sealed.txt")
        .lines()
        .map(|l| l.split('\t').collect())
        .collect();
    let [_, key, nonce, data, sealed, plain] = rows[0][..] else {
        panic!();
    };
    let key = ApiKey::new(key).unwrap();
    let opened = unseal(&key, nonce, data, sealed).unwrap();
    assert_eq!(opened.as_slice(), plain.as_bytes());
    let other_key = ApiKey::new("b7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb").unwrap();
    for result in [
        unseal(&other_key, nonce, data, sealed),
        unseal(&key, "uluk4a9R25RV", data, sealed),
        unseal(&key, "short", data, sealed),
        unseal(&key, nonce, "", sealed),
        unseal(&key, nonce, data, "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwM="),
        unseal(&key, nonce, data, "AAAA"),
        unseal(&key, nonce, data, "*"),
    ] {
        assert_eq!(result, Err(KeyError::Sealed));
    }
    // A key of 16 bytes would open the second, as AES-128: it is no APIv3 key.
    assert!(matches!(ApiKey::new(rows[1][1]), Err(KeyError::ApiKey)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_message_signs_and_verifies_as_another_implementation_does(
        message in proptest::collection::vec(any::<u8>(), 0..300),
        at: prop::sample::Index,
        bit in 0_u8..8,
    ) {
        let own = SigningKey::from_text(PKCS8).unwrap().sign(&message).unwrap();
        let other = PrivateKey::from_pkcs8_pem(PKCS8).unwrap();
        let theirs = pkcs1v15::SigningKey::<Sha256>::new(other);
        prop_assert_eq!(&own, &Base64::encode_string(&theirs.sign(&message).to_vec()));
        let public = rsa::PublicKey::from_public_key_pem(PUBLIC).unwrap();
        let bytes = Base64::decode_vec(&own).unwrap();
        let signature = pkcs1v15::Signature::try_from(bytes.as_slice()).unwrap();
        pkcs1v15::VerifyingKey::<Sha256>::new(public).verify(&message, &signature).unwrap();

        let key = PublicKey::from_text(PUBLIC).unwrap();
        prop_assert!(key.verifies(&message, &own));
        let mut tampered = bytes;
        let at = at.index(tampered.len());
        tampered[at] ^= 1 << bit;
        prop_assert!(!key.verifies(&message, &Base64::encode_string(&tampered)));
    }

    #[test]
    fn no_text_panics(
        text in "\\PC{0,60}",
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
    ) {
        let coded = Base64::encode_string(&bytes);
        for label in ["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY"] {
            for body in [&text, &coded] {
                let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
                let _ = PublicKey::from_text(&pem);
                let _ = bundle_serial(&pem);
                prop_assert!(SigningKey::from_text(&pem).is_err());
            }
        }
        let _ = PublicKey::from_text(&text);
    }

    #[test]
    fn no_cut_or_changed_certificate_panics(
        at: prop::sample::Index,
        to: u8,
        cut: prop::sample::Index,
    ) {
        let mut der = Base64::decode_vec(&bare(CERTIFICATE)).unwrap();
        let at = at.index(der.len());
        der[at] = to;
        der.truncate(cut.index(der.len() * 2));
        let coded = Base64::encode_string(&der);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{coded}\n-----END CERTIFICATE-----\n");
        let _ = bundle_serial(&pem);
        let _ = PublicKey::from_text(&pem);
    }
}
