//! Who is given a tip, and why: unit, recusal with every name people use, leave, what somebody knows best, open cases.

use super::joining::on_both_stores;
use super::{RULES, Staff, member, office_as, sealed_tip, today, viewer};
use mifeng_opening::Identity;
use mifeng_sealing::tip::RawTip;
use mifeng_triage::casework;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{CaseNumber, Leave, Member, MemberId, Role, Viewer};
use mifeng_triage::office::{Office, OfficeError, named_and_missing};
use mifeng_triage::routing::{Rules, Standing};
use mifeng_triage::store::{DueMail, TriageStore};
use mifeng_triage::views;
use std::sync::Arc;

const DISPATCHER: u8 = 1;
const SUPERVISOR: u8 = 2;
/// Two who can do the same.
const ONE: u8 = 20;
const OTHER: u8 = 21;
/// Of another unit.
const ELSEWHERE: u8 = 22;

fn people() -> Vec<Member> {
    vec![
        member(DISPATCHER, Role::Dispatcher, None),
        member(SUPERVISOR, Role::Supervisor, None),
        member(ONE, Role::Investigator, Some("jijiao")),
        member(OTHER, Role::Investigator, Some("jijiao")),
        member(ELSEWHERE, Role::Investigator, Some("dudao")),
    ]
}

struct Town {
    key: Identity,
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
}

impl Town {
    async fn new(store: Arc<dyn TriageStore>, people: Vec<Member>) -> Self {
        let key = Identity::generate();
        let office = office_as(&key, Arc::clone(&store), |parts| {
            parts.directory = Arc::new(Staff(people));
        })
        .await;
        Self { key, office, store }
    }

    /// The same office with other people, after a start.
    async fn with(self, people: Vec<Member>) -> Self {
        let office = office_as(&self.key, Arc::clone(&self.store), |parts| {
            parts.directory = Arc::new(Staff(people));
        })
        .await;
        Self { office, ..self }
    }

    async fn tip(&self, category: &str, subject: &str, text: &str) -> CaseNumber {
        let raw = RawTip {
            category: category.to_owned(),
            school: "青溪县城东小学".to_owned(),
            subject: subject.to_owned(),
            when: String::new(),
            text: text.to_owned(),
            language: "zh-Hans".to_owned(),
            attachments: Vec::new(),
            only_above: false,
        };
        let (_, envelope) = sealed_tip(&self.key, &raw, today());
        match ingest(&self.office, &envelope).await.expect("stored") {
            Ingested::Case(number) => CaseNumber(number),
            other => panic!("no case: {other:?}"),
        }
    }

    /// Who handles a case, and the last reason for it.
    async fn given(&self, number: &CaseNumber) -> (Option<u8>, Vec<String>) {
        let file = views::case(&self.office, &dispatcher(), number)
            .await
            .expect("a case");
        let reasons = file.routing_reasons.into_iter();
        (
            file.handler_id.map(|id| id.0[0]),
            reasons.map(|(_, english)| english).collect(),
        )
    }

    async fn handler_of(&self, category: &str, subject: &str, text: &str) -> (u8, Vec<String>) {
        let number = self.tip(category, subject, text).await;
        let (handler, reasons) = self.given(&number).await;
        (handler.expect("somebody"), reasons)
    }
}

fn dispatcher() -> Viewer {
    viewer(people().swap_remove(0))
}

fn on_leave(from: i32, to: i32) -> Option<Leave> {
    Leave::new(today().plus_days(from), today().plus_days(to))
}

async fn load_leave_and_skill_decide(store: Arc<dyn TriageStore>) {
    let town = Town::new(store, people()).await;
    let tutoring = async |town: &Town, text| town.handler_of("tutoring", "", text).await;
    let (first, _) = tutoring(&town, "周末在家里补课收费一").await;
    let (second, why) = tutoring(&town, "寒假里租教室上课收钱").await;
    assert!([first, second] == [ONE, OTHER], "the fewest open cases");
    let least = "The person in the unit with the fewest open cases.";
    assert_eq!(why.last().map(String::as_str), Some(least));

    // Away today: the other one, twice. Away from tomorrow, or until yesterday: it does not matter.
    let mut staff = people();
    staff[2].leave = on_leave(-2, 0);
    let town = town.with(staff).await;
    for text in ["一对一补数学，按小时收钱", "暑假办班，名单在家长群里"] {
        let (handler, why) = tutoring(&town, text).await;
        assert_eq!(handler, OTHER);
        assert!(
            why.contains(&"1 in the unit are on leave.".to_owned()),
            "{why:?}"
        );
    }
    let mut staff = people();
    staff[2].leave = on_leave(1, 3);
    let town = town.with(staff).await;
    assert_eq!(tutoring(&town, "老师推荐去校外机构").await.0, ONE);

    // Who knows such tips best comes before who has less to do, but not before who is away.
    let mut staff = people();
    staff[3].skills = vec!["tutoring".parse().expect("a category")];
    let town = town.with(staff.clone()).await;
    let (handler, why) = tutoring(&town, "班主任的爱人开托管班").await;
    assert_eq!(handler, OTHER, "has more to do, and knows it best");
    assert!(
        why.last()
            .expect("a reason")
            .starts_with("Of those in the unit who know")
    );
    let (handler, _) = town
        .handler_of("class-withheld", "", "课上不讲课下讲")
        .await;
    assert_eq!(handler, ONE, "of another kind");
    staff[3].leave = on_leave(0, 0);
    let town = town.with(staff.clone()).await;
    assert_eq!(tutoring(&town, "收补课费不开票").await.0, ONE);

    // Nobody of the unit: the dispatcher; nobody at all: somebody is to be named, and the supervisor hears of it.
    staff[2].leave = on_leave(0, 5);
    let town = town.with(staff.clone()).await;
    assert_eq!(tutoring(&town, "每节课八十元").await.0, DISPATCHER);
    staff[0].leave = on_leave(0, 5);
    let town = town.with(staff).await;
    let told = |mail: Vec<DueMail>| {
        let his = mail.iter().filter(|news| news.member.0[0] == SUPERVISOR);
        his.count()
    };
    let before = told(town.store.mail_due().await.expect("listed"));
    let number = town.tip("tutoring", "", "周日晚上线上补课").await;
    assert_eq!(town.given(&number).await.0, None);
    assert_eq!(
        told(town.store.mail_due().await.expect("listed")),
        before + 1
    );
    let offered = casework::candidates(&town.office, &dispatcher(), &number).await;
    let offered = offered.expect("listed");
    let away = offered
        .iter()
        .find(|one| one.id.0[0] == OTHER)
        .expect("listed");
    assert_eq!(away.standing, Standing::Away(today()));
    let (office, who) = (town.office, MemberId([OTHER; 16]));
    let given = casework::assign(&office, &dispatcher(), &number, 1, who, "不在").await;
    assert!(matches!(given, Err(OfficeError::NotPossible)));
}

async fn recusal_knows_every_name(store: Arc<dyn TriageStore>) {
    let rules = Rules::parse(RULES).expect("the sample");
    let head = rules.unit("jijiao").and_then(|unit| unit.head.as_ref());
    let head = head.expect("the sample names him").clone();
    let town = Town::new(store, people()).await;
    // Under his name, under his title, in traditional characters, with spaces.
    let spaced: Vec<_> = head.name.chars().map(String::from).collect();
    for (subject, text) in [
        (head.name.as_str(), "收了家长的钱不办事"),
        (head.alias[0].as_str(), "安排亲戚的孩子入学"),
        ("", &format!("听说{}也在里面拿好处", spaced.join(" "))),
    ] {
        let number = town.tip("tutoring", subject, text).await;
        let (handler, why) = town.given(&number).await;
        assert_eq!(handler, Some(DISPATCHER), "nobody of his unit");
        assert!(why.contains(&"2 in the unit are left out because of recusal.".to_owned()));
        let offered = casework::candidates(&town.office, &dispatcher(), &number).await;
        let offered = offered.expect("listed");
        let of_unit: Vec<_> = offered.iter().filter(|one| one.of_unit).collect();
        assert!(of_unit.iter().all(|one| one.standing == Standing::Recused));
        assert_eq!(of_unit.len(), 2);
        let file = views::case(&town.office, &viewer(people().swap_remove(2)), &number).await;
        assert!(matches!(file, Err(OfficeError::NotYours)));
    }
    // Who leads the office is known by his titles too, whatever his account says of it.
    let leader = rules.leaders()[0].clone();
    let mut staff = people();
    staff[1].name.clone_from(&leader.name);
    let town = town.with(staff.clone()).await;
    let number = town.tip("tutoring", &leader.alias[0], "默许学校办班").await;
    let seen = views::case(&town.office, &viewer(staff.swap_remove(1)), &number).await;
    assert!(matches!(seen, Err(OfficeError::NotYours)));
}

async fn harm_to_a_child_goes_to_a_person_and_the_supervisor(store: Arc<dyn TriageStore>) {
    let mut staff = people();
    staff.push(member(30, Role::Investigator, Some("jiancha")));
    let town = Town::new(store, staff.clone()).await;
    let text = "老师用尺子打孩子的手，手背肿了";
    let (handler, _) = town.handler_of("child-harm", "", text).await;
    assert_eq!(handler, 30, "the unit that the rule names");
    let due = town.store.mail_due().await.expect("listed");
    let told: Vec<_> = due.iter().map(|news| news.member.0[0]).collect();
    assert!(told.contains(&30) && told.contains(&SUPERVISOR) && told.len() == 2);
    // The unit is away: the dispatcher is a person too.
    staff.last_mut().expect("pushed").leave = on_leave(0, 0);
    let town = town.with(staff).await;
    let (handler, _) = town.handler_of("child-harm", "", "孩子被关在器材室").await;
    assert_eq!(handler, DISPATCHER);
}

on_both_stores! {
    load_leave_and_skill_decide, load_leave_and_skill_decide_in_sqlite,
        load_leave_and_skill_decide_in_postgresql;
    recusal_knows_every_name, recusal_knows_every_name_in_sqlite,
        recusal_knows_every_name_in_postgresql;
    harm_to_a_child_goes_to_a_person_and_the_supervisor,
        harm_to_a_child_goes_to_a_person_and_the_supervisor_in_sqlite,
        harm_to_a_child_goes_to_a_person_and_the_supervisor_in_postgresql;
    no_reason_tells_of_another_case, no_reason_tells_of_another_case_in_sqlite,
        no_reason_tells_of_another_case_in_postgresql;
}

/// Two people of one name, in two units, in every list in which somebody is chosen.
#[tokio::test]
async fn two_people_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    let mut staff = people();
    for namesake in [3, 4] {
        "王芳".clone_into(&mut staff[namesake].name);
    }
    let town = Town::new(super::cases(&url).await, staff).await;
    let number = town.tip("tutoring", "", "周末在家里补课收费").await;
    let offered = casework::candidates(&town.office, &dispatcher(), &number).await;
    let names: Vec<_> = offered
        .expect("listed")
        .into_iter()
        .map(|one| one.name)
        .collect();
    for name in ["王芳 (m21)", "王芳 (m22)", "承办人第20号"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    let file = views::case(&town.office, &dispatcher(), &number)
        .await
        .expect("a case");
    let helpers: Vec<_> = file
        .handling
        .could_help
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    assert!(helpers.contains(&"王芳 (m22)"), "{helpers:?}");
}

/// Whom a case goes to, and why, by nothing that somebody may not see who reads it.
async fn no_reason_tells_of_another_case(store: Arc<dyn TriageStore>) {
    const KIN: &str = "欧阳明珠";
    let text = "周末在芙蓉苑租房补课，一次收两百元，不去的坐后排。";
    let mut recused = people();
    recused[1].recused_names = vec![KIN.to_owned()];
    let supervisor = |staff: &[Member]| viewer(staff[1].clone());
    // At first nobody has to do with her: the same words go to the same person, and it is said why.
    let town = Town::new(store, people()).await;
    let first = town.tip("tutoring", KIN, text).await;
    let second = town.tip("tutoring", "", text).await;
    let (one, two) = (town.given(&first).await, town.given(&second).await);
    assert_eq!(one.0, two.0, "the same person");
    let why = format!(
        "The text is the same as that of {}, so the same person handles it.",
        first.0
    );
    assert!(two.1.contains(&why), "{:?}", two.1);
    // Then the supervisor has, and reads nothing of the first.
    let town = town.with(recused.clone()).await;
    let office = &town.office;
    let hidden = views::case(office, &supervisor(&recused), &first).await;
    assert!(matches!(hidden, Err(OfficeError::NotYours)));
    let file = views::case(office, &supervisor(&recused), &second)
        .await
        .expect("a case");
    let told = format!(
        "{:?} {:?} {:?}",
        file.routing_reasons, file.same_text, file.history
    );
    assert!(!told.contains(&first.0), "{told}");
    assert!(
        town.given(&second).await.1.contains(&why),
        "others read it still"
    );
    // What comes now goes by what everybody may see: one case of that person's is not counted, and nobody's words are the same.
    let third = town
        .tip("tutoring", KIN, "换了个地方，还在补课，收得更多")
        .await;
    let fourth = town
        .tip("tutoring", "", "换了个地方，还在补课，收得更多")
        .await;
    let same = views::case(office, &supervisor(&recused), &fourth)
        .await
        .expect("a case");
    assert!(!format!("{:?}", same.routing_reasons).contains(&third.0));
    assert!(same.same_text.is_empty());
    // The list of whom it can be given to counts what who reads it sees.
    let open = async |who: &Viewer| -> usize {
        let offered = casework::candidates(office, who, &fourth)
            .await
            .expect("listed");
        offered.iter().map(|one| one.open_cases).sum()
    };
    assert_eq!(open(&dispatcher()).await, 4);
    assert_eq!(open(&supervisor(&recused)).await, 2);
}

/// A unit or a school that an open case names is not taken out of the routing file unnoticed.
#[tokio::test]
async fn what_open_cases_name_is_missed() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    let town = Town::new(super::cases(&url).await, people()).await;
    let number = town.tip("tutoring", "", "周末在家里补课收费").await;
    assert_eq!(named_and_missing(&town.office), None);
    let without = async |taken: &str, put: &str| {
        let rules = RULES.replace(taken, put);
        assert_ne!(rules, RULES);
        let office = office_as(&town.key, Arc::clone(&town.store), |parts| {
            parts.directory = Arc::new(Staff(people()));
            parts.rules = Rules::parse(&rules).expect("sound by themselves");
        });
        office.await
    };
    let school = without("id = \"qx-cdxx\"", "id = \"qx-new\"").await;
    let missing = named_and_missing(&school);
    assert_eq!(missing.as_deref(), Some("[[school]] \"qx-cdxx\""));
    let unit = without("\"jijiao\"", "\"jijiao-new\"").await;
    let missing = named_and_missing(&unit);
    assert_eq!(missing.as_deref(), Some("[[unit]] \"jijiao\""));
    // Once it is concluded nobody has to be given it.
    super::conclude(&Arc::clone(&unit), &dispatcher(), &number).await;
    assert_eq!(named_and_missing(&unit), None);
}
