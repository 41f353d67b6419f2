//! The sample settings are good ones, and a slip in them is found.

use mifeng_intake::config::IntakeConfig;

const SAMPLE: &str = include_str!("../../../deploy/intake.toml");

/// The sample with every commented-out key switched on.
fn complete() -> String {
    let uncommented = SAMPLE.lines().map(|line| match line.strip_prefix("#") {
        Some(key) if !key.starts_with(' ') => key,
        _ => line,
    });
    uncommented.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_is_good() {
    let config: IntakeConfig = toml::from_str(SAMPLE).expect("good settings");
    assert!(config.store().is_ok());
    assert_eq!(config.office.len(), 1);
    assert!(config.relay.certificate_file.is_some());
    let complete: IntakeConfig = toml::from_str(&complete()).expect("good settings");
    assert!(complete.store_url_file.is_some());
    assert!(complete.public.unix_socket.is_some());
    assert!(complete.public_url.is_some());
    let onion = complete.onion.expect("shown");
    assert_eq!(
        (onion.requests_per_minute, onion.burst),
        (600, 120),
        "the defaults"
    );
    assert!(
        toml::from_str::<IntakeConfig>(&SAMPLE.replace("https://tips", "http://tips")).is_err()
    );
    assert!(complete.public.certificate_file.is_some());
    assert!(complete.office[0].relay_token_file.is_some());
    assert!(complete.attachments.s3_credentials_file.is_some());
}

#[test]
fn what_the_sample_shows_are_the_defaults() {
    let config: IntakeConfig = toml::from_str(SAMPLE).expect("good settings");
    let (shown, default) = (
        config.limits,
        mifeng_intake::config::LimitsConfig::default(),
    );
    assert_eq!(shown.requests_per_minute, default.requests_per_minute);
    assert_eq!(shown.burst, default.burst);
    assert_eq!(shown.slow_down_max_ms, default.slow_down_max_ms);
    assert_eq!(shown.request_timeout_s, default.request_timeout_s);
    assert_eq!(shown.guesses_per_minute, default.guesses_per_minute);
    assert_eq!(
        shown.guesses_together_per_minute,
        default.guesses_together_per_minute
    );
    assert_eq!(shown.visits_per_minute, default.visits_per_minute);
    assert_eq!(config.flood, mifeng_intake::config::FloodConfig::default());
    assert_eq!(config.quota_bytes, 10 * 1024 * 1024 * 1024);
    let default = mifeng_intake::config::AttachmentLimits::default();
    assert_eq!(config.attachment_limits, default);
}

#[test]
fn a_misspelt_key_is_refused_by_name() {
    let complete = complete();
    let keys = complete
        .lines()
        .filter(|line| !line.starts_with(['#', '[']));
    let keys = keys.filter_map(|line| line.split_once(" = ").map(|(key, _)| key));
    let mut count = 0;
    for key in keys {
        count += 1;
        let misspelt = complete.replacen(&format!("\n{key} = "), &format!("\n{key}x = "), 1);
        let error = toml::from_str::<IntakeConfig>(&misspelt).expect_err(key);
        assert!(
            error.to_string().contains(&format!("{key}x")),
            "{key}: {error}"
        );
    }
    assert!(count >= 15, "every key is shown: {count}");
}
