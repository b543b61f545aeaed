//! What the core adds to the time that a card is held to the reader.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pos_emv::simulated::Tag;
use pos_emv::{Payment, PaymentKind, Reading, Step, TerminalData};

/// One card, first command to field 55; the simulated card's own work is in it.
fn whole_reading(c: &mut Criterion) {
    let payment = Payment {
        kind: PaymentKind::Sale,
        amount: 1_234,
        currency: [0x01, 0x56],
        date: [0x26, 0x11, 0x24],
        unpredictable: [1, 2, 3, 4],
        counter: [0, 0, 0, 1],
    };
    c.bench_function("whole reading", |b| {
        b.iter(|| {
            let mut tag = Tag::new("6222020000000000000", "3012");
            let (mut reading, mut command) = Reading::start(TerminalData::default(), payment);
            loop {
                match reading.answer(&tag.transmit(&command)) {
                    Step::Send(next) => command = next,
                    end => return black_box(end),
                }
            }
        });
    });
}

criterion_group!(benches, whole_reading);
criterion_main!(benches);
