//! Three finder patterns that may be the corners of one code.

use super::finder::Finder;
use super::geometry::Point;

/// Three corners in their places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Triple {
    /// The corner at the right angle, and those that follow it clockwise and counter-clockwise:
    /// left upper, right upper, left lower.
    pub(super) corners: [Point; 3],
    /// The mean width of the finder patterns, in sixteenths of a pixel.
    pub(super) size: i64,
    /// Their numbers in the list of finder patterns.
    pub(super) members: [usize; 3],
    /// How far from a square, in thousandths.
    skew: i64,
}

/// All triples that look like a code, the squarest first.
pub(super) fn triples(finders: &[Finder]) -> Vec<Triple> {
    let numbered: Vec<(usize, &Finder)> = finders.iter().enumerate().collect();
    let mut triples = Vec::new();
    for (i, &first) in numbered.iter().enumerate() {
        for (j, &second) in numbered.iter().enumerate().skip(i + 1) {
            let rest = numbered.iter().skip(j + 1);
            triples.extend(rest.filter_map(|&third| Triple::of([first, second, third])));
        }
    }
    triples.sort_by_key(|triple| triple.skew);
    triples
}

impl Triple {
    fn of(members: [(usize, &Finder); 3]) -> Option<Self> {
        let [a, b, c] = members;
        let side =
            |(_, p): (usize, &Finder), (_, q): (usize, &Finder)| (p.centre - q.centre).square();
        let (ab, bc, ca) = (side(a, b), side(b, c), side(c, a));
        // The right angle lies opposite the longest side.
        let [corner, one, other] = match ab.max(bc).max(ca) {
            longest if longest == ab => [c, a, b],
            longest if longest == bc => [a, b, c],
            _ => [b, c, a],
        };
        let origin = corner.1.centre;
        let (leg, arm) = (one.1.centre - origin, other.1.centre - origin);
        let [right, lower] = if leg.cross(arm) > 0 {
            [one, other]
        } else {
            [other, one]
        };
        let sizes = members.map(|(_, finder)| finder.size);
        let size = sizes.iter().sum::<i64>() / 3;
        Some(Self {
            corners: [origin, right.1.centre, lower.1.centre],
            size,
            members: [corner.0, right.0, lower.0],
            skew: skew(leg, arm, sizes)?,
        })
    }
}

/// Thousandths by which legs, angle and sizes differ from a code seen straight on; none when
/// they cannot be a code's.
fn skew(leg: Point, arm: Point, sizes: [i64; 3]) -> Option<i64> {
    let (least, most) = (sizes.iter().min()?, sizes.iter().max()?);
    let (short, long) = {
        let lengths = (leg.length(), arm.length());
        (lengths.0.min(lengths.1), lengths.0.max(lengths.1))
    };
    // Middles of finder patterns lie 14 to 170 modules apart; a turned pattern looks up to 1.4
    // times as wide along rows as it is.
    let apart = 4 * short >= 5 * most && long <= 25 * least;
    let both = short * long;
    let angle = leg.dot(arm).abs();
    let plausible = apart && 10 * most <= 18 * least && 10 * long <= 18 * short;
    if !plausible || 10 * angle > 5 * both {
        return None;
    }
    let legs = 1000 * (long - short) / long;
    Some(legs + 1000 * angle / both + 1000 * (most - least) / most)
}
