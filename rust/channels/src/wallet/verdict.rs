//! What an answer code says about the money, as data.

/// The verdict of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This attempt failed for good, for a reason of the customer, the shop or the bank.
    No,
    /// The request or the merchant's contract is wrong; the attempt failed and support has to act.
    Config,
    /// Nothing was done; the same request may succeed later.
    Curable,
    /// What was asked for is already so.
    Done,
    /// It does not say. Also every code that nobody listed.
    Unknown,
}

/// One code, or all codes with a prefix if it ends in `*`, and its verdict.
pub type Row = (&'static str, Verdict);

/// The codes of one operation.
pub type Table = &'static [Row];

/// The verdict of `code`; a code that is not listed is [`Verdict::Unknown`].
#[must_use]
pub fn look_up(table: Table, code: &str) -> Verdict {
    let exact = table.iter().find(|(own, _)| *own == code);
    let prefix = || {
        table.iter().find(|(own, _)| {
            own.strip_suffix('*')
                .is_some_and(|prefix| code.starts_with(prefix))
        })
    };
    exact
        .or_else(prefix)
        .map_or(Verdict::Unknown, |(_, verdict)| *verdict)
}
