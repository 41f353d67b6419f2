//! Old manifests and stolen keys: neither is served again where a newer manifest was, or where the office above took the key
//! back.

use crate::intake::{OFFICE, PARENT, Place, start};
use crate::support::postgres::fresh_database;
use mifeng::entropy::SystemEntropy;
use mifeng::intake::config::IntakeError;
use mifeng::sealing::{ManifestBody, ManifestError, ManifestSigningKey, RevokedKey, sign_manifest};

/// What a start on these bodies says; it is stopped again.
async fn starts(
    place: &Place,
    store: Option<&String>,
    (body, above): (&ManifestBody, &ManifestBody),
) -> Result<(), ManifestError> {
    place.write_manifest(body, &place.signing);
    let above = sign_manifest(above, &place.signing).expect("a good manifest");
    place.write("parent.manifest", &above);
    let mut config = place.config("enabled = false");
    if store.is_some() {
        config.store_url = store.cloned();
    }
    match start(config).await {
        Ok(service) => {
            service.stop().await;
            Ok(())
        }
        Err(IntakeError::Manifest { file, cause }) => {
            let named = file.file_name().expect("a file");
            assert_eq!(named, "office.manifest", "it says which");
            Err(cause)
        }
        Err(other) => panic!("{other}"),
    }
}

/// Every order of a few manifests: each is served exactly if none with a higher number was.
async fn no_older_one_is_served_again(store: Option<String>) {
    let place = Place::new();
    let above = place.parent_body();
    let mut served = 0;
    for serial in [0, 0, 3, 3, 2, 0, 5, 4, 5, 3, 6, 1, 6] {
        let body = ManifestBody {
            serial,
            ..place.body()
        };
        let said = starts(&place, store.as_ref(), (&body, &above)).await;
        let expected = if serial < served {
            Err(ManifestError::Older { serial, served })
        } else {
            Ok(())
        };
        assert_eq!(said, expected, "{serial} after {served}");
        served = served.max(serial);
    }
}

#[tokio::test]
async fn over_sqlite_no_older_manifest_is_served_again() {
    no_older_one_is_served_again(None).await;
}

#[tokio::test]
async fn over_postgresql_no_older_manifest_is_served_again() {
    no_older_one_is_served_again(Some(fresh_database().await)).await;
}

#[tokio::test]
async fn the_office_above_takes_a_key_back_however_it_is_written() {
    let place = Place::new();
    let body = place.body();
    let key = place.signing.public();
    let in_groups: Vec<String> = key
        .fingerprint()
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).to_uppercase())
        .collect();
    // Both manifests are signed by one key here; its owner's own is not judged by it.
    for revoked in [
        key.to_string(),
        key.fingerprint(),
        in_groups.join(" "),
        place.office.recipient().to_string(),
    ] {
        let above = ManifestBody {
            revoked: vec![revoked.parse().expect("a key")],
            ..place.parent_body()
        };
        let said = starts(&place, None, (&body, &above)).await;
        assert!(
            matches!(&said, Err(ManifestError::Revoked { by, .. }) if by == PARENT),
            "{revoked}: {said:?}"
        );
        // Whoever stole the key signs one that names nobody above: no better.
        let lonely = ManifestBody {
            parent: None,
            ..body.clone()
        };
        let said = starts(&place, None, (&lonely, &above)).await;
        assert!(
            matches!(said, Err(ManifestError::Revoked { .. })),
            "{revoked}"
        );
    }
    let other = ManifestSigningKey::generate(&SystemEntropy).public();
    let above = ManifestBody {
        revoked: vec![other.to_string().parse().expect("a key")],
        ..place.parent_body()
    };
    assert_eq!(starts(&place, None, (&body, &above)).await, Ok(()));
    // An office below takes nothing back from the one above, nor from one beside it.
    let below = ManifestBody {
        revoked: vec![place.parent.recipient().to_string().parse().expect("a key")],
        ..body
    };
    assert_eq!(starts(&place, None, (&below, &above)).await, Ok(()));
}

#[test]
fn what_is_no_key_revokes_nothing() {
    for text in [
        "",
        "age1x",
        "0011",
        &"0".repeat(31),
        &"g".repeat(32),
        OFFICE,
    ] {
        assert!(text.parse::<RevokedKey>().is_err(), "{text}");
    }
}
