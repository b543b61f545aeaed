//! Merchant-presented codes: what a shop shows and a customer scans.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::crc::crc16;
use super::error::{QrError, QrErrorKind as Kind};
use super::objects::{self, HEAD, Object, ObjectId};

/// The largest QR code holds this many bytes.
const MAX_BYTES: usize = 2953;
const FORMAT: ObjectId = ObjectId::fixed::<0>();
const FORMAT_VALUE: &str = "01";
const CRC: ObjectId = ObjectId::fixed::<63>();
const CRC_DIGITS: usize = 4;
/// Id and length of the CRC, which are part of what it covers.
const CRC_HEAD: &str = "6304";
/// Category, currency, country, name, city.
const MANDATORY: [ObjectId; 5] = [
    ObjectId::fixed::<52>(),
    ObjectId::fixed::<53>(),
    ObjectId::fixed::<58>(),
    ObjectId::fixed::<59>(),
    ObjectId::fixed::<60>(),
];

/// A merchant-presented code: its objects in their order, unknown ones kept, without the CRC,
/// which is computed. Serialises to `{"objects": [["00", "01"], …], "crc": "A13A"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantCode {
    objects: Vec<Object>,
}

impl MerchantCode {
    /// From objects, the first of which is `00` with the value `01`; without `63`.
    ///
    /// # Errors
    /// The same as [`MerchantCode::parse`], with positions in the text that would have come out.
    pub fn new(objects: Vec<Object>) -> Result<Self, QrError> {
        let code = Self { objects };
        match code.position(CRC) {
            Some(at) => Err(QrError::new(Kind::ValueInvalid, at).about(CRC.as_tag())),
            None => Self::parse(code.text().as_bytes()),
        }
    }

    /// Reads a code.
    ///
    /// # Errors
    /// Text that is not UTF-8 or too long; ids or lengths that are not digits; a value that goes
    /// past the end, also inside a template; an id twice on one level; a first object that is not
    /// `00` = `01`; an absent or empty object of 52, 53, 58, 59, 60; a CRC that is absent, not
    /// last, or not the text's (compared without regard to case).
    pub fn parse(text: &[u8]) -> Result<Self, QrError> {
        if text.len() > MAX_BYTES {
            return Err(QrError::new(Kind::TooLong, 0).sized(MAX_BYTES, text.len()));
        }
        let text = utf8(text)?;
        let (objects, crc) = before_crc(text)?;
        check_crc(text, &crc)?;
        let code = Self { objects };
        code.check()?;
        Ok(code)
    }

    /// The objects in their order, without the CRC.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The value of an object on the first level.
    #[must_use]
    pub fn get(&self, id: u8) -> Option<&str> {
        let object = self.objects.iter().find(|object| object.id().get() == id);
        object.map(Object::value)
    }

    /// The whole code, CRC included.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.covered();
        let crc = crc16(text.as_bytes());
        text.push_str(&format!("{crc:04X}"));
        text
    }

    /// The CRC, four upper-case hexadecimal digits.
    #[must_use]
    pub fn crc(&self) -> String {
        format!("{:04X}", crc16(self.covered().as_bytes()))
    }

    /// What the CRC covers: everything through its own id and length.
    fn covered(&self) -> String {
        let objects = self.objects.iter().map(ToString::to_string);
        objects.chain([CRC_HEAD.to_owned()]).collect()
    }

    /// Where an object begins, in characters.
    fn position(&self, id: ObjectId) -> Option<usize> {
        let index = self.objects.iter().position(|object| object.id() == id)?;
        Some(self.objects.iter().take(index).map(Object::width).sum())
    }

    fn check(&self) -> Result<(), QrError> {
        let first = self.objects.first();
        if first.is_none_or(|o| o.id() != FORMAT || o.value() != FORMAT_VALUE) {
            return Err(QrError::new(Kind::FormatInvalid, 0).about(FORMAT.as_tag()));
        }
        let mut at = 0;
        for object in &self.objects {
            if MANDATORY.contains(&object.id()) && object.value().is_empty() {
                return Err(QrError::new(Kind::ObjectEmpty, at).about(object.id().as_tag()));
            }
            if object.id().is_template() {
                objects::sequence(object.value()).map_err(|error| error.moved(at + HEAD))?;
            }
            at += object.width();
        }
        match MANDATORY.iter().find(|&&id| self.position(id).is_none()) {
            Some(id) => Err(QrError::new(Kind::ObjectMissing, at).about(id.as_tag())),
            None => Ok(()),
        }
    }
}

impl Serialize for MerchantCode {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut code = s.serialize_struct("MerchantCode", 2)?;
        code.serialize_field("objects", &self.objects)?;
        code.serialize_field("crc", &self.crc())?;
        code.end()
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, QrError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        // A continuation byte never begins a character.
        let characters = good.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        QrError::new(Kind::NotUtf8, characters)
    })
}

/// The objects before the CRC, and the CRC that the text gives.
fn before_crc(text: &str) -> Result<(Vec<Object>, String), QrError> {
    let (mut objects, rest) = objects::sequence_to(text, Some(CRC))?;
    let end: usize = objects.iter().map(Object::width).sum();
    let Some(crc) = objects.pop_if(|object| object.id() == CRC) else {
        return Err(QrError::new(Kind::CrcMissing, end));
    };
    let digits = crc.value().bytes().all(|byte| byte.is_ascii_hexdigit());
    if crc.value().len() != CRC_DIGITS || !digits {
        return Err(QrError::new(Kind::CrcInvalid, end - crc.width()));
    }
    match rest.chars().count() {
        0 => Ok((objects, crc.value().to_owned())),
        found => Err(QrError::new(Kind::CrcNotLast, end).sized(0, found)),
    }
}

/// Compares without regard to case.
fn check_crc(text: &str, given: &str) -> Result<(), QrError> {
    let covered = text.get(..text.len().saturating_sub(CRC_DIGITS));
    let wanted = crc16(covered.unwrap_or_default().as_bytes());
    let found = u16::from_str_radix(given, 16).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    let at = text.chars().count().saturating_sub(CRC_DIGITS);
    Err(QrError::new(Kind::CrcMismatch, at).sized(wanted.into(), found.into()))
}
