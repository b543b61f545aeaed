//! The machines that an APK is built for.

use std::fmt;

use crate::stop::Stop;

/// One kind of processor, under the names that the tools give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abi {
    /// As Android says.
    pub name: &'static str,
    /// As rustc says.
    pub rust: &'static str,
    /// As clang says, with the oldest API level.
    pub clang: &'static str,
    pub bits: u8,
}

pub const ARM64: Abi = Abi {
    name: "arm64-v8a",
    rust: "aarch64-linux-android",
    clang: "aarch64-linux-android24",
    bits: 64,
};
pub const ARM: Abi = Abi {
    name: "armeabi-v7a",
    rust: "armv7-linux-androideabi",
    clang: "armv7a-linux-androideabi24",
    bits: 32,
};
/// For emulators.
pub const X86_64: Abi = Abi {
    name: "x86_64",
    rust: "x86_64-linux-android",
    clang: "x86_64-linux-android24",
    bits: 64,
};

pub const ALL: &[Abi] = &[ARM64, ARM, X86_64];
/// What terminals have.
pub const SHIPPED: &[Abi] = &[ARM64, ARM];

impl Abi {
    pub fn is_arm(self) -> bool {
        self == ARM
    }

    /// For names of environment variables.
    pub fn underscored(self) -> String {
        self.rust.replace('-', "_")
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Reads a list with commas.
pub fn parse(names: &str) -> Result<Vec<Abi>, Stop> {
    names
        .split(',')
        .map(|name| {
            let found = ALL.iter().find(|abi| abi.name == name).copied();
            let known: Vec<&str> = ALL.iter().map(|abi| abi.name).collect();
            found.ok_or_else(|| {
                Stop::usage(format!("no ABI {name:?}; there are {}", known.join(" ")))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_unknown_names_told() {
        assert_eq!(parse("x86_64,arm64-v8a").unwrap(), [X86_64, ARM64]);
        let told = parse("arm64-v8a,mips").unwrap_err().to_string();
        assert_eq!(
            told,
            "no ABI \"mips\"; there are arm64-v8a armeabi-v7a x86_64"
        );
    }
}
