//! The wallets over real sockets, beside the acquirer: the same answers as in process, faults in
//! common, and a customer at the control page.

use std::time::Duration;

use pos_sim::{Command, CommandError, Customer, Options, Running, WebRequest, WebResponse, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::shop::{ALIPAY_CODE, Shop, UNIONPAY_CODE, WECHAT_CODE, code_of, micropay_fields};
use crate::shop_forms::{AcpAnswer, get, node_of, pay_business, sub_code};

const NO: &str = "T20260101000001";

fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(test)
}

/// Sends a request on a connection of its own; all bytes that come back.
async fn bytes_of(port: u16, request: &WebRequest) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\n",
        request.method,
        request.target,
        request.body.len()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let whole = [head.as_bytes(), b"\r\n", &request.body].concat();
    stream.write_all(&whole).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

async fn exchange(port: u16, request: &WebRequest) -> WebResponse {
    let bytes = bytes_of(port, request).await.unwrap();
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&bytes[..at]).unwrap();
    let headers = head
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap());
    let answer = WebResponse {
        status: head[9..12].parse().unwrap(),
        headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        body: bytes[at + 4..].to_vec(),
    };
    let length = answer.body.len().to_string();
    let announced = answer.header("content-length").unwrap_or("0");
    assert_eq!(announced, length, "the length is the body's");
    answer
}

async fn control(running: &Running, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = WebRequest {
        method: method.into(),
        target: path.into(),
        headers: Vec::new(),
        body: body.into(),
    };
    let answer = exchange(running.ports().control, &request).await;
    let value = serde_json::from_slice(&answer.body);
    (answer.status, value.unwrap_or(Value::Null))
}

/// A shop whose own wallet never hears anything: it builds requests for the present time.
fn at_present(mut shop: Shop) -> Shop {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    shop.now = pos_domain::WallTime(i64::try_from(since.as_millis()).unwrap());
    shop
}

#[test]
fn every_rail_sells_over_its_own_port() {
    run(async {
        let running = serve(Options::default()).await.unwrap();
        let ports = running.ports();
        let mut shop = Shop::wechat();
        let request = shop.v2_request("/pay/micropay", &micropay_fields(NO, "880", WECHAT_CODE));
        let answer = exchange(ports.wechat, &request).await;
        let (fields, signed) = shop.v2_read(&answer);
        assert!(signed);
        assert_eq!(code_of(&fields), "SUCCESS");

        let shop = at_present(Shop::alipay());
        let pairs = shop.alipay_pairs("alipay.trade.pay", &pay_business(NO, "1.20", ALIPAY_CODE));
        let answer = exchange(ports.alipay, &get(&pairs)).await;
        let (node, signed) = node_of(&answer, "alipay.trade.pay");
        assert!(signed);
        assert_eq!(sub_code(&node), "10000");

        let shop = Shop::acp();
        let more = [("txnAmt", "30"), ("qrNo", UNIONPAY_CODE)];
        let request = shop.acp_request(("01", "06"), NO, &more);
        let answer = AcpAnswer::read(&exchange(ports.acp, &request).await);
        assert_eq!(answer.get("respCode"), "00");

        let (_, ledger) = control(&running, "GET", "/ledger", "").await;
        assert_eq!(ledger, running.ledger());
        for (rail, net) in [("wechat", 880), ("alipay", 120), ("unionpay", 30)] {
            assert_eq!(ledger[rail]["net"], net, "{rail}");
            assert_eq!(ledger[rail]["sales"][0]["key"], NO, "{rail}");
            assert_eq!(ledger[rail]["orders"][0]["state"], "paid", "{rail}");
        }
    });
}

#[test]
fn a_body_of_nothing_has_no_length() {
    run(async {
        let running = serve(Options::default()).await.unwrap();
        let mut shop = at_present(Shop::wechat());
        let body = json!({
            "appid": shop.settings.wechat_app_id, "mchid": shop.settings.wechat_mch_id,
            "description": "茶", "out_trade_no": NO, "notify_url": "https://shop.example/paid",
            "amount": {"total": 1},
        });
        let shown = shop.v3_request("POST", "/v3/pay/transactions/native", &body);
        assert_eq!(exchange(running.ports().wechat, &shown).await.status, 200);
        let body = json!({"mchid": shop.settings.wechat_mch_id});
        let target = format!("/v3/pay/transactions/out-trade-no/{NO}/close");
        let close = shop.v3_request("POST", &target, &body);
        let answer = exchange(running.ports().wechat, &close).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("content-length"), None);
    });
}

#[test]
fn a_customer_pays_at_the_control_page() {
    run(async {
        let running = serve(Options::default()).await.unwrap();
        let mut shop = Shop::wechat();
        let fields = micropay_fields(NO, "9001002", WECHAT_CODE);
        let request = shop.v2_request("/pay/micropay", &fields);
        exchange(running.ports().wechat, &request).await;
        let pays = |arg: &str| format!(r#"{{"do":"customer_pays","arg":{arg}}}"#);
        for arg in ["\"T9\"", "7"] {
            let (status, _) = control(&running, "POST", "/do", &pays(arg)).await;
            assert!(status == 409 || status == 400, "{arg} {status}");
        }
        assert_eq!(running.ledger()["wechat"]["net"], 0);
        let (status, done) = control(&running, "POST", "/do", &pays("null")).await;
        assert_eq!((status, done), (200, json!({"done": true})));
        assert_eq!(running.ledger()["wechat"]["net"], 9_001_002);
        let (status, _) = control(&running, "POST", "/do", &pays(&format!("{NO:?}"))).await;
        assert_eq!(status, 409, "it is paid");
    });
}

#[test]
fn a_fault_without_a_rail_strikes_whoever_comes_first() {
    run(async {
        let running = serve(Options::default()).await.unwrap();
        let ports = running.ports();
        let toml = "[[fault]]\non=\"sale\"\nat=\"after_booking\"\ndo=\"cut\"\n";
        control(&running, "POST", "/faults", toml).await;
        let mut shop = Shop::wechat();
        let mut buy = |no: &str, code: &str| {
            shop.v2_request("/pay/micropay", &micropay_fields(no, "880", code))
        };
        let first = buy(NO, WECHAT_CODE);
        let second = buy("T2", "134650201234567891");
        assert!(bytes_of(ports.wechat, &first).await.unwrap().is_empty());
        assert_eq!(control(&running, "GET", "/faults", "").await.1, json!([]));
        assert_eq!(exchange(ports.wechat, &second).await.status, 200);
        assert_eq!(running.ledger()["wechat"]["net"], 1760);

        let toml = "[[fault]]\nrail=\"wechat\"\non=\"sale\"\nat=\"mid_answer\"\ndo=\"cut\"\n";
        control(&running, "POST", "/faults", toml).await;
        let third = buy("T3", "134650201234567892");
        let part = bytes_of(ports.wechat, &third).await.unwrap();
        assert!(part.starts_with(b"HTTP/1.1 200 OK\r\n") && !part.ends_with(b"</xml>"));
        assert_eq!(running.ledger()["wechat"]["net"], 2640);
    });
}

#[test]
fn one_rail_goes_offline_alone() {
    run(async {
        let running = serve(Options::default()).await.unwrap();
        let ports = running.ports();
        let order = r#"{"do":"offline","arg":"wechat"}"#;
        assert_eq!(control(&running, "POST", "/do", order).await.0, 200);
        let refused = async {
            while TcpStream::connect(("127.0.0.1", ports.wechat))
                .await
                .is_ok()
            {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), refused)
            .await
            .expect("it closes");
        for port in [ports.unionpay, ports.alipay, ports.acp] {
            assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
        }
        running.with_hosts(|hosts| hosts.execute(Command::Online(None), crate::shop::NOW));
        let taken = async {
            while TcpStream::connect(("127.0.0.1", ports.wechat))
                .await
                .is_err()
            {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), taken)
            .await
            .expect("it opens");
    });
}

#[test]
fn orders_of_the_customers_are_read() {
    let parse = |text: &str| Command::parse(text.as_bytes());
    assert_eq!(
        parse(r#"{"do":"customer_cancels","arg":"T1"}"#),
        Ok(Command::Customer(Customer::Cancels, Some("T1".into())))
    );
    assert_eq!(
        parse(r#"{"do":"refunds_arrive"}"#),
        Ok(Command::Customer(Customer::RefundsArrive, None))
    );
    assert!(matches!(
        parse(r#"{"do":"offline","arg":"paypal"}"#),
        Err(CommandError::Arg {
            order: "offline",
            ..
        })
    ));
    assert!(matches!(
        parse(r#"{"do":"customer_scans","arg":{}}"#),
        Err(CommandError::Arg { .. })
    ));
}
