//! A grey picture without gaps, and the same at half the size.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::frame::Frame;

#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
}

impl Grey {
    pub(super) fn of(frame: &Frame<'_>) -> Self {
        let mut pixels = Vec::with_capacity(frame.width() * frame.height());
        frame.rows().for_each(|row| pixels.extend_from_slice(row));
        Self {
            width: frame.width(),
            height: frame.height(),
            pixels,
        }
    }

    /// Each pixel the mean of four; an odd last column or row is left out.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        let mut rows = self.pixels.chunks_exact(self.width.max(1));
        while let (Some(upper), Some(lower)) = (rows.next(), rows.next()) {
            let pairs = upper
                .as_chunks::<2>()
                .0
                .iter()
                .zip(lower.as_chunks::<2>().0);
            pixels.extend(pairs.map(|(&[a, b], &[c, d])| {
                let mean = (u16::from(a) + u16::from(b) + u16::from(c) + u16::from(d)) / 4;
                u8::try_from(mean).unwrap_or(u8::MAX)
            }));
        }
        Self {
            width,
            height,
            pixels,
        }
    }
}
