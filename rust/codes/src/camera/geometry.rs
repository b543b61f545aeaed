//! Points in sixteenths of a pixel, and the perspective that lays a code's grid on a picture.

use std::ops::{Add, Sub};

/// Parts of a pixel.
pub(super) const PIXEL: i64 = 16;

/// A place in a picture, or a way between two, in sixteenths of a pixel from the left upper edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) x: i64,
    pub(super) y: i64,
}

impl Point {
    pub(super) const fn new(x: i64, y: i64) -> Self {
        Self { x, y }
    }

    /// The pixel that holds it.
    pub(super) const fn pixel(self) -> (i64, i64) {
        (self.x.div_euclid(PIXEL), self.y.div_euclid(PIXEL))
    }

    /// The square of a way's length.
    pub(super) const fn square(self) -> i64 {
        self.x * self.x + self.y * self.y
    }

    pub(super) const fn length(self) -> i64 {
        self.square().isqrt()
    }

    pub(super) const fn dot(self, other: Self) -> i64 {
        self.x * other.x + self.y * other.y
    }

    /// Positive when the other way lies clockwise, as the picture is seen.
    pub(super) const fn cross(self, other: Self) -> i64 {
        self.x * other.y - self.y * other.x
    }

    /// The way times `by` over `over`.
    pub(super) const fn scaled(self, by: i64, over: i64) -> Self {
        Self::new(self.x * by / over, self.y * by / over)
    }
}

impl Add for Point {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

/// A perspective from one plane to another: rows for x, y and the common divisor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Perspective([[i64; 3]; 3]);

impl Perspective {
    /// Takes four corners, in order around, to four others. None when three lie on a line.
    ///
    /// Coordinates below 2^10 on the one side and 2^17 on the other keep every product within
    /// 127 bits.
    pub(super) fn between(from: [Point; 4], to: [Point; 4]) -> Option<Self> {
        let product = multiply(square_to(to)?, adjugate(square_to(from)?));
        let largest = product
            .iter()
            .flatten()
            .map(|entry| entry.unsigned_abs())
            .max()?;
        // Only ratios count; with 50 bits an entry, three products with coordinates fit in 63.
        let spare = (u128::BITS - largest.leading_zeros()).saturating_sub(50);
        let reduced = product.map(|row| row.map(|entry| i64::try_from(entry >> spare)));
        let [
            [Ok(a), Ok(b), Ok(c)],
            [Ok(d), Ok(e), Ok(f)],
            [Ok(g), Ok(h), Ok(i)],
        ] = reduced
        else {
            return None;
        };
        Some(Self([[a, b, c], [d, e, f], [g, h, i]]))
    }

    /// Where a point goes; none for the horizon.
    pub(super) fn of(&self, x: i64, y: i64) -> Option<Point> {
        let [across, down, divisor] = self.0.map(|[a, b, c]| a * x + b * y + c);
        Some(Point::new(
            across.checked_div(divisor)?,
            down.checked_div(divisor)?,
        ))
    }
}

type Matrix = [[i128; 3]; 3];

/// From the unit square to four corners, in order around from the origin.
fn square_to(corners: [Point; 4]) -> Option<Matrix> {
    let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] =
        corners.map(|point| (i128::from(point.x), i128::from(point.y)));
    let (bend_x, bend_y) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
    let (right_x, right_y) = (x1 - x2, y1 - y2);
    let (below_x, below_y) = (x3 - x2, y3 - y2);
    let all = right_x * below_y - right_y * below_x;
    let along = bend_x * below_y - bend_y * below_x;
    let down = right_x * bend_y - right_y * bend_x;
    let matrix = [
        [
            (x1 - x0) * all + along * x1,
            (x3 - x0) * all + down * x3,
            x0 * all,
        ],
        [
            (y1 - y0) * all + along * y1,
            (y3 - y0) * all + down * y3,
            y0 * all,
        ],
        [along, down, all],
    ];
    (all != 0).then_some(matrix)
}

/// The inverse but for a factor.
fn adjugate([[a, b, c], [d, e, f], [g, h, i]]: Matrix) -> Matrix {
    [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
}

fn multiply(left: Matrix, [[a, b, c], [d, e, f], [g, h, i]]: Matrix) -> Matrix {
    left.map(|[x, y, z]| {
        [
            x * a + y * d + z * g,
            x * b + y * e + z * h,
            x * c + y * f + z * i,
        ]
    })
}
