//! Compares this codec with an independent one, `pyiso8583`, on the published frames and on
//! generated messages.
//!
//! `cargo run --release -p pos-iso8583 --example oracle -- PYTHON [MESSAGES | SECONDSs] [SEED]`
//!
//! PYTHON is an interpreter that finds the `pyiso8583` that `pins.toml` names; `cargo xtask test
//! --only oracle` fetches it and runs this. The other codec decodes each frame and encodes the
//! result again: fields and bytes must be the same on both sides. `5000` compares so many
//! generated messages, `600s` as many as the time allows, by default from another seed each time.
//! Exits with 101 at the first difference.

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
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pos_iso8583::{decode, encode};
use support::Random;

struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// How many generated messages are compared.
#[derive(Clone, Copy)]
enum Amount {
    Messages(u64),
    For(Duration),
}

fn main() {
    let Some((python, amount, seed)) = options() else {
        eprintln!("usage: oracle PYTHON [MESSAGES | SECONDSs] [SEED]");
        std::process::exit(2);
    };
    println!("seed {seed}");
    let mut oracle = Oracle::start(&python);
    let published = support::published_frames();
    for frame in &published {
        oracle.compare(frame);
    }
    let (mut random, begun, mut made) = (Random::new(seed), Instant::now(), 0_u64);
    while match amount {
        Amount::Messages(messages) => made < messages,
        Amount::For(time) => begun.elapsed() < time,
    } {
        oracle.compare(&encode(&support::message(&mut random)).expect("encoded"));
        made += 1;
    }
    let fields = oracle.stop();
    let published = published.len();
    println!("{published} published and {made} generated frames with {fields} fields agree");
}

fn options() -> Option<(String, Amount, u64)> {
    let mut arguments = std::env::args().skip(1);
    let python = arguments.next()?;
    let amount = match arguments.next() {
        None => Amount::Messages(5_000),
        Some(text) => match text.strip_suffix('s') {
            Some(seconds) => Amount::For(Duration::from_secs(seconds.parse().ok()?)),
            None => Amount::Messages(text.parse().ok()?),
        },
    };
    let seed = match (arguments.next(), amount) {
        (Some(text), _) => text.parse().ok()?,
        (None, Amount::Messages(_)) => 1,
        (None, Amount::For(_)) => SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs(),
    };
    arguments.next().is_none().then_some((python, amount, seed))
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
