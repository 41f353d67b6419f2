//! Logs: a closed list of events, by opaque ids, as text or JSON. Never an address, a user agent, a code, a name
//! or a text. What is not in [`Event`] cannot be logged by our own code, and what libraries say is let through
//! only from `warn` on, at any level that is set for ours.

use serde::Deserialize;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, filter::Targets, fmt};

/// Form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogForm {
    /// Lines for people.
    #[default]
    Human,
    /// A JSON object a line.
    Json,
}

/// How much is logged of our own events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Only failures.
    Error,
    /// And what someone should look at.
    Warn,
    /// And what happens normally.
    #[default]
    Info,
    /// And detail for developers.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    fn filter(self) -> tracing::level_filters::LevelFilter {
        use tracing::level_filters::LevelFilter;
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// Starts logging to standard error. Called once, in a service's `main`.
pub fn start(level: LogLevel, form: LogForm) {
    let targets = Targets::new()
        .with_target("mifeng", level.filter())
        .with_default(tracing::level_filters::LevelFilter::OFF);
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let layer = match form {
        LogForm::Human => layer.boxed(),
        LogForm::Json => layer.json().flatten_event(true).boxed(),
    };
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(layer.with_filter(targets))
        .try_init();
}

/// Everything that is ever logged.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A service is ready.
    Started {
        /// Its name.
        service: &'static str,
    },
    /// A service has finished what was acknowledged and stops.
    Stopped {
        /// Its name.
        service: &'static str,
    },
    /// Something asked for failed for a reason the reporter cannot help.
    RequestFailed {
        /// A short name of the place.
        place: &'static str,
        /// The cause, from our own error types.
        cause: &'a dyn std::error::Error,
    },
    /// Something panicked.
    Panicked {
        /// File and line.
        place: &'a str,
    },
    /// A long task died and is begun again.
    TaskDied {
        /// Its name.
        task: &'static str,
        /// Where it panicked, or that it ended by itself.
        place: &'a str,
        /// Wait until then, in milliseconds.
        retry_ms: u64,
    },
    /// A long task died too often; the service ends.
    TaskGivenUp {
        /// Its name.
        task: &'static str,
        /// Where it panicked last.
        place: &'a str,
    },
    /// The quota of waiting envelopes is used up.
    QuotaFull,
    /// Envelopes were pulled and stored.
    Pulled {
        /// How many.
        count: usize,
    },
    /// An envelope could not be opened.
    Quarantined {
        /// Its opaque id.
        id: &'a str,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// The program failed over an envelope, which is kept apart.
    EnvelopeFailed {
        /// Its opaque id.
        id: &'a str,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// An envelope could not be taken in for now; the others were.
    EnvelopeLeft {
        /// Its opaque id.
        id: &'a str,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// Something that intake answered cannot be, and was refused.
    RelayRefused {
        /// What.
        cause: &'a dyn std::error::Error,
    },
    /// The other side is away; trying again later.
    RelayAway {
        /// Wait until the next try, in seconds.
        retry_s: u64,
    },
    /// The other side is back.
    RelayBack,
    /// Mail went out.
    MailSent,
    /// Mail did not go out; it is kept.
    MailFailed {
        /// How often it was tried.
        attempts: u32,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// Triage serves with the office's key locked.
    OfficeLocked,
    /// Keys of cases were brought into line with who may open them.
    KeysAligned {
        /// Keys that members got.
        given: usize,
        /// Keys that members lost.
        taken: usize,
    },
    /// Someone unlocked or failed to.
    SignIn {
        /// Whether it worked.
        accepted: bool,
    },
    /// Cases are being loaded.
    Loading {
        /// Hundredths of them.
        percent: usize,
    },
    /// Every case is loaded, and can be compared.
    Loaded {
        /// How many tips.
        tips: usize,
        /// How many had a sketch that did not open and was made anew.
        rebuilt: usize,
    },
    /// A sketch did not open and was made anew from its tip.
    SketchRebuilt {
        /// The tip's opaque id.
        id: &'a str,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// An office says nothing of itself in a language of its pages, which then show another one's words.
    WordsMissing {
        /// The office's slug.
        office: &'a str,
        /// The language's tag.
        language: &'static str,
        /// Where the words would stand in its manifest.
        keys: &'a [String],
    },
    /// The rules of retention were shortened: so many cases go earlier by it, none before thirty days are over.
    RetentionShortened {
        /// How many.
        cases: usize,
    },
    /// An office is not served.
    OfficeRefused {
        /// Its slug, or its manifest's file.
        office: &'a str,
        /// Why.
        cause: &'a dyn std::error::Error,
    },
    /// A setting that weakens protection.
    Weakness {
        /// Which.
        what: &'static str,
    },
}

/// Logs one event.
pub fn log(event: Event<'_>) {
    match event {
        Event::Started { service } => tracing::info!(service, "started"),
        Event::Stopped { service } => tracing::info!(service, "stopped"),
        Event::RequestFailed { place, cause } => {
            tracing::error!(place, cause = %Chain(cause), "request failed");
        }
        Event::Panicked { place } => tracing::error!(place, "panicked"),
        Event::TaskDied {
            task,
            place,
            retry_ms,
        } => tracing::error!(task, place, retry_ms, "task died"),
        Event::TaskGivenUp { task, place } => tracing::error!(task, place, "task given up"),
        Event::QuotaFull => tracing::error!("quota full: refusing tips"),
        Event::Pulled { count } => tracing::info!(count, "pulled"),
        Event::Quarantined { id, cause } => {
            tracing::warn!(id, cause = %Chain(cause), "quarantined");
        }
        Event::EnvelopeFailed { id, cause } => {
            tracing::error!(id, cause = %Chain(cause), "envelope failed");
        }
        Event::EnvelopeLeft { id, cause } => {
            tracing::warn!(id, cause = %Chain(cause), "envelope left for later");
        }
        Event::RelayRefused { cause } => {
            tracing::warn!(cause = %Chain(cause), "relay refused");
        }
        Event::RelayAway { retry_s } => tracing::warn!(retry_s, "relay away"),
        Event::RelayBack => tracing::info!("relay back"),
        Event::MailSent => tracing::info!("mail sent"),
        Event::MailFailed { attempts, cause } => {
            tracing::warn!(attempts, cause = %Chain(cause), "mail failed");
        }
        Event::OfficeLocked => tracing::info!("office key locked"),
        Event::KeysAligned { given, taken } => tracing::info!(given, taken, "keys aligned"),
        Event::SignIn { accepted } => tracing::info!(accepted, "sign-in"),
        Event::Loading { percent } => tracing::info!(percent, "loading"),
        Event::Loaded { tips, rebuilt } => tracing::info!(tips, rebuilt, "loaded"),
        Event::SketchRebuilt { id, cause } => {
            tracing::warn!(id, cause = %Chain(cause), "sketch rebuilt");
        }
        Event::WordsMissing {
            office,
            language,
            keys,
        } => {
            let keys = keys.join(", ");
            tracing::warn!(office, language, keys, "words missing in the manifest");
        }
        Event::RetentionShortened { cases } => {
            tracing::warn!(cases, "the rules of retention were shortened");
        }
        Event::OfficeRefused { office, cause } => {
            tracing::error!(office, cause = %cause, "office not served");
        }
        Event::Weakness { what } => tracing::warn!(what, "weak setting"),
    }
}

/// An error with its causes on one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
