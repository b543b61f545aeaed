//! Setting up a home from a profile, and setting it up again.

use std::path::Path;
use std::sync::Arc;

use pos_domain::ports::Clock;
use pos_domain::{Id, ObligationKind, ObligationStatus};
use pos_engine::desk::DeskKeyStore;
use pos_engine::setup::settings;
use pos_engine::{
    Home, HomeError, Loaded, SetupError, SetupPorts, SystemClock, SystemRandom, Vault, set_up,
};
use pos_ledger::{Ledger, LedgerError, LedgerOptions, NewObligation, Stamp};

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n\
    [unionpay]\nhost = \"127.0.0.1:9583\"\n";

struct Place {
    folder: tempfile::TempDir,
    clock: SystemClock,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let clock = SystemClock::new().unwrap();
    Place { folder, clock }
}

impl Place {
    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn store(&self) -> DeskKeyStore {
        DeskKeyStore::new(&self.home().keys(), Arc::new(SystemRandom))
    }

    fn set_up(&self, profile: &str) -> Result<(), SetupError> {
        let loaded = Loaded::from_text(profile, Path::new("")).unwrap();
        let ports = SetupPorts {
            clock: &self.clock,
            random: Arc::new(SystemRandom),
            key_store: &self.store(),
        };
        set_up(&self.home(), &loaded, &ports, "01")
    }

    fn vault(&self) -> Vault {
        Vault::open(&self.home().keys(), &self.store(), Arc::new(SystemRandom)).unwrap()
    }

    fn ledger(&self) -> Ledger {
        let options = LedgerOptions {
            path: self.home().ledger(),
            sealer: self.vault().sealer(),
            random: Arc::new(SystemRandom),
        };
        Ledger::open(options).unwrap()
    }

    fn owe(&self) {
        let stamp = Stamp {
            at: self.clock.now(),
            operator: "01".into(),
        };
        let id = Id::from_random('R', [1; 10]);
        let new = NewObligation {
            id: &id,
            kind: ObligationKind::BatchUpload,
            original: None,
            undo: None,
            attempt: None,
            status: ObligationStatus::Owed,
        };
        let written: Result<(), LedgerError> =
            self.ledger().write(stamp, |tx| tx.insert_obligation(&new));
        written.unwrap();
    }
}

#[test]
fn i11_settings_go_into_the_ledger_and_secrets_do_not() {
    let place = place();
    place.set_up(PROFILE).unwrap();
    let stored = place.ledger().read(settings).unwrap();
    let loaded = Loaded::from_text(PROFILE, Path::new("")).unwrap();
    assert_eq!(stored, loaded.settings);
    drop(place.ledger());
    let tmk = place.vault().get("unionpay.tmk").unwrap().unwrap();
    for file in ["ledger.db", "ledger.db-wal"] {
        let bytes = std::fs::read(place.home().root().join(file)).unwrap_or_default();
        assert!(
            !bytes.windows(16).any(|w| w == &tmk.expose()[..16]),
            "{file}"
        );
    }
}

#[test]
fn the_published_key_never_replaces_a_terminals_own_and_goes_to_no_real_host() {
    let key = |place: &Place| place.vault().get("unionpay.tmk").unwrap();
    let own = "89ABCDEF0123456789ABCDEF01234567";
    let place = place();
    place
        .set_up(&format!("{PROFILE}tmk = \"{own}\"\n"))
        .unwrap();
    place.set_up(PROFILE).unwrap();
    assert_eq!(key(&place).unwrap().expose(), own.as_bytes());

    let place = self::place();
    let real = PROFILE.replace("127.0.0.1", "10.0.0.1");
    let real = format!("{real}plain_tcp = \"private_network\"\n");
    place.set_up(&real).unwrap();
    assert_eq!(key(&place), None);
    place.set_up(PROFILE).unwrap();
    assert_eq!(
        key(&place).unwrap().expose(),
        b"0123456789ABCDEFFEDCBA9876543210"
    );
}

#[test]
fn i13_a_changed_setting_is_an_audit_entry_and_the_same_one_is_none() {
    let place = place();
    place.set_up(PROFILE).unwrap();
    let entries = |key: &str| place.ledger().read(|q| q.audit_of(key)).unwrap();
    place.set_up(PROFILE).unwrap();
    assert_eq!(entries("unionpay.timeout_s").len(), 1);
    place.set_up(&format!("{PROFILE}timeout_s = 9\n")).unwrap();
    let changes = entries("unionpay.timeout_s");
    let last = changes.last().unwrap();
    assert_eq!(
        (last.before.as_deref(), last.after.as_deref()),
        (Some("60"), Some("9"))
    );
    assert_eq!(changes.len(), 2);
    assert!(place.ledger().read(|q| q.verify()).unwrap().ok);
}

#[test]
fn while_anything_is_owed_the_terminal_stays_the_same_one() {
    let place = place();
    place.set_up(PROFILE).unwrap();
    place.owe();
    for (from, to, changed) in [
        ("\"T\"", "\"U\"", "terminal.id"),
        ("\"M\"", "\"N\"", "merchant.id"),
        ("host", "header = \"603100311399\"\nhost", "unionpay.header"),
        ("host", "keys = \"single\"\nhost", "unionpay.keys"),
    ] {
        match place.set_up(&PROFILE.replace(from, to)) {
            Err(SetupError::Owed { key, owed }) => assert_eq!((key, owed), (changed, 1)),
            other => panic!("{to}: {other:?}"),
        }
    }
    assert_eq!(
        place.ledger().read(settings).unwrap().get("terminal.id"),
        Some("T")
    );
    place.set_up(&format!("{PROFILE}timeout_s = 9\n")).unwrap();
}

#[test]
fn with_nothing_owed_it_may_become_another() {
    let place = place();
    place.set_up(PROFILE).unwrap();
    place.set_up(&PROFILE.replace("\"T\"", "\"U\"")).unwrap();
    assert_eq!(
        place.ledger().read(settings).unwrap().get("terminal.id"),
        Some("U")
    );
}

#[test]
fn a_home_in_use_is_left_alone() {
    let place = place();
    place.set_up(PROFILE).unwrap();
    let _writer = place.home().lock().unwrap();
    let refused = place.set_up(&format!("{PROFILE}timeout_s = 9\n"));
    assert!(matches!(
        refused,
        Err(SetupError::Home(HomeError::InUse(_)))
    ));
    let stored = place.ledger().read(settings).unwrap();
    assert_eq!(stored.get("unionpay.timeout_s"), Some("60"));
}
