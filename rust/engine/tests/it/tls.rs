//! TLS with a pinned CA: only the right certificate gets a byte of a message.

use std::sync::Arc;
use std::time::Duration;

use pos_domain::NetCode;
use pos_engine::link::tcp::{Security, TcpLink};
use pos_engine::link::tls::{Tls, TlsError, roots};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::tcp::{NOT_SENT, UNKNOWN, exchange, failure};

const AMPLE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);

pub struct Authority {
    pub pem: String,
    pub issuer: Issuer<'static, KeyPair>,
}

pub fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    Authority {
        pem,
        issuer: Issuer::new(params, key),
    }
}

/// A host that shows a certificate for `name`, and what it does once the handshake is over.
struct Host {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

async fn host(authority: &Authority, name: &str, last_year: i32) -> Host {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Host {
        listener,
        acceptor: Arc::new(config).into(),
    }
}

impl Host {
    fn link(&self, ca: &str, name: &str) -> TcpLink {
        let tls = Tls::pinned(ca.as_bytes(), name).unwrap();
        let port = self.listener.local_addr().unwrap().port();
        TcpLink::new(name.into(), port, Security::Tls(tls))
    }

    /// Takes one request and sends `answer`; gives what it read, or none without a handshake.
    async fn serve(self, answer: &'static [u8]) -> Option<Vec<u8>> {
        let (stream, _) = self.listener.accept().await.unwrap();
        let mut stream = self.acceptor.accept(stream).await.ok()?;
        let mut request = vec![0; 9];
        stream.read_exact(&mut request).await.ok()?;
        stream.write_all(answer).await.unwrap();
        stream.shutdown().await.unwrap();
        Some(request)
    }
}

#[tokio::test]
async fn the_pinned_authority_opens_the_way() {
    for name in ["127.0.0.1", "localhost"] {
        let authority = authority();
        let host = host(&authority, name, 4000).await;
        let link = host.link(&authority.pem, name);
        let served = tokio::spawn(host.serve(b"\0\x04late\0\x02ok"));
        let (result, frames) = exchange(&link, AMPLE).await;
        assert_eq!((result, frames.len()), (Ok(()), 2), "{name}");
        assert_eq!(served.await.unwrap().unwrap(), b"\0\x07request");
    }
}

#[tokio::test]
async fn no_byte_goes_to_a_host_that_cannot_prove_itself() {
    let (ours, other) = (authority(), authority());
    for (case, signer, name, last_year) in [
        ("another authority", &other, "127.0.0.1", 4000),
        ("expired", &ours, "127.0.0.1", 2021),
        ("another name", &ours, "acquirer.example", 4000),
        ("another address", &ours, "127.0.0.2", 4000),
    ] {
        let host = host(signer, name, last_year).await;
        let link = host.link(&ours.pem, "127.0.0.1");
        let served = tokio::spawn(host.serve(b"\0\x02ok"));
        let (result, frames) = exchange(&link, AMPLE).await;
        assert_eq!(result, failure(NOT_SENT, NetCode::TlsFailed), "{case}");
        assert!(frames.is_empty());
        assert_eq!(served.await.unwrap(), None, "{case}");
    }
}

#[tokio::test]
async fn a_host_without_tls_gets_nothing() {
    let authority = authority();
    let host = host(&authority, "127.0.0.1", 4000).await;
    let link = host.link(&authority.pem, "127.0.0.1");
    let served = tokio::spawn(async move {
        let (mut stream, _) = host.listener.accept().await.unwrap();
        stream.write_all(b"\0\x02ok\0\x02ok\0\x02ok").await.unwrap();
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read).await;
        read
    });
    let (result, frames) = exchange(&link, AMPLE).await;
    assert_eq!(result, failure(NOT_SENT, NetCode::TlsFailed));
    assert!(frames.is_empty());
    let read = served.await.unwrap();
    assert!(!read.windows(7).any(|w| w == b"request"));
}

#[tokio::test]
async fn a_handshake_that_hangs_is_a_connect_timeout() {
    let authority = authority();
    let host = host(&authority, "127.0.0.1", 4000).await;
    let link = host.link(&authority.pem, "127.0.0.1");
    let (result, _) = exchange(&link, SHORT).await;
    assert_eq!(result, failure(NOT_SENT, NetCode::ConnectTimeout));
}

#[tokio::test]
async fn closed_after_the_request_is_unknown() {
    let authority = authority();
    let host = host(&authority, "127.0.0.1", 4000).await;
    let link = host.link(&authority.pem, "127.0.0.1");
    tokio::spawn(host.serve(b"\0\x02o"));
    let (result, _) = exchange(&link, AMPLE).await;
    assert_eq!(result, failure(UNKNOWN, NetCode::Closed));
}

#[test]
fn a_file_without_certificates_pins_nothing() {
    let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (pem, error) in [
        ("", TlsError::NoCertificate),
        ("hello", TlsError::NoCertificate),
        (bad, TlsError::Malformed),
        ("-----BEGIN CERTIFICATE-----\nAA", TlsError::Malformed),
    ] {
        assert_eq!(roots(pem.as_bytes()).unwrap_err(), error, "{pem:?}");
    }
    let authority = authority();
    assert_eq!(
        Tls::pinned(authority.pem.as_bytes(), "a b").unwrap_err(),
        TlsError::HostName
    );
    let two = format!("{}{}", authority.pem, self::authority().pem);
    assert_eq!(roots(two.as_bytes()).unwrap().len(), 2);
}
