//! TLS of a listener that nobody stands in front of: a certificate chain and its key, out of files.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::options::TlsFiles;
use crate::run::Failure;

/// What accepts connections with this certificate. It is read once: a new one wants a restart.
pub fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, Failure> {
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable("tls_cert", &files.cert, &error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| unusable("tls_key", &files.key, &error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| unusable("tls_cert", &files.cert, &error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unusable(setting: &str, file: &std::path::Path, why: &str) -> Failure {
    Failure::new(
        "tls_files",
        format!("`{}` of `{setting}` cannot be used: {why}", file.display()),
    )
    .hint(
        "`tls_cert` names a chain of certificates and `tls_key` its private key, both in PEM form",
    )
}
