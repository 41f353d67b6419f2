//! The daily mail: one a person a day, from a set hour on, whether there is news or not.

use super::digest::{Letter, trail_letter};
use super::mailer::MailError;
use super::sender::{Round, Sender};
use crate::storage::StoreError;
use crate::telemetry::{Event, log};
use crate::triage::staff::{Member, Role};

impl Sender {
    /// The daily mail to each member who has not had today's. What fails is tried again with the next round; a mail may
    /// come twice if the process ends between the server's answer and its note in the store.
    ///
    /// # Errors
    /// What the store says; mail that does not go out is no error.
    pub async fn daily_round(&mut self) -> Result<Round, StoreError> {
        let parts = &self.office.parts;
        let (mut round, today) = (Round::default(), self.office.today());
        let hour = parts.clock.now().to_zoned(parts.zone.clone()).hour();
        if hour < i8::try_from(self.mailer.daily_hour).unwrap_or(i8::MAX) {
            return Ok(round);
        }
        let day = i64::from(today.number());
        let had = parts.store.daily_mails().await?;
        let is_due = |member: &Member| {
            let had_today = had
                .iter()
                .any(|(id, last)| *id == member.id && *last >= day);
            member.active && !member.email.trim().is_empty() && !had_today
        };
        for member in parts
            .directory
            .members()
            .await?
            .iter()
            .filter(|member| is_due(member))
        {
            let Some(letter) = self.daily_letter(member).await? else {
                continue;
            };
            match self.mailer.send(member.email.trim(), &letter, today).await {
                Ok(()) => {
                    parts.store.daily_mail_sent(member.id, day).await?;
                    log(Event::MailSent);
                    round.sent += 1;
                }
                Err(cause) => {
                    let attempts = 1;
                    log(Event::MailFailed {
                        attempts,
                        cause: &cause,
                    });
                    round.failed += 1;
                    if matches!(cause, MailError::Away | MailError::Folder) {
                        // The others would only wait for the same silence.
                        break;
                    }
                }
            }
        }
        Ok(round)
    }

    async fn daily_letter(&self, member: &Member) -> Result<Option<Letter>, StoreError> {
        Ok(match member.role {
            Role::Auditor => Some(trail_letter(self.office.trail().head().await?)),
            _ => None,
        })
    }
}
