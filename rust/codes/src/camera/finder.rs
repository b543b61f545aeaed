//! Finder patterns: along any line through its middle one reads ink, paper, ink, paper, ink in
//! widths 1 : 1 : 3 : 1 : 1.

use super::geometry::{PIXEL, Point};
use super::ink::Ink;

/// How many finder patterns are looked at further.
const MOST: usize = 20;
/// How many places are remembered while a picture is searched.
const PLACES: usize = 200;
/// Modules across a finder pattern.
const MODULES: i64 = 7;

/// A finder pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finder {
    /// Its middle.
    pub(super) centre: Point,
    /// Its width along rows and columns, in sixteenths of a pixel.
    pub(super) size: i64,
    /// How many rows found it.
    seen: i64,
}

/// The finder patterns of a picture, those that most rows found first.
pub(super) fn finders(ink: &Ink) -> Vec<Finder> {
    let mut places: Vec<Finder> = Vec::new();
    for (y, row) in (0..).zip(ink.rows()) {
        let (mut runs, mut end) = ([0; 5], 0);
        for run in row.chunk_by(|a, b| a == b) {
            let length = i64::try_from(run.len()).unwrap_or_default();
            let [_, b, c, d, e] = runs;
            runs = [b, c, d, e, length];
            end += length;
            if run.first() == Some(&1) && is_finder(runs) {
                let middle = end - length - e - d / 2 - d % 2;
                let longest = runs.iter().sum();
                let found = confirmed(ink, middle, y, longest);
                found
                    .into_iter()
                    .for_each(|found| remember(&mut places, found));
            }
        }
    }
    places.sort_by_key(|place| std::cmp::Reverse(place.seen));
    places.truncate(MOST);
    places
}

/// Whether five runs have the widths of a finder pattern, each within half a module and the
/// half pixel by which an edge may be off.
fn is_finder(runs: [i64; 5]) -> bool {
    let total: i64 = runs.iter().sum();
    let fits = |run: i64, modules: i64| {
        let off = (run * MODULES - modules * total).abs();
        2 * off <= modules * total + MODULES
    };
    // Five equal runs of few pixels would pass as well; three modules twice are more than four.
    let [a, b, c, d, e] = runs;
    let thick = 2 * c >= a + b + d + e;
    let mut widths = runs.into_iter().zip([1, 1, 3, 1, 1]);
    total >= MODULES && thick && widths.all(|(run, modules)| fits(run, modules))
}

/// Looks along the column, along the row through the column's middle, and along both diagonals,
/// which noise hardly ever survives.
fn confirmed(ink: &Ink, x: i64, y: i64, longest: i64) -> Option<Finder> {
    let line = |x, y, way| {
        let line = runs_through(ink, x, y, way, longest)?;
        is_finder(line.runs).then_some(line)
    };
    let column = line(x, y, (0, 1))?;
    let y = column.middle.div_euclid(PIXEL);
    let row = line(x, y, (1, 0))?;
    let x = row.middle.div_euclid(PIXEL);
    line(x, y, (1, 1)).and(line(x, y, (1, -1)))?;
    let (width, height): (i64, i64) = (row.runs.iter().sum(), column.runs.iter().sum());
    let alike = 5 * (width - height).abs() <= 2 * (width + height);
    alike.then(|| Finder {
        centre: Point::new(row.middle, column.middle),
        size: (width + height) * PIXEL / 2,
        seen: 1,
    })
}

/// Five runs along a line.
struct Line {
    runs: [i64; 5],
    /// The middle of the third, in sixteenths of a pixel along the line.
    middle: i64,
}

/// Five runs through a pixel that has ink; none when one of them is empty or longer than `longest`.
fn runs_through(ink: &Ink, x: i64, y: i64, (dx, dy): (i64, i64), longest: i64) -> Option<Line> {
    // Three runs from the middle to one side, the first of which begins at the middle.
    let side = |sign: i64| {
        let mut at = 0;
        [true, false, true].map(|colour| {
            let start = at;
            while at - start <= longest
                && ink.at(x + sign * dx * at, y + sign * dy * at) == Some(colour)
            {
                at += 1;
            }
            at - start
        })
    };
    let ([behind, b, a], [ahead, d, e]) = (side(-1), side(1));
    // The middle pixel was counted on both sides.
    let c = behind + ahead - 1;
    // Of use along rows and columns only.
    let place = if dy == 0 { x } else { y };
    let middle = (2 * place + 1 + ahead - behind) * PIXEL / 2;
    let runs = [a, b, c, d, e];
    runs.iter()
        .all(|&run| run > 0)
        .then_some(Line { runs, middle })
}

/// Adds to a place that is already known, or remembers a new one.
fn remember(places: &mut Vec<Finder>, found: Finder) {
    let room = places.len() < PLACES;
    let known = places.iter_mut().find(|place| {
        let way = place.centre - found.centre;
        let near = way.x.abs().max(way.y.abs()) * 4 <= place.size;
        near && (place.size - found.size).abs() * 3 <= place.size
    });
    match known {
        Some(place) => {
            let seen = place.seen;
            let mean = |old: i64, new: i64| (old * seen + new) / (seen + 1);
            place.centre = Point::new(
                mean(place.centre.x, found.centre.x),
                mean(place.centre.y, found.centre.y),
            );
            place.size = mean(place.size, found.size);
            place.seen += 1;
        }
        None if room => places.push(found),
        None => {}
    }
}
