//! Words of the shop counter as types: money, cards, states, failures, time, receipts, and the
//! ports through which the core reaches the outside.
//!
//! This crate must not know a wire format, a database, a socket or a screen. It uses nothing of
//! ours; everything else uses it.

pub mod card;
pub mod explanation;
pub mod failure;
pub mod id;
pub mod local_code;
pub mod money;
pub mod outcome;
pub mod planted;
pub mod ports;
pub mod receipt;
pub mod status;
pub mod time;
pub mod wallet;

pub use card::{CardInput, Entry, Expiry, Pan, Pin, Track2};
pub use explanation::{Explanation, Goods, Retry};
pub use failure::{Cause, Code, NetCode};
pub use id::Id;
pub use local_code::LocalCode;
pub use money::{Amount, Currency, Money};
pub use outcome::{Delivery, Outcome};
pub use status::{
    ObligationKind, ObligationStatus, OriginalKind, SaleStatus, UndoKind, UndoStatus,
};
pub use time::{Moment, WallTime};
pub use wallet::{ToldUnpaid, UndoMethod, WebMethod};

#[doc(hidden)]
pub use serde;

/// How the money was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rail {
    /// Bank card, phone or wristband NFC, UnionPay QR.
    UnionPay,
    /// WeChat Pay (微信支付).
    WeChat,
    /// Alipay (支付宝).
    Alipay,
}

/// The languages of the screen and of explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

text_enum!(Rail { UnionPay => "unionpay", WeChat => "wechat", Alipay => "alipay" });
text_enum!(Lang { Zh => "zh", En => "en" });

/// Gives an enum its fixed text form: `as_str`, `Display`, `FromStr`, `ALL` and serde as that text.
#[macro_export]
macro_rules! text_enum {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The fixed text form used in the ledger, in JSON and on the command line.
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

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownText { what: stringify!($name) }),
                }
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }
    };
}

/// A text that is none of an enum's fixed forms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}")]
pub struct UnknownText {
    /// The Rust name of the enum.
    pub what: &'static str,
}
