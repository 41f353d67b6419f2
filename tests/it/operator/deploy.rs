//! The files that an operator copies name programs and options that exist, and keep their promises.

use std::fs;
use std::path::{Path, PathBuf};

fn deploy(kind: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(kind);
    fs::read_dir(&folder)
        .expect("the folder is part of the tree")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a text file");
            (path, text)
        })
        .collect()
}

/// `key=value` lines of a unit, each under a section.
fn settings(text: &str) -> Vec<(&str, &str)> {
    let mut section = "";
    let mut settings = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') && line.ends_with(']') {
            section = line;
        } else if !line.is_empty() && !line.starts_with('#') {
            let (key, value) = line.split_once('=').expect("a line is key=value");
            assert!(!section.is_empty(), "{key} stands under no section");
            settings.push((key, value));
        }
    }
    settings
}

#[test]
fn units_run_programs_that_exist_and_are_hardened() {
    let units = deploy("systemd");
    assert!(units.len() >= 2);
    for (path, text) in units
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "service"))
    {
        let settings = settings(text);
        let of = |key: &str| {
            settings
                .iter()
                .filter(|(k, _)| *k == key)
                .map(|(_, v)| *v)
                .collect::<Vec<_>>()
        };
        let command = of("ExecStart").join(" ");
        let program = command
            .split(' ')
            .next()
            .and_then(|p| Path::new(p).file_name())
            .expect("a program");
        let manifest = include_str!("../../../Cargo.toml");
        let named = format!("name = \"{}\"", program.to_string_lossy());
        assert!(manifest.contains(&named), "{}: {command}", path.display());
        for (key, value) in [
            ("DynamicUser", "yes"),
            ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"),
            ("MemoryDenyWriteExecute", "yes"),
            ("NoNewPrivileges", "yes"),
            ("PrivateTmp", "yes"),
            ("LimitCORE", "0"),
            ("UMask", "0077"),
        ] {
            assert_eq!(of(key), [value], "{}: {key}", path.display());
        }
        assert!(!of("RestrictAddressFamilies").is_empty());
    }
}

#[test]
fn proxy_sample_keeps_no_trace_of_the_reporter() {
    for (path, text) in deploy("nginx") {
        assert!(text.contains("access_log off;"), "{}", path.display());
        // One use is needed: the rate limit's, which keeps nothing.
        let text = text.replacen("proxy_set_header X-Forwarded-For $remote_addr;", "", 1);
        for trace in [
            "$remote_addr",
            "$proxy_add_x_forwarded_for",
            "$http_user_agent",
        ] {
            assert!(!text.contains(trace), "{}: {trace}", path.display());
        }
        assert!(
            text.contains("proxy_request_buffering off;"),
            "{}",
            path.display()
        );
    }
}

/// Runs `tor --verify-config` on `torrc`, with a data folder of its own.
fn tor_accepts(torrc: &Path) -> bool {
    let data = tempfile::tempdir().expect("a temporary folder");
    std::process::Command::new("tor")
        .args(["--verify-config", "-f"])
        .arg(torrc)
        .arg("--DataDirectory")
        .arg(data.path())
        .args(["--defaults-torrc", "/dev/null"])
        .stdout(std::process::Stdio::null())
        .status()
        .expect("`make test` installs tor")
        .success()
}

#[test]
fn the_onion_service_is_one_that_tor_accepts() {
    for (path, text) in deploy("tor") {
        assert!(tor_accepts(&path), "{}", path.display());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let spoilt = folder.path().join("torrc");
        fs::write(
            &spoilt,
            text.replace("PoWDefensesEnabled", "PoWDefencesEnabled"),
        )
        .expect("ours");
        assert!(!tor_accepts(&spoilt), "the check itself works");
        let service = |name: &str| {
            let (_, rest) = text.split_once(name).expect("a service");
            rest.split("HiddenServiceDir")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let port = |service: &str| {
            let line = service
                .lines()
                .find_map(|line| line.strip_prefix("HiddenServicePort "));
            line.and_then(|line| line.rsplit(':').next())
                .expect("a port")
                .to_owned()
        };
        let (reporters, relay) = (
            service("/var/lib/tor/mifeng\n"),
            service("/var/lib/tor/mifeng-relay\n"),
        );
        for service in [&reporters, &relay] {
            assert!(service.contains("HiddenServicePoWDefensesEnabled 1"));
        }
        // It leads to the listeners that intake's sample names.
        let sample = include_str!("../../../deploy/intake.toml");
        let listens = |head: &str, port: &str| {
            let (_, rest) = sample.split_once(head).expect("a listener");
            let address = rest
                .lines()
                .find(|line| line.contains("address = "))
                .expect("an address");
            assert!(
                address.ends_with(&format!(":{port}\"")),
                "{head}: {address} and {port}"
            );
        };
        listens("[onion.listen]\n", &port(&reporters));
        listens("[relay]\n", &port(&relay));
        assert!(
            !text.contains("HiddenServiceNonAnonymousMode"),
            "nobody is told where it stands"
        );
    }
}
