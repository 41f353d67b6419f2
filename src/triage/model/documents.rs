//! What is sealed to a case beside its tips.

use super::MemberId;
use super::{Closing, Deletion, Finding, Hold, Mode, Note, Opinion, Outcome, Passing, Signature};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{Category, SENT_MAX, SaidKind, SentItem, SignedStatement};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The summary of a case that is sealed to it: what the queue and the routing need without opening its tips. The database
/// and the messages of earlier versions call it a card.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSummary {
    /// What it is about.
    pub category: Category,
    /// The school's id in the rules, where what was typed is known.
    pub school_id: Option<String>,
    /// School, as typed.
    pub school: String,
    /// Who, as typed.
    pub subject: String,
    /// Unit id.
    pub unit: String,
    /// Why it was routed so, in Chinese and English. Summaries of before may name another case in it.
    pub reasons: Vec<(String, String)>,
    /// The id in hex of a case with the same text, to whose handler it was given: told only to whoever may see that one.
    #[serde(default)]
    pub same_text_as: Option<String>,
    /// The outcome of the whole, once concluded.
    pub outcome: Option<Outcome>,
    /// What was found of each subject.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How it is handled, once accepted.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The closing that was proposed last, if none was rejected since.
    #[serde(default)]
    pub closing: Option<Closing>,
    /// That it shall be destroyed early, while that waits for a second person.
    #[serde(default)]
    pub deletion: Option<Box<Deletion>>,
    /// That it shall go to the office above, while that waits for a second person.
    #[serde(default)]
    pub passing: Option<Box<Passing>>,
    /// The day on which it goes there by itself, since nobody here may see it, or nobody else can sign.
    #[serde(default)]
    pub leaves_day: Option<Day>,
    /// Who declined a tip about harm to a child, until a second person has looked at that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Box<Signature>>,
    /// What keeps it from being destroyed.
    #[serde(default)]
    pub hold: Option<Box<Hold>>,
    /// Who handles it beside the one who leads it, by the members' ids in hex.
    #[serde(default)]
    pub co_handlers: BTreeSet<String>,
    /// What those who handle it found together, in order; the last one holds.
    #[serde(default)]
    pub opinions: Vec<Opinion>,
    /// Who handled it and does no longer, by the members' ids in hex: none of them approves its closing.
    #[serde(default)]
    pub handled_by: BTreeSet<String>,
    /// Who recused himself from it, by the member's id in hex: for good, whatever else is changed.
    #[serde(default)]
    pub recused: BTreeSet<String>,
    /// Words that a person found not to mean a member, by the member's id in hex.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_meant: BTreeMap<String, BTreeSet<String>>,
    /// Whether the reporter wrote something that nobody has answered.
    pub reporter_wrote: bool,
    /// Whether something came that nothing tells to be a reporter's, and nobody has written to one since.
    #[serde(default)]
    pub unproven_words: bool,
    /// Whether a reporter objected to the decision, and nobody has answered.
    #[serde(default)]
    pub objected: bool,
    /// The day of the decision that stands; `None` while there is none, and for what was decided before this was kept.
    #[serde(default)]
    pub decided_day: Option<Day>,
    /// The last day on which a reporter wrote.
    #[serde(default)]
    pub wrote_day: Option<Day>,
    /// Who handled it before it was joined to another, by the member's id in hex: whoever splits them gives it back.
    #[serde(default)]
    pub handler_before: Option<String>,
    /// What is known of each reporter, by the tip's id in hex.
    #[serde(default)]
    pub reporters: BTreeMap<String, ReporterState>,
    /// How many messages another office left in the mailbox before it passed the tip up to this one.
    #[serde(default)]
    pub messages_before: u32,
}

/// What a reporter let the office know besides words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReporterState {
    /// How many of the office's messages were read, from the first.
    pub messages_read: u32,
    /// The latest of the questions after 30 and 90 days that was answered; 0 for none.
    pub aftercare_answered_days: u32,
    /// Whether the mailbox was deleted: nothing reaches the reporter any more.
    pub gone: bool,
    /// Whether the reporter corrected the tip. It stands until the case is destroyed; what comes of it a person decides.
    #[serde(default)]
    pub corrected: bool,
    /// Whether the reporter took the tip back. Nothing is deleted or concluded by it.
    #[serde(default)]
    pub withdrawn: bool,
    /// What was sent after the tip, as the reporter is told: the latest of it, oldest first. Absent until something is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Vec<SentItem>>,
    /// How much was sent before that.
    #[serde(default)]
    pub sent_left_out: u32,
    /// How many times something came for the mailbox of which nothing tells that it is the reporter's.
    #[serde(default)]
    pub unproven: u32,
}

/// Longest title in a queue, in characters.
const TITLE_MAX_CHARS: usize = 40;

impl CaseSummary {
    /// Whether the member with this id handles the case beside the one who leads it.
    #[must_use]
    pub fn helps(&self, member: MemberId) -> bool {
        self.co_handlers.contains(&hex::encode(member.0))
    }

    /// What is known of the reporter of `tip`.
    #[must_use]
    pub fn reporter(&self, tip: [u8; 16]) -> ReporterState {
        self.reporters
            .get(&hex::encode(tip))
            .cloned()
            .unwrap_or_default()
    }

    /// Keeps the latest of what the reporter of `tip` sent, with one thing more.
    pub fn list_sent(&mut self, tip: [u8; 16], item: SentItem) {
        let reporter = self.reporter_mut(tip);
        let sent = reporter.sent.get_or_insert_default();
        sent.push(item);
        // The tip stands before them.
        if sent.len() > SENT_MAX - 1 {
            sent.remove(0);
            reporter.sent_left_out = reporter.sent_left_out.saturating_add(1);
        }
    }

    /// The same, to change.
    pub fn reporter_mut(&mut self, tip: [u8; 16]) -> &mut ReporterState {
        self.reporters.entry(hex::encode(tip)).or_default()
    }

    /// School and subject in a line, cut to 40 characters.
    #[must_use]
    pub fn title(&self) -> String {
        let parts = [self.school.trim(), self.subject.trim()];
        let title = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        if title.chars().count() <= TITLE_MAX_CHARS {
            return title;
        }
        let cut: String = title.chars().take(TITLE_MAX_CHARS - 1).collect();
        cut + "…"
    }
}

/// A line of the history.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryText {
    /// Who; `None` for the system.
    pub actor: Option<String>,
    /// What.
    #[serde(rename = "key")]
    pub note: Note,
    /// Why, in words.
    pub detail: String,
    /// The id in hex of another case that the line speaks of: only for whoever may see that one as well.
    #[serde(default)]
    pub about: Option<String>,
}

/// A message's text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageText {
    /// Who, for those of the office.
    pub author: Option<String>,
    /// The words.
    pub text: String,
    /// How they were received, for those of a reporter; absent for what came before words were signed.
    #[serde(default, rename = "heard", skip_serializing_if = "Option::is_none")]
    pub received: Option<ReceivedWords>,
}

/// How words of a reporter were received.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedWords {
    /// What kind they are.
    pub kind: SaidKind,
    /// Whether they are proven to be the reporter's.
    pub proven: bool,
    /// Ids at intake of the files that came with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// As they were signed, for an office above that has to prove them again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedStatement>,
}
