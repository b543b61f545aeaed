//! Tells ink from paper: every block of pixels gets a threshold from its neighbourhood.

use super::geometry::Point;
use super::grey::Grey;

/// Pixels along a block's side.
const BLOCK: usize = 8;
/// A neighbourhood reaches this many blocks to each side.
const REACH: usize = 2;
/// Contrast of means below this is no edge but noise.
const FLAT: u32 = 12;
/// A threshold above every pixel.
const ALL_INK: u32 = 256;

/// A picture in two colours.
pub(super) struct Ink {
    width: usize,
    /// 1 for ink, 0 for paper.
    cells: Vec<u8>,
}

/// Light of a block: the darkest and brightest quarter, and the mean of all.
#[derive(Clone, Copy)]
struct Light {
    darkest: u32,
    brightest: u32,
    mean: u32,
}

impl Ink {
    pub(super) fn of(grey: &Grey) -> Self {
        let width = grey.width.max(1);
        let strips = grey.pixels.chunks(width * BLOCK);
        let lights: Vec<Vec<Light>> = strips.clone().map(|s| strip_lights(s, width)).collect();
        let overall = mean(lights.iter().flatten().map(|light| light.mean));
        let mut cells = Vec::with_capacity(grey.pixels.len());
        for (at, strip) in strips.enumerate() {
            let thresholds = thresholds(&lights, at, overall);
            for row in strip.chunks(width) {
                for (pixels, &threshold) in row.chunks(BLOCK).zip(&thresholds) {
                    cells.extend(pixels.iter().map(|&p| u8::from(u32::from(p) < threshold)));
                }
            }
        }
        Self {
            width: grey.width,
            cells,
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.cells.chunks(self.width.max(1))
    }

    /// Some rows and some columns, evenly spread.
    pub(super) fn lines(&self, count: usize) -> impl Iterator<Item = Vec<u8>> {
        let width = self.width.max(1);
        let every_row = (self.cells.len() / width).div_ceil(count).max(1);
        let rows = self.rows().skip(every_row / 2).step_by(every_row);
        let every_column = width.div_ceil(count);
        let columns = (every_column / 2..self.width).step_by(every_column);
        let column = move |x| self.cells.iter().skip(x).step_by(width).copied().collect();
        rows.map(<[u8]>::to_vec).chain(columns.map(column))
    }

    /// Whether there is ink at a pixel; none outside the picture.
    pub(super) fn at(&self, x: i64, y: i64) -> Option<bool> {
        let x = usize::try_from(x).ok().filter(|&x| x < self.width)?;
        let y = usize::try_from(y).ok()?;
        self.cells.get(y * self.width + x).map(|&cell| cell == 1)
    }

    /// Whether there is ink at a point; paper outside the picture.
    pub(super) fn under(&self, point: Point) -> bool {
        let (x, y) = point.pixel();
        self.at(x, y) == Some(true)
    }
}

fn mean(values: impl Iterator<Item = u32>) -> u32 {
    let (sum, count) = values.fold((0, 0), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1)
}

/// The blocks of a strip of rows that is one block high.
fn strip_lights(strip: &[u8], width: usize) -> Vec<Light> {
    const QUARTER: usize = BLOCK / 2;
    let mut sums = vec![[(0, 0); 2]; width.div_ceil(QUARTER)];
    for (y, row) in strip.chunks(width).enumerate() {
        for (column, pixels) in sums.iter_mut().zip(row.chunks(QUARTER)) {
            if let Some((sum, count)) = column.get_mut(y / QUARTER) {
                *sum += pixels.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
                *count += u32::try_from(pixels.len()).unwrap_or_default();
            }
        }
    }
    let blocks = sums.chunks(2);
    blocks
        .map(|block| {
            let quarters = block.iter().flatten().filter(|(_, count)| *count > 0);
            let means = quarters.map(|(sum, count)| sum / count);
            Light {
                darkest: means.clone().min().unwrap_or_default(),
                brightest: means.clone().max().unwrap_or_default(),
                mean: mean(means),
            }
        })
        .collect()
}

/// For each block of a strip: what is darker than this is ink.
fn thresholds(lights: &[Vec<Light>], at: usize, overall: u32) -> Vec<u32> {
    let strips = lights.get(at.saturating_sub(REACH)..lights.len().min(at + REACH + 1));
    let strips = strips.unwrap_or_default();
    // First down the columns, then along the strip: the same light, fewer steps.
    let across = strips.first().map_or(0, Vec::len);
    let columns: Vec<Light> = (0..across)
        .map(|x| together(strips.iter().filter_map(|strip| strip.get(x))))
        .collect();
    let own = lights.get(at).map(Vec::as_slice).unwrap_or_default();
    own.iter()
        .enumerate()
        .map(|(x, block)| {
            let around = columns.get(x.saturating_sub(REACH)..across.min(x + REACH + 1));
            let light = together(around.unwrap_or_default().iter());
            if light.brightest - light.darkest >= FLAT {
                // Between the middle of the range, which specks move, and the mean, which a
                // neighbourhood with little ink moves.
                (light.brightest + light.darkest + 2 * light.mean) / 4
            } else if block.mean < overall {
                ALL_INK
            } else {
                0
            }
        })
        .collect()
}

fn together<'a>(lights: impl Iterator<Item = &'a Light> + Clone) -> Light {
    Light {
        darkest: lights
            .clone()
            .map(|light| light.darkest)
            .min()
            .unwrap_or_default(),
        brightest: lights
            .clone()
            .map(|light| light.brightest)
            .max()
            .unwrap_or_default(),
        mean: mean(lights.map(|light| light.mean)),
    }
}
