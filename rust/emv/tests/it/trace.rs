//! The trace of spec qr-and-emv 7, byte for byte.
//!
//! Two bytes of the payment differ on purpose: this terminal always asks for an online cryptogram
//! (bit 8 of the qualifiers' second byte) and sells (9C is 00; the trace drew cash, 01). And the
//! trace's card approved by itself, which is not taken. The payment as printed there has one zero
//! byte more than its own length says; it stands here with that length.

use pos_emv::{
    Application, HolderCheck, Payment, PaymentKind, ReadFailure, Reading, Step, TerminalData,
};

use crate::support::hex;

const DIRECTORY: &str = "6F30840E325041592E5359532E4444463031A51EBF0C1B61194F08A000000333010101500A\
                         50424F432044454249548701019000";
const APPLICATION: &str = "6F4C8408A000000333010101A540500A50424F432044454249548701019F38189F6604\
                           9F02069F03069F1A0295055F2A029A039C019F37045F2D027A689F1101019F120A50424F\
                           432044454249549000";
const OPTIONS: &str = "774F82027C009410080303001005080118010200180404009F360200035713623120010000\
                       0000217D30122206960000000F9F100807010103900000019F26082D3956FFD0DEF08A\
                       5F3401009F6C0200009000";
const PAID: &str = "80A80000238321270000000000000001000000000000000156000000080001561303220111\
                    22334400";

fn terminal() -> TerminalData {
    TerminalData {
        qualifiers: [0x27, 0, 0, 0],
        verification_results: [0, 0, 0, 8, 0],
        applications: Application::unionpay(),
        ..TerminalData::default()
    }
}

fn payment() -> Payment {
    Payment {
        kind: PaymentKind::Sale,
        amount: 100,
        currency: [0x01, 0x56],
        date: [0x13, 0x03, 0x22],
        unpredictable: [0x11, 0x22, 0x33, 0x44],
        counter: [0, 0, 0, 1],
    }
}

fn sent(step: Step) -> Vec<u8> {
    match step {
        Step::Send(command) => command,
        other => panic!("expected a command, got {other:?}"),
    }
}

/// Carries the trace's answers; the records, which it does not show, are empty.
fn play(kind: PaymentKind, options: &[u8]) -> (Vec<Vec<u8>>, Step) {
    let payment = Payment { kind, ..payment() };
    let (mut reading, first) = Reading::start(terminal(), payment);
    assert_eq!(first, hex("00A404000E325041592E5359532E444446303100"));
    let select = sent(reading.answer(&hex(DIRECTORY)));
    assert_eq!(select, hex("00A4040008A00000033301010100"));
    let mut commands = vec![sent(reading.answer(&hex(APPLICATION)))];
    let mut step = reading.answer(options);
    while let Step::Send(command) = step {
        commands.push(command);
        step = reading.answer(&hex("70009000"));
    }
    (commands, step)
}

#[test]
fn the_commands_are_those_of_the_trace() {
    let mut paid = hex(PAID);
    let kind = paid.len() - 6;
    paid[kind] = 0x00;
    paid[8] |= 0x80;
    let (commands, _) = play(PaymentKind::Sale, &hex(OPTIONS));
    assert_eq!(commands[0], paid);
    let records = [
        "030C", "0514", "0614", "0714", "0814", "011C", "021C", "041C",
    ];
    let records: Vec<Vec<u8>> = records
        .iter()
        .map(|at| hex(&format!("00B2{at}00")))
        .collect();
    assert_eq!(commands[1..], records);
}

#[test]
fn the_trace_s_own_approval_is_not_taken() {
    let (_, end) = play(PaymentKind::Sale, &hex(OPTIONS));
    assert!(
        matches!(end, Step::Failed(ReadFailure::ApprovedWithoutHost)),
        "{end:?}"
    );
}

#[test]
fn the_same_card_asking_for_the_host_is_read() {
    let mut options = hex(OPTIONS);
    let history = options
        .windows(4)
        .position(|four| four == [0x01, 0x01, 0x03, 0x90])
        .unwrap();
    options[history + 3] = 0xA0;
    let (_, end) = play(PaymentKind::Sale, &options);
    let Step::Done(read) = end else {
        panic!("{end:?}")
    };
    assert_eq!(
        read.track2.as_str(),
        "6231200100000000217=30122206960000000"
    );
    assert_eq!(read.sequence.as_deref(), Some("000"));
    assert_eq!(read.holder_check, HolderCheck::None);
    assert_eq!(read.application, hex("A000000333010101"));
    let tags = pos_emv::tlv::elements(&read.field55);
    let values: Vec<(u32, Vec<u8>)> = tags
        .map(|element| {
            element
                .map(|found| (found.tag, found.value.to_vec()))
                .unwrap()
        })
        .collect();
    let expected = [
        (0x9F26, "2D3956FFD0DEF08A"),
        (0x9F27, "80"),
        (0x9F10, "07010103A0000001"),
        (0x9F37, "11223344"),
        (0x9F36, "0003"),
        (0x95, "0000000800"),
        (0x9A, "130322"),
        (0x9C, "00"),
        (0x9F02, "000000000100"),
        (0x5F2A, "0156"),
        (0x82, "7C00"),
        (0x9F1A, "0156"),
        (0x9F03, "000000000000"),
        (0x9F33, "E0E9C8"),
        (0x9F34, "1F0002"),
        (0x9F35, "22"),
        (0x9F1E, "3030303030303030"),
        (0x84, "A000000333010101"),
        (0x9F09, "0020"),
        (0x9F41, "00000001"),
    ];
    let expected: Vec<(u32, Vec<u8>)> = expected
        .iter()
        .map(|(tag, value)| (*tag, hex(value)))
        .collect();
    assert_eq!(values, expected);
}
