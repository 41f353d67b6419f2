//! Open cases of each member, counted where cases change: whom a new one is given to is chosen without counting all of them.

use crate::model::{CaseId, MemberId};
use crate::routing::Load;
use mifeng_similarity::Audience;
use std::collections::HashMap;

/// Open cases of each member, by who is kept from them.
#[derive(Default)]
pub(super) struct Workload {
    /// What each open case counts for, by the one that leads: who is kept from it, and who handles it.
    counted: HashMap<CaseId, (Audience, Vec<MemberId>)>,
    open: HashMap<Audience, Load>,
}

impl Workload {
    /// Counts the cases that `lead` leads as they are now, in place of how they were counted before; `None` where they are
    /// finished, or lead none.
    pub fn count(&mut self, lead: CaseId, now: Option<(Audience, Vec<MemberId>)>) {
        if self.counted.get(&lead) == now.as_ref() {
            return;
        }
        if let Some((audience, handlers)) = self.counted.remove(&lead) {
            self.take_off(audience, &handlers);
        }
        if let Some((audience, handlers)) = now {
            let open = self.open.entry(audience).or_default();
            for handler in &handlers {
                *open.entry(*handler).or_default() += 1;
            }
            self.counted.insert(lead, (audience, handlers));
        }
    }

    fn take_off(&mut self, audience: Audience, handlers: &[MemberId]) {
        let Some(open) = self.open.get_mut(&audience) else {
            return;
        };
        for handler in handlers {
            if let Some(count) = open.get_mut(handler) {
                *count -= 1;
                if *count == 0 {
                    open.remove(handler);
                }
            }
        }
        if open.is_empty() {
            self.open.remove(&audience);
        }
    }

    /// Open cases of each member, of those whose audience `counts`.
    pub fn load(&self, counts: impl Fn(Audience) -> bool) -> Load {
        let mut load = Load::new();
        for (_, open) in self.open.iter().filter(|(audience, _)| counts(**audience)) {
            for (member, cases) in open {
                *load.entry(*member).or_default() += cases;
            }
        }
        load
    }
}

#[cfg(test)]
mod tests {
    use crate::cases::{Caseload, Entry};
    use crate::model::{CaseId, CaseState, Member, MemberId, Role};
    use crate::routing::{Load, NameSearchText, Rules};
    use crate::store::{CaseRow, JoinedRow, Rewrap};
    use mifeng_foundation::clock::Day;
    use mifeng_opening::{Identity, SketchKey};
    use mifeng_similarity::{Fields, Index, Reading, Schools, Sketch};
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::sync::{Arc, LazyLock};

    const CASES: u8 = 6;
    const MEMBERS: u8 = 4;
    const STATES: [CaseState; 6] = [
        CaseState::Received,
        CaseState::Declined,
        CaseState::UnderInquiry,
        CaseState::Concluded,
        CaseState::Closed,
        CaseState::PassedUp,
    ];

    static RULES: LazyLock<[Arc<Rules>; 2]> = LazyLock::new(|| {
        let rules = Rules::parse(include_str!("../../../deploy/routing.toml"));
        let rules = rules.expect("the sample");
        [Arc::new(rules.clone()), Arc::new(rules)]
    });
    static SKETCH: LazyLock<Arc<Sketch>> = LazyLock::new(|| {
        let key = SketchKey::derive(&Identity::generate());
        let fields = Fields::of_account("老师周六补课收费", day());
        let reading = Reading::of(&fields, &Schools::default());
        Arc::new(Index::default().sketch(&reading, &key))
    });

    fn day() -> Day {
        Day::from_number(20_000).expect("a day")
    }

    fn member(n: u8) -> Member {
        Member {
            id: MemberId([n; 16]),
            login: format!("m{n}"),
            name: String::new(),
            role: Role::Investigator,
            unit: None,
            email: String::new(),
            recused_schools: Vec::new(),
            recused_names: Vec::new(),
            active: true,
            recipient: None,
            confirmed: true,
            leave: None,
            skills: Vec::new(),
            titles: Vec::new(),
        }
    }

    #[derive(Clone, Debug)]
    enum Change {
        /// A new case, or one that is changed: its state, who leads it, who helps, who holds its key, what it is joined to.
        Put(
            u8,
            CaseState,
            Option<u8>,
            BTreeSet<u8>,
            BTreeSet<u8>,
            Option<u8>,
        ),
        Forget(BTreeSet<u8>),
        Rewrap(u8, BTreeSet<u8>, BTreeSet<u8>),
        ForgetHolder(u8),
        /// Who is kept from which case, by a member and a case; under which of two sets of rules, and of how many members.
        Settle(BTreeSet<(u8, u8)>, usize, u8),
    }

    fn change() -> impl Strategy<Value = Change> {
        let some = || prop::collection::btree_set(0..MEMBERS, 0..3);
        let put = (
            0..CASES,
            prop::sample::select(&STATES[..]),
            prop::option::of(0..MEMBERS),
            some(),
            some(),
            prop::option::weighted(0.3, 0..CASES),
        );
        let kept = prop::collection::btree_set((0..MEMBERS, 0..CASES), 0..5);
        prop_oneof![
            5 => put.prop_map(|(case, state, lead, help, hold, joined)| {
                Change::Put(case, state, lead, help, hold, joined)
            }),
            1 => prop::collection::btree_set(0..CASES, 1..3).prop_map(Change::Forget),
            2 => (0..CASES, some(), some()).prop_map(|(case, give, take)| Change::Rewrap(case, give, take)),
            1 => (0..MEMBERS).prop_map(Change::ForgetHolder),
            3 => (kept, 0..2_usize, 1..=MEMBERS).prop_map(|(kept, rules, of)| Change::Settle(kept, rules, of)),
        ]
    }

    fn id(case: u8) -> CaseId {
        CaseId([case; 16])
    }

    fn put(caseload: &mut Caseload, version: i64, change: Change) {
        let Change::Put(case, state, lead, helpers, holders, joined) = change else {
            return;
        };
        let member = |n: &u8| MemberId([*n; 16]);
        let helpers: Vec<_> = helpers.iter().map(|n| hex::encode([*n; 16])).collect();
        let summary = serde_json::json!({
            "category": "other", "school_id": null, "school": "", "subject": "", "unit": "", "reasons": [],
            "outcome": null, "reporter_wrote": false, "co_handlers": helpers,
        });
        let entry = Entry {
            row: CaseRow {
                id: id(case),
                number: case.to_string(),
                state,
                handler: lead.as_ref().map(member),
                opened_day: day(),
                changed_day: day(),
                version,
                recipient: String::new(),
                wrapped_identity: Vec::new(),
                summary: Vec::new(),
                joined: joined.filter(|lead| *lead != case).map(|lead| JoinedRow {
                    lead: id(lead),
                    day: day(),
                    identity: Vec::new(),
                }),
            },
            summary: serde_json::from_value(summary).expect("a summary"),
            deadlines: Vec::new(),
            name_search_text: NameSearchText::default(),
            sketch: Arc::clone(&SKETCH),
            holders: holders.iter().map(member).collect(),
        };
        if caseload.by_id(id(case)).is_some() {
            caseload.replace(entry);
        } else {
            caseload.add([case; 16], entry);
        }
    }

    fn apply(caseload: &mut Caseload, version: i64, change: Change) {
        let ids = |some: BTreeSet<u8>| some.into_iter().map(|n| MemberId([n; 16]));
        match change {
            Change::Put(..) => put(caseload, version, change),
            Change::Forget(cases) => {
                let cases: Vec<_> = cases.into_iter().map(id).collect();
                caseload.forget(&cases);
            }
            Change::Rewrap(case, give, take) => caseload.rewrap(&[Rewrap {
                case: id(case),
                give: ids(give).map(|one| (one, Vec::new())).collect(),
                take: ids(take).collect(),
            }]),
            Change::ForgetHolder(n) => caseload.forget_holder(MemberId([n; 16])),
            Change::Settle(kept, rules, of) => {
                let members: Vec<_> = (0..of).map(member).collect();
                let recused = |member: &Member, entry: &Entry| {
                    kept.contains(&(member.id.0[0], entry.row.id.0[0]))
                };
                let found = caseload.unsettled(&members, &RULES[rules], recused);
                caseload.settle(&members, &RULES[rules], found);
            }
        }
    }

    /// The same, counted anew.
    fn counted(caseload: &Caseload, kept: &BTreeSet<MemberId>) -> Load {
        let mut load = Load::new();
        for group in caseload
            .groups()
            .filter(|group| !group.state().is_finished())
        {
            if caseload.may_speak(group.lead.row.id, kept) {
                for handler in group.lead.handlers() {
                    *load.entry(handler).or_default() += 1;
                }
            }
        }
        load
    }

    proptest! {
        #[test]
        fn what_is_counted_as_cases_change_is_what_counting_all_of_them_gives(
            changes in prop::collection::vec(change(), 1..60),
        ) {
            let mut caseload = Caseload::default();
            for (version, change) in (1..).zip(changes) {
                apply(&mut caseload, version, change);
                for mask in 0..1_u8 << MEMBERS {
                    let kept = (0..MEMBERS).filter(|n| mask >> n & 1 == 1);
                    let kept: BTreeSet<_> = kept.map(|n| MemberId([n; 16])).collect();
                    prop_assert_eq!(caseload.load_without(&kept), counted(&caseload, &kept));
                }
            }
        }
    }
}
