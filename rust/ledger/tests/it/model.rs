//! Random sequences of undos against a model in plain integers.

use pos_domain::{SaleStatus, UndoKind, UndoStatus};
use proptest::prelude::*;

use crate::support::{Home, home_with_sale, id, undo};

const AMOUNT: i64 = 1_000;

#[derive(Clone, Debug)]
enum Step {
    Void(i64),
    Refund(i64),
    /// The newest undo moves.
    Newest(UndoStatus),
    /// An older one moves, counted from the newest.
    Older(usize, UndoStatus),
    Sale(SaleStatus),
}

fn step() -> impl Strategy<Value = Step> {
    let status = || prop::sample::select(UndoStatus::ALL);
    prop_oneof![
        1 => prop_oneof![Just(AMOUNT), 1..=AMOUNT].prop_map(Step::Void),
        4 => (1..=AMOUNT).prop_map(Step::Refund),
        4 => status().prop_map(Step::Newest),
        1 => (1..4usize, status()).prop_map(|(back, to)| Step::Older(back, to)),
        1 => prop::sample::select(SaleStatus::ALL).prop_map(Step::Sale),
    ]
}

/// What the rule allows, in integers.
#[derive(Default)]
struct Model(Vec<(UndoKind, i64, UndoStatus)>);

impl Model {
    fn taken(&self) -> i64 {
        let live = self
            .0
            .iter()
            .filter(|(.., status)| !status.is_proven_failed());
        live.map(|(_, amount, _)| amount).sum()
    }

    fn may_add(&self, kind: UndoKind, amount: i64) -> bool {
        let in_flight = self.0.iter().any(|(.., status)| status.is_open());
        let whole = kind == UndoKind::Refund || amount == AMOUNT;
        !in_flight && whole && self.taken() + amount <= AMOUNT
    }

    fn add(&mut self, home: &Home, kind: UndoKind, amount: i64) -> Result<(), TestCaseError> {
        let name = format!("U{}", self.0.len());
        let done = home.write(|tx| tx.insert_undo(&undo(&id(&name), &id("S1"), kind, amount)));
        prop_assert_eq!(done.is_ok(), self.may_add(kind, amount), "{:?}", done);
        if done.is_ok() {
            self.0.push((kind, amount, UndoStatus::Queued));
        }
        Ok(())
    }

    fn set(&mut self, home: &Home, back: usize, to: UndoStatus) -> Result<(), TestCaseError> {
        let Some(at) = self.0.len().checked_sub(back + 1) else {
            return Ok(());
        };
        let from = self.0[at].2;
        let done = home.write(|tx| tx.set_undo_status(&id(&format!("U{at}")), to, None));
        prop_assert_eq!(done.is_ok(), from.is_open() || from == to, "{:?}", done);
        if done.is_ok() {
            self.0[at].2 = to;
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn i03_no_sequence_of_undos_takes_more_than_the_original(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let home = home_with_sale();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Void(amount) => model.add(&home, UndoKind::Void, amount)?,
                Step::Refund(amount) => model.add(&home, UndoKind::Refund, amount)?,
                Step::Newest(to) => model.set(&home, 0, to)?,
                Step::Older(back, to) => model.set(&home, back, to)?,
                Step::Sale(to) => {
                    // Refused once it is proven; no undo changes by it.
                    let _ = home.write(|tx| tx.set_original_status(&id("S1"), to, None));
                }
            }
            let left = home.read(|query| query.remaining(&id("S1")));
            prop_assert_eq!(left, AMOUNT - model.taken());
            prop_assert!((0..=AMOUNT).contains(&left));
            let in_flight = model.0.iter().filter(|(.., status)| status.is_open()).count();
            prop_assert!(in_flight <= 1);
        }
        let kept = home.read(|query| query.undos_of(&id("S1")));
        prop_assert_eq!(kept.len(), model.0.len());
        for (stored, (kind, amount, status)) in kept.iter().zip(&model.0) {
            prop_assert_eq!(stored.kind, *kind);
            prop_assert_eq!(stored.amount.minor(), *amount);
            prop_assert_eq!(stored.status, *status);
        }
        let chain: Vec<_> = home
            .problems()
            .into_iter()
            .filter(|problem| problem.contains("audit") || problem.contains("undos"))
            .collect();
        prop_assert!(chain.is_empty(), "{:?}", chain);
    }
}
