//! The wrapping key is gone: a supervisor imports the keys again, and nothing owed is forgotten.

use std::path::Path;
use std::sync::Arc;

use pos_domain::ports::Clock;
use pos_domain::{
    Amount, Entry, Expiry, Id, LocalCode, ObligationKind, ObligationStatus, OriginalKind, Pan,
    Rail, SaleStatus, UndoKind, UndoStatus,
};
use pos_engine::desk::DeskKeyStore;
use pos_engine::lost_keys::{LostKeysError, replace_lost_keys};
use pos_engine::terminal::Approving;
use pos_engine::{
    EngineError, Home, Loaded, SetupPorts, SystemClock, SystemRandom, Vault, VaultError, set_up,
};
use pos_ledger::{
    Account, Ledger, LedgerError, LedgerOptions, NewObligation, NewOriginal, NewUndo, Role, Stamp,
};
use pos_policy::{OperatorPin, hash_pin};

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n\
    [unionpay]\nhost = \"127.0.0.1:9583\"\n";
const PAN: &str = "6222020000000000000";

struct Place {
    folder: tempfile::TempDir,
    clock: SystemClock,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            clock: SystemClock::new().unwrap(),
        };
        set_up(
            &place.home(),
            &place.loaded(),
            &place.ports(&place.store()),
            "01",
        )
        .unwrap();
        place
    }

    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn loaded(&self) -> Loaded {
        Loaded::from_text(PROFILE, Path::new("")).unwrap()
    }

    fn store(&self) -> DeskKeyStore {
        DeskKeyStore::new(&self.home().keys(), Arc::new(SystemRandom))
    }

    fn ports<'a>(&'a self, key_store: &'a DeskKeyStore) -> SetupPorts<'a> {
        SetupPorts {
            clock: &self.clock,
            random: Arc::new(SystemRandom),
            key_store,
        }
    }

    fn ledger(&self) -> Ledger {
        let vault = Vault::open(&self.home().keys(), &self.store(), Arc::new(SystemRandom));
        let (path, sealer) = (self.home().ledger(), vault.unwrap().sealer());
        Ledger::open(LedgerOptions {
            path,
            sealer,
            random: Arc::new(SystemRandom),
        })
        .unwrap()
    }

    fn stamp(&self) -> Stamp {
        Stamp {
            at: self.clock.now(),
            operator: "01".into(),
        }
    }

    fn lose_wrapping_key(&self) {
        std::fs::remove_file(self.home().keys().join("wrap.key")).unwrap();
    }

    fn replace(&self, approving: &[Approving]) -> Result<(), LostKeysError> {
        let store = self.store();
        replace_lost_keys(
            &self.home(),
            &self.loaded(),
            &self.ports(&store),
            "01",
            approving,
        )
    }

    fn add_supervisor(&self) {
        let hash = hash_pin(&pin(), &SystemRandom).unwrap();
        let put =
            |tx: &pos_ledger::Tx<'_>| tx.put_operator("00", "boss", Role::Supervisor, Some(&hash));
        self.ledger().write(self.stamp(), put).unwrap();
    }

    /// A queued void of a card sale.
    fn owe_void(&self) -> (Id, Id) {
        let (sale, void) = (Id::parse("S1").unwrap(), Id::parse("V1").unwrap());
        let account = Account {
            pan: Pan::parse(PAN).unwrap(),
            expiry: Expiry::parse("3012").ok(),
            sequence: None,
        };
        let amount = Amount::from_minor(1234).unwrap();
        let write = |tx: &pos_ledger::Tx<'_>| -> Result<(), LedgerError> {
            tx.insert_original(&NewOriginal {
                id: &sale,
                kind: OriginalKind::Sale,
                rail: Rail::UnionPay,
                amount,
                entry: Entry::Manual,
                account: Some(&account),
                batch: "000001",
                trace: Some("000001"),
                terminal: "T       ",
                merchant: "M              ",
                status: SaleStatus::Approved,
                code: None,
                parent: None,
                deadline: None,
                request: None,
            })?;
            tx.insert_undo(&NewUndo {
                id: &void,
                original: &sale,
                kind: UndoKind::Void,
                amount,
                status: UndoStatus::Queued,
                code: None,
                reason: None,
                follows: None,
                request: None,
            })?;
            tx.insert_obligation(&NewObligation {
                id: &void,
                kind: ObligationKind::Void,
                original: Some(&sale),
                undo: Some(&void),
                attempt: None,
                status: ObligationStatus::Owed,
            })
        };
        self.ledger().write(self.stamp(), write).unwrap();
        (sale, void)
    }
}

fn pin() -> OperatorPin {
    OperatorPin::parse("739145").unwrap()
}

#[test]
fn keys_that_are_not_lost_are_not_replaced() {
    assert!(matches!(
        Place::new().replace(&[]),
        Err(LostKeysError::NotLost)
    ));
}

#[test]
fn i09_what_is_owed_outlives_the_key_and_its_card_is_known_by_its_mask() {
    let place = Place::new();
    let (sale, void) = place.owe_void();
    place.lose_wrapping_key();
    let store = place.store();
    let opened = Vault::open(&place.home().keys(), &store, Arc::new(SystemRandom));
    assert!(matches!(opened, Err(VaultError::KeysLost(_))));
    place.replace(&[]).unwrap();
    let ledger = place.ledger();
    ledger
        .read(|query| {
            assert_eq!(query.undo(&void)?.status, UndoStatus::Queued);
            assert!(matches!(query.account(&sale), Err(LedgerError::Seal)));
            assert!(query.is_card_of(&sale, &Pan::parse(PAN).unwrap())?);
            let other = Pan::parse("6212261234567890126").or(Pan::parse("4111111111111111"));
            assert!(!query.is_card_of(&sale, &other.unwrap())?);
            assert!(query.verify()?.ok);
            Ok::<_, LedgerError>(())
        })
        .unwrap();
    assert!(place.home().keys().join("data.key.lost-1").is_file());
}

#[test]
fn a_home_with_a_supervisor_wants_their_consent() {
    let place = Place::new();
    place.add_supervisor();
    place.lose_wrapping_key();
    let refused = |code: LocalCode, approving: &[Approving]| {
        let error = place.replace(approving).unwrap_err();
        let LostKeysError::Engine(EngineError::Refused(found)) = error else {
            panic!("another error: {error}")
        };
        assert_eq!(found, code.into());
    };
    refused(LocalCode::ApprovalNeeded, &[]);
    let wrong = OperatorPin::parse("739146").ok();
    refused(
        LocalCode::ApprovalPinWrong,
        &[Approving {
            no: "00".into(),
            pin: wrong,
        }],
    );
    place
        .replace(&[Approving {
            no: "00".into(),
            pin: Some(pin()),
        }])
        .unwrap();
}
