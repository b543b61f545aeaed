//! `voidproof`: the terminal on a desk.

use std::process::ExitCode;

fn main() -> ExitCode {
    pos_cli::main()
}
