//! F63: operator, card organisation and texts of the hosts (spec 2.11).

use super::{Reader, SubfieldError, put_digits};

const F63: u8 = 63;

/// The domestic card organisation, also meant when F63 is missing.
pub const UNIONPAY: &str = "CUP";

/// F63 of a sign-in or settlement: the operator's two digits and a space.
///
/// # Errors
/// Anything but two digits.
pub fn operator_value(operator: &str) -> Result<String, SubfieldError> {
    let mut out = String::with_capacity(3);
    put_digits(&mut out, F63, operator, 2, "operator, 2 digits")?;
    out.push(' ');
    Ok(out)
}

/// F63 of an answer. Texts are GBK bytes and may be cut short or empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer<'a> {
    /// 63.1, such as `CUP`, `VIS` or `000`.
    pub organisation: Option<&'a str>,
    /// 63.2.1 from the issuer.
    pub issuer: &'a [u8],
    /// 63.2.2 from UnionPay.
    pub unionpay: &'a [u8],
    /// 63.2.3 from the acquirer.
    pub acquirer: &'a [u8],
    /// 63.2.4 for the terminal.
    pub terminal: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads the value of F63; give an empty one when the field is missing. Bytes behind the
    /// last text are not looked at.
    ///
    /// # Errors
    /// An organisation that is not three ASCII characters.
    pub fn parse(value: &'a [u8]) -> Result<Self, SubfieldError> {
        let mut reader = Reader::new(F63, value);
        let error = reader.error("card organisation, 3 ASCII characters");
        let organisation = reader.take_up_to(3);
        let organisation = match organisation.len() {
            0 => None,
            3 if organisation.is_ascii() => {
                Some(std::str::from_utf8(organisation).map_err(|_| error)?)
            }
            _ => return Err(error),
        };
        Ok(Self {
            organisation,
            issuer: reader.take_up_to(20),
            unionpay: reader.take_up_to(20),
            acquirer: reader.take_up_to(20),
            terminal: reader.take_up_to(60),
        })
    }

    /// True for a domestic card: the organisation is CUP or missing (spec 8.1).
    #[must_use]
    pub fn is_domestic(&self) -> bool {
        self.organisation
            .is_none_or(|organisation| organisation == UNIONPAY)
    }
}
