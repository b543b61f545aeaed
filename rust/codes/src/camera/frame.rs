//! A camera's luminance plane.

/// The longest side that is read, in pixels.
const MAX_SIDE: usize = 4096;

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A side is zero or above 4096 pixels.
    #[error("a frame has 1 to {MAX_SIDE} pixels a side, not {width} by {height}")]
    Size {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// Rows would overlap.
    #[error("a stride of {stride} bytes is less than the width of {width} pixels")]
    Stride {
        /// Bytes from row to row.
        stride: usize,
        /// Pixels across.
        width: usize,
    },
    /// Bytes are missing. The last row may end with its last pixel.
    #[error("{needed} bytes needed, {found} given")]
    Short {
        /// Bytes that the size needs.
        needed: usize,
        /// Bytes given.
        found: usize,
    },
}

/// The luminance plane of a camera frame (Y of YUV), one byte a pixel, 0 black to 255 white.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    width: usize,
    height: usize,
    stride: usize,
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// From pixels in rows that begin `stride` bytes apart.
    ///
    /// # Errors
    /// [`FrameError`] when the sizes do not fit each other.
    pub fn new(
        width: usize,
        height: usize,
        stride: usize,
        bytes: &'a [u8],
    ) -> Result<Self, FrameError> {
        let side = 1..=MAX_SIDE;
        if !side.contains(&width) || !side.contains(&height) {
            return Err(FrameError::Size { width, height });
        }
        if stride < width {
            return Err(FrameError::Stride { stride, width });
        }
        let needed = stride.saturating_mul(height - 1).saturating_add(width);
        if bytes.len() < needed {
            let found = bytes.len();
            return Err(FrameError::Short { needed, found });
        }
        Ok(Self {
            width,
            height,
            stride,
            bytes,
        })
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) const fn height(&self) -> usize {
        self.height
    }

    /// The rows, without what lies between them.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        let rows = self.bytes.chunks(self.stride).take(self.height);
        rows.map(|row| row.get(..self.width).unwrap_or_default())
    }
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} x {})", self.width, self.height)
    }
}
