//! Rules that hold for every order over the web: words for every code, nothing secret kept, little
//! work for a long queue, no belief without a signature.

use std::collections::BTreeSet;

use pos_channels::wallet::Table;
use pos_channels::{acp, alipay, wechat};
use pos_diagnosis::{Situation, explain};
use pos_domain::{Code, Lang, Rail, SaleStatus, UndoStatus};
use pos_scenarios::fault;
use pos_scenarios::web::{WebShop, alipay_code, code, web_findings, wechat_code};

/// Every code that a driver knows, as it is stored.
fn all_codes() -> BTreeSet<(Rail, String)> {
    use wechat::codes as w;
    let wechat: [Table; 12] = [
        w::MICROPAY,
        w::QUERY,
        w::REVERSE,
        w::REFUND,
        w::REFUND_QUERY,
        w::CLOSE,
        w::V3_NATIVE,
        w::V3_QUERY,
        w::V3_CLOSE,
        w::V3_REFUND,
        w::V3_REFUND_QUERY,
        &[("FAIL", pos_channels::wallet::Verdict::Unknown)],
    ];
    use alipay::codes as a;
    let alipay: [Table; 7] = [
        a::GATEWAY,
        a::PAY,
        a::QUERY,
        a::CANCEL,
        a::REFUND,
        a::REFUND_QUERY,
        a::CLOSE,
    ];
    use acp::codes as u;
    let acp: [Table; 4] = [u::SALE, u::UNDO, u::REVERSAL, u::QUERY];
    let of = |rail: Rail, before: &'static str, tables: Vec<Table>| {
        tables.into_iter().flatten().map(move |(code, _)| {
            let code = code.trim_end_matches('*');
            (rail, format!("{before}{code}"))
        })
    };
    of(Rail::WeChat, "", wechat.to_vec())
        .chain(of(Rail::Alipay, "", alipay.to_vec()))
        .chain(of(Rail::UnionPay, acp::codes::PREFIX, acp.to_vec()))
        .collect()
}

#[test]
fn i12_every_code_of_a_wallet_has_words_of_its_own() {
    let codes = all_codes();
    assert!(codes.len() > 100, "{}", codes.len());
    for (rail, code) in codes {
        let unlisted = Code::Wire(rail, "ZZZZ".to_owned());
        let code = Code::Wire(rail, code);
        for lang in [Lang::Zh, Lang::En] {
            let title = |code: &Code| explain(code, Situation::Sale, lang, "R").title;
            assert_ne!(title(&code), title(&unlisted), "{rail} {code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i11_no_payment_code_and_no_key_is_written_down() {
    let shop = WebShop::open();
    let codes = ["134650201234567890", "283876543210987654"];
    shop.fault("sale", "after_booking", "corrupt");
    for text in codes {
        let sale = shop.sell_through(880, &code(text)).await;
        shop.void_id(&sale).await;
    }
    shop.work_off(9).await.unwrap();
    let files = std::fs::read_dir(shop.folder()).unwrap();
    let mut written = Vec::new();
    for file in files {
        written.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(written.len() > 50_000, "the ledger was read");
    let holds = |text: &str| written.windows(text.len()).any(|w| w == text.as_bytes());
    let key = "192006250b4c09247ec02edce69f6a2d";
    for secret in codes.iter().chain([&key]) {
        assert!(!holds(secret), "{secret} is written");
    }
    // Not even sealed.
    for sale in shop.read(|query| {
        query.sales(&pos_ledger::JournalFilter {
            limit: 9,
            ..Default::default()
        })
    }) {
        let number = sale.original.order_no.clone().unwrap();
        assert!(holds(&number), "the number is there");
        for attempt in shop.read(|query| query.attempts_of(&sale.original.id)) {
            let fields = shop.read(|query| query.attempt_fields(&attempt.id));
            let text = String::from_utf8_lossy(&fields).into_owned();
            assert!(codes.iter().all(|code| !text.contains(code)), "{text}");
            assert!(text.contains(&number), "{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_voids_costs_two_commits_each() {
    const VOIDS: i64 = 300;
    let shop = WebShop::open();
    let mut voids = Vec::new();
    let mut sales = Vec::new();
    for n in 0..VOIDS {
        sales.push(
            shop.sell_through(100 + n, &code(&format!("1346502012345{n:05}")))
                .await,
        );
    }
    shop.network.unplug(true);
    for sale in &sales {
        voids.push(shop.void_id(sale).await);
    }
    shop.network.unplug(false);
    shop.till.begin_round("01").unwrap();
    let before = shop.commits();
    let report = shop.till.pass("01").await.unwrap();
    let commits = shop.commits() - before;
    assert_eq!((i64::from(report.delivered), report.left), (VOIDS, 0));
    assert!(commits <= 2 * VOIDS, "{commits} commits for {VOIDS} voids");
    assert!(
        voids
            .iter()
            .all(|void| shop.undo(void).status == UndoStatus::Voided)
    );
    assert_eq!(web_findings(&shop), []);
}

/// Decision 21: an unsigned refusal counts for a first submission over verified TLS only, and only
/// when it is about the request's form.
#[tokio::test(start_paused = true)]
async fn i06_an_unsigned_refusal_counts_only_over_verified_tls() {
    for (verified, status) in [(true, SaleStatus::Declined), (false, SaleStatus::Unknown)] {
        let shop = WebShop::open();
        if !verified {
            shop.network.unverified();
        }
        shop.faults(&fault("sale", "request_read", "code", "SIGNERROR"));
        shop.network.tamper(Box::new(|request, steps| {
            if pos_scenarios::web::asked_for(request) != "micropay" {
                return steps;
            }
            let body =
                "<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg></xml>";
            vec![pos_sim::WebStep::Answer(pos_sim::WebResponse {
                status: 200,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
            })]
        }));
        let sale = shop.sell(880, &wechat_code(2)).await.unwrap();
        assert_eq!(shop.status(&sale), status, "{}", shop.code(&sale));
        assert_eq!(shop.code(&sale), "SIGNERROR");
    }
}

#[tokio::test(start_paused = true)]
async fn each_payment_by_code_tells_of_the_terminal() {
    let shop = WebShop::open();
    shop.sell_through(880, &wechat_code(0)).await;
    shop.sell_through(880, &alipay_code(0)).await;
    shop.sell_through(880, &pos_scenarios::web::unionpay_code(0))
        .await;
    for (_, request) in shop.network.requests() {
        let body = String::from_utf8(request.body).unwrap();
        let body = body
            .replace("%22", "\"")
            .replace("%5C", "\\")
            .replace("\\\"", "\"");
        assert!(body.contains("00004301234567890123"), "{body}");
        assert!(body.contains("app_version"), "{body}");
    }
}
