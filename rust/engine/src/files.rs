//! Small files that are whole or absent, whatever happens in between.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why a file of the home could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The disk is full.
    #[error("the disk is full: {}", .0.display())]
    DiskFull(PathBuf),
    /// No right to read or write it, or the file system is read-only.
    #[error("no right to use {}", .0.display())]
    ReadOnly(PathBuf),
    /// Anything else.
    #[error("{}: {kind}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl FileError {
    /// What an error of the system means for this file.
    #[must_use]
    pub fn new(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly(path)
            }
            kind => Self::Other { path, kind },
        }
    }
}

/// What the system said about a file, as a colleague would say it.
#[must_use]
pub fn in_words(error: &io::Error) -> String {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "there is no such file".to_owned(),
        K::AlreadyExists => "exists already".to_owned(),
        K::PermissionDenied => "no right to use it".to_owned(),
        K::IsADirectory => "is a folder".to_owned(),
        other => other.to_string(),
    }
}

/// Makes a folder that its owner alone can enter, and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
        .create(path)
        .map_err(|error| FileError::new(path, &error))
}

/// Writes a file that its owner alone can read: first beside it, then renamed, both durable.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = |error: io::Error| FileError::new(path, &error);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    // What a killed process left half-written is of no use; its mode may be anything.
    remove(&beside)?;
    let mut file = create(&beside)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    put_in_place(&beside, path)
}

/// Makes a file that its owner alone can read; there must be none.
pub(crate) fn create(path: &Path) -> Result<File, FileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
        .open(path)
        .map_err(|error| FileError::new(path, &error))
}

/// Gives a file that is written its name, durably.
pub(crate) fn put_in_place(written: &Path, path: &Path) -> Result<(), FileError> {
    fs::rename(written, path).map_err(|error| FileError::new(path, &error))?;
    sync_folder_of(path)
}

/// Reads a file; none when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::new(path, &error)),
    }
}

/// Removes a file; it may be absent.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder_of(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::new(path, &error)),
    }
}

fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| FileError::new(folder, &error))
}
