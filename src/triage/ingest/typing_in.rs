//! Calls, letters and visits: typed in by the staff, sealed, given deadlines and answered like any other tip. The code is made
//! here, and intake is asked to open its mailbox.

use super::new_case::{Arriving, open_new};
use crate::audit::{Act, Kind};
use crate::casework::on_record;
use crate::model::{CaseNumber, HistoryText, Member, Note, Role};
use crate::office::{Office, OfficeError};
use crate::store::{OpeningRow, StoredEnvelope, TipStored};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{Category, Channel, Tip, TipDocument};
use mifeng_sealing::{ContentHash, MailboxSecrets, PickupCode, Recipient};
use zeroize::Zeroizing;

/// How long ago a call or a letter may have come that is typed in, in days.
const PAST_MAX_DAYS: i32 = 366;

/// A tip that did not come by the web.
pub struct TypedIn<'a> {
    /// What was told.
    pub tip: &'a Tip,
    /// How it came.
    pub channel: Channel,
    /// The day it came: its deadlines run from it.
    pub day: Day,
    /// The code that its reporter is given.
    pub code: &'a PickupCode,
}

/// Takes in what was told by telephone, by letter or at the desk; its number. The same under the same code twice is one
/// tip.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for all but dispatchers and investigators; [`OfficeError::Unsound`] with the field: a day
/// that is to come or long past, a tip about the office's own people, which goes to the office above, or a code that
/// stands for another tip.
pub async fn type_in(
    office: &Office,
    actor: &Member,
    typed: &TypedIn<'_>,
) -> Result<CaseNumber, OfficeError> {
    let act = Act::new(Kind::TypedIn).detailed(channel_code(typed.channel));
    on_record(office, actor, act, take_in(office, actor, typed)).await
}

/// Whether `actor` may type this in.
fn check(office: &Office, actor: &Member, typed: &TypedIn<'_>) -> Result<(), OfficeError> {
    if !matches!(actor.role, Role::Dispatcher | Role::Investigator) {
        return Err(OfficeError::NotPermitted);
    }
    // With the office's key locked nothing can be compared and routed.
    if office.is_locked() {
        return Err(OfficeError::Locked);
    }
    let ago = office.today().days_since(typed.day);
    if !(0..=PAST_MAX_DAYS).contains(&ago) {
        return Err(OfficeError::Unsound("day", "error-day"));
    }
    if typed.channel == Channel::Web {
        return Err(OfficeError::Unsound("channel", "error-channel"));
    }
    if typed.tip.category() == Category::OfficeStaff {
        return Err(OfficeError::Unsound("category", "error-office-staff"));
    }
    Ok(())
}

async fn take_in(
    office: &Office,
    actor: &Member,
    typed: &TypedIn<'_>,
) -> Result<CaseNumber, OfficeError> {
    check(office, actor, typed)?;
    let _exclusive = office.exclusive().await;
    let slug = &office.parts.slug;
    let secrets = MailboxSecrets::derive(typed.code, slug);
    let mailbox = secrets.lookup().digest();
    let tip = TipDocument::new(typed.tip, slug, typed.day, typed.channel, secrets.address());
    let json = Zeroizing::new(tip.to_json());
    let tag = secrets.submission_tag(&json);
    let to_reporter: Recipient = secrets
        .recipient()
        .parse()
        .map_err(|_| OfficeError::Damaged)?;
    let envelope = StoredEnvelope {
        // No envelope came: its place is taken by what is the same for a repeat, and tells nothing of it.
        content: ContentHash::of(&[b"mifeng/typed-in/1".as_slice(), mailbox.as_bytes()].concat()),
        intake_id: office.new_id(),
        received_day: typed.day,
        from_quarantine: false,
    };
    let arriving = Arriving {
        envelope: &envelope,
        tip: &tip,
        json: &json,
        mailbox,
        to_reporter,
        opening: Some(OpeningRow { mailbox, tag }),
    };
    let text = HistoryText {
        actor: Some(actor.name.clone()),
        note: Note::of_channel(typed.channel),
        detail: String::new(),
        about: None,
    };
    match open_new(office, &arriving, &text).await? {
        TipStored::New(number) => Ok(CaseNumber(number)),
        TipStored::Known | TipStored::MailboxTaken => {
            let store = &office.parts.store;
            let known = store.opening_tag(mailbox).await? == Some(tag);
            let found = store.tip_of_mailbox(mailbox).await?.filter(|_| known);
            let number = found.and_then(|tip| {
                let case = |row: &crate::cases::Entry| row.row.number.clone();
                office.caseload(|caseload| caseload.by_id(tip.case).map(case))
            });
            number
                .map(CaseNumber)
                .ok_or(OfficeError::Unsound("", "error-code-used"))
        }
    }
}

/// The word of a channel in forms, in the audit log and at the end of keys of words.
#[must_use]
pub fn channel_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Web => "web",
        Channel::Phone => "phone",
        Channel::Letter => "letter",
        Channel::WalkIn => "walk-in",
    }
}

/// The channels that are typed in.
pub const TYPED_CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Letter, Channel::WalkIn];
