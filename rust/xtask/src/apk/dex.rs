//! From classes to dex: shrunk by ProGuard for a release, then translated by D8.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::repo::Repo;
use crate::resources::MIN_SDK;
use crate::stop::Stop;
use crate::tool::Tool;

use super::jars::Jars;
use super::stamp::{Stamps, files};

pub const KEEP: &str = "android/app/proguard-rules.pro";
/// Rules beside the release's, for running the tests.
const KOTLIN_WHOLE: &[&str] = &[
    "-keep class kotlin.** { *; }",
    "-keep class kotlinx.** { *; }",
];
const SAME: &str = "android/jvm/apk/Same.java";
const SIGNATURES: &str = "android/jvm/apk/JavaEight.java";

/// The step's folders and tools.
pub struct Dexer<'a> {
    pub repo: &'a Repo,
    pub jars: &'a Jars,
    pub stamps: &'a Stamps,
    /// Where results go.
    pub out: &'a Path,
}

impl Dexer<'_> {
    /// The app with all it needs; for a release without what nothing reaches.
    pub fn app(&self, app: &Path, release: bool) -> Result<Vec<PathBuf>, Stop> {
        if release {
            let shrunk = self.shrink(app, "shrunk", &[])?;
            return self.translate("dex-release", &[shrunk], &[]);
        }
        let mut program = vec![app.to_path_buf()];
        program.extend(self.libraries()?);
        self.translate("dex-debug", &program, &[])
    }

    /// A release's dex beside the whole of Kotlin's library, of which the tests use more than the
    /// app does. Everything else in it is what the release has, byte for byte.
    pub fn app_for_tests(&self, app: &Path) -> Result<Vec<PathBuf>, Stop> {
        let shipped = self.shrink(app, "shrunk", &[])?;
        let tested = self.shrink(app, "shrunk-for-tests", KOTLIN_WHOLE)?;
        self.same_but_kotlin(&shipped, &tested)?;
        self.translate("dex-tests-release", &[tested], &[])
    }

    /// Kotlin's and JNA's classes, as Android gets them.
    pub fn libraries(&self) -> Result<Vec<PathBuf>, Stop> {
        let jna = self.out.join("jna");
        let archive = self.jars.one("aar")?;
        self.stamps.once("jna", "", &[&archive], &[&jna], || {
            remove(&jna)?;
            fs::create_dir_all(&jna).map_err(|e| Stop::io(jna.display(), &e))?;
            Tool::new(self.repo, "env")
                .args(["--chdir"])
                .path(&jna)
                .args(["jar", "--extract", "--file"])
                .path(&archive)
                .pass()
        })?;
        let mut libraries = self.jars.list("app")?;
        libraries.push(jna.join("classes.jar"));
        Ok(libraries)
    }

    /// The framework and Java 8: what is on the device.
    fn platform(&self) -> Result<Vec<PathBuf>, Stop> {
        let java = self.out.join("java8.jar");
        let program = self.repo.path(SIGNATURES);
        self.stamps.once("java8", "", &[&program], &[&java], || {
            Tool::new(self.repo, "java")
                .path(&program)
                .path(&java)
                .pass()
        })?;
        Ok(vec![self.jars.one("android")?, java])
    }

    fn shrink(&self, app: &Path, name: &str, also: &[&str]) -> Result<PathBuf, Stop> {
        let libraries = self.libraries()?;
        let keep = self.repo.path(KEEP);
        let shrunk = self.out.join(format!("{name}.jar"));
        let mut inputs = vec![app, &keep];
        inputs.extend(libraries.iter().map(PathBuf::as_path));
        let mut program = app.display().to_string();
        for library in &libraries {
            program += &format!(":{}(!META-INF/**)", library.display());
        }
        let platform = self.platform()?;
        let platform: Vec<String> = platform
            .iter()
            .map(|jar| format!("{}(!META-INF/**)", jar.display()))
            .collect();
        self.stamps
            .once(name, &also.join(" "), &inputs, &[&shrunk], || {
                java(self.repo)
                    .args(["-cp", &self.jars.all_of("proguard"), "proguard.ProGuard"])
                    .args(["-dontnote", "-forceprocessing"])
                    .args(["-injars", &program, "-outjars"])
                    .path(&shrunk)
                    .args(["-libraryjars", &platform.join(":"), "-include"])
                    .path(&keep)
                    .args(also)
                    .pass()
            })?;
        Ok(shrunk)
    }

    fn same_but_kotlin(&self, shipped: &Path, tested: &Path) -> Result<(), Stop> {
        java(self.repo)
            .args(["-cp", &self.jars.all_of("d8")])
            .path(self.repo.path(SAME))
            .path(shipped)
            .path(tested)
            .pass()
    }

    /// Into `name` below the results: `classes.dex` and, where one is too small, further ones.
    /// `beside` is on the device already.
    pub fn translate(
        &self,
        name: &str,
        program: &[PathBuf],
        beside: &[PathBuf],
    ) -> Result<Vec<PathBuf>, Stop> {
        let folder = self.out.join(name);
        let platform = self.platform()?;
        let inputs: Vec<&Path> = program.iter().chain(beside).map(PathBuf::as_path).collect();
        self.stamps.once(name, "", &inputs, &[&folder], || {
            remove(&folder)?;
            fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
            let mut tool = java(self.repo)
                .args(["-cp", &self.jars.all_of("d8"), "com.android.tools.r8.D8"])
                // Always: with `--debug` this D8 fails on a method of Kotlin's library.
                .args(["--release", "--min-api", MIN_SDK, "--output"])
                .path(&folder);
            for jar in &platform {
                tool = tool.args(["--lib"]).path(jar);
            }
            for jar in beside {
                tool = tool.args(["--classpath"]).path(jar);
            }
            tool.args(program).pass()
        })?;
        let made = files(&folder)?;
        let first = folder.join("classes.dex");
        match made.contains(&first) {
            true => Ok(made),
            false => Err(Stop::failed(format!("D8 made no {}", first.display()))),
        }
    }
}

/// A zip archive's files, into a folder made anew.
pub fn unpack(repo: &Repo, archive: &Path, folder: &Path) -> Result<(), Stop> {
    remove(folder)?;
    fs::create_dir_all(folder).map_err(|e| Stop::io(folder.display(), &e))?;
    Tool::new(repo, "python3")
        .args(["-m", "zipfile", "-e"])
        .path(archive)
        .path(folder)
        .pass()
}

/// A JVM for a few seconds: the second compiler would not pay.
pub fn java(repo: &Repo) -> Tool {
    Tool::new(repo, "java").args(["-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
}
