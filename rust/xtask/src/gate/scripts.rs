//! Gradle's scripts, read by the parser of Kotlin's compiler: they cannot run where there is no
//! SDK, but they must be Kotlin.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::jars;
use super::tally::Tally;

const PARSER: &str = "android/jvm/apk/Scripts.java";
const POM: &str = "android/pom.xml";
/// What the parser consists of, and the property with its version.
const JARS: &[(&str, &str, &str)] = &[
    (
        "org/jetbrains/kotlin",
        "kotlin-compiler-embeddable",
        "kotlin",
    ),
    ("org/jetbrains/kotlin", "kotlin-stdlib", "kotlin"),
    (
        "org/jetbrains/kotlinx",
        "kotlinx-coroutines-core-jvm",
        "coroutines",
    ),
];

/// Reads all of them, and one that is spoilt, which must be found out.
pub fn check(repo: &Repo) -> Result<Tally, Stop> {
    let path = class_path(&jars::store()?, &repo.read(POM)?)?;
    let files = repo.files()?;
    let scripts: Vec<PathBuf> = files
        .iter()
        .filter(|file| file.ends_with(".kts"))
        .map(|file| repo.path(file))
        .collect();
    if !reads(repo, &path, &scripts)? {
        return Err(Stop::failed("a script of Gradle is not Kotlin"));
    }
    let whole = scripts.first().ok_or_else(|| Stop::failed("no scripts"))?;
    let text = fs::read_to_string(whole).map_err(|e| Stop::io(whole.display(), &e))?;
    let spoilt = repo.path("target/spoilt.kts");
    fs::write(&spoilt, format!("{text}\nval spoilt = listOf(1\n"))
        .map_err(|e| Stop::io(spoilt.display(), &e))?;
    match reads(repo, &path, &[spoilt])? {
        false => Ok(Tally::all_passed(scripts.len())),
        true => Err(Stop::failed("a script without its last bracket passed")),
    }
}

fn reads(repo: &Repo, class_path: &str, scripts: &[PathBuf]) -> Result<bool, Stop> {
    Tool::new(repo, "java")
        .args(["-XX:TieredStopAtLevel=1", "-cp", class_path, PARSER])
        .args(scripts)
        .watch(|_| ())
}

/// The jars where Maven put them for its own compiler.
fn class_path(store: &Path, pom: &str) -> Result<String, Stop> {
    let mut jars = Vec::new();
    for (group, name, property) in JARS {
        let version = version(pom, property)
            .ok_or_else(|| Stop::failed(format!("{POM}: no {property}.version")))?;
        let jar = store.join(format!("{group}/{name}/{version}/{name}-{version}.jar"));
        if !jar.exists() {
            return Err(Stop::failed(format!("{} is not there", jar.display())));
        }
        jars.push(jar.display().to_string());
    }
    Ok(jars.join(":"))
}

fn version<'a>(pom: &'a str, property: &str) -> Option<&'a str> {
    let (_, rest) = pom.split_once(&format!("<{property}.version>"))?;
    rest.split('<').next()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_those_of_the_maven_build() {
        let pom = "<kotlin.version>2.4.21</kotlin.version>";
        assert_eq!(version(pom, "kotlin"), Some("2.4.21"));
        assert_eq!(version(pom, "coroutines"), None);
    }
}
