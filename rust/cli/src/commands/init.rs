//! `init`: sets a terminal up from a profile, or changes its settings.

use std::path::PathBuf;
use std::sync::Arc;

use pos_engine::domain::Rail;
use pos_engine::{Loaded, Profile, SetupPorts, SystemClock, SystemRandom, set_up};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::InitOut;
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "init",
    usage: "init --profile FILE",
    about: "set the terminal up from a profile, or change its settings",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut file = None;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "profile" => file = Some(PathBuf::from(options.value()?)),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let file = file.ok_or_else(|| options.missing("--profile"))?;
    let loaded = Loaded::from_file(&file)?;
    let ports = SetupPorts {
        clock: &SystemClock::new()?,
        random: Arc::new(SystemRandom),
        key_store: &context.key_store(),
    };
    set_up(&context.home, &loaded, &ports, &context.operator)?;
    if loaded.has_own_secrets {
        context.note(
            "注意：配置文件里仍有密钥，请妥善保管或删除。",
            "Note: the profile still holds secrets; keep it safe or delete it.",
        );
    }
    let profile = loaded.profile;
    context.print(&InitOut {
        home: context.home.root().display().to_string(),
        rails: rails(&profile),
        terminal: profile.terminal.id,
        merchant: profile.merchant.id,
    })?;
    Ok(Exit::Good)
}

fn rails(profile: &Profile) -> Vec<Rail> {
    let on = [
        (Rail::UnionPay, profile.unionpay.is_some()),
        (Rail::WeChat, profile.wechat.is_some()),
        (Rail::Alipay, profile.alipay.is_some()),
    ];
    on.iter()
        .filter(|(_, on)| *on)
        .map(|(rail, _)| *rail)
        .collect()
}
