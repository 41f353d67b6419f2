//! Certificates of the relay. Each is self-signed and pinned by the other side: two machines that know each
//! other need no authority, and none can then vouch for a third.

use mifeng_foundation::clock::Day;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use zeroize::Zeroizing;

/// A certificate with its key, both PEM.
pub struct CertificatePair {
    /// For the other side to pin.
    pub certificate_pem: String,
    /// Secret.
    pub key_pem: Zeroizing<String>,
}

/// A certificate for the relay listener of an intake that is reached under `hosts` (names or addresses).
///
/// # Errors
/// [`rcgen::Error`] for a host that is neither.
pub fn server_certificate(
    hosts: &[String],
    from: Day,
    until: Day,
) -> Result<CertificatePair, rcgen::Error> {
    make(
        hosts,
        "Mifeng intake relay",
        ExtendedKeyUsagePurpose::ServerAuth,
        (from, until),
    )
}

/// A certificate for the triage of the office `slug`, which its manifest names as the one that may pull.
///
/// # Errors
/// [`rcgen::Error`].
pub fn client_certificate(
    slug: &str,
    from: Day,
    until: Day,
) -> Result<CertificatePair, rcgen::Error> {
    make(
        &[format!("{slug}.triage.invalid")],
        &format!("Mifeng triage {slug}"),
        ExtendedKeyUsagePurpose::ClientAuth,
        (from, until),
    )
}

fn make(
    names: &[String],
    common_name: &str,
    purpose: ExtendedKeyUsagePurpose,
    (from, until): (Day, Day),
) -> Result<CertificatePair, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    let at_midnight = |day: Day| {
        let date = day.date();
        date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    // A day early, for a host whose clock is behind or whose zone is to the west.
    params.not_before = at_midnight(from.plus_days(-1));
    params.not_after = at_midnight(until.plus_days(1));
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(CertificatePair {
        certificate_pem: certificate.pem(),
        key_pem: Zeroizing::new(key.serialize_pem()),
    })
}
