//! Runs what was built for Android, here: the very dex of the APK, turned back into classes, over
//! the very x86_64 library, which glibc loads by a shim. It must pass the gateway's own tests:
//! opening a ledger, selling, voiding offline, a kill, delivery.

use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::stop::Stop;
use crate::tool::Tool;

use super::dex::{Dexer, java};
use super::native::make_folder_of;
use super::stamp::files;

const SHIM: &str = "android/native/glibc-shim.c";
const BACK: &str = "android/jvm/apk/DexBack.java";
const TESTS: &str = "android/gateway/target/tests/test-classes";
const PACKAGE: &str = "com/voidproof/gateway";

pub fn run(dexer: &Dexer<'_>, dex: &[PathBuf], core: &Path) -> Result<(), Stop> {
    let repo = dexer.repo;
    let shim = shim(dexer)?;
    let classes = back(dexer, dex)?;
    Tool::new(repo, "mvn")
        .args(["--quiet", "--batch-mode", "--file", "android/pom.xml"])
        .args(["--projects", "gateway,../tests/jvm", "test-compile"])
        .pass()?;
    let tests = repo.path(TESTS);
    // The dex first: what is in it is run from it. The jar of JNA brings its part in C for here.
    let mut path = vec![classes, tests.clone()];
    for folder in ["test", "host"] {
        path.extend(dexer.jars.list(folder)?);
    }
    let path: Vec<String> = path.iter().map(|jar| jar.display().to_string()).collect();
    let folder = core.parent().unwrap_or(core);
    let good = Tool::new(repo, "java")
        .env("LD_LIBRARY_PATH", &shim)
        .env("LD_PRELOAD", shim.join("libc.so"))
        // dex2jar writes no stack maps.
        .env(
            "JAVA_TOOL_OPTIONS",
            "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",
        )
        .args(["-XX:TieredStopAtLevel=1"])
        .args([format!("-Djna.library.path={}", folder.display())])
        .args([format!(
            "-Dvoidproof={}",
            repo.path("target/release/voidproof").display()
        )])
        .args(["-cp", &path.join(":"), "org.junit.runner.JUnitCore"])
        .args(names(&tests)?)
        .watch(|_| ())?;
    match good {
        true => Ok(()),
        false => Err(Stop::failed("what was built for Android fails its tests")),
    }
}

/// The libraries of Android, by name, made of this machine's.
fn shim(dexer: &Dexer<'_>) -> Result<PathBuf, Stop> {
    let folder = dexer.out.join("shim");
    let source = dexer.repo.path(SHIM);
    let link = |name: &str, define: &str, real: &str| {
        Tool::new(dexer.repo, "cc")
            .args([
                "-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", define,
            ])
            .args([&format!("-Wl,-soname,{name}.so,--no-as-needed"), "-o"])
            .path(folder.join(format!("{name}.so")))
            .path(&source)
            .args([&format!("-l:{real}")])
            .pass()
    };
    dexer.stamps.once("shim", "", &[&source], &[&folder], || {
        remove(&folder)?;
        make_folder_of(&folder.join("libc.so"))?;
        link("libc", "-DSHIM_C", "libc.so.6")?;
        link("liblog", "-DSHIM_LOG", "libc.so.6")?;
        link("libm", "-DSHIM_NOTHING", "libm.so.6")?;
        link("libdl", "-DSHIM_NOTHING", "libdl.so.2")
    })?;
    Ok(folder)
}

fn back(dexer: &Dexer<'_>, dex: &[PathBuf]) -> Result<PathBuf, Stop> {
    let jar = dexer.out.join("back.jar");
    let program = dexer.repo.path(BACK);
    let mut inputs: Vec<&Path> = dex.iter().map(PathBuf::as_path).collect();
    inputs.push(&program);
    dexer.stamps.once("back", "", &inputs, &[&jar], || {
        let path = format!("{}:{}", dexer.jars.all_of("back"), dexer.jars.all_of("d8"));
        java(dexer.repo)
            .args(["-cp", &path])
            .path(&program)
            .path(&jar)
            .args(dex)
            .pass()
    })?;
    Ok(jar)
}

/// The test classes, as the JVM calls them.
fn names(classes: &Path) -> Result<Vec<String>, Stop> {
    let all = files(&classes.join(PACKAGE))?;
    let names: Vec<String> = all.iter().filter_map(|path| test_name(path)).collect();
    match names.is_empty() {
        true => Err(Stop::failed(format!("{}: no tests", classes.display()))),
        false => Ok(names),
    }
}

fn test_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix("Test.class")?;
    let package = PACKAGE.replace('/', ".");
    (!name.contains('$')).then(|| format!("{package}.{name}Test"))
}

#[cfg(test)]
mod tests {
    use super::test_name;
    use std::path::Path;

    #[test]
    fn test_classes_are_known_by_their_names() {
        let name = |file: &str| test_name(Path::new(file));
        let expected = Some("com.voidproof.gateway.RestartTest".to_owned());
        assert_eq!(name("x/RestartTest.class"), expected);
        assert_eq!(name("x/RestartTest$killed$1.class"), None);
        assert_eq!(name("x/A$BTest.class"), None);
        assert_eq!(name("x/Desk.class"), None);
    }
}
