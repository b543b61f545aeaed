//! Limits that the shop sets itself.

use pos_domain::{Amount, LocalCode};

/// The shop's own limits; the default is the strictest reading of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Setting `void_approval_over`, fen: a void of more than this needs a supervisor. None: any
    /// void does.
    pub void_approval_over: Option<i64>,
    /// Setting `refund_max`: no refund of more than this is made at this terminal. None: what is
    /// left of the original is the only limit.
    pub refund_max: Option<Amount>,
}

impl Limits {
    /// From the settings' texts as stored; an absent or empty one is none.
    ///
    /// # Errors
    /// The name of the setting that is no amount in fen.
    pub fn from_settings(
        void_approval_over: Option<&str>,
        refund_max: Option<&str>,
    ) -> Result<Self, &'static str> {
        let fen = |text: Option<&str>, name| {
            text.filter(|text| !text.is_empty())
                .map(|text| text.parse::<i64>().ok().filter(|fen| *fen >= 0).ok_or(name))
                .transpose()
        };
        let refund_max = fen(refund_max, "refund_max")?
            .map(|fen| Amount::from_minor(fen).map_err(|_| "refund_max"))
            .transpose()?;
        Ok(Self {
            void_approval_over: fen(void_approval_over, "void_approval_over")?,
            refund_max,
        })
    }

    pub(crate) fn void_is_free(&self, amount: Option<Amount>) -> bool {
        match (self.void_approval_over, amount) {
            (Some(over), Some(amount)) => amount.minor() <= over,
            _ => false,
        }
    }
}

/// Whether a refund of this size may be made here at all, with any approval.
///
/// # Errors
/// [`LocalCode::AmountInvalid`] when it is over the shop's limit.
pub fn check_refund(amount: Amount, limits: &Limits) -> Result<(), LocalCode> {
    match limits.refund_max {
        Some(most) if amount > most => Err(LocalCode::AmountInvalid),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    #[test]
    fn a_refund_over_the_shops_limit_is_refused() {
        let limits = Limits::from_settings(None, Some("5000")).unwrap();
        assert_eq!(check_refund(fen(5000), &limits), Ok(()));
        assert_eq!(
            check_refund(fen(5001), &limits),
            Err(LocalCode::AmountInvalid)
        );
        assert_eq!(check_refund(fen(999_999), &Limits::default()), Ok(()));
    }

    #[test]
    fn settings_that_are_no_amounts_are_named() {
        for bad in ["-1", "1.5", "x", "99999999999999999999"] {
            assert_eq!(
                Limits::from_settings(Some(bad), None),
                Err("void_approval_over")
            );
            assert_eq!(Limits::from_settings(None, Some(bad)), Err("refund_max"));
        }
        assert_eq!(Limits::from_settings(None, Some("0")), Err("refund_max"));
        assert_eq!(Limits::from_settings(Some(""), None), Ok(Limits::default()));
    }
}
