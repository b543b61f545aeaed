//! The terminal's folder: `ledger.db`, `keys/`, and the `lock` that its one writer holds.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::files::{self, FileError};

/// Why the home cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HomeError {
    /// Another program writes there.
    #[error("another program is using {}", .0.display())]
    InUse(PathBuf),
    /// There is no terminal there yet.
    #[error("there is no terminal in {}", .0.display())]
    Empty(PathBuf),
    /// A file of it could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A terminal's folder. Says where things are; holds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

/// The right to write. It ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

impl Home {
    /// The home in `root`, which need not exist yet.
    #[must_use]
    pub const fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The ledger's file.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger.db")
    }

    /// The folder of keys and sealed files.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Makes the folders, for their owner alone.
    ///
    /// # Errors
    /// [`HomeError::File`].
    pub fn create(&self) -> Result<(), HomeError> {
        files::make_folder(&self.root)?;
        Ok(files::make_folder(&self.keys())?)
    }

    /// Checks that a terminal was set up here.
    ///
    /// # Errors
    /// [`HomeError::Empty`].
    pub fn check(&self) -> Result<(), HomeError> {
        if self.ledger().is_file() {
            Ok(())
        } else {
            Err(HomeError::Empty(self.root.clone()))
        }
    }

    /// Takes the right to write, without waiting. Readers do not need it.
    ///
    /// # Errors
    /// [`HomeError::InUse`] when another program or another part of this one holds it;
    /// [`HomeError::File`].
    pub fn lock(&self) -> Result<HomeLock, HomeError> {
        let path = self.root.join("lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = options
            .open(&path)
            .map_err(|error| FileError::new(&path, &error))?;
        // Not `File::try_lock`: std answers "unsupported" on Android.
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(HomeLock { _file: file }),
            Err(Errno::WOULDBLOCK) => Err(HomeError::InUse(self.root.clone())),
            Err(error) => Err(FileError::new(&path, &error.into()).into()),
        }
    }
}
