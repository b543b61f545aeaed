//! HTTP/1.1, as much as a page on loopback needs: one request a connection, bodies of known
//! length, limits on everything that comes in.
//!
//! Written on std because it is two hundred lines, and a server crate would be compiled
//! before the first test on every fresh machine.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Bytes of the request line and all headers; bytes of a body that is sent to us.
const HEAD_MAX: u64 = 16 * 1024;
const REQUEST_BODY_MAX: usize = 64 * 1024;
/// Bytes of an answer that we fetch: a picture of the largest screen, uncompressed.
const ANSWER_MAX: u64 = 16 * 1024 * 1024;
const CONNECTIONS_MAX: usize = 64;
/// A peer that stops in the middle of a request does not hold its thread longer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A request, its query taken apart.
#[derive(Debug, Default)]
pub struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Without the question mark, as it came.
    pub query: String,
    pub body: Vec<u8>,
}

/// An answer, made here or fetched from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Lower-case names.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = BTreeMap::from([("content-type".to_owned(), kind.to_owned())]);
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    /// An error in plain words, as JSON.
    pub fn error(status: u16, text: impl Into<String>) -> Self {
        Self::json(status, &serde_json::json!({ "error": text.into() }))
    }
}

/// Answers requests for ever, each on a thread of its own.
pub fn serve(listener: &TcpListener, answer: Arc<dyn Fn(&Request) -> Answer + Send + Sync>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming().flatten() {
        let (answer, open) = (Arc::clone(&answer), Arc::clone(&open));
        thread::spawn(move || {
            let busy = open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS_MAX;
            // A peer that went away needs no answer.
            let _ = handle(&stream, busy, &*answer);
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn handle(stream: &TcpStream, busy: bool, answer: &dyn Fn(&Request) -> Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(REQUEST_TIMEOUT))?;
    stream.set_write_timeout(Some(REQUEST_TIMEOUT))?;
    stream.set_nodelay(true)?;
    let answer = match read_request(stream) {
        _ if busy => Answer::error(503, "too many connections"),
        Ok(request) => answer(&request),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Answer::error(400, error.to_string())
        }
        Err(error) => return Err(error),
    };
    write_answer(stream, &answer)
}

fn read_request(stream: impl Read) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let (first, headers) = read_head(&mut reader)?;
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(invalid("not an HTTP/1.1 request line"));
    };
    if headers.contains_key("transfer-encoding") {
        return Err(invalid("a body needs a content-length"));
    }
    let length = match headers.get("content-length") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| invalid("content-length is no number"))?,
    };
    if length > REQUEST_BODY_MAX {
        return Err(invalid("the body is too long"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        body,
    })
}

/// The first line, and the headers with lower-case names.
fn read_head(reader: &mut impl BufRead) -> io::Result<(String, BTreeMap<String, String>)> {
    let mut head = reader.take(HEAD_MAX);
    let line = |head: &mut io::Take<_>| -> io::Result<String> {
        let mut line = String::new();
        BufRead::read_line(head, &mut line)?;
        match line.strip_suffix('\n') {
            Some(text) => Ok(text.trim_end_matches('\r').to_owned()),
            None if line.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            None => Err(invalid("the head is too long or cut off")),
        }
    };
    let first = line(&mut head)?;
    let mut headers = BTreeMap::new();
    loop {
        let text = line(&mut head)?;
        if text.is_empty() {
            return Ok((first, headers));
        }
        let (name, value) = text
            .split_once(':')
            .ok_or_else(|| invalid("a header lacks its colon"))?;
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
    }
}

fn write_answer(mut stream: impl Write, answer: &Answer) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        answer.body.len()
    ));
    stream.write_all(head.as_bytes())?;
    stream.write_all(&answer.body)?;
    stream.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

/// Fetches from a server on loopback; waits at most `patience` for each part of the answer.
pub fn fetch(
    port: u16,
    method: &str,
    target: &str,
    body: &[u8],
    patience: Duration,
) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(REQUEST_TIMEOUT))?;
    stream.set_nodelay(true)?;
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    read_answer(stream)
}

fn read_answer(stream: impl Read) -> io::Result<Answer> {
    let mut reader = BufReader::new(stream);
    let (first, mut headers) = read_head(&mut reader)?;
    let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(|| invalid("not an HTTP answer"))?;
    let mut body = Vec::new();
    if headers.remove("transfer-encoding").is_some() {
        read_chunks(&mut reader, &mut body)?;
    } else {
        let length = headers
            .get("content-length")
            .and_then(|text| text.parse().ok());
        let length: u64 = length.unwrap_or(ANSWER_MAX).min(ANSWER_MAX);
        reader.take(length).read_to_end(&mut body)?;
        if headers.contains_key("content-length") && body.len().try_into() != Ok(length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    headers.retain(|name, _| !matches!(name.as_str(), "content-length" | "connection" | "date"));
    Ok(Answer {
        status,
        headers,
        body,
    })
}

fn read_chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        reader.take(HEAD_MAX).read_line(&mut line)?;
        let length = u64::from_str_radix(line.trim(), 16).map_err(|_| invalid("a bad chunk"))?;
        let space = ANSWER_MAX.saturating_sub(body.len().try_into().unwrap_or(ANSWER_MAX));
        if length > space {
            return Err(invalid("the answer is too long"));
        }
        reader.take(length).read_to_end(body)?;
        let mut end = [0; 2];
        reader.read_exact(&mut end)?;
        if length == 0 {
            return Ok(());
        }
    }
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read_request(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_request_is_taken_apart() {
        let text = "POST /t/tap?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}more";
        let request = read_request(text.as_bytes()).unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(
            (request.path.as_str(), request.query.as_str()),
            ("/t/tap", "a=1")
        );
        assert_eq!(request.body, b"{}");
    }

    #[test]
    fn a_bad_request_is_refused_with_its_reason() {
        assert_eq!(refused("hello\r\n\r\n"), "not an HTTP/1.1 request line");
        assert_eq!(
            refused("GET / HTTP/1.1\r\nno colon\r\n\r\n"),
            "a header lacks its colon"
        );
        let length = |text: &str| format!("GET / HTTP/1.1\r\ncontent-length: {text}\r\n\r\n");
        assert_eq!(refused(&length("x")), "content-length is no number");
        assert_eq!(refused(&length("-1")), "content-length is no number");
        assert_eq!(refused(&length("9999999")), "the body is too long");
        let chunked = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
        assert_eq!(refused(chunked), "a body needs a content-length");
        let long = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(20_000));
        assert_eq!(refused(&long), "the head is too long or cut off");
        assert!(
            read_request(length("5").as_bytes()).is_err(),
            "the body is cut off"
        );
    }

    #[test]
    fn an_answer_survives_the_way() {
        let answer = Answer::new(200, "text/plain", "hello");
        let mut bytes = Vec::new();
        write_answer(&mut bytes, &answer).unwrap();
        assert_eq!(read_answer(bytes.as_slice()).unwrap(), answer);
        bytes.pop();
        assert!(
            read_answer(bytes.as_slice()).is_err(),
            "a cut answer is no answer"
        );
    }

    #[test]
    fn a_chunked_answer_is_joined() {
        let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                    3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(read_answer(text.as_bytes()).unwrap().body, b"abcde");
        let bad = text.replace("3\r\nabc", "zz\r\nabc");
        assert!(read_answer(bad.as_bytes()).is_err());
    }

    #[test]
    fn requests_are_answered_over_a_socket() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            serve(
                &listener,
                Arc::new(|request| Answer::new(200, "a/b", request.body.clone())),
            );
        });
        let answer = fetch(port, "POST", "/x", b"body", Duration::from_secs(5)).unwrap();
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (200, b"body".as_slice())
        );
    }
}
