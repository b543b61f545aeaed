//! Runs what was built for Android, here: the very dex of the APK, turned back into classes, over
//! the very x86_64 library, which glibc loads by a shim. First one journey on the classes as they
//! are, shrunk in a release: a sale, an offline void, a kill, the delivery. Then the gateway's own
//! tests; for a release they run over the release's classes and the whole of Kotlin's library.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::stop::Stop;
use crate::tool::Tool;

use super::dex::{Dexer, java, unpack};
use super::shim;
use super::stamp::files;

const BACK: &str = "android/jvm/apk/DexBack.java";
const JOURNEY: &str = "android/jvm/apk/Journey.java";
const TESTS: &str = "android/gateway/target/tests/test-classes";
const PACKAGE: &str = "com/voidproof/gateway";
/// The simulated hosts; the tests' build makes it.
const HOST: &str = "target/release/voidproof";

/// What is to be run.
pub struct Program<'a> {
    /// Of the APK.
    pub dex: &'a [PathBuf],
    pub core: &'a Path,
    /// The app's classes before shrinking.
    pub app: &'a Path,
    pub release: bool,
}

pub fn run(dexer: &Dexer<'_>, program: &Program<'_>) -> Result<(), Stop> {
    let repo = dexer.repo;
    let (compiler, folder) = (|| Tool::new(repo, "cc"), dexer.out.join("shim"));
    let shim = shim::make(repo, dexer.stamps, "shim", &folder, compiler)?;
    let shipped = back(dexer, "back", program.dex)?;
    Tool::new(repo, "mvn")
        .args(["--quiet", "--batch-mode", "--file", "android/pom.xml"])
        .args(["--projects", "gateway,../tests/jvm", "test-compile"])
        .pass()?;
    journey(dexer, program, &shim, &shipped)?;
    let tested = match program.release {
        true => back(dexer, "back-tests", &dexer.app_for_tests(program.app)?)?,
        false => shipped,
    };
    let tests = repo.path(TESTS);
    let mut path = vec![tested, tests.clone()];
    path.extend(dexer.jars.list("test")?);
    let good = jvm(dexer, program, &shim, &path)?
        .args(["org.junit.runner.JUnitCore"])
        .args(names(&tests)?)
        .watch(|_| ())?;
    match good {
        true => Ok(()),
        false => Err(Stop::failed("what was built for Android fails its tests")),
    }
}

/// A JVM on these classes and the core, without its class to start.
fn jvm(
    dexer: &Dexer<'_>,
    program: &Program<'_>,
    shim: &Path,
    classes: &[PathBuf],
) -> Result<Tool, Stop> {
    let classes: Vec<String> = classes
        .iter()
        .map(|one| one.display().to_string())
        .collect();
    let core = program.core.parent().unwrap_or(program.core);
    // dex2jar writes no stack maps. In the environment, for the processes that it starts too.
    let options = format!(
        "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote \
         -Djna.boot.library.path={}",
        jna(dexer)?.display()
    );
    Ok(Tool::new(dexer.repo, "java")
        .env("LD_LIBRARY_PATH", shim)
        .env("LD_PRELOAD", shim.join("libc.so"))
        .env("JAVA_TOOL_OPTIONS", options)
        .args(["-XX:TieredStopAtLevel=1"])
        .args([format!("-Djna.library.path={}", core.display())])
        .args([format!("-Dvoidproof={}", dexer.repo.path(HOST).display())])
        .args(["-cp", &classes.join(":")]))
}

/// JNA's part in C for this machine: its classes come from the dex, so its jar is not there.
fn jna(dexer: &Dexer<'_>) -> Result<PathBuf, Stop> {
    let folder = dexer.out.join("jna-here");
    let jar = dexer.jars.one("host")?;
    dexer.stamps.once("jna-here", "", &[&jar], &[&folder], || {
        unpack(dexer.repo, &jar, &folder)
    })?;
    Ok(folder.join("com/sun/jna/linux-x86-64"))
}

fn journey(
    dexer: &Dexer<'_>,
    program: &Program<'_>,
    shim: &Path,
    shipped: &Path,
) -> Result<(), Stop> {
    let repo = dexer.repo;
    let classes = dexer.out.join("journey");
    let source = repo.path(JOURNEY);
    let mut against = vec![program.app.display().to_string()];
    let libraries = dexer.libraries()?;
    against.extend(libraries.iter().map(|jar| jar.display().to_string()));
    let inputs = [source.as_path(), program.app];
    dexer.stamps.once("journey", "", &inputs, &[&classes], || {
        remove(&classes)?;
        Tool::new(repo, "javac")
            .args(["-nowarn", "-cp", &against.join(":"), "-d"])
            .path(&classes)
            .path(&source)
            .pass()
    })?;
    let homes = dexer.out.join("journey-homes");
    remove(&homes)?;
    fs::create_dir_all(&homes).map_err(|e| Stop::io(homes.display(), &e))?;
    jvm(dexer, program, shim, &[shipped.to_path_buf(), classes])?
        .args(["Journey"])
        .path(repo.path(HOST))
        .path(&homes)
        .pass()
}

fn back(dexer: &Dexer<'_>, name: &str, dex: &[PathBuf]) -> Result<PathBuf, Stop> {
    let jar = dexer.out.join(format!("{name}.jar"));
    let program = dexer.repo.path(BACK);
    let mut inputs: Vec<&Path> = dex.iter().map(PathBuf::as_path).collect();
    inputs.push(&program);
    dexer.stamps.once(name, "", &inputs, &[&jar], || {
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
