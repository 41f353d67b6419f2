//! What one large file costs: the real program takes 500 MB in, sealed by the sender and sealed as it streams by, beside
//! the stock `age`, or what `STOCK_AGE` names, on the same file and the same disk. Prints how fast, and how much its
//! memory grew. Run by `cargo bench --bench attachments`.

use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_operator::{KeyFiles, OfficeDetails, init_keys, sign_manifest_file};
use mifeng_sealing::{AttachmentSealer, Contact, Recipient};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const FILE_BYTES: u64 = 500_000_000;
const ROUNDS: usize = 5;

/// How many empty files intake makes at its start, before which nothing is measured.
const SPARES: usize = 4096;
const MEGABYTE: f64 = 1e6;

fn main() {
    mifeng_foundation::serving::install_tls_provider();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let plain = folder.path().join("photo.jpg");
    write_photo(&plain);
    let mut place = Place::start(folder.path()).await;
    let sealed = folder.path().join("sealed.age");
    seal(&plain, &sealed, &place.recipient);
    // Once for what a first request costs.
    let small = folder.path().join("small.jpg");
    fs::write(&small, b"\xff\xd8\xff small").expect("a disk");
    place.send_form(&small).await;
    let before_kb = place.memory_kb("VmRSS:");
    println!("one file of 500 MB, {ROUNDS} rounds; client and service share this machine's cores");
    let (mut by_form, mut by_sender) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let age = stock_age(&plain, folder.path(), &place.recipient);
        let form = place.timed(place.send_form(&plain)).await;
        let own = place.timed(place.send_sealed(&sealed)).await;
        let rate = |took: Duration| 500.0 / took.as_secs_f64();
        by_form.push(rate(form) / rate(age));
        by_sender.push(rate(own) / rate(age));
        println!(
            "stock age and sync {:4.0} MB/s   form, sealed by intake {:4.0} MB/s ({:.2})   sealed by the sender {:4.0} MB/s ({:.2})",
            rate(age),
            rate(form),
            rate(form) / rate(age),
            rate(own),
            rate(own) / rate(age)
        );
    }
    println!(
        "form, sealed by intake, beside stock age: {}",
        spread(by_form)
    );
    println!(
        "sealed by the sender, beside stock age: {}",
        spread(by_sender)
    );
    let grown_kb = place.memory_kb("VmHWM:").saturating_sub(before_kb);
    println!(
        "resident memory of mifeng-intake: {:.1} MB before, grown by {:.1} MB at most",
        f64::from(before_kb) * 1024.0 / MEGABYTE,
        f64::from(grown_kb) * 1024.0 / MEGABYTE
    );
    place.service.kill().expect("it runs");
    let _ = place.service.wait();
}

fn spread(mut ratios: Vec<f64>) -> String {
    ratios.sort_unstable_by(f64::total_cmp);
    let (low, high) = (ratios[0], ratios[ratios.len() - 1]);
    format!(
        "median {:.2} ({low:.2} to {high:.2})",
        ratios[ratios.len() / 2]
    )
}

fn write_photo(path: &Path) {
    const HEAD: &[u8] =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0?\0";
    let mut file = File::create(path).expect("a disk");
    file.write_all(HEAD).expect("a disk");
    // As in any picture, a zero stands behind each byte that would begin a mark.
    let random = random_bytes::<8192>(&SystemEntropy);
    let escaped = random.iter().flat_map(|byte| match byte {
        0xff => vec![0xff, 0],
        byte => vec![*byte],
    });
    let block = escaped.collect::<Vec<_>>().repeat(122);
    let mut left = FILE_BYTES - HEAD.len() as u64;
    while left > 0 {
        let part = usize::try_from(left.min(block.len() as u64)).expect("small");
        file.write_all(&block[..part]).expect("a disk");
        left -= part as u64;
    }
    file.sync_all().expect("a disk");
}

fn seal(plain: &Path, to: &Path, recipient: &Recipient) {
    let below = File::create(to).expect("a disk");
    let recipients = std::slice::from_ref(recipient);
    let mut sealer = AttachmentSealer::begin(below, recipients).expect("a recipient");
    let mut file = File::open(plain).expect("just made");
    io::copy(&mut file, &mut sealer).expect("a disk");
    sealer
        .finish()
        .expect("a disk")
        .1
        .sync_all()
        .expect("a disk");
}

fn stock_age(plain: &Path, folder: &Path, recipient: &Recipient) -> Duration {
    let (clock, out) = (SystemClock::new(), folder.join("stock.age"));
    let stock = std::env::var_os("STOCK_AGE").unwrap_or_else(|| "age".into());
    let mut age = Command::new(stock);
    age.args(["-r", &recipient.to_string(), "-o"])
        .arg(&out)
        .arg(plain);
    assert!(age.status().expect("age").success());
    File::open(&out)
        .and_then(|file| file.sync_all())
        .expect("a disk");
    let took = clock.elapsed();
    fs::remove_file(out).expect("just made");
    took
}

struct Place {
    service: Child,
    client: reqwest::Client,
    url: String,
    recipient: Recipient,
    blobs: PathBuf,
}

impl Place {
    async fn start(folder: &Path) -> Self {
        let keys = init_keys(
            &folder.join("keys"),
            &details(),
            "bench".into(),
            &SystemEntropy,
        );
        let keys = keys.expect("keys");
        let manifest = folder.join("manifest");
        let signed = sign_manifest_file(
            &keys.manifest_body,
            &keys.manifest_signing_key,
            &manifest,
            &SystemClock::new(),
        );
        let recipient = signed.expect("a manifest").body().recipients[0].clone();
        let [public, relay] = [(); 2].map(|()| {
            TcpListener::bind(("127.0.0.1", 0))
                .expect("a port")
                .local_addr()
                .expect("bound")
                .port()
        });
        let config = folder.join("intake.toml");
        fs::write(&config, settings(folder, &keys, public, relay)).expect("a disk");
        let service = Command::new(env!("CARGO_BIN_EXE_mifeng-intake"))
            .arg("--config")
            .arg(&config)
            .stdin(Stdio::null())
            .spawn()
            .expect("built with the benchmark");
        let place = Self {
            service,
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: format!("http://127.0.0.1:{public}"),
            recipient,
            blobs: folder.join("intake.attachments"),
        };
        for _ in 0..600 {
            let ready = place
                .client
                .get(format!("{}/readyz", place.url))
                .send()
                .await;
            let made = fs::read_dir(folder.join("intake.attachments.spare"));
            let made = made.map_or(0, Iterator::count);
            if made == SPARES && ready.is_ok_and(|answer| answer.status().is_success()) {
                return place;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("intake did not start");
    }

    async fn timed(&self, work: impl Future<Output = ()>) -> Duration {
        let clock = SystemClock::new();
        work.await;
        let took = clock.elapsed();
        for file in fs::read_dir(&self.blobs)
            .expect("files")
            .filter_map(Result::ok)
        {
            fs::remove_file(file.path()).expect("ours");
        }
        took
    }

    async fn send_sealed(&self, file: &Path) {
        let path = "/api/v1/offices/bench/attachments";
        self.send(path, "application/octet-stream", b"", file, b"", 201)
            .await;
    }

    async fn send_form(&self, file: &Path) {
        let head =
            b"--edge\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\ntutoring\r\n\
            --edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nwords\r\n\
            --edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.jpg\"\r\n\r\n";
        let (kind, tail) = ("multipart/form-data; boundary=edge", b"\r\n--edge--\r\n");
        self.send("/bench/en/write", kind, head, file, tail, 200)
            .await;
    }

    /// A client that costs next to nothing, since it shares the machine's cores with what is measured: the system copies
    /// the file into the line.
    async fn send(
        &self,
        path: &str,
        kind: &str,
        head: &'static [u8],
        file: &Path,
        tail: &'static [u8],
        status: u16,
    ) {
        let address = self.url.trim_start_matches("http://").to_owned();
        let file = File::open(file).expect("there");
        let body_bytes = file.metadata().expect("there").len() + (head.len() + tail.len()) as u64;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {body_bytes}\r\n\r\n"
        );
        let answer = tokio::task::spawn_blocking(move || {
            let mut line = TcpStream::connect(address)?;
            line.write_all(&[request.as_bytes(), head].concat())?;
            io::copy(&mut { file }, &mut line)?;
            line.write_all(tail)?;
            let mut answer = String::new();
            line.read_to_string(&mut answer)?;
            Ok::<_, io::Error>(answer)
        });
        let answer = answer.await.expect("no panic").expect("an answer");
        let first = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(&first), "{answer}");
    }

    fn memory_kb(&self, field: &str) -> u32 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.service.id()));
        let status = status.expect("it runs");
        let line = status
            .lines()
            .find(|line| line.starts_with(field))
            .expect("Linux tells");
        line.split_whitespace()
            .nth(1)
            .and_then(|kb| kb.parse().ok())
            .expect("a number")
    }
}

fn details() -> OfficeDetails {
    let today = SystemClock::new().today(&jiff::tz::TimeZone::UTC);
    OfficeDetails {
        slug: "bench".to_owned(),
        name_zh: "县教育局".to_owned(),
        name_en: "County Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(30),
        parent: None,
        contact: Contact::default(),
        relay_hosts: vec!["127.0.0.1".to_owned()],
    }
}

fn settings(folder: &Path, keys: &KeyFiles, public: u16, relay: u16) -> String {
    let key = fs::read_to_string(&keys.manifest_public_key).expect("just made");
    format!(
        "store_url = \"sqlite:{folder}/intake.sqlite\"\npublic.address = \"127.0.0.1:{public}\"\n\
         relay.address = \"127.0.0.1:{relay}\"\n[limits]\nenabled = false\n\
         [attachment_limits]\nfile_max_bytes = 600000000\ntogether_max_bytes = 600000000\n\
         [[office]]\nmanifest_file = \"{folder}/manifest\"\nmanifest_public_key = \"{key}\"\n\
         relay_token_file = \"{token}\"\n",
        folder = folder.display(),
        key = key.trim(),
        token = keys.relay_token.display()
    )
}
