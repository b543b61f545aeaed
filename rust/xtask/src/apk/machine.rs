//! What the machine must have beside what the gate needs: a Rust that knows Android and brings
//! the sources of its std, and an LLVM to link and to look.

use crate::gate::setup::{self, Need, What};
use crate::repo::Repo;
use crate::stop::Stop;

/// The LLVM that compiles C, links and looks.
pub const LLVM: &str = "19";
/// Debian's compiler, beside the one that the project is developed with.
pub const RUSTC: &str = "/usr/bin/rustc";

const NEEDS: &[Need] = &[
    Need {
        what: What::File("/usr/share/doc/rustc-web"),
        package: "rustc-web",
    },
    Need {
        what: What::File("/usr/share/doc/rust-web-src"),
        package: "rust-web-src",
    },
    Need {
        what: What::Program("clang-19"),
        package: "clang-19",
    },
    Need {
        what: What::Program("ld.lld-19"),
        package: "lld-19",
    },
    Need {
        what: What::Program("llvm-readelf-19"),
        package: "llvm-19",
    },
    Need {
        what: What::File("/usr/bin/dexdump"),
        package: "dexdump",
    },
];

pub fn bring(repo: &Repo) -> Result<(), Stop> {
    setup::bring(repo, NEEDS)
}

/// A program of that LLVM.
pub fn llvm(program: &str) -> String {
    format!("{program}-{LLVM}")
}
