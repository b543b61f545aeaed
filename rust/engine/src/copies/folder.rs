//! A plain folder as the place of safety copies: on a desk, and in tests.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{CopyPlace, PlaceError};
use crate::files::in_words;

/// Copies in a folder that exists; it is never made, as a card that was pulled leaves none.
#[derive(Clone, Debug)]
pub struct FolderPlace(pub PathBuf);

fn failed(error: &std::io::Error) -> PlaceError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => PlaceError::Gone,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PlaceError::Full,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => PlaceError::Denied,
        _ => PlaceError::Failed(in_words(error)),
    }
}

impl FolderPlace {
    fn write(&self, half: &Path, name: &str, file: &Path) -> std::io::Result<()> {
        fs::copy(file, half)?;
        File::open(half)?.sync_all()?;
        fs::rename(half, self.0.join(name))?;
        File::open(&self.0)?.sync_all()
    }
}

impl CopyPlace for FolderPlace {
    fn put(&self, name: &str, file: &Path) -> Result<(), PlaceError> {
        if !self.0.is_dir() {
            return Err(PlaceError::Gone);
        }
        let half = self.0.join(format!("{name}.part"));
        self.write(&half, name, file).map_err(|error| {
            // Half a copy is of no use, and the folder may be full of it.
            let _ = fs::remove_file(&half);
            failed(&error)
        })
    }

    fn names(&self) -> Result<Vec<String>, PlaceError> {
        let entries = fs::read_dir(&self.0).map_err(|error| failed(&error))?;
        let names = entries.flatten().map(|entry| entry.file_name());
        Ok(names.filter_map(|name| name.into_string().ok()).collect())
    }

    fn remove(&self, name: &str) -> Result<(), PlaceError> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&error)),
            _ => Ok(()),
        }
    }
}
