//! UniFFI's own generator, at exactly the version that `pos_ffi` is built with.
//!
//! It must not know anything of the product: `cargo xtask bindings` gives it the library and
//! the configuration. It is a package of its own because the generator's feature `cli` takes
//! minutes to compile and belongs into no other build.

fn main() {
    uniffi::uniffi_bindgen_main();
}
