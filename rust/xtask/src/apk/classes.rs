//! The app's classes: those of the Maven build, which the JVM and screen tests run too.

use std::path::{Path, PathBuf};

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::native::make_folder_of;
use super::stamp::Stamps;

/// Modules in whose build the app's classes come about.
const MODULES: &str = "gateway,jvm/fake,jvm/robolectric,app";
const FOLDERS: &[&str] = &[
    "android/gateway/target/classes",
    "android/app/target/classes",
];
/// `R.java` of the resources that the classes were compiled with.
pub const R: &str = "android/app/target/resources/java/com/voidproof/app/R.java";
/// One moment for all entries, so that the same input gives the same bytes.
pub const MOMENT: &str = "--date=1981-01-01T00:00:00Z";

/// Compiles what changed, into one jar.
pub fn build(repo: &Repo, target: &Path, stamps: &Stamps) -> Result<PathBuf, Stop> {
    Tool::new(repo, "mvn")
        .args(["--quiet", "--batch-mode", "--file", "android/pom.xml"])
        .args(["--projects", MODULES, "test-compile"])
        .pass()?;
    let jar = target.join("apk/app.jar");
    let folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| repo.path(folder)).collect();
    let inputs: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    stamps.once("app.jar", "", &inputs, &[&jar], || {
        make_folder_of(&jar)?;
        let mut tool = Tool::new(repo, "jar").args(["--create", "--no-manifest", MOMENT, "--file"]);
        tool = tool.path(&jar);
        for folder in &folders {
            tool = tool.args(["-C"]).path(folder).args(["com"]);
        }
        tool.pass()
    })?;
    Ok(jar)
}
