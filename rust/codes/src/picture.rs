//! Pictures of QR codes, for a screen, a printer or a terminal window.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

/// Modules of light around a code, without which scanners do not find it.
const QUIET: usize = 4;

/// How much of a code may be covered or worn and still be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Correction {
    /// About 7 %.
    Low,
    /// About 15 %: the usual choice for a screen.
    #[default]
    Medium,
    /// About 25 %.
    Quartile,
    /// About 30 %: for a worn print.
    High,
}

/// A text has more bytes than the largest QR code of this correction holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are more than a QR code of this correction holds")]
pub struct TextTooLong {
    /// Bytes of the text.
    pub bytes: usize,
}

/// A QR code as squares of dark and light.
#[derive(Clone, PartialEq, Eq)]
pub struct QrPicture {
    side: usize,
    dark: Vec<bool>,
}

/// A square grey picture, one byte a pixel, 0 black and 255 white, rows without gaps.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// Pixels along a side.
    pub side: usize,
    /// The pixels.
    pub pixels: Vec<u8>,
}

impl QrPicture {
    /// The smallest code that holds a text.
    ///
    /// # Errors
    /// [`TextTooLong`]: at most 2953, 2331, 1663 or 1273 bytes, from low to high correction.
    pub fn of(text: &str, correction: Correction) -> Result<Self, TextTooLong> {
        let level = match correction {
            Correction::Low => ECL::L,
            Correction::Medium => ECL::M,
            Correction::Quartile => ECL::Q,
            Correction::High => ECL::H,
        };
        let bytes = text.len();
        let code = QRBuilder::new(text).ecl(level).build();
        let code = code.map_err(|_| TextTooLong { bytes })?;
        let modules = code.data.iter().take(code.size * code.size);
        Ok(Self {
            side: code.size,
            dark: modules.map(|module| module.value()).collect(),
        })
    }

    /// Modules along a side, 21 to 177, without the light around the code.
    #[must_use]
    pub const fn side(&self) -> usize {
        self.side
    }

    /// Whether a module is dark; light outside the code.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = x < self.side && y < self.side;
        inside && self.dark.get(y * self.side + x) == Some(&true)
    }

    /// Pixels, `module` of them along a module's side (at least one), with light around.
    #[must_use]
    pub fn to_bitmap(&self, module: usize) -> Bitmap {
        let module = module.max(1);
        let side = self.with_quiet() * module;
        let mut pixels = Vec::with_capacity(side * side);
        for y in 0..side {
            let row = (0..side).map(|x| self.in_quiet(x / module, y / module));
            pixels.extend(row.map(|dark| if dark { 0 } else { u8::MAX }));
        }
        Bitmap { side, pixels }
    }

    /// A scalable picture, one unit a module, black on white, with light around.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let all = self.with_quiet();
        let mut path = String::new();
        for (y, row) in self.dark.chunks(self.side).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    let (left, top, width) = (x + QUIET, y + QUIET, run.len());
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {all} {all}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{all}v{all}H0z\"/>\
             <path d=\"{path}\"/></svg>"
        )
    }

    /// Lines of half blocks, two rows of modules a line, for a window with light text on a dark
    /// ground. Each line ends with a line feed.
    #[must_use]
    pub fn to_blocks(&self) -> String {
        let all = self.with_quiet();
        let mut text = String::new();
        for y in (0..all).step_by(2) {
            text.extend((0..all).map(|x| {
                let lower_dark = y + 1 >= all || self.in_quiet(x, y + 1);
                match (self.in_quiet(x, y), lower_dark) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                }
            }));
            text.push('\n');
        }
        text
    }

    const fn with_quiet(&self) -> usize {
        self.side + 2 * QUIET
    }

    /// Whether a module is dark, counted from the corner of the light around the code.
    fn in_quiet(&self, x: usize, y: usize) -> bool {
        let inside = x.checked_sub(QUIET).zip(y.checked_sub(QUIET));
        inside.is_some_and(|(x, y)| self.is_dark(x, y))
    }
}

impl std::fmt::Debug for QrPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrPicture({} modules a side)", self.side)
    }
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({} pixels a side)", self.side)
    }
}
