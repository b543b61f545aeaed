//! `sale --code` and `sale --show`: money by the customer's payment code, or by a code of ours;
//! and `payment`: what the counter decides about one that is under way.

use std::time::Duration;

use pos_codes::picture::{Correction, QrPicture};
use pos_codes::{PaymentCode, Recognised, Refusal, recognise};
use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::{Amount, Code, Id, Lang, LocalCode, Rail};
use pos_engine::terminal::{Payment, SaleReport, ScanRequest, ShowRequest, Stage, Terminal};
use zeroize::Zeroizing;

use super::which::WhichOptions;
use super::{Command, qr};
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{SaleOut, ShownOut};
use crate::{Exit, Failure, open, people, report};

/// For how long a code of ours is shown.
const SHOWN_FOR: Duration = Duration::from_secs(120);
/// A command ends within three time-outs and this.
const SPARE: Duration = Duration::from_secs(5);

/// How the customer pays, if not by card.
pub(super) enum Means {
    /// A code that the customer shows.
    Code(Zeroizing<String>),
    /// A code that we show.
    Show(Rail),
}

impl Means {
    /// Takes the option `--name` when it is about a code.
    pub(super) fn take(
        means: &mut Option<Self>,
        name: &str,
        options: &mut Options,
    ) -> Result<bool, Failure> {
        let found = match name {
            "code" => Self::Code(Zeroizing::new(options.value()?)),
            "show" => Self::Show(options.parsed("show", "is wechat, alipay or unionpay")?),
            _ => return Ok(false),
        };
        match means.replace(found) {
            None => Ok(true),
            Some(_) => Err(Failure::usage(format!("--{name}"), "one code at a time")),
        }
    }
}

/// Takes money by code and prints what became of it.
pub(super) fn sell(context: &Context, amount: Amount, means: &Means) -> Result<Exit, Failure> {
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let allowed = people::ask(context, &terminal, &[], &mut pins)?;
    match means {
        Means::Code(text) => {
            let out = match allowed {
                Ok(_) => charge(context, &terminal, amount, text)?,
                Err(code) => refused(context, None, amount, &code),
            };
            context.print(&out)?;
            Ok(out.status.into())
        }
        Means::Show(rail) => {
            let (rail, mut qr) = (*rail, None);
            let sale = match allowed {
                Ok(_) => {
                    let done = show(context, &terminal, rail, amount, &mut qr);
                    told(context, Some(rail), amount, done)?
                }
                Err(code) => refused(context, Some(rail), amount, &code),
            };
            let status = sale.status;
            context.print(&ShownOut { sale, qr })?;
            Ok(status.into())
        }
    }
}

fn charge(
    context: &Context,
    terminal: &Terminal,
    amount: Amount,
    text: &str,
) -> Result<SaleOut, Failure> {
    let code = match recognise(text) {
        Recognised::Payment(code) => code,
        Recognised::Refused { why } => return Ok(no_payment_code(context, amount, why)),
    };
    let rail = rail_of(&code);
    let asked = ScanRequest {
        amount,
        code,
        request: None,
    };
    // A step may take two time-outs, so the last one begins before the third.
    let patience = timeout(terminal, rail) + SPARE;
    let (who, lang) = (&context.operator, context.lang);
    let mut hear = |payment: &Payment| note(context, payment);
    let done = terminal.scan(who, &asked, patience, &mut hear, lang);
    told(context, Some(rail), amount, done)
}

fn show(
    context: &Context,
    terminal: &Terminal,
    rail: Rail,
    amount: Amount,
    shown: &mut Option<String>,
) -> Result<SaleReport, EngineError> {
    let asked = ShowRequest {
        rail,
        amount,
        request: None,
    };
    let mut hear = |payment: &Payment| {
        if shown.is_none()
            && let Some(text) = &payment.qr
        {
            match QrPicture::of(text, Correction::default()) {
                Ok(picture) => qr::draw(&picture),
                Err(error) => context.note(&error.to_string(), &error.to_string()),
            }
            shown.clone_from(&payment.qr);
        }
        note(context, payment);
    };
    let (who, lang) = (&context.operator, context.lang);
    terminal.show(who, &asked, SHOWN_FOR, &mut hear, lang)
}

fn rail_of(code: &PaymentCode) -> Rail {
    match code.rail() {
        pos_codes::Rail::UnionPay => Rail::UnionPay,
        pos_codes::Rail::WeChat => Rail::WeChat,
        pos_codes::Rail::Alipay => Rail::Alipay,
    }
}

/// How long an answer of this rail is waited for.
fn timeout(terminal: &Terminal, rail: Rail) -> Duration {
    let profile = terminal.profile();
    let timeout = match rail {
        Rail::WeChat => profile.wechat.as_ref().map(|wechat| wechat.timeout),
        Rail::Alipay => profile.alipay.as_ref().map(|alipay| alipay.timeout),
        Rail::UnionPay => profile.unionpay_qr.as_ref().map(|qr| qr.timeout),
    };
    timeout.unwrap_or_default()
}

/// Tells what the counter has to know at once, beside the result.
fn note(context: &Context, payment: &Payment) {
    let (zh, en) = match payment.stage {
        Stage::Asking | Stage::Looking => return,
        Stage::Waiting => (
            "请顾客在手机上确认付款…",
            "Ask the customer to confirm on the phone …",
        ),
        Stage::Scanning => (
            "请顾客扫描上面的码…",
            "Ask the customer to scan the code above …",
        ),
        Stage::TakingBack => (
            "按未付款处理，请留住商品；正在撤回。",
            "Not paid, keep the goods; it is being taken back.",
        ),
        Stage::PaidLate => (
            "断网期间顾客付了款：用 payment 决定保留还是退回。",
            "The customer paid while the network was down: decide with `payment`.",
        ),
        Stage::HandedOver => (
            "商品已交，等付款结果…",
            "The goods were handed over; waiting for the payment …",
        ),
    };
    context.note(zh, en);
}

fn told(
    context: &Context,
    rail: Option<Rail>,
    amount: Amount,
    done: Result<SaleReport, EngineError>,
) -> Result<SaleOut, Failure> {
    match done {
        Ok(done) => Ok(report::sale(done)),
        Err(EngineError::Refused(code)) => Ok(refused(context, rail, amount, &code)),
        Err(error) => Err(error.into()),
    }
}

fn refused(context: &Context, rail: Option<Rail>, amount: Amount, code: &Code) -> SaleOut {
    let out = report::refused_sale(amount.minor(), code, Situation::Sale, context.lang);
    SaleOut {
        rail: rail.unwrap_or(out.rail),
        ..out
    }
}

/// What was scanned is no payment code: the advice says what it is and what to scan instead.
fn no_payment_code(context: &Context, amount: Amount, why: Refusal) -> SaleOut {
    let code = Code::from(LocalCode::CodeUnfit);
    let mut explanation = explain(&code, Situation::Sale, context.lang, "");
    explanation.next_step = match context.lang {
        Lang::Zh => why.advice_zh().to_owned(),
        Lang::En => why.advice_en().to_owned(),
    };
    SaleOut {
        explanation: Some(explanation),
        ..refused(context, None, amount, &code)
    }
}

pub(super) const PAYMENT: Command = Command {
    name: "payment",
    usage: "payment (--sale ID | --last) (--keep | --take-back | --handed-over) [--approve NO]",
    about: "decide about a payment by code that is not proven yet",
    run: decide,
};

/// What the counter decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Keep,
    TakeBack,
    HandedOver,
}

fn decide(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut which, mut approve) = (WhichOptions::default(), Vec::new());
    let mut decisions = Vec::new();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if name == "keep" => decisions.push(Decision::Keep),
            Opt::Flag(name) if name == "take-back" => decisions.push(Decision::TakeBack),
            Opt::Flag(name) if name == "handed-over" => decisions.push(Decision::HandedOver),
            Opt::Flag(name) if which.take(name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let which = which.which(options)?;
    let [decision] = decisions.as_slice() else {
        let rule = "decide once: --keep, --take-back or --handed-over";
        return Err(Failure::usage("payment", rule));
    };
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let sale = which.find(&terminal, None, context.lang)?;
    let sale = sale.ok_or_else(|| Failure::usage("--sale", "there is no such sale"))?;
    let allowed = people::ask(context, &terminal, &approve, &mut pins)?;
    let who = &context.operator;
    let done = allowed
        .map_err(EngineError::Refused)
        .and_then(|people| match decision {
            Decision::Keep => terminal.keep_payment(who, &sale),
            Decision::TakeBack => terminal.take_back(who, &sale),
            Decision::HandedOver => terminal.handed_over(who, &sale, &people),
        });
    let out = decided(context, &terminal, &sale, done)?;
    context.print(&out)?;
    Ok(out.status.into())
}

fn decided(
    context: &Context,
    terminal: &Terminal,
    sale: &Id,
    done: Result<(), EngineError>,
) -> Result<SaleOut, Failure> {
    let out = report::sale(terminal.sale_report(sale, context.lang)?);
    match done {
        Ok(()) => Ok(out),
        Err(EngineError::Refused(code)) => Ok(SaleOut {
            explanation: Some(explain(&code, Situation::Sale, context.lang, sale.as_str())),
            code: Some(code.to_string()),
            ..out
        }),
        Err(error) => Err(error.into()),
    }
}
