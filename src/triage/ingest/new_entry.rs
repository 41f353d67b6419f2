//! A new case as it is stored and shown: its summary, its key and its first deadlines.

use crate::cases::Entry;
use crate::casework::names_a_leader;
use crate::deadlines::Start;
use crate::model::{CaseId, CaseState, CaseSummary};
use crate::office::{Office, OfficeError, name_search_text_of, passing_deadlines};
use crate::routing::UnitChoice;
use crate::store::{CaseRow, DeadlineRow, StoredEnvelope};
use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::TipDocument;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A case for a tip that goes to a unit by `choice`: nobody handles it yet, and it has no number.
pub(super) fn new_entry(
    office: &Office,
    envelope: &StoredEnvelope,
    tip: &TipDocument,
    (key, to_case): (&Identity, &Recipient),
    school_id: Option<String>,
    choice: &UnitChoice,
) -> Result<Entry, OfficeError> {
    let case = CaseId(office.new_id());
    let name_search_text = name_search_text_of(tip);
    let sketch = Arc::new(office.sketch_of(tip, envelope.received_day));
    let summary = new_summary(tip, school_id, choice);
    let row = CaseRow {
        id: case,
        number: String::new(),
        state: CaseState::Received,
        handler: None,
        opened_day: envelope.received_day,
        changed_day: office.today(),
        version: 1,
        recipient: to_case.to_string(),
        wrapped_identity: key
            .wrap(&office.recipient)
            .map_err(|_| OfficeError::Damaged)?,
        summary: Vec::new(),
        joined: None,
    };
    let mut deadlines = first_deadlines(office, case, envelope.received_day, &summary);
    if office.parts.parent.is_some()
        && names_a_leader(office, &summary.subject, envelope.received_day)
    {
        deadlines.extend(passing_deadlines(
            office,
            case,
            envelope.received_day,
            &deadlines,
        ));
    }
    Ok(Entry {
        row,
        summary,
        deadlines,
        name_search_text,
        sketch,
        holders: Vec::new(),
    })
}

/// The summary of a case of which nothing is known but its tip, and which unit it goes to.
fn new_summary(tip: &TipDocument, school_id: Option<String>, choice: &UnitChoice) -> CaseSummary {
    CaseSummary {
        category: tip.category,
        school_id,
        school: tip.school.clone(),
        subject: tip.subject.clone(),
        unit: choice.unit.clone(),
        same_text_as: None,
        reasons: Vec::new(),
        outcome: None,
        findings: Vec::new(),
        mode: None,
        closing: None,
        deletion: None,
        passing: None,
        leaves_day: None,
        declined: None,
        hold: None,
        co_handlers: BTreeSet::new(),
        opinions: Vec::new(),
        handled_by: BTreeSet::new(),
        recused: BTreeSet::new(),
        not_meant: BTreeMap::new(),
        reporter_wrote: false,
        unproven_words: false,
        objected: false,
        decided_day: None,
        wrote_day: None,
        handler_before: None,
        reporters: BTreeMap::new(),
        messages_before: tip.messages_before,
    }
}

fn first_deadlines(
    office: &Office,
    case: CaseId,
    received: Day,
    summary: &CaseSummary,
) -> Vec<DeadlineRow> {
    let deadline_rules = &office.parts.deadline_rules;
    let rules = deadline_rules.starting(summary.category, Start::Receipt);
    rules
        .map(|rule| {
            let due = deadline_rules.due(rule, received);
            DeadlineRow::new(office.new_id(), case, rule, received, due)
        })
        .collect()
}
