//! The sender: from time to time, one mail a member for all the news that waits.

use super::digest::Digest;
use super::mailer::{MailError, Mailer};
use crate::cases::{Group, QueueView};
use crate::model::{CaseId, Member, MemberId};
use crate::office::Office;
use mifeng_foundation::backoff::Backoff;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::{Heartbeat, fenced};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{Recipient, RecipientError};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait after failures: a corrected address gets its mail within a day.
const RETRY_MAX: Duration = Duration::from_hours(24);

/// How many mails one run of the sender sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailRun {
    /// Mails that went out.
    pub sent: usize,
    /// Mails that did not, and are kept.
    pub failed: usize,
}

/// News of one member.
#[derive(Default)]
struct Waiting {
    ids: Vec<[u8; 16]>,
    /// Of which case each is.
    cases: Vec<Option<CaseId>>,
    attempts: u32,
}

/// What came of one member's mail.
enum Reminded {
    /// There was nothing to send, or it is too early.
    Nothing,
    Sent,
    Failed {
        /// Whether nobody's mail would go out now.
        is_silent: bool,
    },
}

/// Reminds the members of an office.
pub struct Sender {
    pub(super) office: Arc<Office>,
    pub(super) mailer: Arc<Mailer>,
    /// When a member whose mail failed is tried again. Forgotten at a restart, which tries at once.
    not_before: HashMap<MemberId, Duration>,
}

impl Sender {
    /// For `office` through `mailer`.
    #[must_use]
    pub fn new(office: Arc<Office>, mailer: impl Into<Arc<Mailer>>) -> Self {
        Self {
            office,
            mailer: mailer.into(),
            not_before: HashMap::new(),
        }
    }

    /// Sends at most one mail to each member for whom there is news. Mail may come twice if the process ends between the
    /// server's answer and its note in the store; none is lost.
    ///
    /// # Errors
    /// What the store says; mail that does not go out is no error.
    pub async fn send_reminders(&mut self) -> Result<MailRun, StoreError> {
        let parts = &self.office.parts;
        let mut due: BTreeMap<MemberId, Waiting> = BTreeMap::new();
        for news in parts.store.mail_due().await? {
            let waiting = due.entry(news.member).or_default();
            waiting.ids.push(news.id);
            waiting.cases.push(news.case);
            waiting.attempts = waiting.attempts.max(news.attempts);
        }
        let mut run = MailRun::default();
        if due.is_empty() {
            return Ok(run);
        }
        let members = parts.directory.members().await?;
        let recipients: HashMap<_, _> = parts.store.mail_recipients().await?.into_iter().collect();
        let mut failed = Ok(());
        for (id, waiting) in due {
            let member = members.iter().find(|member| member.id == id);
            // Whatever comes of her mail, the others get theirs.
            let reminded = fenced(self.remind(id, &waiting, member, recipients.get(&id))).await;
            match reminded {
                Ok(Ok(Reminded::Nothing)) => {}
                Ok(Ok(Reminded::Sent)) => run.sent += 1,
                Ok(Ok(Reminded::Failed { is_silent })) => {
                    run.failed += 1;
                    if is_silent {
                        // The others would only wait for the same silence.
                        break;
                    }
                }
                Ok(Err(cause)) => failed = Err(cause),
                Err(cause) => {
                    run.failed += 1;
                    self.put_off(id, waiting.attempts.saturating_add(1), &cause);
                    self.office.parts.store.mail_failed(&waiting.ids).await?;
                }
            }
        }
        failed.map(|()| run)
    }

    /// Mails one member about all the news that waits for her.
    async fn remind(
        &mut self,
        id: MemberId,
        waiting: &Waiting,
        member: Option<&Member>,
        recipient: Option<&Result<Recipient, RecipientError>>,
    ) -> Result<Reminded, StoreError> {
        let store = &self.office.parts.store;
        let active = member.filter(|member| member.active);
        let digest = active.map_or_else(Digest::default, |member| {
            self.digest(member, &waiting.cases)
        });
        let email = active.map_or("", |member| member.email.trim());
        // What she may not see any more is no news for her: of nothing else is there a mail.
        if email.is_empty() || digest.new == 0 {
            store.mail_sent(&waiting.ids).await?;
            return Ok(Reminded::Nothing);
        }
        let now = self.office.parts.clock.elapsed();
        if self.not_before.get(&id).is_some_and(|time| now < *time) {
            return Ok(Reminded::Nothing);
        }
        let (letter, today) = (digest.letter(), self.office.today());
        match self.mailer.send(email, recipient, &letter, today).await {
            Ok(()) => {
                store.mail_sent(&waiting.ids).await?;
                self.not_before.remove(&id);
                log(Event::MailSent);
                Ok(Reminded::Sent)
            }
            Err(cause) => {
                store.mail_failed(&waiting.ids).await?;
                self.put_off(id, waiting.attempts.saturating_add(1), &cause);
                let is_silent = matches!(cause, MailError::Away | MailError::Folder);
                Ok(Reminded::Failed { is_silent })
            }
        }
    }

    /// Takes note that a mail failed: the next try is later.
    fn put_off(&mut self, id: MemberId, attempts: u32, cause: &dyn std::error::Error) {
        let now = self.office.parts.clock.elapsed();
        self.not_before.insert(id, now + self.back_off(attempts));
        log(Event::MailFailed { attempts, cause });
    }

    /// What there is to tell a member of news of these cases, as far as she may see them.
    fn digest(&self, member: &Member, cases: &[Option<CaseId>]) -> Digest {
        let today = self.office.today();
        self.office.visible_to(member, |seen| {
            let news = cases.iter();
            let news = news.filter(|case| case.is_none_or(|case| seen.by_id(case).is_some()));
            let soon = |group: &Group<'_>| {
                group.lead.handlers().contains(&member.id)
                    && group.is_in(QueueView::DueSoon, member.id, today)
            };
            Digest {
                new: news.count(),
                soon: seen.groups().filter(soon).count(),
            }
        })
    }

    fn back_off(&self, attempts: u32) -> Duration {
        let interval = Duration::from_secs(self.mailer.digest_interval_s);
        let wait = Backoff::doubling(interval.saturating_mul(2), RETRY_MAX).after(attempts);
        // Half a round less, so that the round meant is not missed by the time that sending takes.
        wait.saturating_sub(Duration::from_secs(self.mailer.digest_interval_s / 2))
    }
}

/// Reminds until `shutdown` resolves, once every `digest_interval_s`. Runs beside the pulling and never holds it up.
pub async fn run(
    office: Arc<Office>,
    mailer: Arc<Mailer>,
    heartbeat: Heartbeat,
    shutdown: impl Future<Output = ()>,
) {
    let within = mailer.run_within();
    let mut shutdown = std::pin::pin!(shutdown);
    let interval = Duration::from_secs(mailer.digest_interval_s);
    let mut sender = Sender::new(office, mailer);
    loop {
        // What an interrupted round has not noted as sent is sent again after the next start.
        let result = tokio::select! {
            () = &mut shutdown => return,
            result = async {
                sender.send_reminders().await?;
                sender.send_daily().await
            } => result,
        };
        if let Err(cause) = result {
            log(Event::RequestFailed {
                place: "mail",
                cause: &cause,
            });
        }
        heartbeat.done(within);
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(interval) => {}
        }
    }
}
