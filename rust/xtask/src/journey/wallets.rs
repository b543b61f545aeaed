//! The ways with a phone: the customer shows a code, scans the terminal's, or taps.

use super::parts::{self, Part, charge};
use super::person::Person;
use crate::stop::Stop;

/// A WeChat code, its void without a network, a power cut before the void arrives.
pub const WECHAT: &[Part] = &[
    Part::shown("code-paid", |person| scan(person, "wechat", "36")),
    Part::unseen("code-plug-out", parts::plug_out),
    Part::shown("code-void-noted", parts::void),
    Part::unseen("code-power-cut", parts::cut_power),
    Part::unseen("code-started-again", parts::start_again),
    Part::shown("code-void-arrived", parts::plug_in),
];

/// A phone, then a wristband held to the terminal's antenna.
pub const TAPS: &[Part] = &[
    Part::unseen("phone-tapped", |person| tap(person, "held_phone", "31")),
    Part::unseen("phone-tap-voided", void_online),
    Part::unseen("band-tapped", |person| tap(person, "held_band", "32")),
    Part::unseen("band-tap-voided", void_online),
];

/// The other wallets, and customers who take their time.
pub const OTHERS: &[Part] = &[
    Part::unseen("alipay-paid", |person| scan(person, "alipay", "45")),
    Part::unseen("alipay-voided", void_online),
    Part::unseen("unionpay-code-paid", |person| {
        scan(person, "unionpay", "27")
    }),
    Part::unseen("unionpay-code-voided", void_online),
    Part::unseen("password-asked", ask_password),
    Part::unseen("password-paid", pay_with_password),
    Part::unseen("password-voided", void_online),
    Part::unseen("our-code-shown", show_our_code),
    Part::unseen("our-code-paid", scan_our_code),
    Part::unseen("our-code-voided", void_online),
];

/// The terminal scans the code of a customer who pays at once.
fn scan(person: &mut Person, wallet: &str, yuan: &str) -> Result<(), Stop> {
    show_code(person, wallet, "pays_now", yuan)?;
    paid(person, yuan)
}

fn show_code(person: &mut Person, wallet: &str, owner: &str, yuan: &str) -> Result<(), Stop> {
    charge(person, yuan)?;
    person.touch("way_code")?;
    let chosen = format!("#wallets [data-name={wallet}]");
    person.browser.click(&chosen)?;
    person.browser.choose("#phone-does", owner)?;
    person.counter("waits_for_code")?;
    person.browser.click("#phone-show")
}

fn tap(person: &mut Person, what: &str, yuan: &str) -> Result<(), Stop> {
    charge(person, yuan)?;
    person.counter("waits_for_tag")?;
    person.browser.click(&format!("[data-word={what}]"))?;
    paid(person, yuan)
}

fn paid(person: &mut Person, yuan: &str) -> Result<(), Stop> {
    person.shows("take_back")?;
    person.sees_equal(&format!("{yuan}.00"))
}

fn void_online(person: &mut Person) -> Result<(), Stop> {
    parts::take_back(person)?;
    person.sees_equal("0.00")
}

fn ask_password(person: &mut Person) -> Result<(), Stop> {
    show_code(person, "wechat", "pays_never", "52")?;
    person.shows("give_up")
}

fn pay_with_password(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#phone-pays")?;
    paid(person, "52")
}

fn show_our_code(person: &mut Person) -> Result<(), Stop> {
    charge(person, "19")?;
    person.touch("way_show")?;
    person.touch_words("支付宝收款码")?;
    person.shows("qr")
}

fn scan_our_code(person: &mut Person) -> Result<(), Stop> {
    person.browser.click("#phone-scans")?;
    person.browser.click("#phone-pays")?;
    paid(person, "19")
}
