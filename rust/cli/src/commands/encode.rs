//! `encode`: a frame of the wire from an object.

use std::io::Read;

use pos_engine::domain::Lang;
use serde::Serialize;
use zeroize::Zeroizing;

use super::Command;
use super::shape::{encoded, hex};
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::Human;
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "encode",
    usage: "encode (JSON | -)",
    about: "build a frame of the wire from an object in decode's shape; `mak` makes field 64",
    run,
};

#[derive(Debug, Serialize)]
struct Encoded {
    frame: String,
}

impl Human for Encoded {
    fn human(&self, _: Lang) -> String {
        self.frame.clone()
    }
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut json = None;
    while let Some(opt) = options.read()? {
        match opt {
            Opt::Argument(text) if json.is_none() => json = Some(Zeroizing::new(text)),
            other => return Err(options.unexpected(&other)),
        }
    }
    let mut json = json.ok_or_else(|| options.missing("JSON"))?;
    if json.as_str() == "-" {
        json.clear();
        let read = std::io::stdin().lock().read_to_string(&mut json);
        read.map_err(|_| Failure::usage("standard input", "is not text"))?;
    }
    let frame = hex(&encoded(&json)?);
    context.print(&Encoded { frame })?;
    Ok(Exit::Good)
}
