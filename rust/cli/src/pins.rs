//! PINs of operators, and the passphrase of a safety copy: from `VOIDPROOF_PIN` or from standard
//! input, one a line, never an argument.

use std::io::{BufRead, Read};

use zeroize::Zeroizing;

use crate::Failure;

/// The longest line that is read as a PIN or a passphrase, in bytes.
const MAX_LINE: u64 = 160;

/// The PINs given to this command, in order: the operator's, then each approver's.
pub struct Pins {
    source: Source,
}

enum Source {
    Given(std::vec::IntoIter<Zeroizing<String>>),
    Stdin,
}

impl Pins {
    /// Takes `VOIDPROOF_PIN` when it is set, else standard input, which is read only when a PIN
    /// is asked for.
    #[must_use]
    pub fn of_process() -> Self {
        let source = match std::env::var("VOIDPROOF_PIN").map(Zeroizing::new) {
            Ok(text) => Source::Given(split(&text).into_iter()),
            Err(_) => Source::Stdin,
        };
        Self { source }
    }

    /// The next PIN; none when no more were given.
    ///
    /// # Errors
    /// [`Failure`] when standard input cannot be read or has a line no PIN can be.
    pub fn take(&mut self) -> Result<Option<Zeroizing<String>>, Failure> {
        match &mut self.source {
            Source::Given(pins) => Ok(pins.next()),
            Source::Stdin => next_line(&mut std::io::stdin().lock()),
        }
    }
}

fn split(text: &str) -> Vec<Zeroizing<String>> {
    let lines = text.lines().map(str::trim_end);
    lines.map(|line| Zeroizing::new(line.to_owned())).collect()
}

fn next_line(input: &mut impl BufRead) -> Result<Option<Zeroizing<String>>, Failure> {
    let wrong = |detail: &str| Failure::usage("standard input", detail);
    let capacity = usize::try_from(MAX_LINE).unwrap_or_default();
    let mut line = Zeroizing::new(Vec::with_capacity(capacity));
    let mut limited = input.take(MAX_LINE);
    let read = limited.read_until(b'\n', &mut line);
    let read = read.map_err(|_| wrong("cannot be read"))?;
    if read == 0 {
        return Ok(None);
    }
    if read == capacity && line.last() != Some(&b'\n') {
        return Err(wrong("has a line too long for a PIN or a passphrase"));
    }
    match std::str::from_utf8(&line) {
        Ok(text) => Ok(Some(Zeroizing::new(text.trim_end().to_owned()))),
        Err(_) => Err(wrong("is not text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_come_one_a_line() {
        let mut input = &b"1234\r\n567890\n\nlast"[..];
        let mut next = || next_line(&mut input).unwrap().map(|pin| pin.to_string());
        assert_eq!(next().as_deref(), Some("1234"));
        assert_eq!(next().as_deref(), Some("567890"));
        assert_eq!(next().as_deref(), Some(""));
        assert_eq!(next().as_deref(), Some("last"));
        assert_eq!(next(), None);
        let given: Vec<_> = split("1\n2\n").iter().map(|pin| pin.to_string()).collect();
        assert_eq!(given, ["1", "2"]);
    }

    #[test]
    fn a_line_that_is_no_pin_is_refused_without_quoting_it() {
        let long = [b'9'; 200];
        let error = next_line(&mut &long[..]).unwrap_err();
        assert!(!error.detail.contains('9'));
        assert!(next_line(&mut &b"\xFF\n"[..]).is_err());
    }
}
