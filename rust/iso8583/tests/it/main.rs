//! Integration tests of the codec: vectors, properties, bad frames, secrecy.

mod bad_frames;
mod support;
mod vectors;
