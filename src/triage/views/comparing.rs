//! Laying two tips beside each other. Both are opened here, for one answer, when a person asks for it.

use crate::audit::{Act, Kind};
use crate::cases::{Comparison, Entry, Group, Mark, NewsView, Side, pieces};
use crate::casework::{entries, keyed};
use crate::model::{CaseNumber, Member, Viewer};
use crate::office::{Office, OfficeError, open_tip};
use crate::store::Pair;
use mifeng_sealing::tip::TipDocument;
use mifeng_similarity::{Explanation, Fields, Reading, TipId, said_in_full};
use std::ops::Range;

/// A tip that is open, with the case it is handled in.
struct OpenSide {
    entry: Entry,
    whole: Vec<Entry>,
    id: TipId,
    tip: TipDocument,
    reading: Reading,
}

/// The two tips with these numbers beside each other; how near they are is what the first one's page says.
///
/// # Errors
/// As [`case`](super::case) for both; [`OfficeError::NotYours`] also for a tip beside itself.
pub async fn compare(
    office: &Office,
    viewer: &Viewer,
    one: &CaseNumber,
    other: &CaseNumber,
) -> Result<Comparison, OfficeError> {
    if one == other {
        return Err(OfficeError::NotYours);
    }
    // Both are asked for before either is opened: who may not see one learns nothing of it from the other.
    let ours = entries(office, viewer, one).await?;
    let theirs = entries(office, viewer, other).await?;
    let id = |entries: &[Entry], number: &CaseNumber| {
        let found = entries.iter().find(|entry| entry.row.number == number.0);
        found.map(|entry| entry.row.id).ok_or(OfficeError::NotYours)
    };
    let act = Act::new(Kind::Compared)
        .on(id(&ours, one)?)
        .of(id(&theirs, other)?.0);
    office.audit_log().record(Some(viewer.id), act).await?;
    let one = open_side(office, viewer, ours, one).await?;
    let other = open_side(office, viewer, theirs, other).await?;
    let ids = [one.id, other.id];
    let order = |side: &OpenSide| (side.reading.day, side.entry.row.number.clone());
    let (earlier, later) = if order(&one) <= order(&other) {
        (one, other)
    } else {
        (other, one)
    };
    let pair = Pair::of(earlier.entry.row.id, later.entry.row.id);
    let (explained, held_apart) = office.visible_to(viewer, |seen| {
        let compared = seen.compared(&ids[0], &ids[1]);
        let explain = |compared| seen.explain(compared, &earlier.reading, &later.reading);
        (compared.map(explain), seen.is_apart(pair))
    });
    // Every tip in the caseload is in the index.
    let explained = explained.ok_or(OfficeError::Damaged)?;
    let told = said_in_full(&explained.compared, &explained.reasons);
    Ok(Comparison {
        news: NewsView::of(&explained, &later.tip.text),
        tier: explained.compared.tier,
        veto: explained.veto,
        said: told,
        days_apart: explained.days_apart,
        has_template: !explained.template_in_earlier.is_empty()
            || !explained.template_in_later.is_empty(),
        joined: earlier.whole[0].row.id == later.whole[0].row.id,
        held_apart,
        earlier: side(&earlier, &marks_in_earlier(&explained))?,
        later: side(&later, &marks_in_later(&explained))?,
    })
}

/// Whether the viewer may see both tips.
///
/// # Errors
/// As [`case`](super::case).
pub async fn may_compare(
    office: &Office,
    viewer: &Member,
    one: &CaseNumber,
    other: &CaseNumber,
) -> Result<(), OfficeError> {
    entries(office, viewer, one).await?;
    entries(office, viewer, other).await.map(|_| ())
}

async fn open_side(
    office: &Office,
    viewer: &Viewer,
    whole: Vec<Entry>,
    number: &CaseNumber,
) -> Result<OpenSide, OfficeError> {
    let mut keyed = keyed(office, viewer, &whole).await?.into_iter();
    let found = keyed.find(|(entry, _)| entry.row.number == number.0);
    let (entry, key) = found.ok_or(OfficeError::NotYours)?;
    let rows = office.parts.store.tips(Some(entry.row.id)).await?;
    let row = rows.first().ok_or(OfficeError::Damaged)?;
    let tip = open_tip(&key, &row.sealed)?;
    let fields = Fields {
        day: row.received_day,
        ..Fields::from(&tip)
    };
    let reading = Reading::of(&fields, office.rules().compared_schools());
    Ok(OpenSide {
        entry: entry.clone(),
        whole,
        id: row.id,
        tip,
        reading,
    })
}

type Marked<'a> = Vec<(Mark, &'a [Range<usize>])>;

fn marks_in_earlier(explained: &Explanation) -> Vec<(Mark, Vec<Range<usize>>)> {
    let sentences = explained.sentences.iter();
    vec![
        (Mark::Template, explained.template_in_earlier.clone()),
        (
            Mark::Sentence,
            sentences.map(|(here, _)| here.clone()).collect(),
        ),
        (Mark::Rare, explained.rare_in_earlier.clone()),
    ]
}

fn marks_in_later(explained: &Explanation) -> Vec<(Mark, Vec<Range<usize>>)> {
    let sentences = explained.sentences.iter();
    vec![
        (Mark::Template, explained.template_in_later.clone()),
        (
            Mark::Sentence,
            sentences.map(|(_, here)| here.clone()).collect(),
        ),
        (Mark::Rare, explained.rare_in_later.clone()),
        (Mark::New, explained.news.clauses.clone()),
    ]
}

fn side(open: &OpenSide, marks: &[(Mark, Vec<Range<usize>>)]) -> Result<Side, OfficeError> {
    let group = Group::of(&open.whole).ok_or(OfficeError::Damaged)?;
    let marked: Marked<'_> = marks
        .iter()
        .map(|(mark, ranges)| (*mark, ranges.as_slice()))
        .collect();
    let tip = &open.tip;
    Ok(Side {
        number: CaseNumber(open.entry.row.number.clone()),
        case: CaseNumber(group.lead.row.number.clone()),
        version: group.lead.row.version,
        tips: open.whole.len(),
        state: group.state(),
        category: tip.category,
        school: tip.school.clone(),
        subject: tip.subject.clone(),
        when: tip.when.clone(),
        pieces: pieces(&tip.text, &marked),
        language: tip.language,
        received_day: open.reading.day,
    })
}
