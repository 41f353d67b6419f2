//! The head of a mail: what was typed as an address cannot write into it.

use super::mail::smtp;
use super::mail_server::{Server, read};
use super::today;
use mifeng_opening::Identity;
use mifeng_triage::notify::{Digest, MailError};
use std::sync::Arc;

#[tokio::test]
async fn an_address_brings_no_header_along() {
    let server = Arc::new(Server::default());
    let mailer = smtp(server.listen(0).await);
    let letter = Digest { new: 1, soon: 0 }.letter();
    let key = Ok(Identity::generate().recipient());
    for address in [
        "a@example.org\r\nSubject: other words",
        "a@example.org\nTo: b@example.org",
        "\"a\r\nBcc: b@example.org\" <a@example.org>",
        "a@example.org\r\n\r\na body",
        "a@example.org, b@example.org",
    ] {
        for recipient in [None, Some(&key)] {
            let sent = mailer.send(address, recipient, &letter, today()).await;
            assert!(matches!(sent, Err(MailError::Address)), "{address:?}");
        }
    }
    let named = "何 <a@example.org>";
    mailer
        .send(named, None, &letter, today())
        .await
        .expect("sent");
    let mails = server.take();
    assert_eq!(mails.len(), 1);
    // Every header once: that is looked at where a mail is read.
    let (to, subject, body) = read(&mails[0]);
    assert!(to.contains("a@example.org"));
    assert_eq!(
        (subject, body),
        (letter.subject.clone(), letter.body.clone())
    );
}
