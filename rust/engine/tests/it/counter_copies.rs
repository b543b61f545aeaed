//! Safety copies at the counter: made by themselves, and taken over on another device.

use std::sync::Arc;

use pos_engine::copies::FolderPlace;
use pos_engine::counter::{Approval, Change, CoreState, Failure};
use pos_engine::terminal::UpdateReason;

use crate::counter::{PIN, Shop, set_up, shop};

const PASSPHRASE: &str = "a lamp in the rain";
/// Kind, length and 64 KiB, sealed.
const PART: usize = 1 + 4 + 65_536 + 29;

fn boss() -> Approval {
    Approval {
        operator: "00".to_owned(),
        pin: PIN.into(),
    }
}

/// Waits until a copy was made or failed.
fn next_copy(shop: &Shop) {
    loop {
        shop.hear(|change| *change == Change::TerminalChanged);
        let copies = shop.counter.copies().unwrap();
        if copies.failed.is_some() || copies.last.is_some() && !copies.due {
            return;
        }
    }
}

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused { explanation } => explanation.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn copies_are_made_by_themselves_and_another_device_goes_on_from_one() {
    let (folder, card) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let old = set_up(folder.path());
    let weak = old.counter.begin_copies(&"121212121212".into(), &boss());
    assert_eq!(code(weak.unwrap_err()), "local.PASSPHRASE_UNFIT");
    assert!(!old.counter.copies().unwrap().on);
    old.counter
        .begin_copies(&PASSPHRASE.into(), &boss())
        .unwrap();
    // Nobody chose a folder yet.
    let nowhere = old.counter.copy_now().unwrap_err();
    assert_eq!(code(nowhere), "local.COPY_PLACE_GONE");
    let place = FolderPlace(card.path().to_owned());
    old.counter.keep_copies_in(Arc::new(place));
    next_copy(&old);
    old.unsent_sale("r-1");
    assert!(old.counter.copies().unwrap().due);
    let made = old.counter.copy_now().unwrap();
    assert!(made.on && !made.due && made.failed.is_none());
    old.counter.close();

    let mut files: Vec<_> = std::fs::read_dir(card.path()).unwrap().collect();
    files.sort_by_key(|file| file.as_ref().unwrap().file_name());
    let newest = files.pop().unwrap().unwrap().path();
    let newest = newest.to_str().unwrap();
    let device = tempfile::tempdir().unwrap();
    let new = shop(device.path());
    let wrong = new
        .counter
        .look_at_copy(newest, &"a lamp in the snow".into());
    assert_eq!(code(wrong.unwrap_err()), "local.PASSPHRASE_WRONG");
    let facts = new
        .counter
        .look_at_copy(newest, &PASSPHRASE.into())
        .unwrap();
    assert_eq!(facts.name, "示例便利店");
    // Two whole parts of 64 KiB change places behind the head.
    let mut bytes = std::fs::read(newest).unwrap();
    bytes[184..184 + 2 * PART].rotate_left(PART);
    let moved = device.path().join("moved");
    std::fs::write(&moved, bytes).unwrap();
    let said = new
        .counter
        .look_at_copy(moved.to_str().unwrap(), &PASSPHRASE.into());
    assert_eq!(code(said.unwrap_err()), "local.COPY_DAMAGED");
    assert!(matches!(new.counter.open(), Ok(CoreState::NeedsSetUp)));
    let state = new.counter.restore_copy(newest, &PASSPHRASE.into());
    let Ok(CoreState::Ready { terminal }) = state else {
        panic!("{state:?}")
    };
    assert!(terminal.restored);
    assert!(new.counter.verify_ledger().unwrap().ok);
    assert_eq!(
        new.counter.ready_to_update().reason,
        Some(UpdateReason::Restored)
    );
    let again = new.counter.restore_copy(newest, &PASSPHRASE.into());
    assert_eq!(code(again.unwrap_err()), "local.COPY_NOT_NEEDED");
}

#[test]
fn whether_to_update_is_answered_open_or_not_and_without_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let bare = shop(folder.path());
    assert_eq!(bare.counter.ready_to_update().reason, None);
    let open = set_up(folder.path());
    assert_eq!(open.counter.ready_to_update().reason, None);
    open.counter.close();
    assert_eq!(open.counter.ready_to_update().reason, None);
    std::fs::write(folder.path().join("home/ledger.db"), "no ledger").unwrap();
    let reason = open.counter.ready_to_update().reason;
    assert_eq!(reason, Some(UpdateReason::Unreadable));
}
