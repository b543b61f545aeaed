//! Command lines of the form `--name VALUE …`, in any order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::stop::Stop;

/// Values by name, without the dashes.
#[derive(Debug)]
pub struct Options<'a> {
    values: BTreeMap<&'a str, &'a str>,
    usage: &'static str,
}

impl<'a> Options<'a> {
    /// Takes each of `known` once at most; anything else is an error that shows the usage.
    pub fn read(
        arguments: &'a [String],
        known: &[&str],
        usage: &'static str,
    ) -> Result<Self, Stop> {
        let mut values = BTreeMap::new();
        for pair in arguments.chunks(2) {
            let named = match pair {
                [name, value] => name.strip_prefix("--").map(|name| (name, value.as_str())),
                _ => None,
            };
            let known = named.filter(|(name, _)| known.contains(name));
            let (name, value) = known.ok_or_else(|| Stop::usage(usage))?;
            if values.insert(name, value).is_some() {
                return Err(Stop::usage(format!("--{name} stands twice\n{usage}")));
            }
        }
        Ok(Self { values, usage })
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).copied()
    }

    pub fn need(&self, name: &str) -> Result<&'a str, Stop> {
        self.get(name)
            .ok_or_else(|| Stop::usage(format!("--{name} is missing\n{}", self.usage)))
    }

    /// A path that must be given, made absolute.
    pub fn path(&self, name: &str) -> Result<PathBuf, Stop> {
        absolute(self.need(name)?)
    }
}

/// A path from the command line, seen from where the command was given.
pub fn absolute(path: impl AsRef<Path>) -> Result<PathBuf, Stop> {
    std::path::absolute(path.as_ref()).map_err(|e| Stop::io(path.as_ref().display(), &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let options = Options::read(&arguments, &["a", "b"], "usage").map_err(|e| e.to_string())?;
        options
            .need("a")
            .map(str::to_owned)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn each_option_stands_once_and_needed_ones_stand() {
        assert_eq!(read(&["--b", "2", "--a", "1"]).unwrap(), "1");
        assert_eq!(read(&["--b", "2"]).unwrap_err(), "--a is missing\nusage");
        assert_eq!(
            read(&["--a", "1", "--a", "2"]).unwrap_err(),
            "--a stands twice\nusage"
        );
        for wrong in [&["--c", "1"][..], &["--a"], &["a", "1"]] {
            assert_eq!(read(wrong).unwrap_err(), "usage");
        }
    }
}
