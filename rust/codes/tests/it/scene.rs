//! Camera frames made by arithmetic: a counter with things on it, and codes laid on it turned,
//! slanted, small, dim, blurred, noisy or partly covered. The same frame on every machine.

use pos_codes::camera::{Frame, read_codes};
use pos_codes::picture::QrPicture;

pub const WIDTH: usize = 1280;
pub const HEIGHT: usize = 720;

/// A frame in the making.
#[derive(Clone)]
pub struct Scene {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// How a code lies in the frame.
#[derive(Clone, Copy)]
pub struct Look {
    pub centre: (i64, i64),
    /// Pixels along a module.
    pub module: i64,
    /// Cosine, sine and their divisor: a Pythagorean triple turns without rounding.
    pub turn: (i64, i64, i64),
    /// How much farther away the upper edge is than the lower one; 0 is straight on.
    pub slant: i64,
    pub paper: u8,
    pub ink: u8,
}

pub const STRAIGHT: Look = Look {
    centre: (640, 360),
    module: 8,
    turn: (1, 0, 1),
    slant: 0,
    paper: 230,
    ink: 25,
};

/// Repeatable numbers (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }
}

fn byte(value: impl TryInto<u8>) -> u8 {
    value.try_into().unwrap_or(u8::MAX)
}

impl Scene {
    pub fn plain(light: u8) -> Self {
        Self {
            width: WIDTH,
            height: HEIGHT,
            pixels: vec![light; WIDTH * HEIGHT],
        }
    }

    /// Light that falls off to one side, and boxes of any shade lying about.
    pub fn counter(seed: u64) -> Self {
        let mut scene = Self::plain(0);
        for (at, pixel) in scene.pixels.iter_mut().enumerate() {
            *pixel = byte(90 + at % WIDTH * 60 / WIDTH + at / WIDTH * 40 / HEIGHT);
        }
        let mut dice = Dice::new(seed);
        let mut to = |limit: usize| usize::try_from(dice.below(limit as u64)).unwrap();
        for _ in 0..60 {
            let size = (10 + to(120), 6 + to(80));
            let (at, shade) = ((to(WIDTH), to(HEIGHT)), byte(to(256)));
            scene.cover(at, size, shade);
        }
        scene
    }

    /// Lays a code on the scene; each pixel is the mean of nine places in it.
    pub fn with(mut self, code: &QrPicture, look: Look) -> Self {
        const QUIET: i64 = 4;
        // Places are counted in 384ths of a pixel.
        const FINE: i64 = 384;
        let side = i64::try_from(code.side()).unwrap();
        let half = (side + 2 * QUIET) * look.module / 2;
        let (cos, sin, divisor) = look.turn;
        let reach = half * 3 / 2 + 2;
        let shade = |across: i64, down: i64| {
            let (x, y) = (across * cos + down * sin, down * cos - across * sin);
            let (x, y) = (x * 64 / divisor, y * 64 / divisor);
            let distance = (4096 + look.slant * y / FINE).max(1024);
            let place = |v: i64| (v * 4096 / distance + half * FINE).div_euclid(look.module * FINE);
            let (x, y) = (place(x) - QUIET, place(y) - QUIET);
            let on_paper = |v| (-QUIET..side + QUIET).contains(&v);
            let dark = usize::try_from(x)
                .ok()
                .zip(usize::try_from(y).ok())
                .is_some_and(|(x, y)| code.is_dark(x, y));
            let shade = if dark { look.ink } else { look.paper };
            (on_paper(x) && on_paper(y)).then_some(i64::from(shade))
        };
        let rows = look.centre.1 - reach..look.centre.1 + reach;
        for y in rows.filter(|y| (0..HEIGHT as i64).contains(y)) {
            let columns = look.centre.0 - reach..look.centre.0 + reach;
            for x in columns.filter(|x| (0..WIDTH as i64).contains(x)) {
                let at = usize::try_from(y * WIDTH as i64 + x).unwrap();
                let below = i64::from(self.pixels[at]);
                let places = (0..9).map(|n| {
                    let (right, down) = (n % 3 * 2 - 2, n / 3 * 2 - 2);
                    let across = (x - look.centre.0) * 6 + right;
                    shade(across, (y - look.centre.1) * 6 + down).unwrap_or(below)
                });
                self.pixels[at] = byte(places.sum::<i64>() / 9);
            }
        }
        self
    }

    fn cover(&mut self, at: (usize, usize), size: (usize, usize), shade: u8) {
        let end = (at.0 + size.0).min(self.width);
        for y in at.1..(at.1 + size.1).min(self.height) {
            self.pixels[y * self.width + at.0..y * self.width + end].fill(shade);
        }
    }

    pub fn covered(mut self, at: (usize, usize), size: (usize, usize)) -> Self {
        self.cover(at, size, 128);
        self
    }

    /// Two passes of a mean over `2 * radius + 1` pixels, across and down.
    pub fn blurred(mut self, radius: usize) -> Self {
        for _ in 0..2 {
            self.smear(self.height, self.width, (self.width, 1), radius);
            self.smear(self.width, self.height, (1, self.width), radius);
        }
        self
    }

    fn smear(&mut self, lines: usize, length: usize, step: (usize, usize), radius: usize) {
        for line in 0..lines {
            let at = |n: usize| line * step.0 + n.min(length - 1) * step.1;
            let before: Vec<usize> = (0..length)
                .map(|n| usize::from(self.pixels[at(n)]))
                .collect();
            let clamped = |n: usize| before[n.saturating_sub(radius).min(length - 1)];
            let mut sum: usize = (0..=2 * radius).map(clamped).sum();
            for n in 0..length {
                self.pixels[at(n)] = byte(sum / (2 * radius + 1));
                sum = sum + clamped(n + 2 * radius + 1) - clamped(n);
            }
        }
    }

    /// Adds noise of up to `most` to each side, small values being likelier.
    pub fn noisy(mut self, most: u64) -> Self {
        let mut dice = Dice::new(5);
        for pixel in &mut self.pixels {
            let bright = u64::from(*pixel) + dice.below(most + 1) + dice.below(most + 1);
            *pixel = byte(bright.saturating_sub(most));
        }
        self
    }

    pub fn dimmed(mut self, divisor: u8) -> Self {
        self.pixels.iter_mut().for_each(|pixel| *pixel /= divisor);
        self
    }

    pub fn mirrored(mut self) -> Self {
        self.pixels.chunks_mut(self.width).for_each(<[u8]>::reverse);
        self
    }

    /// The texts that are read, in order.
    pub fn read(&self) -> Vec<String> {
        let frame = Frame::new(self.width, self.height, self.width, &self.pixels).unwrap();
        let mut texts: Vec<String> = read_codes(&frame)
            .iter()
            .map(|text| text.as_str().to_owned())
            .collect();
        texts.sort();
        texts
    }
}
