//! Consumer-presented codes: what a customer shows. They hold card data, so they mask and wipe
//! themselves; a terminal sends the text on and decodes only to show brand and last four digits.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::base64;
use super::error::{QrError, QrErrorKind as Kind};
use super::tlv::{self, Content, Tlv};

/// Base64 of `85 05 "CPV0"`, so that a version we do not know is told as such.
pub(super) const BEGINNING: &str = "hQVDUFYw";
/// The longest code (EMVCo), in characters.
const MAX_CHARACTERS: usize = 512;
const FORMAT: u32 = 0x85;
const FORMAT_VALUE: &[u8] = b"CPV01";
const APPLICATION: u32 = 0x61;
const AID: u32 = 0x4F;
const LABEL: u32 = 0x50;
const TRACK2: u32 = 0x57;
const PAN: u32 = 0x5A;
/// Card number, tracks, cardholder name, expiry: never serialised in clear.
const ACCOUNT_DATA: [u32; 6] = [PAN, TRACK2, 0x56, 0x9F6B, 0x5F20, 0x5F24];

/// A consumer-presented code. Serialises to `{"objects": [["85", "4350563031"], ["61.4F", …], …],
/// "crc": null}`: elements with their path of tags and their bytes in hexadecimal, account data
/// masked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ConsumerCode {
    elements: Vec<Tlv>,
}

/// One application template, `61`.
#[derive(Clone, Copy)]
pub struct Application<'a> {
    template: &'a Tlv,
}

impl ConsumerCode {
    /// From elements: the payload format `85`, then at least one application `61`.
    ///
    /// # Errors
    /// The same as [`ConsumerCode::parse`].
    pub fn new(elements: Vec<Tlv>) -> Result<Self, QrError> {
        Self::parse(Self { elements }.text().as_bytes())
    }

    /// Reads a code.
    ///
    /// # Errors
    /// More than 512 characters; not base64; not BER-TLV; a first element that is not `85` =
    /// `CPV01`; no application template.
    pub fn parse(text: &[u8]) -> Result<Self, QrError> {
        if text.len() > MAX_CHARACTERS {
            return Err(QrError::new(Kind::TooLong, 0).sized(MAX_CHARACTERS, text.len()));
        }
        let bytes = base64::decode(text)?;
        let code = Self {
            elements: tlv::read(&bytes)?,
        };
        let format = code.elements.first();
        if format.is_none_or(|f| f.tag() != FORMAT || f.value() != Some(FORMAT_VALUE)) {
            return Err(QrError::new(Kind::FormatInvalid, 0).about(FORMAT));
        }
        if code.applications().next().is_none() {
            return Err(QrError::new(Kind::ObjectMissing, bytes.len()).about(APPLICATION));
        }
        Ok(code)
    }

    /// All elements in their order.
    #[must_use]
    pub fn elements(&self) -> &[Tlv] {
        &self.elements
    }

    /// The applications in their order, which is the customer's preference.
    pub fn applications(&self) -> impl Iterator<Item = Application<'_>> {
        let templates = self.elements.iter().filter(|e| e.tag() == APPLICATION);
        templates.map(|template| Application { template })
    }

    /// The code as it is shown; wiped when dropped.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_CHARACTERS));
        self.elements
            .iter()
            .for_each(|element| element.write(&mut bytes));
        Zeroizing::new(base64::encode(&bytes))
    }
}

impl<'a> Application<'a> {
    /// The application id, such as `A000000333010102`.
    #[must_use]
    pub fn aid(&self) -> Option<&'a [u8]> {
        self.template.find(AID)
    }

    /// The name for the screen.
    #[must_use]
    pub fn label(&self) -> Option<&'a str> {
        std::str::from_utf8(self.template.find(LABEL)?).ok()
    }

    /// The last four digits of the card or token number, from `5A` or `57`.
    #[must_use]
    pub fn last_four(&self) -> Option<String> {
        let bytes = self
            .template
            .find(PAN)
            .or_else(|| self.template.find(TRACK2))?;
        let number: Zeroizing<String> = Zeroizing::new(
            bytes
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 0x0F])
                .map_while(|digit| char::from_digit(digit.into(), 10))
                .collect(),
        );
        let from = number.len().checked_sub(4)?;
        number.get(from..).map(str::to_owned)
    }
}

impl fmt::Debug for ConsumerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConsumerCode").field(&self.elements).finish()
    }
}

impl fmt::Debug for Application<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Application").field(self.template).finish()
    }
}

impl Serialize for ConsumerCode {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut rows = Vec::new();
        for element in &self.elements {
            list(element, "", &mut rows);
        }
        let mut code = s.serialize_struct("ConsumerCode", 2)?;
        code.serialize_field("objects", &rows)?;
        code.serialize_field("crc", &None::<String>)?;
        code.end()
    }
}

fn list(element: &Tlv, above: &str, rows: &mut Vec<(String, String)>) {
    let path = format!("{above}{:X}", element.tag());
    match element.content() {
        Content::Elements(elements) => {
            let above = format!("{path}.");
            elements.iter().for_each(|inner| list(inner, &above, rows));
        }
        Content::Bytes(bytes) if ACCOUNT_DATA.contains(&element.tag()) => {
            rows.push((path, "*".repeat(bytes.len() * 2)));
        }
        Content::Bytes(bytes) => {
            let hex = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            rows.push((path, hex));
        }
    }
}
