//! Running the binary.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The published sale with its MAC (spec unionpay-8583, TV-A), and the key of the MAC.
pub const SALE: &str = concat!(
    "007F60000300006032103200720200",
    "3020048000C08015",
    "000000000000001234000002030099",
    "3030303030303031393532373138313832323137383735313536",
    "001926000001000600000000",
    "00435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C023031",
    "4233413039324145"
);
pub const SALE_MAK: &str = "0723C80DB5F4CD3D";

/// What a command left.
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    /// The one object on stdout.
    pub fn object(&self) -> Value {
        let text = self.stdout.strip_suffix('\n').unwrap();
        assert!(!text.contains('\n'), "one line: {text}");
        serde_json::from_str(text).unwrap_or_else(|_| panic!("no object: {text}"))
    }

    /// Kind, place and detail of the error object.
    pub fn error(&self) -> (String, String, String) {
        let object = self.object();
        assert_eq!(keys(&object), ["error"]);
        assert_eq!(keys(&object["error"]), ["kind", "where", "detail"]);
        let text = |key: &str| object["error"][key].as_str().unwrap().to_owned();
        (text("kind"), text("where"), text("detail"))
    }
}

/// The keys of an object in their order.
pub fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A command that is still to be run, in an environment that says nothing.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voidproof"));
    for name in [
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "VOIDPROOF_HOME",
        "VOIDPROOF_PIN",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn done(output: Output) -> Done {
    Done {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the binary with these arguments.
pub fn run(arguments: &[&str]) -> Done {
    done(command().args(arguments).output().unwrap())
}

/// Runs it in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Done {
    done(
        command()
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap(),
    )
}

/// Runs it with an environment variable.
pub fn run_with(name: &str, value: &str, arguments: &[&str]) -> Done {
    done(command().args(arguments).env(name, value).output().unwrap())
}

/// Runs it with this standard input.
pub fn run_fed(input: &[u8], arguments: &[&str]) -> Done {
    let mut command = command();
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    done(child.wait_with_output().unwrap())
}
