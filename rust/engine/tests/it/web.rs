//! The way to the wallets over real sockets: what comes back whole is an answer, whatever it says;
//! anything less is a failure that says how far the request got.

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use pos_channels::http::{HttpRequest, HttpResponse, LARGEST_BODY, Method};
use pos_domain::{Delivery, NetCode};
use pos_engine::link::tls::Trust;
use pos_engine::link::web::HttpLink;
use pos_flows::link::LinkFailure;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use zeroize::Zeroizing;

use crate::tcp::{NOT_SENT, UNKNOWN};

/// Long enough that only a test of a limit ever waits for it.
pub const AMPLE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);
pub const FINE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

pub fn post() -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        target: Zeroizing::new("/pay/micropay?a=%2F".into()),
        headers: vec![("Content-Type", "text/xml; charset=utf-8".into())],
        body: Zeroizing::new(b"<xml/>".to_vec()),
        needs_client_cert: false,
    }
}

fn link_to(address: SocketAddr) -> HttpLink {
    let url = format!("http://{address}");
    HttpLink::new(url.parse().unwrap(), Trust::Public, None).unwrap()
}

async fn listen() -> (TcpListener, HttpLink) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = link_to(listener.local_addr().unwrap());
    (listener, link)
}

/// Reads one request of a body that [`post`] has; none when the connection ends before it.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"<xml/>") {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.ok()?;
        request.push(byte[0]);
    }
    Some(String::from_utf8(request).unwrap())
}

/// One exchange with a server that takes the request and then does `server`.
async fn against<F: Future<Output = ()> + Send + 'static>(
    limit: Duration,
    server: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> Result<HttpResponse, LinkFailure> {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        server(stream).await;
    });
    let result = link.request(&post(), limit).await;
    server.abort();
    result
}

/// One exchange with a server that writes `answer` and closes, or stays silent.
async fn answered(
    answer: Vec<u8>,
    closes: bool,
    limit: Duration,
) -> Result<HttpResponse, LinkFailure> {
    against(limit, move |mut stream| async move {
        stream.write_all(&answer).await.unwrap();
        if !closes {
            std::future::pending::<()>().await;
        }
    })
    .await
}

fn failure(delivery: Delivery, code: NetCode) -> LinkFailure {
    LinkFailure { delivery, code }
}

#[tokio::test]
async fn the_request_goes_out_as_it_was_signed() {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await.unwrap();
        stream.write_all(FINE).await.unwrap();
        (request, listener.local_addr().unwrap())
    });
    let answer = link.request(&post(), AMPLE).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok"[..]));
    assert_eq!(answer.header("content-length"), Some("2"));
    let (request, address) = server.await.unwrap();
    let expected = format!(
        "POST /pay/micropay?a=%2F HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: text/xml; charset=utf-8\r\nContent-Length: 6\r\n\r\n<xml/>"
    );
    assert_eq!(request, expected);
}

#[tokio::test]
async fn a_question_has_no_body() {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 13];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(FINE).await.unwrap();
        stream.read_to_end(&mut request).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let mut request = post();
    request.method = Method::Get;
    request.body = Zeroizing::default();
    link.request(&request, AMPLE).await.unwrap();
    drop(link);
    let request = server.await.unwrap();
    assert!(request.starts_with("GET /pay/micropay?a=%2F HTTP/1.1\r\n"));
    assert!(request.ends_with("\r\n\r\n") && !request.contains("Content-Length"));
}

#[tokio::test]
async fn whatever_comes_whole_is_an_answer() {
    let html = "<html>502 Bad Gateway</html>";
    for (case, status, head, body) in [
        (
            "page",
            502,
            "502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 28",
            html,
        ),
        (
            "redirect",
            302,
            "302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0",
            "",
        ),
        (
            "permanent",
            308,
            "308 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0",
            "",
        ),
        ("no content", 204, "204 No Content", ""),
        (
            "wants a login",
            401,
            "401 Unauthorized\r\nContent-Length: 2",
            "no",
        ),
        ("until the end", 200, "200 OK", "all"),
        ("old", 200, "200 OK\r\nConnection: close", "all"),
    ] {
        let answer = format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes();
        let answer = answered(answer, true, AMPLE).await.unwrap();
        assert_eq!(answer.status, status, "{case}");
        assert_eq!(answer.body, body.as_bytes(), "{case}");
    }
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\nTrailer: x\r\n\r\n";
    let answer = answered(chunked.to_vec(), false, AMPLE).await.unwrap();
    assert_eq!(answer.body, b"abcdefgh");
    let early = [b"HTTP/1.1 100 Continue\r\n\r\n", FINE].concat();
    assert_eq!(answered(early, false, AMPLE).await.unwrap().status, 200);
    // 余额 in GBK: not ours to judge, and no text for whoever asks for one.
    let foreign = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: \xD3\xE0\r\n\r\n\xD3\xE0\xB6\xEE";
    let answer = answered(foreign.to_vec(), false, AMPLE).await.unwrap();
    assert_eq!((answer.body.len(), answer.text()), (4, None));
}

#[tokio::test]
async fn the_largest_body_is_read_and_one_byte_more_is_refused() {
    let whole = |size: usize| {
        let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes();
        answer.resize(answer.len() + size, b'x');
        answer
    };
    let answer = answered(whole(LARGEST_BODY), false, AMPLE).await.unwrap();
    assert_eq!(answer.body.len(), LARGEST_BODY);
    let garbled = Err(failure(UNKNOWN, NetCode::AnswerGarbled));
    assert_eq!(
        answered(whole(LARGEST_BODY + 1), false, AMPLE).await,
        garbled
    );
    // Without a length the end never comes; the bound does.
    let result = against(AMPLE, |mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    })
    .await;
    assert_eq!(result, garbled);
}

#[tokio::test]
async fn what_is_cut_short_is_unknown() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ] {
        let result = answered(answer.as_bytes().to_vec(), true, AMPLE).await;
        assert_eq!(result, Err(failure(UNKNOWN, NetCode::Closed)), "{answer:?}");
        let result = answered(answer.as_bytes().to_vec(), false, SHORT).await;
        assert_eq!(
            result,
            Err(failure(UNKNOWN, NetCode::NoAnswer)),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_http_is_garbled() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(200_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(200));
    for answer in [
        "\0\x02ok and some more bytes",
        "SSH-2.0-OpenSSH_9\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 twohundred OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\nok",
        &long,
        &many,
    ] {
        let shown: String = answer.chars().take(60).collect();
        let result = answered(answer.as_bytes().to_vec(), false, AMPLE).await;
        assert_eq!(
            result,
            Err(failure(UNKNOWN, NetCode::AnswerGarbled)),
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_drips_is_not_waited_for_for_ever() {
    let started = Instant::now();
    let result = against(SHORT * 3, |mut stream| async move {
        let mut pause = tokio::time::interval(SHORT);
        for byte in FINE.iter().cycle() {
            pause.tick().await;
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    })
    .await;
    assert_eq!(result, Err(failure(UNKNOWN, NetCode::NoAnswer)));
    assert!(started.elapsed() >= SHORT * 3 && started.elapsed() < AMPLE);
}

#[tokio::test]
async fn reset_after_the_request() {
    let result = against(AMPLE, |stream| async move {
        stream.set_zero_linger().unwrap();
    })
    .await;
    assert_eq!(result, Err(failure(UNKNOWN, NetCode::Closed)));
}

#[tokio::test]
async fn nothing_leaves_without_a_connection() {
    let (listener, link) = listen().await;
    drop(listener);
    let refused = link.request(&post(), AMPLE).await;
    assert_eq!(refused, Err(failure(NOT_SENT, NetCode::Refused)));
    // Clear text goes to this machine alone, whoever made the link.
    let link = link_to("192.0.2.1:9".parse().unwrap());
    let outside = link.request(&post(), AMPLE).await;
    assert_eq!(outside, Err(failure(NOT_SENT, NetCode::Unreachable)));
    let (_listener, link) = listen().await;
    let mut malformed = post();
    malformed.target = Zeroizing::new("/a b\r\nX: y".into());
    let result = link.request(&malformed, AMPLE).await;
    assert_eq!(result, Err(failure(NOT_SENT, NetCode::SendBroken)));
}

#[tokio::test]
async fn connect_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(SHORT, TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    let result = link_to(address).request(&post(), SHORT).await;
    assert_eq!(result, Err(failure(NOT_SENT, NetCode::ConnectTimeout)));
}

#[tokio::test]
async fn a_server_that_does_not_read_holds_nobody() {
    let (listener, link) = listen().await;
    let mut large = post();
    large.body = Zeroizing::new(vec![0; 32 << 20]);
    let started = Instant::now();
    let result = link.request(&large, SHORT).await;
    assert_eq!(result, Err(failure(UNKNOWN, NetCode::NoAnswer)));
    assert!(started.elapsed() < AMPLE);
    drop(listener);
}

#[tokio::test]
async fn a_dropped_exchange_closes_its_connection() {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.read(&mut [0]).await.unwrap()
    });
    let given_up = tokio::time::timeout(SHORT, link.request(&post(), AMPLE)).await;
    assert!(given_up.is_err());
    assert_eq!(server.await.unwrap(), 0, "the server sees the end");
}

#[tokio::test]
async fn ten_thousand_requests_need_one_connection() {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut served = 0;
        while read_request(&mut stream).await.is_some() {
            stream.write_all(FINE).await.unwrap();
            served += 1;
        }
        served
    });
    for _ in 0..10_000 {
        assert_eq!(link.request(&post(), AMPLE).await.unwrap().status, 200);
    }
    drop(link);
    assert_eq!(server.await.unwrap(), 10_000);
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_left_alone() {
    let (listener, link) = listen().await;
    let (closed, heard) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.write_all(FINE).await.unwrap();
        stream.shutdown().await.unwrap();
        drop(stream);
        closed.send(()).unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        // What nobody asked for must not become the answer to what is asked next.
        stream.write_all(&[FINE, FINE].concat()).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 201 Created\r\n\r\n")
            .await
            .unwrap();
    });
    assert_eq!(link.request(&post(), AMPLE).await.unwrap().status, 200);
    heard.await.unwrap();
    assert_eq!(link.request(&post(), AMPLE).await.unwrap().status, 200);
    assert_eq!(link.request(&post(), AMPLE).await.unwrap().status, 201);
    server.await.unwrap();
}

#[tokio::test]
async fn i08_a_request_that_a_kept_connection_swallows_is_not_sent_again() {
    let (listener, link) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.write_all(FINE).await.unwrap();
        read_request(&mut stream).await.unwrap();
        drop(stream);
        // Whoever knocks now would send the request a second time.
        tokio::time::timeout(SHORT, listener.accept())
            .await
            .is_err()
    });
    assert_eq!(link.request(&post(), AMPLE).await.unwrap().status, 200);
    let swallowed = link.request(&post(), AMPLE).await;
    assert_eq!(swallowed, Err(failure(UNKNOWN, NetCode::Closed)));
    assert!(server.await.unwrap(), "sent twice");
}
