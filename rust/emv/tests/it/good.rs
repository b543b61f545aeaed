//! Cards that can be charged, and honest reasons why others cannot.

use pos_emv::simulated::{Decision, Tag};
use pos_emv::{HolderCheck, Place, ReadFailure, TerminalData};

use crate::support::{hex, read, read_with};

const NUMBER: &str = "6222020000000000000";

fn card() -> Tag {
    Tag::new(NUMBER, "3012")
}

fn held(mut tag: Tag) -> impl FnMut(&[u8]) -> Vec<u8> {
    move |command| tag.transmit(command)
}

#[test]
fn a_small_amount_needs_no_check_and_a_large_one_a_pin() {
    let small = read(99_999, held(card())).unwrap();
    assert_eq!(
        small.track2.as_str(),
        "6222020000000000000=30122206960000000"
    );
    assert_eq!(small.sequence.as_deref(), Some("001"));
    assert_eq!(small.holder_check, HolderCheck::None);
    assert_eq!(
        read(100_000, held(card())).unwrap().holder_check,
        HolderCheck::OnlinePin
    );
}

#[test]
fn a_phone_spares_the_pin_only_where_the_acquirer_allows() {
    let phone = || held(card().in_phone());
    assert_eq!(
        read(100, phone()).unwrap().holder_check,
        HolderCheck::ByDevice
    );
    assert_eq!(
        read(100_000, phone()).unwrap().holder_check,
        HolderCheck::OnlinePin
    );
    let allows = TerminalData {
        device_check_suffices: true,
        ..TerminalData::default()
    };
    let large = read_with(allows, 100_000, phone()).unwrap();
    assert_eq!(large.holder_check, HolderCheck::ByDevice);
}

#[test]
fn answers_in_pieces_and_wrong_lengths_are_put_right() {
    let mut tag = card();
    let mut rest = Vec::new();
    let mut refused_once = false;
    let read = read(100, |command| {
        if command.starts_with(&[0x00, 0xC0]) {
            return std::mem::take(&mut rest);
        }
        if command.starts_with(&[0x00, 0xB2]) && !refused_once {
            refused_once = true;
            return hex("6C20");
        }
        let answer = tag.transmit(command);
        if !command.starts_with(&[0x80, 0xA8]) {
            return answer;
        }
        let (now, later) = answer.split_at(20);
        rest = later.to_vec();
        [now, &[0x61, u8::try_from(later.len()).unwrap()]].concat()
    });
    assert_eq!(
        read.unwrap().track2.as_str(),
        "6222020000000000000=30122206960000000"
    );
    assert!(refused_once);
}

#[test]
fn what_cannot_pay_says_why() {
    let failure = |card: Tag| read(100, held(card)).unwrap_err();
    assert_eq!(
        failure(card().deciding(Decision::Decline)),
        ReadFailure::Declined
    );
    assert_eq!(
        failure(card().deciding(Decision::Approve)),
        ReadFailure::ApprovedWithoutHost
    );
    assert_eq!(failure(Tag::new(NUMBER, "2610")), ReadFailure::Expired);
    assert!(read(100, held(Tag::new(NUMBER, "2611"))).is_ok());
    assert_eq!(
        read(100, |_| hex("6A82")).unwrap_err(),
        ReadFailure::NoPayment
    );
    let none = TerminalData {
        applications: vec![],
        ..TerminalData::default()
    };
    let foreign = read_with(none, 100, held(card())).unwrap_err();
    assert_eq!(foreign, ReadFailure::NotAccepted);
}

#[test]
fn a_locked_phone_is_asked_to_be_unlocked() {
    let mut tag = card();
    let failure = read(100, |command| match command {
        [0x80, 0xA8, ..] => hex("6986"),
        _ => tag.transmit(command),
    });
    let place = Place::Options;
    assert_eq!(
        failure.unwrap_err(),
        ReadFailure::NotReady {
            place,
            status: 0x6986
        }
    );
}

#[test]
fn the_second_application_is_tried_when_the_first_will_not() {
    let mut tag = card();
    let mut selected = Vec::new();
    let entries = "610D4F08A000000333010101870101610D4F08A000000333010102870102";
    let directory = format!("6F21BF0C1E{entries}9000");
    let read = read(100, |command| match command {
        [0x00, 0xA4, _, _, 0x0E, ..] => hex(&directory),
        [0x00, 0xA4, ..] => {
            selected.push(command[12]);
            if command[12] == 0x01 {
                hex("6283")
            } else {
                tag.transmit(command)
            }
        }
        _ => tag.transmit(command),
    });
    assert_eq!(read.unwrap().application, hex("A000000333010102"));
    assert_eq!(selected, [0x01, 0x02]);
}

#[test]
fn nothing_secret_is_shown() {
    let shown = format!("{:?}", read(100, held(card())).unwrap());
    assert!(
        !shown.contains("6222") && !shown.contains("0000000"),
        "{shown}"
    );
}

#[test]
fn an_entry_s_priority_is_its_own_also_when_it_stands_first() {
    // Debit with the second priority, credit with the first; in both the priority comes first.
    let directory = hex("6F21BF0C1E\
         610D8701024F08A000000333010101\
         610D8701014F08A0000003330101029000");
    let mut chosen = Vec::new();
    let ended = read(100, |command| {
        if command.len() == 20 && command.starts_with(&[0x00, 0xA4]) && command[4] == 14 {
            return directory.clone();
        }
        chosen.push(command.to_vec());
        vec![0x6A, 0x82]
    });
    assert!(ended.is_err());
    let names: Vec<_> = chosen.iter().map(|command| command[5..].to_vec()).collect();
    assert_eq!(names.len(), 2);
    assert!(
        names[0].starts_with(&hex("A000000333010102")),
        "{names:02X?}"
    );
}
