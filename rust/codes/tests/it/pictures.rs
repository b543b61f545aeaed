//! Pictures of codes.

use pos_codes::camera::{Frame, read_codes};
use pos_codes::picture::{Correction, QrPicture, TextTooLong};

use Correction::{High, Low, Medium, Quartile};

fn read_back(picture: &QrPicture, module: usize) -> Vec<String> {
    let bitmap = picture.to_bitmap(module);
    let frame = Frame::new(bitmap.side, bitmap.side, bitmap.side, &bitmap.pixels).unwrap();
    let texts = read_codes(&frame);
    texts.iter().map(|text| text.as_str().to_owned()).collect()
}

/// A text of some bytes that is neither digits nor capitals only.
fn text(bytes: usize) -> String {
    let letters = ('a'..='z').chain('0'..='9').cycle();
    letters.take(bytes).collect()
}

#[test]
fn every_size_of_code_is_read_back() {
    let mut sides = Vec::new();
    for bytes in (1..600).step_by(23).chain([900, 1400, 2000, 2331]) {
        let picture = QrPicture::of(&text(bytes), Medium).unwrap();
        assert_eq!(read_back(&picture, 4), [text(bytes)], "{bytes} bytes");
        sides.push(picture.side());
    }
    sides.dedup();
    assert!(sides.len() > 15 && sides.first() == Some(&21) && sides.last() == Some(&177));
}

#[test]
fn every_correction_and_every_kind_of_text_is_read_back() {
    for correction in [Low, Medium, Quartile, High] {
        for text in [
            "134650201234567890",
            "HTTPS://EXAMPLE.COM/A",
            "wxp://f2f0x",
            "最佳运输·北京",
        ] {
            let picture = QrPicture::of(text, correction).unwrap();
            assert_eq!(read_back(&picture, 5), [text], "{correction:?}");
        }
    }
}

#[test]
fn a_text_that_does_not_fit_is_refused() {
    for (correction, most) in [(Low, 2953), (Medium, 2331), (Quartile, 1663), (High, 1273)] {
        assert!(QrPicture::of(&text(most), correction).is_ok());
        let refused = QrPicture::of(&text(most + 1), correction);
        assert_eq!(refused, Err(TextTooLong { bytes: most + 1 }));
    }
}

#[test]
fn all_forms_show_the_same_modules() {
    let picture = QrPicture::of("https://example.com", Medium).unwrap();
    let all = picture.side() + 8;
    let dark = |x: usize, y: usize| x >= 4 && y >= 4 && picture.is_dark(x - 4, y - 4);
    let bitmap = picture.to_bitmap(2);
    assert_eq!((bitmap.side, bitmap.pixels.len()), (2 * all, 4 * all * all));
    let blocks: Vec<Vec<char>> = picture
        .to_blocks()
        .lines()
        .map(|l| l.chars().collect())
        .collect();
    assert_eq!(blocks.len(), all.div_ceil(2));
    let drawn = drawn(&picture.to_svg(), all);
    for y in 0..all {
        for x in 0..all {
            assert_eq!(bitmap.pixels[2 * y * bitmap.side + 2 * x] == 0, dark(x, y));
            let lit = if y % 2 == 0 { "█▀" } else { "█▄" };
            assert_eq!(!lit.contains(blocks[y / 2][x]), dark(x, y), "{x} {y}");
            assert_eq!(drawn[y * all + x], dark(x, y), "{x} {y}");
        }
    }
}

/// The modules that an SVG's black path covers.
fn drawn(svg: &str, all: usize) -> Vec<bool> {
    let mut modules = vec![false; all * all];
    let path = svg
        .split("<path d=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    for stroke in path.split_terminator('z') {
        let numbers = stroke.trim_start_matches('M').split(['h', 'v', ' ']);
        let numbers: Vec<i64> = numbers.map(|n| n.parse().unwrap()).collect();
        let [left, top, width, 1, back] = numbers[..] else {
            panic!("{stroke}");
        };
        assert_eq!(back, -width);
        let start = usize::try_from(top).unwrap() * all + usize::try_from(left).unwrap();
        modules[start..start + usize::try_from(width).unwrap()].fill(true);
    }
    modules
}

#[test]
fn debug_texts_show_no_code() {
    let picture = QrPicture::of("134650201234567890", Medium).unwrap();
    assert_eq!(format!("{picture:?}"), "QrPicture(21 modules a side)");
    assert_eq!(
        format!("{:?}", picture.to_bitmap(1)),
        "Bitmap(29 pixels a side)"
    );
}
