//! Which rail a scanned text belongs to, or why it belongs to none (spec section 1).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::refusal::Refusal;
use crate::rules::{Rules, Verdict, all_digits};
use crate::scanned::cleaned;

/// Who takes the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rail {
    /// UnionPay QR (云闪付, 银行App).
    UnionPay,
    /// WeChat Pay (微信支付).
    WeChat,
    /// Alipay (支付宝).
    Alipay,
}

text_form!(Rail { UnionPay => "unionpay", WeChat => "wechat", Alipay => "alipay" });

/// How a payment code is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A number, shown as Code 128 and as QR.
    Digits,
    /// An EMVCo consumer-presented code: see [`crate::emvco::ConsumerCode`].
    Emvco,
    /// An Alipay face-payment token, sent with scene `security_code`.
    Face,
}

text_form!(Form { Digits => "digits", Emvco => "emvco", Face => "face" });

/// A customer's payment code. Masks itself and wipes itself when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PaymentCode {
    text: String,
    #[zeroize(skip)]
    rail: Rail,
    #[zeroize(skip)]
    form: Form,
}

impl PaymentCode {
    /// The rail that takes it.
    #[must_use]
    pub const fn rail(&self) -> Rail {
        self.rail
    }

    /// How it is written.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The whole code, for the wire only.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// First two and last four characters, stars between (spec section 1).
    #[must_use]
    pub fn masked(&self) -> String {
        let hidden = self.text.len().saturating_sub(6);
        let first = self.text.get(..2).unwrap_or_default();
        let last = self.text.get(2 + hidden..).unwrap_or_default();
        format!("{first}{}{last}", "*".repeat(hidden))
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentCode({}, {}, …)", self.rail, self.form)
    }
}

/// What a scanned text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A code that can be charged.
    Payment(PaymentCode),
    /// Something else, and what to do about it.
    Refused {
        /// The reason.
        why: Refusal,
    },
}

impl Recognised {
    /// The reason of a refusal.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Payment(_) => None,
            Self::Refused { why } => Some(*why),
        }
    }
}

/// Tells a scanned or typed text apart by the standard rules.
#[must_use]
pub fn recognise(text: &str) -> Recognised {
    Rules::standard().recognise(text)
}

impl Rules {
    /// Tells a scanned or typed text apart by these rules.
    #[must_use]
    pub fn recognise(&self, text: &str) -> Recognised {
        let refused = |why| Recognised::Refused { why };
        let Some(clean) = cleaned(text) else {
            return refused(Refusal::TooLong);
        };
        match self.verdict(&clean) {
            Some(Verdict::Take(rail, form)) => Recognised::Payment(PaymentCode {
                text: clean.as_str().to_owned(),
                rail,
                form,
            }),
            Some(Verdict::Refuse(why)) => refused(why),
            None => refused(self.near_miss(&clean)),
        }
    }

    /// The most helpful reason for a text that no rule fits.
    fn near_miss(&self, text: &str) -> Refusal {
        // Shorter numbers are typing, longer ones are no payment code that was cut or doubled.
        const LIKE_A_CODE: std::ops::RangeInclusive<usize> = 10..=48;
        const FULL_LENGTH: std::ops::RangeInclusive<usize> = 16..=24;
        match text.len() {
            0 => Refusal::Empty,
            _ if !all_digits(text) => Refusal::Unknown,
            8 | 12..=14 if check_digit_fits(text) => Refusal::Goods,
            n if LIKE_A_CODE.contains(&n) && self.begins_like_payment(text) => Refusal::WrongLength,
            n if FULL_LENGTH.contains(&n) => Refusal::UnknownPrefix,
            _ => Refusal::Unknown,
        }
    }
}

/// Check digit of EAN-8, UPC-A, EAN-13 and ITF-14: weights 1 and 3 from the right.
fn check_digit_fits(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .sum();
    sum.is_multiple_of(10)
}
