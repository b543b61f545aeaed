//! Manifest and resources of the app, linked against the framework.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::resources::{self, Edition, Link};
use crate::stop::Stop;

use super::dex::Dexer;
use super::{MAIN, PACKAGE, TARGET_SDK, classes, kind};

/// Manifest and resources, with the same numbers that the classes were compiled with.
pub fn link(dexer: &Dexer<'_>, release: bool, edition: Edition) -> Result<PathBuf, Stop> {
    let Dexer { repo, jars, .. } = *dexer;
    let name = format!("resources-{}", kind(release));
    let folder = dexer.out.join(&name);
    let apk = folder.join("resources.ap_");
    let (main, framework, r) = (repo.path(MAIN), jars.one("android")?, repo.path(classes::R));
    let words = format!(
        "{} {TARGET_SDK} {}",
        resources::version(repo)?,
        edition.name()
    );
    let (res, text) = (main.join("res"), main.join("AndroidManifest.xml"));
    let own = main.with_file_name(edition.name());
    // Licences and bill of materials are made of it.
    let lock = repo.path("Cargo.lock");
    dexer.stamps.once(
        &name,
        &words,
        &[&res, &own, &text, &r, &lock],
        &[&apk],
        || {
            remove(&folder)?;
            fs::create_dir_all(&folder).map_err(|e| Stop::io(folder.display(), &e))?;
            Link {
                framework: &framework,
                main: &main,
                package: PACKAGE,
                edition: Some(edition),
                target_sdk: TARGET_SDK,
                debug: !release,
            }
            .make(repo, &folder)?;
            let linked = folder
                .join("java")
                .join(PACKAGE.replace('.', "/"))
                .join("R.java");
            let read =
                |path: &Path| fs::read_to_string(path).map_err(|e| Stop::io(path.display(), &e));
            match numbers(&read(&linked)?) == numbers(&read(&r)?) {
                true => Ok(()),
                false => Err(Stop::failed(
                    "the classes were compiled with other resources",
                )),
            }
        },
    )?;
    Ok(apk)
}

/// What classes take from `R.java`; the comments are those of one edition.
fn numbers(java: &str) -> Vec<&str> {
    let lines = java.lines().map(str::trim);
    lines.filter(|line| line.contains(" final ")).collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn resources_are_told_apart_by_numbers_not_by_comments() {
        let java = "/** for practice */\n  public static final int live=0x7f010000;\n";
        assert_eq!(numbers(java), numbers(&java.replace("practice", "money")));
        assert_ne!(numbers(java), numbers(&java.replace("010000", "010001")));
        assert_eq!(numbers(java).len(), 1);
    }
}
