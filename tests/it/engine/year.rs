//! A year of an office, day by day, held against a plain model of it: days counted off a list, open cases counted on
//! fingers. Three hundred tips, holidays and make-up days, an extension, leave, a recusal, a re-opening, and a calendar
//! that is out late. Every mail and every clock has to be as the model says.

use super::dated::{calendar_with, day, office_of, on_record};
use super::mail::{Server, read, smtp_with};
use super::{cases, member, sealed_tip, viewer};
use jiff::civil::Weekday;
use mifeng::clock::{Day, ManualClock};
use mifeng::opening::Identity;
use mifeng::tip::RawTip;
use mifeng::triage::cases::{CaseNumber, CaseState, Conclusion, Finding, Mode, Move, Outcome};
use mifeng::triage::deadlines::Calendar;
use mifeng::triage::desk::Desk;
use mifeng::triage::notify::{Daily, Digest, Sender, parent_letter};
use mifeng::triage::office::Office;
use mifeng::triage::pull::Ingested;
use mifeng::triage::staff::{Leave, Member, Role, Viewer};
use mifeng::triage::store::TriageStore;
use mifeng::triage::trail::Kind;
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

/// Days off and make-up days, copied by hand from the two notices.
const OFF: [(&str, &str); 9] = [
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
    ("2026-02-15", "2026-02-23"),
    ("2026-01-01", "2026-01-03"),
    ("2027-01-01", "2027-01-03"),
    ("2027-02-05", "2027-02-11"),
];
const MAKE_UP: [&str; 8] = [
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
    "2027-02-14",
    "2027-02-20",
];

/// Every working day from 2026 to 2028, in order; the notices of 2027 are known or not.
fn working_days(next_year_is_out: bool) -> Vec<Day> {
    let known = |text: &str| next_year_is_out || text < "2027";
    let off: Vec<(Day, Day)> = OFF
        .iter()
        .filter(|(first, _)| known(first))
        .map(|(first, last)| (day(first), day(last)))
        .collect();
    let make_up: Vec<Day> = MAKE_UP
        .iter()
        .filter(|one| known(one))
        .map(|one| day(one))
        .collect();
    let all = (0..1000).map(|n| day("2026-01-01").plus_days(n));
    all.filter(|one| {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&one.date().weekday());
        let is_off = off.iter().any(|(first, last)| first <= one && one <= last);
        make_up.contains(one) || (!weekend && !is_off)
    })
    .collect()
}

/// The `count`th of `working` after `start`.
fn counted(working: &[Day], start: Day, count: usize) -> Day {
    let mut after = working.iter().filter(|one| **one > start);
    *after.nth(count - 1).expect("far enough")
}

/// A clock as the model has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ticking {
    rule: &'static str,
    start: Day,
    due: Day,
    provisional: bool,
    met: Option<Day>,
    extended: u16,
    climbed: u8,
}

/// A tip as the model has it.
struct Known {
    index: usize,
    number: CaseNumber,
    received: Day,
    handler: u8,
    open: bool,
    clocks: Vec<Ticking>,
}

impl Known {
    fn meet(&mut self, rule: Option<&str>, today: Day) {
        let running = self.clocks.iter_mut().filter(|one| one.met.is_none());
        for clock in running.filter(|one| rule.is_none_or(|rule| one.rule == rule)) {
            clock.met = Some(today);
        }
    }

    fn next_due(&self) -> Option<Day> {
        let running = self.clocks.iter().filter(|one| one.met.is_none());
        running.map(|one| one.due).min()
    }
}

/// How far a clock has climbed that is so many days late: 1 handler or dispatcher, 2 supervisor, 3 the office above.
fn height(late: i32) -> u8 {
    match late {
        10.. => 3,
        1.. => 2,
        0 => 1,
        _ => 0,
    }
}

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

/// What is done with a tip on the `age`th day after it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Accept,
    Decline,
    Conclude,
    Extend,
    Recuse,
    Reopen,
}

fn planned(index: usize, age: i32) -> Option<Deed> {
    let late = index % 10 == 9;
    let ends = match index {
        REOPENED => 20,
        _ if index % 25 == 3 => 75,
        _ => 21 + i32::try_from(index * 7 % 60).expect("small"),
    };
    match age {
        3 if index == RECUSED_FROM => Some(Deed::Recuse),
        40 if index == REOPENED => Some(Deed::Reopen),
        60 if index == REOPENED => Some(Deed::Conclude),
        10 if index % 10 == 7 => Some(Deed::Decline),
        _ if index % 10 == 7 => None,
        5 if !late => Some(Deed::Accept),
        19 if late => Some(Deed::Accept),
        30 if index % 25 == 3 => Some(Deed::Extend),
        _ if age == ends => Some(Deed::Conclude),
        _ => None,
    }
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
    climbs: [usize; 4],
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
            climbs: [0; 4],
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

    fn desk(&self) -> Desk {
        Desk::new(Arc::clone(&self.office))
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
        his.filter(|one| one.open && one.handler == member).count()
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
        };
        let (_, envelope) = sealed_tip(&self.key, &raw, today);
        let ingested = self.office.ingest(&envelope).await.expect("stored");
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
            climbed: 0,
        };
        let mut clocks = vec![
            ticking("acknowledge", today.plus_days(15), false),
            ticking("handle", due, provisional),
        ];
        self.hears_news(handler);
        if harm {
            clocks.push(ticking("child-harm", today, false));
            self.hears_news(SUPERVISOR);
        }
        self.known.push(Known {
            index,
            number: CaseNumber(number),
            received: today,
            handler,
            open: true,
            clocks,
        });
    }

    async fn does(&mut self, at: usize, deed: Deed) {
        let (today, desk) = (self.today(), self.desk());
        let (dispatcher, supervisor) = (who(DISPATCHER), who(SUPERVISOR));
        let number = self.known[at].number.clone();
        let version = desk
            .case(&dispatcher, &number)
            .await
            .expect("a case")
            .version;
        match deed {
            Deed::Accept => {
                let step = Move::accept(Mode::Direct, "属于本局职责");
                let done = desk.change_state(&dispatcher, &number, version, step).await;
                done.expect("accepted");
                self.known[at].meet(Some("acknowledge"), today);
                self.known[at].meet(Some("child-harm"), today);
            }
            Deed::Decline => {
                let step = Move {
                    to: CaseState::Declined,
                    mode: None,
                    told: "请向市场监管部门反映",
                    reason: "不归本局",
                };
                let done = desk.change_state(&dispatcher, &number, version, step).await;
                done.expect("declined");
                self.known[at].meet(None, today);
                self.known[at].open = false;
            }
            Deed::Conclude => {
                let conclusion = Conclusion {
                    findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
                    answer_to_reporter: "查实了，已退费。".to_owned(),
                    own_answers: BTreeMap::new(),
                    reason: "证据充分".to_owned(),
                };
                let done = desk
                    .conclude(&dispatcher, &number, version, conclusion)
                    .await;
                done.expect("concluded");
                self.known[at].meet(None, today);
                self.known[at].open = false;
            }
            Deed::Extend => {
                let refused = desk.extend(&dispatcher, &number, version, "handle", "证人出差");
                refused.await.expect_err("not by a dispatcher");
                let done = desk.extend(&supervisor, &number, version, "handle", "证人出差");
                done.await.expect("extended");
                let again = desk.extend(&supervisor, &number, version + 1, "handle", "还不够");
                again.await.expect_err("once");
                let mut clocks = self.known[at].clocks.iter();
                let was = clocks.find(|one| one.rule == "handle").expect("one").due;
                let (due, guessed) = self.due(was, 10);
                let clocks = &mut self.known[at].clocks;
                let clock = clocks.iter_mut().find(|one| one.rule == "handle");
                let clock = clock.expect("one");
                (clock.due, clock.extended, clock.climbed) = (due, 10, 0);
                clock.provisional |= guessed;
                let file = desk.case(&dispatcher, &number).await.expect("a case");
                let told = &file.messages.last().expect("told").text;
                assert_eq!(*told, format!("需要更多时间：证人出差。新日期 {due}。"));
            }
            Deed::Recuse => {
                let (handler, reason) = (self.known[at].handler, "亲戚在该校");
                let himself = who(handler);
                let done = desk.recuse_oneself(&himself, &number, version, reason);
                done.await.expect("recused");
                let next = self.next_of_pair(Some(handler));
                self.known[at].handler = next;
                self.hears_news(next);
                desk.case(&himself, &number)
                    .await
                    .expect_err("not his any more");
            }
            Deed::Reopen => {
                let step = Move::new(CaseState::Reopened, "有新证据");
                let done = desk.change_state(&dispatcher, &number, version, step).await;
                done.expect("reopened");
                let (due, provisional) = self.due(today, 40);
                let known = &mut self.known[at];
                known.open = true;
                known.clocks.push(Ticking {
                    rule: "handle",
                    start: today,
                    due,
                    provisional,
                    met: None,
                    extended: 0,
                    climbed: 0,
                });
            }
        }
    }

    /// What is late climbs, in the model.
    fn climb(&mut self) {
        let today = self.today();
        for known in &mut self.known {
            for clock in known.clocks.iter_mut().filter(|one| one.met.is_none()) {
                let reached = height(today.days_since(clock.due));
                if reached > clock.climbed {
                    clock.climbed = reached;
                    self.climbs[usize::from(reached)] += 1;
                }
            }
        }
    }

    /// Today's mails, in the model.
    fn expect_mails(&mut self) {
        let today = self.today();
        let left = |one: &Known| one.next_due().map(|due| due.days_since(today));
        let open = || self.known.iter().filter(|one| one.open);
        let late = |one: &Known| {
            let running = one.clocks.iter().filter(|clock| clock.met.is_none());
            let reached = running.map(|clock| height(today.days_since(clock.due)));
            reached.max().unwrap_or(0)
        };
        let mut expected = Vec::new();
        for member in [DISPATCHER, SUPERVISOR, PAIR[0], PAIR[1], HARM] {
            let his = || open().filter(|one| one.handler == member);
            let soon = his().filter(|one| left(one).is_some_and(|left| (0..=3).contains(&left)));
            let soon = soon.count();
            if let Some(new) = self.news.get(&member) {
                expected.push((address(member), Digest { new: *new, soon }.letter().body));
            }
            let from = match member {
                DISPATCHER => 1,
                SUPERVISOR => 2,
                _ => 9,
            };
            let others = open().filter(|one| one.handler != member);
            let daily = Daily {
                soon,
                late: his()
                    .filter(|one| left(one).is_some_and(|left| left < 0))
                    .count(),
                climbed: others.filter(|one| late(one) >= from).count(),
                tasks: 0,
                apart: 0,
            };
            if let Some(letter) = daily.letter() {
                expected.push((address(member), letter.body));
            }
        }
        let above = open().filter(|one| late(one) == 3).count();
        if above > 0 {
            expected.push(("above@example.org".to_owned(), parent_letter(above).body));
        }
        self.news.clear();
        self.expected = expected;
    }

    /// The office starts anew with next year's calendar: what was a guess is counted again.
    async fn gets_calendar(&mut self) {
        let calendar = calendar_with(NEXT_YEAR);
        self.office = Self::office(&self.key, &self.store, &self.clock, calendar).await;
        let counted_again = self.office.recount().await.expect("counted");
        (self.working, self.calendar_is_out) = (working_days(true), true);
        let mut moved = 0;
        for at in 0..self.known.len() {
            for n in 0..self.known[at].clocks.len() {
                let clock = self.known[at].clocks[n].clone();
                if clock.met.is_some() || !clock.provisional {
                    continue;
                }
                let (mut due, mut guess) = self.due(clock.start, 40);
                if clock.extended > 0 {
                    let more = self.due(due, usize::from(clock.extended));
                    (due, guess) = (more.0, guess || more.1);
                }
                assert!(!guess, "the year is out");
                let clock = &mut self.known[at].clocks[n];
                moved += usize::from(clock.due != due);
                (clock.due, clock.provisional) = (due, false);
                self.recounted += 1;
            }
        }
        assert_eq!(counted_again, self.recounted, "each became certain");
        assert!(
            moved > 5 && moved <= self.recounted,
            "and some moved: {moved}"
        );
    }

    /// Every clock of every case.
    async fn compare(&self) {
        let (desk, dispatcher) = (self.desk(), who(DISPATCHER));
        for known in &self.known {
            let file = desk.case(&dispatcher, &known.number).await.expect("a case");
            let mut clocks: Vec<_> = file
                .clocks
                .iter()
                .map(|one| {
                    let rule = one.rule.as_str();
                    let ends = (one.due_day, one.provisional, one.met_day, one.extended_days);
                    (rule, one.start_day, ends)
                })
                .collect();
            let mut mine: Vec<_> = known
                .clocks
                .iter()
                .map(|one| {
                    (
                        one.rule,
                        one.start,
                        (one.due, one.provisional, one.met, one.extended),
                    )
                })
                .collect();
            clocks.sort_unstable();
            mine.sort_unstable();
            assert_eq!(clocks, mine, "tip {} on {}", known.index, self.today());
            let handler = file.handler_id.map(|id| id.0[0]);
            assert_eq!(handler, Some(known.handler), "tip {}", known.index);
            assert_eq!(
                !file.row.state.is_finished(),
                known.open,
                "tip {}",
                known.index
            );
        }
    }

    /// How often something was recorded, by its detail.
    async fn on_record(&self, kind: Kind) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for detail in on_record(&self.office, kind).await {
            *count.entry(detail).or_default() += 1;
        }
        count
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
        year.climb();
        year.expect_mails();
        // Two rounds a day: what is repeated is a second mail, and there may be none.
        for _ in 0..2 {
            year.office.climb().await.expect("climbed");
            sender.round().await.expect("sent");
            sender.daily_round().await.expect("sent");
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
    let climbed = year.on_record(Kind::Climbed).await;
    let of = |code: &str| climbed.get(code).copied().unwrap_or_default();
    let counted = [of("dispatcher"), of("supervisor"), of("parent")];
    assert_eq!(counted, [year.climbs[1], year.climbs[2], year.climbs[3]]);
    assert!(
        year.climbs[3] > 5,
        "some were late for long: {:?}",
        year.climbs
    );
    let recounted: usize = year.on_record(Kind::Recounted).await.values().sum();
    assert!(recounted > 10 && recounted == year.recounted);
    let extended: usize = year.on_record(Kind::Extended).await.values().sum();
    assert!(extended >= 30, "three tries each");
    assert!(mail_count > 1000, "{mail_count} mails");
    let trail = year.office.trail().verify(&[]).await.expect("read");
    trail.expect("the chain holds");
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
