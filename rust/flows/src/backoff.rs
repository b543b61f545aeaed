//! How long an owed item waits before its next try.

use pos_diagnosis::{Cure, Situation, Verdict, verdict_in};
use pos_domain::Code;

/// Waits within a round, by tries made in it, milliseconds.
const WITHIN_ROUND: [i64; 4] = [2_000, 5_000, 15_000, 30_000];

/// Waits before a new round, by rounds used up, milliseconds.
const BETWEEN_ROUNDS: [i64; 5] = [60_000, 300_000, 900_000, 1_800_000, 3_600_000];

fn at(waits: &[i64], index: u32) -> i64 {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    waits.get(index).or(waits.last()).copied().unwrap_or(60_000)
}

/// The wait after try number `tries` (from 1) of a round, milliseconds.
pub(crate) fn within_round(tries: u32) -> i64 {
    at(&WITHIN_ROUND, tries.saturating_sub(1))
}

/// The wait after round number `rounds` (from 1), milliseconds. It never ends: a debt is not
/// forgotten at a limit.
pub(crate) fn between_rounds(rounds: u32) -> i64 {
    at(&BETWEEN_ROUNDS, rounds.saturating_sub(1))
}

/// For how long a host that is busy with its cut-over asks to wait, milliseconds.
pub(crate) fn asked_to_wait(code: &Code) -> Option<i64> {
    let Code::Wire(_, code) = code else {
        return None;
    };
    match verdict_in(code, Situation::Reversal) {
        Verdict::Curable(Cure::WaitMinutes(minutes)) => {
            Some(i64::from(minutes).saturating_mul(60_000))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_then_stay() {
        for pair in (1..20u32).collect::<Vec<_>>().windows(2) {
            assert!(within_round(pair[0]) <= within_round(pair[1]));
            assert!(between_rounds(pair[0]) <= between_rounds(pair[1]));
        }
        assert_eq!(between_rounds(1000), 3_600_000);
        assert_eq!(within_round(0), 2_000);
    }
}
