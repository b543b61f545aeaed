//! Random days, each played twice: what goes over the wire must be the same both times, and at the
//! end both money ledgers must be equal. A failing seed is printed; `soak` plays many more.

use pos_scenarios::day;

/// Steps of one day.
const STEPS: u32 = 120;

async fn play(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let first = day::play(seed, STEPS).await;
        assert_eq!(first.findings, [], "seed {seed}");
        assert!(
            first.trace.len() > 20,
            "seed {seed}: a day on which something happened"
        );
        let second = day::play(seed, STEPS).await;
        assert_eq!(first, second, "seed {seed} is not the same twice");
    }
}

#[tokio::test(start_paused = true)]
async fn i03_i04_i08_random_days_end_equal_and_repeat_themselves() {
    play(1..9).await;
}

#[tokio::test(start_paused = true)]
async fn i03_i04_i08_more_random_days_end_equal_and_repeat_themselves() {
    play(100..108).await;
}
