//! The core as a shared library for Android, without the NDK: against stand-ins of Android's
//! libraries that export the names of `imports.txt` and nothing else.

use std::fmt::Write as _;
use std::fs;
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

/// Builds and strips; gives back the stripped library.
pub fn build(repo: &Repo, target: &Path, abi: Abi, stamps: &Stamps) -> Result<PathBuf, Stop> {
    let stand_ins = target.join("stand-ins").join(abi.rust);
    let sources = repo.path(SOURCES);
    let built = target.join(abi.rust).join("android").join(LIBRARY);
    let name = format!("stand-ins-{abi}");
    let again = stamps.once(&name, "", &[&sources], &[&stand_ins], || {
        make_stand_ins(repo, &stand_ins, abi)
    })?;
    if again && built.exists() {
        // cargo does not know that it links against these.
        for path in [&built, &built.with_file_name(format!("deps/{LIBRARY}"))] {
            let _ = fs::remove_file(path);
        }
    }
    compile(repo, target, &stand_ins, abi)?;
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
    unwinder(repo, folder, abi)
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

fn compile(repo: &Repo, target: &Path, stand_ins: &Path, abi: Abi) -> Result<(), Stop> {
    let name = abi.underscored();
    let upper = name.to_uppercase();
    let include = stand_ins.join("include");
    let headers = sha256(&include.join("bionic.h"))?;
    // cc does not watch what is included: a change of the headers changes the flags.
    let flags = format!(
        "--target={} -nostdlibinc -isystem {} -DHEADERS={} -fPIC -w",
        abi.clang,
        include.display(),
        headers.get(..16).unwrap_or_default()
    );
    Tool::cargo(repo)
        // RUSTC_BOOTSTRAP: a compiler from a distribution builds its own std.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env("CARGO_TARGET_DIR", target)
        .env("ANDROID_LLVM", LLVM)
        .env("ANDROID_TARGET", abi.clang)
        .env("ANDROID_LIBRARIES", stand_ins)
        .env(
            &format!("CARGO_TARGET_{upper}_LINKER"),
            repo.path(SOURCES).join("android-clang"),
        )
        .env(&format!("CARGO_TARGET_{upper}_RUSTFLAGS"), "--cfg no_ndk")
        .env(&format!("CC_{name}"), machine::llvm("clang"))
        .env(&format!("AR_{name}"), machine::llvm("llvm-ar"))
        .env(&format!("CFLAGS_{name}"), flags)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "pos-ffi",
            "--lib",
        ])
        .args(["-Zbuild-std=std,panic_unwind", "--profile", "android"])
        .args(["--target", abi.rust])
        .pass()
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
