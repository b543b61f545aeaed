//! The shapes of the core's types, for the generator. The types themselves are the core's, which
//! also says what each field means: a shape that differs does not compile.

mod copies;
mod papers;
mod payment;
mod preauth;
mod requests;
mod sale;
mod settlement;
mod tap;
mod terminal;
mod undo;
mod words;
