//! The daily mail: one a person a day, from a set hour on: what is due, what is late, what was escalated to the person; to the
//! auditor where the audit log ends; to the office above what has been late for long.

use super::digest::{Daily, Letter, audit_letter, leaving_letter, parent_letter};
use super::mailer::MailError;
use super::sender::{MailRun, Sender};
use crate::cases::Group;
use crate::deadlines::EscalationLevel;
use crate::model::{Member, MemberId, Role, SOON_DAYS, Urgency};
use crate::office::{escalation_level, quarantined};
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::fenced;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{Recipient, RecipientError};
use std::collections::HashMap;

/// The office above, where it is remembered who had the mail of which day. No member has this id: they are random.
const PARENT: MemberId = MemberId([0; 16]);

fn not_sent(cause: &dyn std::error::Error) {
    let attempts = 1;
    log(Event::MailFailed { attempts, cause });
}

impl Sender {
    /// The daily mail to each person who has not had today's and to whom there is something to tell. What fails is tried
    /// again with the next round; a mail may come twice if the process ends between the server's answer and its note in
    /// the store. A clock that has gone back sends nothing and forgets nothing.
    ///
    /// # Errors
    /// What the store says; mail that does not go out is no error.
    pub async fn send_daily(&mut self) -> Result<MailRun, StoreError> {
        let parts = &self.office.parts;
        let mut run = MailRun::default();
        let now = parts.clock.now().to_zoned(parts.zone.clone());
        if i64::from(now.hour()) < i64::from(self.mailer.daily_hour) {
            return Ok(run);
        }
        let day = i64::from(self.office.today().number());
        let had = parts.store.daily_mails().await?;
        let members = parts.directory.members().await?;
        let recipients: HashMap<_, _> = parts.store.mail_recipients().await?.into_iter().collect();
        for (id, address) in self.addressees(&members) {
            if had
                .iter()
                .any(|(member, last)| *member == id && *last >= day)
            {
                continue;
            }
            // Whatever comes of this mail, the others get theirs.
            let told = fenced(self.tell(id, &address, &members, recipients.get(&id)));
            match told.await {
                Ok(Ok(None)) => {}
                Ok(Ok(Some(Ok(())))) => {
                    parts.store.daily_mail_sent(id, day).await?;
                    log(Event::MailSent);
                    run.sent += 1;
                }
                Ok(Ok(Some(Err(cause)))) => {
                    not_sent(&cause);
                    run.failed += 1;
                    if matches!(cause, MailError::Away | MailError::Folder) {
                        // The others would only wait for the same silence.
                        break;
                    }
                }
                Ok(Err(cause)) => {
                    not_sent(&cause);
                    run.failed += 1;
                }
                Err(cause) => {
                    not_sent(&cause);
                    run.failed += 1;
                }
            }
        }
        Ok(run)
    }

    /// One person's daily mail, if there is something to tell.
    async fn tell(
        &self,
        id: MemberId,
        address: &str,
        members: &[Member],
        recipient: Option<&Result<Recipient, RecipientError>>,
    ) -> Result<Option<Result<(), MailError>>, StoreError> {
        let Some(letter) = self.daily_letter(id, members).await? else {
            return Ok(None);
        };
        let today = self.office.today();
        let sent = self.mailer.send(address, recipient, &letter, today);
        Ok(Some(sent.await))
    }

    fn addressees(&self, members: &[Member]) -> Vec<(MemberId, String)> {
        let active = members.iter().filter(|member| member.active);
        let parent = self.mailer.parent_address.iter();
        active
            .map(|member| (member.id, member.email.trim().to_owned()))
            .chain(parent.map(|address| (PARENT, address.clone())))
            .filter(|(_, address)| !address.is_empty())
            .collect()
    }

    async fn daily_letter(
        &self,
        id: MemberId,
        members: &[Member],
    ) -> Result<Option<Letter>, StoreError> {
        let Some(member) = members.iter().find(|member| member.id == id) else {
            let escalated = self.count(|group| {
                escalation_level(&self.office, group, members) == EscalationLevel::Parent
            });
            // What goes up by itself is told before it goes.
            let leaving = self.count(|group| group.lead.summary.leaves_day.is_some());
            return Ok(match (escalated, leaving) {
                (0, 0) => None,
                (_, 0) => Some(parent_letter(escalated)),
                _ => Some(leaving_letter(escalated, leaving)),
            });
        };
        Ok(match member.role {
            Role::Auditor => Some(audit_letter(self.office.audit_log().head().await?)),
            Role::Administrator => None,
            Role::Investigator | Role::Dispatcher | Role::Supervisor => {
                let quarantined = quarantined(&self.office, member.role).await?;
                let daily = self.daily(member, members);
                Daily {
                    quarantined,
                    ..daily
                }
                .letter()
            }
        })
    }

    /// What a member is told of her own cases and of those that have been escalated to her, as far as she may see them.
    fn daily(&self, member: &Member, members: &[Member]) -> Daily {
        let today = self.office.today();
        let level = match member.role {
            Role::Dispatcher => EscalationLevel::Dispatcher,
            _ => EscalationLevel::Supervisor,
        };
        self.office.visible_to(member, |seen| {
            let open: Vec<_> = seen
                .groups()
                .filter(|group| !group.state().is_finished())
                .collect();
            let count = |is: &dyn Fn(&Group<'_>) -> bool| open.iter().filter(|one| is(one)).count();
            let hers = |group: &Group<'_>| group.lead.handles(member.id);
            let own = |urgency| count(&|group| hers(group) && group.urgency(today) == urgency);
            let presses = |due_day: Day| due_day.days_since(today) <= SOON_DAYS;
            Daily {
                quarantined: 0,
                soon: own(Urgency::Soon),
                late: own(Urgency::Late),
                escalated: count(&|group| {
                    !hers(group)
                        && member.role.sees_all_cases()
                        && escalation_level(&self.office, group, members) >= level
                }),
                tasks: seen
                    .tasks()
                    .filter(|(task, _)| presses(task.due_day))
                    .count(),
            }
        })
    }

    /// Open cases, whoever may see them: for the office above, which is told how many there are.
    fn count(&self, is: impl Fn(&Group<'_>) -> bool) -> usize {
        self.office.caseload(|caseload| {
            let groups = caseload.groups();
            let open = groups.filter(Group::presses);
            open.filter(|group| is(group)).count()
        })
    }
}
