//! From three corners to a text: size of the grid, its fourth corner, its modules.

use rqrr::{Grid, SimpleGrid};
use zeroize::Zeroizing;

use super::geometry::{PIXEL, Perspective, Point};
use super::ink::Ink;
use super::triple::Triple;

/// Modules along the sides of the smallest and the largest code.
const SMALLEST: i64 = 21;
const LARGEST: i64 = 177;
/// Modules from a finder pattern's middle to the code's edge, times two.
const MARGIN_2: i64 = 7;
/// The same from the middle of the last alignment pattern.
const ALIGNMENT_2: i64 = 13;
/// Parts of a module in the grid's own coordinates.
const PARTS: i64 = 4;
/// One, where ratios are kept in integers.
const ONE: i64 = 1 << 12;
/// How many of the 25 modules of an alignment pattern must be right.
const ALIKE: usize = 20;
/// How many parts of ten of the timing patterns must be right before a grid is read.
const TIMING: i64 = 7;

/// Reads the code at three corners. `budget` counts down the modules of the grids that are read.
pub(super) fn read(ink: &Ink, triple: &Triple, budget: &mut i64) -> Option<String> {
    let legs = Legs::of(ink, triple);
    legs.sides().into_iter().find_map(|side| {
        let plane = |fourth| plane(triple, side, fourth);
        let fits = |plane: &Perspective| timing(ink, plane, side) >= TIMING;
        // The timing patterns lie between the corners, where the fourth point moves little.
        let corner = Fourth::corner(triple, &legs);
        let seen = plane(corner).filter(fits)?;
        let aligned = (side > SMALLEST)
            .then(|| Fourth::alignment(ink, &seen, side))
            .flatten();
        let places = corner.places(triple, side, aligned);
        places.into_iter().find_map(|fourth| {
            let plane = plane(fourth).filter(fits)?;
            *budget -= side * side;
            (*budget >= 0).then(|| decode(ink, &plane, side)).flatten()
        })
    })
}

/// The ways from the corner at the right angle to its neighbours.
struct Legs {
    /// Lengths, in sixteenths of a pixel.
    lengths: [i64; 2],
    /// For each way, the widths of the finder patterns at its beginning and at its end, along it.
    widths: [(i64, i64); 2],
}

impl Legs {
    fn of(ink: &Ink, triple: &Triple) -> Self {
        let [corner, right, lower] = triple.corners;
        let ends = [right, lower];
        Self {
            lengths: ends.map(|end| (end - corner).length()),
            widths: ends.map(|end| {
                let width = |from, to| across(ink, from, to, triple).max(1);
                (width(corner, end), width(end, corner))
            }),
        }
    }

    /// The likely numbers of modules along a side, the likeliest first.
    fn sides(&self) -> Vec<i64> {
        let legs = self.lengths.into_iter().zip(self.widths);
        let twice: i64 = legs.map(|(length, (a, b))| 14 * length / (a + b)).sum();
        let modules = twice / 2 + 7;
        // Sides are 17 + 4n.
        let nearest = (modules - 17 + 2).div_euclid(4) * 4 + 17;
        let second = if modules < nearest {
            nearest - 4
        } else {
            nearest + 4
        };
        let all = [nearest, second, 2 * nearest - second].into_iter();
        all.filter(|side| (SMALLEST..=LARGEST).contains(side))
            .collect()
    }

    /// How much farther away the end of each way is than its beginning, in [`ONE`]ths. Along a
    /// line seen in perspective, widths shrink with the square of the distance.
    fn distances(&self) -> [i64; 2] {
        self.widths.map(|(near, far)| {
            let distance = (near * ONE * ONE / far).isqrt();
            distance.clamp(ONE * 2 / 3, ONE * 3 / 2)
        })
    }
}

/// The width of the finder pattern at `centre` along the line towards `other`, in sixteenths of
/// a pixel.
fn across(ink: &Ink, centre: Point, other: Point, triple: &Triple) -> i64 {
    let way = other - centre;
    let length = way.length().max(1);
    let edge = |sign: i64| {
        let mut colour = true;
        let mut left = 3;
        // In half pixels, up to twice the width that was seen along rows.
        (1..triple.size * 2 / PIXEL * 2).find_map(|step| {
            let far = step * PIXEL / 2;
            let here = ink.under(centre + way.scaled(sign * far, length));
            if here != colour {
                colour = here;
                left -= 1;
            }
            (left == 0).then_some(far)
        })
    };
    match (edge(1), edge(-1)) {
        (Some(ahead), Some(behind)) => ahead + behind,
        (Some(one), None) | (None, Some(one)) => 2 * one,
        (None, None) => triple.size,
    }
}

/// The point that fixes the perspective, beside the three corners.
#[derive(Clone, Copy)]
struct Fourth {
    /// Its place in the picture.
    place: Point,
    /// Its distance from the right and lower edges, in half modules.
    inset_2: i64,
}

impl Fourth {
    /// Opposite the right angle, as the distances of the three corners foretell it: points times
    /// distances complete a parallelogram.
    fn corner(triple: &Triple, legs: &Legs) -> Self {
        let [corner, right, lower] = triple.corners;
        let [to_right, to_lower] = legs.distances();
        let sum = right.scaled(to_right, 1) + lower.scaled(to_lower, 1) - corner.scaled(ONE, 1);
        Self {
            place: sum.scaled(1, to_right + to_lower - ONE),
            inset_2: MARGIN_2,
        }
    }

    /// Places worth a try: the alignment pattern, and what lies around the foretold corner, near
    /// ones first. Without an alignment pattern more of them are needed.
    fn places(self, triple: &Triple, side: i64, aligned: Option<Self>) -> Vec<Self> {
        let reach = if aligned.is_some() { 0 } else { 2 };
        let [corner, right, lower] = triple.corners;
        let whole = side - 7;
        let around = around(reach).map(|(x, y)| {
            let moved = (right - corner).scaled(x, whole) + (lower - corner).scaled(y, whole);
            Self {
                place: self.place + moved,
                ..self
            }
        });
        let flat = Self {
            place: right + lower - corner,
            ..self
        };
        aligned.into_iter().chain(around).chain([flat]).collect()
    }

    /// The last alignment pattern: ink in the middle, a ring of paper, a ring of ink. `seen` says
    /// where it should be.
    fn alignment(ink: &Ink, seen: &Perspective, side: i64) -> Option<Self> {
        // Half modules that are searched to each side, and those that one pattern may fill.
        const REACH_2: i64 = 10;
        const SAME_2: i64 = 2;
        let middle_2 = 2 * side - ALIGNMENT_2;
        let at = |x: i64, y: i64| seen.of(PARTS / 2 * (middle_2 + x), PARTS / 2 * (middle_2 + y));
        let likeness = |x: i64, y: i64| {
            let right = (0..25i64).filter(|n| {
                let (right, down) = (n % 5 - 2, n / 5 - 2);
                let wanted = right.abs().max(down.abs()) != 1;
                at(x + 2 * right, y + 2 * down).is_some_and(|at| ink.under(at) == wanted)
            });
            right.count()
        };
        let places = around(REACH_2).map(|(x, y)| (likeness(x, y), x, y));
        let places: Vec<(usize, i64, i64)> = places.filter(|p| p.0 >= ALIKE).collect();
        // The first of the best is the nearest; the middle of those beside it is more exact.
        let best = places.iter().rev().max_by_key(|place| place.0)?;
        let beside = places.iter().filter(|(like, x, y)| {
            *like == best.0 && (x - best.1).abs().max((y - best.2).abs()) <= SAME_2
        });
        let beside = beside.filter_map(|(_, x, y)| at(*x, *y));
        let (count, sum) = beside.fold((0, Point::new(0, 0)), |(count, sum), at| {
            (count + 1, sum + at)
        });
        (count > 0).then(|| Self {
            place: sum.scaled(1, count),
            inset_2: ALIGNMENT_2,
        })
    }
}

/// All pairs up to `reach` in both directions, near ones first.
fn around(reach: i64) -> impl Iterator<Item = (i64, i64)> {
    let rows = (-reach..=reach).flat_map(move |y| (-reach..=reach).map(move |x| (x, y)));
    let mut pairs: Vec<(i64, i64)> = rows.collect();
    pairs.sort_by_key(|(x, y)| x * x + y * y);
    pairs.into_iter()
}

/// The perspective from the grid, in quarters of a module, to the picture.
fn plane(triple: &Triple, side: i64, fourth: Fourth) -> Option<Perspective> {
    const HALF: i64 = PARTS / 2;
    let (near, far) = (MARGIN_2 * HALF, side * PARTS - MARGIN_2 * HALF);
    let last = side * PARTS - fourth.inset_2 * HALF;
    let from = [(near, near), (far, near), (last, last), (near, far)];
    let [corner, right, lower] = triple.corners;
    let to = [corner, right, fourth.place, lower];
    Perspective::between(from.map(|(x, y)| Point::new(x, y)), to)
}

/// How many parts of ten of the timing patterns are right.
fn timing(ink: &Ink, plane: &Perspective, side: i64) -> i64 {
    let between = 8..side - 8;
    let right: i64 = between
        .clone()
        .map(|n| {
            let wanted = n % 2 == 0;
            i64::from(module(ink, plane, n, 6) == wanted)
                + i64::from(module(ink, plane, 6, n) == wanted)
        })
        .sum();
    right * 10 / (2 * (between.end - between.start))
}

/// Whether a module is ink: the majority of its middle and four places around it.
fn module(ink: &Ink, plane: &Perspective, x: i64, y: i64) -> bool {
    let places = [(2, 2), (1, 1), (3, 1), (1, 3), (3, 3)];
    let dark = places.into_iter().filter(|(right, down)| {
        let place = plane.of(x * PARTS + right, y * PARTS + down);
        place.is_some_and(|place| ink.under(place))
    });
    dark.count() > places.len() / 2
}

fn decode(ink: &Ink, plane: &Perspective, side: i64) -> Option<String> {
    let number = |n: usize| i64::try_from(n).unwrap_or_default();
    let grid = SimpleGrid::from_func(usize::try_from(side).ok()?, |x, y| {
        module(ink, plane, number(x), number(y))
    });
    let mut bytes = Zeroizing::new(Vec::with_capacity(512));
    Grid::new(grid).decode_to(&mut *bytes).ok()?;
    std::str::from_utf8(&bytes).ok().map(str::to_owned)
}
