//! `cargo xtask apk`: the app as signed APKs, one for each kind of processor, without the Android
//! SDK, NDK and Gradle. With them the Gradle files at the root build the same app.

mod abi;
mod check;
mod classes;
mod debian;
mod device;
mod dex;
mod elf;
mod installed;
mod jars;
mod jvm;
mod linked;
mod machine;
mod manifest;
mod native;
mod pack;
mod qemu;
mod reproducible;
mod shim;
pub mod stamp;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::repo::Repo;
use crate::resources::{self, Edition};
use crate::stop::Stop;

use abi::Abi;
pub use device::run as device_test;
use dex::Dexer;
pub use dex::KEEP;
use jars::Jars;
use jvm::Program;
use pack::{Key, Parts};
pub use reproducible::soak as reproducible;
use stamp::Stamps;

const USAGE: &str = "usage: cargo xtask apk [--release] [--edition live|training] [--abi A,B] \
                     [--cores] [--check] [--run] [--qemu]";
pub const PACKAGE: &str = "com.voidproof.app";
/// The Android whose rules the app promises to follow.
pub const TARGET_SDK: &str = "35";
/// The Android that it is compiled against.
pub const COMPILE_SDK: &str = "34";
/// Lists permissions and reachable components.
pub const DOCUMENT: &str = "docs/building.md";
const MAIN: &str = "android/app/src/main";
/// All of this build, apart from other builds: it has its own compiler.
const TARGET: &str = "target/android";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    release: bool,
    abis: Vec<Abi>,
    /// For money or for practice; none = a release is for money, a debug build for practice.
    edition: Option<Edition>,
    /// The cores alone: what takes longest, for who has other work meanwhile.
    cores: bool,
    check: bool,
    run: bool,
    qemu: bool,
}

/// One finished APK.
pub struct Made {
    pub apk: PathBuf,
    pub abi: Abi,
    /// The core inside it.
    pub core: PathBuf,
    pub release: bool,
    pub edition: Edition,
}

impl Wish {
    fn edition(&self) -> Edition {
        self.edition.unwrap_or(match self.release {
            true => Edition::Live,
            false => Edition::Training,
        })
    }
}

/// What a build leaves for those who look at it or run it.
struct Built {
    jars: Jars,
    stamps: Stamps,
    out: PathBuf,
    classes: PathBuf,
    dex: Vec<PathBuf>,
    made: Vec<Made>,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let wish = wish(arguments)?;
    if wish.cores {
        return cores(repo, &wish.abis).map(|_| ());
    }
    let built = build(repo, &wish)?;
    if wish.check {
        for made in &built.made {
            println!("{}", made.apk.display());
            check::run(repo, &built.jars, made)?;
        }
    }
    if wish.qemu {
        let cores: Vec<(Abi, PathBuf)> = built
            .made
            .iter()
            .map(|made| (made.abi, made.core.clone()))
            .collect();
        let target = repo.path(TARGET);
        timed("qemu", || {
            qemu::run(repo, &target, &built.stamps, &cores, 0)
        })?;
    }
    if !wish.run {
        return Ok(());
    }
    let made = built.made.iter().find(|made| made.abi == abi::X86_64);
    let made = made.ok_or_else(|| Stop::usage("--run needs --abi x86_64"))?;
    let dexer = Dexer {
        repo,
        jars: &built.jars,
        stamps: &built.stamps,
        out: &built.out,
    };
    let program = Program {
        dex: &built.dex,
        core: &made.core,
        app: &built.classes,
        release: made.release,
    };
    timed("run", || jvm::run(&dexer, &program))
}

/// The ARM libraries in emulated processors: every scenario, then kills at random moments.
pub fn soak(repo: &Repo, seconds: u64) -> Result<(), Stop> {
    let (stamps, cores) = cores(repo, abi::SHIPPED)?;
    qemu::run(repo, &repo.path(TARGET), &stamps, &cores, seconds)
}

fn cores(repo: &Repo, abis: &[Abi]) -> Result<(Stamps, Vec<(Abi, PathBuf)>), Stop> {
    machine::bring(repo)?;
    let target = repo.path(TARGET);
    let stamps = Stamps::in_folder(target.join("apk/stamps"))?;
    let cores = timed("cores", || native::build(repo, &target, abis, &stamps))?;
    Ok((stamps, cores))
}

fn build(repo: &Repo, wish: &Wish) -> Result<Built, Stop> {
    timed("tools", || {
        crate::gate::set_up(repo)?;
        machine::bring(repo)
    })?;
    let target = repo.path(TARGET);
    let out = target.join("apk");
    let stamps = Stamps::in_folder(out.join("stamps"))?;
    let jars = timed("jars", || Jars::fetch(repo, out.join("jars"), &stamps))?;
    let cores = timed("cores", || {
        native::build(repo, &target, &wish.abis, &stamps)
    })?;
    let classes = timed("classes", || classes::build(repo, &target, &stamps))?;
    let key = Key::find(repo, &target)?;
    let dexer = Dexer {
        repo,
        jars: &jars,
        stamps: &stamps,
        out: &out,
    };
    let base = timed("resources", || {
        linked::link(&dexer, wish.release, wish.edition())
    })?;
    let dex = timed("dex", || dexer.app(&classes, wish.release))?;
    let mut made = Vec::new();
    for (abi, core) in cores {
        made.push(timed(&format!("apk {abi}"), || {
            assemble(&dexer, &key, &base, &dex, (abi, core), wish)
        })?);
    }
    if !wish.release {
        timed("test apk", || installed::build(&dexer, &key, &classes))?;
    }
    if key.debug {
        println!("signed with this machine's debug key");
    }
    tell(&made, &dex)?;
    Ok(Built {
        jars,
        stamps,
        out,
        classes,
        dex,
        made,
    })
}

fn wish(arguments: &[String]) -> Result<Wish, Stop> {
    let mut wish = Wish {
        release: false,
        abis: Vec::new(),
        edition: None,
        cores: false,
        check: false,
        run: false,
        qemu: false,
    };
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--release" => wish.release = true,
            "--cores" => wish.cores = true,
            "--check" => wish.check = true,
            "--run" => wish.run = true,
            "--qemu" => wish.qemu = true,
            "--edition" => {
                wish.edition = Some(match words.next() {
                    Some("live") => Edition::Live,
                    Some("training") => Edition::Training,
                    _ => return Err(Stop::usage(USAGE)),
                });
            }
            "--abi" => {
                let names = words.next().ok_or_else(|| Stop::usage(USAGE))?;
                wish.abis = abi::parse(names)?;
            }
            _ => return Err(Stop::usage(USAGE)),
        }
    }
    if wish.abis.is_empty() {
        wish.abis = match wish.release {
            true => abi::SHIPPED.to_vec(),
            false => abi::ALL.to_vec(),
        };
    }
    Ok(wish)
}

fn assemble(
    dexer: &Dexer<'_>,
    key: &Key,
    base: &Path,
    dex: &[PathBuf],
    (abi, core): (Abi, PathBuf),
    wish: &Wish,
) -> Result<Made, Stop> {
    let jna = dexer
        .out
        .join("jna/jni")
        .join(abi.name)
        .join("libjnidispatch.so");
    let libraries = [core.clone(), jna];
    let parts = Parts {
        base,
        dex,
        libraries: &libraries,
        abi: abi.name,
        files: &[],
    };
    let version = resources::version(dexer.repo)?;
    let chosen = wish
        .edition
        .map_or_else(String::new, |it| format!("-{}", it.name()));
    let name = format!("voidproof-{version}{chosen}-{abi}-{}", kind(wish.release));
    let apk = pack::once(dexer, key, &parts, &name)?;
    Ok(Made {
        apk,
        abi,
        core,
        release: wish.release,
        edition: wish.edition(),
    })
}

fn kind(release: bool) -> &'static str {
    match release {
        true => "release",
        false => "debug",
    }
}

fn tell(made: &[Made], dex: &[PathBuf]) -> Result<(), Stop> {
    let show = |path: &Path| {
        let found = fs::metadata(path).map_err(|e| Stop::io(path.display(), &e))?;
        println!("{:>9} bytes  {}", found.len(), path.display());
        Ok::<(), Stop>(())
    };
    for path in dex {
        show(path)?;
    }
    for made in made {
        show(&made.core)?;
        show(&made.apk)?;
    }
    Ok(())
}

/// Says how long a part took.
fn timed<T>(name: &str, work: impl FnOnce() -> Result<T, Stop>) -> Result<T, Stop> {
    let begun = Instant::now();
    let result = work();
    println!("{:>7.1} s  {name}", begun.elapsed().as_secs_f64());
    result
}

/// The names in code marks that begin the rows of the table below `heading`, sorted.
pub fn listed(document: &str, heading: &str) -> Vec<String> {
    let section = document
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('#'));
    let mut names: Vec<String> = section
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Wish, Stop> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        wish(&words)
    }

    #[test]
    fn releases_are_for_terminals_debug_builds_for_emulators_too() {
        assert_eq!(read(&["--release"]).unwrap().abis, abi::SHIPPED);
        assert_eq!(read(&[]).unwrap().abis, abi::ALL);
        let wish = read(&["--abi", "x86_64", "--check"]).unwrap();
        assert_eq!(
            (wish.abis, wish.check, wish.run),
            (vec![abi::X86_64], true, false)
        );
        assert!(read(&["--abi", "arm64-v8a", "--qemu"]).unwrap().qemu);
        assert!(read(&["--release", "--cores"]).unwrap().cores);
        assert!(read(&["--abi"]).is_err());
        assert!(read(&["--relaese"]).is_err());
    }

    #[test]
    fn lists_of_a_document_are_those_below_their_heading() {
        let text =
            "## A\n| name | why |\n|---|---|\n| `y` | it |\n| `x` | is |\n\n## B\n| `z` | - |\n";
        assert_eq!(listed(text, "## A"), ["x", "y"]);
        assert!(listed(text, "## C").is_empty());
    }
}
