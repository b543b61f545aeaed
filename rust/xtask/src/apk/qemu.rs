//! Runs the ARM libraries as they are packed, here: in the processors that qemu-user emulates,
//! over Debian's glibc by the shim, called by Debian's Python through UniFFI's own bindings.
//! `tests/qemu/run.py` says what they must be able to do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bindings;
use crate::gate::setup::{self, Need, What};
use crate::pins;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::abi::{ARM, ARM64, Abi};
use super::debian::Packages;
use super::machine::{self, LLVM};
use super::native::{self, LIBRARY};
use super::shim;
use super::stamp::Stamps;

const SCENARIOS: &str = "tests/qemu/run.py";
const PINS: &str = "tests/qemu/pins.toml";
/// Its packages are what they were when they were pinned; it has both processors.
const SUITE: &str = "bookworm";
/// The simulated hosts.
const HOST: &str = "target/release/voidproof";

const NEEDS: &[Need] = &[
    Need {
        what: What::Program("qemu-aarch64"),
        package: "qemu-user",
    },
    Need {
        what: What::File("/usr/bin/openssl"),
        package: "openssl",
    },
];

/// One emulated processor.
struct Processor {
    abi: Abi,
    qemu: &'static str,
    /// As Debian says.
    debian: &'static str,
    /// As Debian's folders say.
    triple: &'static str,
    clang: &'static [&'static str],
}

/// Android passes floats in integer registers on 32-bit ARM, and so does armel.
const PROCESSORS: &[Processor] = &[
    Processor {
        abi: ARM64,
        qemu: "qemu-aarch64",
        debian: "arm64",
        triple: "aarch64-linux-gnu",
        clang: &["--target=aarch64-linux-gnu"],
    },
    Processor {
        abi: ARM,
        qemu: "qemu-arm",
        debian: "armel",
        triple: "arm-linux-gnueabi",
        clang: &["--target=armv7-linux-gnueabi", "-mfloat-abi=soft"],
    },
];

/// Every scenario on each of `cores` that is for ARM; then kills at random moments, for so many
/// seconds in all.
pub fn run(
    repo: &Repo,
    target: &Path,
    stamps: &Stamps,
    cores: &[(Abi, PathBuf)],
    seconds: u64,
) -> Result<(), Stop> {
    let known = |abi: Abi| PROCESSORS.iter().find(|one| one.abi == abi);
    let chosen: Vec<(&Processor, &Path)> = cores
        .iter()
        .filter_map(|(abi, core)| Some((known(*abi)?, core.as_path())))
        .collect();
    if chosen.is_empty() {
        return Err(Stop::usage("--qemu needs --abi arm64-v8a or armeabi-v7a"));
    }
    setup::bring(repo, NEEDS)?;
    Tool::release(repo, "pos-cli")?;
    let each = seconds / u64::try_from(chosen.len()).unwrap_or(1);
    for (processor, core) in chosen {
        println!("== {} by {}", processor.abi, processor.qemu);
        let folder = target.join("qemu").join(processor.abi.name);
        let emulated = Emulated {
            repo,
            stamps,
            processor,
            folder,
        };
        emulated.run(target, core, each)?;
    }
    Ok(())
}

/// What one processor's runs need.
struct Emulated<'a> {
    repo: &'a Repo,
    stamps: &'a Stamps,
    processor: &'a Processor,
    folder: PathBuf,
}

impl Emulated<'_> {
    fn run(&self, target: &Path, core: &Path, seconds: u64) -> Result<(), Stop> {
        let root = self.root()?;
        let shim = self.shim(&root)?;
        let core = self.core(target, core)?;
        let good = Tool::new(self.repo, "python3")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args([SCENARIOS, "--qemu", self.processor.qemu, "--root"])
            .path(root)
            .args(["--shim"])
            .path(shim)
            .args(["--core"])
            .path(core)
            .args(["--voidproof"])
            .path(self.repo.path(HOST))
            .args(["--seconds", &seconds.to_string()])
            .watch(|_| ())?;
        match good {
            true => Ok(()),
            false => Err(Stop::failed(format!(
                "the core for {} fails",
                self.processor.abi
            ))),
        }
    }

    /// Python and glibc for this processor.
    fn root(&self) -> Result<PathBuf, Stop> {
        let root = self.folder.join("root");
        let file = self.repo.path(PINS);
        let Processor { abi, debian, .. } = self.processor;
        let name = format!("qemu-root-{abi}");
        self.stamps.once(&name, "", &[&file], &[&root], || {
            let pins = pins::parse(&self.repo.read(PINS)?)
                .map_err(|e| Stop::failed(format!("{PINS}: {e}")))?;
            let ours = |name: &str| name.split_once('/').is_some_and(|(of, _)| of == *debian);
            let pins: Vec<&pins::Pin> = pins.iter().filter(|pin| ours(&pin.name)).collect();
            let packages = Packages {
                suite: SUITE,
                processor: Some(debian),
                pins: &pins,
                from: PINS,
            };
            packages.unpack(self.repo, &root)
        })?;
        Ok(root)
    }

    fn shim(&self, root: &Path) -> Result<PathBuf, Stop> {
        let Processor {
            abi, triple, clang, ..
        } = self.processor;
        let include = root.join("usr/include");
        let compiler = || {
            Tool::new(self.repo, machine::llvm("clang"))
                .args(*clang)
                .args([&format!("-fuse-ld=lld-{LLVM}"), "-nostdlib", "-nostdlibinc"])
                .args(["-isystem"])
                .path(&include)
                .args(["-isystem"])
                .path(include.join(triple))
                .args(["-L"])
                .path(root.join("lib").join(triple))
        };
        let name = format!("qemu-shim-{abi}");
        let folder = self.folder.join("shim");
        shim::make(self.repo, self.stamps, &name, &folder, compiler)
    }

    /// The library as it is packed, beside bindings made of the same build.
    fn core(&self, target: &Path, core: &Path) -> Result<PathBuf, Stop> {
        let folder = self.folder.join("core");
        let abi = self.processor.abi;
        let name = format!("qemu-core-{abi}");
        self.stamps.once(&name, "", &[core], &[&folder], || {
            let built = native::built(target, abi);
            bindings::write(self.repo, &built, "python", &folder)?;
            fs::copy(core, folder.join(LIBRARY))
                .map(|_| ())
                .map_err(|e| Stop::io(core.display(), &e))
        })?;
        Ok(folder)
    }
}
