//! Packages of another suite of Debian, or for another kind of processor, fetched through package
//! lists of their own: the machine's stay as they are.

use std::fs;
use std::path::Path;

use crate::fetched::{believe, remove};
use crate::pins::Pin;
use crate::repo::Repo;
use crate::stop::Stop;
use crate::tool::Tool;

use super::stamp::files;

/// What is wanted.
pub struct Packages<'a> {
    pub suite: &'a str,
    /// As Debian says; none = this machine's.
    pub processor: Option<&'a str>,
    /// All of them `deb:NAME=VERSION`.
    pub pins: &'a [&'a Pin],
    /// The file that the pins stand in.
    pub from: &'a str,
}

impl Packages<'_> {
    /// Fetches, believes by hash, and unpacks all into `root`, which is made anew.
    pub fn unpack(&self, repo: &Repo, root: &Path) -> Result<(), Stop> {
        let folder = root.with_extension("apt");
        remove(&folder)?;
        remove(root)?;
        for name in ["lists/partial", "archives/partial"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(|e| Stop::io(path.display(), &e))?;
        }
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|e| Stop::io(path.display(), &e))
        };
        write("status", "")?;
        let source = format!("deb {} {} main\n", mirror(repo)?, self.suite);
        write("sources.list", &source)?;
        let apt = || apt(repo, &folder, self.processor);
        apt().args(["update"]).pass()?;
        let wanted = self.pins.iter().map(|pin| requirement(pin));
        apt().args(["download"]).args(wanted).pass()?;
        let fetched = files(&folder)?;
        for pin in self.pins {
            let package = fetched.iter().find(|path| holds(pin, path));
            let package =
                package.ok_or_else(|| Stop::failed(format!("apt brought no {}", pin.from)))?;
            believe(pin, package, self.from)?;
            Tool::new(repo, "dpkg-deb")
                .args(["--extract"])
                .path(package)
                .path(root)
                .pass()?;
        }
        remove(&folder)
    }
}

fn requirement(pin: &Pin) -> &str {
    pin.from.strip_prefix("deb:").unwrap_or_default()
}

/// Whether the file is the package that the pin names.
fn holds(pin: &Pin, file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    let package = name.and_then(|name| name.strip_suffix(".deb")?.split_once('_'));
    let wanted = requirement(pin).split_once('=');
    package.is_some() && package.map(|(name, _)| name) == wanted.map(|(name, _)| name)
}

/// apt, kept to one folder. `download` leaves its files where it is started.
fn apt(repo: &Repo, folder: &Path, processor: Option<&str>) -> Tool {
    let at = |name: &str| folder.join(name).display().to_string();
    let mut settings = vec![
        format!("Dir::Etc::sourcelist={}", at("sources.list")),
        "Dir::Etc::sourceparts=-".to_owned(),
        format!("Dir::State::lists={}", at("lists")),
        format!("Dir::State::status={}", at("status")),
        format!("Dir::Cache={}", at("")),
        format!("Dir::Cache::archives={}", at("archives")),
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".to_owned(),
        "Acquire::Languages=none".to_owned(),
        "APT::Sandbox::User=root".to_owned(),
    ];
    if let Some(name) = processor {
        settings.push(format!("APT::Architecture={name}"));
        settings.push(format!("APT::Architectures={name}"));
    }
    let flags = settings.iter().flat_map(|setting| ["-o", setting.as_str()]);
    Tool::new(repo, "env")
        .args(["--chdir"])
        .path(folder)
        .args(["apt-get", "--quiet"])
        .args(flags)
}

/// Where this machine's own packages come from.
fn mirror(repo: &Repo) -> Result<String, Stop> {
    let listing = Tool::new(repo, "apt-get")
        .args(["indextargets", "--format", "$(REPO_URI) $(SITE) $(RELEASE)"])
        .args(["Created-By: Packages", "Component: main"])
        .read()?;
    main_mirror(&listing)
        .ok_or_else(|| Stop::usage("apt has no package lists; run `apt-get update`"))
}

/// The first that is not only for security updates.
fn main_mirror(listing: &str) -> Option<String> {
    let mut uris = listing
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    uris.find(|uri| !uri.contains("security"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_not_that_of_security_updates() {
        let listing = "http://a/debian-security/ a x\nhttp://b/debian/ b y\n";
        assert_eq!(main_mirror(listing).as_deref(), Some("http://b/debian/"));
        assert_eq!(main_mirror(""), None);
    }

    #[test]
    fn a_pin_knows_its_package() {
        let pin = Pin {
            name: "armel/libc6".to_owned(),
            from: "deb:libc6=2.36-9".to_owned(),
            sha256: String::new(),
        };
        let holds = |file: &str| holds(&pin, Path::new(file));
        assert!(holds("x/libc6_2.36-9_armel.deb"));
        assert!(!holds("x/libc6-dev_2.36-9_armel.deb"));
        assert!(!holds("x/libc6_2.36-9_armel") && !holds("x/lists"));
    }
}
