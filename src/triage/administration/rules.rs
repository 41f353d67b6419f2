//! The routing rules, changed in the browser: every version kept, nobody's overwritten, and tried on the last tips before
//! they are in force.

use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::casework::{REASON_MAX_CHARS, check_text, on_record};
use crate::model::{CaseNumber, Member, MemberId, Role};
use crate::office::{Office, OfficeError, open_json, seal_json};
use crate::routing::{Explained, Fault, Matter, RuleSet, Rules, UnitChoice, choose_handler};
use crate::store::{RoutingRow, TriageStore};
use mifeng_foundation::clock::Day;
use std::cmp::Reverse;
use std::sync::Arc;

/// Tips that rules are tried on.
pub const TRIED_TIPS: usize = 100;

/// Why rules were not put in force.
#[derive(Debug, thiserror::Error)]
pub enum RulesRefused {
    /// What is wrong with them, each with its place.
    #[error("the rules have faults")]
    Faulty(Vec<Fault>),
    /// As [every change of a case](crate::casework); [`OfficeError::Changed`] where somebody else was faster.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

/// A version of the rules, as listed.
#[derive(Clone, Debug)]
pub struct RulesVersion {
    /// Counted from 2: the first is the file's.
    pub number: i64,
    /// When it was written.
    pub day: Day,
    /// By whom.
    pub author: String,
    /// Why; empty while the office's key is locked.
    pub reason: String,
    /// The rules.
    pub set: RuleSet,
}

/// What rules make of one tip.
#[derive(Clone)]
pub struct TriedTip {
    /// Its number.
    pub number: CaseNumber,
    /// The case, for what is shown of it.
    pub entry: Entry,
    /// Where the rules in force send it.
    pub now: UnitChoice,
    /// Where the tried ones do.
    pub then: UnitChoice,
    /// How they come to it.
    pub explained: Explained,
    /// Who has it today.
    pub handler: Option<String>,
    /// Who would get it if it came today.
    pub would_get: Option<String>,
}

impl TriedTip {
    /// Whether it would go elsewhere than by the rules in force.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.now.unit != self.then.unit
    }
}

/// The rules that are in force: the latest version that was written in the browser, or the file's.
///
/// # Errors
/// [`OfficeError::Damaged`] where it does not read, or names what the file no longer has; what the store says.
pub async fn rules_in_force(store: &dyn TriageStore, file: Rules) -> Result<Rules, OfficeError> {
    let Some(row) = store.routing_versions().await?.into_iter().next() else {
        return Ok(file);
    };
    let set = read_set(&row)?;
    file.with(set, row.number.to_string())
        .ok_or(OfficeError::Damaged)
}

fn read_set(row: &RoutingRow) -> Result<RuleSet, OfficeError> {
    serde_json::from_str(&row.rules).map_err(|_| OfficeError::Damaged)
}

/// Who may change the rules: who keeps them, and who works with them. Only the latter tries them on tips.
const MAY_WRITE: [Role; 2] = [Role::Administrator, Role::Dispatcher];

/// Every version that was written in the browser, the latest first.
///
/// # Errors
/// [`OfficeError::NotPermitted`], [`OfficeError::Damaged`], or what the store says.
pub async fn rules_versions(
    office: &Office,
    viewer: &Member,
) -> Result<Vec<RulesVersion>, OfficeError> {
    let readers = [Role::Administrator, Role::Dispatcher, Role::Supervisor];
    if !readers.contains(&viewer.role) {
        return Err(OfficeError::NotPermitted);
    }
    let members = office.members().await?;
    let name = |id: MemberId| {
        let known = members.iter().find(|member| member.id == id);
        known.map_or_else(String::new, |member| member.name.clone())
    };
    let rows = office.parts.store.routing_versions().await?;
    let version = |row: RoutingRow| {
        let reason = if office.is_locked() {
            String::new()
        } else {
            open_json(&office.parts.identity, &row.reason)?
        };
        Ok(RulesVersion {
            number: row.number,
            day: row.written_day,
            author: name(row.member),
            reason,
            set: read_set(&row)?,
        })
    };
    rows.into_iter().map(version).collect()
}

/// Puts other rules in force, for tips that come from now on: `base` is the number of the version that they were made
/// from. They are kept as the next one.
///
/// # Errors
/// [`RulesRefused`].
pub async fn write_rules(
    office: &Office,
    actor: &Member,
    base: i64,
    set: RuleSet,
    reason: &str,
) -> Result<(), RulesRefused> {
    if !MAY_WRITE.contains(&actor.role) {
        return Err(OfficeError::NotPermitted.into());
    }
    if office.is_locked() {
        return Err(OfficeError::Locked.into());
    }
    let faults = set.faults(&office.rules());
    if !faults.is_empty() {
        return Err(RulesRefused::Faulty(faults));
    }
    check_text("reason", reason, REASON_MAX_CHARS)?;
    let _exclusive = office.exclusive().await;
    let row = RoutingRow {
        number: base + 1,
        id: office.new_id(),
        written_day: office.today(),
        member: actor.id,
        rules: serde_json::to_string(&set).map_err(|_| OfficeError::Damaged)?,
        reason: seal_json(&reason.trim(), &office.parts.identity.recipient())?,
    };
    let act = Act::new(Kind::RulesChanged).of(row.id);
    let written = on_record(office, actor, act, keep_rules(office, row, set));
    Ok(written.await?)
}

async fn keep_rules(office: &Office, row: RoutingRow, set: RuleSet) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    let latest = store.routing_versions().await?;
    let latest = latest.first().map_or(FIRST_VERSION, |row| row.number);
    if row.number != latest + 1 {
        return Err(OfficeError::Changed);
    }
    let rules = office.rules().with(set, row.number.to_string());
    let rules = rules.ok_or(OfficeError::Damaged)?;
    if !store.add_routing_version(&row).await? {
        return Err(OfficeError::Changed);
    }
    office.set_rules(Arc::new(rules));
    office.settle(&office.members().await?);
    Ok(())
}

/// What rules would make of the last tips that the viewer may see, the latest first, and what of it differs from those
/// in force. Nothing is changed; whoever keeps the rules without reading tips has no part in it.
///
/// # Errors
/// [`RulesRefused`].
pub async fn try_rules(
    office: &Office,
    viewer: &Member,
    set: RuleSet,
) -> Result<Vec<TriedTip>, RulesRefused> {
    if viewer.role != Role::Dispatcher {
        return Err(OfficeError::NotPermitted.into());
    }
    if office.is_locked() {
        return Err(OfficeError::Locked.into());
    }
    let now = office.rules();
    let faults = set.faults(&now);
    if !faults.is_empty() {
        return Err(RulesRefused::Faulty(faults));
    }
    let then = now.with(set, String::new()).ok_or(OfficeError::Damaged)?;
    let act = Act::new(Kind::RulesTried);
    let recorded = office.audit_log().record(Some(viewer.id), act).await;
    recorded.map_err(OfficeError::from)?;
    let members = office.members().await.map_err(RulesRefused::Office)?;
    let (load, seen) = office.visible_to(viewer, |seen| {
        let mut tips: Vec<Entry> = Vec::new();
        for group in seen.groups() {
            tips.extend(group.cases().cloned());
        }
        tips.sort_by_key(|entry| (Reverse(entry.row.opened_day), entry.row.number.clone()));
        tips.truncate(TRIED_TIPS);
        (seen.load(), tips)
    });
    let name = |id: MemberId| {
        let known = members.iter().find(|member| member.id == id);
        known.map(|member| member.name.clone())
    };
    let tried = seen.into_iter().map(|entry| {
        let school = entry.summary.school_id.as_deref();
        let school = school.and_then(|id| then.school_by_id(id));
        let category = entry.summary.category;
        let choice = then.choose(category, school);
        let recused = |member: &Member| office.recused(member, &entry);
        let matter = Matter {
            category,
            today: office.today(),
            recused: &recused,
        };
        let routed = choose_handler(&choice, &members, &load, &matter, None);
        TriedTip {
            number: CaseNumber(entry.row.number.clone()),
            now: now.choose(category, school),
            explained: then.set().explain(category, school),
            then: choice,
            handler: entry.row.handler.and_then(name),
            would_get: routed.handler.and_then(name),
            entry,
        }
    });
    Ok(tried.collect())
}

/// The number of the file's version.
pub const FIRST_VERSION: i64 = 1;
