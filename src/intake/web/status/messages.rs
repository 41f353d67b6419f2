//! What the office wrote, as the page shows it.

use crate::mailbox::MailboxContent;
use crate::web::page::Page;
use mifeng_sealing::tip::{MailboxMessage, MessageKind};

/// A message as shown.
pub(in crate::web) struct MessageRow {
    pub day: String,
    pub text: String,
    pub is_result: bool,
    pub is_question: bool,
    pub is_read: bool,
}

/// The question that waits for an answer, if there is one.
pub(super) fn question(page: &Page<'_>, content: &MailboxContent) -> Option<MessageRow> {
    content.question().map(|question| MessageRow {
        day: page.day(question.day),
        text: question.text.clone(),
        is_result: false,
        is_question: true,
        is_read: false,
    })
}

/// All messages, in the order in which they came.
pub(super) fn messages(page: &Page<'_>, content: &MailboxContent) -> Vec<MessageRow> {
    let read = messages_read(content);
    let row = |(at, message): (usize, &MailboxMessage)| MessageRow {
        day: page.day(message.day),
        text: message.text.clone(),
        is_result: message.kind == MessageKind::Result,
        is_question: message.kind == MessageKind::Question,
        is_read: at < read,
    };
    content.messages.iter().enumerate().map(row).collect()
}

/// How many of them the reporter said that he has read.
pub(super) fn messages_read(content: &MailboxContent) -> usize {
    let latest = content.latest.as_ref();
    latest.map_or(0, |m| m.messages_read) as usize
}
