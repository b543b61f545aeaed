//! From the profile to what can be done with each rail by code; and the rails' keys, sealed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pos_channels::http::HttpRequest;
use pos_domain::{Amount, Delivery, Lang, LocalCode, NetCode, Rail, SaleStatus};
use pos_engine::desk::{DeskKeyStore, DeskOutside};
use pos_engine::link::tcp::LinkSetupError;
use pos_engine::lost_keys::replace_lost_keys;
use pos_engine::terminal::{
    Opening, Ports, RailState, ShowRequest, Terminal, UndoRequest, WebLinks,
};
use pos_engine::{
    EngineError, Home, Loaded, SetupPorts, SystemClock, SystemRandom, SystemStorage, Vault, set_up,
};
use pos_flows::link::LinkFailure;
use pos_flows::wallet::{WebCall, WebLink};

const SHOP: &str = "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n";
const V2_KEY: &str = "192006250b4c09247ec02edce69f6a2d";

/// A link that never gets a byte out.
struct Dead;

impl WebLink for Dead {
    fn call<'a>(&'a self, _: &'a HttpRequest, _: Duration) -> WebCall<'a> {
        Box::pin(std::future::ready(Err(LinkFailure {
            delivery: Delivery::NotSent,
            code: NetCode::Refused,
        })))
    }

    fn is_verified(&self) -> bool {
        true
    }
}

struct Place {
    folder: tempfile::TempDir,
    clock: Arc<SystemClock>,
}

impl Place {
    fn with(rails: &str) -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(SystemClock::new().unwrap()),
        };
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wallets/keys");
        std::os::unix::fs::symlink(keys, place.folder.path().join("k")).unwrap();
        let store = place.store();
        set_up(
            &place.home(),
            &place.loaded(rails),
            &place.ports(&store),
            "01",
        )
        .unwrap();
        place
    }

    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home"))
    }

    fn loaded(&self, rails: &str) -> Loaded {
        Loaded::from_text(&format!("{SHOP}{rails}"), self.folder.path()).unwrap()
    }

    fn store(&self) -> DeskKeyStore {
        DeskKeyStore::new(&self.home().keys(), Arc::new(SystemRandom))
    }

    fn ports<'a>(&'a self, key_store: &'a DeskKeyStore) -> SetupPorts<'a> {
        SetupPorts {
            clock: self.clock.as_ref(),
            random: Arc::new(SystemRandom),
            key_store,
        }
    }

    fn open(&self, web: WebLinks) -> Result<Terminal, EngineError> {
        let home = self.home();
        let ports = Ports {
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
            outside: Arc::new(DeskOutside::new(&home.keys())),
            storage: Arc::new(SystemStorage(home.root().to_owned())),
            key_store: Arc::new(self.store()),
            link: None,
            web,
            cipher: None,
            edition: None,
        };
        Terminal::open(&home, ports, Opening::Working)
    }
}

fn states(rails: &str) -> Vec<RailState> {
    let links = WebLinks {
        wechat: Some(Arc::new(Dead)),
        ..WebLinks::default()
    };
    Place::with(rails).open(links).unwrap().rails().to_vec()
}

fn needs(
    rails: &str,
) -> (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
) {
    let states = states(rails);
    assert_eq!(states.len(), 1, "{states:?}");
    (
        states[0].codes_need,
        states[0].show_needs,
        states[0].undo_needs,
    )
}

#[test]
fn what_a_rail_lacks_is_named() {
    let ids = "[wechat]\napp_id = \"wx1\"\nmch_id = \"1900\"\n";
    let by_code = format!("{ids}api_key = \"{V2_KEY}\"\n");
    let show = format!(
        "{by_code}notify_url = \"https://shop.example/paid\"\nv3_key = \"k/merchant.pkcs8.pem\"\n\
         v3_serial = \"3A\"\nplatform_public_key = \"k/wallet.crt\"\n"
    );
    let app = "[alipay]\napp_id = \"2021\"\napp_private_key = \"k/merchant.pkcs1.pem\"\n";
    let certificates = "app_cert = \"k/merchant.crt\"\nalipay_cert = \"k/wallet.crt\"\n\
                        root_cert = \"k/roots.pem\"\n";
    for (rails, codes, shows) in [
        (
            "[wechat]\n".to_owned(),
            Some("wechat.app_id"),
            Some("wechat.app_id"),
        ),
        (
            ids.to_owned(),
            Some("wechat.api_key"),
            Some("wechat.api_key"),
        ),
        (by_code.clone(), None, Some("wechat.notify_url")),
        (show.replace("v3_key", "#"), None, Some("wechat.v3_key")),
        // The certificate tells its own serial number; a bare key does not.
        (
            show.replace("wallet.crt", "wallet.pub.pem"),
            None,
            Some("wechat.platform_serial"),
        ),
        (show.clone(), None, None),
        (
            app.to_owned(),
            Some("alipay.alipay_public_key"),
            Some("alipay.alipay_public_key"),
        ),
        (format!("{app}{certificates}"), None, None),
        (
            format!("{app}alipay_public_key = \"k/wallet.pub.pem\"\n"),
            None,
            None,
        ),
        (
            "[unionpay_qr]\n".to_owned(),
            Some("unionpay.host"),
            Some("unionpay_qr.mode"),
        ),
    ] {
        assert_eq!(needs(&rails), (codes, shows, None), "{rails}");
    }
    let real = show.replace(
        "[wechat]",
        "[wechat]\nbase_url = \"https://api.example.com\"",
    );
    assert_eq!(needs(&real), (None, None, Some("wechat.client_cert")));
    let gateway = "[unionpay_qr]\nmode = \"acp\"\nbase_url = \"https://gateway.example\"\n\
                   sign_key = \"k/merchant.pkcs8.pem\"\nsign_cert = \"k/merchant.crt\"\n\
                   root_cert = \"k/wallet.crt\"\n";
    let missing = Some("unionpay_qr.back_url");
    assert_eq!(needs(gateway), (missing, missing, None));
    let whole = format!("{gateway}back_url = \"https://shop.example/back\"\n");
    assert_eq!(states(&whole)[0].rail, Rail::UnionPay);
    assert_eq!(needs(&whole), (None, None, None));
}

#[test]
fn a_wallet_inside_the_process_has_to_be_handed_in() {
    let place = Place::with("[wechat]\nbase_url = \"simulator\"\n");
    let refused = place.open(WebLinks::default()).err();
    assert!(
        matches!(refused, Some(EngineError::Link(LinkSetupError::Simulator))),
        "{refused:?}"
    );
}

/// A rail whose wallet is never reached.
fn wallets_alone() -> (Place, WebLinks) {
    let rails = format!(
        "[wechat]\nbase_url = \"simulator\"\napp_id = \"wx1\"\nmch_id = \"1900\"\n\
         api_key = \"{V2_KEY}\"\nnotify_url = \"https://shop.example/paid\"\n\
         v3_key = \"k/merchant.pkcs8.pem\"\nv3_serial = \"3A\"\n\
         platform_public_key = \"k/wallet.crt\"\n"
    );
    let links = WebLinks {
        wechat: Some(Arc::new(Dead)),
        ..WebLinks::default()
    };
    (Place::with(&rails), links)
}

#[test]
fn i09_a_restored_ledger_of_wallets_alone_is_found_too() {
    let (place, links) = wallets_alone();
    place.open(links.clone()).unwrap();
    let ledger = place.home().root().join("ledger.db");
    let copy = std::fs::read(&ledger).unwrap();
    assert!(!place.open(links.clone()).unwrap().is_restored().unwrap());
    std::fs::write(&ledger, copy).unwrap();
    assert!(place.open(links).unwrap().is_restored().unwrap());
}

#[test]
fn a_terminal_of_wallets_alone_works() {
    let (place, links) = wallets_alone();
    let terminal = place.open(links).unwrap();
    terminal.start_worker().unwrap();
    let asked = ShowRequest {
        rail: Rail::WeChat,
        amount: Amount::from_minor(880).unwrap(),
        request: None,
    };
    let mut told = Vec::new();
    let mut hear = |payment: &pos_engine::terminal::Payment| told.push(payment.stage);
    let patience = Duration::from_secs(5);
    let sale = terminal
        .show("01", &asked, patience, &mut hear, Lang::En)
        .unwrap();
    assert_eq!(sale.view.status, SaleStatus::NotSent, "not one byte left");
    assert!(told.is_empty() && terminal.payments().unwrap().is_empty());
    let id = &sale.view.original.id;
    let void = terminal
        .void("01", id, &UndoRequest::default(), Lang::En)
        .unwrap();
    assert_eq!(void.code, Some(LocalCode::NothingToUndo.into()));
    assert!(terminal.preview_void(id, Lang::En).unwrap().by_refund);
    assert_eq!(
        terminal.sync("01", Duration::ZERO, Lang::En).unwrap().left,
        0
    );
    let other = ShowRequest {
        rail: Rail::Alipay,
        ..asked
    };
    let off = terminal.start_show("01", &other);
    assert!(matches!(off, Err(EngineError::Refused(code)) if code == LocalCode::RailOff.into()));
}

#[test]
fn i09_lost_keys_of_wallets_come_back_from_the_profile() {
    let rails = format!(
        "[wechat]\napi_key = \"{V2_KEY}\"\nv3_key = \"k/merchant.pkcs8.pem\"\n\
         [alipay]\napp_private_key = \"k/merchant.pkcs8.pem\"\n"
    );
    let place = Place::with(&rails);
    let keys = place.home().keys();
    std::fs::remove_file(keys.join("wrap.key")).unwrap();
    let open = |store: &DeskKeyStore| Vault::open(&keys, store, Arc::new(SystemRandom));
    assert!(open(&place.store()).is_err());
    let store = place.store();
    replace_lost_keys(
        &place.home(),
        &place.loaded(&rails),
        &place.ports(&store),
        "01",
        &[],
    )
    .unwrap();
    let vault = open(&place.store()).unwrap();
    let key = vault.get("wechat.api_key").unwrap().unwrap();
    assert_eq!(key.expose(), V2_KEY.as_bytes());
    for name in ["wechat.v3_key", "alipay.app_private_key"] {
        assert!(
            vault
                .get(name)
                .unwrap()
                .unwrap()
                .expose()
                .starts_with(b"-----BEGIN")
        );
    }
}

#[test]
fn while_anything_is_owed_the_merchant_of_a_wallet_stays() {
    let rails = "[wechat]\napp_id = \"wx1\"\nmch_id = \"1900\"\n";
    let place = Place::with(rails);
    let store = place.store();
    let change = |to: &str| {
        set_up(&place.home(), &place.loaded(to), &place.ports(&store), "01")
            .map_err(|e| e.to_string())
    };
    let other = rails.replace("1900", "1901");
    change(&other).unwrap();
    change(rails).unwrap();
    let vault = Vault::open(&place.home().keys(), &store, Arc::new(SystemRandom)).unwrap();
    let ledger = pos_ledger::Ledger::open(pos_ledger::LedgerOptions {
        path: place.home().ledger(),
        sealer: vault.sealer(),
        random: Arc::new(SystemRandom),
    })
    .unwrap();
    let stamp = pos_ledger::Stamp {
        at: pos_domain::ports::Clock::now(place.clock.as_ref()),
        operator: "01".into(),
    };
    ledger
        .write(stamp, |tx| {
            tx.insert_obligation(&pos_ledger::NewObligation {
                id: &tx.new_id('O')?,
                kind: pos_domain::ObligationKind::Query,
                original: None,
                undo: None,
                attempt: None,
                status: pos_domain::ObligationStatus::Owed,
            })
        })
        .unwrap();
    drop(ledger);
    assert_eq!(
        change(&other).unwrap_err(),
        "wechat.mch_id cannot change while 1 items are owed"
    );
    change(rails).unwrap();
}
