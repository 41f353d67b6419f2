//! A large file takes as long as it takes, and keeps no tip waiting: intake gives each piece of it only once another tip was
//! taken in.

use super::{arrived, cases, office_by, sealed_tip, today};
use crate::attack::relay::{State, honest};
use crate::sealing::vectors::signed_on;
use actix_web::http::header::{CONTENT_RANGE, RANGE};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use mifeng_foundation::blobs::FolderBlobs;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_opening::Identity;
use mifeng_sealing::relay::{ATTACHMENTS_PATH, ListState, RANGE_MAX_BYTES};
use mifeng_sealing::tip::{Attachment, RawTip, Said};
use mifeng_sealing::{AttachmentSealer, EnvelopeKind, seal_reply};
use mifeng_triage::ingest::{Ingested, Relay, ingest};
use mifeng_triage::relay_client::relay_client;
use mifeng_triage::store::AttachmentState;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many pieces there are is no matter: each waits for a tip.
const FILE_BYTES: usize = 12 * RANGE_MAX_BYTES;
/// Pieces that are given for each tip that was taken in.
const PIECES_A_TIP: usize = 1;

/// Intake, which holds one large file and tips that come one after the other.
#[derive(Clone)]
struct Intake {
    envelopes: Arc<Mutex<State>>,
    file: Bytes,
    /// As many pieces as may be given now.
    pieces: Arc<Semaphore>,
}

impl Intake {
    fn listen(&self) -> String {
        let state = Data::new(self.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .default_service(web::route().to(answer))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a port");
        let url = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        url
    }
}

async fn answer(request: HttpRequest, body: Bytes, intake: Data<Intake>) -> HttpResponse {
    if !request.path().starts_with(ATTACHMENTS_PATH) {
        let mut envelopes = intake.envelopes.lock();
        return HttpResponse::Ok().json(honest(
            &mut envelopes,
            request.path(),
            request.query_string(),
            &body,
        ));
    }
    let piece = intake.pieces.acquire().await.expect("it is open");
    piece.forget();
    let range = request.headers().get(RANGE).expect("a part is asked for");
    let range = range.to_str().expect("ASCII").trim_start_matches("bytes=");
    let from: usize = range.trim_end_matches('-').parse().expect("a number");
    let whole = intake.file.len();
    let to = whole.min(from + RANGE_MAX_BYTES);
    HttpResponse::PartialContent()
        .insert_header((CONTENT_RANGE, format!("bytes {from}-{}/{whole}", to - 1)))
        .body(intake.file.slice(from..to))
}

fn sealed_file(key: &Identity) -> (Attachment, Bytes) {
    let content: Vec<u8> = (0..=250_u8).cycle().take(FILE_BYTES).collect();
    let about = Attachment {
        id: hex::encode(random_id(&SystemEntropy)),
        name: "录像.mp4".to_owned(),
        media_type: "video/mp4".to_owned(),
        size_bytes: content.len() as u64,
        sha256: hex::encode(Sha256::digest(&content)),
        labelled_origin: false,
        under_password: false,
    };
    let mut sealer = AttachmentSealer::begin(Vec::new(), &[key.recipient()]).expect("begun");
    sealer.write_all(&content).expect("memory");
    let (_, file) = sealer.finish().expect("memory");
    (about, file.into())
}

fn raw(number: usize) -> RawTip {
    RawTip {
        category: "tutoring".to_owned(),
        school: "青溪县城东小学".to_owned(),
        subject: String::new(),
        when: String::new(),
        text: format!("第{number}位家长说，学校收了资料费"),
        language: "zh-Hans".to_owned(),
        attachments: Vec::new(),
        only_above: false,
    }
}

#[tokio::test]
async fn while_a_large_file_comes_tips_are_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    let key = Identity::generate();
    let store = cases(&url).await;
    let office = office_by(&key, Arc::clone(&store), Arc::new(SystemClock::new())).await;
    let blobs = FolderBlobs::new(folder.path().join("files"));
    let office = office.with_blobs(Some(Arc::new(blobs)));
    let (reporter, tip) = sealed_tip(&key, &raw(0), today());
    let taken = ingest(&office, &tip).await.expect("stored");
    assert!(matches!(taken, Ingested::Case(_)));
    let (about, file) = sealed_file(&key);
    let text = "录像在附件里".to_owned();
    let said = signed_on(&reporter, today(), Said::Addition { text }, &[about]);
    let sealed = seal_reply(&said, &[key.recipient()]).expect("sealed");
    let addition = arrived(EnvelopeKind::Reply, sealed.0.into_bytes());
    let taken = ingest(&office, &addition).await.expect("stored");
    assert_eq!(taken, Ingested::Reply);

    let intake = Intake {
        envelopes: Arc::default(),
        file: file.clone(),
        pieces: Arc::new(Semaphore::new(0)),
    };
    let client = relay_client().build().expect("a client");
    let relay = Relay::new(client, intake.listen(), false);
    let pieces = file.len().div_ceil(RANGE_MAX_BYTES);
    let tips = pieces.div_ceil(PIECES_A_TIP);
    let comes = async {
        for number in 1..=tips {
            let (_, tip) = sealed_tip(&key, &raw(number), today());
            intake.envelopes.lock().adds(tip);
            let new = relay.exchange(&office, ListState::Waiting).await;
            assert_eq!(new.expect("taken in"), 1, "tip {number}");
            let waiting = store.waiting_attachments().await.expect("read");
            assert_eq!(waiting.len(), 1, "the file is not here before tip {number}");
            intake.pieces.add_permits(PIECES_A_TIP);
        }
    };
    let (fetched, ()) = tokio::join!(relay.fetch_attachments(&office), comes);
    assert_eq!(fetched.expect("the file came"), 1);
    assert!(store.waiting_attachments().await.expect("read").is_empty());
    let cases = store.cases().await.expect("read");
    assert_eq!(cases.len(), 1 + tips);
    let mut states = Vec::new();
    for case in cases {
        let files = store.attachments(case.id).await.expect("read");
        states.extend(files.into_iter().map(|file| file.state));
    }
    assert_eq!(states, [AttachmentState::Stored]);
}
