//! Approvals: which acts need whose consent, and whether it was given.
//!
//! A [`Consent`] is good for one act: whoever gets one stores it in the same transaction as what
//! uses it.

use pos_domain::{Amount, Id, LocalCode, Moment, text_enum};

use crate::operator::{may_try, try_pin};
use crate::{Crew, HashError, Limits, OperatorFacts, OperatorPin, PinNote, Role};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Take money: sale, pre-authorisation, completion.
    Sell,
    /// Take back a sale, a pre-authorisation or a completion.
    Void,
    /// Give money back, part or all.
    Refund,
    /// Withdraw an undo: needs what the undo itself needed.
    Withdraw,
    /// Hold an undo back, or let it go on.
    Hold,
    /// Take an owed item out of the gate; it stays owed.
    Escalate,
    /// Settle with nothing open.
    Settle,
    /// Go on with settlement past an open undo, item by item.
    SettleWithOpenUndos,
    /// Enter the acquirer's or wallet's written statement.
    Resolve,
    /// Take a stuck item out of list and gate, leaving its tombstone.
    Clear,
    /// Add, change or disable operators.
    ManageOperators,
    /// Say that the goods of an unknown wallet sale were already handed over.
    GoodsHandedOver,
    /// Import keys again after the wrapping key was lost.
    ImportKeys,
    /// Retire the old terminal after a restore.
    RetireTerminal,
    /// Begin or end to keep safety copies outside the app.
    KeepCopies,
}

text_enum!(Act {
    Sell => "sell",
    Void => "void",
    Refund => "refund",
    Withdraw => "withdraw",
    Hold => "hold",
    Escalate => "escalate",
    Settle => "settle",
    SettleWithOpenUndos => "settle_with_open_undos",
    Resolve => "resolve",
    Clear => "clear",
    ManageOperators => "manage_operators",
    GoodsHandedOver => "goods_handed_over",
    ImportKeys => "import_keys",
    RetireTerminal => "retire_terminal",
    KeepCopies => "keep_copies",
});

/// Whose consent an act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Nobody's.
    Nobody,
    /// One supervisor's. They may be the one who works, and still give their PIN.
    Supervisor,
    /// Two different people's, at least one of them a supervisor.
    TwoPeople,
}

/// An act on an original, for an amount.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What is to be done.
    pub act: Act,
    /// The original that it is about.
    pub original: Option<&'a Id>,
    /// How much money it moves.
    pub amount: Option<Amount>,
}

/// Somebody who approves: the operator stored under the number given, and the PIN entered.
#[derive(Clone, Debug)]
pub struct Approver<'a> {
    /// Who is stored under that number; none is told as an unknown operator.
    pub facts: Option<&'a OperatorFacts>,
    /// The PIN entered.
    pub pin: Option<&'a OperatorPin>,
}

/// Consent to one act on one original for one amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub act: Act,
    /// On which original.
    pub original: Option<Id>,
    /// For how much.
    pub amount: Option<Amount>,
    /// Who consented: a supervisor.
    pub approver: String,
    /// The second person, where two are needed.
    pub second: Option<String>,
}

/// What came of a request for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentCheck {
    /// To be stored and committed before the verdict is told: one for each PIN that was tried.
    pub notes: Vec<PinNote>,
    /// The consent, none when nobody's is needed; else why not.
    pub verdict: Result<Option<Consent>, LocalCode>,
}

/// Whose consent `act` needs in this home.
///
/// A home without a supervisor asks for none, with one exception: a statement that closes what
/// the terminal cannot prove, and clearing a stuck item, are never one person's alone. There the
/// home first has to name its supervisor.
#[must_use]
pub fn needed_for(act: Act, amount: Option<Amount>, crew: Crew, limits: &Limits) -> Needed {
    match act {
        Act::Sell | Act::Hold | Act::Settle => Needed::Nobody,
        Act::Resolve | Act::Clear => Needed::TwoPeople,
        _ if !crew.has_supervisor() => Needed::Nobody,
        Act::Void | Act::Withdraw if limits.void_is_free(amount) => Needed::Nobody,
        Act::Void
        | Act::Withdraw
        | Act::Refund
        | Act::Escalate
        | Act::SettleWithOpenUndos
        | Act::ManageOperators
        | Act::GoodsHandedOver
        | Act::ImportKeys
        | Act::RetireTerminal
        | Act::KeepCopies => Needed::Supervisor,
    }
}

/// Checks that those who approve are who they say and enough for the request. Nobody's PIN is
/// tried before the rest is in order; approvers beyond those needed are not looked at.
///
/// # Errors
/// [`HashError`] when a stored hash cannot be used; no PIN was judged by it then.
pub fn check_consent(
    request: Request<'_>,
    needed: Needed,
    approvers: &[Approver<'_>],
    now: &Moment,
) -> Result<ConsentCheck, HashError> {
    let mut notes = Vec::new();
    let people = match enough(needed, approvers, now) {
        Ok(people) => people,
        Err(code) => {
            let verdict = Err(code);
            return Ok(ConsentCheck { notes, verdict });
        }
    };
    for (facts, pin) in &people {
        let check = try_pin(facts, *pin, now, LocalCode::ApprovalPinWrong)?;
        notes.extend(check.note);
        if let Err(code) = check.verdict {
            let verdict = Err(code);
            return Ok(ConsentCheck { notes, verdict });
        }
    }
    let verdict = Ok(consent(request, &people));
    Ok(ConsentCheck { notes, verdict })
}

type Person<'a> = (&'a OperatorFacts, Option<&'a OperatorPin>);

/// The people whose PINs are to be tried, or why they are not enough.
fn enough<'a>(
    needed: Needed,
    approvers: &[Approver<'a>],
    now: &Moment,
) -> Result<Vec<Person<'a>>, LocalCode> {
    let (count, too_few) = match needed {
        Needed::Nobody => (0, LocalCode::ApprovalNeeded),
        Needed::Supervisor => (1, LocalCode::ApprovalNeeded),
        Needed::TwoPeople => (2, LocalCode::TwoPeopleNeeded),
    };
    let asked = approvers.get(..count).ok_or(too_few)?;
    let people = asked
        .iter()
        .map(|approver| known(approver, now))
        .collect::<Result<Vec<_>, _>>()?;
    if let [(one, _), (other, _)] = people.as_slice()
        && one.no == other.no
    {
        return Err(LocalCode::ApprovalSamePerson);
    }
    let supervised = people.iter().any(|(f, _)| f.role == Role::Supervisor);
    if count > 0 && !supervised {
        return Err(LocalCode::ApprovalNotSupervisor);
    }
    Ok(people)
}

fn known<'a>(approver: &Approver<'a>, now: &Moment) -> Result<Person<'a>, LocalCode> {
    let facts = approver.facts.ok_or(LocalCode::OperatorUnknown)?;
    may_try(facts, now)?;
    Ok((facts, approver.pin))
}

fn consent(request: Request<'_>, people: &[Person<'_>]) -> Option<Consent> {
    let supervisor = people.iter().find(|(f, _)| f.role == Role::Supervisor)?;
    let second = people.iter().find(|(f, _)| f.no != supervisor.0.no);
    Some(Consent {
        act: request.act,
        original: request.original.cloned(),
        amount: request.amount,
        approver: supervisor.0.no.clone(),
        second: second.map(|(f, _)| f.no.clone()),
    })
}
