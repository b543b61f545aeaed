//! The hosts over real sockets: the same bytes as in process, and the control operations.

use std::time::Duration;

use pos_iso8583::Mti;
use pos_sim::{Command, CommandError, Options, Running, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::desk::{Answer, Desk};

fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(test)
}

async fn start() -> Running {
    serve(Options::default()).await.unwrap()
}

/// Sends a frame on a connection of its own; what comes back until the host is silent or gone.
async fn exchange(port: u16, frame: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(frame).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

async fn http(port: u16, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\n\
         {headers}\r\n{body}",
        body.len()
    );
    raw_http(port, &request).await
}

async fn raw_http(port: u16, request: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head[9..12].parse().unwrap();
    (
        status,
        serde_json::from_str(body).unwrap_or(Value::String(body.to_owned())),
    )
}

/// A desk whose own host never hears anything: it only builds frames and reads answers.
async fn signed_in(port: u16) -> Desk {
    let mut desk = Desk::new();
    let trace = desk.next_trace();
    let draft = desk
        .management(Mti::SIGN_IN, "003")
        .set(11, trace)
        .set(63, "01 ");
    let answer = exchange(port, &desk.plain_frame(&draft)).await.unwrap();
    desk.take_keys(&Answer::read(&answer), "003");
    desk
}

#[test]
fn a_sale_over_tcp_is_in_the_ledger_over_http() {
    run(async {
        let running = start().await;
        let ports = running.ports();
        let mut desk = signed_in(ports.unionpay).await;
        let sale = desk.sale(1234);
        let answer = exchange(ports.unionpay, &desk.frame(&sale)).await.unwrap();
        let answer = Answer::read(&answer);
        assert_eq!(answer.code(), "00");
        assert!(desk.mac_is_right(&answer));
        let (status, ledger) = http(ports.control, "GET", "/ledger", "", "").await;
        assert_eq!((status, &ledger["unionpay"]["net"]), (200, &json!(1234)));
        assert_eq!(ledger, running.ledger());
    });
}

#[test]
fn garbage_ends_the_connection_and_harms_nothing() {
    run(async {
        let running = start().await;
        let port = running.ports().unionpay;
        for garbage in [
            &b"GET / HTTP/1.1\r\n\r\n"[..],
            &[0, 3, 1, 2, 3],
            &[0xFF, 0xFF, 1],
            &[0, 0],
            &[0],
        ] {
            // A reset is as good an end as a plain one.
            assert!(exchange(port, garbage).await.unwrap_or_default().is_empty());
        }
        signed_in(port).await;
    });
}

#[test]
fn a_frame_that_is_too_long_is_not_waited_for() {
    run(async {
        let running = start().await;
        let mut stream = TcpStream::connect(("127.0.0.1", running.ports().unionpay))
            .await
            .unwrap();
        stream.write_all(&[0xFF, 0xFF]).await.unwrap();
        let end = timeout(Duration::from_secs(20), stream.read(&mut [0])).await;
        assert_eq!(end.expect("the connection is ended").unwrap_or(0), 0);
    });
}

#[test]
fn faults_come_and_go_over_http() {
    run(async {
        let running = start().await;
        let ports = running.ports();
        let mut desk = signed_in(ports.unionpay).await;
        let toml =
            "[[fault]]\non=\"sale\"\nat=\"after_booking\"\ndo=\"code\"\narg=\"96\"\ntimes=3\n";
        let (status, faults) = http(ports.control, "POST", "/faults", "", toml).await;
        assert_eq!(status, 200);
        assert_eq!(
            faults.to_string(),
            concat!(
                r#"[{"rail":null,"on":"sale","at":"after_booking","do":"code","arg":"96","#,
                r#""skip":0,"times":3}]"#
            )
        );
        let sale = desk.sale(100);
        let answer = exchange(ports.unionpay, &desk.frame(&sale)).await.unwrap();
        assert_eq!(Answer::read(&answer).code(), "96");
        let (_, faults) = http(ports.control, "GET", "/faults", "", "").await;
        assert_eq!(faults[0]["times"], 2);
        assert_eq!(
            http(ports.control, "DELETE", "/faults", "", "").await,
            (200, json!([]))
        );
        let (status, error) =
            http(ports.control, "POST", "/faults", "", "\n[[fault]]\non=1\n").await;
        assert_eq!(status, 400);
        assert!(
            error["error"].as_str().unwrap().starts_with("line 3: "),
            "{error}"
        );
    });
}

#[test]
fn offline_closes_the_port_and_online_opens_it_again() {
    run(async {
        let running = start().await;
        let ports = running.ports();
        let mut standing = TcpStream::connect(("127.0.0.1", ports.unionpay))
            .await
            .unwrap();
        let (status, _) = http(ports.control, "POST", "/do", "", r#"{"do":"offline"}"#).await;
        assert_eq!(status, 200);
        // The standing connection is cut: its end arrives, plain or as a reset.
        assert_eq!(standing.read(&mut [0]).await.unwrap_or(0), 0);
        while TcpStream::connect(("127.0.0.1", ports.unionpay))
            .await
            .is_ok()
        {
            tokio::task::yield_now().await;
        }
        http(ports.control, "POST", "/do", "", r#"{"do":"online"}"#).await;
        while TcpStream::connect(("127.0.0.1", ports.unionpay))
            .await
            .is_err()
        {
            tokio::task::yield_now().await;
        }
        signed_in(ports.unionpay).await;
    });
}

#[test]
fn a_refused_connection_is_reset() {
    run(async {
        let running = start().await;
        let port = running.ports().unionpay;
        let faults =
            pos_sim::fault::parse("[[fault]]\non=\"any\"\nat=\"before_connect\"\ndo=\"drop\"");
        running.with_hosts(|hosts| hosts.add_faults(faults.unwrap()));
        let desk = Desk::new();
        let mut desk = desk;
        let echo = desk.management(Mti::NETWORK, "301");
        let frame = desk.plain_frame(&echo);
        assert!(exchange(port, &frame).await.unwrap_or_default().is_empty());
        assert_eq!(
            Answer::read(&exchange(port, &frame).await.unwrap()).code(),
            "00"
        );
    });
}

#[test]
fn the_page_and_the_errors_of_the_control() {
    run(async {
        let running = start().await;
        let port = running.ports().control;
        let (status, page) = http(port, "GET", "/", "", "").await;
        assert_eq!(status, 200);
        assert!(page.as_str().unwrap().contains("模拟主机"));
        assert_eq!(http(port, "GET", "/nothing", "", "").await.0, 404);
        assert_eq!(http(port, "PUT", "/ledger", "", "").await.0, 405);
        let (status, error) = http(port, "POST", "/do", "", r#"{"do":"explode"}"#).await;
        assert_eq!(status, 400);
        assert!(error["error"].as_str().unwrap().contains("rotate_keys"));
        for request in ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nbroken\r\n\r\n"] {
            assert_eq!(raw_http(port, request).await.0, 400);
        }
        let big = format!(
            "POST /faults HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 99999999\r\n\r\n"
        );
        assert_eq!(raw_http(port, &big).await.0, 413);
    });
}

#[test]
fn other_pages_of_a_browser_are_refused() {
    run(async {
        let running = start().await;
        let port = running.ports().control;
        let own = format!("Origin: http://127.0.0.1:{port}\r\n");
        let order = r#"{"do":"drop_keys"}"#;
        assert_eq!(http(port, "POST", "/do", &own, order).await.0, 200);
        let other = "Origin: http://shop.example\r\n";
        assert_eq!(http(port, "POST", "/do", other, order).await.0, 403);
        let bent = "GET /ledger HTTP/1.1\r\nHost: shop.example\r\n\r\n";
        assert_eq!(raw_http(port, bent).await.0, 403);
    });
}

#[test]
fn quit_is_heard_and_stop_closes_the_ports() {
    run(async {
        let running = start().await;
        let ports = running.ports();
        let (status, _) = http(ports.control, "POST", "/quit", "", "").await;
        assert_eq!(status, 200);
        running.quit_asked().await;
        running.stop().await;
        assert!(
            TcpStream::connect(("127.0.0.1", ports.unionpay))
                .await
                .is_err()
        );
        assert!(
            TcpStream::connect(("127.0.0.1", ports.control))
                .await
                .is_err()
        );
    });
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    run(async {
        let running = start().await;
        let port = running.ports().unionpay;
        let again = Options {
            unionpay_port: port,
            ..Options::default()
        };
        let error = serve(again).await.unwrap_err().to_string();
        assert!(
            error.contains("unionpay") && error.contains(&port.to_string()),
            "{error}"
        );
        assert_eq!(running.ports().json()["unionpay"], port);
    });
}

#[test]
fn orders_are_read_or_refused_with_the_reason() {
    let read = |text: &str| Command::parse(text.as_bytes());
    assert_eq!(
        read(r#"{"do":"cutover"}"#),
        Ok(Command::Cutover { pause_ms: 0 })
    );
    assert_eq!(
        read(r#"{"do":"cutover","arg":"90"}"#),
        Ok(Command::Cutover { pause_ms: 90_000 })
    );
    assert_eq!(
        read(r#"{"do":"drop_keys","arg":null}"#),
        Ok(Command::DropKeys)
    );
    assert_eq!(read(r#"{"do":"rotate_keys"}"#), Ok(Command::RotateKeys));
    assert_eq!(read(r#"{"do":"batch","arg":7}"#), Ok(Command::Batch(7)));
    assert_eq!(read(r#"{"do":"job","arg":3}"#), Ok(Command::Job(3)));
    assert_eq!(read("[]"), Err(CommandError::NotAnObject));
    assert_eq!(read(r#"{"what":1}"#), Err(CommandError::Key("what".into())));
    assert_eq!(read(r#"{"arg":1}"#), Err(CommandError::Do));
    for bad in [
        r#"{"do":"batch"}"#,
        r#"{"do":"batch","arg":0}"#,
        r#"{"do":"job","arg":10}"#,
        r#"{"do":"cutover","arg":-1}"#,
        r#"{"do":"offline","arg":1}"#,
    ] {
        assert!(matches!(read(bad), Err(CommandError::Arg { .. })), "{bad}");
    }
}
