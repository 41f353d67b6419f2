//! Casework over both stores: steps, closing by two, and what is kept of it.

mod broken_off;
#[path = "../../attack/burial.rs"]
mod burial;
mod closing;
mod destroyed;
mod destroying;
mod papers;
mod recusal;
mod referring;
mod states;

use super::{office, sealed_tip, sent_to, staff, today};
use crate::engine::joining::on_both_stores;
use mifeng_opening::Identity;
use mifeng_sealing::MailboxSecrets;
use mifeng_sealing::tip::{MailboxMessage, RawTip};
use mifeng_triage::cases::CaseFile;
use mifeng_triage::casework::{self, Referral};
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{
    CaseNumber, CaseState, Conclusion, Finding, Grounds, MemberId, Mode, Move, Outcome, Viewer,
};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::{OutgoingState, TriageStore};
use mifeng_triage::views;
use std::collections::BTreeMap;
use std::sync::Arc;

const REASON: &str = "两位家长都这样说";

/// An office with cases.
struct Scene {
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    staff: Vec<Viewer>,
}

/// A case and the reporter's side of it.
struct Case {
    number: CaseNumber,
    reporter: MailboxSecrets,
}

impl Scene {
    async fn new(store: Arc<dyn TriageStore>) -> Self {
        let key = Identity::generate();
        let office = office(&key, Arc::clone(&store)).await;
        Self {
            office,
            store,
            key,
            staff: staff(),
        }
    }

    fn dispatcher(&self) -> &Viewer {
        &self.staff[0]
    }

    fn supervisor(&self) -> &Viewer {
        &self.staff[1]
    }

    /// A case about a school that nobody of the staff has to do with.
    async fn case(&self, text: &str) -> Case {
        self.case_about("tutoring", text).await
    }

    async fn case_about(&self, category: &str, text: &str) -> Case {
        self.case_from(category, "zh-Hans", text).await
    }

    async fn case_from(&self, category: &str, language: &str, text: &str) -> Case {
        let raw = RawTip {
            category: category.to_owned(),
            school: "青溪县第二中学".to_owned(),
            subject: "英语老师".to_owned(),
            when: String::new(),
            text: text.to_owned(),
            language: language.to_owned(),
            attachments: Vec::new(),
            only_above: false,
        };
        let (reporter, envelope) = sealed_tip(&self.key, &raw, today());
        match ingest(&self.office, &envelope).await.expect("stored") {
            Ingested::Case(number) => Case {
                number: CaseNumber(number),
                reporter,
            },
            other => panic!("no case: {other:?}"),
        }
    }

    async fn file(&self, case: &Case) -> CaseFile {
        let file = views::case(&self.office, self.dispatcher(), &case.number).await;
        file.expect("a case")
    }

    async fn handler(&self, case: &Case) -> &Viewer {
        let handler = self.file(case).await.handler_id;
        let mut staff = self.staff.iter();
        staff
            .find(|member| Some(member.id) == handler)
            .expect("a handler")
    }

    async fn moves(&self, case: &Case, step: Move<'_>) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        casework::change_state(&self.office, self.dispatcher(), &case.number, version, step).await
    }

    async fn concludes(&self, case: &Case) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        casework::conclude(
            &self.office,
            self.dispatcher(),
            &case.number,
            version,
            conclusion(),
        )
        .await
    }

    /// Passes the case on with an extract.
    async fn refers(&self, case: &Case) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        let referral = Referral {
            addressee: "青溪县市场监督管理局",
            extract: "本局收到一件反映，请依职权核查后回复。",
            told: "",
            reason: REASON,
        };
        let office = &self.office;
        casework::refer(office, self.dispatcher(), &case.number, version, referral).await
    }

    async fn proposes(&self, case: &Case, actor: &Viewer) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        casework::propose_closing(&self.office, actor, &case.number, version, grounds(), &[]).await
    }

    async fn approves(&self, case: &Case, actor: &Viewer) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        casework::approve_closing(&self.office, actor, &case.number, version).await
    }

    /// Whom mail is due to since this was asked last.
    async fn told_by_mail(&self) -> Vec<MemberId> {
        let due = self.store.mail_due().await.expect("read");
        let ids: Vec<_> = due.iter().map(|mail| mail.id).collect();
        self.store.mail_sent(&ids).await.expect("sent");
        due.iter().map(|mail| mail.member).collect()
    }

    /// Everything that waits reaches its mailbox.
    async fn delivers(&self) {
        let queued = self.store.queued_messages(1000).await.expect("read");
        let ids: Vec<_> = queued.iter().map(|row| row.id).collect();
        let marked = self.store.mark_messages(&ids, OutgoingState::Posted).await;
        marked.expect("marked");
    }

    /// What was sent to the mailbox and is not delivered, in order.
    async fn sent(&self, case: &Case) -> Vec<MailboxMessage> {
        sent_to(&*self.store, &case.reporter).await
    }

    /// Brings a new case to `state`.
    async fn case_in(&self, state: CaseState) -> Case {
        let case = self.case(&format!("补课收费，第{}件", state.rank())).await;
        let by_hand: &[CaseState] = match state {
            CaseState::Received | CaseState::Declined | CaseState::Referred => &[],
            CaseState::Accepted
            | CaseState::Concluded
            | CaseState::Closed
            | CaseState::PassedUp
            | CaseState::Reopened => &[CaseState::Accepted],
            CaseState::UnderInquiry => &[CaseState::Accepted, CaseState::UnderInquiry],
            CaseState::JointStudy => &[CaseState::Accepted, CaseState::JointStudy],
        };
        for to in by_hand {
            self.moves(&case, to_state(*to))
                .await
                .expect("a legal step");
        }
        if state == CaseState::Declined {
            self.moves(&case, to_state(state)).await.expect("declined");
        }
        if state == CaseState::Referred {
            self.refers(&case).await.expect("passed on");
        }
        if matches!(
            state,
            CaseState::Concluded | CaseState::Closed | CaseState::Reopened
        ) {
            self.concludes(&case).await.expect("concluded");
            self.delivers().await;
        }
        if state == CaseState::Closed {
            let handler = self.handler(&case).await;
            self.proposes(&case, handler).await.expect("proposed");
            let approved = self.approves(&case, self.supervisor()).await;
            approved.expect("approved");
        }
        if state == CaseState::Reopened {
            self.moves(&case, to_state(state)).await.expect("reopened");
        }
        assert_eq!(self.file(&case).await.row.state, state);
        case
    }
}

/// A step with everything that it can carry.
fn to_state(to: CaseState) -> Move<'static> {
    Move {
        to,
        mode: Some(Mode::Direct),
        told: "已转教育督导部门",
        reason: REASON,
    }
}

fn conclusion() -> Conclusion {
    Conclusion {
        findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
        answer_to_reporter: "查实了，已退费。".to_owned(),
        own_answers: BTreeMap::new(),
        reason: REASON.to_owned(),
    }
}

fn grounds() -> Grounds {
    Grounds {
        exhibits: Vec::new(),
        evidence: "收据三张、笔录两份".to_owned(),
        measures: "退费已到账，全校通报".to_owned(),
        revisit_day: today().plus_days(60),
    }
}
