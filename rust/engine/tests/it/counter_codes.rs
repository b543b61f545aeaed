//! Payment codes at a counter: what a scanned text is, and pictures of codes.

use pos_engine::counter::{CodeKind, Failure, Frame, Means, SaleRequest};
use pos_engine::domain::{Lang, Rail};

use crate::counter::{Shop, set_up};

fn other(shop: &Shop, text: &str) -> (String, String) {
    match shop.counter.recognise(&text.into()).unwrap() {
        CodeKind::Other { explanation } => (explanation.code, explanation.next_step),
        CodeKind::Pays { rail } => panic!("{rail}"),
    }
}

#[test]
fn what_is_no_payment_code_is_refused_with_what_to_scan_instead() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let (code, zh) = other(&shop, "https://qr.alipay.com/fkx01234");
    assert_eq!(code, "local.CODE_UNFIT");
    assert!(zh.contains("付款码"), "{zh}");
    shop.counter.set_language(Lang::En);
    let (_, en) = other(&shop, "https://qr.alipay.com/fkx01234");
    assert!(en.contains("payment code"), "{en}");
    // A right code of a rail that this profile does not have.
    assert_eq!(other(&shop, "134567890123456789").0, "local.RAIL_OFF");

    for means in [
        Means::Code {
            code: "134567890123456789".into(),
        },
        Means::Show { rail: Rail::WeChat },
    ] {
        let told = shop.counter.sell(&SaleRequest {
            request: "r1".to_owned(),
            amount: 880,
            means,
        });
        let Failure::Refused { explanation } = told.unwrap_err() else {
            panic!("sold")
        };
        assert_eq!(explanation.code, "local.RAIL_OFF");
    }
    assert_eq!(shop.counter.sale_of_request("r1").unwrap(), None);
}

/// A picture of modules, `pixels` a module, with light around.
fn drawn(size: usize, dark: &[u8], pixels: usize) -> Frame {
    let side = (size + 8) * pixels;
    let is_dark = |at: usize| {
        let (x, y) = ((at % side) / pixels, (at / side) / pixels);
        let inside = (4..size + 4).contains(&x) && (4..size + 4).contains(&y);
        inside && dark[(y - 4) * size + x - 4] == 1
    };
    let luminance = (0..side * side).map(|at| if is_dark(at) { 20 } else { 230 });
    let length = u32::try_from(side).unwrap();
    Frame {
        luminance: luminance.collect(),
        width: length,
        height: length,
        stride: length,
    }
}

#[test]
fn the_modules_of_a_code_are_read_back_by_the_camera() {
    let folder = tempfile::tempdir().unwrap();
    let shop = set_up(folder.path());
    let text = "weixin://wxpay/bizpayurl?pr=abc123";
    let modules = shop.counter.modules(text).unwrap();
    let size = usize::try_from(modules.size).unwrap();
    assert_eq!(modules.dark.len(), size * size);
    let frame = drawn(size, &modules.dark, 8);
    let found = shop.counter.read_frame(&frame).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].expose(), text.as_bytes());

    let short = Frame {
        height: frame.height + 1,
        ..frame
    };
    for told in [
        shop.counter.read_frame(&short).map(drop),
        shop.counter.modules(&"x".repeat(5_000)).map(drop),
    ] {
        assert!(
            matches!(told, Err(Failure::InputInvalid { .. })),
            "{told:?}"
        );
    }
}
