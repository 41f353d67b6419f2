//! Settings with which a service could not do its work: refused before anything starts, with the file, the key and what it
//! should be.

use std::process::Command;

const INTAKE: &str = include_str!("../../../deploy/intake.toml");
const TRIAGE: &str = include_str!("../../../deploy/triage.toml");

/// What a service says of these settings, which it must refuse.
fn refuses(program: &str, settings: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, settings).expect("our own folder");
    let run = Command::new(program).arg("--config").arg(&file).output();
    let run = run.expect("the program was built with the tests");
    assert!(!run.status.success(), "it started with {settings}");
    let told = String::from_utf8(run.stderr).expect("UTF-8");
    let named = told.contains(&file.display().to_string());
    assert!(named, "which file: {told}");
    told
}

/// The sample with one line replaced.
fn with(sample: &str, line: &str, other: &str) -> String {
    let changed = sample.replacen(&format!("\n{line}"), &format!("\n{other}"), 1);
    assert_ne!(changed, sample, "{line}");
    changed
}

/// A line of intake's sample, what stands in its place, and the key that is named.
const UNFIT: &[(&str, &str, &str)] = &[
    (
        "quota_bytes = 10737418240",
        "quota_bytes = 0",
        "quota_bytes",
    ),
    (
        "mixing_interval_s = 60",
        "mixing_interval_s = 0",
        "mixing_interval_s",
    ),
    ("store_url = ", "#", "store_url"),
    (
        "address = \"127.0.0.1:8080\"",
        "address = \"0.0.0.0:8080\"",
        "public.address",
    ),
    ("address = \"127.0.0.1:8080\"", "", "public.address"),
    ("key_file = ", "#", "relay.certificate_file"),
    (
        "requests_per_minute = 60",
        "requests_per_minute = 0",
        "limits.requests_per_minute",
    ),
    ("burst = 30", "burst = 0", "limits.burst"),
    (
        "guesses_per_minute = 30",
        "guesses_per_minute = 0",
        "limits.guesses_per_minute",
    ),
    (
        "visits_per_minute = 60",
        "visits_per_minute = 0",
        "limits.visits_per_minute",
    ),
    (
        "slow_down_max_ms = 4000",
        "slow_down_max_ms = 4000000",
        "limits.slow_down_max_ms",
    ),
    (
        "request_timeout_s = 15",
        "request_timeout_s = 0",
        "limits.request_timeout_s",
    ),
    (
        "load_mark_per_minute = 300",
        "load_mark_per_minute = 7000",
        "flood.load_mark_per_minute",
    ),
    (
        "proof_least_bits = 12",
        "proof_least_bits = 18",
        "flood.proof_least_bits",
    ),
    (
        "proof_most_bits = 17",
        "proof_most_bits = 60",
        "flood.proof_most_bits",
    ),
    (
        "proof_life_s = 300",
        "proof_life_s = 0",
        "flood.proof_life_s",
    ),
    (
        "queue_per_minute = 120",
        "queue_per_minute = 0",
        "flood.queue_per_minute",
    ),
    ("queue_most = 500", "queue_most = 0", "flood.queue_most"),
    (
        "files_max = 20",
        "files_max = 1000",
        "attachment_limits.files_max",
    ),
    (
        "file_max_bytes = 200000000",
        "file_max_bytes = 0",
        "attachment_limits.file_max_bytes",
    ),
    (
        "together_max_bytes = 500000000",
        "together_max_bytes = 5",
        "attachment_limits.together_max_bytes",
    ),
    (
        "unclaimed_hours = 24",
        "unclaimed_hours = 9000",
        "attachment_limits.unclaimed_hours",
    ),
    (
        "upload_timeout_s = 3600",
        "upload_timeout_s = 0",
        "attachment_limits.upload_timeout_s",
    ),
    (
        "uploads_at_once_max = 64",
        "uploads_at_once_max = 0",
        "attachment_limits.uploads_at_once_max",
    ),
    (
        "held_max_bytes = 268435456",
        "held_max_bytes = 134217727",
        "attachment_limits.held_max_bytes",
    ),
    (
        "held_wait_s = 10",
        "held_wait_s = 4000",
        "attachment_limits.held_wait_s",
    ),
];

#[test]
fn intake_names_file_and_key_of_what_does_not_fit() {
    let program = env!("CARGO_BIN_EXE_mifeng-intake");
    for (line, other, key) in UNFIT {
        let told = refuses(program, &with(INTAKE, line, other));
        assert!(told.contains(&format!("\n  {key} ")), "{key}: {told}");
    }
    let both = with(
        &with(INTAKE, "burst = 30", "burst = 0"),
        "held_max_bytes = 268435456",
        "held_max_bytes = 1",
    );
    let told = refuses(program, &both);
    assert!(
        told.contains("limits.burst must be from 1 ")
            && told.contains("held_max_bytes must be from 134217728 "),
        "all at once, each with what it should be: {told}"
    );
    let misspelt = refuses(program, &with(INTAKE, "queue_most", "queue_mots"));
    assert!(misspelt.contains("queue_mots") && misspelt.contains("line "));
}

#[test]
fn triage_names_file_and_key_of_what_does_not_fit() {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    for (line, other, key) in [
        (
            "address = ",
            "unix_socket = \"/x\"\naddress = ",
            "listen.address",
        ),
        (
            "address = \"127.0.0.1:8081\"",
            "address = \"0.0.0.0:8081\"",
            "listen.address",
        ),
        (
            "url = \"https://intake",
            "url = \"http://intake",
            "relay.url",
        ),
        ("url = \"https://intake", "url = \"intake", "relay.url"),
        ("client_key_file = ", "#", "relay.client_certificate_file"),
        (
            "poll_interval_s = 20",
            "poll_interval_s = 0",
            "relay.poll_interval_s",
        ),
        (
            "digest_interval_s = 900",
            "digest_interval_s = 0",
            "mail.digest_interval_s",
        ),
        ("daily_hour = 8", "daily_hour = 24", "mail.daily_hour"),
        ("port = 587", "port = 0", "mail.transport.smtp.port"),
        ("password_file = ", "#", "mail.transport.smtp.username"),
        (
            "routing_file = ",
            "passphrase_file = \"/x\"\nrouting_file = ",
            "passphrase_file",
        ),
    ] {
        let told = refuses(program, &with(TRIAGE, line, other));
        assert!(told.contains(&format!("\n  {key} ")), "{key}: {told}");
    }
    let bare = with(TRIAGE, "client_certificate_file", "#");
    let told = refuses(program, &with(&bare, "client_key_file", "#"));
    assert!(
        told.contains("relay.token_file or a client certificate must be given"),
        "{told}"
    );
    assert!(!refuses(program, &with(TRIAGE, "release", "relaese")).contains(" panicked"));
}
