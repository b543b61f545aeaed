//! Code 128 bars in camera frames; the bars come from an independent encoder.

use std::ops::Range;

use crate::scene::{HEIGHT, Scene, WIDTH};
use crate::support::{vector, vectors};

const FILE: &str = "code128.txt";

/// Lays bars on the counter: `module` pixels a module, with paper around.
fn scene(modules: &str, module: usize, upright: bool) -> Scene {
    let across = if upright { WIDTH } else { HEIGHT };
    scene_over(modules, module, upright, across / 3..across * 2 / 3)
}

/// The same, over some rows or columns only.
fn scene_over(modules: &str, module: usize, upright: bool, over: Range<usize>) -> Scene {
    const QUIET: usize = 10;
    let mut scene = Scene::counter(7);
    let length = (modules.len() + 2 * QUIET) * module;
    let along = if upright { HEIGHT } else { WIDTH };
    assert!(length <= along, "{length} pixels");
    for n in 0..length {
        let bar = (n / module)
            .checked_sub(QUIET)
            .and_then(|at| modules.as_bytes().get(at));
        let shade = if bar == Some(&b'1') { 30 } else { 220 };
        for m in over.clone() {
            let (x, y) = if upright { (m, n) } else { (n, m) };
            scene.pixels[y * WIDTH + x] = shade;
        }
    }
    scene
}

#[test]
fn every_character_is_read() {
    for vector in vectors(FILE) {
        let text = vector.get("text");
        let text = text.replace("<01>", "\u{1}").replace("<1F>", "\u{1F}");
        let modules = vector.get("modules");
        let module = if modules.len() > 300 { 2 } else { 3 };
        assert_eq!(
            scene(modules, module, false).read(),
            [text],
            "{}",
            vector.name
        );
    }
}

#[test]
fn payment_codes_are_read_whichever_way_they_lie() {
    for name in ["wechat", "alipay", "unionpay"] {
        let vector = vector(FILE, name);
        for upright in [false, true] {
            let read = |modules: &str| scene(modules, 3, upright).noisy(20).read();
            assert_eq!(read(vector.get("modules")), [vector.get("text")], "{name}");
            let backwards: String = vector.get("modules").chars().rev().collect();
            assert_eq!(read(&backwards), [vector.get("text")], "{name} backwards");
        }
    }
}

#[test]
fn a_wrong_character_is_noticed_by_the_check_character() {
    let modules = vector(FILE, "wechat").get("modules").to_owned();
    for at in (11..modules.len() - 24).step_by(11) {
        let mut changed = modules.clone();
        let other = if &modules[at..at + 11] == "11011001100" {
            "11001101100"
        } else {
            "11011001100"
        };
        changed.replace_range(at..at + 11, other);
        assert_eq!(scene(&changed, 3, false).read(), [""; 0], "{at}");
    }
}

#[test]
fn one_line_alone_is_not_believed() {
    let modules = vector(FILE, "wechat").get("modules").to_owned();
    assert_eq!(scene_over(&modules, 3, false, 300..310).read(), [""; 0]);
    assert_eq!(scene_over(&modules, 3, false, 300..345).read().len(), 1);
}
