//! What a customer, and the bank behind the wallet, will do with an order.

/// Where amounts with a meaning begin, in fen.
const MAGIC_FROM: i64 = 9_001_000;
const MAGIC_COUNT: i64 = 100;

/// One thing that goes another way than usual. The numbers are those of magic amounts and codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Asks for the password; the customer pays before the second query is answered.
    PaysLate = 1,
    /// Asks for the password; nothing follows by itself.
    Hesitates = 2,
    /// Asks for the password; the customer cancels before the second query is answered.
    Cancels = 3,
    /// Not enough money.
    Poor = 4,
    /// The code has expired.
    Expired = 5,
    /// Asks for the password; pays at the moment at which the order is first taken back.
    Races = 6,
    /// A system error is answered, and the money is taken.
    ErrorPaid = 7,
    /// A system error is answered; the customer pays before the second query is answered.
    ErrorPaysLate = 8,
    /// A system error is answered, and there is no order.
    ErrorAbsent = 9,
    /// Asks for the password; the payment fails before the second query is answered.
    Fails = 10,
    /// Taking back must be called three times.
    Recall = 11,
    /// Taking back is refused once, since the customer is typing.
    Typing = 12,
    /// It is too late to take back.
    TooLate = 13,
    /// The merchant has too little money at the first refund.
    MerchantPoor = 14,
    /// A refund is under way until it has been asked for twice.
    RefundSlow = 15,
    /// A refund does not arrive.
    RefundAbnormal = 16,
    /// The first refund is answered with a system error, and done.
    RefundErrorDone = 17,
    /// The first refund comes too soon.
    RefundTooSoon = 18,
    /// Taking back is answered with success the first time, and not done.
    Pretends = 19,
}

/// What the amount and the code of an order say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Script {
    by_amount: Option<i64>,
    by_code: Option<i64>,
}

impl Script {
    /// 9,001,0NN fen; and a code of digits whose digits between the first two and the last two are
    /// all zero, the last two being NN.
    pub(crate) fn of(amount: i64, code: Option<&str>) -> Self {
        let by_code = code.filter(|code| code.bytes().all(|b| b.is_ascii_digit()));
        let by_code = by_code.and_then(|code| {
            let (_, rest) = code.split_at_checked(2)?;
            let (zeros, number) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
            let magic = !zeros.is_empty() && zeros.bytes().all(|b| b == b'0');
            magic.then(|| number.parse().ok())?
        });
        Self {
            by_amount: amount
                .checked_sub(MAGIC_FROM)
                .filter(|number| (0..MAGIC_COUNT).contains(number)),
            by_code,
        }
    }

    pub(crate) fn has(self, turn: Turn) -> bool {
        let number = Some(turn as i64);
        self.by_amount == number || self.by_code == number
    }

    /// True when the customer is asked for a password.
    pub(crate) fn asks_password(self) -> bool {
        [
            Turn::PaysLate,
            Turn::Hesitates,
            Turn::Cancels,
            Turn::Races,
            Turn::ErrorPaysLate,
            Turn::Fails,
        ]
        .into_iter()
        .any(|turn| self.has(turn))
    }

    /// True when a system error is answered to the sale.
    pub(crate) fn errs(self) -> bool {
        [Turn::ErrorPaid, Turn::ErrorPaysLate, Turn::ErrorAbsent]
            .into_iter()
            .any(|turn| self.has(turn))
    }
}

#[cfg(test)]
mod tests {
    use super::{Script, Turn};

    #[test]
    fn amounts_and_codes_have_a_meaning_and_others_none() {
        assert!(Script::of(9_001_004, None).has(Turn::Poor));
        assert!(Script::of(100, Some("130000000000000004")).has(Turn::Poor));
        let both = Script::of(9_001_011, Some("2800000000000002"));
        assert!(both.has(Turn::Recall) && both.has(Turn::Hesitates) && both.asks_password());
        for plain in [
            Script::of(9_001_104, Some("134650201234567890")),
            Script::of(9_000_004, Some("fp000000004")),
            Script::of(i64::MIN, Some("1304")),
            Script::of(0, Some("")),
        ] {
            assert!(plain.by_amount.is_none() && plain.by_code.is_none());
        }
    }
}
