//! What each edition of the app takes, and whose a ledger is.

use std::path::Path;
use std::sync::Arc;

use pos_engine::counter::{
    CoreState, Counter, CounterPorts, Event, Failure, FileGiven, Observer, ProfileGiven,
};
use pos_engine::desk::DeskKeyStore;
use pos_engine::{Edition, FileOutside, Home, Loaded, SetupPorts, SystemClock, SystemRandom};

use crate::counter::{profile, supervisor};

const REAL: &str = "schema = 1\n[merchant]\nid = \"898310048140001\"\n\
                    [terminal]\nid = \"10000001\"\n";
const WECHAT: &str = "[wechat]\nbase_url = \"https://api.wallet.example\"\n\
                      app_id = \"wx1\"\nmch_id = \"1\"\nv3_serial = \"3A0F55C7D1\"\n\
                      platform_serial = \"PUB_KEY_ID_1\"\nv3_key = \"\"\n\
                      platform_public_key = \"\"\n";

struct Deaf;

impl Observer for Deaf {
    fn on_event(&self, _: Event) {}
}

fn counter(folder: &Path, edition: Edition) -> Counter {
    std::fs::create_dir_all(folder.join("platform")).unwrap();
    let store = DeskKeyStore::new(&folder.join("platform"), Arc::new(SystemRandom));
    let ports = CounterPorts {
        clock: Arc::new(SystemClock::new().unwrap()),
        key_store: Arc::new(store),
        outside: Arc::new(FileOutside::new(&folder.join("outside"))),
        edition,
        link: None,
    };
    Counter::new(Home::at(folder.join("home")), ports, Arc::new(Deaf))
}

fn given(text: &str) -> ProfileGiven {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wallets/keys");
    let names = ["merchant.pkcs8.pem", "wallet.pub.pem"];
    let beside = names.map(|name| FileGiven {
        name: name.to_owned(),
        bytes: pos_engine::Secret::new(std::fs::read(keys.join(name)).unwrap().into()),
    });
    ProfileGiven {
        toml: text.into(),
        beside: beside.to_vec(),
    }
}

/// The line and key at which the live edition refuses a profile; none when it takes it.
fn refused(text: &str) -> Option<(u32, String)> {
    let folder = tempfile::tempdir().unwrap();
    let training = counter(folder.path(), Edition::Training);
    training.check_profile(&given(text)).unwrap();
    let live = counter(folder.path(), Edition::Live);
    match live.check_profile(&given(text)) {
        Ok(summary) => {
            assert!(!summary.training);
            None
        }
        Err(Failure::ProfileInvalid { line, key, .. }) => {
            let done = live.set_up(&given(text), &supervisor());
            assert!(done.is_err(), "taken at set-up: {text}");
            Some((line, key))
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn at(line: u32, key: &str) -> Option<(u32, String)> {
    Some((line, key.to_owned()))
}

#[test]
fn the_live_edition_takes_no_host_that_cannot_be_real() {
    let card = |host: &str| format!("{REAL}[unionpay]\nhost = \"{host}\"\n");
    assert_eq!(refused(&card("simulator")), at(7, "unionpay.host"));
    assert_eq!(refused(&card("localhost:9583")), at(7, "unionpay.host"));
    assert_eq!(refused(&card("127.0.0.1:9583")), at(7, "unionpay.host"));
    let wallet = |url: &str| {
        let key = "api_key = \"5f2d9c81b7e34a06c1d8e9f0a2b3c4d5\"\n";
        format!("{REAL}{WECHAT}{key}").replace("https://api.wallet.example", url)
    };
    for url in ["simulator", "http://127.0.0.1:9680", "https://localhost"] {
        assert_eq!(refused(&wallet(url)), at(7, "wechat.base_url"), "{url}");
    }
    assert_eq!(refused(&wallet("https://api.wallet.example")), None);
    // The default of a key that is not there is this machine.
    let without = wallet("x").replace("base_url = \"x\"\n", "");
    assert_eq!(refused(&without), at(0, "wechat.base_url"));
}

#[test]
fn the_live_edition_takes_no_key_that_anybody_can_read() {
    let v2 = |key: &str| format!("{REAL}{WECHAT}api_key = \"{key}\"\n");
    for published in [
        "192006250b4c09247ec02edce69f6a2d",
        "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb",
        "0123456789abcdef0123456789ABCDEF",
        "abcdef0123456789abcdef0123456789",
    ] {
        assert_eq!(refused(&v2(published)), at(14, "wechat.api_key"));
    }
    let own = "[alipay]\ngateway = \"https://pay.example/gateway.do\"\napp_id = \"1\"\n\
               app_private_key = \"merchant.pkcs8.pem\"\n\
               alipay_public_key = \"wallet.pub.pem\"\n";
    let (_, key) = refused(&format!("{REAL}{own}")).unwrap();
    assert!(key.starts_with("alipay."), "{key}");
}

#[test]
fn each_edition_opens_its_own_ledger_alone() {
    for (mine, other) in [
        (Edition::Live, Edition::Training),
        (Edition::Training, Edition::Live),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let key = "api_key = \"5f2d9c81b7e34a06c1d8e9f0a2b3c4d5\"\n";
        let real = format!("{REAL}{WECHAT}{key}");
        let first = counter(folder.path(), mine);
        let state = first.set_up(&given(&real), &supervisor()).unwrap();
        let CoreState::Ready { terminal } = state else {
            panic!("{state:?}");
        };
        assert_eq!(terminal.training, mine == Edition::Training);
        first.close();
        let second = counter(folder.path(), other);
        let state = second.open().unwrap();
        let CoreState::Broken { failure, owed } = state else {
            panic!("{state:?}");
        };
        assert!(owed, "nobody may clear what may be owed");
        assert!(is_anothers(&failure), "{failure:?}");
        let done = second.set_up(&given(&real), &supervisor());
        assert!(is_anothers(&done.unwrap_err()));
        let again = counter(folder.path(), mine);
        assert!(matches!(again.open(), Ok(CoreState::Ready { .. })));
    }
}

fn is_anothers(failure: &Failure) -> bool {
    matches!(failure, Failure::EditionRefused { key, .. } if key == "app.edition")
}

/// Sets a home up as the command line does: for no edition.
fn set_up_without_edition(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder.join("platform")).unwrap();
    let store = DeskKeyStore::new(&folder.join("platform"), Arc::new(SystemRandom));
    let ports = SetupPorts {
        clock: &SystemClock::new().unwrap(),
        random: Arc::new(SystemRandom),
        key_store: &store,
    };
    let loaded = Loaded::from_text(text, Path::new("")).unwrap();
    pos_engine::set_up(&Home::at(folder.join("home")), &loaded, &ports, "00").unwrap();
}

#[test]
fn a_ledger_that_no_edition_wrote_is_whose_its_profile_says() {
    let real = format!("{REAL}{WECHAT}api_key = \"5f2d9c81b7e34a06c1d8e9f0a2b3c4d5\"\n");
    for (text, mine, other) in [
        (profile(), Edition::Training, Edition::Live),
        (real, Edition::Live, Edition::Training),
    ] {
        let folder = tempfile::tempdir().unwrap();
        set_up_without_edition(folder.path(), &text);
        let state = counter(folder.path(), other).open().unwrap();
        assert!(
            matches!(&state, CoreState::Broken { failure, .. } if is_anothers(failure)),
            "{state:?}"
        );
        let state = counter(folder.path(), mine).open().unwrap();
        assert!(matches!(state, CoreState::NeedsSetUp), "{state:?}");
    }
}

#[test]
fn what_the_live_edition_would_not_take_it_does_not_open_either() {
    let folder = tempfile::tempdir().unwrap();
    let key = "api_key = \"5f2d9c81b7e34a06c1d8e9f0a2b3c4d5\"\n";
    let real = format!("{REAL}{WECHAT}{key}");
    let live = counter(folder.path(), Edition::Live);
    live.set_up(&given(&real), &supervisor()).unwrap();
    live.close();
    // Another program of the same home gives it a host on this machine.
    let moved = real.replace("https://api.wallet.example", "https://localhost");
    set_up_without_edition(folder.path(), &moved);
    let state = counter(folder.path(), Edition::Live).open().unwrap();
    let CoreState::Broken { failure, .. } = state else {
        panic!("{state:?}");
    };
    assert!(
        matches!(&failure, Failure::EditionRefused { key, .. } if key == "wechat.base_url"),
        "{failure:?}"
    );
}
