//! The codec beside an independent one, `pyiso8583`: fetched once, believed by its hash.
//!
//! The wheel is pure Python, so unpacking it is installing it: no virtual environment is needed,
//! and no other package of the machine is seen.

use crate::fetched;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::tally::Tally;

/// The pin, and the interpreter that runs it.
const PEER: &str = "pyiso8583";
const PYTHON: &str = "python3";
/// Generated messages beside the published frames; some seconds.
const MESSAGES: &str = "5000";

/// Compares every published frame and so many generated messages, always the same ones.
pub fn run(repo: &Repo) -> Result<Tally, Stop> {
    let oracle = comparison(repo, &[])?.args(["--", PYTHON, MESSAGES]);
    let mut compared = Tally::NONE;
    let success = oracle.watch(|line| {
        if frames_in(line).is_some_and(|frames| frames > 0) {
            compared = Tally::all_passed(1);
        }
    })?;
    compared.confirmed(success, "the comparison with pyiso8583")
}

/// Compares for so many seconds, every time other messages.
pub fn soak(repo: &Repo, seconds: u64) -> Result<(), Stop> {
    comparison(repo, &["--release"])?
        .args(["--", PYTHON, &format!("{seconds}s")])
        .pass()
}

fn comparison(repo: &Repo, profile: &[&str]) -> Result<Tool, Stop> {
    let peer = fetched::wheel(repo, PEER)?;
    Ok(Tool::cargo(repo)
        .args(["run", "--locked", "--quiet"])
        .args(profile)
        .args(["--package", "pos-iso8583", "--example", "oracle"])
        .env("PYTHONPATH", peer)
        // Nothing that the user installed stands in for the pinned wheel, or is written beside it.
        .env("PYTHONNOUSERSITE", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1"))
}

/// Frames in the line that says that all agree.
fn frames_in(line: &str) -> Option<usize> {
    let (frames, _) = line
        .strip_suffix(" fields agree")?
        .split_once(" generated")?;
    let (published, made) = frames.split_once(" published and ")?;
    let (published, made): (usize, usize) = (published.parse().ok()?, made.parse().ok()?);
    published.checked_add(made)
}

#[cfg(test)]
mod tests {
    use super::frames_in;

    #[test]
    fn only_the_last_line_counts() {
        let line = "12 published and 5000 generated frames with 60000 fields agree";
        assert_eq!(frames_in(line), Some(5012));
        assert_eq!(frames_in("seed 1"), None);
        assert_eq!(frames_in("the two codecs differ on 00"), None);
    }
}
