//! A place outside the ledger as plain files: one folder, one number a file.

use std::path::{Path, PathBuf};

use pos_domain::ports::{Outside, PortError};

use crate::files;

/// Numbers in files named `outside.NAME`. A backup must not copy the folder.
#[derive(Clone, Debug)]
pub struct FileOutside {
    folder: PathBuf,
}

fn failed(why: impl ToString) -> PortError {
    PortError {
        port: "outside",
        detail: why.to_string(),
    }
}

impl FileOutside {
    /// The place in a folder, which is made for its owner alone at the first writing.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    fn path(&self, name: &str) -> Result<PathBuf, PortError> {
        let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if fits {
            Ok(self.folder.join(format!("outside.{name}")))
        } else {
            Err(failed("a name has small letters and underscores"))
        }
    }
}

impl Outside for FileOutside {
    fn read(&self, name: &str) -> Result<Option<u64>, PortError> {
        let stored = files::read(&self.path(name)?).map_err(failed)?;
        let number = |bytes: Vec<u8>| String::from_utf8(bytes).ok()?.trim().parse().ok();
        stored
            .map(|bytes| number(bytes).ok_or_else(|| failed(format!("{name} is no number"))))
            .transpose()
    }

    fn write(&self, name: &str, value: u64) -> Result<(), PortError> {
        files::make_folder(&self.folder).map_err(failed)?;
        files::write(&self.path(name)?, value.to_string().as_bytes()).map_err(failed)
    }
}
