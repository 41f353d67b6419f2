//! The question how it is some time after the decision.

use crate::mailbox::MailboxContent;
use crate::web::page::Page;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{AFTERCARE_DAYS, Stopped};

/// An answer to choose.
pub(in crate::web) struct Choice {
    pub code: &'static str,
    pub name: String,
}

/// The question some time after the decision.
pub(in crate::web) struct Aftercare {
    pub after_days: u16,
    pub title: String,
    pub stopped: Vec<Choice>,
}

/// The later of the two questions whose day has come, unless it was answered.
pub(super) fn aftercare(
    page: &Page<'_>,
    content: &MailboxContent,
    today: Day,
) -> Option<Aftercare> {
    let decided = content.decided_day()?;
    let answered = content.latest.as_ref()?.aftercare_answered_days;
    let after_days = AFTERCARE_DAYS
        .into_iter()
        .find(|days| today >= decided.plus_days(i32::from(*days)))?;
    (answered < u32::from(after_days)).then(|| Aftercare {
        after_days,
        title: page.say_with("aftercare-title", "days", &after_days.to_string()),
        stopped: choices(page),
    })
}

/// Whether it stopped, as answers to choose.
pub(super) fn choices(page: &Page<'_>) -> Vec<Choice> {
    let choice = |stopped: Stopped| Choice {
        code: stopped.code(),
        name: page.say(&format!("aftercare-stopped-{}", stopped.code())),
    };
    Stopped::ALL.map(choice).into()
}
