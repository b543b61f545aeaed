//! A crew of three, and consent asked of any of them.

use std::sync::OnceLock;

use pos_domain::ports::{PortError, Random};
use pos_domain::{Amount, Id, LocalCode, Moment, WallTime};
use pos_policy::{
    Act, Approver, Consent, ConsentCheck, Needed, OperatorFacts, OperatorPin, Request, Role,
    check_consent, hash_pin,
};

struct Fixed;

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        bytes.fill(7);
        Ok(())
    }
}

pub const NOW: i64 = 60_000;

pub fn now() -> Moment {
    Moment {
        wall: WallTime(1_795_515_600_000),
        since_boot: NOW,
        boot_id: "a".into(),
    }
}

pub fn fen(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

fn member(no: &str, role: Role, digits: &str) -> OperatorFacts {
    let pin = OperatorPin::parse(digits).unwrap();
    OperatorFacts {
        no: no.into(),
        role,
        pin_hash: Some(hash_pin(&pin, &Fixed).unwrap()),
        disabled: false,
        failures: 0,
        lock: None,
    }
}

/// Two supervisors, 08 and 09, and a cashier, 01. Everybody's PIN is 26 and their number twice.
pub struct Shop(pub Vec<OperatorFacts>);

impl Shop {
    pub fn new() -> Self {
        // A hash is slow on purpose: made once for all tests.
        static CREW: OnceLock<Vec<OperatorFacts>> = OnceLock::new();
        let crew = CREW.get_or_init(|| {
            vec![
                member("01", Role::Cashier, "260101"),
                member("08", Role::Supervisor, "260808"),
                member("09", Role::Supervisor, "260909"),
            ]
        });
        Self(crew.clone())
    }

    pub fn edit(mut self, no: &str, change: impl FnOnce(&mut OperatorFacts)) -> Self {
        change(self.0.iter_mut().find(|m| m.no == no).unwrap());
        self
    }

    /// Asks these people, each by number and PIN, to consent to resolving sale `S1` of 5.00.
    pub fn ask(&self, needed: Needed, people: &[(&str, Option<&str>)]) -> ConsentCheck {
        let pins: Vec<_> = people
            .iter()
            .map(|(_, pin)| pin.map(|pin| OperatorPin::parse(pin).unwrap()))
            .collect();
        let approvers: Vec<_> = people
            .iter()
            .zip(&pins)
            .map(|((no, _), pin)| Approver {
                facts: self.0.iter().find(|member| member.no == *no),
                pin: pin.as_ref(),
            })
            .collect();
        let original = Id::parse("S1").unwrap();
        let request = Request {
            act: Act::Resolve,
            original: Some(&original),
            amount: Some(fen(500)),
        };
        check_consent(request, needed, &approvers, &now()).unwrap()
    }

    pub fn refusal(&self, needed: Needed, people: &[(&str, Option<&str>)]) -> LocalCode {
        self.ask(needed, people).verdict.unwrap_err()
    }

    pub fn consent(&self, needed: Needed, people: &[(&str, Option<&str>)]) -> Consent {
        self.ask(needed, people).verdict.unwrap().unwrap()
    }
}
