//! Somebody who comes back with a code, in a browser.

use super::super::canary::holds;
use super::super::visit::{ACCOUNT, Visit};
use super::{ANSWER, QUESTION};
use crate::intake::{OFFICE, PARENT, TODAY, tip};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{
    MailboxMessage, MessageKind, ReplyDocument, SentItem, SentKind, Status, TipDocument,
    ToldDeadline,
};

pub(super) fn message(sequence: u32, days_ago: i32, status: Status, text: &str) -> MailboxMessage {
    let today: Day = TODAY.parse().expect("a day");
    let day = today.plus_days(-days_ago);
    let kind = if text.is_empty() {
        MessageKind::Status
    } else {
        MessageKind::Message
    };
    let mut message = MailboxMessage::new(sequence, day, kind, status);
    text.clone_into(&mut message.text);
    message
}

pub(super) fn result(sequence: u32, days_ago: i32) -> MailboxMessage {
    let mut result = message(sequence, days_ago, Status::Concluded, "查实了，已处理。");
    result.kind = MessageKind::Result;
    result
}

/// Late, with a question and a rule.
pub(super) fn late() -> Vec<MailboxMessage> {
    let today: Day = TODAY.parse().expect("a day");
    let mut late = message(3, 2, Status::UnderInquiry, QUESTION);
    late.due_day = Some(today.plus_days(-1));
    "《信访工作条例》第三十四条".clone_into(&mut late.due_source_zh);
    "Regulations on Petitioning, art. 34".clone_into(&mut late.due_source_en);
    late.kind = MessageKind::Question;
    late.sent = [SentKind::Tip, SentKind::Addition, SentKind::Objection]
        .map(|kind| SentItem {
            day: today.plus_days(-9),
            kind,
            chars: 120,
            files: u32::from(kind == SentKind::Tip),
            after: 2,
        })
        .to_vec();
    late.sent_left_out = 3;
    late.deadlines = vec![ToldDeadline {
        rule: "objection".to_owned(),
        due_day: today.plus_days(20),
        first_due_day: None,
        met_day: None,
    }];
    vec![
        message(1, 30, Status::Received, ""),
        message(2, 20, Status::Accepted, ""),
        late,
    ]
}

/// A visit of someone who sent a tip and has its code.
pub(super) struct Return {
    pub(super) visit: Visit,
    pub(super) code: String,
}

impl Return {
    pub(super) async fn begin(
        name: &str,
        width: u32,
        language: &'static str,
        messages: &[MailboxMessage],
    ) -> Self {
        Self::about("tutoring", name, width, language, messages).await
    }

    pub(super) async fn about(
        category: &str,
        name: &str,
        width: u32,
        language: &'static str,
        messages: &[MailboxMessage],
    ) -> Self {
        let visit = Visit::begin(&format!("back-{name}"), width, language).await;
        let code = {
            let anonymous = visit.intake.anonymous();
            let answer = anonymous.api("tips", &tip(category, ACCOUNT)).await;
            let answer = answer.json();
            answer["pickup_code"].as_str().expect("a code").to_owned()
        };
        let slug = if category == "office-staff" {
            PARENT
        } else {
            OFFICE
        };
        let triage = visit.intake.triage_of(slug);
        let tip: TipDocument = triage.only_tip().await;
        for (id, message) in (1..).zip(messages) {
            assert_eq!(triage.answers(&tip, id, message).await.stored.len(), 1);
        }
        let back = Self { visit, code };
        back.asks().await;
        back
    }

    /// Goes to the field.
    pub(super) async fn asks(&self) {
        let Visit {
            browser,
            origin,
            language,
            ..
        } = &self.visit;
        browser
            .go(&format!("{origin}/{OFFICE}/{language}/check"))
            .await;
        let ready = "[data-when=sealed-by-browser]:not([hidden])";
        browser.reads_until(ready).await;
    }

    pub(super) async fn types(&self, code: &str) {
        let browser = &self.visit.browser;
        browser.type_into("#pickup_code", code).await;
        browser.click("main form button[type=submit]").await;
    }

    pub(super) async fn opens(&self) -> String {
        self.types(&super::super::spaced(&self.code)).await;
        self.visit.browser.reads_until("[data-status]").await
    }

    pub(super) async fn sends(&self, form: &str) {
        let button = format!("form[data-says={form}] button[type=submit]");
        self.visit.presses(&button).await;
    }

    pub(super) async fn done(&self) -> String {
        let done = "[data-done]:not([hidden])";
        self.visit.browser.reads_until(done).await
    }

    /// What reached the office after the tip.
    pub(super) async fn said(&self) -> Vec<ReplyDocument> {
        let triage = self.visit.intake.triage();
        let mut said = Vec::new();
        for entry in triage.list("waiting").await {
            let opened = triage.open(&entry).await;
            said.extend(ReplyDocument::from_json(&opened));
        }
        said
    }

    pub(super) async fn end(self) {
        let sent = self.visit.line.sent();
        let words = [QUESTION, ANSWER, "银杏巷", "收据我有", ACCOUNT];
        for secret in words.into_iter().chain([self.code.as_str()]) {
            assert!(!holds(&sent, secret), "{secret} left the browser");
        }
        assert!(!holds(&sent, &super::super::spaced(&self.code)));
        assert!(!holds(&sent, &self.code[..8]));
        self.visit.end().await;
    }
}
