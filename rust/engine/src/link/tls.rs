//! TLS with a pinned CA: no public roots, no platform verifier.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
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

impl Tls {
    /// TLS that trusts the CA certificates of `pem` alone, for the host called `name`.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn pinned(pem: &[u8], name: &str) -> Result<Self, TlsError> {
        let server = ServerName::try_from(name.to_owned()).map_err(|_| TlsError::HostName)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsError::Provider)?
            .with_root_certificates(roots(pem)?)
            .with_no_client_auth();
        Ok(Self {
            connector: Arc::new(config).into(),
            server,
        })
    }
}
