//! What leaves the office: a written extract, never the tip. It is held against everything the reporters gave before it
//! goes, and goes to nobody who is accused (信访工作条例 art. 30).

use super::files;
use super::on_record::{change_case, keyed, state_of};
use super::papers::{given, line, paper_row};
use super::storing::{drafts, store_drafts_with};
use super::texts::{REASON_MAX_CHARS, text_fits};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{CaseNumber, CaseState, MessageText, Note, PaperContent, Step, Viewer};
use crate::office::{Office, OfficeError, open_json, open_tip};
use crate::store::{ChangeSet, PaperChanges};
use mifeng_names::fold;
use mifeng_sealing::tip::MessageKind;
use std::collections::HashSet;
use zeroize::Zeroizing;

/// Characters in a row, folded, that are a passage of the reporter's.
pub const PASSAGE_CHARS: usize = 12;

/// Shortest folded name that is looked for: one character is in too many words.
const NAME_MIN_CHARS: usize = 2;

/// Shortest folded name of a file that is looked for.
const FILE_NAME_MIN_CHARS: usize = 4;

/// What is passed on.
#[derive(Clone, Copy, Debug)]
pub struct Referral<'a> {
    /// To whom.
    pub addressee: &'a str,
    /// The extract, in the office's own words.
    pub extract: &'a str,
    /// What the reporters are told; may be empty.
    pub told: &'a str,
    /// Why, for the file.
    pub reason: &'a str,
}

/// Passes a case on with a written extract, which is kept.
///
/// # Errors
/// As [`change_state`](super::change_state); [`OfficeError::Unsound`] where the addressee is accused, or a file is named;
/// [`OfficeError::Passage`] with the words that are the reporter's own.
pub async fn refer(
    office: &Office,
    actor: &Viewer,
    number: &CaseNumber,
    version: i64,
    referral: Referral<'_>,
) -> Result<(), OfficeError> {
    let id = office.new_id();
    let act = Act::new(Kind::PassedOn).of(id);
    change_case(office, actor, number, act, async |entries| {
        pass_on(office, actor, entries, version, referral, id).await
    })
    .await
}

async fn pass_on(
    office: &Office,
    actor: &Viewer,
    entries: Vec<Entry>,
    version: i64,
    referral: Referral<'_>,
    id: [u8; 16],
) -> Result<(), OfficeError> {
    if state_of(&entries).step_to(CaseState::Referred) != Some(Step::Referring) {
        return Err(OfficeError::NotPossible);
    }
    let addressee = line("addressee", referral.addressee, true)?;
    given("extract", referral.extract)?;
    if !text_fits(referral.reason, REASON_MAX_CHARS) {
        return Err(OfficeError::Unsound("reason", "error-bad-text"));
    }
    if entries
        .iter()
        .any(|entry| is_accused(office, entry, &addressee))
    {
        return Err(OfficeError::Unsound("addressee", "error-accused"));
    }
    check_extract(office, actor, &entries, referral.extract).await?;
    let says = PaperContent::Extract {
        addressee: addressee.clone(),
        text: referral.extract.trim().to_owned(),
    };
    let paper = paper_row(office, actor, &entries[0], id, (says, actor.id, None))?;
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        if !draft.entry.row.state.is_finished() {
            draft.enter(CaseState::Referred);
            draft
                .tell(MessageKind::Status, Some(&actor.name), referral.told.trim())
                .await?;
        }
        let detail = format!("{addressee}: {}", referral.reason);
        draft.note(Some(&actor.name), Note::Referred, &detail)?;
    }
    let papers = PaperChanges {
        new: vec![paper],
        ..PaperChanges::default()
    };
    let together = ChangeSet {
        papers,
        ..ChangeSet::default()
    };
    store_drafts_with(office, drafts, together).await
}

/// Whether `addressee` is the school or the person that a tip is about.
fn is_accused(office: &Office, entry: &Entry, addressee: &str) -> bool {
    let summary = &entry.summary;
    let rules = office.rules();
    let school = rules.school(addressee).map(|school| &school.id);
    let same_school = school.is_some()
        && [
            summary.school_id.as_ref(),
            rules.school(&summary.subject).map(|it| &it.id),
        ]
        .contains(&school);
    let addressee = fold(addressee);
    let named = [&summary.school, &summary.subject].into_iter().any(|name| {
        let name = fold(name);
        let long = name.chars().count().min(addressee.chars().count()) >= NAME_MIN_CHARS;
        long && (addressee.contains(name.as_str()) || name.contains(addressee.as_str()))
    });
    same_school || named
}

/// Whether the extract says it in the office's words: no passage of what reporters wrote is in it, and no file.
async fn check_extract(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    extract: &str,
) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    for (entry, key) in keyed(office, actor, entries).await? {
        for row in store.tips(Some(entry.row.id)).await? {
            let tip = open_tip(&key, &row.sealed)?;
            for text in [&tip.text, &tip.when] {
                no_passage(extract, text)?;
            }
        }
        for (row, _) in store.messages(entry.row.id).await? {
            if row.from_reporter {
                let words: MessageText = open_json(&key, &row.sealed)?;
                no_passage(extract, &words.text)?;
            }
        }
        let number = CaseNumber(entry.row.number.clone());
        let folded = fold(extract);
        for file in files::views(office, entry.row.id, &number, &key).await? {
            let name = fold(&file.name);
            let long = name.chars().count() >= FILE_NAME_MIN_CHARS;
            if folded.contains(file.sha256.as_str()) || (long && folded.contains(name.as_str())) {
                return Err(OfficeError::Unsound("extract", "error-file"));
            }
        }
    }
    Ok(())
}

fn no_passage(extract: &str, original: &str) -> Result<(), OfficeError> {
    match shared_passage(extract, original) {
        Some(passage) => Err(OfficeError::Passage(passage)),
        None => Ok(()),
    }
}

/// The first [`PASSAGE_CHARS`] or more characters in a row that both texts have, folded, without spaces and punctuation:
/// neither other spaces nor other stops make words one's own.
#[must_use]
pub fn shared_passage(extract: &str, original: &str) -> Option<Zeroizing<String>> {
    let (extract, original) = (letters(extract), letters(original));
    let runs: HashSet<&[char]> = original.windows(PASSAGE_CHARS).collect();
    let start = extract
        .windows(PASSAGE_CHARS)
        .position(|run| runs.contains(run))?;
    let more = extract[start..]
        .windows(PASSAGE_CHARS)
        .take_while(|run| runs.contains(run));
    let end = start + PASSAGE_CHARS + more.count() - 1;
    Some(Zeroizing::new(extract[start..end].iter().collect()))
}

fn letters(text: &str) -> Zeroizing<Vec<char>> {
    let folded = fold(text);
    Zeroizing::new(folded.chars().filter(|c| c.is_alphanumeric()).collect())
}

#[cfg(test)]
mod tests {
    use super::shared_passage;

    #[test]
    fn twelve_characters_in_a_row_are_a_passage_and_eleven_are_none() {
        let tip = "班主任在银杏巷十二号每周六收费补课";
        let found = |text: &str| shared_passage(text, tip).map(|it| it.to_string());
        assert_eq!(found("反映：在银杏巷十二号每周六收，请核"), None, "eleven");
        assert_eq!(
            found("反映：在银杏巷十二号每周六收费，请核"),
            Some("在银杏巷十二号每周六收费".to_owned())
        );
        assert_eq!(
            found("据反映，任在银杏巷 十二号，每周六收费。"),
            Some("任在银杏巷十二号每周六收费".to_owned()),
            "spaces and stops change nothing"
        );
        assert_eq!(
            found("任在銀杏巷十二號每週六收費").map(|it| it.chars().count() >= 12),
            Some(true),
            "nor do traditional characters"
        );
        assert_eq!(shared_passage("", tip), None);
        assert_eq!(shared_passage(tip, ""), None);
    }
}
