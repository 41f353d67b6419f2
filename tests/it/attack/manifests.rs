//! Manifests that cannot be served: old, forged, foreign, run out, or with a key that the office above took back. One of them is
//! one office's misfortune: its pages say so, and every other office goes on.

mod scene;

use crate::intake::{PARENT, start};
use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::config::IntakeError;
use mifeng_intake::offices;
use mifeng_intake::store::{ServedManifest, open};
use mifeng_sealing::{ManifestError, ManifestSigningKey, RevokedKey, sign_manifest};
use scene::{Desk, Scene};

/// What can be wrong with one manifest, after it was served once with the serial number 5.
#[derive(Clone, Copy, Debug)]
enum Bad {
    Older,
    SameNumber,
    RunOut,
    Altered,
    Unsigned,
    Foreign,
    OthersSlug,
    Garbage,
    Missing,
    Empty,
}

const BAD: [Bad; 10] = [
    Bad::Older,
    Bad::SameNumber,
    Bad::RunOut,
    Bad::Altered,
    Bad::Unsigned,
    Bad::Foreign,
    Bad::OthersSlug,
    Bad::Garbage,
    Bad::Missing,
    Bad::Empty,
];

fn spoil(desk: &mut Desk, bad: Bad) {
    let long_ago: Day = "2026-11-22".parse().expect("a day");
    match bad {
        Bad::Older => desk.signs(|body| body.serial = 4),
        Bad::SameNumber => desk.signs(|body| body.contact.phone = String::from("0555-0199")),
        Bad::RunOut => desk.signs(|body| {
            body.serial = 6;
            body.not_after = long_ago;
        }),
        Bad::Altered => desk.file = desk.file.replace("Bureau", "Buro"),
        Bad::Unsigned => {
            let at = desk.file.rfind("mifeng-signature").expect("signed");
            desk.file.truncate(at);
        }
        Bad::Foreign => {
            let other = ManifestSigningKey::generate(&SystemEntropy);
            desk.file = sign_manifest(&desk.body, &other).expect("a good manifest");
        }
        Bad::OthersSlug => desk.signs(|body| {
            body.serial = 9;
            let is_first = body.slug == "qingxi";
            body.slug = String::from(if is_first { "heping" } else { "qingxi" });
        }),
        Bad::Garbage => desk.file = String::from("\u{0}\u{1}清溪"),
        Bad::Missing | Bad::Empty => desk.file.clear(),
    }
}

/// Every kind of badness at every place in the settings, with the office above at another: the one office is not served, and
/// its pages name the one above where that one is.
#[tokio::test]
async fn one_bad_manifest_stops_one_office() {
    for (number, bad) in BAD.into_iter().enumerate() {
        for at in 0..3 {
            let mut scene = Scene::new(number % 3, None);
            scene.start().await.expect("all are good").stop().await;
            spoil(&mut scene.desks[at], bad);
            let config = scene.config();
            if matches!(bad, Bad::Missing) {
                std::fs::remove_file(&config.office[at].manifest_file).expect("just written");
            }
            let slug = scene.desks[at].slug;
            if matches!(bad, Bad::Missing) {
                // The scene writes every file anew.
                let intake = start(config).await.expect("two are left");
                intake.stop().await;
                continue;
            }
            // What cannot be read names nobody above.
            let is_read = !matches!(bad, Bad::Garbage | Bad::Empty);
            let above = (is_read && slug != PARENT).then_some(PARENT);
            scene.serves(&[slug], above).await;
        }
    }
}

/// A start needs one office at least, and says why there is none.
#[tokio::test]
async fn where_no_office_is_left_the_start_fails() {
    let mut scene = Scene::new(1, None);
    for at in 0..3 {
        spoil(&mut scene.desks[at], Bad::Altered);
        let started = scene.start().await;
        assert_eq!(started.is_ok(), at < 2);
        match started {
            Ok(intake) => intake.stop().await,
            Err(IntakeError::Manifest { cause, .. }) => {
                assert_eq!(cause, ManifestError::BadSignature);
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// Every order of a few numbers and contents: each is served exactly if none with a higher number was, and none of other
/// content with the same.
async fn no_older_one_is_served_again(store: Option<String>) {
    let mut scene = Scene::new(2, store);
    let mut served = (5, 0);
    scene.serves(&[], None).await;
    for (serial, content) in [
        (5, 0),
        (5, 1),
        (0, 0),
        (7, 1),
        (7, 1),
        (7, 0),
        (6, 1),
        (8, 0),
        (7, 1),
        (8, 1),
        (8, 0),
    ] {
        scene.desks[0].signs(|body| {
            body.serial = serial;
            body.contact.hours_en = format!("{content} to 5");
            if (serial, content) == (5, 0) {
                body.contact.hours_en.clear();
            }
        });
        let is_served = serial > served.0 || (serial, content) == served;
        if is_served {
            served = (serial, content);
            scene.serves(&[], None).await;
        } else {
            scene.serves(&["qingxi"], Some(PARENT)).await;
        }
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

/// A key that is taken back, however it is written, at every place in the settings, stops the one office, and goes on doing so
/// where the manifest of the one above cannot be served any more.
#[tokio::test]
async fn the_office_above_takes_a_key_back_however_it_is_written() {
    for at in 0..3 {
        let mut scene = Scene::new(at, None);
        let child = scene
            .desks
            .iter()
            .position(|desk| desk.slug == "heping")
            .expect("one of them");
        let key = scene.desks[child].signing.public();
        let in_groups: Vec<String> = key
            .fingerprint()
            .as_bytes()
            .chunks(4)
            .map(|four| String::from_utf8_lossy(four).to_uppercase())
            .collect();
        let recipient = scene.desks[child].body.recipients[0].to_string();
        scene.serves(&[], None).await;
        for (number, revoked) in [
            key.to_string(),
            key.fingerprint(),
            in_groups.join(" "),
            recipient,
        ]
        .into_iter()
        .enumerate()
        {
            scene.desks[at].signs(|above| {
                above.serial = 10 + number as u64;
                above.revoked = vec![revoked.parse().expect("a key")];
            });
            scene.desks[child].signs(|_| ());
            scene.serves(&["heping"], Some(PARENT)).await;
            // Whoever stole the key signs one that names nobody above, and takes everybody else's key back: no better.
            let others: Vec<RevokedKey> = scene
                .desks
                .iter()
                .filter(|desk| desk.slug != "heping")
                .map(|desk| desk.signing.public().to_string().parse().expect("a key"))
                .collect();
            scene.desks[child].signs(|body| {
                body.serial = 20;
                body.parent = None;
                body.revoked = others;
            });
            scene.serves(&["heping"], Some(PARENT)).await;
        }
        // The one above is spoilt: what it took back stays taken back.
        scene.desks[child].signs(|_| ());
        spoil(&mut scene.desks[at], Bad::Altered);
        scene.serves(&["heping", PARENT], None).await;
        // It comes back, and takes nothing back any more.
        scene.desks[at].signs(|above| above.serial = 30);
        scene.serves(&[], None).await;
    }
}

/// An office below takes nothing back from the one above, nor from one beside it.
#[tokio::test]
async fn nobody_takes_back_a_key_of_an_office_that_is_not_below() {
    let mut scene = Scene::new(0, None);
    scene.serves(&[], None).await;
    let keys: Vec<RevokedKey> = scene
        .desks
        .iter()
        .flat_map(|desk| {
            let recipient = desk.body.recipients[0].to_string();
            [desk.signing.public().to_string(), recipient]
        })
        .map(|key| key.parse().expect("a key"))
        .collect();
    scene.desks[1].signs(|body| {
        body.serial = 6;
        body.revoked = keys;
    });
    scene.serves(&[], None).await;
}

#[tokio::test]
async fn what_is_noted_of_a_manifest_is_the_same_in_both_stores() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = StoreUrl::Sqlite(folder.path().join("intake.sqlite"));
    let noted = |serial, content: Option<u8>| ServedManifest {
        serial,
        content_sha256: content.map(|byte| [byte; 32]),
        fingerprint: "0123".to_owned(),
        revoked: vec!["00112233445566778899aabbccddeeff".parse().expect("a key")],
        is_top: serial % 2 == 0,
    };
    for url in [sqlite, StoreUrl::Postgres(fresh_database().await)] {
        let store = open(&url, 1_u64 << 30).await.expect("a store");
        assert!(store.served_manifests().await.expect("a store").is_empty());
        for (now, expected) in [
            (noted(3, None), noted(3, None)),
            (noted(3, Some(1)), noted(3, Some(1))),
            (noted(3, Some(2)), noted(3, Some(1))),
            (noted(2, Some(2)), noted(3, Some(1))),
            (noted(4, Some(2)), noted(4, Some(2))),
        ] {
            let said = store.note_served("qingxi", &now).await.expect("a store");
            assert_eq!(said, expected);
            let all = store.served_manifests().await.expect("a store");
            assert_eq!(all.get("qingxi"), Some(&expected));
        }
        store.close().await;
    }
}

/// The operator's check says of each office what a start would.
#[tokio::test]
async fn the_check_of_the_settings_says_which_office_and_why() {
    let mut scene = Scene::new(1, None);
    spoil(&mut scene.desks[2], Bad::Altered);
    let config = scene.config();
    let tables: Vec<String> = config
        .office
        .iter()
        .map(|office| {
            format!(
                "[[office]]\nmanifest_file = {:?}\nmanifest_public_key = {:?}\n",
                office.manifest_file, office.manifest_public_key
            )
        })
        .collect();
    let text = format!(
        "store_url = \"sqlite:none\"\n[public]\naddress = \"127.0.0.1:0\"\n[relay]\naddress = \"127.0.0.1:0\"\n{}",
        tables.concat()
    );
    let file = scene.place.write("intake.toml", &text);
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_mifeng"))
        .args(["manifest", "check-all", "--config"])
        .arg(&file)
        .output()
        .expect("built with the tests");
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
    assert!(!said.status.success());
    for expected in [
        "qingxi: would be served",
        "city: would be served",
        "heping: would not be served",
        "signature",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let judged =
        offices::check(&file, &mifeng_foundation::clock::SystemClock::new()).expect("two are left");
    assert_eq!((judged.served.len(), judged.refused.len()), (2, 1));
}

#[test]
fn what_is_no_key_revokes_nothing() {
    for text in [
        "",
        "age1x",
        "0011",
        &"0".repeat(31),
        &"g".repeat(32),
        "qingxi",
    ] {
        assert!(text.parse::<RevokedKey>().is_err(), "{text}");
    }
}
