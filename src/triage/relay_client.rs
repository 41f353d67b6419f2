//! The HTTP client that speaks to intake.

use crate::config::RelayConfig;
use crate::error::TriageError;
use crate::unlocking::read;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use std::time::Duration;
use zeroize::Zeroizing;

/// A client as the relay is asked with, before it carries a certificate or a token.
pub fn relay_client() -> reqwest::ClientBuilder {
    // A second installation in one process (tests) keeps the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        // Intake answers for itself; nobody else is asked with its certificate.
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_mins(1))
}

pub(super) fn client(config: &RelayConfig, office: &str) -> Result<reqwest::Client, TriageError> {
    let mut builder = relay_client();
    if let Some(path) = &config.unix_socket {
        builder = builder.unix_socket(path.clone());
    }
    if let Some(path) = &config.server_certificate_file {
        builder = builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(&read(path)?)?);
    }
    if let (Some(certificate), Some(key)) =
        (&config.client_certificate_file, &config.client_key_file)
    {
        let pem =
            Zeroizing::new([read(certificate)?.as_slice(), b"\n", read(key)?.as_slice()].concat());
        builder = builder.identity(reqwest::Identity::from_pem(&pem)?);
    }
    let mut headers = HeaderMap::new();
    let slug = HeaderValue::from_str(office).map_err(|_| TriageError::Setting("office_slug"))?;
    headers.insert("Mifeng-Office", slug);
    if let Some(path) = &config.token_file {
        let token = read(path)?;
        let token = [b"Bearer ", token.trim_ascii()].concat();
        let mut value =
            HeaderValue::from_bytes(&token).map_err(|_| TriageError::Setting("token_file"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(builder.default_headers(headers).build()?)
}
