//! `cargo xtask journey --starts N`: how long a touch and a start take on this machine.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::person::Person;
use crate::stop::Stop;

const TAPS: usize = 200;
/// Two keys that change the screen, one after the other.
const KEYS: [&str; 2] = ["key_1", "key_erase"];
/// The steps of a start in their order, as the app's process names them, and what they are.
const STEPS: &[(&str, &str)] = &[
    ("device", "JVM and simulated device"),
    ("app", "app and window"),
    ("library", "native library (JNA load)"),
    ("core", "core opened"),
    ("screen", "first layout"),
];

/// Touches the home screen's keys; prints how long it took until the new picture was there.
pub fn taps(person: &Person) -> Result<(), Stop> {
    let (mut answers, mut pictures) = (Vec::new(), Vec::new());
    let (mut seen, _) = person.picture(None)?;
    for key in KEYS.iter().cycle().take(TAPS) {
        let begun = Instant::now();
        person.order("tap", &json!({ "id": key }))?;
        answers.push(begun.elapsed());
        let (number, bytes) = person.picture(Some(seen))?;
        pictures.push(begun.elapsed());
        if number == seen || !bytes.starts_with(b"\x89PNG") {
            return Err(Stop::failed(format!("{key} changed nothing")));
        }
        seen = number;
    }
    println!("load average: {}", load());
    println!("{TAPS} taps, until they are answered: {}", spread(answers));
    println!(
        "{TAPS} taps, until the new picture is here: {}",
        spread(pictures)
    );
    Ok(())
}

/// Kills and starts the app; prints how long it took until the first screen, and its parts.
pub fn starts(person: &Person, count: usize) -> Result<(), Stop> {
    let (mut whole, mut parts) = (Vec::new(), vec![Vec::new(); STEPS.len()]);
    for _ in 0..count {
        person.order("control", &json!({ "do": "kill" }))?;
        let begun = Instant::now();
        person.order("control", &json!({ "do": "start" }))?;
        person.shows("pin")?;
        person.picture(None)?;
        whole.push(begun.elapsed());
        let marks = person.ask("start")?;
        let mut before = 0;
        for ((step, _), part) in STEPS.iter().zip(&mut parts) {
            let ended = marks.get(step).and_then(Value::as_u64);
            let ended = ended.ok_or_else(|| Stop::failed(format!("no {step} in {marks}")))?;
            part.push(Duration::from_millis(ended.saturating_sub(before)));
            before = ended;
        }
    }
    println!("{count} starts, until the first picture: {}", spread(whole));
    for ((_, what), part) in STEPS.iter().zip(parts) {
        println!("  {what:<26} {}", spread(part));
    }
    Ok(())
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |percent: usize| {
        let last = times.len().saturating_sub(1);
        let time = times.get(last * percent / 100).copied().unwrap_or_default();
        time.as_millis()
    };
    format!(
        "median {} ms, p95 {} ms, worst {} ms",
        at(50),
        at(95),
        at(100)
    )
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_read_from_the_sorted_times() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(spread(times), "median 50 ms, p95 95 ms, worst 100 ms");
        assert_eq!(spread(Vec::new()), "median 0 ms, p95 0 ms, worst 0 ms");
    }
}
