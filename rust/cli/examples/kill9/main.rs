//! Kills real processes of the terminal at random moments, for as long as asked, and compares
//! both ledgers now and then: `kill9 SECONDS [SEED]`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "it stops at the first surprise and tells how to repeat it"
)]

mod rounds;

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pos_engine::SystemClock;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::time::DAY_MS;
use rounds::{Program, Rig};

/// Set for the processes that this one starts: they are the terminal.
const CHILD: &str = "VOIDPROOF_KILL9_CHILD";

/// Half a day from now: no void's time ends during a run.
fn far_cutover() -> String {
    let clock = SystemClock::new().expect("a clock");
    let later = clock.now().wall.plus(DAY_MS / 2).hhmmss();
    format!("{}:00", later.get(..2).expect("an hour"))
}

fn seed_of_now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::from(now.unwrap_or_default().subsec_nanos())
}

fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        return pos_cli::main();
    }
    let mut numbers = std::env::args().skip(1).map_while(|text| text.parse().ok());
    let Some(seconds) = numbers.next() else {
        println!("usage: kill9 SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let seed = numbers.next().unwrap_or_else(seed_of_now);
    println!("seed {seed}");
    let program = Program {
        path: std::env::current_exe().expect("this program"),
        env: Some((CHILD, "1")),
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut rig = Rig::start(program, seed);
    let mut told = Instant::now();
    loop {
        let report = rig.play(100);
        let over = Instant::now() >= until;
        if over || told.elapsed() > Duration::from_secs(30) {
            println!("{report:?}");
            told = Instant::now();
        }
        if over {
            return ExitCode::SUCCESS;
        }
    }
}
