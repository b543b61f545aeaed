//! A payment, and the loop that carries bytes between reading and card.

use pos_emv::{CardRead, Payment, PaymentKind, ReadFailure, Reading, Step, TerminalData};

pub fn payment(amount: u64) -> Payment {
    Payment {
        kind: PaymentKind::Sale,
        amount,
        currency: [0x01, 0x56],
        date: [0x26, 0x11, 0x24],
        unpredictable: [0x11, 0x22, 0x33, 0x44],
        counter: [0x00, 0x00, 0x12, 0x34],
    }
}

/// Reads a card that answers by `card`; fails when the reading does not end by itself.
pub fn read_with(
    terminal: TerminalData,
    amount: u64,
    mut card: impl FnMut(&[u8]) -> Vec<u8>,
) -> Result<Box<CardRead>, ReadFailure> {
    let (mut reading, mut command) = Reading::start(terminal, payment(amount));
    for _ in 0..1_000 {
        match reading.answer(&card(&command)) {
            Step::Send(next) => command = next,
            Step::Done(read) => return Ok(read),
            Step::Failed(failure) => return Err(failure),
        }
    }
    panic!("the reading does not end");
}

pub fn read(amount: u64, card: impl FnMut(&[u8]) -> Vec<u8>) -> Result<Box<CardRead>, ReadFailure> {
    read_with(TerminalData::default(), amount, card)
}

pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}
