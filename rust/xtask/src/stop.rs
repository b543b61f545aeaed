//! Why a verb ended without success, and with which exit code.

use std::fmt;
use std::process::ExitCode;

/// The end of a verb.
#[derive(Debug)]
pub enum Stop {
    /// A check or a tool failed: exit 1.
    Failed(String),
    /// The command line is wrong, or the machine lacks a tool: exit 2.
    Usage(String),
}

impl Stop {
    pub fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// For an error of the file system: `what` names the action and the path.
    pub fn io(what: impl fmt::Display, error: &std::io::Error) -> Self {
        Self::Failed(format!("{what}: {error}"))
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
        })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) | Self::Usage(text) => f.write_str(text),
        }
    }
}
