//! Integration tests of the engine over its public API.

mod cipher;
mod home;
mod profile;
mod tcp;
mod tls;
mod vault;
