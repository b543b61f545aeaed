//! The way to the wallets under TLS: who may hear a request, and to whom we show ourselves.

use std::sync::Arc;

use pos_channels::http::{HttpRequest, HttpResponse};
use pos_domain::NetCode;
use pos_engine::link::tls::{Identity, TlsError, Trust};
use pos_engine::link::web::HttpLink;
use pos_flows::link::LinkFailure;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::tcp::{NOT_SENT, UNKNOWN};
use crate::tls::{Authority, authority};
use crate::web::{AMPLE, FINE, post, read_request};

static VERSIONS: [&[&SupportedProtocolVersion]; 2] =
    [&[&rustls::version::TLS12], &[&rustls::version::TLS13]];

struct Server {
    port: u16,
    /// What each connection heard: none when it heard no request; and whether the client showed a
    /// certificate.
    heard: tokio::task::JoinHandle<Vec<(Option<String>, bool)>>,
}

/// A server of `connections` connections, which demands a certificate of `clients` where there is
/// one.
async fn server(
    own: &Authority,
    clients: Option<&Authority>,
    versions: &[&'static SupportedProtocolVersion],
    connections: usize,
) -> Server {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &own.issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions)
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(clients) => {
            let roots = pos_engine::link::tls::roots(clients.pem.as_bytes()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = builder.with_single_cert(vec![certificate.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        for _ in 0..connections {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                heard.push((None, false));
                continue;
            };
            let shown = stream.get_ref().1.peer_certificates().is_some();
            let request = read_request(&mut stream).await;
            let _ = stream.write_all(FINE).await;
            heard.push((request, shown));
        }
        heard
    });
    Server { port, heard }
}

/// A certificate and its key.
pub fn identity(signer: &Authority) -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &signer.issuer).unwrap();
    (certificate.pem(), key.serialize_pem())
}

fn one_file(signer: &Authority) -> String {
    let (certificate, key) = identity(signer);
    format!("{certificate}{key}")
}

fn link(port: u16, trust: Trust<'_>, identity: Option<&str>) -> HttpLink {
    let address = format!("https://127.0.0.1:{port}").parse().unwrap();
    let identity = identity.map(|pem| Identity::from_parts(pem.as_bytes(), None).unwrap());
    HttpLink::new(address, trust, identity.as_ref()).unwrap()
}

fn with_certificate() -> HttpRequest {
    HttpRequest {
        needs_client_cert: true,
        ..post()
    }
}

fn failed(result: Result<HttpResponse, LinkFailure>) -> LinkFailure {
    result.unwrap_err()
}

#[tokio::test]
async fn only_a_request_that_needs_it_shows_the_merchants_certificate() {
    let (own, ours) = (authority(), authority());
    for versions in VERSIONS {
        let server = server(&own, Some(&ours), versions, 1).await;
        let pem = one_file(&ours);
        let link = link(server.port, Trust::Pinned(own.pem.as_bytes()), Some(&pem));
        let answer = link.request(&with_certificate(), AMPLE).await.unwrap();
        assert_eq!(answer.status, 200);
        let heard = server.heard.await.unwrap();
        assert!(heard[0].0.is_some() && heard[0].1);
    }
    let server = server(&own, None, VERSIONS[1], 2).await;
    let pem = one_file(&ours);
    let link = link(server.port, Trust::Pinned(own.pem.as_bytes()), Some(&pem));
    assert!(link.is_tls());
    for request in [with_certificate(), post()] {
        // The two kinds of connection are never mixed up.
        assert_eq!(link.request(&request, AMPLE).await.unwrap().status, 200);
    }
    drop(link);
    let heard = server.heard.await.unwrap();
    assert!(heard.iter().all(|(request, _)| request.is_some()));
}

#[tokio::test]
async fn a_server_that_demands_another_certificate_takes_no_request() {
    let (own, ours, other) = (authority(), authority(), authority());
    let pem = one_file(&other);
    for (case, shown) in [("none", None), ("another's", Some(pem.as_str()))] {
        // In version 1.2 the refusal comes before the request, in 1.3 after it has left.
        for (versions, delivery) in [(VERSIONS[0], NOT_SENT), (VERSIONS[1], UNKNOWN)] {
            let server = server(&own, Some(&ours), versions, 1).await;
            let link = link(server.port, Trust::Pinned(own.pem.as_bytes()), shown);
            let failure = failed(link.request(&with_certificate(), AMPLE).await);
            assert_eq!(failure.delivery, delivery, "{case} {versions:?}");
            assert_eq!(failure.code, NetCode::TlsFailed, "{case} {versions:?}");
            assert_eq!(server.heard.await.unwrap(), [(None, false)], "{case}");
        }
    }
}

#[tokio::test]
async fn no_byte_goes_to_a_server_that_cannot_prove_itself() {
    let (own, other) = (authority(), authority());
    for trust in [Trust::Pinned(other.pem.as_bytes()), Trust::Public] {
        let server = server(&own, None, VERSIONS[1], 1).await;
        let failure = failed(link(server.port, trust, None).request(&post(), AMPLE).await);
        assert_eq!(
            (failure.delivery, failure.code),
            (NOT_SENT, NetCode::TlsFailed)
        );
        assert_eq!(server.heard.await.unwrap(), [(None, false)]);
    }
}

#[test]
fn a_file_that_proves_nothing_is_no_identity() {
    let (one, two) = (one_file(&authority()), one_file(&authority()));
    assert!(Identity::from_parts(one.as_bytes(), None).is_ok());
    let halves = |pem: &str| {
        let (certificate, key) = pem.split_once("-----BEGIN PRIVATE").unwrap();
        (certificate.to_owned(), format!("-----BEGIN PRIVATE{key}"))
    };
    let (certificate, key) = halves(&one);
    let mixed = format!("{certificate}{}", halves(&two).1);
    for (pem, error) in [
        ("", TlsError::NoCertificate),
        (key.as_str(), TlsError::NoCertificate),
        (certificate.as_str(), TlsError::NoKey),
        (&mixed, TlsError::NoKey),
        ("-----BEGIN CERTIFICATE-----\nAA", TlsError::Malformed),
    ] {
        assert_eq!(
            Identity::from_parts(pem.as_bytes(), None).unwrap_err(),
            error
        );
    }
    let shown = format!("{:?}", Identity::from_parts(one.as_bytes(), None).unwrap());
    assert_eq!(shown, "Identity(1 certificates, …)");
}
