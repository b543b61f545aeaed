//! The page in real headless Chromium, by clicking alone.

use std::time::Duration;

use super::{Counter, start};
use crate::browser::Browser;

const PATIENCE: Duration = Duration::from_secs(20);
const VOIDED: &str = r#"{"sales":[{"rail":"unionpay","status":"voided","batch":"000001",
    "trace":"000007","order_no":null,"net":0,"undo":null}]}"#;
const APPROVED: &str = r#"{"sales":[{"rail":"unionpay","status":"approved","batch":"000001",
    "trace":"000007","order_no":null,"net":1234,"undo":null}]}"#;

/// A counter with its app up, and its page open and alive.
fn open(name: &str, journal: &str) -> (Counter, Browser) {
    let counter = Counter::new(name, journal);
    start(&counter.world.app);
    let mut browser = Browser::start(&counter.folder.join("browser")).unwrap();
    browser.size(1440, 1000, 1).unwrap();
    browser.open(&counter.serve()).unwrap();
    browser
        .wait(
            "document.getElementById('power-state').textContent != ''",
            PATIENCE,
        )
        .unwrap();
    browser
        .wait(
            "document.getElementById('screen').naturalWidth == 360",
            PATIENCE,
        )
        .unwrap();
    browser
        .wait("document.getElementById('off').hidden", PATIENCE)
        .unwrap();
    counter.asked();
    (counter, browser)
}

/// Waits until app and hosts together were asked something, and gives it.
fn asked(counter: &Counter, browser: &mut Browser) -> Vec<String> {
    for _ in 0..1000 {
        let asked = counter.asked();
        if !asked.is_empty() {
            return asked;
        }
        // A round trip through the page: time for what it does.
        browser
            .read("new Promise(done => requestAnimationFrame(done))")
            .unwrap();
    }
    panic!("nothing was asked");
}

#[test]
fn every_button_gives_its_order() {
    let (counter, mut browser) = open("buttons", VOIDED);
    let card = |number: &str| {
        format!(
            "POST /control? {{\"do\":\"card\",\"arg\":{{\"entry\":\"swipe\",\
             \"track2\":\"{number}1060000000000\",\"pin\":\"123456\"}}}}"
        )
    };
    let control = |order: &str| format!("POST /control? {order}");
    let clock = |wall: i64, passed: i64| {
        control(&format!(
            r#"{{"do":"clock","arg":{{"wall":{wall},"passed":{passed}}}}}"#
        ))
    };
    let held = concat!(
        r#"POST /control? {"do":"card","arg":{"entry":"held","pan":"6225880000000886","#,
        r#""expiry":"3012","pin":"123456","owner_checked":true}}"#
    );
    let paper_out = control(r#"{"do":"printer","arg":"paper_out"}"#);
    for (selector, expected) in [
        ("[data-word=good]", card("6222020000000114=3012")),
        ("[data-word=stolen]", card("6221550000000665=3012")),
        ("[data-word=held_phone]", held.to_owned()),
        ("#printer [data-name=paper_out]", paper_out),
        ("[data-word=clock_hour]", clock(0, 3_600_000)),
        ("[data-word=clock_wrong]", clock(-86_400_000, 0)),
        ("[data-word=clock_real]", clock(86_400_000, -3_600_000)),
        (
            "[data-word=cutover]",
            r#"POST /do? {"do":"cutover"}"#.to_owned(),
        ),
        ("#fault-clear", "DELETE /faults? ".to_owned()),
        ("#back", r#"POST /key? {"code":"BACK"}"#.to_owned()),
        (
            "#profile",
            r#"POST /text? {"text":"schema = 1\n[wechat]\n[alipay]\n"}"#.to_owned(),
        ),
    ] {
        browser.click(selector).unwrap();
        assert_eq!(asked(&counter, &mut browser), [expected], "{selector}");
    }
}

#[test]
fn plug_and_power_are_switched_and_shown() {
    let (counter, mut browser) = open("switches", VOIDED);
    for name in ["off", "slow", "lossy", "on"] {
        let button = format!("#network [data-name={name}]");
        browser.click(&button).unwrap();
        let pressed = format!("document.querySelector('{button}').ariaPressed == 'true'");
        browser.wait(&pressed, PATIENCE).unwrap();
        assert_eq!(counter.world.plug.network().name(), name);
    }
    let off = "document.getElementById('off').offsetParent";
    browser.click("#kill").unwrap();
    browser.wait(&format!("{off} != null"), PATIENCE).unwrap();
    let startable = "!document.getElementById('start').disabled";
    browser.wait(startable, PATIENCE).unwrap();
    browser.click("#start").unwrap();
    browser.wait(&format!("{off} == null"), PATIENCE).unwrap();
}

#[test]
fn a_touch_on_the_screen_is_a_tap_in_its_pixels() {
    let (counter, mut browser) = open("touch", VOIDED);
    browser
        .click_in("#screen", "e.clientWidth / 2", "e.clientHeight / 4")
        .unwrap();
    assert_eq!(
        asked(&counter, &mut browser),
        [r#"POST /tap? {"x":180,"y":180}"#]
    );
    browser.type_text("收款").unwrap();
    assert_eq!(
        asked(&counter, &mut browser),
        [r#"POST /text? {"text":"收款"}"#]
    );
}

#[test]
fn an_old_status_does_not_cover_a_screen_that_shows_pictures() {
    let (counter, mut browser) = open("covered", VOIDED);
    // Every status from now on says what was true before the pictures came.
    browser
        .read(
            "{ const real = window.fetch; window.late = 0; \
             const old = async answer => new Response(JSON.stringify(\
             { ...await answer.json(), app: 'starting' })); \
             window.fetch = async (path, how) => path == 'status' ? \
             (window.late++, old(await real(path, how))) : real(path, how); }",
        )
        .unwrap();
    browser.wait("window.late >= 2", PATIENCE).unwrap();
    let said = "document.getElementById('power-state').textContent == '正在启动…'";
    browser.wait(said, PATIENCE).unwrap();
    browser
        .click_in("#screen", "e.clientWidth / 2", "e.clientHeight / 4")
        .unwrap();
    assert_eq!(
        asked(&counter, &mut browser),
        [r#"POST /tap? {"x":180,"y":180}"#]
    );
}

#[test]
fn a_ledger_that_changes_is_on_the_page_at_once() {
    let (counter, mut browser) = open("prompt", APPROVED);
    let class = "document.getElementById('equal').className";
    browser
        .wait(&format!("{class} == 'badge differs'"), PATIENCE)
        .unwrap();
    browser
        .read(
            "window.marks = []; new MutationObserver(() => \
             marks.push([performance.now(), document.getElementById('equal').className]))\
             .observe(document.getElementById('equal'), { attributes: true }); 0",
        )
        .unwrap();
    let now = "performance.now()";
    let written = browser.read(now).unwrap().as_f64().unwrap();
    counter.journal(VOIDED);
    browser.wait("window.marks.length > 0", PATIENCE).unwrap();
    let mark = browser.read("window.marks.at(-1)").unwrap();
    assert_eq!(mark[1], "badge equal");
    let took = mark[0].as_f64().unwrap() - written;
    assert!(took < 2000.0, "{took} ms");
}

#[test]
fn a_page_that_is_loaded_again_goes_on() {
    let (counter, mut browser) = open("reload", VOIDED);
    browser
        .read("window.before = true; setTimeout(() => location.reload()); true")
        .unwrap();
    let again = "!window.before && document.getElementById('off')?.hidden && \
        document.getElementById('equal').className == 'badge equal'";
    browser.wait(again, PATIENCE).unwrap();
    counter.asked();
    browser.click("#back").unwrap();
    assert_eq!(
        asked(&counter, &mut browser),
        [r#"POST /key? {"code":"BACK"}"#]
    );
}

#[test]
fn the_codes_of_a_slip_are_drawn() {
    let (_counter, mut browser) = open("drawn", VOIDED);
    let drawn = "[...document.querySelectorAll('.slip .qr img, .slip .barcode img')]\
        .filter(e => e.naturalWidth > 0 && e.alt).length == 2";
    browser.wait(drawn, PATIENCE).unwrap();
}

#[test]
fn the_customer_shows_a_code_and_pays_or_not() {
    let (counter, mut browser) = open("phone", VOIDED);
    let drawn = "document.getElementById('phone-qr').naturalWidth > 0 && \
        document.getElementById('phone-bars').naturalWidth > 0";
    browser.wait(drawn, PATIENCE).unwrap();
    let digits = "document.getElementById('phone-digits').textContent.replaceAll(' ', '')";
    assert_eq!(browser.read(digits).unwrap(), "130000000000000000");
    let choose = "{ const e = document.getElementById('phone-does'); \
        e.value = 'has_no_money'; e.onchange(); }";
    browser.read(choose).unwrap();
    browser.click("#wallets [data-name=alipay]").unwrap();
    browser
        .wait(&format!("{digits} == '280000000000000004'"), PATIENCE)
        .unwrap();
    let shown = r#"POST /control? {"do":"code","arg":"280000000000000004"}"#;
    for (button, order) in [
        ("#phone-show", shown),
        (
            "#phone-scans",
            r#"POST /do? {"do":"customer_scans","arg":null}"#,
        ),
        (
            "#phone-pays",
            r#"POST /do? {"do":"customer_pays","arg":null}"#,
        ),
        (
            "#phone-cancels",
            r#"POST /do? {"do":"customer_cancels","arg":null}"#,
        ),
    ] {
        browser.click(button).unwrap();
        assert_eq!(
            same(asked(&counter, &mut browser)),
            same([order]),
            "{button}"
        );
    }
}

/// Orders whatever the order of their keys.
fn same(asked: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<(String, serde_json::Value)> {
    let parts = |text: &str| {
        let (target, body) = text.split_once("? ").unwrap();
        (target.to_owned(), serde_json::from_str(body).unwrap())
    };
    asked.into_iter().map(|text| parts(text.as_ref())).collect()
}

#[test]
fn the_wheel_pulls_the_screen_like_a_finger() {
    let (counter, mut browser) = open("wheel", VOIDED);
    browser.wheel("#screen", 100).unwrap();
    let mut drags = Vec::new();
    while !drags.iter().any(|drag: &String| drag.contains("\"up\"")) {
        drags.extend(asked(&counter, &mut browser));
    }
    assert_eq!(drags[0], r#"POST /drag? {"action":"down","x":180,"y":360}"#);
    assert_eq!(drags[1], r#"POST /drag? {"action":"move","x":180,"y":300}"#);
    assert_eq!(drags[6], r#"POST /drag? {"action":"up","x":180,"y":120}"#);
}

#[test]
fn every_fault_on_the_page_is_one_the_hosts_know() {
    let (counter, mut browser) = open("faults-page", VOIDED);
    let count = |id: &str| format!("document.getElementById('{id}').options.length");
    let kinds = browser
        .read(&count("fault-kind"))
        .unwrap()
        .as_u64()
        .unwrap();
    let messages = browser.read(&count("fault-on")).unwrap().as_u64().unwrap();
    assert!(kinds > 8 && messages > 3, "{kinds} {messages}");
    for kind in 0..kinds {
        let choose = format!("document.getElementById('fault-kind').selectedIndex = {kind}");
        browser.read(&choose).unwrap();
        browser.click("#fault-arm").unwrap();
        let asked = asked(&counter, &mut browser).join("\n");
        let text = asked
            .strip_prefix("POST /faults? ")
            .unwrap_or_else(|| panic!("{asked}"));
        let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let fault = &table["fault"][0];
        let known = |key: &str, names: &str| {
            let name = fault[key].as_str().unwrap();
            assert!(names.split('|').any(|known| known == name), "{key}: {name}");
        };
        known("on", "sale|void|reversal_sale|reversal_void|refund");
        known(
            "at",
            "before_connect|request_read|after_booking|mid_answer|after_answer",
        );
        known(
            "do",
            "drop|delay|duplicate|cut|corrupt|wrong_mac|foreign_answer|code|late|cutover",
        );
    }
}

#[test]
fn the_mark_is_green_only_when_both_ledgers_agree() {
    for (name, journal, look) in [
        ("mark-equal", VOIDED, "badge equal"),
        ("mark-odd", APPROVED, "badge differs"),
    ] {
        let (_counter, mut browser) = open(name, journal);
        let class = "document.getElementById('equal').className";
        browser
            .wait(&format!("{class} == '{look}'"), PATIENCE)
            .unwrap();
        let rows = "document.querySelectorAll('.sides li').length";
        assert_eq!(browser.read(rows).unwrap(), 2);
        let said = "[...document.querySelectorAll('.state')].map(e => e.textContent).join()";
        let said = browser.read(said).unwrap();
        assert!(
            !said.as_str().unwrap().contains("is_"),
            "untranslated: {said}"
        );
    }
}

#[test]
fn both_languages_fit_every_width_and_nothing_goes_wrong() {
    let (_counter, mut browser) = open("widths", VOIDED);
    browser
        .wait("document.querySelectorAll('.slip p').length == 4", PATIENCE)
        .unwrap();
    for language in ["zh-CN", "en"] {
        if browser.read("document.documentElement.lang").unwrap() != language {
            browser.click("#language").unwrap();
        }
        assert_eq!(
            browser.read("document.documentElement.lang").unwrap(),
            language
        );
        for width in [1440, 1024, 390] {
            browser.size(width, 900, 1).unwrap();
            let wide = browser
                .read("document.documentElement.scrollWidth")
                .unwrap();
            assert_eq!(wide, width, "{language}: the page is wider than its window");
            let cut = "[...document.querySelectorAll('button, h1, h2:not(.hidden), h3, .why')]\
                .filter(e => e.scrollWidth > e.clientWidth + 1 || \
                    e.offsetParent && !e.textContent.trim())\
                .map(e => e.outerHTML).join()";
            assert_eq!(
                browser.read(cut).unwrap(),
                "",
                "{language} at {width}: cut or empty"
            );
        }
    }
    assert!(browser.picture().unwrap().starts_with(b"\x89PNG"));
    assert_eq!(browser.errors(), Vec::<String>::new());
}
