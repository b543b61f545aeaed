//! What was being done when a code came.

use pos_domain::text_enum;

/// What was being done when the code came: the same code means other things, and asks for other
/// steps, for a sale, a void or a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Situation {
    /// Taking money (消费), by card or code.
    Sale,
    /// Taking back a sale, a completion or a pre-authorisation (撤销).
    Void,
    /// Giving money back after the void's window (退货).
    Refund,
    /// Holding money (预授权).
    Preauth,
    /// Taking held money (预授权完成).
    Completion,
    /// The terminal's own repair (冲正).
    Reversal,
    /// Getting working keys (签到), or signing out.
    SignIn,
    /// Comparing totals (批结算).
    Settlement,
    /// Delivering records: batch details, notices, signatures, scripts.
    Upload,
    /// Asking what became of an earlier request.
    Query,
    /// Operators, approvals, the queue by hand.
    Operator,
    /// Anything else: echo, parameters, self-check.
    Other,
}

text_enum!(Situation {
    Sale => "sale",
    Void => "void",
    Refund => "refund",
    Preauth => "preauth",
    Completion => "completion",
    Reversal => "reversal",
    SignIn => "sign_in",
    Settlement => "settlement",
    Upload => "upload",
    Query => "query",
    Operator => "operator",
    Other => "other",
});
