//! Codes drawn for the page: the QR and bar codes of slips, and those on a customer's phone.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

/// Widths of bars and spaces of the values of Code 128 (ISO/IEC 15417), then start A to C.
const WIDTHS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
];
const STOP: &str = "2331112";
/// Values that switch to other characters, or begin with them: text, pairs of digits.
const TO_TEXT: usize = 100;
const START_TEXT: usize = 104;
const START_PAIRS: usize = 105;
const MODULUS: usize = 103;
/// Light around a code, in modules.
const QUIET: usize = 4;
const QUIET_BARS: usize = 10;
/// Height of a bar code, in modules.
const BARS_HIGH: usize = 34;

/// A QR code that holds the text, as SVG, one unit a module; None if the text is too long.
pub fn qr(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for (at, module) in code.data.iter().take(code.size * code.size).enumerate() {
        if module.value() {
            bar(
                &mut path,
                at % code.size + QUIET,
                at / code.size + QUIET,
                1,
                1,
            );
        }
    }
    let side = code.size + 2 * QUIET;
    Some(svg(side, side, &path))
}

/// A bar code (Code 128) of the text, as SVG; None unless it is printable ASCII.
pub fn barcode(text: &str) -> Option<String> {
    let mut path = String::new();
    let mut x = QUIET_BARS;
    let symbols = symbols(text)?;
    let widths = symbols
        .iter()
        .filter_map(|symbol| WIDTHS.get(*symbol).copied());
    for widths in widths.chain([STOP]) {
        for (place, width) in widths
            .bytes()
            .map(|digit| usize::from(digit - b'0'))
            .enumerate()
        {
            if place % 2 == 0 {
                bar(&mut path, x, 0, width, BARS_HIGH);
            }
            x += width;
        }
    }
    Some(svg(x + QUIET_BARS, BARS_HIGH, &path))
}

/// Start, text and check value. Digits go in pairs; one digit more goes as text at the end.
fn symbols(text: &str) -> Option<Vec<usize>> {
    let text = text.as_bytes();
    if text.is_empty() || !text.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let as_text = |byte: &u8| usize::from(byte - b' ');
    let mut symbols = Vec::new();
    if text.len() > 1 && text.iter().all(u8::is_ascii_digit) {
        symbols.push(START_PAIRS);
        let (pairs, rest) = text.as_chunks::<2>();
        symbols.extend(
            pairs
                .iter()
                .map(|[a, b]| usize::from((a - b'0') * 10 + (b - b'0'))),
        );
        if !rest.is_empty() {
            symbols.push(TO_TEXT);
            symbols.extend(rest.iter().map(as_text));
        }
    } else {
        symbols.push(START_TEXT);
        symbols.extend(text.iter().map(as_text));
    }
    let weighed = symbols
        .iter()
        .enumerate()
        .map(|(place, symbol)| place.max(1) * symbol);
    symbols.push(weighed.sum::<usize>() % MODULUS);
    Some(symbols)
}

fn bar(path: &mut String, x: usize, y: usize, width: usize, height: usize) {
    // Writing to a string cannot fail.
    let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
}

fn svg(width: usize, height: usize, path: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>\
         <path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_symbol_has_eleven_modules_an_even_number_of_them_dark() {
        let widths = |symbol: &str| {
            symbol
                .bytes()
                .map(|b| usize::from(b - b'0'))
                .collect::<Vec<_>>()
        };
        for symbol in WIDTHS {
            let widths = widths(symbol);
            assert_eq!(widths.iter().sum::<usize>(), 11, "{symbol}");
            assert_eq!(widths.iter().step_by(2).sum::<usize>() % 2, 0, "{symbol}");
        }
        assert_eq!(widths(STOP).iter().sum::<usize>(), 13);
        assert_eq!(BTreeSet::from(WIDTHS).len(), 106, "all differ");
    }

    #[test]
    fn digits_go_in_pairs_and_the_check_value_is_right() {
        // 105 + 1·12 + 2·34 = 185 = 82 (mod 103)
        assert_eq!(symbols("1234").unwrap(), [105, 12, 34, 82]);
        // 105 + 1·12 + 2·100 + 3·19 = 374 = 65 (mod 103)
        assert_eq!(symbols("123").unwrap(), [105, 12, 100, 19, 65]);
        // "PJJ123C" in set B: the check value is 55, as in the standard's usual example in set A.
        let check = symbols("PJJ123C").unwrap().pop();
        assert_eq!(
            check,
            Some((104 + 48 + 2 * 42 + 3 * 42 + 4 * 17 + 5 * 18 + 6 * 19 + 7 * 35) % 103)
        );
        for bad in ["", "中", "a\tb"] {
            assert_eq!(symbols(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_bar_code_is_as_wide_as_its_symbols() {
        let drawn = barcode("134650201234567890").unwrap();
        let modules = 11 * (1 + 9 + 1) + 13 + 2 * QUIET_BARS;
        assert!(
            drawn.contains(&format!("viewBox=\"0 0 {modules} 34\"")),
            "{drawn}"
        );
    }

    #[test]
    fn a_qr_code_has_its_finders_and_light_around() {
        let drawn = qr("https://example.com/").unwrap();
        assert!(
            drawn.contains("viewBox=\"0 0 33 33\""),
            "version 2: {drawn}"
        );
        assert!(
            drawn.contains("M4 4h1v1h-1z") && !drawn.contains("M3 4h1"),
            "{drawn}"
        );
        assert_eq!(qr(&"x".repeat(3000)), None);
    }
}
