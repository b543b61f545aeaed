//! Child processes: started without a shell, in the repository's root, named when they fail.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::repo::Repo;
use crate::stop::Stop;

/// What `cargo run` sets for xtask itself. Build scripts that watch these variables would
/// rebuild their crates at each change between a plain cargo and one below xtask.
const OWN_PACKAGE: &[&str] = &[
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
];

/// One call of an outside program.
pub struct Tool {
    command: Command,
    shown: String,
}

impl Tool {
    pub fn new(repo: &Repo, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program.as_ref());
        command.current_dir(repo.root());
        for (name, _) in std::env::vars_os() {
            let own = name
                .to_str()
                .is_some_and(|n| OWN_PACKAGE.iter().any(|p| n.starts_with(p)));
            if own {
                command.env_remove(name);
            }
        }
        Self {
            command,
            shown: program.as_ref().to_string_lossy().into_owned(),
        }
    }

    /// The cargo that runs xtask, or the one on the path.
    pub fn cargo(repo: &Repo) -> Self {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut tool = Self::new(repo, program);
        tool.shown = "cargo".to_owned();
        tool
    }

    /// Builds one package as it is shipped, by itself: built together, one would change the
    /// features of the other's crates.
    pub fn release(repo: &Repo, package: &str) -> Result<(), Stop> {
        Self::cargo(repo)
            .args(["build", "--locked", "--release", "--package", package])
            .pass()
    }

    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Adds a path as one argument.
    pub fn path(self, path: impl AsRef<Path>) -> Self {
        self.args([path.as_ref()])
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs; all that it prints goes to standard error.
    pub fn pass(mut self) -> Result<(), Stop> {
        let status = self
            .command
            .stdin(Stdio::null())
            .stdout(std::io::stderr())
            .status();
        match status.map_err(|e| self.cannot_start(&e))? {
            status if status.success() => Ok(()),
            status => Err(Stop::failed(format!("`{}` failed: {status}", self.shown))),
        }
    }

    /// Runs and gives back standard output; standard error passes through.
    pub fn read(mut self) -> Result<String, Stop> {
        self.command.stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = self.command.output().map_err(|e| self.cannot_start(&e))?;
        if !output.status.success() {
            return Err(Stop::failed(format!(
                "`{}` failed: {}",
                self.shown, output.status
            )));
        }
        String::from_utf8(output.stdout)
            .map_err(|_| Stop::failed(format!("`{}` printed something not UTF-8", self.shown)))
    }

    /// Runs, prints each line of standard output and hands it to `look`. False = it failed.
    pub fn watch(mut self, mut look: impl FnMut(&str)) -> Result<bool, Stop> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = self.command.spawn().map_err(|e| self.cannot_start(&e))?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line.map_err(|e| Stop::io(&self.shown, &e))?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                look(&line);
            }
        }
        let status = child.wait().map_err(|e| Stop::io(&self.shown, &e))?;
        Ok(status.success())
    }

    fn cannot_start(&self, error: &std::io::Error) -> Stop {
        let program = self.command.get_program().to_string_lossy();
        match error.kind() {
            ErrorKind::NotFound => Stop::usage(format!("{program} is not installed")),
            _ => Stop::io(format!("cannot start {program}"), error),
        }
    }
}
