//! The body of a copy: parts of at most 64 KiB, each sealed for its place, the last marked as such,
//! so that nothing can be cut off, left out or moved without being noticed.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::CopyError;
use super::envelope::{FileKey, HEAD};
use crate::files::FileError;

/// Clear bytes of one part.
const PART: usize = 64 * 1024;
/// The most that a sealed part takes.
const SEALED_MOST: usize = PART + 1 + 12 + 16;
/// More parts follow; the last one.
const MORE: u8 = 0;
const LAST: u8 = 1;

fn place(number: u64, kind: u8) -> String {
    format!("part {number} {kind}")
}

/// Seals what is written to it.
pub(super) struct Sealing<W> {
    to: W,
    path: PathBuf,
    key: FileKey,
    part: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<W: Write> Sealing<W> {
    /// Begins behind the head, which is written here.
    pub(super) fn begin(
        mut to: W,
        path: &Path,
        head: &[u8],
        key: FileKey,
    ) -> Result<Self, CopyError> {
        let path = path.to_owned();
        to.write_all(head).map_err(|e| FileError::new(&path, &e))?;
        Ok(Self {
            to,
            path,
            key,
            part: Zeroizing::new(Vec::with_capacity(PART)),
            number: 0,
        })
    }

    pub(super) fn add(&mut self, mut bytes: &[u8]) -> Result<(), CopyError> {
        while !bytes.is_empty() {
            if self.part.len() == PART {
                self.seal(MORE)?;
            }
            let room = PART.saturating_sub(self.part.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.part.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, kind: u8) -> Result<(), CopyError> {
        let sealed = self.key.0.seal(&place(self.number, kind), &self.part)?;
        let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        let head = [&[kind], &length.to_be_bytes()[..]].concat();
        let written = self.to.write_all(&head);
        written
            .and_then(|()| self.to.write_all(&sealed))
            .map_err(|error| FileError::new(&self.path, &error))?;
        self.part.clear();
        self.number = self.number.saturating_add(1);
        Ok(())
    }

    /// Seals the last part; gives back what is below.
    pub(super) fn end(mut self) -> Result<W, CopyError> {
        self.seal(LAST)?;
        Ok(self.to)
    }
}

/// Opens what [`Sealing`] wrote. Gives only bytes that were proven.
pub(super) struct Opening<R> {
    from: R,
    path: PathBuf,
    key: FileKey,
    part: Zeroizing<Vec<u8>>,
    used: usize,
    number: u64,
    at: u64,
    ended: bool,
}

impl<R: Read> Opening<R> {
    /// Begins behind the head, which is read already.
    pub(super) fn begin(from: R, path: &Path, key: FileKey) -> Self {
        Self {
            from,
            path: path.to_owned(),
            key,
            part: Zeroizing::default(),
            used: 0,
            number: 0,
            at: u64::try_from(HEAD).unwrap_or(0),
            ended: false,
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CopyError> {
        match self.from.read_exact(bytes) {
            Ok(()) => {
                let read = u64::try_from(bytes.len()).unwrap_or(0);
                self.at = self.at.saturating_add(read);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(CopyError::Truncated { at: self.at })
            }
            Err(error) => Err(FileError::new(&self.path, &error).into()),
        }
    }

    fn damaged(&self) -> CopyError {
        CopyError::Damaged { at: self.at }
    }

    fn next_part(&mut self) -> Result<(), CopyError> {
        if self.ended {
            return Err(self.damaged());
        }
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > SEALED_MOST || kind > LAST {
            return Err(self.damaged());
        }
        let mut sealed = vec![0; length];
        self.fill(&mut sealed)?;
        let opened = self.key.0.open(&place(self.number, kind), &sealed);
        self.part = opened.map_err(|_| self.damaged())?;
        self.used = 0;
        self.number = self.number.saturating_add(1);
        self.ended = kind == LAST;
        Ok(())
    }

    /// Takes at most `most` bytes that follow; at least one.
    fn take(&mut self, most: u64) -> Result<&[u8], CopyError> {
        while self.used >= self.part.len() {
            self.next_part()?;
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let end = self.used.saturating_add(most).min(self.part.len());
        let begin = std::mem::replace(&mut self.used, end);
        let at = self.at;
        self.part.get(begin..end).ok_or(CopyError::Damaged { at })
    }

    /// Gives exactly this many bytes, piece by piece.
    pub(super) fn pour(
        &mut self,
        count: u64,
        mut to: impl FnMut(&[u8]) -> Result<(), CopyError>,
    ) -> Result<(), CopyError> {
        let mut left = count;
        while left > 0 {
            let more = self.take(left)?;
            left = left.saturating_sub(u64::try_from(more.len()).unwrap_or(u64::MAX));
            to(more)?;
        }
        Ok(())
    }

    /// Takes exactly this many bytes.
    pub(super) fn exactly(&mut self, count: u64) -> Result<Zeroizing<Vec<u8>>, CopyError> {
        let mut bytes = Zeroizing::new(Vec::new());
        self.pour(count, |more| {
            bytes.extend_from_slice(more);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Whether all was taken: the last part came, and nothing follows it.
    pub(super) fn end(mut self) -> Result<(), CopyError> {
        if self.used < self.part.len() {
            return Err(self.damaged());
        }
        while !self.ended {
            self.next_part()?;
            if !self.part.is_empty() {
                return Err(self.damaged());
            }
        }
        let mut more = [0];
        match self.from.read(&mut more) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged()),
            Err(error) => Err(FileError::new(&self.path, &error).into()),
        }
    }
}
