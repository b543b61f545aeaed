//! A WebSocket client, as much of RFC 6455 as a browser's debugging port on loopback needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
/// Bytes of one message: a picture of a large page in base64.
const MESSAGE_MAX: u64 = 64 * 1024 * 1024;

pub struct WebSocket {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl WebSocket {
    /// Connects to a path on loopback. No answer within `patience` is an error, then and later.
    pub fn connect(port: u16, path: &str, patience: Duration) -> io::Result<Self> {
        let mut writer = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        writer.set_read_timeout(Some(patience))?;
        writer.set_nodelay(true)?;
        // The key guards against caches between the two ends; there are none on loopback.
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Version: 13\r\n\r\n"
        );
        writer.write_all(head.as_bytes())?;
        let mut reader = BufReader::new(writer.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 101") {
            return Err(invalid(format!("no WebSocket: {}", line.trim())));
        }
        while line.trim() != "" {
            line.clear();
            reader.read_line(&mut line)?;
        }
        Ok(Self { reader, writer })
    }

    pub fn send(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(&frame(TEXT, text.as_bytes()))
    }

    /// The next text; control frames are dealt with on the way.
    pub fn receive(&mut self) -> io::Result<String> {
        let mut message = Vec::new();
        loop {
            let (last, kind, payload) = read_frame(&mut self.reader)?;
            match kind {
                CLOSE => return Err(io::ErrorKind::ConnectionAborted.into()),
                PING => self.writer.write_all(&frame(PONG, &payload))?,
                PONG => {}
                _ => {
                    message.extend(payload);
                    if last {
                        return String::from_utf8(message).map_err(|_| invalid("not UTF-8"));
                    }
                }
            }
        }
    }
}

/// A whole message as one frame. A client must mask; a mask of zeros changes nothing.
fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | kind];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..=125), _) => bytes.push(0x80 | short),
        (_, Ok(length)) => {
            bytes.push(0x80 | 126);
            bytes.extend(length.to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend(
                u64::try_from(payload.len())
                    .unwrap_or(u64::MAX)
                    .to_be_bytes(),
            );
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// Whether it is the last of its message, its kind, its payload.
fn read_frame(reader: &mut impl Read) -> io::Result<(bool, u8, Vec<u8>)> {
    let [first, second] = read_bytes(reader)?;
    let length = match second {
        126 => u64::from(u16::from_be_bytes(read_bytes(reader)?)),
        127 => u64::from_be_bytes(read_bytes(reader)?),
        short @ ..=125 => u64::from(short),
        _ => return Err(invalid("a server must not mask")),
    };
    if length > MESSAGE_MAX {
        return Err(invalid("the message is too long"));
    }
    let mut payload = Vec::new();
    reader.take(length).read_to_end(&mut payload)?;
    match payload.len().try_into() == Ok(length) {
        true => Ok((first & 0x80 != 0, first & 0x0f, payload)),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn read_bytes<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn invalid(text: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame as a server would send it: without the mask.
    fn unmasked(kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = frame(kind, payload);
        bytes[1] &= 0x7f;
        let mask = bytes.len() - payload.len() - 4;
        bytes.drain(mask..mask + 4);
        bytes
    }

    #[test]
    fn frames_of_every_length_survive() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let read = read_frame(&mut unmasked(TEXT, &payload).as_slice()).unwrap();
            assert_eq!(read, (true, TEXT, payload), "{length}");
        }
    }

    #[test]
    fn a_bad_frame_is_an_error() {
        assert!(read_frame(&mut frame(TEXT, b"masked").as_slice()).is_err());
        let mut cut = unmasked(TEXT, b"whole");
        cut.pop();
        assert!(read_frame(&mut cut.as_slice()).is_err());
        let huge = [0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(read_frame(&mut huge.as_slice()).is_err());
    }
}
