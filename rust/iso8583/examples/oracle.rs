//! Compares this codec with an independent one, `pyiso8583`, on the published frames and on
//! generated messages.
//!
//! `cargo run --release -p pos-iso8583 --example oracle -- PYTHON [MESSAGES] [SEED]`
//!
//! PYTHON is an interpreter that has what `tests/oracle/requirements.txt` pins. The other codec
//! decodes each frame and encodes the result again: fields and bytes must be the same on both
//! sides. Exits with 101 at the first difference.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a runner for developers: it prints, and stops at the first surprise"
)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use pos_iso8583::{decode, encode};
use support::Random;

struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(python) = arguments.first() else {
        eprintln!("usage: oracle PYTHON [MESSAGES] [SEED]");
        std::process::exit(2);
    };
    let number = |at: usize, default| {
        arguments
            .get(at)
            .map_or(default, |text| text.parse::<u64>().expect("a number"))
    };
    let (messages, seed) = (number(1, 5_000), number(2, 1));
    println!("seed {seed}");
    let mut oracle = Oracle::start(python);
    let mut frames = support::published_frames();
    let mut random = Random::new(seed);
    frames.extend((0..messages).map(|_| encode(&support::message(&mut random)).expect("encoded")));
    for frame in &frames {
        oracle.compare(frame);
    }
    let fields = oracle.stop();
    println!("{} frames with {fields} fields agree", frames.len());
}

impl Oracle {
    fn start(python: &str) -> Self {
        let script = "../../tests/oracle/iso8583_oracle.py";
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(script);
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the interpreter starts");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self {
            child,
            input,
            output,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("an answer");
        assert!(
            !line.is_empty(),
            "the other codec ended; see its message above"
        );
        line.trim_end().to_owned()
    }

    fn compare(&mut self, frame: &[u8]) {
        let sent = support::hex(frame);
        writeln!(self.input, "{sent}").expect("the other codec listens");
        let theirs = self.line();
        let ours = decode(frame).expect("our own frame").to_message();
        let mut expected = format!("{sent} {}{}{}", ours.tpdu, ours.header, ours.mti);
        for (field, value) in ours.fields.iter() {
            expected.push_str(&format!(" {field}={}", support::hex(value)));
        }
        assert_eq!(theirs, expected, "the two codecs differ on {sent}");
    }

    /// Ends the other codec, which says at the end how many fields it compared.
    fn stop(mut self) -> String {
        writeln!(self.input, "end").expect("the other codec listens");
        let fields = self.line();
        let status = self.child.wait().expect("the other codec ends");
        assert!(status.success(), "the other codec failed");
        fields
    }
}
