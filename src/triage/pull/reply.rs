//! What a reporter says later: put to the case, told to whom it concerns, and confirmed where the reporter would see it.

use super::ingest::Ingested;
use crate::sealing::LookupDigest;
use crate::tip::{MessageKind, ReplyDocument, Said, Stopped};
use crate::triage::cases::{CaseState, Draft, Entry};
use crate::triage::desk::DeskError;
use crate::triage::office::Office;
use crate::triage::staff::{Member, MemberId, Role};
use crate::triage::store::{StoredEnvelope, StoredTip};
use crate::triage::trail::{Act, Kind};

/// Who is told that a reporter wrote.
struct Told {
    handlers: Vec<MemberId>,
    supervisors: Vec<MemberId>,
}

impl Office {
    /// Takes in what was said, once; the error says why the envelope is to be kept apart.
    pub(super) async fn ingest_reply(
        &self,
        envelope: &StoredEnvelope,
        json: &[u8],
    ) -> Result<Result<Ingested, &'static str>, DeskError> {
        let Ok(reply) = ReplyDocument::from_json(json) else {
            return Ok(Err("not-a-tip"));
        };
        let tip = match LookupDigest::from_hex(&reply.lookup_digest) {
            Some(mailbox) => self.parts.store.tip_of_mailbox(mailbox).await?,
            None => None,
        };
        let found =
            tip.and_then(|tip| Some((tip, self.board(|board| board.by_id(tip.case).cloned())?)));
        let Some((tip, entry)) = found else {
            return Ok(Err("unknown-mailbox"));
        };
        if entry.row.state == CaseState::PassedUp {
            return self.pass_on_reply(envelope, &tip, entry, reply).await;
        }
        let members = self.parts.directory.members().await?;
        let whole = self.board(|board| board.group_of(&entry).to_entries());
        let mut draft = Draft::new(self, entry)?;
        let told = Told {
            handlers: whole.first().map_or_else(Vec::new, Entry::handlers),
            supervisors: self.supervisors(&whole, &members),
        };
        self.take(&mut draft, &tip, envelope, &reply.said, &told)
            .await?;
        draft.attach(envelope, tip.id, &reply.attachments)?;
        // What was said may name someone who could see the case until now. That is in the case's own record, to the day: in
        // the trail it would tell when the reporter wrote.
        let named = std::slice::from_ref(&draft.entry);
        let rewraps = self.rewraps_after(named, &members).await?;
        for member in rewraps.iter().flat_map(|rewrap| &rewrap.take) {
            let member = members.iter().find(|one| one.id == *member);
            let name = member.map_or("", |member| member.name.as_str());
            draft.note(None, "key-taken", name)?;
        }
        let (mut change, entry) = draft.finish()?;
        change.rewraps.clone_from(&rewraps);
        if !self.parts.store.store_reply(envelope, &change).await? {
            return Ok(Ok(Ingested::Known));
        }
        self.board_mut(|board| {
            board.replace(entry);
            board.rewrap(&rewraps);
        });
        self.file_changes(std::slice::from_ref(&change), &[]);
        Ok(Ok(Ingested::Reply))
    }

    /// What was written before its mailbox was handed over: the office above gets it.
    async fn pass_on_reply(
        &self,
        envelope: &StoredEnvelope,
        tip: &StoredTip,
        entry: Entry,
        reply: ReplyDocument,
    ) -> Result<Result<Ingested, &'static str>, DeskError> {
        let rows = self.parts.store.tips(Some(tip.case)).await?;
        let row = rows.iter().find(|row| row.id == tip.id);
        let row = row.ok_or(DeskError::Damaged)?;
        let act = Act::new(Kind::ReplyPassedUp).on(tip.case);
        self.trail().record_own(act).await?;
        let mut draft = Draft::new(self, entry)?;
        draft.attach(envelope, tip.id, &reply.attachments)?;
        let passing = self.reply_to_parent(row, reply, draft.attached()).await?;
        draft.pass(vec![passing]);
        draft.note(None, "reply-passed-up", "")?;
        let (change, entry) = draft.finish()?;
        if !self.parts.store.store_reply(envelope, &change).await? {
            return Ok(Ok(Ingested::Known));
        }
        self.board_mut(|board| board.replace(entry));
        Ok(Ok(Ingested::Reply))
    }

    async fn take(
        &self,
        draft: &mut Draft<'_>,
        tip: &StoredTip,
        envelope: &StoredEnvelope,
        said: &Said,
        told: &Told,
    ) -> Result<(), DeskError> {
        let day = envelope.received_day;
        let decided = draft.entry.row.state.is_finished();
        match said {
            Said::Objection { text } if decided => {
                draft.hear(tip.id, day, text)?;
                draft.entry.card.objected = true;
                draft.note(None, "reporter-objected", "")?;
                draft.remind_all(told.supervisors.iter().copied());
            }
            Said::Addition { text } | Said::Objection { text } => {
                draft.hear(tip.id, day, text)?;
                draft.note(None, "reporter-wrote", "")?;
                draft.remind_all(told.handlers.iter().copied());
            }
            Said::Aftercare {
                after_days,
                stopped,
                treated_badly,
                text,
            } => {
                let words = aftercare_words(*after_days, *stopped, *treated_badly, text);
                draft.hear(tip.id, day, &words)?;
                draft.note(None, "reporter-aftercare", "")?;
                let reporter = draft.entry.card.reporter_mut(tip.id);
                let answered = &mut reporter.aftercare_answered_days;
                *answered = (*answered).max(u32::from(*after_days));
                draft.remind_all(told.handlers.iter().copied());
                if *treated_badly || *stopped == Stopped::No {
                    draft.remind_all(told.supervisors.iter().copied());
                }
                draft.tell(MessageKind::Status, None, "").await?;
            }
            Said::Read { messages } => {
                let reporter = draft.entry.card.reporter_mut(tip.id);
                reporter.messages_read = reporter.messages_read.max(*messages);
                draft.tell(MessageKind::Status, None, "").await?;
            }
            Said::Farewell => {
                draft.entry.card.reporter_mut(tip.id).gone = true;
                draft.note(None, "reporter-gone", "")?;
            }
        }
        Ok(())
    }

    /// The supervisors who may see a case, all of what is handled together in it.
    pub(in crate::triage) fn supervisors(
        &self,
        whole: &[Entry],
        members: &[Member],
    ) -> Vec<MemberId> {
        let may = |member: &&Member| {
            member.is_reader()
                && member.role == Role::Supervisor
                && !whole.iter().any(|entry| self.recused(member, entry))
        };
        let may_see = members.iter().filter(may);
        may_see.map(|member| member.id).collect()
    }
}

/// The answers in words, as a message of the reporter's, in both of the office's languages.
fn aftercare_words(after_days: u16, stopped: Stopped, treated_badly: bool, text: &str) -> String {
    let (stopped_zh, stopped_en) = match stopped {
        Stopped::Yes => ("停了", "yes"),
        Stopped::Partly => ("没有全停", "partly"),
        Stopped::No => ("还在继续", "no, it goes on"),
    };
    let (badly_zh, badly_en) = if treated_badly {
        ("有", "yes")
    } else {
        ("没有", "no")
    };
    let answers = format!(
        "办结 {after_days} 天回访：停了吗？{stopped_zh}。被为难过吗？{badly_zh}。\n\
         After {after_days} days: has it stopped? {stopped_en}. Treated badly? {badly_en}."
    );
    if text.is_empty() {
        answers
    } else {
        format!("{answers}\n\n{text}")
    }
}
