//! What must be true of every APK, each as a check with a name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::fetched::remove;
use crate::repo::Repo;
use crate::resources::{self, MIN_SDK};
use crate::stop::Stop;
use crate::tool::Tool;

use super::abi;
use super::dex::unpack;
use super::elf::{self, Library};
use super::jars::Jars;
use super::manifest::{self, Element};
use super::native::{self, ANDROID_LIBRARIES};
use super::stamp::files;
use super::zip::{self, Entry};
use super::{DOCUMENT, Made, PACKAGE, TARGET_SDK, listed};

/// Bytes of one APK that terminals get, at most.
const LARGEST: u64 = 8 * 1024 * 1024;
const PAGE: usize = 16 * 1024;

/// The generated classes that the app was compiled with.
const BINDINGS: &str =
    "android/gateway/target/generated-sources/uniffi/com/voidproof/core/pos_ffi.kt";

/// All that the checks look at.
#[derive(Default)]
struct Look {
    release: bool,
    /// Under which it is installed.
    package: String,
    /// Terminals get it; others are for emulators.
    shipped: bool,
    version: String,
    size: u64,
    badging: String,
    manifest: Vec<Element>,
    /// Of the file that the manifest calls networkSecurityConfig.
    network: Vec<Element>,
    signatures: String,
    entries: Vec<Entry>,
    libraries: Vec<(String, Library)>,
    core: Vec<u8>,
    /// What the app's classes call of it.
    called: BTreeSet<String>,
    /// What `dexdump` says of each dex file.
    dex: String,
    /// The dex files themselves.
    code: Vec<u8>,
    /// Of the machine that built it.
    folders: Vec<String>,
    permissions: Vec<String>,
    exported: Vec<String>,
}

type Check = (&'static str, fn(&Look) -> Result<(), String>);

const CHECKS: &[Check] = &[
    ("package and version", package),
    ("API levels", levels),
    ("permissions as documented", permissions),
    ("reachable components as documented", exported),
    ("foreground services say what they do", foreground::check),
    ("debuggable only in debug", debuggable),
    ("no traffic in clear", clear_text),
    ("nothing is backed up", backups),
    ("needs only Android's libraries", dependencies),
    ("16 KiB pages", pages),
    ("places inside the archive", places),
    ("no simulator in the core", inside::simulator),
    ("no folder of this machine", inside::folders),
    ("core and classes belong together", inside::together),
    ("dex for the oldest Android", old_dex),
    ("no AndroidX", androidx),
    ("signatures v2 and v3", signed),
    ("size", size),
];

/// Runs all checks even after a failure, and prints each.
pub fn run(repo: &Repo, jars: &Jars, made: &Made) -> Result<(), Stop> {
    let look = look(repo, jars, made)?;
    let mut failed = 0_u32;
    for (name, check) in CHECKS {
        match check(&look) {
            Ok(()) => println!("  ok     {name}"),
            Err(why) => {
                failed += 1;
                println!("  FAILED {name}: {why}");
            }
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(Stop::failed(format!(
            "{}: {failed} of {} checks failed",
            made.apk.display(),
            CHECKS.len()
        ))),
    }
}

fn look(repo: &Repo, jars: &Jars, made: &Made) -> Result<Look, Stop> {
    let apk = &made.apk;
    let aapt2 = resources::aapt2(repo)?;
    let dump = |arguments: &[&str]| Tool::new(repo, &aapt2).args(arguments).path(apk).read();
    let tree = |file: &str| dump(&["dump", "xmltree", "--file", file]);
    let entries = zip::entries(apk)?;
    let folder = apk.with_extension("look");
    unpack(repo, apk, &folder)?;
    let (mut libraries, mut core) = (Vec::new(), Vec::new());
    let (mut dex, mut code) = (String::new(), Vec::new());
    let read = |file: &Path| fs::read(file).map_err(|e| Stop::io(file.display(), &e));
    for file in files(&folder)? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".so") {
            if name == native::LIBRARY {
                core = read(&file)?;
            }
            libraries.push((name, elf::look(repo, &file)?));
        } else if name.ends_with(".dex") {
            code.extend(read(&file)?);
            dex += &Tool::new(repo, "dexdump").args(["-d"]).path(&file).read()?;
        }
    }
    remove(&folder)?;
    let network = "res/xml/network_security.xml";
    let has_network = entries.iter().any(|entry| entry.name == network);
    let document = repo.read(DOCUMENT)?;
    Ok(Look {
        release: made.release,
        package: format!("{PACKAGE}{}", made.edition.suffix()),
        shipped: made.release && abi::SHIPPED.contains(&made.abi),
        version: resources::version(repo)?,
        size: fs::metadata(apk)
            .map_err(|e| Stop::io(apk.display(), &e))?
            .len(),
        badging: dump(&["dump", "badging"])?,
        manifest: manifest::parse(&tree("AndroidManifest.xml")?),
        network: match has_network {
            true => manifest::parse(&tree(network)?),
            false => Vec::new(),
        },
        signatures: Tool::new(repo, "java")
            .args(["-jar"])
            .path(jars.signer())
            .args(["verify", "--verbose", "--min-sdk-version", MIN_SDK])
            .path(apk)
            .read()?,
        entries,
        libraries,
        core,
        called: inside::names(repo.read(BINDINGS)?.as_bytes()),
        dex,
        code,
        folders: native::renamed(repo)?
            .iter()
            .map(|(folder, _)| folder.display().to_string())
            .collect(),
        permissions: listed(&document, "## Permissions"),
        exported: listed(&document, "## What other apps can reach"),
    })
}

fn same(what: &str, found: &str, wanted: &str) -> Result<(), String> {
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{what} is {found}, not {wanted}")),
    }
}

fn that(good: bool, why: &str) -> Result<(), String> {
    match good {
        true => Ok(()),
        false => Err(why.to_owned()),
    }
}

fn element<'a>(look: &'a Look, name: &str) -> Result<&'a Element, String> {
    let found = look.manifest.iter().find(|element| element.name == name);
    found.ok_or_else(|| format!("the manifest has no <{name}>"))
}

fn package(look: &Look) -> Result<(), String> {
    let manifest = element(look, "manifest")?;
    let code = resources::code(&look.version).map_err(|e| e.to_string())?;
    let get = |name: &str| manifest.get(name).unwrap_or("nothing");
    same("package", get("package"), &look.package)?;
    same("versionName", get("versionName"), &look.version)?;
    same("versionCode", get("versionCode"), &code.to_string())?;
    let launcher = "launchable-activity: name='com.voidproof.app.MainActivity'";
    that(
        look.badging.contains(launcher),
        "no activity to start it with",
    )
}

fn levels(look: &Look) -> Result<(), String> {
    let sdk = element(look, "uses-sdk")?;
    let get = |name: &str| sdk.get(name).unwrap_or("nothing");
    same("minSdkVersion", get("minSdkVersion"), MIN_SDK)?;
    same("targetSdkVersion", get("targetSdkVersion"), TARGET_SDK)?;
    let compiled = element(look, "manifest")?.get("compileSdkVersion");
    same(
        "compileSdkVersion",
        compiled.unwrap_or("nothing"),
        super::COMPILE_SDK,
    )
}

fn permissions(look: &Look) -> Result<(), String> {
    let found = manifest::named(&look.manifest, "uses-permission");
    same("the list", &found.join(" "), &look.permissions.join(" "))
}

fn exported(look: &Look) -> Result<(), String> {
    let found = manifest::exported(&look.manifest);
    same("the list", &found.join(" "), &look.exported.join(" "))
}

fn debuggable(look: &Look) -> Result<(), String> {
    let found = element(look, "application")?.get("debuggable") == Some("true");
    that(found != look.release, "debuggable is the wrong way round")
}

fn clear_text(look: &Look) -> Result<(), String> {
    let application = element(look, "application")?;
    let allowed = application.get("usesCleartextTraffic") == Some("true");
    that(!allowed, "the manifest allows it")?;
    let named = application.get("networkSecurityConfig").is_some();
    that(named, "the manifest names no network security config")?;
    let base = look
        .network
        .iter()
        .find(|element| element.name == "base-config");
    let refused = base.and_then(|base| base.get("cleartextTrafficPermitted"));
    same(
        "cleartextTrafficPermitted",
        refused.unwrap_or("nothing"),
        "false",
    )?;
    let any = look
        .network
        .iter()
        .any(|element| element.get("cleartextTrafficPermitted") == Some("true"));
    that(!any, "a part of the network security config allows it")
}

fn backups(look: &Look) -> Result<(), String> {
    let application = element(look, "application")?;
    let get = |name: &str| application.get(name).unwrap_or("nothing");
    same("allowBackup", get("allowBackup"), "false")?;
    same("fullBackupContent", get("fullBackupContent"), "false")?;
    let rules = application.get("dataExtractionRules").is_some();
    that(
        rules,
        "no dataExtractionRules: Android 12 and later move data to a new device",
    )
}

fn dependencies(look: &Look) -> Result<(), String> {
    let known = |name: &String| {
        name.strip_suffix(".so")
            .is_some_and(|stem| ANDROID_LIBRARIES.contains(&stem))
    };
    for (name, library) in &look.libraries {
        if let Some(other) = library.needs.iter().find(|other| !known(other)) {
            return Err(format!("{name} needs {other}"));
        }
        that(
            !library.text_relocations,
            &format!("{name} has text relocations"),
        )?;
    }
    that(look.libraries.len() == 2, "not the core and JNA's library")
}

fn pages(look: &Look) -> Result<(), String> {
    for (name, library) in &look.libraries {
        if library
            .alignments
            .iter()
            .any(|alignment| *alignment < 0x4000)
        {
            return Err(format!("{name}: {:?}", library.alignments));
        }
    }
    Ok(())
}

fn places(look: &Look) -> Result<(), String> {
    for entry in &look.entries {
        let unit = match entry.name.as_str() {
            name if name.ends_with(".so") => PAGE,
            "resources.arsc" => 4,
            _ => continue,
        };
        let name = &entry.name;
        that(entry.stored, &format!("{name} is compressed"))?;
        let good = entry.offset.is_multiple_of(unit);
        that(
            good,
            &format!("{name} at {}, not a multiple of {unit}", entry.offset),
        )?;
    }
    Ok(())
}

fn old_dex(look: &Look) -> Result<(), String> {
    that(look.dex.contains("Class descriptor"), "no class in it")?;
    for word in ["invoke-custom", "invoke-polymorphic"] {
        that(!look.dex.contains(word), word)?;
    }
    Ok(())
}

fn androidx(look: &Look) -> Result<(), String> {
    that(!look.dex.contains("'Landroidx/"), "classes of androidx")
}

fn signed(look: &Look) -> Result<(), String> {
    for scheme in ["APK Signature Scheme v2", "APK Signature Scheme v3"] {
        let good = look
            .signatures
            .lines()
            .any(|line| line.contains(scheme) && line.trim_end().ends_with("true"));
        that(good, scheme)?;
    }
    Ok(())
}

fn size(look: &Look) -> Result<(), String> {
    let good = !look.shipped || look.size <= LARGEST;
    that(
        good,
        &format!("{} bytes, at most {LARGEST} wanted", look.size),
    )
}

mod foreground;
mod inside;
#[cfg(test)]
mod tests;
