//! The home folder and its one writer.

use std::os::unix::fs::PermissionsExt;

use pos_engine::{Home, HomeError};

#[test]
fn only_one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path().join("a/b"));
    home.create().unwrap();
    home.create().unwrap();
    let lock = home.lock().unwrap();
    assert_eq!(
        home.lock().unwrap_err(),
        HomeError::InUse(home.root().to_owned())
    );
    drop(lock);
    assert!(home.lock().is_ok());
}

#[test]
fn a_home_is_its_owners_alone_and_says_when_it_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path().join("home"));
    assert!(matches!(home.lock(), Err(HomeError::File(_))));
    home.create().unwrap();
    for path in [home.root().to_owned(), home.keys()] {
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
    assert_eq!(home.check(), Err(HomeError::Empty(home.root().to_owned())));
    std::fs::write(home.ledger(), b"").unwrap();
    assert_eq!(home.check(), Ok(()));
}
