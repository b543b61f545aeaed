//! The core as a shared library for Android, without the NDK: against stand-ins of Android's
//! libraries that export the names of `imports.txt` and nothing else.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::fetched::{remove, sha256};
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::abi::Abi;
use super::machine::{self, LLVM, RUSTC};
use super::stamp::Stamps;

const SOURCES: &str = "android/native";
pub const LIBRARY: &str = "libpos_ffi.so";
const LINKER: &str = "android-clang";
/// The sources of std, where rustc sees them.
const STD: &str = "/usr/lib/rustlib/src/rust";
/// The libraries of Android that the core may need.
pub const ANDROID_LIBRARIES: &[&str] = &["libc", "libdl", "liblog", "libm"];
/// The names under which C code includes parts of `bionic.h`.
const HEADERS: &[&str] = &[
    "assert",
    "ctype",
    "dlfcn",
    "errno",
    "fcntl",
    "math",
    "pthread",
    "stdio",
    "stdlib",
    "string",
    "sys/ioctl",
    "sys/mman",
    "sys/stat",
    "sys/time",
    "sys/types",
    "time",
    "unistd",
];

/// Builds for all of `abis` at once and strips; gives back the stripped libraries.
pub fn build(
    repo: &Repo,
    target: &Path,
    abis: &[Abi],
    stamps: &Stamps,
) -> Result<Vec<(Abi, PathBuf)>, Stop> {
    let sources = repo.path(SOURCES);
    for abi in abis {
        let stand_ins = stand_ins(target, *abi);
        let again = stamps.once(
            &format!("stand-ins-{abi}"),
            &stand_ins.display().to_string(),
            &[&sources],
            &[&stand_ins],
            || make_stand_ins(repo, &stand_ins, *abi),
        )?;
        let built = built(target, *abi);
        if again && built.exists() {
            // cargo does not know that it links against these.
            for path in [&built, &built.with_file_name(format!("deps/{LIBRARY}"))] {
                let _ = fs::remove_file(path);
            }
        }
    }
    compile(repo, target, abis)?;
    abis.iter()
        .map(|abi| Ok((*abi, strip(repo, target, *abi, stamps)?)))
        .collect()
}

fn stand_ins(target: &Path, abi: Abi) -> PathBuf {
    target.join("stand-ins").join(abi.rust)
}

/// Where cargo leaves the library, with its symbols.
pub fn built(target: &Path, abi: Abi) -> PathBuf {
    target.join(abi.rust).join("android").join(LIBRARY)
}

fn strip(repo: &Repo, target: &Path, abi: Abi, stamps: &Stamps) -> Result<PathBuf, Stop> {
    let built = built(target, abi);
    let stripped = target.join("apk/lib").join(abi.name).join(LIBRARY);
    let name = format!("strip-{abi}");
    stamps.once(&name, "", &[&built], &[&stripped], || {
        make_folder_of(&stripped)?;
        Tool::new(repo, machine::llvm("llvm-strip"))
            .args(["-o"])
            .path(&stripped)
            .path(&built)
            .pass()
    })?;
    Ok(stripped)
}

fn make_stand_ins(repo: &Repo, folder: &Path, abi: Abi) -> Result<(), Stop> {
    remove(folder)?;
    let include = folder.join("include");
    for header in HEADERS {
        let path = include.join(format!("{header}.h"));
        make_folder_of(&path)?;
        write(&path, "#include \"bionic.h\"\n")?;
    }
    let bionic = repo.path(SOURCES).join("bionic.h");
    fs::copy(&bionic, include.join("bionic.h")).map_err(|e| Stop::io(bionic.display(), &e))?;
    let imports = repo.read(&format!("{SOURCES}/imports.txt"))?;
    for library in ANDROID_LIBRARIES {
        let source = folder.join(format!("{library}.c"));
        write(&source, &functions(&names(&imports, library, abi)))?;
        clang(repo, abi)
            .args(["-w", "-fno-builtin", "-fPIC", "-nostdlib", "-shared"])
            .args([
                &format!("-fuse-ld=lld-{LLVM}"),
                &format!("-Wl,-soname,{library}.so"),
            ])
            .args(["-o"])
            .path(folder.join(format!("{library}.so")))
            .path(&source)
            .pass()?;
    }
    linker(repo, folder, abi)?;
    unwinder(repo, folder, abi)
}

/// What cargo calls to link for this machine: one run of cargo builds for several.
fn linker(repo: &Repo, folder: &Path, abi: Abi) -> Result<(), Stop> {
    let path = folder.join(LINKER);
    let real = repo.path(SOURCES).join(LINKER);
    let text = format!(
        "#!/bin/sh\nANDROID_LLVM={LLVM} ANDROID_TARGET={} ANDROID_LIBRARIES='{}' \\\n  \
         exec '{}' \"$@\"\n",
        abi.clang,
        folder.display(),
        real.display()
    );
    write(&path, &text)?;
    let runs = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&path, runs).map_err(|e| Stop::io(path.display(), &e))
}

/// std links `libunwind.a`; on 64 bits a crate does its work and it is empty.
fn unwinder(repo: &Repo, folder: &Path, abi: Abi) -> Result<(), Stop> {
    let empty = folder.join("nothing.c");
    write(&empty, "typedef int nothing;\n")?;
    let source = match abi.is_arm() {
        true => repo.path(SOURCES).join("unwind-arm.c"),
        false => empty,
    };
    let object = folder.join("unwind.o");
    clang(repo, abi)
        .args([
            "-O2",
            "-fPIC",
            "-nostdlibinc",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-c",
            "-o",
        ])
        .path(&object)
        .path(&source)
        .pass()?;
    Tool::new(repo, machine::llvm("llvm-ar"))
        .args(["rc"])
        .path(folder.join("libunwind.a"))
        .path(&object)
        .pass()
}

fn clang(repo: &Repo, abi: Abi) -> Tool {
    Tool::new(repo, machine::llvm("clang")).args([format!("--target={}", abi.clang)])
}

fn compile(repo: &Repo, target: &Path, abis: &[Abi]) -> Result<(), Stop> {
    let elsewhere = renamed(repo)?;
    let mut flags = vec!["--cfg".to_owned(), "no_ndk".to_owned()];
    flags.extend(
        elsewhere
            .iter()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())),
    );
    let mut cargo = Tool::cargo(repo)
        // RUSTC_BOOTSTRAP: a compiler from a distribution builds its own std.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .args(["build", "--quiet", "--locked"])
        .args(["--package", "pos-ffi", "--lib"])
        .args(["-Zbuild-std=std,panic_unwind", "--profile", "android"]);
    for abi in abis {
        let name = abi.underscored();
        let stand_ins = stand_ins(target, *abi);
        cargo = cargo
            .env(
                &format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()),
                stand_ins.join(LINKER),
            )
            .env(&format!("CC_{name}"), machine::llvm("clang"))
            .env(&format!("AR_{name}"), machine::llvm("llvm-ar"))
            .env(
                &format!("CFLAGS_{name}"),
                c_flags(&stand_ins, *abi, &elsewhere)?,
            )
            .args(["--target", abi.rust]);
    }
    cargo.pass()
}

fn c_flags(stand_ins: &Path, abi: Abi, elsewhere: &[(PathBuf, String)]) -> Result<String, Stop> {
    let include = stand_ins.join("include");
    let headers = sha256(&include.join("bionic.h"))?;
    // cc does not watch what is included: a change of the headers changes the flags.
    let mut flags = format!(
        "--target={} -nostdlibinc -isystem {} -DHEADERS={} -fPIC -w",
        abi.clang,
        include.display(),
        headers.get(..16).unwrap_or_default()
    );
    for (from, to) in elsewhere {
        // Writing to a string cannot fail.
        let _ = write!(flags, " -ffile-prefix-map={}={to}", from.display());
    }
    Ok(flags)
}

/// Folders of this machine that would stand in the library, and what stands there instead: the
/// same sources make the same bytes wherever they lie. Of two that fit the later one counts.
pub fn renamed(repo: &Repo) -> Result<Vec<(PathBuf, String)>, Stop> {
    let home = cargo_home()?;
    let mut names = vec![
        (home.clone(), "cargo".to_owned()),
        (repo.root().to_path_buf(), "voidproof".to_owned()),
        (PathBuf::from(STD), "std".to_owned()),
    ];
    let sources = home.join("registry/src");
    let registries = fs::read_dir(&sources).map_err(|e| Stop::io(sources.display(), &e))?;
    let mut registries: Vec<PathBuf> = registries.flatten().map(|entry| entry.path()).collect();
    registries.sort();
    names.extend(
        registries
            .into_iter()
            .map(|path| (path, "crates".to_owned())),
    );
    Ok(names)
}

/// Where cargo keeps the crates that it fetched.
fn cargo_home() -> Result<PathBuf, Stop> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".cargo")))
        .ok_or_else(|| Stop::usage("neither CARGO_HOME nor HOME is set"))
}

/// What `library` exports for this machine, by lines `LIBRARY[/32|/arm] NAME…`.
fn names<'a>(imports: &'a str, library: &str, abi: Abi) -> Vec<&'a str> {
    let lines = imports.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .filter(|(head, _)| {
            let (name, only) = head.split_once('/').unwrap_or((head, ""));
            let applies = match only {
                "32" => abi.bits == 32,
                "arm" => abi.is_arm(),
                _ => true,
            };
            name == library && applies
        })
        .flat_map(|(_, names)| names.split_whitespace())
        .collect()
}

fn functions(names: &[&str]) -> String {
    names.iter().fold(String::new(), |mut text, name| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "void {name}(void) {{}}");
        text
    })
}

pub fn make_folder_of(path: &Path) -> Result<(), Stop> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(|e| Stop::io(folder.display(), &e)),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    fs::write(path, text).map_err(|e| Stop::io(path.display(), &e))
}

#[cfg(test)]
mod tests {
    use super::super::abi::{ARM, ARM64};
    use super::*;

    #[test]
    fn names_are_those_of_the_machine() {
        let imports = "# libc no\nlibc read write\nlibm pow\nlibc/32 mmap64\nlibdl/arm x\n";
        assert_eq!(names(imports, "libc", ARM64), ["read", "write"]);
        assert_eq!(names(imports, "libc", ARM), ["read", "write", "mmap64"]);
        assert_eq!(names(imports, "libdl", ARM), ["x"]);
        assert!(names(imports, "libdl", ARM64).is_empty());
        assert_eq!(functions(&["pow"]), "void pow(void) {}\n");
    }
}
