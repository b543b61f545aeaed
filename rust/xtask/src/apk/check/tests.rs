//! A good APK passes each check, and each check sees its own fault.

use super::inside::names;
use super::*;

const NAMESPACE: &str = "http://schemas.android.com/apk/res/android:";

fn tree(text: &str) -> Vec<Element> {
    manifest::parse(&text.replace("@", NAMESPACE))
}

const MANIFEST: &str = "\
E: manifest
  A: @versionCode(0x1)=1000
  A: @versionName(0x1)=\"0.1.0\"
  A: @compileSdkVersion(0x1)=34
  A: package=\"com.voidproof.app\"
    E: uses-sdk
      A: @minSdkVersion(0x1)=24
      A: @targetSdkVersion(0x1)=35
    E: uses-permission
      A: @name(0x1)=\"p.INTERNET\"
    E: application
      A: @allowBackup(0x1)=false
      A: @fullBackupContent(0x1)=false
      A: @dataExtractionRules(0x1)=@0x7f010000
      A: @networkSecurityConfig(0x1)=@0x7f010001
        E: activity
          A: @name(0x1)=\"a.Main\"
          A: @exported(0x1)=true
";
const FOREGROUND_PERMISSION: &str = "android.permission.FOREGROUND_SERVICE";
const NETWORK: &str = "\
E: network-security-config
  E: base-config
    A: cleartextTrafficPermitted=false
";

fn good() -> Look {
    let library = || Library {
        needs: vec!["libc.so".to_owned()],
        alignments: vec![0x4000],
        text_relocations: false,
    };
    Look {
        release: true,
        package: PACKAGE.into(),
        shipped: true,
        version: "0.1.0".to_owned(),
        size: LARGEST,
        badging: "launchable-activity: name='com.voidproof.app.MainActivity'".to_owned(),
        manifest: tree(MANIFEST),
        network: tree(NETWORK),
        signatures: "Verified using v2 scheme (APK Signature Scheme v2): true\n\
                     Verified using v3 scheme (APK Signature Scheme v3): true\n"
            .to_owned(),
        entries: vec![Entry {
            name: "lib/arm64-v8a/libpos_ffi.so".to_owned(),
            stored: true,
            size: 1,
            offset: PAGE,
        }],
        libraries: vec![
            ("a.so".to_owned(), library()),
            ("b.so".to_owned(), library()),
        ],
        core: b"\0uniffi_pos_ffi_fn_sell\0uniffi_pos_ffi_fn_void\0".to_vec(),
        called: names(b"fun uniffi_pos_ffi_fn_sell(): Int"),
        dex: "Class descriptor  : 'Lcom/voidproof/app/App;'\ninvoke-virtual".to_owned(),
        code: b"dex\n037".to_vec(),
        folders: vec!["/home/me/.cargo".to_owned()],
        permissions: vec!["p.INTERNET".to_owned()],
        exported: vec!["a.Main".to_owned()],
    }
}

/// Names of the checks that fail after `spoil`.
fn failing(spoil: impl FnOnce(&mut Look)) -> Vec<&'static str> {
    let mut look = good();
    spoil(&mut look);
    let failed = CHECKS.iter().filter(|(_, check)| check(&look).is_err());
    failed.map(|(name, _)| *name).collect()
}

/// The manifest with one piece of text in place of another.
fn changed(from: &str, to: &str) -> Vec<&'static str> {
    assert!(MANIFEST.contains(from), "{from}");
    failing(|look| look.manifest = tree(&MANIFEST.replacen(from, to, 1)))
}

#[test]
fn a_good_one_passes() {
    assert_eq!(failing(|_| ()), [""; 0]);
}

#[test]
fn foreground_services_must_say_what_they_do() {
    const CHECK: &str = "foreground services say what they do";
    let permission = |name: &str| {
        format!("    E: uses-permission\n      A: @name(0x1)=\"{FOREGROUND_PERMISSION}{name}\"\n")
    };
    let look = |permissions: &[&str], kind: &str, more: &str| {
        let asked: String = permissions.iter().map(|name| permission(name)).collect();
        let service = format!(
            "        E: service\n          A: @name(0x1)=\"a.S\"\n{}{more}",
            match kind {
                "" => String::new(),
                kind => format!("          A: @foregroundServiceType(0x1)={kind}\n"),
            }
        );
        let text = format!("{MANIFEST}{service}{asked}");
        failing(|look| {
            look.manifest = tree(&text);
            look.permissions = manifest::named(&look.manifest, "uses-permission");
        })
    };
    assert_eq!(look(&[], "", ""), [""; 0]);
    assert_eq!(look(&["", "_DATA_SYNC"], "0x1", ""), [""; 0]);
    assert_eq!(look(&[""], "0x800", ""), [""; 0], "a short one");
    assert_eq!(look(&[""], "", ""), [CHECK], "no service says why");
    assert_eq!(look(&["_DATA_SYNC"], "0x1", ""), [CHECK], "may not");
    assert_eq!(look(&[""], "0x1", ""), [CHECK], "may not do this");
    let both = ["", "_DATA_SYNC"];
    assert_eq!(look(&both, "0x800", ""), [CHECK], "asked for nothing");
    let boot = "        E: receiver
          A: @name(0x1)=\"a.Boot\"
          A: @exported(0x1)=false
            E: intent-filter
              E: action
                A: @name(0x1)=\"android.intent.action.BOOT_COMPLETED\"\n";
    assert_eq!(look(&both, "0x1", boot), [CHECK], "from boot");
    assert_eq!(look(&["", "_SPECIAL_USE"], "0x40000000", boot), [""; 0]);
}

#[test]
fn faults_of_the_manifest_are_seen() {
    assert_eq!(changed("=1000", "=999"), ["package and version"]);
    assert_eq!(changed("=35", "=34"), ["API levels"]);
    assert_eq!(changed("=24", "=23"), ["API levels"]);
    assert_eq!(
        changed("p.INTERNET", "p.CAMERA"),
        ["permissions as documented"]
    );
    assert_eq!(
        changed("a.Main", "a.Other"),
        ["reachable components as documented"]
    );
    assert_eq!(
        changed("allowBackup(0x1)=false", "allowBackup(0x1)=true"),
        ["nothing is backed up"]
    );
    assert_eq!(
        changed("dataExtractionRules", "other"),
        ["nothing is backed up"]
    );
    assert_eq!(
        changed("networkSecurityConfig", "other"),
        ["no traffic in clear"]
    );
    let debuggable = "fullBackupContent(0x1)=false\n      A: @debuggable(0x1)=true";
    assert_eq!(
        changed("fullBackupContent(0x1)=false", debuggable),
        ["debuggable only in debug"]
    );
}

#[test]
fn faults_of_files_are_seen() {
    let clear = NETWORK.replace("false", "true");
    assert_eq!(
        failing(|look| look.network = tree(&clear)),
        ["no traffic in clear"]
    );
    assert_eq!(failing(|look| look.size += 1), ["size"]);
    let emulator = |look: &mut Look| (look.shipped, look.size) = (false, LARGEST + 1);
    assert_eq!(failing(emulator), [""; 0]);
    let told = |look: &mut Look| look.code.extend(b"/home/me/.cargo/x");
    assert_eq!(failing(told), ["no folder of this machine"]);
    let told = |look: &mut Look| look.core.extend(b"/home/me/.cargo/registry");
    assert_eq!(failing(told), ["no folder of this machine"]);
    assert_eq!(
        failing(|look| look.core.extend(b"a pos_sim b")),
        ["no simulator in the core"]
    );
    let older = |look: &mut Look| look.called = names(b"uniffi_pos_ffi_fn_clear(");
    assert_eq!(failing(older), ["core and classes belong together"]);
    let places = ["places inside the archive"];
    let entry = |look: &mut Look, offset, stored| {
        if let Some(entry) = look.entries.first_mut() {
            (entry.offset, entry.stored) = (offset, stored);
        }
    };
    assert_eq!(failing(|look| entry(look, 4096, true)), places);
    assert_eq!(failing(|look| entry(look, PAGE, false)), places);
    let library = |change: fn(&mut Library)| {
        failing(|look| {
            look.libraries
                .iter_mut()
                .for_each(|(_, library)| change(library))
        })
    };
    assert_eq!(library(|l| l.alignments.push(0x1000)), ["16 KiB pages"]);
    let needs = ["needs only Android's libraries"];
    assert_eq!(library(|l| l.needs.push("libssl.so".to_owned())), needs);
    assert_eq!(library(|l| l.text_relocations = true), needs);
    assert_eq!(failing(|look| look.libraries.clear()), needs);
    let dex = |text: &str| failing(|look| look.dex += text);
    assert_eq!(dex(" invoke-custom"), ["dex for the oldest Android"]);
    assert_eq!(dex(" 'Landroidx/core/A;'"), ["no AndroidX"]);
    let unsigned = |look: &mut Look| look.signatures = look.signatures.replacen("true", "false", 1);
    assert_eq!(failing(unsigned), ["signatures v2 and v3"]);
}
