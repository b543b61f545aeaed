//! What a scanner or a camera gives, and what a screen shows: payment codes told apart by rules
//! that are data, EMVCo QR codes read and written, pictures of codes in and out.
//!
//! Usable alone. It must not know the shop's ledger, a rail's messages, a camera's driver or any
//! other crate of this workspace. Scanned text is untrusted; a payment code is a secret and masks
//! itself. References to "spec" mean the description of QR codes.
//!
//! ```
//! use pos_codes::{Rail, Recognised, Refusal, recognise};
//!
//! let Recognised::Payment(code) = recognise("134650201234567890\r\n") else { panic!() };
//! assert_eq!(code.rail(), Rail::WeChat);
//! assert_eq!(recognise("wxp://f2f0abc").refusal(), Some(Refusal::WechatLink));
//! ```

/// Gives an enum its fixed text form: `as_str`, `Display`, `ALL` and serde in that form.
macro_rules! text_form {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The fixed text form, as in data files and JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(d)?;
                match text.as_str() {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(::serde::de::Error::unknown_variant(&text, &[$($text),+])),
                }
            }
        }
    };
}

pub mod camera;
pub mod emvco;
pub mod picture;
mod recognise;
mod refusal;
mod rules;
mod scanned;

pub use recognise::{Form, PaymentCode, Rail, Recognised, recognise};
pub use refusal::Refusal;
pub use rules::{Rules, RulesError};
