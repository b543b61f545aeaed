//! kill -9 at random moments, a few rounds of it; the example `kill9` plays many.

#[path = "../../examples/kill9/rounds.rs"]
mod rounds;

use rounds::{Program, Rig};

#[test]
fn i08_killed_at_any_moment_both_ledgers_end_equal() {
    // Shown when the test fails: the choices repeat, the moments nearly.
    for seed in [1, 20_261_124] {
        println!("seed {seed}");
        let program = Program {
            path: env!("CARGO_BIN_EXE_voidproof").into(),
            env: None,
        };
        let report = Rig::start(program, seed).play(30);
        println!("{report:?}");
        assert_eq!((report.rounds, report.checks), (30, 3));
        assert!(report.killed >= 10, "most are caught alive: {report:?}");
    }
}
