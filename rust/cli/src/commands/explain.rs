//! `explain`: what a code means and what to do about it.

use pos_diagnosis::{explain, usual_situation};
use pos_engine::domain::{Code, Lang, Rail};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "explain",
    usage: "explain CODE [--rail unionpay|wechat|alipay] [--lang zh|en]",
    about: "say what a wire code, local.NAME or net.NAME means and what to do now",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut text, mut rail, mut lang) = (None, Rail::UnionPay, context.lang);
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "rail" => {
                rail = options.parsed(name, "is unionpay, wechat or alipay")?;
            }
            Opt::Flag(name) if name == "lang" => {
                lang = options.parsed::<Lang>(name, "is zh or en")?;
            }
            Opt::Argument(code) if text.is_none() => text = Some(code.clone()),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let text = text.ok_or_else(|| options.missing("CODE"))?;
    let code = Code::parse(&text, rail)
        .map_err(|_| Failure::usage("CODE", "is no wire code and no local.NAME or net.NAME"))?;
    let explanation = explain(&code, usual_situation(&code), lang, "");
    Context {
        lang,
        ..context.clone()
    }
    .print(&explanation)?;
    Ok(Exit::Good)
}
