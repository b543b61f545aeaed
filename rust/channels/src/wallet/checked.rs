//! The result of checking an answer against its request, and how unproven ones are kept unproven.

use pos_domain::{Code, NetCode, Rail};

use super::verdict::Verdict;

/// What an answer proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked<T> {
    /// Signed, about this request, and it says so.
    Yes(T),
    /// A definite no: nothing was done and nothing will be.
    No(Reason),
    /// Nothing was done; the same request with the same number may succeed later.
    Curable(Reason),
    /// Not proven either way: ask, or send the same number again.
    Unknown(Reason),
}

impl<T> Checked<T> {
    /// What was proven, if it was a yes.
    #[must_use]
    pub fn yes(self) -> Option<T> {
        match self {
            Self::Yes(facts) => Some(facts),
            Self::No(_) | Self::Curable(_) | Self::Unknown(_) => None,
        }
    }

    /// Why it was not a yes.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Yes(_) => None,
            Self::No(reason) | Self::Curable(reason) | Self::Unknown(reason) => Some(reason),
        }
    }
}

/// Why the answer is not a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The wallet's code, or `net.NAME` for an answer that cannot be believed.
    pub code: Code,
    /// The wallet's own words for a person, at most 128 characters, long digit runs masked; may be
    /// empty.
    pub text: String,
    /// Who can do something about it.
    pub kind: Kind,
}

/// What sort of reason it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The customer's, the shop's or the bank's side.
    Business,
    /// Our request or the merchant's contract is wrong: support has to act.
    Configuration,
    /// The answer cannot be believed.
    Fault(Fault),
}

/// Why an answer cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A status that carries no result, such as a gateway's 502.
    Status(u16),
    /// Not the format that was agreed, not UTF-8, or too long.
    Garbled,
    /// No signature where there must be one.
    Unsigned,
    /// The signature does not fit.
    BadSignature,
    /// Signed with a key that we do not hold.
    ForeignKey,
    /// Signed too long ago or in the future.
    Stale,
    /// About another application.
    OtherApp,
    /// About another merchant.
    OtherMerchant,
    /// About another order or refund.
    OtherOrder,
    /// Another amount.
    OtherAmount,
    /// Another currency.
    OtherCurrency,
    /// A mandatory field is missing or malformed.
    Incomplete,
}

impl Fault {
    /// The code that `explain` knows.
    #[must_use]
    pub const fn code(self) -> NetCode {
        match self {
            Self::Status(_) => NetCode::AnswerStatus,
            Self::Garbled => NetCode::AnswerGarbled,
            Self::Unsigned => NetCode::SignatureMissing,
            Self::BadSignature => NetCode::SignatureWrong,
            Self::ForeignKey => NetCode::SignatureForeign,
            Self::Stale => NetCode::AnswerStale,
            Self::OtherApp => NetCode::AnswerApp,
            Self::OtherMerchant => NetCode::AnswerMerchant,
            Self::OtherOrder => NetCode::AnswerOrder,
            Self::OtherAmount => NetCode::AnswerAmount,
            Self::OtherCurrency => NetCode::AnswerCurrency,
            Self::Incomplete => NetCode::AnswerCodeMissing,
        }
    }

    /// The result of an answer that cannot be believed for this.
    #[must_use]
    pub fn unknown<T>(self) -> Checked<T> {
        Checked::Unknown(Reason {
            code: self.code().into(),
            text: String::new(),
            kind: Kind::Fault(self),
        })
    }
}

/// How the request went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Whether no earlier request with this number may have reached the wallet.
    pub first: bool,
    /// Whether the server proved its name by TLS.
    pub verified_tls: bool,
}

/// What the request would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Takes or offers to take money.
    Sale,
    /// Gives money back or closes the order; the wallet does it once for one number.
    Undo,
    /// Asks only.
    Ask,
}

/// A failure that the wallet reports.
pub(crate) struct Failure<'a> {
    pub rail: Rail,
    pub code: &'a str,
    pub text: &'a str,
    pub verdict: Verdict,
    /// Whether a good signature vouches for it.
    pub signed: bool,
}

impl Failure<'_> {
    /// What the failure proves.
    ///
    /// A refusal that came without a signature is final only when it is about the request's form,
    /// answers the first submission of its number, and came over verified TLS (decision 21). A
    /// repeated request that is refused for its form says nothing about the earlier one; neither
    /// does any refusal of a repeated sale. A question that fails leaves its subject unknown.
    pub(crate) fn weigh<T>(&self, effect: Effect, sent: Sent) -> Checked<T> {
        let reason = self.reason();
        let final_no = match (self.verdict, effect) {
            (_, Effect::Ask) => false,
            (Verdict::Config, _) => sent.first && (self.signed || sent.verified_tls),
            (Verdict::No, Effect::Sale) => self.signed && sent.first,
            (Verdict::No, Effect::Undo) => self.signed,
            (Verdict::Curable | Verdict::Done | Verdict::Unknown, _) => false,
        };
        if final_no {
            Checked::No(reason)
        } else if self.verdict == Verdict::Curable && self.signed {
            Checked::Curable(reason)
        } else {
            Checked::Unknown(reason)
        }
    }

    fn reason(&self) -> Reason {
        let kind = match self.verdict {
            Verdict::Config => Kind::Configuration,
            _ => Kind::Business,
        };
        // A code that is no printable ASCII was not written by the wallet.
        let code = Code::parse(self.code, self.rail)
            .ok()
            .filter(|code| matches!(code, Code::Wire(..)))
            .unwrap_or(Code::Net(NetCode::AnswerCodeMissing));
        Reason {
            code,
            text: for_people(self.text),
            kind,
        }
    }
}

/// The wallet's words without control characters, cut to 128 characters, runs of 12 digits and
/// more masked: a platform may quote the payment code back.
fn for_people(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().filter(|c| !c.is_control()).take(128) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        out.push_str(&masked(&run));
        run.clear();
        out.push(c);
    }
    out.push_str(&masked(&run));
    out
}

fn masked(run: &str) -> String {
    if run.len() < 12 {
        run.to_owned()
    } else {
        "*".repeat(run.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(verdict: Verdict, signed: bool) -> Failure<'static> {
        Failure {
            rail: Rail::WeChat,
            code: "NOTENOUGH",
            text: "余额不足",
            verdict,
            signed,
        }
    }

    #[test]
    fn i04_only_a_first_refusal_of_a_sale_is_final() {
        let sent = |first, verified_tls| Sent {
            first,
            verified_tls,
        };
        let no = |verdict, signed, effect, sent| {
            let checked = failure(verdict, signed).weigh::<()>(effect, sent);
            matches!(checked, Checked::No(_))
        };
        assert!(no(Verdict::No, true, Effect::Sale, sent(true, false)));
        assert!(!no(Verdict::No, true, Effect::Sale, sent(false, true)));
        assert!(!no(Verdict::No, false, Effect::Sale, sent(true, true)));
        assert!(no(Verdict::No, true, Effect::Undo, sent(false, true)));
        assert!(!no(Verdict::No, false, Effect::Undo, sent(true, true)));
        for effect in [Effect::Sale, Effect::Undo] {
            assert!(no(Verdict::Config, false, effect, sent(true, true)));
            assert!(!no(Verdict::Config, false, effect, sent(true, false)));
            assert!(!no(Verdict::Config, false, effect, sent(false, true)));
            assert!(!no(Verdict::Config, true, effect, sent(false, true)));
        }
        for verdict in [Verdict::No, Verdict::Config] {
            assert!(!no(verdict, true, Effect::Ask, sent(true, true)));
        }
    }

    #[test]
    fn only_a_signed_answer_is_curable() {
        let sent = Sent {
            first: true,
            verified_tls: true,
        };
        let checked = failure(Verdict::Curable, true).weigh::<()>(Effect::Undo, sent);
        assert!(matches!(checked, Checked::Curable(_)));
        let checked = failure(Verdict::Curable, false).weigh::<()>(Effect::Undo, sent);
        assert!(matches!(checked, Checked::Unknown(_)));
    }

    #[test]
    fn i11_quoted_payment_codes_are_masked() {
        let text = for_people("101 付款码\n134650201234567890 无效");
        assert_eq!(text, "101 付款码****************** 无效");
        assert_eq!(for_people(&"9".repeat(500)).len(), 128);
    }
}
