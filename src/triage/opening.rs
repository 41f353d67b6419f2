//! Opening the office: its cases are loaded while its pages already say so, or wait for its key.

use crate::engine::Engine;
use crate::error::TriageError;
use crate::office::unlocking::Unlocking;
use crate::office::{Office, Progress};
use crate::served::Waiting;
use crate::service::Place;
use crate::unlocking::read;
use actix_web::http::KeepAlive;
use mifeng_foundation::backoff::Backoff;
use mifeng_foundation::serving::told;
use mifeng_foundation::supervisor::{Served, fenced};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::{Identity, OfficeIdentityFile};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long after the cases could not be read that is tried again: at first, and at most.
const RELOAD_FIRST: Duration = Duration::from_secs(1);

const RELOAD_MAX: Duration = Duration::from_mins(1);

impl Place {
    /// The pages of a locked office, and where its key comes from.
    pub(super) fn serve_sealed(&self) -> Result<(Served, mpsc::Receiver<Identity>), TriageError> {
        let (found, comes) = mpsc::channel(1);
        let file = read(&self.config.office_identity_file)?.to_vec();
        let shares = self.config.office_shares_file.as_deref();
        let shares = shares.map(read).transpose()?;
        let unlocking = Unlocking::new(
            OfficeIdentityFile::from_bytes(file),
            shares.map(|file| file.to_vec()),
            self.manifest.body().recipients.clone(),
            found,
        );
        let blobs = self
            .config
            .attachments
            .open(&self.config.store_url.parse()?)?;
        let office = Office::locked(self.parts(Identity::generate())?)
            .with_blobs(blobs)
            .with_retention(self.config.retention.read()?)
            .with_two_persons(self.config.second_signature);
        let office = Arc::new(office);
        // Connections do not outlive it: the open office takes over the socket.
        let served = self.serve(self.state(office, Some(unlocking)), KeepAlive::Disabled)?;
        log(Event::OfficeLocked);
        Ok((served, comes))
    }

    /// Waits for the key, and then opens the office. Whoever is signed in stays so.
    pub(super) async fn open_when_found(
        self,
        served: Served,
        mut found: mpsc::Receiver<Identity>,
    ) -> Result<(), TriageError> {
        let identity = tokio::select! {
            () = told(self.stopped.clone()) => None,
            identity = found.recv() => identity,
        };
        served.end().await;
        let Some(identity) = identity else {
            return Ok(());
        };
        let waiting = Waiting::begin(&self.bound, &self.supervisor)?;
        let tried = self.load(identity.clone(), &waiting.progress).await;
        Box::pin(self.open_in_the_end(waiting, identity, tried)).await
    }

    /// Serves the pages of an office that was loaded, or was tried to be. Where the cases cannot be read, since the database is
    /// away for a moment, say, that is logged, told to whoever comes, and tried until they can or the service is stopped: the
    /// key may have been given by people, who are not asked again.
    pub(super) async fn open_in_the_end(
        self,
        waiting: Waiting,
        identity: Identity,
        mut tried: Result<Engine, TriageError>,
    ) -> Result<(), TriageError> {
        let mut waits = Backoff::doubling(RELOAD_FIRST, RELOAD_MAX);
        let engine = loop {
            match tried {
                Ok(engine) => break Some(engine),
                Err(cause) => not_opened(&cause),
            }
            waiting.progress.break_off();
            tokio::select! {
                () = told(self.stopped.clone()) => break None,
                () = tokio::time::sleep(waits.longer()) => {}
            }
            tried = self.load(identity.clone(), &waiting.progress).await;
        };
        // Whoever comes now waits in the socket's queue until the pages are served.
        waiting.served.end().await;
        let stopped = told(self.stopped.clone());
        if let Some(engine) = engine {
            self.serve_open(engine)?.until(stopped).await;
        }
        Ok(())
    }

    pub(super) async fn load(
        &self,
        identity: Identity,
        progress: &Progress,
    ) -> Result<Engine, TriageError> {
        let opened = Engine::open(&self.config, self.parts(identity)?, progress);
        // What loading carries makes it too large to lie in every future around it.
        fenced(Box::pin(opened)).await?
    }
}

fn not_opened(cause: &TriageError) {
    let place = "open";
    log(Event::RequestFailed { place, cause });
}
