//! The public service as it is shipped, in a process of its own: what it holds of memory under load.

use crate::door::{Door, manifest};
use crate::measure::resident_mb;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long 64 clients knock.
const LOAD: Duration = Duration::from_secs(3);

/// Ended with the benchmark.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("bound").port()
}

/// The most that the program held, in MB.
pub async fn resident_under_load() -> u64 {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (_, keys) = manifest(folder.path());
    let key = std::fs::read_to_string(&keys.manifest_public_key).expect("just made");
    let (public, relay) = (free_port(), free_port());
    let config = format!(
        "store_url = \"sqlite:{folder}/intake.sqlite\"\n\
         [public]\naddress = \"127.0.0.1:{public}\"\n\
         [relay]\naddress = \"127.0.0.1:{relay}\"\n\
         [limits]\nenabled = false\n\
         [[office]]\nmanifest_file = \"{folder}/manifest\"\nmanifest_public_key = \"{key}\"\n\
         relay_token_file = \"{token}\"\n",
        folder = folder.path().display(),
        key = key.trim(),
        token = keys.relay_token.display(),
    );
    let file = folder.path().join("intake.toml");
    std::fs::write(&file, config).expect("written");
    let child = Command::new(env!("CARGO_BIN_EXE_mifeng-intake"))
        .arg("--config")
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("built with the benchmark");
    let running = Running(child);
    let address = format!("127.0.0.1:{public}");
    for _ in 0..200 {
        if std::net::TcpStream::connect(&address).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Door::at(&address).submit(64, LOAD).await;
    resident_mb(&running.0.id().to_string()).1
}
