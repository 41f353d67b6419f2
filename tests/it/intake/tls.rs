//! The relay under mutual TLS: the manifest's client and nobody else.

use super::{Answer, Intake, OFFICE, PARENT, Place, term};
use mifeng_operator::{CertificatePair, client_certificate, server_certificate};
use mifeng_sealing::relay::HELLO_PATH;

fn client(server: &CertificatePair, own: Option<&CertificatePair>) -> reqwest::Client {
    let server = reqwest::Certificate::from_pem(server.certificate_pem.as_bytes());
    let mut builder = reqwest::Client::builder().tls_certs_only([server.expect("PEM")]);
    if let Some(own) = own {
        let pem = format!("{}{}", own.certificate_pem, own.key_pem.as_str());
        let identity = reqwest::Identity::from_pem(pem.as_bytes()).expect("PEM");
        builder = builder.identity(identity);
    }
    builder.build().expect("a client")
}

#[tokio::test]
async fn only_the_manifests_client_gets_in() {
    let place = Place::new();
    let (from, until) = term();
    let server = server_certificate(&["127.0.0.1".to_owned()], from, until).expect("a pair");
    let mut config = place.config("enabled = false");
    let certificate = place.write("relay.pem", &server.certificate_pem);
    config.relay.certificate_file = Some(certificate);
    config.relay.key_file = Some(place.write("relay.key", &server.key_pem));
    let intake = Intake::on(place, config).await;
    let url = intake.relay.replace("http://", "https://");
    let hello = format!("{url}{HELLO_PATH}");

    let own = client(&server, Some(&intake.place.client));
    let answer = Answer::of(own.get(&hello)).await;
    assert_eq!(
        (answer.status, &answer.json()["office"]),
        (200, &OFFICE.into())
    );
    // A token is worth nothing here, and does not change whom one speaks for.
    let answer = Answer::of(own.get(&hello).bearer_auth("parent-token")).await;
    assert_eq!(answer.json()["office"], OFFICE);

    let pair = |slug| client_certificate(slug, from, until).expect("a pair");
    for (name, other) in [
        ("none", None),
        ("same name, other key", Some(pair(OFFICE))),
        ("another office's name", Some(pair(PARENT))),
        (
            "the server's own",
            Some(server_certificate(&["127.0.0.1".to_owned()], from, until).expect("a pair")),
        ),
    ] {
        let stranger = client(&server, other.as_ref());
        let refused = stranger
            .get(&hello)
            .bearer_auth("office-token")
            .send()
            .await;
        assert!(refused.is_err(), "{name}");
    }
    intake.stop().await;
}
