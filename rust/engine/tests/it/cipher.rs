//! The key pad in software against published vectors.

use pos_domain::ports::{Cipher, CipherError};
use pos_domain::{Pan, Pin};
use pos_engine::{Loaded, Secret, SoftCipher};
use pos_iso8583::security::{CupEcb, KeyMode, MacAlgorithm, X9_9, encrypt_ecb, kcv};
use pos_iso8583::security::{Family, encrypt_track, encrypted_pin_block};
use zeroize::Zeroizing;

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// The published sign-in answer with its master, PIN and MAC key (spec unionpay-8583, TV-C).
const TMK: &str = "CA5D92598DCA48CE8A4C76361A9269E9";
const F62: &str =
    "6701EAD6A9AD51E51AA406E2C27FCFA9 8D0A74B8 B651F9E9BACE9AE1 0000000000000000 AB7153CA";
const PIK: &str = "807A23AD32B36D457AE91FDF927570EA";
const MAK: &str = "5BB5C72CD00B7338";

fn double() -> SoftCipher {
    let master = unhex(TMK).try_into().unwrap();
    SoftCipher::new(&master, KeyMode::Double, &CupEcb)
}

#[test]
fn keys_of_a_generation_make_its_macs_and_pin_blocks() {
    let cipher = double();
    assert_eq!(cipher.mac(1, b"x"), Err(CipherError::NoKey));
    cipher.load_working_keys(1, &unhex(F62)).unwrap();
    assert_eq!(
        cipher.mac(1, b"0200"),
        Ok(CupEcb.mac(&unhex(MAK), b"0200").unwrap())
    );
    assert_eq!(cipher.mac(2, b"0200"), Err(CipherError::NoKey));
    let pin = Pin::parse("123456").unwrap();
    let pan = Pan::parse("4111111111111111").unwrap();
    let expected = encrypted_pin_block(Family::Des, &unhex(PIK), "123456", Some(pan.digits()));
    assert_eq!(cipher.pin_block(1, &pin, Some(&pan)), Ok(expected.unwrap()));
    assert_eq!(
        cipher.encrypt_track(1, "4111111111111111=30121010000"),
        Ok(None)
    );
}

#[test]
fn a_wrong_check_value_or_length_keeps_no_key() {
    let cipher = double();
    for at in [16, 36] {
        let mut wrong = unhex(F62);
        wrong[at] ^= 1;
        assert_eq!(
            cipher.load_working_keys(1, &wrong),
            Err(CipherError::CheckValue)
        );
    }
    for length in [0, 24, 39, 60] {
        let wrong = vec![0; length];
        assert_eq!(
            cipher.load_working_keys(1, &wrong),
            Err(CipherError::Length)
        );
    }
    assert_eq!(cipher.mac(1, b"x"), Err(CipherError::NoKey));
}

#[test]
fn old_generations_stay_until_there_are_too_many() {
    let cipher = double();
    for generation in 1..=17 {
        cipher.load_working_keys(generation, &unhex(F62)).unwrap();
    }
    assert_eq!(cipher.mac(1, b"x"), Err(CipherError::NoKey));
    assert!(cipher.mac(2, b"x").is_ok() && cipher.mac(17, b"x").is_ok());
}

#[test]
fn the_track_mode_encrypts_tracks() {
    let (master, tdk) = (unhex(TMK), unhex("0123456789ABCDEFFEDCBA9876543210"));
    let mut f62 = unhex(F62);
    f62.extend(encrypt_ecb(Family::Des, &master, &tdk).unwrap().iter());
    f62.extend(&kcv(Family::Des, &tdk).unwrap()[..4]);
    let cipher = SoftCipher::new(&master.try_into().unwrap(), KeyMode::DoubleTrack, &X9_9);
    cipher.load_working_keys(3, &f62).unwrap();
    let track = "1234567890123456789=0508201781999168302";
    let encrypted = cipher.encrypt_track(3, track).unwrap().unwrap();
    let expected = encrypt_track(track.as_bytes(), &tdk).unwrap();
    assert_eq!(encrypted.as_bytes(), expected.as_slice());
    assert_eq!(cipher.encrypt_track(3, "1=2"), Err(CipherError::Device));
    assert_eq!(
        cipher.mac(3, b"0200"),
        Ok(X9_9.mac(&unhex(MAK), b"0200").unwrap())
    );
}

#[test]
fn i11_the_profile_gives_mode_algorithm_and_key_and_nothing_shows_it() {
    let text = format!(
        "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n\
         [unionpay]\nhost = \"simulator\"\ntmk = \"{TMK}\"\n"
    );
    let loaded = Loaded::from_text(&text, std::path::Path::new("")).unwrap();
    let unionpay = loaded.profile.unionpay.unwrap();
    let tmk = loaded.secrets.get("unionpay.tmk").unwrap();
    let cipher = SoftCipher::from_profile(&unionpay, tmk).unwrap();
    cipher.load_working_keys(1, &unhex(F62)).unwrap();
    assert_eq!(cipher.mac(1, b"0200"), double_mac());
    assert_eq!(format!("{cipher:?}"), "SoftCipher(Double, cup-ecb)");
    let short = Secret::new(Zeroizing::new(b"0123".to_vec()));
    assert!(SoftCipher::from_profile(&unionpay, &short).is_err());
}

fn double_mac() -> Result<[u8; 8], CipherError> {
    let cipher = double();
    cipher.load_working_keys(9, &unhex(F62))?;
    cipher.mac(9, b"0200")
}
