//! Many envelopes at once: what becomes of each, and who is given it, is what it would be if they came one by one.

use super::joining::on_both_stores;
use super::{Staff, arrived, cases, member, office_as, said, sealed_tip, today};
use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::EnvelopeKind;
use mifeng_sealing::tip::{RawTip, Said};
use mifeng_triage::ingest::{Arrived, Ingested, ingest, ingest_all};
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::office::Office;
use mifeng_triage::store::TriageStore;
use std::collections::BTreeMap;
use std::sync::Arc;

on_both_stores! {
    as_one_by_one, many_at_once_are_taken_in_as_one_by_one_in_sqlite, many_at_once_are_taken_in_as_one_by_one_in_postgresql;
}

/// Names of which some stand in tips: nobody is given what names him.
const NAMES: [&str; 4] = ["何志远", "欧阳明月", "温以宁", "司徒静文"];
const TEXTS: [&str; 5] = [
    "班主任每个周末在家里办补习班，一个学期收两千六百元，不去的孩子被调到最后一排",
    "食堂的菜里多次吃出虫子，家长投诉后没有人答复，请上级部门查一查",
    "学校要求每个学生交三百元资料费，没有收据，也没有在公示栏上公布",
    "年级组长让学生到指定书店买教辅，一套一百八十元，不买的要在家长群里说明原因",
    "放学后老师把作业答案发到付费群里，不进群的孩子第二天要重写",
];

pub(super) fn people() -> Vec<Member> {
    let mut people = vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
    ];
    let units = [
        "jijiao",
        "jijiao",
        "dudao",
        "jiancha",
        "zhengjiao",
        "jijiao",
    ];
    people.extend(
        (10..)
            .zip(units)
            .map(|(id, unit)| member(id, Role::Investigator, Some(unit))),
    );
    for (one, name) in people.iter_mut().skip(1).step_by(2).zip(NAMES) {
        one.recused_names = vec![name.to_owned()];
    }
    people
}

/// Numbers that follow from a seed.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % count
    }
}

/// What comes in a day: tips, many with the same text and many that name somebody, additions to earlier ones, some envelopes
/// twice, and some that do not open.
pub(super) fn a_day(key: &Identity, seed: u64) -> Vec<Arrived> {
    let mut drawn = Drawn(seed);
    let (mut reporters, mut day): (Vec<_>, Vec<Arrived>) = (Vec::new(), Vec::new());
    while day.len() < 45 {
        match drawn.below(12) {
            0 if !reporters.is_empty() => {
                let reporter = &reporters[drawn.below(reporters.len())];
                let text = NAMES[drawn.below(NAMES.len())].to_owned();
                day.push(said(key, reporter, Said::Addition { text }));
            }
            1 if !day.is_empty() => {
                let again = day[drawn.below(day.len())].clone();
                day.push(again);
            }
            2 => day.push(arrived(EnvelopeKind::Tip, vec![7; 300])),
            _ => {
                let category = ["tutoring", "gifts", "child-harm"][drawn.below(3)];
                let subject = [NAMES[0], NAMES[1], NAMES[2], NAMES[3], "", ""][drawn.below(6)];
                let raw = RawTip {
                    category: category.to_owned(),
                    school: "青溪县城东小学".to_owned(),
                    subject: subject.to_owned(),
                    when: String::new(),
                    text: TEXTS[drawn.below(TEXTS.len())].to_owned(),
                    language: "zh-Hans".to_owned(),
                    attachments: Vec::new(),
                    only_above: false,
                };
                let on = today().plus_days(-i32::try_from(drawn.below(3)).expect("few"));
                let (reporter, envelope) = sealed_tip(key, &raw, on);
                reporters.push(reporter);
                day.push(envelope);
            }
        }
    }
    day
}

pub(super) async fn office_of(key: &Identity, store: &Arc<dyn TriageStore>) -> Arc<Office> {
    office_as(key, Arc::clone(store), |parts| {
        parts.directory = Arc::new(Staff(people()));
    })
    .await
}

/// What the store has of a case.
#[derive(Debug, PartialEq)]
struct Stand {
    state: &'static str,
    handler: Option<MemberId>,
    holders: Vec<MemberId>,
    /// Its clocks, each with the days on which it starts and is due.
    deadlines: Vec<(String, Day, Day)>,
    /// The days of its tips.
    received: Vec<Day>,
    /// The days of its history, in order.
    history: Vec<Day>,
    messages: usize,
    /// What waits for the mailboxes of its tips.
    outgoing: u32,
}

/// Of each case by its number what the store has.
async fn stand(store: &dyn TriageStore) -> BTreeMap<String, Stand> {
    let mut stand = BTreeMap::new();
    for case in store.cases().await.expect("read") {
        let mut holders = store.holders_of(case.id).await.expect("read");
        holders.sort();
        let deadlines = store
            .deadlines(Some(case.id))
            .await
            .expect("read")
            .into_iter();
        let mut deadlines: Vec<_> = deadlines
            .map(|one| (one.rule, one.start_day, one.due_day))
            .collect();
        deadlines.sort();
        let tips = store.tips(Some(case.id)).await.expect("read");
        let mut outgoing = 0;
        for tip in &tips {
            outgoing += store.outgoing_count(tip.id).await.expect("read");
            let found = store.tip_of_mailbox(tip.mailbox).await.expect("read");
            assert_eq!(found.map(|found| found.id), Some(tip.id));
        }
        let history = store.history(case.id).await.expect("read");
        let of_case = Stand {
            state: case.state.code(),
            handler: case.handler,
            holders,
            deadlines,
            received: tips.iter().map(|one| one.received_day).collect(),
            history: history.iter().map(|one| one.day).collect(),
            messages: store.messages(case.id).await.expect("read").len(),
            outgoing,
        };
        stand.insert(case.number, of_case);
    }
    stand
}

async fn as_one_by_one(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.sqlite");
    let other = cases(&format!("sqlite:{}", path.display())).await;
    let (at_once, one_by_one) = (office_of(&key, &store).await, office_of(&key, &other).await);
    let mut handlers = BTreeMap::new();
    for seed in 1..=4 {
        let day = a_day(&key, seed);
        let mut expected = Vec::new();
        for envelope in &day {
            expected.push(ingest(&one_by_one, envelope).await.expect("stored"));
        }
        let results = ingest_all(&at_once, &day).await.expect("stored");
        let results: Vec<Ingested> = results
            .into_iter()
            .map(|one| one.expect("stored"))
            .collect();
        assert_eq!(results, expected, "{seed}");
        let (here, there) = (stand(store.as_ref()).await, stand(other.as_ref()).await);
        assert_eq!(here, there, "{seed}");
        for one in here.values() {
            *handlers.entry(one.handler).or_insert(0) += 1;
        }
    }
    assert!(handlers.len() >= 3, "given to many: {handlers:?}");
    // And the caseload is what the store has: the same after a start.
    let before = stand(store.as_ref()).await;
    let again = office_of(&key, &store).await;
    assert_eq!(again.align().await.expect("in line"), (0, 0));
    assert_eq!(stand(store.as_ref()).await, before);
}
