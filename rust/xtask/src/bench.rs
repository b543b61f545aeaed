//! `cargo xtask bench`: every benchmark, shortly, as the table that `docs/performance.md` wants.
//!
//! What is compared with another codec is measured in one run with it. A number is worth what the
//! machine was doing: processor and load stand above the table.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::fetched;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

/// Packages and their benchmarks, the quick ones first; the ledger's makes a million sales once.
const BENCHES: &[(&str, &str)] = &[
    ("pos-iso8583", "sale"),
    ("pos-codes", "camera"),
    ("pos-emv", "reading"),
    ("pos-ledger", "million"),
];
/// What calls and callbacks cost between Kotlin and the core: measured by `BoundaryBench` on the
/// JVM, for what only Rust calls crosses no boundary.
const BOUNDARY: &str = "pos-ffi";
/// Short measurements: seconds of warming up and of measuring.
const SHORT: [&str; 5] = [
    "--warm-up-time",
    "0.5",
    "--measurement-time",
    "2",
    "--noplot",
];
/// Criterion's results of the last run, relative to the root.
const RESULTS: &str = "target/bench";

/// Picoseconds in the units that are shown.
const NS: u64 = 1_000;
const US: u64 = 1_000 * NS;
const MS: u64 = 1_000 * US;
const S: u64 = 1_000 * MS;

/// What a benchmark should stay below, picoseconds. The first entry whose name begins a
/// benchmark's counts; none is an aim of its own.
const AIMS: &[(&str, Option<u64>)] = &[
    ("encode/pos-iso8583", Some(500 * NS)),
    ("decode/pos-iso8583, copied", None),
    ("decode/pos-iso8583", Some(300 * NS)),
    ("1280x720/", Some(30 * MS)),
    ("a million sales/open", Some(50 * MS)),
    ("a million sales/page of 50", Some(5 * MS)),
    ("a million sales/find a voucher", Some(MS)),
    ("tap to commit/small ledger, in memory", Some(50 * US)),
];

/// One benchmark's result, picoseconds.
#[derive(Debug, PartialEq, Eq)]
struct Measured {
    name: String,
    median: u64,
    low: u64,
    high: u64,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let mut known: Vec<&str> = BENCHES.iter().map(|(package, _)| *package).collect();
    known.push(BOUNDARY);
    if arguments.iter().any(|name| !known.contains(&name.as_str())) {
        let usage = format!("usage: cargo xtask bench [PACKAGE …]; {}", known.join(" "));
        return Err(Stop::usage(usage));
    }
    let wanted = |package: &str| arguments.is_empty() || arguments.iter().any(|a| a == package);
    let results = repo.path(RESULTS);
    fetched::remove(&results)?;
    let before = load();
    let mut measured = Vec::new();
    for (package, bench) in BENCHES.iter().filter(|(package, _)| wanted(package)) {
        Tool::cargo(repo)
            .args(["bench", "--locked", "--quiet", "--package", package])
            .args(["--bench", bench, "--"])
            .args(SHORT)
            .env("CRITERION_HOME", &results)
            .pass()?;
    }
    if results.exists() {
        collect(&results, &mut measured)?;
    }
    if wanted(BOUNDARY) {
        let told = Tool::new(repo, "mvn")
            .args(["--batch-mode", "--quiet", "-Dstyle.color=never"])
            .args(["--file", "android/pom.xml"])
            .args([
                "--projects",
                "gateway,../tests/jvm",
                "-Pbench",
                "-DskipTests",
                "test",
            ])
            .read()?;
        measured.extend(told.lines().filter_map(of_boundary));
    }
    if measured.is_empty() {
        return Err(Stop::failed("no benchmark left a result"));
    }
    measured.sort_by(|a, b| a.name.cmp(&b.name));
    println!(
        "{}, load {before} before and {} after\n",
        processor(),
        load()
    );
    print!("{}", table(&measured));
    Ok(())
}

/// A line of `BoundaryBench`: what, and its mean in nanoseconds with separators.
fn of_boundary(line: &str) -> Option<Measured> {
    let (what, number) = line.strip_suffix(" ns")?.rsplit_once("  ")?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mean = digits.parse::<u64>().ok()?.checked_mul(NS)?;
    Some(Measured {
        name: format!("boundary/{}", what.trim()),
        median: mean,
        low: mean,
        high: mean,
    })
}

/// Reads every result below a folder.
fn collect(folder: &Path, into: &mut Vec<Measured>) -> Result<(), Stop> {
    let entries = fs::read_dir(folder).map_err(|e| Stop::io(folder.display(), &e))?;
    for entry in entries.flatten().map(|entry| entry.path()) {
        if entry.ends_with("new") {
            into.push(result_in(&entry)?);
        } else if entry.is_dir() {
            collect(&entry, into)?;
        }
    }
    Ok(())
}

fn result_in(folder: &Path) -> Result<Measured, Stop> {
    let read = |name: &str| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(|e| Stop::io(path.display(), &e))?;
        serde_json::from_str(&text).map_err(|e| Stop::failed(format!("{}: {e}", path.display())))
    };
    measured(&read("benchmark.json")?, &read("estimates.json")?)
        .ok_or_else(|| Stop::failed(format!("{}: not criterion's form", folder.display())))
}

fn measured(benchmark: &Value, estimates: &Value) -> Option<Measured> {
    let median = estimates.get("median")?;
    let interval = median.get("confidence_interval")?;
    Some(Measured {
        name: benchmark.get("full_id")?.as_str()?.to_owned(),
        median: picoseconds(median.get("point_estimate")?)?,
        low: picoseconds(interval.get("lower_bound")?)?,
        high: picoseconds(interval.get("upper_bound")?)?,
    })
}

/// A number of nanoseconds as criterion writes it, without floats.
fn picoseconds(nanoseconds: &Value) -> Option<u64> {
    let text = nanoseconds.as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = part.bytes().all(|b| b.is_ascii_digit());
    let thousandths: u64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    let whole: u64 = whole.parse().ok().filter(|_| digits)?;
    whole.checked_mul(NS)?.checked_add(thousandths)
}

/// Rows for people: median, its 95 % interval, the aim and whether it was met.
fn table(measured: &[Measured]) -> String {
    let mut text = String::from("| what | aim | median | 95 % between |\n|---|---|---|---|\n");
    for Measured {
        name,
        median,
        low,
        high,
    } in measured
    {
        let aim = AIMS.iter().find(|(start, _)| name.starts_with(start));
        let (limit, missed) = match aim.and_then(|(_, aim)| *aim) {
            None => ("–".to_owned(), ""),
            Some(aim) if *median <= aim => (format!("≤ {}", time(aim)), ""),
            Some(aim) => (format!("≤ {}", time(aim)), ", **missed**"),
        };
        let (median, low, high) = (time(*median), time(*low), time(*high));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {limit} | {median}{missed} | {low}, {high} |"
        );
    }
    text
}

/// Picoseconds with three digits and the unit that fits.
fn time(picoseconds: u64) -> String {
    let units = [("ns", NS), ("µs", US), ("ms", MS), ("s", S)];
    let fits = |(_, size): &&(&str, u64)| picoseconds < size.saturating_mul(1000);
    let (unit, size) = units.iter().find(fits).unwrap_or(&("s", S));
    let hundredths = picoseconds
        .saturating_mul(100)
        .checked_div(*size)
        .unwrap_or(0);
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match whole {
        100.. => format!("{whole} {unit}"),
        10.. => format!("{whole}.{} {unit}", part / 10),
        _ => format!("{whole}.{part:02} {unit}"),
    }
}

/// The load average of the last minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models = text
        .lines()
        .filter_map(|line| line.strip_prefix("model name"));
    let mut models = models.map(|rest| rest.trim_start_matches(['\t', ' ', ':']));
    match models.next() {
        Some(model) => format!("{model}, {} cores", models.count().saturating_add(1)),
        None => "unknown processor".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(name: &str, nanoseconds: u64) -> Measured {
        Measured {
            name: name.to_owned(),
            median: nanoseconds * NS,
            low: (nanoseconds - 1) * NS,
            high: (nanoseconds + 1) * NS,
        }
    }

    #[test]
    fn a_row_says_whether_the_aim_was_met() {
        let text = table(&[
            row("decode/pos-iso8583", 192),
            row("decode/pos-iso8583, copied out", 900),
            row("encode/pos-iso8583", 509),
            row("encode/other", 4500),
        ]);
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| decode/pos-iso8583 | ≤ 300 ns | 192 ns | 191 ns, 193 ns |",
                "| decode/pos-iso8583, copied out | – | 900 ns | 899 ns, 901 ns |",
                "| encode/pos-iso8583 | ≤ 500 ns | 509 ns, **missed** | 508 ns, 510 ns |",
                "| encode/other | – | 4.50 µs | 4.49 µs, 4.50 µs |",
            ]
        );
    }

    #[test]
    fn a_line_of_the_boundary_is_a_row() {
        let line = "terminal()                                      91,234 ns";
        let row = of_boundary(line).unwrap();
        assert_eq!(
            (row.name.as_str(), row.median),
            ("boundary/terminal()", 91_234_000)
        );
        assert_eq!(of_boundary("  with 1 callbacks to the clock in it"), None);
    }

    #[test]
    fn times_have_three_digits_and_the_unit_that_fits() {
        let shown = [500, 999_400, US, 12_345_678, 30 * MS, 2_500 * MS].map(time);
        let wanted = [
            "0.50 ns", "999 ns", "1.00 µs", "12.3 µs", "30.0 ms", "2.50 s",
        ];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn criterions_form_is_read_and_another_is_no_result() {
        let estimates = json!({"median": {
            "point_estimate": 188.2045,
            "confidence_interval": {"lower_bound": 187, "upper_bound": 1_000_000.5},
        }});
        let found = measured(&json!({"full_id": "encode/x"}), &estimates);
        let wanted = Measured {
            name: "encode/x".to_owned(),
            median: 188_204,
            low: 187_000,
            high: 1_000_000_500,
        };
        assert_eq!(found, Some(wanted));
        assert_eq!(measured(&json!({"full_id": "x"}), &json!({})), None);
        assert_eq!(picoseconds(&json!("1")), None);
    }
}
