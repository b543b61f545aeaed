//! `demo`: a void that survives a pulled cable, a killed process and a lost answer.

mod cable;
mod ledgers;
mod narrator;
mod shop;

use pos_engine::domain::SaleStatus;
use serde_json::Value;

use self::narrator::Narrator;
use self::shop::{Shop, at, failed};
use super::Command;
use crate::args::Options;
use crate::context::{Context, print_object};
use crate::{Exit, Failure};

pub(super) const COMMAND: Command = Command {
    name: "demo",
    usage: "demo",
    about: "watch voids by card and by code survive a pulled cable, kill -9 and a lost answer, and \
            both ledgers agree",
    run,
};

const CARD: &str = "6222020000000000018=3012";
/// Codes whose customers pay at once.
const WECHAT_CODE: &str = "130000000000000000";
const ALIPAY_CODE: &str = "280000000000000000";
const UNIONPAY_CODE: &str = "6200000000000000000";

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    options.end()?;
    // The acquirer of this process logs each message; here the story is told instead.
    log::set_max_level(log::LevelFilter::Error);
    let narrator = Narrator::new(context);
    let shop = Shop::open()?;
    opening(&narrator, &shop)?;
    first_act(&narrator, &shop)?;
    second_act(&narrator, &shop)?;
    qr_day(&narrator, &shop)?;
    let ledgers = ledgers::compare(&shop)?;
    ledgers.tell(&narrator)?;
    if context.json {
        print_object(&ledgers)?;
    }
    let done = ledgers.equal && ledgers.all_voided();
    Ok(if done { Exit::Good } else { Exit::No })
}

fn opening(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.act("开店", "The shop opens")?;
    let ports = shop.host.ports();
    narrator.say(
        &format!(
            "模拟收单机构和钱包在真实的 TCP 端口 {}、{}、{} 上营业；终端经可拔的“网线”连过去。",
            ports.unionpay, ports.wechat, ports.alipay
        ),
        &format!(
            "A simulated acquirer and wallets serve on real TCP ports, {}, {} and {}; the terminal \
             reaches them through a cable that can be pulled.",
            ports.unionpay, ports.wechat, ports.alipay
        ),
    )?;
    let profile = shop.write_profile()?;
    narrator.command(&["init", "--profile", "profile.toml"])?;
    shop.expect(0, &["init", "--profile", &profile])?;
    narrator.say(
        "终端设置好了，还没有签到：第一笔交易会自己先签到。",
        "The terminal is set up. It has not signed in yet; the first payment will do that.",
    )
}

/// A sale over the wire.
fn sell(narrator: &Narrator, shop: &Shop, amount: &str) -> Result<(), Failure> {
    narrator.command(&["sale", "--amount", amount, "--card", "6222…0018=…"])?;
    let sale = shop.expect(0, &["sale", "--amount", amount, "--card", CARD])?;
    let trace = at(&sale, "trace").as_str().unwrap_or_default().to_owned();
    narrator.say(
        &format!("{amount} 元已收款，凭证号 {trace}。"),
        &format!("{amount} is paid, voucher {trace}."),
    )
}

fn first_act(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.act(
        "第一幕：断网、撤销、断电",
        "Act one: no network, a void, and the power fails",
    )?;
    sell(narrator, shop, "12.34")?;
    narrator.say(
        "拔掉网线。顾客这时要退这笔钱，店员点“撤销”。",
        "The cable is pulled. Now the customer wants the money back, and void is tapped.",
    )?;
    void_killed_offline(narrator, shop)?;
    narrator.say(
        "终端不知道断电前有没有字节发出去，所以不猜：先冲正那一次，再用新流水号撤销。插回网线。",
        "The terminal cannot know whether a byte left before the power failed, so it does not \
         guess: it first reverses that try, then voids under a new number. The cable is back.",
    )?;
    shop.plug();
    deliver(narrator, shop)
}

/// A void without network, and a process killed while it tries to deliver it.
fn void_killed_offline(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    shop.pull();
    narrator.command(&["void", "--last"])?;
    let void = shop.expect(4, &["void", "--last"])?;
    told(narrator, &void)?;
    narrator.say(
        "终端再试一次送达，就在它尝试的时候断电（kill -9）。",
        "The terminal tries again to deliver it, and in the middle of that try the power fails \
         (kill -9).",
    )?;
    narrator.command(&["sync", "--wait", "30"])?;
    let mut trying = shop.start(&["sync", "--wait", "30"])?;
    let caught = shop.wait_for("sending");
    let killed = trying.kill().and_then(|()| trying.wait());
    killed.map_err(|error| failed("kill -9", &error))?;
    caught?;
    narrator.say(
        "进程没了。再开机看看：撤销还在，一笔不少。",
        "The process is gone. Started again, the void is still there.",
    )?;
    narrator.command(&["queue"])?;
    still_owed(narrator, shop)
}

fn second_act(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.act("第二幕：应答丢了", "Act two: the answer is lost")?;
    sell(narrator, shop, "56.78")?;
    narrator.say(
        "收单机构会执行下一笔撤销，但它的应答会丢，紧跟着的冲正也会丢。",
        "The acquirer will carry out the next void, but its answer gets lost, and so does the \
         reversal right after it.",
    )?;
    shop.break_host(
        "[[fault]]\non = \"void\"\nat = \"after_booking\"\ndo = \"drop\"\n\
         [[fault]]\non = \"reversal_void\"\nat = \"request_read\"\ndo = \"drop\"\n",
    )?;
    narrator.command(&["void", "--last"])?;
    let void = shop.expect(4, &["void", "--last"])?;
    told(narrator, &void)?;
    narrator.say(
        "“未知”就是未知：不说成功，也不说失败。先把那次撤销冲正，原交易恢复，再撤销一次。",
        "Unknown is unknown: neither done nor failed. That try is reversed, the sale stands again, \
         and then it is voided once more.",
    )?;
    deliver(narrator, shop)
}

/// A sale by a customer's payment code.
fn scan(narrator: &Narrator, shop: &Shop, amount: &str, code: &str) -> Result<(), Failure> {
    let masked = format!("{}…", code.get(..2).unwrap_or_default());
    narrator.command(&["sale", "--amount", amount, "--code", &masked])?;
    let sale = shop.expect(0, &["sale", "--amount", amount, "--code", code])?;
    let rail = at(&sale, "rail").as_str().unwrap_or_default().to_owned();
    narrator.say(
        &format!("{rail} {amount} 元已收款。"),
        &format!("{amount} is paid by {rail}."),
    )
}

fn qr_day(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.act("第三幕：扫码的一天", "Act three: a day of codes")?;
    scan(narrator, shop, "8.80", WECHAT_CODE)?;
    narrator.say(
        "又断网了，偏偏这时顾客要退款。",
        "The network is gone again, and again somebody wants the money back.",
    )?;
    void_killed_offline(narrator, shop)?;
    narrator.say(
        "钱包不用冲正：同一单号先问清楚，再决定要不要再撤一次，绝不退两次。插回网线。",
        "A wallet knows no reversal: the same order is asked about first, then taken back, never \
         twice. The cable is back.",
    )?;
    shop.plug();
    deliver(narrator, shop)?;
    scan(narrator, shop, "6.60", ALIPAY_CODE)?;
    narrator.say(
        "支付宝的撤销是全额退款，单号先存好再发。",
        "With Alipay a void is a full refund, under a number that is stored before it is sent.",
    )?;
    void_at_once(narrator, shop)?;
    scan(narrator, shop, "5.50", UNIONPAY_CODE)?;
    narrator.say(
        "银联二维码走银行卡线路，撤销不用刷卡。",
        "A UnionPay code goes over the line of the cards; its void needs no card.",
    )?;
    void_at_once(narrator, shop)
}

/// A void that the network does not stop.
fn void_at_once(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.command(&["void", "--last"])?;
    let void = shop.expect(0, &["void", "--last"])?;
    let status = at(&void, "status").as_str().unwrap_or_default();
    narrator.line(&format!("    {status}"))
}

/// Delivers what is owed and says what the newest sale is now.
fn deliver(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    narrator.command(&["sync", "--wait", "20"])?;
    shop.expect(0, &["sync", "--wait", "20"])?;
    let journal = shop.expect(0, &["journal"])?;
    let newest = at(&journal, "sales")
        .as_array()
        .and_then(|sales| sales.last());
    let voided = newest.is_some_and(|sale| at(sale, "status") == SaleStatus::Voided.as_str());
    if voided {
        narrator.say(
            "送达了：撤销成功，待办清空。",
            "Delivered: voided, and nothing is owed any more.",
        )
    } else {
        narrator.say("没有撤销成功！", "It is NOT voided!")
    }
}

/// What the screen said about a void.
fn told(narrator: &Narrator, void: &Value) -> Result<(), Failure> {
    let explanation = at(void, "explanation");
    let (title, step) = (at(explanation, "title"), at(explanation, "next_step"));
    let status = at(void, "status").as_str().unwrap_or_default();
    narrator.line(&format!(
        "    {status}: {} \u{2014} {}",
        title.as_str().unwrap_or_default(),
        step.as_str().unwrap_or_default()
    ))
}

fn still_owed(narrator: &Narrator, shop: &Shop) -> Result<(), Failure> {
    let queue = shop.expect(0, &["queue"])?;
    for item in at(&queue, "items").as_array().into_iter().flatten() {
        let word = |key: &str| at(item, key).as_str().unwrap_or_default().to_owned();
        let (kind, status, until) = (word("kind"), word("status"), word("deadline"));
        narrator.line(&format!("    {kind}  {status}  {until}"))?;
    }
    Ok(())
}
