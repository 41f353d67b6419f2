//! The sample tips, submitted as a reporter's program would: through the public door.

use super::children::Children;
use crate::OperatorError;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// 66 invented tips; see `tests/samples/README.md`.
const SAMPLES: &str = include_str!("../../../tests/samples/tips.json");

const READY_TRIES: u32 = 600;
const READY_INTERVAL: Duration = Duration::from_millis(100);
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);

/// How often a tip is tried again when the service says that it is busy.
const BUSY_TRIES: u32 = 20;
const BUSY_WAIT_MAX_S: u64 = 10;

/// A sample, less what only the tests read (`id`, `incident`).
#[derive(Deserialize, Serialize)]
struct Sample {
    category: String,
    school: String,
    subject: String,
    when: String,
    text: String,
    language: String,
}

#[derive(Deserialize)]
struct Accepted {
    pickup_code: String,
}

fn failed(what: &'static str) -> impl FnOnce(reqwest::Error) -> OperatorError {
    move |error| OperatorError::Service {
        what,
        reason: error.without_url().to_string(),
    }
}

fn client() -> Result<reqwest::Client, OperatorError> {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(REQUEST_TIMEOUT)
        .build()
        .map_err(failed("making an HTTP client"))
}

/// Until `url` answers 200, as long as every service is still running.
pub async fn wait_until_ready(url: &str, children: &mut Children) -> Result<(), OperatorError> {
    let client = client()?;
    for _ in 0..READY_TRIES {
        children.check()?;
        if let Ok(response) = client.get(url).send().await
            && response.status().is_success()
        {
            return Ok(());
        }
        tokio::time::sleep(READY_INTERVAL).await;
    }
    Err(OperatorError::Service {
        what: "waiting for a service",
        reason: "it did not become ready within a minute".to_owned(),
    })
}

/// Submits `count` samples (or each once) and returns their pickup codes.
pub async fn submit_samples(
    intake_url: &str,
    office: &str,
    count: Option<usize>,
) -> Result<Vec<String>, OperatorError> {
    let samples: Vec<Sample> =
        serde_json::from_str(SAMPLES).expect("the embedded samples parse: a test reads them");
    let client = client()?;
    let url = format!("{intake_url}/api/v1/offices/{office}/tips");
    let count = count.unwrap_or(samples.len());
    let mut codes = Vec::with_capacity(count);
    for sample in samples.iter().cycle().take(count) {
        codes.push(submit(&client, &url, sample).await?);
    }
    Ok(codes)
}

async fn submit(
    client: &reqwest::Client,
    url: &str,
    sample: &Sample,
) -> Result<String, OperatorError> {
    const WHAT: &str = "submitting a sample tip";
    for _ in 0..BUSY_TRIES {
        let request = client.post(url).json(sample);
        let response = request.send().await.map_err(failed(WHAT))?;
        if response.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(retry_after(&response)).await;
            continue;
        }
        let response = response.error_for_status().map_err(failed(WHAT))?;
        let accepted: Accepted = response.json().await.map_err(failed(WHAT))?;
        return Ok(accepted.pickup_code);
    }
    Err(OperatorError::Service {
        what: WHAT,
        reason: "the service stays busy".to_owned(),
    })
}

fn retry_after(response: &reqwest::Response) -> Duration {
    let header = response.headers().get(reqwest::header::RETRY_AFTER);
    let wait_s = header.and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(wait_s.unwrap_or(1).min(BUSY_WAIT_MAX_S))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_sealing::tip::Category;

    #[test]
    fn samples_are_tips() {
        let samples: Vec<Sample> = serde_json::from_str(SAMPLES).expect("the samples parse");
        assert!(samples.len() >= 50);
        for sample in samples {
            sample
                .category
                .parse::<Category>()
                .expect("a category of the taxonomy");
            assert!(!sample.text.is_empty());
        }
    }
}
