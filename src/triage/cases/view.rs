//! What a member of the staff sees of a case: plain values, opened in memory for one answer.

use super::{AlikeCase, Copies, EndView, Piece, QueueRow};
use crate::deadlines::EscalationLevel;
use crate::model::{
    CaseNumber, CaseState, Closing, Finding, MemberId, Mode, Note, Opinion, Outcome, PaperView,
    Passing, QuarantineReason, Signature,
};
use crate::store::{AttachmentState, QuarantineState};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_names::Kind;
use mifeng_sealing::tip::{Category, Channel, PassedPaper, SaidKind};

/// One tip of a case.
#[derive(Clone, Debug)]
pub struct TipView {
    /// Opaque id, hex.
    pub id: String,
    /// The number it was given when it came, which it keeps.
    pub number: CaseNumber,
    /// Where its reporter was told that it stands.
    pub state: CaseState,
    /// What its reporter was told in the end.
    pub outcome: Option<Outcome>,
    /// Whether its mailbox was deleted.
    pub reporter_gone: bool,
    /// Whether its reporter corrected it.
    pub corrected: bool,
    /// Whether its reporter took it back.
    pub withdrawn: bool,
    /// The day it was joined to the case that leads; `None` for that one itself.
    pub joined_day: Option<Day>,
    /// What it is about.
    pub category: Category,
    /// School, as typed.
    pub school: String,
    /// Who, as typed.
    pub subject: String,
    /// When, as typed.
    pub when: String,
    /// What happened.
    pub text: String,
    /// The same in parts, with text marked that tips about many schools have in common.
    pub pieces: Vec<Piece>,
    /// The reporter's language.
    pub language: Language,
    /// Day of receipt.
    pub received_day: Day,
    /// How it came.
    pub channel: Channel,
    /// What an office that passed it up had written into its case. It says so itself: nobody signed for it.
    pub papers: Vec<PassedPaper>,
}

/// One deadline of a case.
#[derive(Clone, Debug)]
pub struct DeadlineView {
    /// The tip it runs for.
    pub number: CaseNumber,
    /// Id of the rule, also the key of its name.
    pub rule: String,
    /// Where the rule stands, in the reader's language as in the rule file.
    pub source_zh: String,
    /// The same in English.
    pub source_en: String,
    /// First day.
    pub start_day: Day,
    /// Last day.
    pub due_day: Day,
    /// Whether the due day may move because a year's calendar is not out.
    pub provisional: bool,
    /// The day it was met; `None` while it runs.
    pub met_day: Option<Day>,
    /// Days it was extended by; 0 if it was not.
    pub extended_days: u16,
    /// The level to which it is escalated.
    pub escalated: EscalationLevel,
    /// Whether the viewer may extend it.
    pub can_extend: bool,
}

/// A message to or from the reporter.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own that a page shows"
)]
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The tip whose reporter it is.
    pub number: CaseNumber,
    /// Whether the reporter wrote it.
    pub from_reporter: bool,
    /// Who wrote it, for those of the office.
    pub author: Option<String>,
    /// The day.
    pub day: Day,
    /// The words.
    pub text: String,
    /// For the office's: whether it lies in the mailbox by now.
    pub delivered: bool,
    /// Whether the reporter said to have read it.
    pub read: bool,
    /// What kind it is, for those of a reporter; `None` for what came before kinds were kept.
    pub kind: Option<SaidKind>,
    /// Whether it came for a reporter's mailbox, and nothing tells that the reporter wrote it.
    pub unproven: bool,
}

/// A file of a case.
#[derive(Clone, Debug)]
pub struct AttachmentView {
    /// The tip it came with.
    pub number: CaseNumber,
    /// Opaque id, hex.
    pub id: String,
    /// Its name, which a stranger chose.
    pub name: String,
    /// Its media type, as the sender's side told it.
    pub media_type: String,
    /// Length of the content.
    pub size_bytes: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// Whether it carried a label of its origin when it was chosen.
    pub labelled_origin: bool,
    /// Whether it opens with a password only.
    pub under_password: bool,
    /// Where it is.
    pub state: AttachmentState,
    /// Whether it came with words that nothing tells to be the reporter's.
    pub unproven: bool,
}

/// A line of a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The tips it was done to.
    pub numbers: Vec<CaseNumber>,
    /// The day.
    pub day: Day,
    /// Who did it; `None` for the system.
    pub actor: Option<String>,
    /// What was done.
    pub note: Note,
    /// The reason or result, in words.
    pub detail: String,
}

/// What a viewer has to do with what waits for a second person's signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// Nothing: nothing waits, or it is for others to sign.
    #[default]
    Nothing,
    /// It is the viewer's own proposal.
    Proposed,
    /// The viewer can sign it as the second person.
    Second,
}

/// Who handles a case together, and what the viewer can do about it. Members are id in hex and name.
#[derive(Clone, Debug, Default)]
pub struct Handling {
    /// Who helps the one who leads it.
    pub helpers: Vec<(String, String)>,
    /// Who else could be named by the viewer; empty for whoever names nobody.
    pub could_help: Vec<(String, String)>,
    /// Whether the viewer says who handles it.
    pub names: bool,
    /// What they found together, the latest last.
    pub opinions: Vec<Opinion>,
    /// Names of those who have not signed the latest.
    pub unsigned: Vec<String>,
    /// Whether the viewer can write down an opinion.
    pub can_write: bool,
    /// Whether the viewer can sign the latest.
    pub can_sign: bool,
}

/// Whether a member is meant by words of a case's tips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The member's id in hex.
    pub member: String,
    /// The member's name.
    pub name: String,
    /// The words, folded, and how they may name her.
    pub said: Vec<(String, Kind)>,
    /// Whether the case is kept from her until somebody has answered.
    pub keeps: bool,
}

/// Everything of a case that a page shows.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Its line in the queue.
    pub row: QueueRow,
    /// For changes: refused if someone else changed the case since.
    pub version: i64,
    /// What the audit log calls it.
    pub audit_id: String,
    /// Unit id.
    pub unit: String,
    /// Who handles it.
    pub handler_id: Option<MemberId>,
    /// Who handles it together.
    pub handling: Handling,
    /// Names of everyone who can open it.
    pub readers: Vec<String>,
    /// The same, each with the member's id in hex before it.
    pub reader_ids: Vec<(String, String)>,
    /// Whether every reporter deleted the mailbox: nothing reaches them any more.
    pub reporter_gone: bool,
    /// Whether a reporter objected to the decision, and no supervisor has answered.
    pub objected: bool,
    /// Whether it was closed, and is open again because of a tip that was joined to it.
    pub reopened: bool,
    /// Its tips, that of the case that leads first.
    pub tips: Vec<TipView>,
    /// Numbers of cases whose text is the same, word for word or but for width and spaces, that the viewer may see.
    pub same_text: Vec<CaseNumber>,
    /// Cases that are like it and that the viewer may see, the most alike first.
    pub alike: Vec<AlikeCase>,
    /// The copies of one text that it belongs to.
    pub copies: Option<Copies>,
    /// Cases that a person holds apart from it, with the tip of this case each was compared with.
    pub held_apart: Vec<(CaseNumber, CaseNumber)>,
    /// Why it was routed so, step by step: Chinese and English.
    pub routing_reasons: Vec<(String, String)>,
    /// Its deadlines.
    pub deadlines: Vec<DeadlineView>,
    /// Members of whom the viewer is asked whether the tips mean them.
    pub questions: Vec<Question>,
    /// By when it is to be passed up to the office above; `None` where it is not.
    pub pass_up_day: Option<Day>,
    /// That it shall go there, while that waits for a second person.
    pub passing: Option<Passing>,
    /// What the viewer has to do with that.
    pub passing_signing: Signing,
    /// The day on which it goes there by itself, if nothing changes.
    pub leaves_day: Option<Day>,
    /// Messages, oldest first.
    pub messages: Vec<MessageView>,
    /// Files that came with tips and additions.
    pub attachments: Vec<AttachmentView>,
    /// What the office wrote into it, oldest first.
    pub papers: Vec<PaperView>,
    /// History, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The outcome, once concluded.
    pub outcome: Option<Outcome>,
    /// What was found of each subject, once concluded.
    pub findings: Vec<Finding>,
    /// How it is handled, once accepted.
    pub mode: Option<Mode>,
    /// The closing that was proposed or approved last.
    pub closing: Option<Closing>,
    /// Who declined it where a second person has to look at that.
    pub declined: Option<Signature>,
    /// What the viewer has to do with that.
    pub declined_signing: Signing,
    /// What the viewer has to do with the closing that waits.
    pub signing: Signing,
    /// How long it is kept, and what stands against that.
    pub end: EndView,
}

/// An envelope that did not open.
#[derive(Clone, Debug)]
pub struct QuarantinedEnvelope {
    /// Opaque id at intake, hex.
    pub id: String,
    /// The day it came.
    pub received_day: Day,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Why, as a key of words: `header`, `wrong-key`, `damaged`, `not-a-tip`, `weak-key`, `unknown-mailbox`, `failed`.
    pub reason: QuarantineReason,
    /// How many files came with it and are here, as they came.
    pub files_kept: usize,
    /// How many are on their way.
    pub files_waiting: usize,
    /// What is decided on it.
    pub state: QuarantineState,
    /// For decisions: refused if someone else decided since.
    pub version: i64,
    /// The day it was last tried again.
    pub tried_day: Option<Day>,
    /// Name of who kept it or proposed to discard it, and the day.
    pub decided: Option<(String, Day)>,
    /// The same of the second person.
    pub signed: Option<(String, Day)>,
    /// Why it is kept or to be discarded, in words; empty where no reason is given, or none opens.
    pub why: String,
    /// Whether the viewer proposed to discard it.
    pub is_viewers: bool,
}
