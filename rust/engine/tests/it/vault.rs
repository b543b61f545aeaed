//! Sealed secrets, and the desk's key store and outside place.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use pos_domain::ports::{KeyStore, Outside, Random};
use pos_engine::desk::{DeskKeyStore, DeskOutside};
use pos_engine::{Home, Secret, Secrets, SystemRandom, Vault, VaultError};
use zeroize::Zeroizing;

const CLEAR: &[u8] = b"0123456789ABCDEFFEDCBA9876543210";

fn random() -> Arc<dyn Random> {
    Arc::new(SystemRandom)
}

fn secret(bytes: &[u8]) -> Secret {
    Secret::new(Zeroizing::new(bytes.to_vec()))
}

struct Desk {
    folder: tempfile::TempDir,
    store: DeskKeyStore,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let store = DeskKeyStore::new(folder.path(), random());
    Desk { folder, store }
}

impl Desk {
    fn keys(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Result<Vault, VaultError> {
        Vault::open(self.keys(), &self.store, random())
    }
}

#[test]
fn i11_nothing_clear_lies_in_the_folder() {
    let desk = desk();
    let vault = Vault::create(desk.keys(), &desk.store, random()).unwrap();
    vault.put("unionpay.tmk", &secret(CLEAR)).unwrap();
    vault
        .put("unionpay.tls_ca", &secret(b"-----BEGIN CERTIFICATE-----"))
        .unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(desk.keys()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(
            !bytes
                .windows(8)
                .any(|w| w == &CLEAR[..8] || w == b"-----BEG"),
            "{path:?}"
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path:?}");
        files += 1;
    }
    assert_eq!(files, 4, "two keys and two sealed files");
    assert_eq!(
        desk.open().unwrap().get("unionpay.tmk").unwrap(),
        Some(secret(CLEAR))
    );
    assert_eq!(desk.open().unwrap().get("wechat.api_key").unwrap(), None);
}

#[test]
fn a_second_data_key_is_never_made() {
    let desk = desk();
    Vault::create(desk.keys(), &desk.store, random()).unwrap();
    let again = Vault::create(desk.keys(), &desk.store, random());
    assert_eq!(again.unwrap_err(), VaultError::Exists);
}

#[test]
fn lost_keys_are_said_to_be_lost() {
    let desk = desk();
    assert!(matches!(desk.open(), Err(VaultError::KeysLost(_))));
    Vault::create(desk.keys(), &desk.store, random()).unwrap();
    std::fs::remove_file(desk.keys().join("wrap.key")).unwrap();
    assert!(matches!(desk.open(), Err(VaultError::KeysLost(_))));
    std::fs::write(desk.keys().join("wrap.key"), [7; 32]).unwrap();
    assert!(matches!(desk.open(), Err(VaultError::KeysLost(_))));
    std::fs::write(desk.keys().join("wrap.key"), [7; 31]).unwrap();
    assert!(matches!(desk.open(), Err(VaultError::KeysLost(_))));
}

#[test]
fn a_home_with_a_ledger_does_not_get_a_new_data_key() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path().join("home"));
    home.create().unwrap();
    let store = DeskKeyStore::new(&home.keys(), random());
    let vault = Vault::prepare(&home, &store, random()).unwrap();
    vault.put("unionpay.tmk", &secret(CLEAR)).unwrap();
    let again = Vault::prepare(&home, &store, random()).unwrap();
    assert_eq!(again.get("unionpay.tmk").unwrap(), Some(secret(CLEAR)));
    std::fs::write(home.ledger(), b"").unwrap();
    std::fs::remove_file(home.keys().join("data.key")).unwrap();
    let lost = Vault::prepare(&home, &store, random());
    assert!(matches!(lost, Err(VaultError::KeysLost(_))));
}

#[test]
fn a_sealed_file_cannot_stand_in_for_another_or_be_changed() {
    let desk = desk();
    let vault = Vault::create(desk.keys(), &desk.store, random()).unwrap();
    vault.put("unionpay.tmk", &secret(CLEAR)).unwrap();
    let file = |name: &str| desk.keys().join(format!("{name}.sealed"));
    std::fs::copy(file("unionpay.tmk"), file("wechat.api_key")).unwrap();
    let moved = vault.get("wechat.api_key");
    assert_eq!(
        moved.unwrap_err(),
        VaultError::Changed("wechat.api_key".into())
    );
    let mut bytes = std::fs::read(file("unionpay.tmk")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(file("unionpay.tmk"), bytes).unwrap();
    let changed = vault.get("unionpay.tmk");
    assert_eq!(
        changed.unwrap_err(),
        VaultError::Changed("unionpay.tmk".into())
    );
    assert_eq!(
        vault.put("../x", &secret(CLEAR)).unwrap_err(),
        VaultError::Name
    );
}

#[test]
fn a_new_profile_replaces_all_secrets_but_keeps_the_master_key() {
    let desk = desk();
    let vault = Vault::create(desk.keys(), &desk.store, random()).unwrap();
    let mut first = Secrets::default();
    first.set("unionpay.tmk", secret(CLEAR));
    first.set("unionpay.tls_ca", secret(b"old"));
    vault.replace(&first).unwrap();
    let mut second = Secrets::default();
    second.set("wechat.api_key", secret(b"new"));
    vault.replace(&second).unwrap();
    second.set("unionpay.tmk", secret(CLEAR));
    assert_eq!(vault.secrets().unwrap(), second);
}

#[test]
fn a_half_written_file_is_no_harm() {
    let desk = desk();
    let vault = Vault::create(desk.keys(), &desk.store, random()).unwrap();
    std::fs::write(desk.keys().join("unionpay.tmk.sealed.part"), b"half").unwrap();
    assert_eq!(vault.get("unionpay.tmk").unwrap(), None);
    vault.put("unionpay.tmk", &secret(CLEAR)).unwrap();
    assert!(!desk.keys().join("unionpay.tmk.sealed.part").exists());
}

#[test]
fn the_key_store_wraps_differently_each_time_and_unwraps_its_own_alone() {
    let (desk, other) = (desk(), desk());
    let wrapped = desk.store.wrap(CLEAR).unwrap();
    assert_ne!(wrapped, desk.store.wrap(CLEAR).unwrap());
    assert_eq!(desk.store.unwrap(&wrapped).unwrap().as_slice(), CLEAR);
    other.store.wrap(CLEAR).unwrap();
    assert_eq!(other.store.unwrap(&wrapped).unwrap_err().port, "key_store");
}

#[test]
fn the_outside_place_remembers_numbers() {
    let desk = desk();
    let outside = DeskOutside::new(desk.keys());
    assert_eq!(outside.read("epoch"), Ok(None));
    outside.write("epoch", 7).unwrap();
    outside.write("epoch", u64::MAX).unwrap();
    assert_eq!(
        DeskOutside::new(desk.keys()).read("epoch"),
        Ok(Some(u64::MAX))
    );
    assert!(outside.write("../epoch", 1).is_err());
    std::fs::write(desk.keys().join("outside.epoch"), b"x").unwrap();
    assert_eq!(outside.read("epoch").unwrap_err().port, "outside");
}
