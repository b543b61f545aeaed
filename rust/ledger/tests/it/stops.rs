//! Stop points: the program ends before or after a commit, as a killed one would.
#![cfg(feature = "planted")]

use pos_domain::SaleStatus;
use pos_ledger::LedgerError;

use crate::support::{Home, id, sale};

fn sell(home: &Home, name: &str) -> Result<(), LedgerError> {
    home.write(|tx| tx.insert_original(&sale(&id(name), 1_000, SaleStatus::Approved)))
}

fn sold(home: &Home) -> usize {
    let filter = pos_ledger::JournalFilter {
        limit: 50,
        ..Default::default()
    };
    home.read(|query| query.sales(&filter)).len()
}

#[test]
fn a_stop_before_a_commit_loses_it_and_one_after_keeps_it() {
    for (committed, kept) in [(false, 1), (true, 2)] {
        let home = Home::new();
        home.ledger.stop_point().arm(2, committed);
        sell(&home, "S1").unwrap();
        for later in ["S2", "S3", "S4"] {
            let stopped = sell(&home, later);
            assert!(matches!(stopped, Err(LedgerError::Stopped)), "{later}");
        }
        assert_eq!(home.ledger.stop_point().seen(), 4);
        assert_eq!(sold(&home), kept, "{committed}");
        let again = home.reopened();
        assert_eq!(sold(&again), kept, "{committed}");
        sell(&again, "S5").unwrap();
        assert_eq!(again.problems(), Vec::<String>::new());
    }
}
