//! TLS with a pinned CA or, for the wallets, the public roots that are compiled in; never with the
//! platform's verifier.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

/// Why TLS cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// The file is not PEM, or one of its certificates is none.
    #[error("a certificate in the PEM file cannot be read")]
    Malformed,
    /// The PEM file has no certificate.
    #[error("the PEM file has no certificate")]
    NoCertificate,
    /// The PEM file has no private key, or one that does not belong to its certificate.
    #[error("the PEM file has no private key that belongs to its certificate")]
    NoKey,
    /// The host is neither a name nor an address.
    #[error("the host is no name that a certificate can have")]
    HostName,
    /// The cipher suites are not to be had.
    #[error("TLS is not available")]
    Provider,
}

/// Reads the certificates of a PEM file as the only trusted ones.
///
/// # Errors
/// [`TlsError::Malformed`], [`TlsError::NoCertificate`].
pub fn roots(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| TlsError::Malformed)?;
        store.add(certificate).map_err(|_| TlsError::Malformed)?;
    }
    if store.is_empty() {
        Err(TlsError::NoCertificate)
    } else {
        Ok(store)
    }
}

/// TLS to one host.
#[derive(Clone)]
pub struct Tls {
    pub(super) connector: tokio_rustls::TlsConnector,
    pub(super) server: ServerName<'static>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tls({:?})", self.server)
    }
}

/// Whose word counts for who the server is.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// The authorities that browsers trust.
    Public,
    /// The CA certificates of this PEM file alone.
    Pinned(&'a [u8]),
}

/// A certificate of our own with its private key, shown to a server that demands one.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates, …)", self.chain.len())
    }
}

/// The certificates of a PEM file in their order.
///
/// # Errors
/// [`TlsError::Malformed`], [`TlsError::NoCertificate`].
pub fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::Malformed)?;
    if chain.is_empty() {
        Err(TlsError::NoCertificate)
    } else {
        Ok(chain)
    }
}

/// The private key of a PEM file.
///
/// # Errors
/// [`TlsError::NoKey`].
pub fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| TlsError::NoKey)
}

impl Identity {
    /// The certificates of a PEM file, our own first, and its private key, which may stand in a
    /// file of its own.
    ///
    /// # Errors
    /// [`TlsError::Malformed`], [`TlsError::NoCertificate`], [`TlsError::NoKey`].
    pub fn from_parts(certificates: &[u8], own_key: Option<&[u8]>) -> Result<Self, TlsError> {
        let identity = Self {
            chain: chain(certificates)?,
            key: key(own_key.unwrap_or(certificates))?,
        };
        config(Trust::Public, Some(&identity))?;
        Ok(identity)
    }
}

fn config(trust: Trust<'_>, identity: Option<&Identity>) -> Result<ClientConfig, TlsError> {
    let roots = match trust {
        Trust::Public => RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        },
        Trust::Pinned(pem) => roots(pem)?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsError::Provider)?
        .with_root_certificates(roots);
    match identity {
        None => Ok(builder.with_no_client_auth()),
        Some(Identity { chain, key }) => builder
            .with_client_auth_cert(chain.clone(), key.clone_key())
            .map_err(|_| TlsError::NoKey),
    }
}

impl Tls {
    /// TLS that trusts the CA certificates of `pem` alone, for the host called `name`.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn pinned(pem: &[u8], name: &str) -> Result<Self, TlsError> {
        Self::new(name, Trust::Pinned(pem), None)
    }

    /// TLS to the host called `name`, which may ask for our certificate.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(
        name: &str,
        trust: Trust<'_>,
        identity: Option<&Identity>,
    ) -> Result<Self, TlsError> {
        let server = ServerName::try_from(name.to_owned()).map_err(|_| TlsError::HostName)?;
        Ok(Self {
            connector: Arc::new(config(trust, identity)?).into(),
            server,
        })
    }
}
