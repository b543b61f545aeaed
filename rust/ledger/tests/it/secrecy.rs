//! The file's own bytes: no account data, no key, in clear.

use pos_domain::SaleStatus;
use pos_ledger::{DataKey, LateAnswer};

use crate::support::{EXPIRY, Home, PAN, account, attempt, id, sale};

const TRACK: &str = "6222020000000000018=31051010000099900000";
const KEYS: &[u8] = b"\xC0\xFF\xEE\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD";
const PIN_BLOCK: &[u8] = b"\x0C\x12\xAC\x99\x9D\xFF\xFF\xFE";

/// All bytes of the database, its write-ahead log and its index.
fn bytes_of(home: &Home) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(home.folder.path()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// A home in which every kind of secret was stored.
fn home_with_secrets() -> Home {
    let home = Home::new();
    home.write(|tx| {
        let (s1, a1, account) = (id("S1"), id("A1"), account());
        let mut new = sale(&s1, 1_000, SaleStatus::Sending);
        new.account = Some(&account);
        tx.insert_original(&new)?;
        let fields = format!("2={PAN};14={EXPIRY};35={TRACK}");
        let mut sent = attempt(&a1, &s1, "000001");
        sent.fields = fields.as_bytes();
        sent.frame = TRACK.as_bytes();
        tx.insert_attempt(&sent)?;
        let answer = [PAN.as_bytes(), PIN_BLOCK].concat();
        let state = pos_domain::status::AttemptState::Answered;
        tx.close_attempt(&a1, state, None, Some(&answer))?;
        tx.insert_late_answer(&LateAnswer {
            attempt: Some(&a1),
            mti: "0210",
            trace: None,
            code: None,
            checked: false,
            frame: &answer,
        })?;
        tx.add_working_keys(1, KEYS)
    })
    .unwrap();
    home
}

#[test]
fn i11_no_secret_is_in_the_file_or_its_log_in_clear() {
    let home = home_with_secrets();
    let check = |bytes: &[u8]| {
        for secret in [
            PAN.as_bytes(),
            &PAN.as_bytes()[..12],
            TRACK.as_bytes(),
            format!(";{EXPIRY};").as_bytes(),
            format!("14={EXPIRY}").as_bytes(),
            KEYS,
            &KEYS[..8],
            PIN_BLOCK,
            &[1; 32],
        ] {
            assert!(!holds(bytes, secret), "{:02X?}", secret);
        }
        // What may be there is there: the search does find things.
        assert!(holds(bytes, b"622202*********0018"));
        assert!(holds(bytes, b"898310048140001"));
    };
    let wal = std::fs::read(home.folder.path().join("ledger.db-wal")).unwrap();
    check(&wal);
    home.raw()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let database = std::fs::read(home.path()).unwrap();
    check(&database);
    check(&bytes_of(&home));
}

#[test]
fn i11_what_was_sealed_opens_again() {
    let home = home_with_secrets();
    let stored = home.read(|query| query.account(&id("S1"))).unwrap();
    assert_eq!(stored.pan.digits(), PAN);
    assert_eq!(stored.expiry.as_ref().unwrap().yymm(), EXPIRY);
    assert_eq!(stored.sequence.as_deref(), Some("001"));
    assert!(home.read(|query| query.is_card_of(&id("S1"), &account().pan)));
    let fields = home.read(|query| query.attempt_fields(&id("A1")));
    assert!(fields.starts_with(b"2=6222"));
    let answer = home.read(|query| query.attempt_answer(&id("A1"))).unwrap();
    assert!(answer.ends_with(PIN_BLOCK));
    let keys = home.read(|query| query.working_keys(1)).unwrap();
    assert_eq!(keys.as_slice(), KEYS);
    assert_eq!(home.read(|query| query.key_generations()), [1]);
}

#[test]
fn i11_a_sealed_value_moved_to_another_row_does_not_open() {
    let home = home_with_secrets();
    home.write(|tx| tx.insert_original(&sale(&id("S2"), 1_000, SaleStatus::Sending)))
        .unwrap();
    home.sql("UPDATE original SET account = (SELECT account FROM original WHERE id = 'S1')")
        .unwrap();
    assert!(home.ledger.read(|query| query.account(&id("S2"))).is_err());
    assert!(home.ledger.read(|query| query.account(&id("S1"))).is_ok());
}

#[test]
fn i11_debug_and_errors_keep_secrets() {
    let home = home_with_secrets();
    let original = home.read(|query| query.original(&id("S1")));
    let shown = format!("{original:?} {:?} {:?}", account(), DataKey([7; 32]));
    assert!(!shown.contains("622202000000") && !shown.contains(EXPIRY) && !shown.contains("7, 7"));
    home.sql("UPDATE original SET account = x'01'").unwrap();
    let error = home
        .ledger
        .read(|query| query.account(&id("S1")))
        .unwrap_err();
    assert_eq!(error.to_string(), "a sealed value cannot be opened");
}
