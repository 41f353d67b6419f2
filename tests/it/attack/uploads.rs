//! Files cannot crowd out tips, nor one another: room for text, places for the quick, and what no tip claims goes first.

mod sender;

use crate::attachments::sealed::seal;
use crate::attachments::{FORM, form_body, photo, tip_fields};
use crate::intake::{Answer, Intake, OFFICE, Place};
use crate::support::postgres::fresh_database;
use crate::support::s3::S3Server;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::config::{FloodConfig, IntakeConfig};
use mifeng_sealing::PickupCode;
use sender::{FILE_BYTES, QUOTA_BYTES, Sender, settings};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Fills whatever files may take: with what tips claim and with what none does.
async fn crowded(config: impl FnOnce(&mut IntakeConfig)) -> Intake {
    let place = Place::new();
    let mut settings = settings(&place);
    // Room is what this is about, not the work that many tips cost.
    settings.flood = FloodConfig {
        load_mark_per_minute: 100_000,
        ..FloodConfig::default()
    };
    config(&mut settings);
    let intake = Intake::on(place, settings).await;
    let mut full = 0;
    for prefix in 0..60 {
        let attacker = Sender::at(&intake, prefix);
        let first = attacker.uploads().await;
        let second = attacker.uploads().await;
        let ids: Vec<String> = [first, second].into_iter().flatten().collect();
        full += usize::from(ids.len() < 2);
        // Of each three one sends its tip, as long as there is room for its files.
        if prefix % 3 == 0 && !ids.is_empty() {
            // Its own older file may have gone for its newer one.
            let status = attacker.tells(&ids).await.status;
            assert!(matches!(status, 201 | 409));
            full += usize::from(status == 409);
        }
    }
    assert!(full > 0, "files are refused, or go for others, by now");
    intake
}

/// Whatever files there are, text has its room to the last byte.
async fn text_has_its_room(intake: Intake) {
    let honest = Sender::at(&intake, 200);
    // A short tip is sealed to 4 KiB: a quarter of the quota holds this many.
    let before = intake.triage().list("held").await.len() as u64;
    let room = QUOTA_BYTES / 4 / 4096 - before;
    for number in 0..room {
        let answer = honest.tells(&[]).await;
        assert_eq!(answer.status, 201, "tip {number} of {room}");
    }
    intake.stop().await;
}

#[tokio::test]
async fn files_in_a_folder_beside_sqlite_leave_room_for_tips() {
    text_has_its_room(crowded(|_| {}).await).await;
}

#[tokio::test]
async fn files_in_a_folder_beside_postgresql_leave_room_for_tips() {
    let database = fresh_database().await;
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("folder:{}", folder.path().join("files").display());
    let intake = crowded(|config| {
        config.store_url = Some(database);
        config.attachments.url = Some(url);
    });
    text_has_its_room(intake.await).await;
}

#[tokio::test]
async fn files_in_a_bucket_leave_room_for_tips() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = S3Server::start().await;
    server.bucket("public").await;
    let settings = server.settings(folder.path(), "public");
    let settings: toml::Table = toml::from_str(&settings).expect("TOML");
    let place = settings["attachments"]
        .clone()
        .try_into()
        .expect("settings");
    text_has_its_room(crowded(|config| config.attachments = place).await).await;
}

#[tokio::test]
async fn what_no_tip_claims_goes_for_an_honest_file_and_never_an_honest_file_for_it() {
    let place = Place::new();
    let config = settings(&place);
    let intake = Intake::on(place, config).await;
    let claimed = Sender::at(&intake, 1);
    let kept = claimed.uploads().await.expect("room");
    assert_eq!(claimed.tells(&[kept]).await.status, 201);
    let honest = Sender::at(&intake, 2);
    let waits = honest.uploads().await.expect("room");
    // Three prefixes send and send, and no tip comes.
    for round in 0..12 {
        for prefix in 3..6 {
            let attacker = Sender::at(&intake, prefix);
            assert!(
                attacker.uploads().await.is_some(),
                "{round}: its own oldest goes"
            );
        }
    }
    // In the middle of it somebody fills in a form with a file, and who was first sends the tip to his.
    assert_eq!(
        Sender::at(&intake, 7)
            .fills_in(photo("a.jpg", 150_000, ""))
            .await
            .status,
        200
    );
    assert_eq!(honest.tells(&[waits]).await.status, 201);
    let tips = intake.triage().list("held").await;
    let mut files: Vec<usize> = tips.iter().map(|tip| tip.attachments.len()).collect();
    files.sort_unstable();
    assert_eq!(files, [1, 1, 1]);
    intake.stop().await;
}

/// Sockets that send the head of an upload and then hardly anything, each from whatever prefix is said.
async fn trickle(intake: &Intake, prefix: impl Fn(usize) -> u8, form: bool) -> Vec<TcpStream> {
    let address = intake.public.trim_start_matches("http://");
    let mut sockets = Vec::new();
    for number in 0..64 {
        let mut socket = TcpStream::connect(address).await.expect("it listens");
        let (path, kind, begin) = if form {
            let code = PickupCode::generate(&SystemEntropy).digits().to_owned();
            let body = form_body(&tip_fields(&code, "x"), &[photo("a.jpg", 1000, "")]);
            (
                format!("/{OFFICE}/en/write"),
                FORM,
                body[..body.len() - 900].to_vec(),
            )
        } else {
            let path = format!("/api/v1/offices/{OFFICE}/attachments");
            (path, "application/octet-stream", b"a".to_vec())
        };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: 203.0.{}.9\r\n\
             Content-Type: {kind}\r\nContent-Length: 150000\r\n\r\n",
            prefix(number)
        );
        socket.write_all(head.as_bytes()).await.expect("sent");
        socket.write_all(&begin).await.expect("sent");
        sockets.push(socket);
    }
    sockets
}

/// Beside them an honest sender of the prefix `own` is served, by program and by form.
async fn honest_uploads_work_beside(limits: &str, form: bool, prefix: fn(usize) -> u8, own: u8) {
    let place = Place::new();
    let mut config = place.config(limits);
    config.attachment_limits = settings(&place).attachment_limits;
    let intake = Intake::on(place, config).await;
    let mut sockets = trickle(&intake, prefix, form).await;
    let honest = Sender::at(&intake, own);
    for _ in 0..3 {
        assert!(honest.uploads().await.is_some(), "by program");
        let answer = honest.fills_in(photo("a.jpg", 150_000, "")).await;
        assert_eq!(answer.status, 200, "by form: {}", answer.text);
        for socket in &mut sockets {
            let _ = socket.write_all(b"x").await;
        }
    }
    // A byte now and then does not keep them: all are let go soon.
    let mut gone = 0;
    for mut socket in sockets {
        let mut answer = Vec::new();
        let heard = tokio::time::timeout(Duration::from_secs(40), socket.read_to_end(&mut answer));
        gone += usize::from(heard.await.is_ok());
    }
    assert_eq!(gone, 64);
    intake.stop().await;
}

#[tokio::test]
async fn sixty_four_slow_sockets_without_limits_hold_up_nobody() {
    honest_uploads_work_beside("enabled = false", false, |_| 1, 1).await;
}

const BY_PREFIX: &str = "behind_local_proxy = true\nrequests_per_minute = 60000\nburst = 60000";

#[tokio::test]
async fn sixty_four_slow_sockets_of_the_same_prefix_hold_up_nobody() {
    honest_uploads_work_beside(BY_PREFIX, false, |_| 1, 1).await;
}

#[tokio::test]
async fn sixty_four_slow_sockets_of_as_many_prefixes_hold_up_nobody() {
    let each = |number: usize| u8::try_from(number).expect("64");
    honest_uploads_work_beside(BY_PREFIX, false, each, 200).await;
}

#[tokio::test]
async fn sixty_four_slow_forms_hold_up_nobody() {
    honest_uploads_work_beside(BY_PREFIX, true, |number| u8::from(number % 2 == 0), 200).await;
}

/// What the server asks for, solved.
fn solved(answer: &Answer) -> String {
    let challenge = answer.json();
    let bits = challenge["proof_bits"].as_u64().expect("bits");
    let challenge = challenge["challenge"].as_str().expect("a challenge");
    let is_solved = |proof: &String| {
        let hash: [u8; 32] = Sha256::digest(proof).into();
        let head = u64::from_be_bytes(hash[..8].try_into().expect("eight"));
        u64::from(head.leading_zeros()) >= bits
    };
    let mut proofs = (0..u64::from(u32::MAX)).map(|number| format!("{challenge}:{number}"));
    proofs.find(is_solved).expect("there is one")
}

#[tokio::test]
async fn above_the_mark_files_cost_work_by_the_megabyte() {
    let place = Place::new();
    let mut config = place.config("requests_per_minute = 60000\nburst = 60000");
    config.flood = FloodConfig {
        upload_mark_mb_per_minute: 1,
        ..FloodConfig::default()
    };
    let intake = Intake::on(place, config).await;
    let sender = Sender::at(&intake, 1);
    let path = format!("/api/v1/offices/{OFFICE}/attachments");
    let kind = "application/octet-stream";
    let asks = async |bytes: u64| {
        let headers = [("mifeng-file-bytes", bytes.to_string())];
        sender.posts_with(&path, kind, "", &headers).await
    };
    assert_eq!(asks(5_000_000).await.status, 204, "nothing came yet");
    while sender.uploads().await.is_some() {}
    let bits = async |bytes: u64| {
        let asked = asks(bytes).await;
        assert_eq!(asked.status, 429, "{}", asked.text);
        asked.json()["proof_bits"].as_u64().expect("bits")
    };
    let small = bits(100).await;
    for (megabytes, more) in [(1, 0), (2, 1), (4, 2), (8, 3), (100, 7)] {
        assert_eq!(
            bits(megabytes * 1_000_000).await,
            small + more,
            "{megabytes}"
        );
    }
    // A tip without files costs nothing for it.
    assert_eq!(sender.tells(&[]).await.status, 201);

    let (file, _) = seal(&intake.place.office, &vec![b'x'; FILE_BYTES]);
    let refused = sender.posts(&path, kind, file.clone()).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    let proof = [("mifeng-proof", solved(&refused))];
    let (other, _) = seal(&intake.place.office, &vec![b'x'; 2 * FILE_BYTES]);
    let other = sender.posts_with(&path, kind, other, &proof).await;
    assert_eq!(other.status, 429, "it is bound to the length");
    let taken = sender.posts_with(&path, kind, file.clone(), &proof).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let again = sender.posts_with(&path, kind, file.clone(), &proof).await;
    assert_eq!(again.status, 429, "it counts once");
    // Asked beforehand, it is the same work.
    let asked = asks(file.len() as u64).await;
    let proof = [("mifeng-proof", solved(&asked))];
    assert_eq!(
        sender.posts_with(&path, kind, file, &proof).await.status,
        201
    );
    intake.stop().await;
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_leaves_neither_a_file_nor_its_room() {
    let place = Place::new();
    let config = settings(&place);
    let intake = Intake::on(place, config).await;
    let address = intake.public.trim_start_matches("http://").to_owned();
    // Far more than all files may take.
    for _ in 0..60 {
        let mut socket = TcpStream::connect(&address).await.expect("it listens");
        let head = format!(
            "POST /api/v1/offices/{OFFICE}/attachments HTTP/1.1\r\nHost: {address}\r\n\
             Content-Type: application/octet-stream\r\nContent-Length: 300000\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.expect("sent");
        let (file, _) = seal(&intake.place.office, &vec![b'x'; 250_000]);
        socket.write_all(&file[..200_000]).await.expect("sent");
    }
    // What is still on its way when it first looks empty comes later: nothing may be left for half a second.
    let mut empty = 0;
    for _ in 0..200 {
        let rows = crate::attachments::rows(&intake).await;
        let is_empty = rows.is_empty() && crate::attachments::sealed_files(&intake).is_empty();
        empty = if is_empty { empty + 1 } else { 0 };
        if empty == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left = crate::attachments::sealed_files(&intake);
    let rows = crate::attachments::rows(&intake).await;
    assert_eq!((empty, left.len(), rows.as_str()), (5, 0, ""), "{left:?}");
    let honest = Sender::at(&intake, 9);
    assert!(honest.uploads().await.is_some());
    intake.stop().await;
}
