//! `init`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::{Done, keys, run, run_in, run_with};

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\n\
    id = \"10000001\"\n[unionpay]\nhost = \"127.0.0.1:9583\"\n";

struct Place {
    folder: tempfile::TempDir,
}

fn place(profile: &str) -> Place {
    let place = Place {
        folder: tempfile::tempdir().unwrap(),
    };
    fs::write(place.profile(), profile).unwrap();
    place
}

impl Place {
    fn profile(&self) -> PathBuf {
        self.folder.path().join("profile.toml")
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn init(&self) -> Done {
        let (home, profile) = (self.home(), self.profile());
        let (home, profile) = (home.to_str().unwrap(), profile.to_str().unwrap());
        run(&["--home", home, "--json", "init", "--profile", profile])
    }
}

#[test]
fn a_terminal_is_set_up_once_and_again() {
    let place = place(&format!("{PROFILE}[wechat]\n"));
    for _ in 0..2 {
        let done = place.init();
        assert_eq!(done.code, 0, "{}", done.stderr);
        assert!(!done.stderr.contains("secrets"), "the profile has none");
        let object = done.object();
        assert_eq!(keys(&object), ["home", "terminal", "merchant", "rails"]);
        assert_eq!(object["terminal"], "10000001");
        assert_eq!(object["rails"], serde_json::json!(["unionpay", "wechat"]));
    }
    assert!(place.home().join("ledger.db").is_file());
    assert!(place.home().join("keys/unionpay.tmk.sealed").is_file());
}

#[test]
fn i11_no_clear_secret_is_left_and_the_profile_is_warned_about() {
    let (tmk, api_key) = (
        "89ABCDEF0123456789ABCDEF01234567",
        "WeChatKeyInClear0123456789abcdef",
    );
    let place = place(&format!(
        "{PROFILE}tmk = \"{tmk}\"\n[wechat]\napi_key = \"{api_key}\"\n"
    ));
    let done = place.init();
    assert_eq!(done.code, 0);
    assert!(done.stderr.contains("still holds secrets"));
    let mut folders = vec![place.home()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for secret in [tmk, api_key] {
                let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "{path:?}");
            }
            files += 1;
        }
    }
    assert!(files >= 5, "ledger, lock, two keys, two secrets");
}

#[test]
fn a_profile_that_is_refused_leaves_no_home() {
    let place = place(&PROFILE.replace("host =", "hots ="));
    let done = place.init();
    let (kind, found, detail) = done.error();
    assert_eq!((done.code, kind.as_str()), (2, "profile_invalid"));
    assert_eq!(
        (found.as_str(), detail.as_str()),
        ("line 7, unionpay.hots", "is no key of a profile")
    );
    assert!(!place.home().exists());
    let missing = run(&["--json", "init", "--profile", "/nonexistent/profile.toml"]);
    assert_eq!(
        (missing.code, missing.error().0.as_str()),
        (2, "profile_invalid")
    );
}

#[test]
fn a_home_in_use_is_exit_1() {
    let place = place(PROFILE);
    assert_eq!(place.init().code, 0);
    let lock = fs::File::options()
        .write(true)
        .open(place.home().join("lock"))
        .unwrap();
    lock.lock().unwrap();
    let done = place.init();
    assert_eq!((done.code, done.error().0.as_str()), (1, "home_in_use"));
}

#[test]
fn a_damaged_or_newer_ledger_and_lost_keys_have_their_kinds() {
    let damaged = place(PROFILE);
    assert_eq!(damaged.init().code, 0);
    let _ = fs::remove_file(damaged.home().join("ledger.db-wal"));
    fs::write(damaged.home().join("ledger.db"), [b'x'; 8192]).unwrap();
    let done = damaged.init();
    assert_eq!((done.code, done.error().0.as_str()), (1, "ledger_corrupt"));

    let lost = place(PROFILE);
    assert_eq!(lost.init().code, 0);
    fs::remove_file(lost.home().join("keys/wrap.key")).unwrap();
    let done = lost.init();
    assert_eq!((done.code, done.error().0.as_str()), (1, "key_store"));

    let newer = place(PROFILE);
    assert_eq!(newer.init().code, 0);
    // The schema number stands at byte 60 of the file's header.
    let path = newer.home().join("ledger.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    let done = newer.init();
    assert_eq!((done.code, done.error().0.as_str()), (1, "ledger_newer"));
}

#[test]
fn the_home_comes_from_the_environment_or_the_working_folder() {
    let place = place(PROFILE);
    let profile = place.profile();
    let arguments = ["--json", "init", "--profile", profile.to_str().unwrap()];
    let home = place.folder.path().join("other");
    let done = run_with("VOIDPROOF_HOME", home.to_str().unwrap(), &arguments);
    assert_eq!((done.code, home.join("ledger.db").exists()), (0, true));
    let done = run_in(place.folder.path(), &arguments);
    assert_eq!(done.code, 0);
    assert!(
        place
            .folder
            .path()
            .join("voidproof-home/ledger.db")
            .exists()
    );
    let mode = fs::metadata(&home).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
