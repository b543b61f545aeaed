//! Operators: who works at the terminal, and who may change the crew.

use std::fmt;

use pos_domain::{LocalCode, Moment, text_enum};

use crate::{HashError, Lock, OperatorPin, PinNote, pin_matches};

/// What an operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Takes money and asks for voids (收银员).
    Cashier,
    /// Approves, too (主管).
    Supervisor,
}

text_enum!(Role { Cashier => "cashier", Supervisor => "supervisor" });

/// An operator as stored.
#[derive(Clone)]
pub struct OperatorFacts {
    /// The operator's number.
    pub no: String,
    /// What they may do.
    pub role: Role,
    /// The PIN's hash; none for a cashier who has no PIN.
    pub pin_hash: Option<String>,
    /// Whether they no longer work here.
    pub disabled: bool,
    /// Wrong PINs since the last right one.
    pub failures: u32,
    /// Until when no PIN is tried.
    pub lock: Option<Lock>,
}

impl fmt::Debug for OperatorFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperatorFacts")
            .field("no", &self.no)
            .field("role", &self.role)
            .field("disabled", &self.disabled)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

/// Who works at this terminal, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Operators of any role, disabled ones included.
    pub operators: u32,
    /// Supervisors who are not disabled; a locked one counts.
    pub supervisors: u32,
}

impl Crew {
    /// Whether the home has a supervisor. One without asks for no approval, and the self-check
    /// says so.
    #[must_use]
    pub const fn has_supervisor(self) -> bool {
        self.supervisors > 0
    }
}

/// What came of an operator's sign-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorCheck {
    /// To be stored and committed before the verdict is told; none when no PIN was tried.
    pub note: Option<PinNote>,
    /// Whether the operator may work, else why not.
    pub verdict: Result<(), LocalCode>,
}

impl OperatorCheck {
    pub(crate) const fn untried(verdict: Result<(), LocalCode>) -> Self {
        Self {
            note: None,
            verdict,
        }
    }
}

/// Checks who works: `facts` as stored under the number given, `pin` as entered.
///
/// A home in which nobody was ever added lets anyone work, without PIN. A cashier without a PIN
/// works without one. A supervisor without a PIN works, but can approve nothing.
///
/// # Errors
/// [`HashError`] when the stored hash cannot be used; the PIN was not judged then.
pub fn check_operator(
    facts: Option<&OperatorFacts>,
    crew: Crew,
    pin: Option<&OperatorPin>,
    now: &Moment,
) -> Result<OperatorCheck, HashError> {
    let Some(facts) = facts else {
        let open_home = crew.operators == 0;
        let verdict = if open_home {
            Ok(())
        } else {
            Err(LocalCode::OperatorUnknown)
        };
        return Ok(OperatorCheck::untried(verdict));
    };
    if let Err(code) = may_try(facts, now) {
        return Ok(OperatorCheck::untried(Err(code)));
    }
    if facts.pin_hash.is_none() {
        return Ok(OperatorCheck::untried(Ok(())));
    }
    try_pin(facts, pin, now, LocalCode::OperatorPinWrong)
}

/// Whether a PIN of this operator may be tried at all.
pub(crate) fn may_try(facts: &OperatorFacts, now: &Moment) -> Result<(), LocalCode> {
    if facts.disabled {
        return Err(LocalCode::OperatorDisabled);
    }
    let locked = facts.lock.as_ref().is_some_and(|l| l.remaining(now) > 0);
    if locked {
        return Err(LocalCode::OperatorLocked);
    }
    Ok(())
}

/// Tries a PIN. One that is missing is no try and is not counted; the one that locks is told as
/// locked, since waiting is then the next step.
pub(crate) fn try_pin(
    facts: &OperatorFacts,
    pin: Option<&OperatorPin>,
    now: &Moment,
    wrong: LocalCode,
) -> Result<OperatorCheck, HashError> {
    let (Some(pin), Some(stored)) = (pin, facts.pin_hash.as_deref()) else {
        return Ok(OperatorCheck::untried(Err(wrong)));
    };
    if pin_matches(pin, stored)? {
        return Ok(OperatorCheck {
            note: Some(PinNote::right(&facts.no)),
            verdict: Ok(()),
        });
    }
    let note = PinNote::wrong(&facts.no, facts.failures, now);
    let code = if note.locked_until.is_some() {
        LocalCode::OperatorLocked
    } else {
        wrong
    };
    Ok(OperatorCheck {
        note: Some(note),
        verdict: Err(code),
    })
}

/// A change of the crew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds one, or gives one a new name, role or PIN.
    Put {
        /// The role from now on.
        role: Role,
        /// Whether they have a PIN from now on.
        has_pin: bool,
    },
    /// Disables one.
    Disable,
}

/// Whether a change of the crew leaves it in order; who may make it is
/// [`Act::ManageOperators`](crate::Act::ManageOperators).
///
/// A supervisor has a PIN. The last supervisor stays one: without any, nothing needs approval.
///
/// # Errors
/// [`LocalCode::OperatorUnknown`] to disable nobody, [`LocalCode::PinNeeded`] for a supervisor
/// without PIN, [`LocalCode::NotInThisState`] for the last supervisor.
pub fn check_change(
    change: Change,
    before: Option<&OperatorFacts>,
    crew: Crew,
) -> Result<(), LocalCode> {
    let takes_supervisor = match change {
        Change::Put { role, has_pin } => {
            if role == Role::Supervisor && !has_pin {
                return Err(LocalCode::PinNeeded);
            }
            role != Role::Supervisor
        }
        Change::Disable if before.is_none() => return Err(LocalCode::OperatorUnknown),
        Change::Disable => true,
    };
    let is_supervisor = before.is_some_and(|b| b.role == Role::Supervisor && !b.disabled);
    if takes_supervisor && is_supervisor && crew.supervisors <= 1 {
        return Err(LocalCode::NotInThisState);
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod testing {
    //! Facts that several tests use.

    use std::sync::atomic::{AtomicU8, Ordering};

    use pos_domain::ports::{PortError, Random};
    use pos_domain::{Moment, WallTime};

    use super::{OperatorFacts, OperatorPin, Role};

    /// Random bytes that count on.
    #[derive(Default)]
    pub struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
            bytes
                .iter_mut()
                .for_each(|byte| *byte = self.0.fetch_add(1, Ordering::SeqCst));
            Ok(())
        }
    }

    pub fn pin(digits: &str) -> OperatorPin {
        OperatorPin::parse(digits).unwrap()
    }

    pub fn moment(since_boot: i64, boot: &str) -> Moment {
        Moment {
            wall: WallTime(1_795_515_600_000),
            since_boot,
            boot_id: boot.into(),
        }
    }

    /// An operator; their PIN is `digits`.
    pub fn operator(no: &str, role: Role, digits: &str) -> OperatorFacts {
        OperatorFacts {
            no: no.into(),
            role,
            pin_hash: Some(crate::hash_pin(&pin(digits), &Counting::default()).unwrap()),
            disabled: false,
            failures: 0,
            lock: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{moment, operator, pin};
    use super::*;
    use crate::lockout::LOCK_MS;

    const CREW: Crew = Crew {
        operators: 2,
        supervisors: 1,
    };

    fn check(facts: &OperatorFacts, entered: Option<&str>, now: &Moment) -> OperatorCheck {
        check_operator(Some(facts), CREW, entered.map(pin).as_ref(), now).unwrap()
    }

    #[test]
    fn an_operator_works_with_the_right_pin_only() {
        let facts = operator("01", Role::Cashier, "8264");
        let now = moment(0, "a");
        let right = check(&facts, Some("8264"), &now);
        assert_eq!(right.verdict, Ok(()));
        assert_eq!(right.note.unwrap().failures, 0);
        let wrong = check(&facts, Some("8265"), &now);
        assert_eq!(wrong.verdict, Err(LocalCode::OperatorPinWrong));
        assert_eq!(wrong.note.unwrap().failures, 1);
        let missing = OperatorCheck::untried(Err(LocalCode::OperatorPinWrong));
        assert_eq!(check(&facts, None, &now), missing);
    }

    #[test]
    fn five_wrong_pins_lock_and_then_the_right_one_waits_too() {
        let mut facts = operator("01", Role::Cashier, "8264");
        let mut now = moment(0, "a");
        for wrong in 1..=5 {
            let check = check(&facts, Some("0000"), &now);
            let note = check.note.unwrap();
            assert_eq!(note.failures, wrong);
            let locks = wrong == 5;
            assert_eq!(
                check.verdict == Err(LocalCode::OperatorLocked),
                locks,
                "{wrong}"
            );
            facts.failures = note.failures;
            facts.lock = note.locked_until.map(|until| Lock {
                until,
                boot_id: now.boot_id.clone(),
            });
        }
        let locked = OperatorCheck::untried(Err(LocalCode::OperatorLocked));
        now.since_boot = LOCK_MS - 1;
        assert_eq!(check(&facts, Some("8264"), &now), locked);
        assert_eq!(check(&facts, Some("8264"), &moment(1, "b")), locked);
        now.since_boot = LOCK_MS;
        let again = check(&facts, Some("0000"), &now);
        assert_eq!(again.verdict, Err(LocalCode::OperatorLocked));
        let right = check(&facts, Some("8264"), &now);
        assert_eq!(right.verdict, Ok(()));
        assert_eq!(right.note.unwrap(), PinNote::right("01"));
    }

    #[test]
    fn unknown_and_disabled_operators_do_not_work() {
        let now = moment(0, "a");
        let unknown = check_operator(None, CREW, Some(&pin("8264")), &now).unwrap();
        assert_eq!(unknown.verdict, Err(LocalCode::OperatorUnknown));
        let nobody = Crew {
            operators: 0,
            supervisors: 0,
        };
        let open = check_operator(None, nobody, None, &now).unwrap();
        assert_eq!(open, OperatorCheck::untried(Ok(())));
        let mut facts = operator("01", Role::Cashier, "8264");
        facts.disabled = true;
        let gone = OperatorCheck::untried(Err(LocalCode::OperatorDisabled));
        assert_eq!(check(&facts, Some("8264"), &now), gone);
    }

    #[test]
    fn a_cashier_without_a_pin_is_asked_for_none() {
        let mut facts = operator("01", Role::Cashier, "8264");
        facts.pin_hash = None;
        assert_eq!(check(&facts, None, &moment(0, "a")).verdict, Ok(()));
    }

    #[test]
    fn the_last_supervisor_stays_and_every_supervisor_has_a_pin() {
        let boss = operator("09", Role::Supervisor, "8264");
        let till = operator("01", Role::Cashier, "8264");
        let put = |role, has_pin| Change::Put { role, has_pin };
        let last = Err(LocalCode::NotInThisState);
        assert_eq!(check_change(Change::Disable, Some(&boss), CREW), last);
        let demoted = put(Role::Cashier, true);
        assert_eq!(check_change(demoted, Some(&boss), CREW), last);
        let two = Crew {
            supervisors: 2,
            ..CREW
        };
        assert_eq!(check_change(Change::Disable, Some(&boss), two), Ok(()));
        assert_eq!(check_change(Change::Disable, Some(&till), CREW), Ok(()));
        let without_pin = put(Role::Supervisor, false);
        let needed = Err(LocalCode::PinNeeded);
        assert_eq!(check_change(without_pin, None, CREW), needed);
        assert_eq!(check_change(put(Role::Cashier, false), None, CREW), Ok(()));
        let nobody = Err(LocalCode::OperatorUnknown);
        assert_eq!(check_change(Change::Disable, None, CREW), nobody);
    }

    #[test]
    fn i11_facts_do_not_show_the_pin_or_its_hash() {
        let facts = operator("01", Role::Cashier, "8264");
        let checked = check(&facts, Some("8264"), &moment(0, "a"));
        let shown = format!("{facts:?} {checked:?}");
        assert!(!shown.contains("argon2") && !shown.contains("8264"));
    }
}
