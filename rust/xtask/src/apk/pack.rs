//! One archive of all parts, signed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fetched::remove;
use crate::repo::Repo;
use crate::resources::MIN_SDK;
use crate::stop::Stop;
use crate::tool::Tool;

use super::classes::MOMENT;
use super::dex::Dexer;
use super::jars::Jars;
use super::native::make_folder_of;

/// Whose signature the APK carries.
pub struct Key {
    store: PathBuf,
    /// `env:NAME` or `pass:WORD`, as apksigner reads it.
    password: String,
    alias: String,
    /// Made here: good for trying out, refused as an update of a shop's terminal.
    pub debug: bool,
}

const STORE: &str = "VOIDPROOF_KEYSTORE";
const PASSWORD: &str = "VOIDPROOF_KEYSTORE_PASSWORD";
const ALIAS: &str = "VOIDPROOF_KEY_ALIAS";
const DEBUG_PASSWORD: &str = "android";

impl Key {
    /// The key store that the environment names, else one that is made once for this machine.
    pub fn find(repo: &Repo, target: &Path) -> Result<Self, Stop> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(store) = set(STORE) {
            if set(PASSWORD).is_none() {
                return Err(Stop::usage(format!("{STORE} is set, {PASSWORD} is not")));
            }
            return Ok(Self {
                store: PathBuf::from(store),
                password: format!("env:{PASSWORD}"),
                alias: set(ALIAS).unwrap_or_else(|| "key".to_owned()),
                debug: false,
            });
        }
        let store = target.join("debug.p12");
        if !store.exists() {
            make_folder_of(&store)?;
            Tool::new(repo, "keytool")
                .args(["-genkeypair", "-storetype", "PKCS12", "-alias", "key"])
                .args(["-keyalg", "RSA", "-keysize", "2048", "-validity", "10000"])
                .args([
                    "-dname",
                    "CN=voidproof debug",
                    "-storepass",
                    DEBUG_PASSWORD,
                    "-keystore",
                ])
                .path(&store)
                .pass()?;
        }
        Ok(Self {
            store,
            password: format!("pass:{DEBUG_PASSWORD}"),
            alias: "key".to_owned(),
            debug: true,
        })
    }
}

/// What goes into one APK.
pub struct Parts<'a> {
    /// Manifest and resources, by aapt2.
    pub base: &'a Path,
    pub dex: &'a [PathBuf],
    /// The folder `lib` is put together from these.
    pub libraries: &'a [PathBuf],
    pub abi: &'a str,
    /// Files that classes read: where each lies inside, and from where it comes.
    pub files: &'a [(String, PathBuf)],
}

/// The signed APK of this name, made anew only of changed parts.
pub fn once(dexer: &Dexer<'_>, key: &Key, parts: &Parts<'_>, name: &str) -> Result<PathBuf, Stop> {
    let apk = dexer.out.join(format!("{name}.apk"));
    let unsigned = dexer.out.join("unsigned").join(format!("{name}.apk"));
    let mut inputs = vec![parts.base, &key.store];
    inputs.extend(
        parts
            .dex
            .iter()
            .chain(parts.libraries)
            .map(PathBuf::as_path),
    );
    inputs.extend(parts.files.iter().map(|(_, file)| file.as_path()));
    dexer.stamps.once(name, "", &inputs, &[&apk], || {
        pack(dexer.repo, dexer.jars, key, parts, &unsigned, &apk)
    })?;
    Ok(apk)
}

/// Puts the parts together at `unsigned` and signs them at `apk`.
fn pack(
    repo: &Repo,
    jars: &Jars,
    key: &Key,
    parts: &Parts<'_>,
    unsigned: &Path,
    apk: &Path,
) -> Result<(), Stop> {
    let stage = unsigned.with_extension("parts");
    remove(&stage)?;
    copy(parts.base, unsigned)?;
    let mut packed = Vec::new();
    for file in parts.dex {
        packed.push(name(file));
        copy(file, &stage.join(name(file)))?;
    }
    for (inside, file) in parts.files {
        packed.push(inside.clone());
        copy(file, &stage.join(inside))?;
    }
    add(repo, unsigned, &stage, &packed, &[])?;
    let mut libraries = Vec::new();
    for file in parts.libraries {
        let inside = format!("lib/{}/{}", parts.abi, name(file));
        copy(file, &stage.join(&inside))?;
        libraries.push(inside);
    }
    if !libraries.is_empty() {
        // Stored, so that the device maps them out of the APK.
        add(repo, unsigned, &stage, &libraries, &["--no-compress"])?;
    }
    remove(&stage)?;
    Tool::new(repo, "java")
        .args(["-jar"])
        .path(jars.signer())
        .args([
            "sign",
            "--min-sdk-version",
            MIN_SDK,
            "--v4-signing-enabled",
            "false",
        ])
        .args([
            "--ks-pass",
            &key.password,
            "--ks-key-alias",
            &key.alias,
            "--ks",
        ])
        .path(&key.store)
        .args(["--out"])
        .path(apk)
        .path(unsigned)
        .pass()
}

fn add(
    repo: &Repo,
    archive: &Path,
    folder: &Path,
    names: &[String],
    flags: &[&str],
) -> Result<(), Stop> {
    let mut tool = Tool::new(repo, "jar")
        .args(["--update", "--no-manifest", MOMENT])
        .args(flags)
        .args(["--file"])
        .path(archive);
    for name in names {
        tool = tool.args(["-C"]).path(folder).args([name]);
    }
    tool.pass()
}

fn copy(from: &Path, to: &Path) -> Result<(), Stop> {
    make_folder_of(to)?;
    fs::copy(from, to)
        .map(|_| ())
        .map_err(|e| Stop::io(from.display(), &e))
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
