//! Certificates, as far as the wallets name them: serials, issuers and public keys.

use md5::{Digest, Md5};
use pos_domain::WallTime;

use super::der::{BIT_STRING, Element, INTEGER, OID, Reader, SEQUENCE, SET};
use super::key::{KeyError, PublicKey};
use super::pem;

/// The arc of PKCS#1 signature algorithms, 1.2.840.113549.1.1.
const RSA_SIGNATURES: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01];

/// Attribute names by the last byte of their OID 2.5.4.x.
const ATTRIBUTES: [(u8, &str); 7] = [
    (3, "CN"),
    (6, "C"),
    (7, "L"),
    (8, "ST"),
    (9, "STREET"),
    (10, "O"),
    (11, "OU"),
];

/// The parts of an X.509 certificate that are used. Reading one checks nothing: see
/// [`Certificate::is_issued_by`].
#[derive(Clone)]
pub struct Certificate {
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    /// The first and the last day it is good for, yyyymmdd in UTC.
    days: (String, String),
    public_key: Vec<u8>,
    rsa_signed: bool,
    /// What the issuer signed, and the signature.
    body: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// The first certificate of a PEM text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        Self::all_from_text(text)?
            .into_iter()
            .next()
            .ok_or(KeyError::Malformed)
    }

    /// All certificates of a PEM text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn all_from_text(text: &str) -> Result<Vec<Self>, KeyError> {
        let blocks = pem::blocks(text).ok_or(KeyError::Malformed)?;
        blocks
            .iter()
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| Self::parse(&block.der).ok_or(KeyError::Malformed))
            .collect()
    }

    fn parse(der: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut certificate = outer.enter(SEQUENCE)?;
        let signed = certificate.expect(SEQUENCE)?;
        let mut body = Reader::new(signed);
        let mut algorithm = certificate.enter(SEQUENCE)?;
        let (unused_bits, signature) = certificate.expect(BIT_STRING)?.split_first()?;
        if *unused_bits != 0 {
            return None;
        }
        let rsa_signed = algorithm.expect(OID)?.starts_with(RSA_SIGNATURES);
        let mut element = body.next()?;
        if element.tag == 0xA0 {
            // The version, present from version 2 on.
            element = body.next()?;
        }
        let serial = Some(element).filter(|e| e.tag == INTEGER)?.contents;
        body.expect(SEQUENCE)?;
        let issuer = body.expect(SEQUENCE)?;
        let mut validity = body.enter(SEQUENCE)?;
        let days = (day(validity.next()?)?, day(validity.next()?)?);
        let subject = body.expect(SEQUENCE)?;
        let public_key = body.expect(SEQUENCE)?;
        outer.is_empty().then(|| Self {
            serial: serial.to_vec(),
            issuer: issuer.to_vec(),
            subject: subject.to_vec(),
            days,
            public_key: as_sequence(public_key),
            rsa_signed,
            body: as_sequence(signed),
            signature: signature.to_vec(),
        })
    }

    /// Whether `ca` signed it, by RSA with SHA-256. Anything else counts as no.
    #[must_use]
    pub fn is_issued_by(&self, ca: &Self) -> bool {
        let key = ca.public_key();
        self.issuer == ca.subject
            && key.is_ok_and(|key| key.verifies_raw(&self.body, &self.signature))
    }

    /// Whether it is good on the day of `now`.
    #[must_use]
    pub fn is_current(&self, now: WallTime) -> bool {
        let today = now.yyyymmdd();
        let (first, last) = &self.days;
        *first <= today && today <= *last
    }

    /// The subject's common name.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        let name = issuer_text(&self.subject)?;
        let parts = name.split(',').find_map(|part| part.strip_prefix("CN="));
        parts.map(str::to_owned)
    }

    /// The serial number in decimal digits, as UnionPay's gateway writes it.
    #[must_use]
    pub fn serial_decimal(&self) -> String {
        decimal(&self.serial)
    }

    /// The subject's key.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when it is no RSA key.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        PublicKey::from_spki(&self.public_key).ok_or(KeyError::Malformed)
    }

    /// The serial number in upper-case hexadecimal digits, as WeChat Pay writes it.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        let bytes = self.serial.strip_prefix(&[0]).unwrap_or(&self.serial);
        bytes.iter().map(|b| format!("{b:02X}")).collect()
    }

    /// Alipay's name for the certificate (spec alipay §5): MD5 of issuer and decimal serial,
    /// lower-case hex.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] when the issuer's name cannot be written.
    pub fn alipay_serial(&self) -> Result<String, KeyError> {
        let issuer = issuer_text(&self.issuer).ok_or(KeyError::Malformed)?;
        let digest = Md5::new()
            .chain_update(issuer)
            .chain_update(decimal(&self.serial))
            .finalize();
        Ok(digest.iter().map(|b| format!("{b:02x}")).collect())
    }
}

/// Alipay's name for a bundle of roots: those with an RSA signature, joined by `_` (§5).
///
/// # Errors
/// [`KeyError::Malformed`] when a certificate cannot be read or none has an RSA signature.
pub fn bundle_serial(text: &str) -> Result<String, KeyError> {
    let serials: Vec<String> = Certificate::all_from_text(text)?
        .iter()
        .filter(|certificate| certificate.rsa_signed)
        .map(Certificate::alipay_serial)
        .collect::<Result<_, _>>()?;
    if serials.is_empty() {
        return Err(KeyError::Malformed);
    }
    Ok(serials.join("_"))
}

/// A UTCTime or GeneralizedTime as yyyymmdd.
fn day(time: Element<'_>) -> Option<String> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let text = std::str::from_utf8(time.contents).ok()?;
    let digits = |n: usize| {
        text.get(..n)
            .filter(|t| t.bytes().all(|b| b.is_ascii_digit()))
    };
    match time.tag {
        UTC_TIME => {
            let day = digits(6)?;
            let century = if day < "500000" { "20" } else { "19" };
            Some(format!("{century}{day}"))
        }
        GENERALIZED_TIME => digits(8).map(str::to_owned),
        _ => None,
    }
}

/// The contents of a sequence with its head put back.
fn as_sequence(contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let start = length.iter().position(|b| *b != 0).unwrap_or(length.len());
    let digits = length.get(start..).unwrap_or_default();
    let mut der = vec![SEQUENCE];
    match digits {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        _ => {
            der.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            der.extend_from_slice(digits);
        }
    }
    der.extend_from_slice(contents);
    der
}

/// The issuer as `CN=…,OU=…,O=…,C=…`: most specific first, escaped as in RFC 2253.
fn issuer_text(name: &[u8]) -> Option<String> {
    let mut parts = Vec::new();
    let mut sets = Reader::new(name);
    while !sets.is_empty() {
        let mut set = sets.enter(SET)?;
        let mut values = Vec::new();
        while !set.is_empty() {
            let mut pair = set.enter(SEQUENCE)?;
            let kind = attribute(pair.expect(OID)?)?;
            values.push(format!("{kind}={}", escaped(text(pair.next()?)?)));
        }
        parts.push(values.join("+"));
    }
    parts.reverse();
    Some(parts.join(","))
}

fn attribute(oid: &[u8]) -> Option<&'static str> {
    let &[0x55, 0x04, last] = oid else {
        return None;
    };
    ATTRIBUTES
        .iter()
        .find(|(number, _)| *number == last)
        .map(|(_, name)| *name)
}

/// UTF8String, PrintableString, TeletexString or IA5String that holds UTF-8.
fn text(element: Element<'_>) -> Option<&str> {
    match element.tag {
        0x0C | 0x13 | 0x14 | 0x16 => std::str::from_utf8(element.contents).ok(),
        _ => None,
    }
}

fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(value.len());
    for (at, c) in value.chars().enumerate() {
        let special = ",+\"\\<>;".contains(c);
        let edge = (at == 0 && (c == '#' || c == ' ')) || (at == last && c == ' ');
        if special || edge {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A big-endian number in decimal digits.
fn decimal(bytes: &[u8]) -> String {
    // Least significant digit first.
    let mut digits = vec![0_u8];
    for byte in bytes {
        let mut carry = u16::from(*byte);
        for digit in &mut digits {
            let value = u16::from(*digit) * 256 + carry;
            *digit = u8::try_from(value % 10).unwrap_or_default();
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
    }
    digits.iter().rev().map(|d| char::from(b'0' + d)).collect()
}
