//! Safety copies: what is in them, who can open them, and what a damaged one says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pos_domain::LocalCode;
use pos_domain::ports::{Outside, Random, Storage};
use pos_engine::copies::{
    CopyError, CopyPlace, FolderPlace, KEPT, PlaceError, look_at_copy, restore_copy,
};
use pos_engine::desk::DeskKeyStore;
use pos_engine::terminal::{Approving, NewOperator, Opening, OperatorPin, Ports, WebLinks};
use pos_engine::{
    EngineError, FileOutside, Home, Loaded, SetupPorts, SystemClock, SystemRandom, Terminal, Vault,
    set_up,
};
use pos_flows::{EPOCH, TRACE_END};
use pos_policy::{Passphrase, PassphraseFault, Role};

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"898310048140001\"\nname = \"示例便利店\"\n\
    [terminal]\nid = \"10000001\"\n[unionpay]\nhost = \"127.0.0.1:9\"\n\
    tmk = \"0123456789ABCDEFFEDCBA9876543210\"\n";
const PASSPHRASE: &str = "a lamp in the rain";
const PIN: &str = "824605";

/// A disk that has as much room as the test says.
struct Disk(Mutex<Option<u64>>);

impl Storage for Disk {
    fn free_bytes(&self) -> Option<u64> {
        *self.0.lock().unwrap()
    }
}

/// One device: a home, a platform's key store, and a place outside.
struct Device {
    folder: tempfile::TempDir,
    disk: Arc<Disk>,
}

fn random() -> Arc<dyn Random> {
    Arc::new(SystemRandom)
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::parse(text.as_bytes()).unwrap()
}

impl Device {
    fn new() -> Self {
        let device = Self {
            folder: tempfile::tempdir().unwrap(),
            disk: Arc::new(Disk(Mutex::new(None))),
        };
        std::fs::create_dir(device.folder.path().join("platform")).unwrap();
        device
    }

    /// With a terminal that has a supervisor.
    fn staffed() -> Self {
        let device = Self::new();
        let loaded = Loaded::from_text(PROFILE, Path::new("")).unwrap();
        let ports = SetupPorts {
            clock: &SystemClock::new().unwrap(),
            random: random(),
            key_store: &device.store(),
        };
        set_up(&device.home(), &loaded, &ports, "01").unwrap();
        let boss = NewOperator {
            no: "00".to_owned(),
            name: "boss".to_owned(),
            role: Role::Supervisor,
            pin: Some(OperatorPin::parse(PIN).unwrap()),
        };
        device.open().put_operator("00", &boss, &[]).unwrap();
        device
    }

    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn store(&self) -> DeskKeyStore {
        DeskKeyStore::new(&self.folder.path().join("platform"), random())
    }

    fn outside(&self) -> FileOutside {
        FileOutside::new(&self.folder.path().join("outside"))
    }

    fn open(&self) -> Terminal {
        let ports = Ports {
            clock: Arc::new(SystemClock::new().unwrap()),
            random: random(),
            key_store: Arc::new(self.store()),
            outside: Arc::new(self.outside()),
            storage: Arc::clone(&self.disk) as _,
            link: None,
            web: WebLinks::default(),
            cipher: None,
            edition: None,
        };
        Terminal::open(&self.home(), ports, Opening::Working).unwrap()
    }

    fn take(&self, file: &Path, merchant: Option<&str>) -> Result<String, CopyError> {
        let ports = (&self.store() as _, &self.outside() as _, &random());
        let facts = restore_copy(&self.home(), file, &passphrase(PASSPHRASE), merchant, ports)?;
        Ok(facts.terminal)
    }
}

fn boss() -> [Approving; 1] {
    [Approving {
        no: "00".to_owned(),
        pin: OperatorPin::parse(PIN).ok(),
    }]
}

/// A device with a copy of it in a folder.
fn copied() -> (Device, tempfile::TempDir, PathBuf) {
    let (device, outside) = (Device::staffed(), tempfile::tempdir().unwrap());
    let terminal = device.open();
    let keeper = terminal.keeper();
    keeper
        .begin("00", &passphrase(PASSPHRASE), &boss())
        .unwrap();
    let place = FolderPlace(outside.path().to_owned());
    let made = keeper.write(&place).unwrap();
    let file = outside.path().join(made.name);
    assert_eq!(std::fs::metadata(&file).unwrap().len(), made.bytes);
    drop(terminal);
    (device, outside, file)
}

fn look(file: &Path, with: &str) -> Result<String, CopyError> {
    Ok(look_at_copy(file, &passphrase(with), &random())?.merchant)
}

#[test]
fn a_copy_opens_on_another_device_as_restored_with_its_keys_sealed_anew() {
    let (old, _folder, file) = copied();
    let new = Device::new();
    // It was a terminal before, and opened less often than the old one.
    new.outside().write(EPOCH, 1).unwrap();
    assert_eq!(
        new.take(&file, Some("898310048140001")).unwrap(),
        "10000001"
    );
    let secrets = |device: &Device| {
        let vault = Vault::open(&device.home().keys(), &device.store(), random()).unwrap();
        vault.secrets().unwrap()
    };
    assert_eq!(secrets(&old), secrets(&new));
    let wrapped = |device: &Device| std::fs::read(device.home().keys().join("data.key")).unwrap();
    assert_ne!(wrapped(&old), wrapped(&new));
    let terminal = new.open();
    assert!(terminal.is_restored().unwrap());
    assert!(terminal.verify().unwrap().ok);
    assert!(
        !terminal.keeper().state().unwrap().on,
        "a new device chooses its own folder"
    );
    assert!(new.outside().read(TRACE_END).unwrap().unwrap() >= 100_000);
    terminal.accept_restored("00", &boss()).unwrap();
    drop(terminal);
    assert!(!new.open().is_restored().unwrap());
}

#[test]
fn i09_a_copy_never_replaces_a_ledger() {
    let (old, _folder, file) = copied();
    let before = std::fs::read(old.home().ledger()).unwrap();
    assert!(matches!(old.take(&file, None), Err(CopyError::NotEmpty)));
    assert_eq!(std::fs::read(old.home().ledger()).unwrap(), before);
    assert!(!old.open().is_restored().unwrap());
}

#[test]
fn i11_without_the_passphrase_a_copy_tells_nothing() {
    let (_device, _folder, file) = copied();
    assert_eq!(look(&file, PASSPHRASE).unwrap(), "898310048140001");
    let wrong = look(&file, "a lamp in the snow");
    assert!(
        matches!(wrong, Err(CopyError::WrongPassphrase)),
        "{wrong:?}"
    );
    let bytes = std::fs::read(&file).unwrap();
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    for clear in ["898310048140001", "SQLite format", "boss", "merchant"] {
        assert!(!holds(clear.as_bytes()), "{clear}");
    }
    assert!(!holds(&0x0123_4567_89AB_CDEF_u64.to_be_bytes()));
}

#[test]
fn i11_the_terminal_keeps_neither_passphrase_nor_copy_key_in_clear() {
    let (device, _folder, _file) = copied();
    let folder = device.home().root().join("copies");
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|part| part == b"a lamp"));
    }
}

/// A copy, changed, and what it says then.
fn changed(file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> CopyError {
    let mut bytes = std::fs::read(file).unwrap();
    change(&mut bytes);
    let other = file.with_extension("changed");
    std::fs::write(&other, bytes).unwrap();
    let said = look(&other, PASSPHRASE).unwrap_err();
    let new = Device::new();
    let refused = new.take(&other, None).unwrap_err();
    assert_eq!(refused.code(), said.code());
    assert!(!new.home().ledger().exists(), "nothing was taken over");
    assert!(!new.home().root().join("ledger.part").exists());
    said
}

#[test]
fn a_damaged_copy_says_what_is_wrong_and_nothing_is_taken_over() {
    let (_device, _folder, file) = copied();
    let size = std::fs::metadata(&file).unwrap().len();
    for at in [12, 30, 60, 130, 165, 180] {
        let said = changed(&file, |bytes| bytes[at] ^= 1);
        assert!(matches!(said, CopyError::Damaged { .. }), "{at}: {said:?}");
    }
    for at in [184, 190, 1000, 70_000, usize::try_from(size).unwrap() - 1] {
        let said = changed(&file, |bytes| bytes[at] ^= 1);
        assert!(matches!(said, CopyError::Damaged { .. }), "{at}: {said:?}");
    }
    for keep in [9, 40, 100, 183, 184, 300, 66_000] {
        let said = changed(&file, |bytes| bytes.truncate(keep));
        assert!(
            matches!(said, CopyError::Truncated { .. }),
            "{keep}: {said:?}"
        );
    }
    assert!(matches!(
        changed(&file, |bytes| bytes.push(0)),
        CopyError::Damaged { at } if at == size
    ));
    assert!(matches!(
        changed(&file, |bytes| bytes[9] = 7),
        CopyError::Newer { found: 7, known: 1 }
    ));
    assert!(matches!(
        changed(&file, |bytes| bytes[9] = 0),
        CopyError::Damaged { at: 8 }
    ));
    for other in [&b""[..], b"PK\x03\x04", b"SQLite format 3\0 and more"] {
        let said = changed(&file, |bytes| *bytes = other.to_vec());
        assert!(matches!(said, CopyError::NotACopy), "{said:?}");
    }
}

#[test]
fn parts_of_two_copies_cannot_be_put_together() {
    let (device, outside, first) = copied();
    let terminal = device.open();
    let place = FolderPlace(outside.path().to_owned());
    let second = terminal.keeper().write(&place).unwrap().name;
    let second = std::fs::read(outside.path().join(second)).unwrap();
    let said = changed(&first, |bytes| {
        bytes.truncate(184);
        bytes.extend_from_slice(&second[184..]);
    });
    assert!(matches!(said, CopyError::Damaged { .. }), "{said:?}");
}

#[test]
fn another_merchants_copy_is_refused_where_the_merchant_is_known() {
    let (_device, _folder, file) = copied();
    let new = Device::new();
    let said = new.take(&file, Some("898310048149999")).unwrap_err();
    assert!(matches!(&said, CopyError::OtherMerchant { .. }), "{said:?}");
    assert!(!new.home().ledger().exists());
    new.take(&file, None).unwrap();
}

#[test]
fn only_a_supervisor_switches_copies_on_and_only_under_a_strong_passphrase() {
    let device = Device::staffed();
    let terminal = device.open();
    let keeper = terminal.keeper();
    let place = FolderPlace(device.folder.path().to_owned());
    assert!(matches!(keeper.write(&place), Err(CopyError::Off)));
    let refused = keeper.begin("01", &passphrase(PASSPHRASE), &[]);
    assert!(matches!(
        refused,
        Err(CopyError::Engine(EngineError::Refused(_)))
    ));
    let weak = keeper.begin("00", &passphrase("121212121212"), &boss());
    assert!(matches!(
        weak,
        Err(CopyError::Passphrase(PassphraseFault::Trivial))
    ));
    assert!(!keeper.state().unwrap().on);
    keeper
        .begin("00", &passphrase(PASSPHRASE), &boss())
        .unwrap();
    assert!(keeper.state().unwrap().on);
    keeper.write(&place).unwrap();
    assert!(matches!(keeper.end("01", &[]), Err(CopyError::Engine(_))));
    keeper.end("00", &boss()).unwrap();
    assert!(matches!(keeper.write(&place), Err(CopyError::Off)));
    let noted = terminal.ledger().read(|query| query.audit_of("terminal"));
    let noted = noted
        .unwrap()
        .into_iter()
        .filter(|e| e.action == "safety_copies");
    let noted: Vec<_> = noted.map(|entry| (entry.before, entry.after)).collect();
    let by_boss = |to: &str| (Some("00".to_owned()), Some(to.to_owned()));
    assert_eq!(noted, [by_boss("on"), by_boss("off")]);
}

#[test]
fn the_newest_copies_stay_and_other_terminals_are_left_alone() {
    let (device, outside, first) = copied();
    let foreign = outside
        .path()
        .join("voidproof-20000002-00000001-0000000001.voidcopy");
    std::fs::write(&foreign, "another terminal's").unwrap();
    let terminal = device.open();
    let place = FolderPlace(outside.path().to_owned());
    let mut made = vec![first];
    for number in 0..KEPT {
        let name = format!("cashier {number}");
        let new = NewOperator {
            no: format!("1{number}"),
            name,
            role: Role::Cashier,
            pin: None,
        };
        terminal.put_operator("00", &new, &boss()).unwrap();
        let name = terminal.keeper().write(&place).unwrap().name;
        made.push(outside.path().join(name));
    }
    let kept: Vec<bool> = made.iter().map(|file| file.exists()).collect();
    assert_eq!(kept, [false, true, true, true]);
    assert!(foreign.exists());
    let last = terminal.keeper().state().unwrap().last.unwrap();
    assert_eq!(
        last.mark,
        terminal.keeper().mark().unwrap(),
        "nothing changed since"
    );
}

/// A place that fails as it is told.
struct Failing(PlaceError);

impl CopyPlace for Failing {
    fn put(&self, _: &str, _: &Path) -> Result<(), PlaceError> {
        Err(self.0.clone())
    }
    fn names(&self) -> Result<Vec<String>, PlaceError> {
        Err(self.0.clone())
    }
    fn remove(&self, _: &str) -> Result<(), PlaceError> {
        Err(self.0.clone())
    }
}

#[test]
fn a_folder_that_is_gone_or_full_is_told_and_the_last_copy_stands() {
    let (device, outside, file) = copied();
    let terminal = device.open();
    let keeper = terminal.keeper();
    for (fault, code) in [
        (PlaceError::Gone, LocalCode::CopyPlaceGone),
        (PlaceError::Full, LocalCode::CopyPlaceFull),
        (PlaceError::Denied, LocalCode::CopyPlaceDenied),
        (PlaceError::Failed("odd".to_owned()), LocalCode::CopyFailed),
    ] {
        keeper.write(&Failing(fault)).unwrap_err();
        let state = keeper.state().unwrap();
        assert_eq!(state.failed, Some(code));
        assert!(state.failed_at.is_some() && state.last.is_some());
    }
    let nowhere = FolderPlace(outside.path().join("pulled"));
    assert!(matches!(
        keeper.write(&nowhere),
        Err(CopyError::Place(PlaceError::Gone))
    ));
    assert!(!outside.path().join("pulled").exists());
    // The terminal's own disk: a copy never takes the room that sales need.
    *device.disk.0.lock().unwrap() = Some(30 * 1024 * 1024);
    let place = FolderPlace(outside.path().to_owned());
    let full = keeper.write(&place).unwrap_err();
    assert_eq!(full.code(), LocalCode::CopyNoRoom);
    let left = std::fs::read_dir(device.home().root().join("copies")).unwrap();
    assert_eq!(left.count(), 2, "nothing half made is left");
    assert_eq!(look(&file, PASSPHRASE).unwrap(), "898310048140001");
    *device.disk.0.lock().unwrap() = None;
    keeper.write(&place).unwrap();
    assert_eq!(keeper.state().unwrap().failed, None);
}
