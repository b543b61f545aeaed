//! Where each file lies inside an APK: the directory at the end of the zip format.

use std::fs;
use std::path::Path;

use crate::stop::Stop;

/// One file of an archive.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub stored: bool,
    /// Bytes inside the archive.
    pub size: usize,
    /// Of the first byte, from the archive's begin.
    pub offset: usize,
}

const END: &[u8] = b"PK\x05\x06";
const DIRECTORY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

pub fn entries(path: &Path) -> Result<Vec<Entry>, Stop> {
    let bytes = fs::read(path).map_err(|e| Stop::io(path.display(), &e))?;
    parse(&bytes).ok_or_else(|| Stop::failed(format!("{}: not a zip archive", path.display())))
}

fn parse(bytes: &[u8]) -> Option<Vec<Entry>> {
    let end = bytes.windows(END.len()).rposition(|window| window == END)?;
    let count = number(bytes, end + 10, 2)?;
    let mut at = number(bytes, end + 16, 4)?;
    let mut found = Vec::new();
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(DIRECTORY) {
            return None;
        }
        let (name, extra) = (number(bytes, at + 28, 2)?, number(bytes, at + 30, 2)?);
        let comment = number(bytes, at + 32, 2)?;
        let local = number(bytes, at + 42, 4)?;
        if !bytes.get(local..)?.starts_with(LOCAL) {
            return None;
        }
        let lead = number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
        let name_bytes = bytes.get(at + 46..at + 46 + name)?;
        found.push(Entry {
            name: String::from_utf8(name_bytes.to_vec()).ok()?,
            stored: number(bytes, at + 10, 2)? == 0,
            size: number(bytes, at + 20, 4)?,
            offset: local + 30 + lead,
        });
        at += 46 + name + extra + comment;
    }
    Some(found)
}

/// Little-endian, of so many bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(
        field
            .iter()
            .rev()
            .fold(0, |value, byte| value << 8 | usize::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One file `a` with the bytes `xyz`, stored.
    fn archive() -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend([0; 14]);
        bytes.extend([3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0]);
        bytes.extend(b"axyz");
        let directory = bytes.len();
        bytes.extend(b"PK\x01\x02");
        bytes.extend([0; 16]);
        bytes.extend([3, 0, 0, 0, 3, 0, 0, 0, 1, 0]);
        bytes.extend([0; 16]);
        bytes.extend(b"a");
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\0\0\0\0");
        bytes.extend(u32::try_from(directory).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    #[test]
    fn files_have_their_places() {
        let entry = Entry {
            name: "a".to_owned(),
            stored: true,
            size: 3,
            offset: 31,
        };
        let bytes = archive();
        assert_eq!(bytes.get(31..34), Some(&b"xyz"[..]));
        assert_eq!(parse(&bytes), Some(vec![entry]));
    }

    #[test]
    fn what_is_cut_off_is_no_archive() {
        let bytes = archive();
        for length in 0..bytes.len() - 2 {
            assert_eq!(parse(bytes.get(..length).unwrap()), None, "{length}");
        }
    }
}
