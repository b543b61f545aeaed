//! As much HTTP/1.1 as the control page and the wallets need: one small request a connection.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::web::{WebRequest, WebResponse};

const MAX_HEAD: usize = 32 * 1024;
const MAX_BODY: usize = 256 * 1024;
/// A whole request must be here within this time.
const LIMIT: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: &'static str,
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    pub(crate) fn json(status: &'static str, body: &serde_json::Value) -> Self {
        Self {
            status,
            content_type: "application/json",
            body: body.to_string(),
        }
    }
}

/// Reads one request; an `Err` answer says what is wrong with it.
pub(crate) async fn read(stream: &mut TcpStream) -> io::Result<Result<WebRequest, &'static str>> {
    timeout(LIMIT, read_all(stream))
        .await
        .map_err(|_| io::ErrorKind::TimedOut)?
}

async fn read_all(stream: &mut TcpStream) -> io::Result<Result<WebRequest, &'static str>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > MAX_HEAD {
            return Ok(Err("431 Request Header Fields Too Large"));
        }
        if read_some(stream, &mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(head_end + 4);
    let (mut request, size) = match parse_head(&bytes) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(Err(status)),
    };
    if size > MAX_BODY {
        return Ok(Err("413 Content Too Large"));
    }
    while body.len() < size {
        if read_some(stream, &mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    body.truncate(size);
    request.body = body;
    Ok(Ok(request))
}

async fn read_some(stream: &mut TcpStream, into: &mut Vec<u8>) -> io::Result<usize> {
    let mut part = [0; 4096];
    let count = stream.read(&mut part).await?;
    into.extend_from_slice(part.get(..count).unwrap_or_default());
    Ok(count)
}

/// The request line and the headers that matter, and how long the body is.
fn parse_head(head: &[u8]) -> Result<(WebRequest, usize), &'static str> {
    const BAD: &str = "400 Bad Request";
    let head = std::str::from_utf8(head).map_err(|_| BAD)?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(BAD);
    };
    if !version.starts_with("HTTP/1.") {
        return Err("505 HTTP Version Not Supported");
    }
    let mut request = WebRequest {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let mut size = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(BAD)?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            size = value.parse().map_err(|_| BAD)?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err("411 Length Required");
        }
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    Ok((request, size))
}

/// The head of a wallet's answer.
pub(crate) fn head_of(answer: &WebResponse) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if answer.status != 204 {
        head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    head.push_str("Connection: close\r\n\r\n");
    head
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

/// Writes an answer and ends the connection.
pub(crate) async fn write(stream: &mut TcpStream, answer: &Answer) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.content_type,
        answer.body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(answer.body.as_bytes()).await?;
    stream.shutdown().await
}
