//! What is left of a destroyed case: nothing in any table but the audit log, nothing in the engine's files, no sealed file.
//! Broken off at any row it is there as before, or gone and wiped by the next round.

use super::{Case, REASON, Scene, grounds, to_state};
use crate::sealing::vectors::signed_on;
use crate::support::disk::files;
use crate::support::postgres::{data_folder, fresh_database};
use crate::support::trap::Trap;
use mifeng_foundation::blobs::{BlobStore, FolderBlobs};
use mifeng_foundation::clock::{Clock, ManualClock, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_sealing::tip::{Attachment, Said};
use mifeng_sealing::{EnvelopeKind, seal_reply};
use mifeng_triage::casework::{self, wipe};
use mifeng_triage::ingest::ingest;
use mifeng_triage::model::{CaseState, Move, NewPaper};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::AttachmentState;
use sqlx::{Connection as _, PgConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More rows than any step writes.
const ROWS_MAX: u32 = 300;

/// Bytes by which a sealed row is found again.
const TRACE_BYTES: usize = 24;

/// A sealed row, and bytes of it that stand nowhere else.
type Trace = (&'static str, Vec<u8>);

impl Scene {
    /// With a place for files.
    async fn with_files(self, folder: &Path, clock: &Arc<ManualClock>) -> Self {
        let blobs = Arc::new(FolderBlobs::new(folder.to_path_buf()));
        let office = super::super::office_by(
            &self.key,
            Arc::clone(&self.store),
            Arc::clone(clock) as Arc<dyn Clock>,
        );
        let office = Arc::new(office.await.with_blobs(Some(blobs)));
        Self { office, ..self }
    }

    /// A case with something in every table, closed.
    async fn full_case(&self, folder: &Path, clock: &ManualClock) -> Case {
        let case = self.case("他在翠屏路租房，每次收两百元").await;
        let other = self.case("另一所学校的老师收了购物卡").await;
        let (office, dispatcher, number) = (&self.office, self.dispatcher(), &case.number);
        casework::hold_apart(office, dispatcher, number, &other.number, REASON)
            .await
            .expect("held apart");
        let note = NewPaper::Note {
            text: "家长愿意作证".to_owned(),
        };
        casework::write_paper(office, dispatcher, number, note)
            .await
            .expect("written");
        self.brings_a_file(&case, folder).await;
        casework::write_to_reporter(office, dispatcher, number, None, "请补充")
            .await
            .expect("sent");
        for to in [CaseState::Accepted, CaseState::UnderInquiry] {
            self.moves(&case, to_state(to)).await.expect("moved");
        }
        self.concludes(&case).await.expect("concluded");
        self.delivers().await;
        let version = self.file(&case).await.version;
        let proposed =
            casework::propose_closing(office, dispatcher, number, version, grounds(), &[]);
        proposed.await.expect("proposed");
        self.approves(&case, self.supervisor())
            .await
            .expect("closed");
        clock.advance(std::time::Duration::from_hours(24) * 91);
        self.asks(&case, self.dispatcher()).await.expect("asked");
        case
    }

    /// The reporter adds something with a file, which comes over.
    async fn brings_a_file(&self, case: &Case, folder: &Path) {
        let text = "附收据".to_owned();
        let files = [Attachment {
            id: hex::encode(random_id(&SystemEntropy)),
            name: "收据.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size_bytes: 9,
            sha256: "ab".repeat(32),
            labelled_origin: false,
            under_password: false,
        }];
        let said = Said::Addition { text };
        let reply = signed_on(&case.reporter, crate::engine::today(), said, &files);
        let sealed = seal_reply(&reply, &[self.key.recipient()]).expect("sealed");
        let envelope = crate::engine::arrived(EnvelopeKind::Reply, sealed.0.into_bytes());
        ingest(&self.office, &envelope).await.expect("stored");
        let waiting = self.store.waiting_attachments().await.expect("read");
        let row = &waiting.last().expect("a file waits").row;
        let blobs = FolderBlobs::new(folder.to_path_buf());
        let mut file = blobs
            .begin(row.id, crate::engine::today())
            .await
            .expect("begun");
        file.write(b"sealed to the case".to_vec())
            .await
            .expect("written");
        file.finish().await.expect("kept");
        let stored = AttachmentState::Stored;
        let marked = self
            .store
            .mark_attachment(row.id, row.content, stored)
            .await;
        marked.expect("marked");
    }

    /// What is sealed of a case, by table, and the ids that its rows stand under.
    async fn traces(&self, case: &Case) -> (Vec<Trace>, Vec<String>) {
        let store = &self.store;
        let row = store
            .case_group(&case.number.0)
            .await
            .expect("read")
            .remove(0);
        let mut traces = vec![
            ("the wrapped identity", row.wrapped_identity.clone()),
            ("the card", row.summary.clone()),
        ];
        let mut ids = vec![hex::encode(row.id.0)];
        for tip in store.tips(Some(row.id)).await.expect("read") {
            traces.extend([("a tip", tip.sealed), ("a sketch", tip.sketch)]);
            ids.push(hex::encode(tip.id));
        }
        for holder in store.holders_of(row.id).await.expect("read") {
            let wrap = store.wrap(row.id, holder).await.expect("read");
            traces.push(("a wrap", wrap.expect("he holds it")));
        }
        for line in store.history(row.id).await.expect("read") {
            traces.push(("history", line.sealed));
        }
        for (message, _) in store.messages(row.id).await.expect("read") {
            traces.push(("a message", message.sealed));
        }
        for paper in store.papers(row.id).await.expect("read") {
            traces.push(("a paper", paper.sealed));
        }
        for file in store.attachments(row.id).await.expect("read") {
            traces.push(("a file's name", file.sealed));
        }
        let cut = |(of, bytes): Trace| {
            // Behind the header, in the first piece that any engine stores apart.
            let at = bytes.len().min(1000) - TRACE_BYTES;
            (of, bytes[at..at + TRACE_BYTES].to_vec())
        };
        (traces.into_iter().map(cut).collect(), ids)
    }
}

/// Which traces stand in the files.
fn found(disk: &[PathBuf], traces: &[Trace]) -> Vec<&'static str> {
    // Most places are ruled out by two bytes.
    let two = |bytes: &[u8]| usize::from(u16::from_le_bytes([bytes[0], bytes[1]]));
    let mut begins = vec![false; 1 << 16];
    for (_, trace) in traces {
        begins[two(trace)] = true;
    }
    let mut stands = vec![false; traces.len()];
    for (_, bytes) in files(disk) {
        for window in bytes.windows(TRACE_BYTES).filter(|it| begins[two(it)]) {
            for (at, (_, trace)) in traces.iter().enumerate() {
                stands[at] |= window == trace;
            }
        }
    }
    let found = traces.iter().zip(stands).filter(|(_, stands)| *stands);
    found.map(|((of, _), _)| *of).collect()
}

/// Writes the tables' files: PostgreSQL's journal alone may cut a row in two by the head of a page.
async fn written_out(url: &str) {
    if url.starts_with("postgres") {
        let mut connection = PgConnection::connect(url).await.expect("it is there");
        let checkpoint = sqlx::query("CHECKPOINT").execute(&mut connection);
        checkpoint.await.expect("tests run as its owner");
        connection.close().await.expect("closed");
    }
}

async fn nothing_is_left(url: &str, disk: &[PathBuf]) {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::new(crate::engine::cases(url).await).await;
    let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
    let mut scene = scene.with_files(folder.path(), &clock).await;
    // Others before and after it, so that its rows stand among theirs.
    for number in 0..6 {
        scene.case(&format!("这是第{number}件别的事")).await;
    }
    let case = scene.full_case(folder.path(), &clock).await;
    for number in 6..12 {
        scene.case(&format!("这是第{number}件别的事")).await;
    }
    let (traces, ids) = scene.traces(&case).await;
    let all: Vec<_> = traces.iter().map(|(of, _)| *of).collect();
    written_out(url).await;
    assert_eq!(found(disk, &traces), all, "they can be found");
    let mut trap = Trap::in_store(url).await;
    let before = trap.rows().await;
    for id in &ids {
        assert!(before.iter().any(|row| row.to_lowercase().contains(id)));
    }
    let mut row = 0;
    loop {
        row += 1;
        assert!(row < ROWS_MAX, "it is never done");
        trap.set(row).await;
        let done = scene.destroys(&case, scene.supervisor()).await;
        trap.set(0).await;
        match done {
            Ok(()) => break,
            Err(OfficeError::Store(_)) => {}
            Err(refused) => panic!("at row {row}: {refused}"),
        }
        assert!(
            trap.rows().await == before,
            "something is gone at row {row}"
        );
        assert!(scene.file(&case).await.end.deletion.is_some());
        if row % 10 == 0 {
            scene = scene
                .restarted()
                .await
                .with_files(folder.path(), &clock)
                .await;
        }
    }
    assert!(row > 30, "it has rows in every table");
    // Its rows are gone; wiping was broken off at its first row, and at each further one in turn.
    for row in 1..ROWS_MAX {
        trap.set(row).await;
        let wiped = wipe(&scene.office).await;
        trap.set(0).await;
        if wiped.is_ok() {
            break;
        }
        scene = scene
            .restarted()
            .await
            .with_files(folder.path(), &clock)
            .await;
    }
    assert_eq!(scene.store.remains().await.expect("read"), []);
    for id in &ids {
        let rows = trap.rows().await;
        let left = rows.iter().find(|row| row.to_lowercase().contains(id));
        assert_eq!(left, None);
    }
    let kept = std::fs::read_dir(folder.path()).expect("our folder");
    assert_eq!(kept.count(), 0, "the sealed file");
    drop(trap);
    assert_eq!(found(disk, &traces), Vec::<&str>::new());
    let audit_log = scene.office.audit_log();
    audit_log
        .verify(&[])
        .await
        .expect("read")
        .expect("it holds");
    let reopened = Move::new(CaseState::Reopened, REASON);
    let late =
        casework::change_state(&scene.office, scene.dispatcher(), &case.number, 1, reopened).await;
    assert!(matches!(late, Err(OfficeError::NotYours)));
}

#[tokio::test]
async fn nothing_is_left_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    let disk = [folder.path().to_path_buf()];
    nothing_is_left(&format!("sqlite:{}", path.display()), &disk).await;
}

#[tokio::test]
async fn nothing_is_left_in_postgresql() {
    let url = fresh_database().await;
    nothing_is_left(&url, &[data_folder()]).await;
}
