//! A private PostgreSQL cluster in a temporary folder, one a test process, with a fresh database a test.
//! Where the server is missing the suite fails; it never skips.

use sqlx::{Connection as _, PgConnection};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Debian's place for the server's programs, a folder a version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The account that runs the server when the tests run as root, which the server refuses.
const ACCOUNT: &str = "postgres";

struct Cluster {
    socket_folder: PathBuf,
    port: u16,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The URL of a new, empty database.
pub async fn fresh_database() -> String {
    let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(Cluster::start))
        .await
        .expect("the server starts; `make test` installs it");
    let name = format!("t{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin = cluster.connect().await;
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create)
        .execute(&mut admin)
        .await
        .expect("a new database");
    cluster.url(&name)
}

/// The folder of everything that the server keeps: tables, journal and all.
pub fn data_folder() -> PathBuf {
    let cluster = CLUSTER.get().expect("a database was asked for before");
    cluster.socket_folder.join("data")
}

/// The programs of the newest version on this machine.
fn programs() -> String {
    let versions = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .max();
    let newest = newest.expect("PostgreSQL's server is missing; `make test` installs it");
    newest.display().to_string()
}

impl Cluster {
    fn start() -> Self {
        let programs = programs();
        // Kept for the life of the process; the guard below takes it away.
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777))
            .expect("our own folder");
        let data = folder.join("data");
        let port = free_port();
        run(&format!(
            "{programs}/initdb -D {} -U {ACCOUNT} -A trust --no-sync -E UTF8 --locale=C",
            data.display()
        ));
        let cluster = Self {
            socket_folder: folder.clone(),
            port,
        };
        cluster.run_until_we_end(&programs, &folder, &data);
        cluster
    }

    /// The server ends when this process does: its shell waits for the end of our pipe.
    fn run_until_we_end(&self, programs: &str, folder: &Path, data: &Path) {
        let script = format!(
            "{programs}/postgres -D {data} -k {folder} -p {port} -c listen_addresses= -c max_connections=200 \
             -c wal_recycle=off \
             >{folder}/log 2>&1 & server=$!; read -r _; kill -INT $server; wait $server; rm -rf {folder}/*",
            data = data.display(),
            folder = folder.display(),
            port = self.port,
        );
        let child = as_account(&script)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        // Its input must stay open for as long as the tests run.
        std::mem::forget(child);
        let socket = folder.join(format!(".s.PGSQL.{}", self.port));
        for _ in 0..300 {
            let ready = Command::new(format!("{programs}/pg_isready"))
                .args(["-q", "-h"])
                .arg(folder)
                .args(["-p", &self.port.to_string()])
                .status();
            if socket.exists() && ready.is_ok_and(|status| status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start: {log}");
    }

    fn url(&self, database: &str) -> String {
        let folder = self.socket_folder.display().to_string().replace('/', "%2F");
        format!("postgres://{ACCOUNT}@{folder}:{}/{database}", self.port)
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url("postgres"))
            .await
            .expect("the server is ready")
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

fn run(script: &str) {
    let output = as_account(script).output().expect("a shell");
    assert!(
        output.status.success(),
        "{script}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn as_account(script: &str) -> Command {
    if rustix::process::getuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args([
            &format!("--reuid={ACCOUNT}"),
            &format!("--regid={ACCOUNT}"),
            "--clear-groups",
            "sh",
            "-c",
            script,
        ]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }
}

#[tokio::test]
async fn a_fresh_database_is_empty_and_its_own() {
    let (first, second) = (fresh_database().await, fresh_database().await);
    assert_ne!(first, second);
    let mut connection = PgConnection::connect(&first).await.expect("it is there");
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'",
    )
    .fetch_one(&mut connection)
    .await
    .expect("a query");
    assert_eq!(tables, 0);
}
