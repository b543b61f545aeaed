//! The boundary from the Rust side: ports that fail, and faults of the core.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_engine::counter::{Change, CoreState, Event, Failure, NewOperator, Role};
use pos_engine::{Edition, Secret};
use pos_ffi::{Clock, ClockReading, Core, KeyStore, Observer, Places, PortFailure};

/// A platform, parts of which can be broken.
#[derive(Default)]
struct Platform {
    no_clock: AtomicBool,
    no_key: AtomicBool,
}

fn failed() -> PortFailure {
    let reason = "not today".to_owned();
    PortFailure::Failed { reason }
}

impl Clock for Platform {
    fn now(&self) -> Result<ClockReading, PortFailure> {
        if self.no_clock.load(Ordering::SeqCst) {
            return Err(failed());
        }
        Ok(ClockReading {
            wall: 1_795_515_600_000,
            since_boot: 1_000,
            boot_id: "boot".to_owned(),
        })
    }
}

impl KeyStore for Platform {
    fn wrap(&self, key: Secret) -> Result<Vec<u8>, PortFailure> {
        Ok(key.expose().iter().map(|byte| !byte).collect())
    }

    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Option<Secret>, PortFailure> {
        let key: Vec<u8> = wrapped.iter().map(|byte| !byte).collect();
        let is_there = !self.no_key.load(Ordering::SeqCst);
        Ok(is_there.then(|| Secret::new(key.into())))
    }
}

struct Ear(Mutex<Sender<Event>>);

impl Observer for Ear {
    fn on_event(&self, event: Event) -> Result<(), PortFailure> {
        let told = self.0.lock().map_err(|_| failed())?.send(event);
        told.map_err(|_| failed())
    }
}

fn core(folder: &Path, platform: &Arc<Platform>) -> (Arc<Core>, Receiver<Event>) {
    let (ear, told) = channel();
    let places = Places {
        home: folder.join("home").to_str().unwrap().to_owned(),
        outside: folder.join("outside").to_str().unwrap().to_owned(),
        edition: Edition::Training,
    };
    let (clock, keys) = (Arc::clone(platform), Arc::clone(platform));
    let core = Core::new(places, clock, keys, Arc::new(Ear(Mutex::new(ear))));
    (core, told)
}

const PROFILE: &str = "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\n\
                       id = \"10000001\"\n[unionpay]\nhost = \"127.0.0.1:1\"\n";

fn set_up(core: &Core) -> CoreState {
    let supervisor = NewOperator {
        number: "00".to_owned(),
        name: "王店长".to_owned(),
        role: Role::Supervisor,
        pin: "824605".into(),
    };
    core.set_up(PROFILE.into(), supervisor).unwrap()
}

#[test]
fn a_new_core_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (core, _told) = core(folder.path(), &Arc::default());
    assert_eq!(core.open().unwrap(), CoreState::NeedsSetUp);
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_platform_without_its_key_breaks_the_home_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Arc::new(Platform::default());
    let (first, _told) = core(folder.path(), &platform);
    assert!(matches!(set_up(&first), CoreState::Ready { .. }));
    first.shutdown();
    platform.no_key.store(true, Ordering::SeqCst);
    let (second, _told) = core(folder.path(), &platform);
    let state = second.open().unwrap();
    let lost = matches!(
        &state,
        CoreState::Broken {
            failure: Failure::KeysLost { .. },
            owed: true
        }
    );
    assert!(lost, "{state:?}");
    platform.no_key.store(false, Ordering::SeqCst);
    assert!(matches!(second.open().unwrap(), CoreState::Ready { .. }));
}

#[test]
fn i09_without_its_clock_the_core_works_on_and_trusts_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Arc::new(Platform::default());
    platform.no_clock.store(true, Ordering::SeqCst);
    let (core, _told) = core(folder.path(), &platform);
    assert!(matches!(set_up(&core), CoreState::Ready { .. }));
    let items = core.self_check().unwrap();
    let time = items.iter().find(|item| item.title == "时间").unwrap();
    assert_eq!(
        time.detail,
        "开机后主机还没有对过时：截止时间不确定，不会过期"
    );
}

#[test]
fn i11_a_fault_is_recorded_without_its_words_and_a_restart_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (core, told) = core(folder.path(), &Arc::default());
    set_up(&core);
    let fault = std::thread::Builder::new().name("pos-fault".to_owned());
    let fault = fault.spawn(|| panic!("PIN 824605")).unwrap();
    assert!(fault.join().is_err());
    loop {
        let event = told.recv_timeout(Duration::from_secs(20)).unwrap();
        if event.change == Change::RestartNeeded {
            assert_eq!(event.sequence, 0);
            break;
        }
    }
    let record = std::fs::read_to_string(folder.path().join("home/crash.log")).unwrap();
    assert!(
        record.contains("pos-fault") && record.contains("main.rs"),
        "{record}"
    );
    assert!(!record.contains("824605"), "{record}");
    core.shutdown();
    assert!(matches!(core.open().unwrap(), CoreState::Ready { .. }));
}
