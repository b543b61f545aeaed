//! Reading of 1280×720 camera frames: codes found at once, found late, and not there at all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    dead_code,
    missing_docs,
    reason = "a benchmark stops at the first surprise and uses part of the tests' scenes"
)]

#[path = "../tests/it/scene.rs"]
mod scene;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pos_codes::picture::{Correction, QrPicture};

use scene::{Look, STRAIGHT, Scene};

fn frames(c: &mut Criterion) {
    let code = QrPicture::of("134650201234567890", Correction::Medium).unwrap();
    let long = QrPicture::of(&"wxp://f2f0".repeat(20), Correction::Medium).unwrap();
    let on_counter = |look| Scene::counter(7).with(&code, look);
    let small = Look {
        module: 2,
        ..STRAIGHT
    };
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
    let scenes = [
        ("found", 1, on_counter(STRAIGHT)),
        ("found, noisy", 1, on_counter(STRAIGHT).noisy(60)),
        ("found, small", 1, on_counter(small)),
        ("found, blurred", 1, on_counter(STRAIGHT).blurred(4)),
        ("found, two", 2, on_counter(left).with(&long, right)),
        ("none", 0, Scene::counter(7)),
        ("none, noisy", 0, Scene::counter(7).noisy(40)),
        ("none, only noise", 0, Scene::plain(128).noisy(120)),
    ];
    let mut group = c.benchmark_group("1280x720");
    for (name, texts, scene) in scenes {
        assert_eq!(scene.read().len(), texts, "{name}");
        group.bench_function(name, |b| b.iter(|| black_box(&scene).read()));
    }
    group.finish();
}

fn pictures(c: &mut Criterion) {
    let text = "weixin://wxpay/bizpayurl?pr=abcdefghij";
    c.bench_function("make a picture", |b| {
        b.iter(|| QrPicture::of(black_box(text), Correction::Medium).unwrap());
    });
}

criterion_group!(benches, frames, pictures);
criterion_main!(benches);
