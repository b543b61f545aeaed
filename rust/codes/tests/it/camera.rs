//! Codes in camera frames.

use pos_codes::camera::{Frame, FrameError, read_codes};
use pos_codes::picture::{Correction, QrPicture};
use proptest::prelude::*;

use crate::scene::{Dice, Look, STRAIGHT, Scene};
use crate::support::vector;

const CODE: &str = "134650201234567890";

fn picture(text: &str) -> QrPicture {
    QrPicture::of(text, Correction::Medium).unwrap()
}

fn shop_code() -> String {
    vector("merchant.txt", "M5").get("text").to_owned()
}

/// A payment code on the counter.
fn payment(look: Look) -> Scene {
    Scene::counter(7).with(&picture(CODE), look)
}

fn assert_reads(name: &str, scene: &Scene) {
    assert_eq!(scene.read(), [CODE], "{name}");
}

#[test]
fn turned_by_any_angle() {
    let turns = [
        (1, 0, 1),
        (12, 5, 13),
        (4, 3, 5),
        (20, 21, 29),
        (3, 4, 5),
        (0, 1, 1),
        (-4, 3, 5),
        (-1, 0, 1),
        (-12, -5, 13),
        (0, -1, 1),
        (20, -21, 29),
    ];
    for turn in turns {
        assert_reads(&format!("{turn:?}"), &payment(Look { turn, ..STRAIGHT }));
    }
}

#[test]
fn near_and_far() {
    for module in [2, 3, 4, 6, 12, 20] {
        assert_reads(
            &format!("{module} pixels"),
            &payment(Look { module, ..STRAIGHT }),
        );
        let turn = (12, 5, 13);
        if module > 2 {
            let look = Look {
                module,
                turn,
                ..STRAIGHT
            };
            assert_reads(&format!("{module} pixels, turned"), &payment(look));
        }
    }
}

#[test]
fn seen_from_the_side() {
    for slant in [3, 5] {
        for turn in [(1, 0, 1), (12, 5, 13), (20, 21, 29), (3, 4, 5), (0, 1, 1)] {
            let look = Look {
                slant,
                turn,
                ..STRAIGHT
            };
            assert_reads(&format!("{slant} {turn:?}"), &payment(look));
        }
    }
    let steep = Look {
        slant: 9,
        ..STRAIGHT
    };
    assert_reads("steep", &payment(steep));
}

#[test]
fn mirrored_as_by_a_front_camera() {
    assert_reads("mirrored", &payment(STRAIGHT).mirrored());
}

#[test]
fn blurred() {
    for radius in 1..=4 {
        assert_reads(
            &format!("radius {radius}"),
            &payment(STRAIGHT).blurred(radius),
        );
    }
}

#[test]
fn noisy() {
    for most in [20, 60, 120] {
        assert_reads(&format!("noise {most}"), &payment(STRAIGHT).noisy(most));
        let small = Look {
            module: 4,
            ..STRAIGHT
        };
        assert_reads(
            &format!("small, noise {most}"),
            &payment(small).noisy(most.min(80)),
        );
    }
}

#[test]
fn dim_and_pale() {
    for divisor in [2, 6, 12] {
        assert_reads(
            &format!("1/{divisor}"),
            &payment(STRAIGHT).dimmed(divisor).noisy(4),
        );
    }
    let pale = Look {
        paper: 120,
        ink: 90,
        ..STRAIGHT
    };
    assert_reads("pale", &payment(pale).noisy(6));
}

#[test]
fn partly_covered() {
    for (at, size) in [
        ((640, 360), (32, 16)),
        ((730, 400), (20, 24)),
        ((610, 330), (24, 24)),
    ] {
        assert_reads(&format!("{at:?}"), &payment(STRAIGHT).covered(at, size));
    }
    let worn = QrPicture::of(CODE, Correction::High).unwrap();
    let scene = Scene::counter(7)
        .with(&worn, STRAIGHT)
        .covered((620, 340), (44, 44));
    assert_reads("worn", &scene);
}

#[test]
fn covered_too_much_gives_nothing_rather_than_something_else() {
    for y in [300, 340, 380] {
        let scene = payment(STRAIGHT).covered((560, y), (160, 60));
        assert_eq!(scene.read(), [""; 0], "{y}");
    }
}

#[test]
fn a_long_code_with_chinese_text() {
    for module in [4, 6, 8] {
        let look = Look {
            module,
            turn: (12, 5, 13),
            slant: 2,
            ..STRAIGHT
        };
        let scene = Scene::counter(3).with(&picture(&shop_code()), look);
        assert_eq!(scene.read(), [shop_code()], "{module}");
    }
}

#[test]
fn a_large_code_seen_from_the_side() {
    let text = "https://example.com/".repeat(15);
    for turn in [(1, 0, 1), (12, 5, 13)] {
        let look = Look {
            module: 6,
            turn,
            slant: 3,
            ..STRAIGHT
        };
        let scene = Scene::counter(3).with(&picture(&text), look);
        assert_eq!(scene.read(), [text.as_str()], "{turn:?}");
    }
}

#[test]
fn two_codes_give_two_texts_and_the_same_twice_gives_one() {
    let left = Look {
        centre: (350, 360),
        ..STRAIGHT
    };
    let right = Look {
        centre: (900, 360),
        module: 6,
        turn: (4, 3, 5),
        ..STRAIGHT
    };
    let scene = payment(left).with(&picture(&shop_code()), right);
    assert_eq!(scene.read(), [shop_code(), CODE.to_owned()]);
    assert_reads("twice", &payment(left).with(&picture(CODE), right));
}

#[test]
fn nothing_to_read() {
    let chequered = {
        let mut scene = Scene::plain(20);
        for (at, pixel) in scene.pixels.iter_mut().enumerate() {
            let odd = (at % scene.width / 6 + at / scene.width / 6) % 2 == 1;
            *pixel = if odd { 220 } else { 20 };
        }
        scene
    };
    for (name, scene) in [
        ("counter", Scene::counter(7)),
        ("noisy counter", Scene::counter(7).noisy(40)),
        ("black", Scene::plain(0)),
        ("white", Scene::plain(255)),
        ("noise", Scene::plain(128).noisy(120)),
        ("chequered", chequered),
    ] {
        assert_eq!(scene.read(), [""; 0], "{name}");
    }
}

#[test]
fn rows_may_be_longer_than_the_picture() {
    let bitmap = picture(CODE).to_bitmap(4);
    let (side, stride) = (bitmap.side, bitmap.side + 37);
    let mut bytes = Vec::new();
    for row in bitmap.pixels.chunks(side) {
        bytes.extend_from_slice(row);
        bytes.resize(bytes.len().next_multiple_of(stride), 99);
    }
    // A camera's last row may end with its last pixel.
    bytes.truncate(stride * (side - 1) + side);
    let frame = Frame::new(side, side, stride, &bytes).unwrap();
    assert_eq!(read_codes(&frame)[0].as_str(), CODE);

    let short = Frame::new(side, side, stride, &bytes[1..]).unwrap_err();
    let (needed, found) = (bytes.len(), bytes.len() - 1);
    assert_eq!(short, FrameError::Short { needed, found });
}

#[test]
fn the_smallest_frames_hold_nothing() {
    for (width, height) in (1..20).flat_map(|w| (1..20).map(move |h| (w, h))) {
        let bytes = vec![7; width * height];
        let frame = Frame::new(width, height, width, &bytes).unwrap();
        assert_eq!(read_codes(&frame), [], "{width} by {height}");
    }
}

#[test]
fn sizes_that_are_no_frame_are_refused() {
    let bytes = [0; 64];
    let error = |w, h, stride| Frame::new(w, h, stride, &bytes).unwrap_err();
    assert_eq!(
        error(0, 8, 8),
        FrameError::Size {
            width: 0,
            height: 8
        }
    );
    assert_eq!(
        error(8, 0, 8),
        FrameError::Size {
            width: 8,
            height: 0
        }
    );
    assert_eq!(
        error(1, 4097, 1),
        FrameError::Size {
            width: 1,
            height: 4097
        }
    );
    assert_eq!(
        error(8, 8, 7),
        FrameError::Stride {
            stride: 7,
            width: 8
        }
    );
    assert!(matches!(
        error(2, 4096, usize::MAX),
        FrameError::Short { found: 64, .. }
    ));
}

#[test]
fn a_text_from_a_frame_masks_itself() {
    let bitmap = picture(CODE).to_bitmap(4);
    let frame = Frame::new(bitmap.side, bitmap.side, bitmap.side, &bitmap.pixels).unwrap();
    assert_eq!(format!("{:?}", read_codes(&frame)), "[ScannedText(…)]");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_frame_without_a_panic(
        width in 1usize..90,
        height in 1usize..90,
        more in 0usize..9,
        seed in any::<u64>(),
        shades in 1u64..256,
    ) {
        let stride = width + more;
        let mut dice = Dice::new(seed);
        let bytes: Vec<u8> = (0..stride * height)
            .map(|_| u8::try_from(dice.below(shades) * (255 / shades)).unwrap())
            .collect();
        let _ = read_codes(&Frame::new(width, height, stride, &bytes).unwrap());
    }

    #[test]
    fn a_damaged_code_is_read_right_or_not_at_all(
        text in "[ -~]{1,60}",
        seed in any::<u64>(),
        strokes in 0usize..60,
    ) {
        let mut bitmap = picture(&text).to_bitmap(3);
        let mut dice = Dice::new(seed);
        for _ in 0..strokes {
            let at = usize::try_from(dice.below(bitmap.pixels.len() as u64)).unwrap();
            let shade = u8::try_from(dice.below(2)).unwrap() * 255;
            let (x, side) = (at % bitmap.side, bitmap.side);
            bitmap.pixels[at..at + 6.min(side - x)].fill(shade);
        }
        let frame = Frame::new(bitmap.side, bitmap.side, bitmap.side, &bitmap.pixels).unwrap();
        for found in read_codes(&frame) {
            prop_assert_eq!(found.as_str(), &text);
        }
    }
}
