//! No bytes stop the acquirer, and none that were not made with its key move money.

use pos_sim::Step;
use proptest::prelude::*;

use crate::desk::Desk;

/// A desk with a sale on the books, and frames of most kinds, ready to be damaged.
fn desk_and_frames() -> (Desk, Vec<Vec<u8>>) {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(1234);
    let drafts = [
        desk.sale(100),
        desk.void_of(&sale, &answer),
        desk.refund_of(&answer, 10),
        sale.reversal(),
        desk.sale(5)
            .without(2)
            .set(22, "022")
            .set(35, "6222020000000007=3012"),
        desk.sale(5)
            .without(2)
            .set(22, "032")
            .set(59, "A30196212345678901234567"),
        desk.sale(5)
            .set(22, "051")
            .set(52, [7; 8])
            .set(53, "2610000000000000"),
    ];
    let frames = drafts.iter().map(|draft| desk.frame(draft)).collect();
    (desk, frames)
}

proptest! {
    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut desk = Desk::new();
        prop_assert_eq!(desk.host.on_frame(&bytes, desk.now), vec![Step::Close]);
    }

    #[test]
    fn random_bodies(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut frame = u16::try_from(body.len() + 15).unwrap().to_be_bytes().to_vec();
        frame.extend_from_slice(&[0x60, 0, 3, 0, 0, 0x60, 0x31, 0, 0x31, 0x13, 0]);
        frame.extend_from_slice(&[0x02, 0x00]);
        frame.extend_from_slice(&[0x70, 0x24]);
        frame.extend_from_slice(&body);
        let mut desk = Desk::signed_in();
        desk.host.on_frame(&frame, desk.now);
        prop_assert_eq!(&desk.ledger()["net"], 0);
    }

    /// One changed byte between the message type and the MAC: nothing is booked.
    #[test]
    fn damaged_frames(which in 0_usize..7, at in any::<prop::sample::Index>(), mask in 1_u8..=255) {
        let (mut desk, frames) = desk_and_frames();
        let mut frame = frames[which].clone();
        let place = 13 + at.index(frame.len() - 13);
        frame[place] ^= mask;
        let steps = desk.host.on_frame(&frame, desk.now);
        prop_assert!(!steps.contains(&Step::Send(Vec::new())));
        prop_assert_eq!(&desk.ledger()["net"], 1234);
        prop_assert_eq!(desk.ledger()["sales"].as_array().unwrap().len(), 1);
    }

    /// A frame that ends early or goes on is no frame.
    #[test]
    fn cut_frames(which in 0_usize..7, keep in 0_usize..200, extra in 1_usize..9) {
        let (mut desk, frames) = desk_and_frames();
        let frame = &frames[which];
        let short = &frame[..keep.min(frame.len() - 1)];
        prop_assert_eq!(desk.host.on_frame(short, desk.now), vec![Step::Close]);
        let long = [frame.as_slice(), &vec![0; extra]].concat();
        prop_assert_eq!(desk.host.on_frame(&long, desk.now), vec![Step::Close]);
    }
}
