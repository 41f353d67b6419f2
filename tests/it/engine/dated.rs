//! An office whose clock is moved by hand, with its own people and rules of what runs.

use super::{Staff, parts};
use mifeng_foundation::clock::{Day, ManualClock};
use mifeng_opening::Identity;
use mifeng_triage::audit::Kind;
use mifeng_triage::deadlines::{Calendar, DeadlineRules};
use mifeng_triage::model::{AuditQuery, Member};
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::store::TriageStore;
use std::sync::Arc;

/// One rule: fifteen working days, and ten more.
pub const CLOCKS: &str = "version = 1
[climb]
handler_days = 0
dispatcher_days = 0
supervisor_days = 1
parent_days = 10
[[clock]]
id = 'handle'
length_days = 15
count = 'working'
start = 'receipt'
met_by = ['declined', 'concluded']
extension_days = 10
tell = true
source_zh = '规则'
source_en = 'rule'
";

/// The days off of the year that the program's calendar does not know.
pub const NEXT_YEAR: &str = "year = 2027
off = [['2027-01-01', '2027-01-03']]
make_up = []
";

/// More rows than any of these offices has.
const ROWS: u32 = 1_000_000;

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The calendar of the program, with that of another year.
pub fn calendar_with(year: &str) -> Calendar {
    let mut calendar = Calendar::embedded();
    calendar.add(year).expect("a year");
    calendar
}

/// The office of `people` whose clocks run as `rules` and `calendar` say.
pub async fn office_of(
    people: Vec<Member>,
    (rules, calendar): (&str, Calendar),
    key: &Identity,
    store: &Arc<dyn TriageStore>,
    clock: &Arc<ManualClock>,
) -> Arc<Office> {
    let parts = Parts {
        directory: Arc::new(Staff(people)),
        deadline_rules: DeadlineRules::new(rules, calendar).expect("rules"),
        parent: None,
        ..parts(key, Arc::clone(store), Arc::clone(clock) as _)
    };
    Arc::new(Office::load(parts).await.expect("it loads"))
}

/// The details of everything that is on record as this, in order.
pub async fn on_record(office: &Office, kind: Kind) -> Vec<String> {
    let rows = office.audit_log().rows(AuditQuery::default(), ROWS).await;
    let rows = rows.expect("rows").into_iter().rev();
    let of_kind = rows.filter(|row| row.link.kind == kind.code());
    of_kind.map(|row| row.link.detail).collect()
}
