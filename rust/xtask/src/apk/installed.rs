//! The second APK of a debug build: the tests that run inside the installed app.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::repo::Repo;
use crate::resources::Link;
use crate::stop::Stop;
use crate::tool::Tool;

use super::classes::MOMENT;
use super::dex::Dexer;
use super::pack::{self, Key, Parts};
use super::{PACKAGE, TARGET_SDK};

const SOURCE: &str = "android/app/src/androidTest";
/// The Maven build compiles them among the tests that run here.
const CLASSES: &str = "android/app/target/test-classes";
const FOLDER: &str = "com/voidproof/app/installed";
/// The simulated card.
const TAG: &str = "com/voidproof/gateway/tag";
pub const NAME: &str = "voidproof-tests";
/// What `am instrument` starts.
pub const RUNNER: &str = "com.voidproof.app.test/com.voidproof.app.installed.Runner";

pub fn build(dexer: &Dexer<'_>, key: &Key, app: &Path) -> Result<PathBuf, Stop> {
    let repo = dexer.repo;
    let classes = repo.path(CLASSES);
    let folders = [FOLDER, TAG].map(|folder| classes.join(folder));
    let from = folders.each_ref().map(PathBuf::as_path);
    let jar = dexer.out.join("tests.jar");
    dexer.stamps.once("tests.jar", "", &from, &[&jar], || {
        Tool::new(repo, "jar")
            .args(["--create", "--no-manifest", MOMENT, "--file"])
            .path(&jar)
            .args(["-C"])
            .path(&classes)
            .args([FOLDER, "-C"])
            .path(&classes)
            .args([TAG])
            .pass()
    })?;
    let mut program = vec![jar];
    program.extend(dexer.jars.list("test")?);
    let mut beside = vec![app.to_path_buf()];
    beside.extend(dexer.libraries()?);
    let dex = dexer.translate("dex-tests", &program, &beside)?;
    let base = link(dexer)?;
    let parts = Parts {
        base: &base,
        dex: &dex,
        libraries: &[],
        abi: "",
        files: &homes(repo)?,
    };
    pack::once(dexer, key, &parts, NAME)
}

/// The homes that earlier releases left, beside the class that opens them.
fn homes(repo: &Repo) -> Result<Vec<(String, PathBuf)>, Stop> {
    let folder = repo.path(SOURCE).join("resources").join(FOLDER);
    let entries = fs::read_dir(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| Stop::io(folder.display(), &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.push((format!("{FOLDER}/{name}"), entry.path()));
    }
    found.sort();
    Ok(found)
}

fn link(dexer: &Dexer<'_>) -> Result<PathBuf, Stop> {
    let folder = dexer.out.join("resources-tests");
    let apk = folder.join("resources.ap_");
    let main = dexer.repo.path(SOURCE);
    let manifest = main.join("AndroidManifest.xml");
    let framework = dexer.jars.one("android")?;
    dexer
        .stamps
        .once("resources-tests", TARGET_SDK, &[&manifest], &[&apk], || {
            remove(&folder)?;
            fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
            Link {
                framework: &framework,
                main: &main,
                package: &format!("{PACKAGE}.test"),
                edition: None,
                target_sdk: TARGET_SDK,
                debug: true,
            }
            .make(dexer.repo, &folder)
            .map(|_| ())
        })?;
    Ok(apk)
}
