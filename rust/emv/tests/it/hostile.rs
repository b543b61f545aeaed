//! Cards that lie, stutter or never end. Each reading ends, and none charges anybody.

use pos_emv::simulated::Tag;
use pos_emv::{Place, ReadFailure, Reading, Step, TerminalData};
use proptest::prelude::*;

use crate::support::{hex, payment, read};

fn card() -> Tag {
    Tag::new("6222020000000000000", "3012")
}

/// A good card whose answer to one kind of command is changed.
fn changed(start: &[u8], change: impl Fn(Vec<u8>) -> Vec<u8>) -> ReadFailure {
    let mut tag = card();
    let end = read(100, |command| {
        let answer = tag.transmit(command);
        if command.starts_with(start) {
            change(answer)
        } else {
            answer
        }
    });
    end.unwrap_err()
}

fn swap(answer: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let (from, to) = (hex(from), hex(to));
    assert_eq!(from.len(), to.len());
    let at = answer.windows(from.len()).position(|part| part == from);
    let at = at.expect("the answer has it");
    [&answer[..at], &to, &answer[at + from.len()..]].concat()
}

const PAY: &[u8] = &[0x80, 0xA8];

#[test]
fn another_number_in_the_record_is_a_contradiction() {
    let failure = changed(&[0x00, 0xB2], |_| hex("700C5A0A62229000"));
    assert!(
        matches!(failure, ReadFailure::Unreadable { .. }),
        "{failure:?}"
    );
    let failure = changed(&[0x00, 0xB2], |_| hex("700C5A0A6222020000000000001F9000"));
    assert_eq!(failure, ReadFailure::Contradiction { tag: 0x5A });
}

#[test]
fn a_track_told_twice_and_different_is_a_contradiction() {
    let failure = changed(&[0x00, 0xB2], |_| hex("700B57F99000"));
    assert!(
        matches!(failure, ReadFailure::Unreadable { .. }),
        "{failure:?}"
    );
    let failure = changed(&[0x00, 0xB2], |_| hex("700A570862220200D30122209000"));
    assert_eq!(failure, ReadFailure::Contradiction { tag: 0x57 });
}

#[test]
fn endless_pieces_end() {
    assert_eq!(
        read(100, |_| hex("6100")).unwrap_err(),
        ReadFailure::Endless
    );
    let fat = [vec![0; 250], hex("61FF")].concat();
    let end = read(100, |_| fat.clone()).unwrap_err();
    assert_eq!(end, ReadFailure::TooMuch);
    assert_eq!(
        read(100, |_| hex("6C10")).unwrap_err(),
        ReadFailure::Endless
    );
}

#[test]
fn a_locator_of_countless_or_impossible_records_is_refused() {
    let many = changed(PAY, |answer| swap(answer, "940408010100", "940408014000"));
    assert_eq!(many, ReadFailure::Endless);
    let malformed = ReadFailure::Malformed { tag: 0x94 };
    for bad in [
        "940400010100",
        "940408000100",
        "940408020100",
        "9404F8010100",
    ] {
        assert_eq!(
            changed(PAY, |answer| swap(answer, "940408010100", bad)),
            malformed
        );
    }
}

#[test]
fn a_list_that_asks_for_a_whole_message_is_refused() {
    let list = "6F118408A000000333010102A5059F38029F66";
    let cut = changed(&[0x00, 0xA4, 0x04, 0x00, 0x08], |_| {
        hex(&format!("{list}9000"))
    });
    assert_eq!(
        cut,
        ReadFailure::Unreadable {
            place: Place::Application,
            at: 0
        }
    );
    let long = "6F168408A000000333010102A50A9F38079F66049F4EFF00";
    let long = changed(&[0x00, 0xA4, 0x04, 0x00, 0x08], |_| {
        hex(&format!("{long}9000"))
    });
    assert_eq!(
        long,
        ReadFailure::Unreadable {
            place: Place::Application,
            at: 6
        }
    );
    let long = "6F158408A000000333010102A5099F38069F66049F4EFF9000";
    let long = changed(&[0x00, 0xA4, 0x04, 0x00, 0x08], |_| hex(long));
    assert_eq!(long, ReadFailure::TooMuch);
    let none = "6F0C8408A000000333010102A5009000";
    let none = changed(&[0x00, 0xA4, 0x04, 0x00, 0x08], |_| hex(none));
    assert_eq!(none, ReadFailure::OtherInterface);
}

#[test]
fn without_cryptogram_profile_or_track_nobody_is_charged() {
    let no_cryptogram = changed(PAY, |answer| swap(answer, "9F2608", "9F2508"));
    assert_eq!(no_cryptogram, ReadFailure::NeedsKernel);
    let no_track = changed(PAY, |answer| swap(answer, "5713", "5613"));
    assert_eq!(no_track, ReadFailure::Missing { tag: 0x57 });
    let no_profile = changed(PAY, |answer| swap(answer, "82027C00", "83027C00"));
    assert_eq!(no_profile, ReadFailure::Missing { tag: 0x82 });
    let other_flow = changed(PAY, |answer| swap(answer, "82027C00", "82027C80"));
    assert_eq!(other_flow, ReadFailure::NeedsKernel);
    let bare = changed(PAY, |_| hex("80067C00080101009000"));
    assert_eq!(bare, ReadFailure::NeedsKernel);
    let short = changed(PAY, |_| hex("80017C9000"));
    assert_eq!(short, ReadFailure::Malformed { tag: 0x80 });
    let strange_kind = changed(PAY, |answer| swap(answer, "9F270180", "9F2701C0"));
    assert_eq!(strange_kind, ReadFailure::Malformed { tag: 0x9F27 });
}

#[test]
fn a_card_taken_away_says_so_and_stays_ended() {
    let (mut reading, _) = Reading::start(TerminalData::default(), payment(100));
    assert!(matches!(reading.lost(), Step::Failed(ReadFailure::Gone)));
    assert!(matches!(reading.answer(&hex("9000")), Step::Failed(_)));
}

proptest! {
    /// Whatever bytes come, a reading ends, without panic, and charges nobody: random bytes hold
    /// no track.
    #[test]
    fn any_bytes_end(
        answers in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 1..8),
    ) {
        let mut turn = 0;
        let end = read(100, |_| {
            turn += 1;
            answers[turn % answers.len()].clone()
        });
        prop_assert!(end.is_err());
    }

    /// A good card with one byte changed anywhere never panics and never ends in another number.
    #[test]
    fn one_changed_byte_never_charges_another_card(
        answer in 0_usize..4,
        place in 0_usize..120,
        bit in 0_u8..8,
    ) {
        let mut tag = card();
        let mut turn = 0;
        let end = read(100, |command| {
            let mut bytes = tag.transmit(command);
            if turn == answer && let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << bit;
            }
            turn += 1;
            bytes
        });
        if let Ok(read) = end {
            prop_assert!(read.track2.starts_with("6222020000000000000="));
        }
    }
}
