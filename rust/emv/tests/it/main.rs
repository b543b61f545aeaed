//! Cards at the reader: good ones, the published trace, and hostile ones.

mod good;
mod hostile;
mod support;
mod trace;
