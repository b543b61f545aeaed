//! Cutting the signed node out of an answer, byte for byte (spec alipay §4).

/// Why an answer's top level cannot be read, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why} at byte {at}")]
pub struct NodeError {
    /// Offset in bytes.
    pub at: usize,
    /// What is wrong.
    pub why: &'static str,
}

/// The members of the top-level object with their values exactly as received. Names with an escape
/// and names that come twice are refused: a second node could override the first in a lenient
/// reader. The values themselves are not checked beyond where they end.
///
/// # Errors
/// [`NodeError`] for anything but one object.
pub fn split(text: &str) -> Result<Vec<(&str, &str)>, NodeError> {
    let mut scan = Scan { text, at: 0 };
    let mut members: Vec<(&str, &str)> = Vec::new();
    scan.demand(b'{', "an object should begin here")?;
    scan.blank();
    if scan.peek() == Some(b'}') {
        scan.at += 1;
        return scan.end(members);
    }
    loop {
        scan.blank();
        let at = scan.at;
        let name = scan.name()?;
        if members.iter().any(|(own, _)| *own == name) {
            return Err(NodeError {
                at,
                why: "a member comes twice",
            });
        }
        scan.demand(b':', "a colon should stand here")?;
        scan.blank();
        members.push((name, scan.value()?));
        scan.blank();
        match scan.peek() {
            Some(b',') => scan.at += 1,
            Some(b'}') => {
                scan.at += 1;
                return scan.end(members);
            }
            _ => return Err(scan.error("a comma or a brace should stand here")),
        }
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn error(&self, why: &'static str) -> NodeError {
        let at = self.at.min(self.text.len());
        NodeError { at, why }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn demand(&mut self, byte: u8, why: &'static str) -> Result<(), NodeError> {
        self.blank();
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.error(why))
        }
    }

    fn end<T>(&mut self, members: T) -> Result<T, NodeError> {
        self.blank();
        match self.peek() {
            None => Ok(members),
            Some(_) => Err(self.error("text after the end")),
        }
    }

    /// The text from `start` to here; all marks are ASCII, so it is whole characters.
    fn since(&self, start: usize) -> Result<&'a str, NodeError> {
        self.text
            .get(start..self.at)
            .ok_or_else(|| self.error("a character is cut"))
    }

    fn name(&mut self) -> Result<&'a str, NodeError> {
        let start = self.at;
        self.string()?;
        let name = self.since(start)?.trim_matches('"');
        if name.contains(['\\', '"']) {
            return Err(self.error("a member's name holds an escape"));
        }
        Ok(name)
    }

    /// Skips a string with its quotes.
    fn string(&mut self) -> Result<(), NodeError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("a string should begin here"));
        }
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.error("the text ends too early")),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Result<&'a str, NodeError> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(b'{' | b'[') => self.nested()?,
            _ => {
                while !matches!(self.peek(), None | Some(b',' | b'}' | b']' | b' ' | b'\n')) {
                    self.at += 1;
                }
                if self.at == start {
                    return Err(self.error("a value should stand here"));
                }
            }
        }
        self.since(start)
    }

    /// Skips an object or array to its matching end.
    fn nested(&mut self) -> Result<(), NodeError> {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return Err(self.error("the text ends too early")),
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }
}
