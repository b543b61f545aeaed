//! Where the files are that a profile names.

use std::cell::RefCell;
use std::path::Path;

use zeroize::Zeroizing;

use super::read_file;
use crate::secrets::Secret;

/// Gives the files that a profile names, by the name that stands in it.
pub trait Beside {
    /// Whether there is such a file.
    fn has(&self, name: &str) -> bool;

    /// Its bytes.
    ///
    /// # Errors
    /// Why not, without its content.
    fn read(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, String>;
}

/// A folder: names are relative to it.
impl Beside for Path {
    fn has(&self, name: &str) -> bool {
        self.join(name).exists()
    }

    fn read(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, String> {
        read_file(&self.join(name))
    }
}

impl<B: Beside + ?Sized> Beside for &B {
    fn has(&self, name: &str) -> bool {
        B::has(self, name)
    }

    fn read(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, String> {
        B::read(self, name)
    }
}

/// Files that a person chose one by one, in memory. Remembers which one was asked for and missing.
#[derive(Debug, Default)]
pub struct Chosen {
    files: Vec<(String, Secret)>,
    missing: RefCell<Option<String>>,
}

impl Chosen {
    /// These files by their names.
    #[must_use]
    pub fn new(files: Vec<(String, Secret)>) -> Self {
        Self {
            files,
            missing: RefCell::default(),
        }
    }

    /// The file that was asked for last and is not among them.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        self.missing.borrow().clone()
    }

    fn find(&self, name: &str) -> Option<&Secret> {
        let mut files = self.files.iter();
        files
            .find(|(given, _)| given == name)
            .map(|(_, bytes)| bytes)
    }
}

impl Beside for Chosen {
    fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn read(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, String> {
        if let Some(bytes) = self.find(name) {
            return Ok(Zeroizing::new(bytes.expose().to_vec()));
        }
        *self.missing.borrow_mut() = Some(name.to_owned());
        Err(format!("{name}: is needed too and was not chosen"))
    }
}
