//! A year of an office, day by day, held against a plain model of it: days counted off a list, open cases counted on
//! fingers. Three hundred tips, holidays and make-up days, an extension, leave, a recusal, a re-opening, and a calendar
//! that is out late. Every mail and every deadline has to be as the model says.

mod deeds;
mod expected;
mod model;

use super::dated::{calendar_with, day, office_of};
use super::mail::smtp_with;
use super::mail_server::{Server, read};
use super::{cases, member, sealed_tip, viewer};
use deeds::planned;
use mifeng_foundation::clock::{Day, ManualClock};
use mifeng_opening::Identity;
use mifeng_sealing::tip::RawTip;
use mifeng_triage::audit::Kind;
use mifeng_triage::deadlines::Calendar;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::jobs::{escalate, recount};
use mifeng_triage::model::{CaseNumber, Leave, Member, Role, Viewer};
use mifeng_triage::notify::Sender;
use mifeng_triage::office::Office;
use mifeng_triage::store::TriageStore;
use model::{Known, Ticking, counted, working_days};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const TIPS: usize = 300;
const DAYS: i32 = 365;
const FIRST: &str = "2026-03-02";
/// The day on which the office has next year's calendar.
const CALENDAR_COMES: &str = "2026-12-21";

const CLOCKS: &str = "version = 1
[climb]
handler_days = 0
dispatcher_days = 0
supervisor_days = 1
parent_days = 10
[[clock]]
id = 'acknowledge'
length_days = 15
count = 'calendar'
start = 'receipt'
met_by = ['accepted', 'declined', 'concluded']
source_zh = '规则'
source_en = 'rule'
[[clock]]
id = 'handle'
length_days = 40
count = 'working'
start = 'receipt'
met_by = ['declined', 'concluded']
extension_days = 10
tell = true
source_zh = '规则'
source_en = 'rule'
[[clock]]
id = 'child-harm'
length_days = 0
count = 'calendar'
category = ['child-harm']
start = 'receipt'
met_by = ['accepted', 'declined', 'concluded']
source_zh = '规则'
source_en = 'rule'
";

const NEXT_YEAR: &str = "year = 2027
off = [['2027-01-01', '2027-01-03'], ['2027-02-05', '2027-02-11']]
make_up = ['2027-02-14', '2027-02-20']
";

const DISPATCHER: u8 = 1;
const SUPERVISOR: u8 = 2;
/// Two of one unit, and one of the unit for what harms a child.
const PAIR: [u8; 2] = [20, 21];
const HARM: u8 = 22;
/// Who is away in June.
const AWAY: u8 = 20;
const AWAY_DAYS: (&str, &str) = ("2026-06-01", "2026-06-30");
/// The tips to which something special happens.
const RECUSED_FROM: usize = 30;
const REOPENED: usize = 20;

fn people() -> Vec<Member> {
    let mut people = vec![
        member(DISPATCHER, Role::Dispatcher, None),
        member(SUPERVISOR, Role::Supervisor, None),
        member(PAIR[0], Role::Investigator, Some("jijiao")),
        member(PAIR[1], Role::Investigator, Some("jijiao")),
        member(HARM, Role::Investigator, Some("jiancha")),
    ];
    people[2].leave = Leave::new(day(AWAY_DAYS.0), day(AWAY_DAYS.1));
    for one in &mut people {
        one.email = address(one.id.0[0]);
    }
    people
}

fn address(member: u8) -> String {
    format!("m{member}@example.org")
}

fn who(member: u8) -> Viewer {
    let mut people = people().into_iter();
    viewer(
        people
            .find(|one| one.id.0[0] == member)
            .expect("works there"),
    )
}

fn harms(index: usize) -> bool {
    index % 15 == 4
}

struct Year {
    clock: Arc<ManualClock>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    office: Arc<Office>,
    known: Vec<Known>,
    working: Vec<Day>,
    calendar_is_out: bool,
    /// Mails that the model expects today: to whom, what.
    expected: Vec<(String, String)>,
    /// News by member, for the mail of today.
    news: BTreeMap<u8, usize>,
    escalations: [usize; 4],
    recounted: usize,
}

impl Year {
    async fn begins(store: Arc<dyn TriageStore>) -> Self {
        let nine = format!("{FIRST}T01:00:00Z").parse().expect("a time");
        let (clock, key) = (Arc::new(ManualClock::at(nine)), Identity::generate());
        let office = Self::office(&key, &store, &clock, Calendar::embedded()).await;
        Self {
            clock,
            store,
            key,
            office,
            known: Vec::new(),
            working: working_days(false),
            calendar_is_out: false,
            expected: Vec::new(),
            news: BTreeMap::new(),
            escalations: [0; 4],
            recounted: 0,
        }
    }

    async fn office(
        key: &Identity,
        store: &Arc<dyn TriageStore>,
        clock: &Arc<ManualClock>,
        calendar: Calendar,
    ) -> Arc<Office> {
        office_of(people(), (CLOCKS, calendar), key, store, clock).await
    }

    fn today(&self) -> Day {
        self.office.today()
    }

    /// The last of so many working days, and whether it is a guess.
    fn due(&self, start: Day, count: usize) -> (Day, bool) {
        let due = counted(&self.working, start, count);
        let year = due.date().year();
        (due, year > 2027 || (year == 2027 && !self.calendar_is_out))
    }

    fn open_cases(&self, member: u8) -> usize {
        let his = self.known.iter();
        his.filter(|one| one.open && !one.recused && one.handler == member)
            .count()
    }

    /// Who of the pair gets the next one.
    fn next_of_pair(&self, but: Option<u8>) -> u8 {
        let today = self.today();
        let away = |one: u8| one == AWAY && day(AWAY_DAYS.0) <= today && today <= day(AWAY_DAYS.1);
        let there = PAIR
            .into_iter()
            .filter(|one| !away(*one) && Some(*one) != but);
        let first = there.min_by_key(|one| (self.open_cases(*one), *one));
        first.unwrap_or(DISPATCHER)
    }

    fn hears_news(&mut self, member: u8) {
        *self.news.entry(member).or_default() += 1;
    }

    /// A tip comes.
    async fn comes(&mut self, index: usize) {
        let (today, harm) = (self.today(), harms(index));
        let raw = RawTip {
            category: if harm { "child-harm" } else { "tutoring" }.to_owned(),
            school: "青溪县城东小学".to_owned(),
            subject: String::new(),
            when: String::new(),
            text: format!("第{index}件：收费补课，地点在某小区{}号楼", index * 7 + 1),
            language: "zh-Hans".to_owned(),
            attachments: Vec::new(),
            only_above: false,
        };
        let (_, envelope) = sealed_tip(&self.key, &raw, today);
        let ingested = ingest(&self.office, &envelope).await.expect("stored");
        let Ingested::Case(number) = ingested else {
            panic!("{index}: {ingested:?}");
        };
        let handler = if harm { HARM } else { self.next_of_pair(None) };
        let (due, provisional) = self.due(today, 40);
        let ticking = |rule, due, provisional| Ticking {
            rule,
            start: today,
            due,
            provisional,
            met: None,
            extended: 0,
            escalated: 0,
        };
        let mut deadlines = vec![
            ticking("acknowledge", today.plus_days(15), false),
            ticking("handle", due, provisional),
        ];
        self.hears_news(handler);
        if harm {
            deadlines.push(ticking("child-harm", today, false));
            self.hears_news(SUPERVISOR);
        }
        self.known.push(Known {
            index,
            number: CaseNumber(number),
            received: today,
            handler,
            open: true,
            recused: false,
            deadlines,
        });
    }

    /// The office starts anew with next year's calendar: what was a guess is counted again.
    async fn gets_calendar(&mut self) {
        let calendar = calendar_with(NEXT_YEAR);
        self.office = Self::office(&self.key, &self.store, &self.clock, calendar).await;
        let counted_again = recount(&self.office).await.expect("counted");
        (self.working, self.calendar_is_out) = (working_days(true), true);
        let mut moved = 0;
        for at in 0..self.known.len() {
            for n in 0..self.known[at].deadlines.len() {
                let deadline = self.known[at].deadlines[n].clone();
                if deadline.met.is_some() || !deadline.provisional {
                    continue;
                }
                let (mut due, mut guess) = self.due(deadline.start, 40);
                if deadline.extended > 0 {
                    let more = self.due(due, usize::from(deadline.extended));
                    (due, guess) = (more.0, guess || more.1);
                }
                assert!(!guess, "the year is out");
                let deadline = &mut self.known[at].deadlines[n];
                moved += usize::from(deadline.due != due);
                (deadline.due, deadline.provisional) = (due, false);
                self.recounted += 1;
            }
        }
        assert_eq!(counted_again, self.recounted, "each became certain");
        assert!(
            moved > 5 && moved <= self.recounted,
            "and some moved: {moved}"
        );
    }
}

async fn a_year_is_as_the_rules_say(store: Arc<dyn TriageStore>) {
    let mut year = Year::begins(store).await;
    let server = Arc::new(Server::default());
    let port = server.listen(0).await;
    let mailer = || smtp_with(port, "parent_address = 'above@example.org'");
    let mut sender = Sender::new(Arc::clone(&year.office), mailer());
    let mut mail_count = 0;
    for n in 0..DAYS {
        let today = year.today();
        assert_eq!(today, day(FIRST).plus_days(n), "day by day");
        if today == day(CALENDAR_COMES) {
            year.gets_calendar().await;
            sender = Sender::new(Arc::clone(&year.office), mailer());
        }
        let tips = usize::try_from(n + 1).expect("a count") * TIPS / 365;
        while year.known.len() < tips {
            year.comes(year.known.len()).await;
        }
        for at in 0..year.known.len() {
            let known = &year.known[at];
            if let Some(deed) = planned(known.index, today.days_since(known.received)) {
                year.does(at, deed).await;
            }
        }
        year.escalate();
        year.expect_mails();
        // Two rounds a day: what is repeated is a second mail, and there may be none.
        for _ in 0..2 {
            escalate(&year.office).await.expect("climbed");
            sender.send_reminders().await.expect("sent");
            sender.send_daily().await.expect("sent");
        }
        let mut mails: Vec<_> = server.take().iter().map(|mail| read(mail)).collect();
        mails.sort();
        let mut came: Vec<_> = mails.into_iter().map(|(to, _, body)| (to, body)).collect();
        let mut expected = std::mem::take(&mut year.expected);
        came.sort();
        expected.sort();
        assert_eq!(came, expected, "the mails of {today}");
        mail_count += came.len();
        if n % 60 == 59 || n == DAYS - 1 {
            year.compare().await;
        }
        year.clock.advance(Duration::from_hours(24));
    }
    assert_eq!(year.known.len(), TIPS);
    let escalated = year.on_record(Kind::Escalated).await;
    let of = |code: &str| escalated.get(code).copied().unwrap_or_default();
    let counted = [of("dispatcher"), of("supervisor"), of("parent")];
    assert_eq!(
        counted,
        [
            year.escalations[1],
            year.escalations[2],
            year.escalations[3]
        ]
    );
    assert!(
        year.escalations[3] > 5,
        "some were late for long: {:?}",
        year.escalations
    );
    let recounted: usize = year.on_record(Kind::Recounted).await.values().sum();
    assert!(recounted > 10 && recounted == year.recounted);
    let extended: usize = year.on_record(Kind::Extended).await.values().sum();
    assert!(extended >= 30, "three tries each");
    assert!(mail_count > 1000, "{mail_count} mails");
    let audit_log = year.office.audit_log().verify(&[]).await.expect("read");
    audit_log.expect("the chain holds");
}

#[tokio::test]
async fn a_year_is_as_the_rules_say_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    a_year_is_as_the_rules_say(cases(&format!("sqlite:{}", path.display())).await).await;
}

#[tokio::test]
async fn a_year_is_as_the_rules_say_in_postgresql() {
    let url = crate::support::postgres::fresh_database().await;
    a_year_is_as_the_rules_say(cases(&url).await).await;
}
