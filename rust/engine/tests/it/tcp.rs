//! The TCP link over real sockets: one test for each way an exchange can end.

use std::future::Future;
use std::time::{Duration, Instant};

use pos_domain::{Delivery, NetCode};
use pos_engine::link::PlainRule;
use pos_engine::link::tcp::{LinkSetupError, MAX_BODY, Security, TcpLink};
use pos_engine::{Loaded, Secrets};
use pos_flows::link::{Link, LinkFailure, Next};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Long enough that only a test of a limit ever waits for it.
const AMPLE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);
const REQUEST: &[u8] = b"\0\x07request";

pub const NOT_SENT: Delivery = Delivery::NotSent;
pub const UNKNOWN: Delivery = Delivery::SentUnknown;

pub fn failure(delivery: Delivery, code: NetCode) -> Result<(), LinkFailure> {
    Err(LinkFailure { delivery, code })
}

fn link(name: &str, port: u16) -> TcpLink {
    TcpLink::new(name.into(), port, Security::Plain(PlainRule::Loopback))
}

/// Sends the request and takes frames until one says `\0\x02ok`.
pub async fn exchange(link: &TcpLink, limit: Duration) -> (Result<(), LinkFailure>, Vec<Vec<u8>>) {
    let mut frames = Vec::new();
    let result = link
        .exchange(REQUEST, limit, &mut |frame: &[u8]| {
            frames.push(frame.to_vec());
            if frame == b"\0\x02ok" {
                Next::Done
            } else {
                Next::More
            }
        })
        .await;
    (result, frames)
}

async fn listen() -> (TcpListener, TcpLink) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, link("127.0.0.1", port))
}

async fn take_request(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = [0; REQUEST.len()];
    stream.read_exact(&mut request).await.unwrap();
    assert_eq!(request, REQUEST);
    stream
}

/// One exchange with a host that takes the request and then does `host`.
async fn against<F: Future<Output = ()> + Send + 'static>(
    limit: Duration,
    host: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (Result<(), LinkFailure>, Vec<Vec<u8>>) {
    let (listener, link) = listen().await;
    let host = tokio::spawn(async move { host(take_request(&listener).await).await });
    let result = exchange(&link, limit).await;
    host.abort();
    result
}

#[tokio::test]
async fn frames_come_whole_however_the_network_cuts_them() {
    let (result, frames) = against(AMPLE, |mut stream| async move {
        for byte in b"\0\x05other\0\x00\0\x02ok" {
            stream.write_all(&[*byte]).await.unwrap();
            stream.flush().await.unwrap();
        }
        let _ = stream.read(&mut [0]).await;
    })
    .await;
    assert_eq!(result, Ok(()));
    assert_eq!(frames, [&b"\0\x05other"[..], b"\0\0", b"\0\x02ok"]);
}

#[tokio::test]
async fn frames_come_apart_that_came_together_and_the_rest_is_left() {
    let (result, frames) = against(AMPLE, |mut stream| async move {
        stream
            .write_all(b"\0\x04late\0\x02ok\0\x05after")
            .await
            .unwrap();
        let _ = stream.read(&mut [0]).await;
    })
    .await;
    assert_eq!(result, Ok(()));
    assert_eq!(frames, [&b"\0\x04late"[..], b"\0\x02ok"]);
}

#[tokio::test]
async fn the_longest_frame_is_read() {
    let (result, frames) = against(AMPLE, |mut stream| async move {
        let mut long = u16::try_from(MAX_BODY).unwrap().to_be_bytes().to_vec();
        long.resize(2 + MAX_BODY, 7);
        stream.write_all(&long).await.unwrap();
        stream.write_all(b"\0\x02ok").await.unwrap();
        let _ = stream.read(&mut [0]).await;
    })
    .await;
    assert_eq!((result, frames[0].len()), (Ok(()), 2 + MAX_BODY));
}

#[tokio::test]
async fn refused() {
    let (listener, link) = listen().await;
    drop(listener);
    assert_eq!(
        exchange(&link, AMPLE).await.0,
        failure(NOT_SENT, NetCode::Refused)
    );
}

#[tokio::test]
async fn name_not_found() {
    // Longer than a label of a name may be, so that nobody is asked.
    let link = TcpLink::new(
        "x".repeat(70),
        1,
        Security::Plain(PlainRule::PrivateNetwork),
    );
    assert_eq!(
        exchange(&link, AMPLE).await.0,
        failure(NOT_SENT, NetCode::NameNotFound)
    );
}

#[tokio::test]
async fn an_address_outside_the_rule_is_not_even_tried() {
    let link = link("192.0.2.1", 9);
    assert_eq!(
        exchange(&link, AMPLE).await.0,
        failure(NOT_SENT, NetCode::Unreachable)
    );
}

#[tokio::test]
async fn connect_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Fill the queue that nobody empties; from then on the system ignores who knocks.
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(SHORT, TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    let started = Instant::now();
    let result = exchange(&link("127.0.0.1", address.port()), SHORT).await.0;
    assert_eq!(result, failure(NOT_SENT, NetCode::ConnectTimeout));
    assert!(started.elapsed() >= SHORT && started.elapsed() < AMPLE);
}

#[tokio::test]
async fn no_answer_within_the_limit() {
    for part in [&b""[..], b"\0", b"\0\x02o", b"\0\x04late"] {
        let started = Instant::now();
        let (result, frames) = against(SHORT, move |mut stream| async move {
            stream.write_all(part).await.unwrap();
            std::future::pending().await
        })
        .await;
        assert_eq!(result, failure(UNKNOWN, NetCode::NoAnswer), "{part:?}");
        assert_eq!(frames.len(), usize::from(part.len() > 4));
        assert!(started.elapsed() >= SHORT && started.elapsed() < AMPLE);
    }
}

#[tokio::test]
async fn closed_before_the_answer_was_whole() {
    for part in [&b""[..], b"\0", b"\0\x02", b"\0\x02o", b"\0\x04late"] {
        let (result, _) = against(AMPLE, move |mut stream| async move {
            stream.write_all(part).await.unwrap();
        })
        .await;
        assert_eq!(result, failure(UNKNOWN, NetCode::Closed), "{part:?}");
    }
}

#[tokio::test]
async fn reset_after_the_request() {
    let (result, _) = against(AMPLE, |stream| async move {
        stream.set_zero_linger().unwrap();
    })
    .await;
    assert_eq!(result, failure(UNKNOWN, NetCode::Closed));
}

#[tokio::test]
async fn an_absurd_length_ends_the_exchange_but_not_what_came_before() {
    let (result, frames) = against(AMPLE, |mut stream| async move {
        stream.write_all(b"\0\x04late\xFF\xFF").await.unwrap();
        let _ = stream.read(&mut [0]).await;
    })
    .await;
    assert_eq!(result, failure(UNKNOWN, NetCode::AnswerGarbled));
    assert_eq!(frames, [b"\0\x04late"]);
}

/// More than two sockets' buffers hold.
fn large() -> Vec<u8> {
    vec![0; 32 << 20]
}

#[tokio::test]
async fn broken_while_sending() {
    let (listener, link) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 4096]).await.unwrap();
        stream.set_zero_linger().unwrap();
    });
    let result = link.exchange(&large(), AMPLE, &mut |_| Next::Done).await;
    assert_eq!(result, failure(UNKNOWN, NetCode::SendBroken));
}

#[tokio::test]
async fn a_host_that_does_not_read_holds_nobody_longer_than_the_limit() {
    let (listener, link) = listen().await;
    let result = link.exchange(&large(), SHORT, &mut |_| Next::Done).await;
    assert_eq!(result, failure(UNKNOWN, NetCode::SendBroken));
    drop(listener);
}

#[tokio::test]
async fn a_dropped_exchange_closes_its_connection() {
    let (listener, link) = listen().await;
    let host = tokio::spawn(async move {
        let mut stream = take_request(&listener).await;
        stream.read(&mut [0]).await.unwrap()
    });
    let given_up = tokio::time::timeout(SHORT, exchange(&link, AMPLE)).await;
    assert!(given_up.is_err());
    assert_eq!(host.await.unwrap(), 0, "the host sees the end");
}

#[tokio::test]
async fn each_exchange_has_its_own_connection() {
    let (listener, link) = listen().await;
    tokio::spawn(async move {
        for _ in 0..2 {
            let mut stream = take_request(&listener).await;
            stream.write_all(b"\0\x02ok").await.unwrap();
        }
    });
    for _ in 0..2 {
        assert_eq!(exchange(&link, AMPLE).await.0, Ok(()));
    }
}

#[test]
fn a_profile_gives_its_link() {
    let made = |host: &str, secrets: &Secrets| {
        let text = format!(
            "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n\
             [unionpay]\nhost = \"{host}\"\n"
        );
        let loaded = Loaded::from_text(&text, std::path::Path::new("")).unwrap();
        TcpLink::from_profile(&loaded.profile.unionpay.unwrap(), secrets)
    };
    let secrets = Secrets::default();
    assert!(made("127.0.0.1:1", &secrets).is_ok());
    assert_eq!(
        made("simulator", &secrets).unwrap_err(),
        LinkSetupError::Simulator
    );
}
